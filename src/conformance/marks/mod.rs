//! The cases of a [`MarkStore`].

mod mark;

use super::macros::registered;
use super::suite::Case;
use crate::store::MarkStore;

/// Each case with the rule that it proves, and what breaks without it.
#[doc(hidden)]
#[macro_export]
macro_rules! __mark_cases {
    ([$($then:tt)+] $context:tt) => { $($then)+! { $context
        future mark::marks_are_answered_in_order_with_none_for_what_is_absent:
            "marks: order, absence", "what was read is shown as unread";
        future mark::marks_takes_batches_of_any_length:
            "marks: one answer for each", "long lists of marks fail";
        future mark::a_mark_is_set_only_where_it_is_as_expected:
            "set_mark: compares and sets", "two devices of one person move a mark backwards";
        future mark::a_repeated_set_mark_answers_false:
            "set_mark: what repeating gives", "two devices are both told that they set it";
        future mark::marks_belong_to_their_actor_and_name_to_the_letter:
            "marks: of these keys", "one person's reading marks another one's";
        future mark::a_set_mark_left_off_has_happened_or_not:
            "all or nothing, also for a dropped future", "a mark is lost or wrong";
        alone mark::of_threads_that_set_one_mark_one_wins:
            "set_mark: atomically", "two devices of one person move a mark backwards";
    } };
}

pub(super) fn cases<S: MarkStore>() -> Vec<Case<S>> {
    __mark_cases!([registered] [])
}
