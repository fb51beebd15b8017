//! The cases of an [`ActivityStore`].

mod change;
mod entries;
mod keys;
mod list;
mod put;
mod threads;
mod walk;

pub(super) use self::entries::is_beginning;
use super::macros::registered;
use super::suite::Case;
use crate::store::ActivityStore;

/// Each case with the rule that it proves, and what breaks without it.
#[doc(hidden)]
#[macro_export]
macro_rules! __activity_cases {
    ([$($then:tt)+] $context:tt) => { $($then)+! { $context
        future put::a_put_is_found_in_all_its_lists_and_no_other:
            "put: into all the lists", "an activity is missing from an outbox, or stands in a wrong one";
        future put::lists_of_all_kinds_are_apart:
            "put: into lists of all kinds", "reactions are shown as activities, or replies counted as reactions";
        future put::an_activity_is_handed_back_with_everything_it_has:
            "put, get: what was given", "audiences, replies or verbs are lost; people see what is not for them";
        future put::free_json_is_handed_back_unchanged:
            "put, update: free JSON unchanged", "hosts get back other data than they published";
        future put::a_taken_id_hands_the_activity_back:
            "put: `Taken` writes nothing", "an activity takes the place of another one";
        future put::a_repeated_put_writes_nothing:
            "put: what repeating gives", "a publish whose answer was lost is published twice";
        future put::a_list_named_twice_holds_it_once:
            "list: no entry twice", "an activity is shown twice";
        future put::a_put_left_off_has_happened_or_not:
            "all or nothing, also for a dropped future", "an activity is listed that cannot be found";
        future keys::a_used_key_gives_the_first_activity:
            "put: of one key exactly one is stored", "a publish whose answer was lost is published twice";
        future keys::keys_belong_to_their_actor_to_the_letter:
            "put: whether its actor used that key", "one actor's keys keep another from publishing";
        future keys::keys_stay_taken_after_delete:
            "put: keys stay taken after delete", "what was deleted comes back when a host repeats itself";
        future keys::keyed_tells_what_a_key_was_used_for:
            "keyed: known, gone, or none", "a repeated publish is answered wrongly";
        future change::get_answers_in_order_with_none_for_what_is_absent:
            "get: order, absence", "pages show other activities than they list";
        future change::get_takes_batches_of_any_length:
            "get: one answer for each", "long pages fail or lose items";
        future change::an_update_replaces_object_and_data_and_sets_updated:
            "update: applies the revision", "corrections are lost, or change what must stay";
        future change::a_repeated_update_changes_nothing_more:
            "update: what repeating does", "a repeated correction does something else";
        future change::an_update_of_what_is_absent_gives_none:
            "update: `None` for what is absent", "a deleted activity comes back";
        future change::a_delete_removes_it_from_every_list_and_its_content:
            "delete: from every list, and its content", "what was deleted is still shown";
        future change::a_delete_tells_deleted_already_and_unknown:
            "delete: its answers", "hosts are told that something is gone which is not";
        future change::the_id_of_a_deleted_activity_stays_taken:
            "delete: what stays is that it was there", "another activity appears under the name of a deleted one";
        future change::changes_left_off_have_happened_or_not:
            "all or nothing, also for a dropped future", "a deleted activity stays in a list or a count";
        future list::a_list_is_in_descending_order_of_ids:
            "list: the order of the range", "feeds are out of order";
        future list::a_list_is_read_upwards_in_ascending_order:
            "list: the order of the range", "readers who ask for what is new get it out of order";
        future list::a_range_holds_its_beginning_and_not_its_end:
            "list: entries of the range", "pages repeat or skip an item at their border";
        future list::the_limit_cuts_the_range_where_it_is_read_from:
            "list: the first `limit` entries", "feeds end early, or pages are too long";
        future list::extreme_ids_are_places_like_any_other:
            "list: entries of the range", "the first or last activity of all is never shown";
        future list::lists_are_answered_in_order_each_for_itself:
            "list: order, absence", "a feed shows the activities of another one";
        future list::list_and_count_take_batches_of_any_length:
            "list, count: one answer for each", "readers who follow many have no home";
        future list::a_long_list_is_given_whole:
            "list: fewer says that there are no more; count: exact", "feeds end early, or numbers stop at some height";
        future list::counts_are_exact_and_in_order:
            "count: exact, order, absence", "numbers differ from what is listed";
        future entries::contents_are_what_the_lists_name:
            "contents: as list and fetch", "reactions are counted that are not there, or not counted that are";
        future entries::entries_are_fetched_as_their_ids_are:
            "fetch: the same, for entries", "readers are shown what is deleted, or what is not for them";
        future entries::gathered_lists_are_the_lists_in_one:
            "gather: in order, each once, complete", "homes skip or repeat activities";
        future walk::walking_down_meets_each_entry_once_while_others_come_and_go:
            "list: the first `limit` entries of the range", "pages repeat or skip items while others publish";
        future walk::walking_up_meets_each_entry_once_while_others_come_and_go:
            "list: the first `limit` entries of the range", "readers miss new items while others publish";
        alone threads::readers_find_a_put_in_all_lists_or_none:
            "put: one atomic write", "an activity is in one feed and not in the other";
        alone threads::readers_find_a_delete_in_all_lists_or_none:
            "all or nothing", "an activity is in one feed and not in the other";
        alone threads::of_threads_that_put_with_one_key_one_stores:
            "put: of one key exactly one is stored", "a form that is sent twice at once is published twice";
        alone threads::of_threads_that_put_with_one_id_one_stores:
            "put: `Taken` writes nothing", "an activity overwrites another one";
        alone threads::what_one_thread_wrote_another_one_reads:
            "reading sees what was written", "people see what they may no longer see";
        alone threads::counts_are_exact_after_many_threads:
            "count: exact", "numbers drift away from what is listed";
    } };
}

pub(super) fn cases<S: ActivityStore>() -> Vec<Case<S>> {
    __activity_cases!([registered] [])
}
