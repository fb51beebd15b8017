//! The cases of stores that last: closed, opened again, and looked at.

mod reopened;

use super::macros::registered;
use super::suite::Case;
use crate::store::Store;

/// Each case with the rule that it proves, and what breaks without it.
#[doc(hidden)]
#[macro_export]
macro_rules! __reopening_cases {
    ([$($then:tt)+] $context:tt) => { $($then)+! { $context
        alone reopened::everything_is_there_after_reopening:
            "put: durable; records: everything", "what was published is gone after a restart";
        alone reopened::a_reopened_store_answers_as_before:
            "reading sees what was written", "people see something else after a restart";
        alone reopened::free_json_is_unchanged_after_reopening:
            "put: free JSON unchanged", "hosts get back other data after a restart";
        alone reopened::a_reopened_store_goes_on_where_it_was:
            "put, delete, erase: what stays taken", "what was published is published again after a restart";
        alone reopened::stamps_tell_relations_apart_after_reopening:
            "stamp: where what it keeps lasts, so must the numbers", "somebody sees what they may no longer see";
    } };
}

pub(super) fn cases<S: Store>() -> Vec<Case<S>> {
    __reopening_cases!([registered] [])
}
