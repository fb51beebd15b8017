//! The cases of what spans a whole [`Store`].

mod actors;
pub(super) mod copy;
mod erase;
mod faults;
mod followed;
mod model;
mod random;
mod records;
mod restore;
pub(super) mod world;

use super::macros::registered;
use super::suite::Case;
use crate::store::Store;

/// Each case with the rule that it proves, and what breaks without it.
#[doc(hidden)]
#[macro_export]
macro_rules! __whole_cases {
    ([$($then:tt)+] $context:tt) => { $($then)+! { $context
        future actors::actors_are_answered_in_order_with_none_for_what_is_absent:
            "actors: order, absence", "people are shown under the names of others";
        future actors::actors_takes_batches_of_any_length:
            "actors: one answer for each", "long pages have no names";
        future actors::a_record_takes_the_place_of_an_earlier_one:
            "set_actor: whether that changed anything", "a new name is not shown";
        future actors::records_of_actors_are_handed_back_unchanged:
            "set_actor: free JSON unchanged", "hosts get back other data than they kept";
        future erase::erase_removes_what_the_actor_did:
            "erase: its activities", "what an erased person did is still shown";
        future erase::erase_removes_what_the_actor_reacted_with:
            "erase: its reactions", "reactions of an erased person still count";
        future erase::erase_counts_the_activities_that_were_there:
            "erase: the number, also when repeated", "hosts report another number than was erased";
        future erase::erase_removes_every_edge_at_either_end:
            "erase: every edge at either end", "an erased person still counts as follower or member";
        future erase::erase_removes_record_and_marks:
            "erase: record and marks", "what was known of an erased person is kept";
        future erase::erase_removes_what_was_deleted_before:
            "erase: those that were deleted before, too", "traces of an erased person are kept";
        future erase::keys_stay_taken_after_erase:
            "erase: its used keys stay taken", "what was erased comes back when a host repeats itself";
        future erase::erase_leaves_others_alone:
            "erase: removes the actor's", "people lose what they did to somebody else's erasure";
        future followed::what_is_followed_is_gathered_as_its_lists_are:
            "followed: the lists of all that is followed, and whom the actor hides", "homes skip activities, or show what is hidden";
        future erase::stamps_tell_of_erasing_and_restoring:
            "stamp: never the same for two answers", "somebody sees what they may no longer see";
        future records::records_are_everything_in_ascending_order_of_keys:
            "records: ascending order of keys", "a backup lacks something, or cannot be walked";
        future records::records_are_walked_by_pages_of_any_length:
            "records: the first `limit` after `after`", "a backup lacks or repeats something";
        future records::walking_records_meets_each_once_while_others_come_and_go:
            "records: every record that was there all along, exactly once", "a backup of a store in use lacks something";
        alone restore::a_copy_answers_as_the_original:
            "restore: as if everything had been written here", "a store that was moved answers differently";
        alone restore::a_restore_takes_any_number_of_records_in_any_order:
            "restore: puts records in", "a store cannot be moved by pages of another length";
        alone restore::restoring_twice_changes_nothing:
            "restore: repeating it changes nothing", "a move that is repeated doubles things";
        alone restore::a_restore_takes_the_place_of_what_is_there:
            "restore: each in place of what the store has", "old lists, edges and counts stay after a restore";
        alone restore::readers_find_a_restore_whole_or_not_at_all:
            "restore: in one atomic write", "feeds are shown half restored";
        alone restore::writes_left_off_have_happened_or_not:
            "all or nothing, also for a dropped future", "something is half erased or half restored";
        alone random::random_operations_are_answered_like_the_model:
            "every rule, in any order of calls", "something that no other case thinks of";
        alone faults::a_call_that_failed_before_it_happened_can_be_repeated:
            "errors: `unavailable` can be repeated", "people see something else after a short outage";
        alone faults::a_call_whose_answer_was_lost_can_be_repeated:
            "every writing method: what repeating does", "people see something else after a lost answer";
    } };
}

pub(super) fn cases<S: Store>() -> Vec<Case<S>> {
    __whole_cases!([registered] [])
}
