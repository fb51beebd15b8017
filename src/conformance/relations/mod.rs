//! The cases of a [`RelationStore`].

mod roster;
mod snapshot;
mod swap;
mod threads;

pub(super) use self::roster::expected as listed;
pub(super) use self::snapshot::{Stamps, expected, there_and_back};
use super::macros::registered;
use super::suite::Case;
use crate::relation::RelationKind;
use crate::store::RelationStore;

pub(super) const KINDS: [RelationKind; 6] = [
    RelationKind::Follow,
    RelationKind::Request,
    RelationKind::Member,
    RelationKind::Mute,
    RelationKind::Block,
    RelationKind::Approval,
];

/// Each case with the rule that it proves, and what breaks without it.
#[doc(hidden)]
#[macro_export]
macro_rules! __relation_cases {
    ([$($then:tt)+] $context:tt) => { $($then)+! { $context
        future swap::a_swap_makes_all_edges_or_none:
            "swap: all of them, or changes nothing", "a block leaves a follow in place";
        future swap::a_swap_compares_the_whole_edge:
            "swap: if every edge is as its change expects", "a follow slips past a block";
        future swap::a_change_that_only_looks_compares_and_changes_nothing:
            "swap: `now` the same as `was` only looks", "a follow slips past a block";
        future swap::a_repeated_swap_answers_false:
            "swap: what repeating gives", "two changes at once are both told that they happened";
        future swap::a_swap_takes_any_number_of_changes:
            "swap: all of them", "long changes happen in part";
        future swap::a_swap_left_off_has_happened_or_not:
            "all or nothing, also for a dropped future", "a block leaves a follow in place";
        future swap::edges_are_answered_in_order_with_none_for_what_is_absent:
            "edges: order, absence", "rules about relations are judged by the wrong edges";
        future swap::edges_takes_batches_of_any_length:
            "edges: one answer for each", "long changes cannot be made";
        future swap::edges_keep_everything_they_hold:
            "swap, edges: what was set", "follows bring what they should leave out";
        future snapshot::relations_hold_what_decides_what_an_actor_sees:
            "relations: everything that decides", "people see what is not for them, or miss what is";
        future snapshot::relations_of_who_has_none_are_empty:
            "relations: absence", "who has no relations has no feed";
        future snapshot::relations_follow_each_change:
            "reading sees what was written", "a block takes effect late";
        future snapshot::stamps_tell_relations_apart:
            "stamp: never the same for two answers", "somebody sees what they may no longer see";
        future roster::a_roster_is_newest_first_with_ties_by_the_other_actor:
            "roster: order, ties", "followers are listed twice or not at all over pages";
        future roster::a_roster_goes_on_after_any_place:
            "roster: those after the place, at most `limit`", "followers are listed twice or not at all over pages";
        future roster::a_roster_lists_one_kind_at_one_end:
            "roster: of one kind at the given end", "followers are mixed up with followed, or with members";
        future roster::ended_follows_are_in_no_roster:
            "roster: the listed edges", "who has unfollowed is still counted";
        future roster::an_edge_that_is_changed_stands_where_it_was_made:
            "roster: by the instant at which they were made", "a follower is listed twice";
        future roster::a_roster_counts_all_of_its_edges:
            "roster: with the number of all", "the number of followers is that of a page";
        future roster::a_long_roster_is_given_whole:
            "roster: at most `limit`", "lists of followers end early";
        future roster::walking_a_roster_meets_each_edge_once_while_others_come_and_go:
            "roster: those that come after the place", "followers are listed twice or not at all over pages";
        alone threads::of_swaps_that_contend_one_happens:
            "swap: compares and sets, atomically", "a follow slips past a block";
        alone threads::relations_are_of_one_moment:
            "relations: as it was at one moment", "somebody sees what they were never entitled to";
        alone threads::edges_are_of_one_moment:
            "edges: as they were at one moment", "rules are judged by edges that never were together";
        alone threads::a_roster_and_its_count_are_of_one_moment:
            "roster: the number at the same moment", "a list and its number disagree";
    } };
}

pub(super) fn cases<S: RelationStore>() -> Vec<Case<S>> {
    __relation_cases!([registered] [])
}
