//! The cases of [`Timelines`].
//!
//! A timeline may be dropped at any moment, so being cold is right everywhere; what is warm must keep
//! the promise.

mod fill;
mod kept;
mod promise;
mod push;
mod random;
mod threads;

use super::macros::registered;
use super::suite::Case;
use crate::timelines::Timelines;

/// Each case with the rule that it proves, and what breaks without it.
#[doc(hidden)]
#[macro_export]
macro_rules! __timeline_cases {
    ([$($then:tt)+] $context:tt) => { $($then)+! { $context
        future fill::a_timeline_is_cold_until_it_is_filled:
            "begin: read as cold until it is filled", "homes lack everything older than the timeline";
        future fill::a_beginning_takes_the_place_of_what_was_there:
            "begin: in place of any that is there", "homes lack streams that were followed since";
        future fill::tickets_are_never_given_twice:
            "Ticket: which beginning, never given twice", "a late fill makes a timeline warm that lacks something";
        future fill::a_ticket_is_void_once_its_timeline_was_forgotten:
            "fill: `false` where the timeline was dropped", "a late fill makes a timeline warm that lacks something";
        future fill::a_ticket_is_void_once_the_timeline_was_begun_anew:
            "fill: `false` where it was begun anew", "a late fill makes a timeline warm that lacks something";
        future fill::what_was_pushed_before_the_fill_is_kept:
            "fill: unites the entries with what was pushed", "what is published during a fill is never shown";
        future fill::what_was_pulled_and_pushed_stands_once:
            "Reading: each entry once", "activities are shown twice";
        future fill::a_filled_timeline_is_complete_down_to_its_floor:
            "the promise: an entry for everything at and above the floor", "homes skip activities";
        future kept::the_book_of_its_store_is_welcome_again_and_again:
            "share: `false` only for another store", "feeds do without timelines that are theirs";
        future fill::a_reading_has_the_header_of_its_beginning:
            "Reading: what the timeline began with", "streams are neither covered nor pulled, and missing";
        future push::a_push_reaches_whoever_covers_one_of_the_streams:
            "push: every timeline that covers one of the streams", "followers miss activities, or get those of others";
        future push::an_entry_is_taken_once:
            "push: takes it no second time", "an activity of several streams is shown twice";
        future push::back_dated_entries_stand_in_their_place:
            "Reading: the order of the range", "homes are out of order, or skip what was imported";
        future push::however_much_is_pushed_nothing_is_missing:
            "the promise: an entry for everything at and above the floor", "homes skip activities once a timeline is full";
        future kept::who_never_began_is_cold:
            "Reading: no timeline is cold", "homes of new readers are empty";
        future kept::a_forgotten_timeline_is_cold_and_takes_nothing:
            "forget: the timeline and its subscriptions", "publishing costs more and more for readers who are gone";
        future kept::subscribers_and_census_tell_what_is_kept:
            "subscribers, census: how much is kept", "what is pushed and what is pulled is decided by wrong numbers";
        future kept::calls_left_off_are_made_good_by_repeating:
            "a call whose future is dropped has happened or not", "homes skip activities after a request was broken off";
        alone threads::pushes_that_race_with_fills_lose_nothing:
            "begin subscribes before it returns; fill unites", "what is published during a fill is never shown";
        alone threads::a_push_passes_no_subscribed_timeline_over:
            "push: a timeline that is subscribed all along", "followers miss activities while others come and go";
        future random::random_calls_keep_the_promise:
            "every rule, in any order of calls", "something that no other case thinks of";
    } };
}

pub(super) fn cases<T: Timelines>() -> Vec<Case<T>> {
    __timeline_cases!([registered] [])
}
