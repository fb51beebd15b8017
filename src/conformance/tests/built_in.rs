//! Every store and all timelines of this crate pass.

use crate::store::{AnyStore, Memory};
use crate::timelines::{self, AnyTimelines, Local};

crate::conformance!(memory, Memory::new);
crate::conformance!(any_store, || AnyStore::new(Memory::new()));
// A handle on the same store is as good as the store opened again.
crate::conformance!(
    memory_reopened,
    Memory::new,
    block_on = crate::wait,
    reopen = |memory: Memory| memory.clone(),
);
crate::conformance!(activities: memory_activities, Memory::new);
crate::conformance!(relations: memory_relations, Memory::new);
crate::conformance!(marks: memory_marks, Memory::new);
crate::conformance!(timelines: local, Local::new);
crate::conformance!(timelines: local_of_one_entry, || Local::with_capacity(1));
crate::conformance!(timelines: local_of_seven_entries, || Local::with_capacity(7));
// Beside what is set apart for naming activities there is room for few.
crate::conformance!(timelines: local_within_a_budget, || Local::with_budget(
    (2 << 20) + 60_000
));
crate::conformance!(timelines: local_within_a_budget_for_nobody, || Local::with_budget(10_000));
crate::conformance!(timelines: none, || timelines::None);
crate::conformance!(timelines: any_timelines, || AnyTimelines::new(Local::new()));
