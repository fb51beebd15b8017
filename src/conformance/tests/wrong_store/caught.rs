//! For each case, a store that it catches.

use super::Bug;

/// Each case at least once, and each bug.
pub(super) const CAUGHT: &[(&str, Bug)] = &[
    (
        "entries_are_fetched_as_their_ids_are",
        Bug::FetchesWhatItOnceGave,
    ),
    (
        "contents_are_what_the_lists_name",
        Bug::OpensListsTheOtherWay,
    ),
    (
        "gathered_lists_are_the_lists_in_one",
        Bug::GathersOneListAfterTheOther,
    ),
    ("stamps_tell_relations_apart", Bug::StampsFollowsOnly),
    ("stamps_tell_relations_apart", Bug::StandsByItsStamps),
    (
        "what_is_followed_is_gathered_as_its_lists_are",
        Bug::LeavesNothingOut,
    ),
    (
        "what_is_followed_is_gathered_as_its_lists_are",
        Bug::HidesOnlyForAWhile,
    ),
    (
        "a_put_is_found_in_all_its_lists_and_no_other",
        Bug::ForgetsAList,
    ),
    (
        "lists_of_all_kinds_are_apart",
        Bug::TakesAllListsForOutboxes,
    ),
    (
        "an_activity_is_handed_back_with_everything_it_has",
        Bug::ForgetsTheAudience,
    ),
    ("free_json_is_handed_back_unchanged", Bug::MixesUpNumbers),
    ("a_taken_id_hands_the_activity_back", Bug::Overwrites),
    ("a_repeated_put_writes_nothing", Bug::ForgetsKeysAfterDelete),
    ("a_list_named_twice_holds_it_once", Bug::CountsAListTwice),
    ("a_put_left_off_has_happened_or_not", Bug::HalfAppliesAPut),
    (
        "a_used_key_gives_the_first_activity",
        Bug::ForgetsKeysAfterDelete,
    ),
    (
        "keys_belong_to_their_actor_to_the_letter",
        Bug::SharesKeysAmongActors,
    ),
    ("keys_stay_taken_after_delete", Bug::ForgetsKeysAfterDelete),
    (
        "keyed_tells_what_a_key_was_used_for",
        Bug::ForgetsWhenItWasUpdated,
    ),
    (
        "get_answers_in_order_with_none_for_what_is_absent",
        Bug::AnswersGetInOrderOfIds,
    ),
    ("get_takes_batches_of_any_length", Bug::PanicsOnAnEmptyBatch),
    (
        "an_update_replaces_object_and_data_and_sets_updated",
        Bug::ForgetsWhenItWasUpdated,
    ),
    (
        "a_repeated_update_changes_nothing_more",
        Bug::ForgetsWhenItWasUpdated,
    ),
    (
        "an_update_of_what_is_absent_gives_none",
        Bug::GivesBackWhatWasDeleted,
    ),
    (
        "a_delete_removes_it_from_every_list_and_its_content",
        Bug::GivesBackWhatWasDeleted,
    ),
    (
        "a_delete_tells_deleted_already_and_unknown",
        Bug::DoesNotRememberDeletions,
    ),
    (
        "the_id_of_a_deleted_activity_stays_taken",
        Bug::GivesBackWhatWasDeleted,
    ),
    ("changes_left_off_have_happened_or_not", Bug::HalfDeletes),
    (
        "a_list_is_in_descending_order_of_ids",
        Bug::KeepsTheOrderOfPutting,
    ),
    (
        "a_list_is_read_upwards_in_ascending_order",
        Bug::KeepsTheOrderOfPutting,
    ),
    (
        "a_range_holds_its_beginning_and_not_its_end",
        Bug::RepeatsAtThePageBorder,
    ),
    (
        "the_limit_cuts_the_range_where_it_is_read_from",
        Bug::KeepsTheOrderOfPutting,
    ),
    (
        "extreme_ids_are_places_like_any_other",
        Bug::SkipsAtThePageBorder,
    ),
    (
        "lists_are_answered_in_order_each_for_itself",
        Bug::AnswersInItsOwnOrder,
    ),
    (
        "list_and_count_take_batches_of_any_length",
        Bug::CutsBatches,
    ),
    ("a_long_list_is_given_whole", Bug::EndsAListEarly),
    ("counts_are_exact_and_in_order", Bug::CountsWhatWasDeleted),
    (
        "walking_down_meets_each_entry_once_while_others_come_and_go",
        Bug::RepeatsAtThePageBorder,
    ),
    (
        "walking_down_meets_each_entry_once_while_others_come_and_go",
        Bug::SkipsAtThePageBorder,
    ),
    (
        "walking_up_meets_each_entry_once_while_others_come_and_go",
        Bug::KeepsTheOrderOfPutting,
    ),
    (
        "readers_find_a_put_in_all_lists_or_none",
        Bug::HalfAppliesAPut,
    ),
    (
        "readers_find_a_delete_in_all_lists_or_none",
        Bug::HalfDeletes,
    ),
    (
        "of_threads_that_put_with_one_key_one_stores",
        Bug::LooksAtTheKeyTooEarly,
    ),
    (
        "of_threads_that_put_with_one_id_one_stores",
        Bug::LooksAtTheIdTooEarly,
    ),
    (
        "what_one_thread_wrote_another_one_reads",
        Bug::GivesBackWhatWasDeleted,
    ),
    (
        "counts_are_exact_after_many_threads",
        Bug::CountsWhatWasDeleted,
    ),
    ("a_swap_makes_all_edges_or_none", Bug::SwapsInPart),
    ("a_swap_compares_the_whole_edge", Bug::SwapsWithoutComparing),
    (
        "a_change_that_only_looks_compares_and_changes_nothing",
        Bug::DoesNotLook,
    ),
    ("a_repeated_swap_answers_false", Bug::SwapsWithoutComparing),
    ("a_swap_takes_any_number_of_changes", Bug::SwapsInPart),
    ("a_swap_left_off_has_happened_or_not", Bug::HalfSwaps),
    (
        "edges_are_answered_in_order_with_none_for_what_is_absent",
        Bug::AnswersInItsOwnOrder,
    ),
    ("edges_takes_batches_of_any_length", Bug::CutsBatches),
    ("edges_keep_everything_they_hold", Bug::LosesTheEndOfMutes),
    (
        "relations_hold_what_decides_what_an_actor_sees",
        Bug::DisordersTheSnapshot,
    ),
    (
        "relations_of_who_has_none_are_empty",
        Bug::RefusesWhomItDoesNotKnow,
    ),
    ("relations_follow_each_change", Bug::KeepsAnOldSnapshot),
    (
        "a_roster_is_newest_first_with_ties_by_the_other_actor",
        Bug::LosesTheTieBreak,
    ),
    ("a_roster_goes_on_after_any_place", Bug::LosesTheTieBreak),
    ("a_roster_lists_one_kind_at_one_end", Bug::ListsEndedFollows),
    ("ended_follows_are_in_no_roster", Bug::ListsEndedFollows),
    (
        "an_edge_that_is_changed_stands_where_it_was_made",
        Bug::LosesTheTieBreak,
    ),
    ("a_roster_counts_all_of_its_edges", Bug::CountsThePage),
    ("a_long_roster_is_given_whole", Bug::CountsThePage),
    (
        "walking_a_roster_meets_each_edge_once_while_others_come_and_go",
        Bug::LosesTheTieBreak,
    ),
    ("of_swaps_that_contend_one_happens", Bug::SwapsInPart),
    ("relations_are_of_one_moment", Bug::HalfSwaps),
    ("edges_are_of_one_moment", Bug::SwapsInPart),
    ("a_roster_and_its_count_are_of_one_moment", Bug::HalfSwaps),
    (
        "marks_are_answered_in_order_with_none_for_what_is_absent",
        Bug::AnswersInItsOwnOrder,
    ),
    ("marks_takes_batches_of_any_length", Bug::CutsBatches),
    (
        "a_mark_is_set_only_where_it_is_as_expected",
        Bug::MarksWithoutComparing,
    ),
    (
        "a_repeated_set_mark_answers_false",
        Bug::MarksWithoutComparing,
    ),
    (
        "marks_belong_to_their_actor_and_name_to_the_letter",
        Bug::IgnoresCaseInNamesOfMarks,
    ),
    (
        "a_set_mark_left_off_has_happened_or_not",
        Bug::HalfSetsAMark,
    ),
    (
        "of_threads_that_set_one_mark_one_wins",
        Bug::MarksWithoutComparing,
    ),
    (
        "actors_are_answered_in_order_with_none_for_what_is_absent",
        Bug::AnswersInItsOwnOrder,
    ),
    ("actors_takes_batches_of_any_length", Bug::CutsBatches),
    (
        "a_record_takes_the_place_of_an_earlier_one",
        Bug::SaysThatNothingChanged,
    ),
    (
        "records_of_actors_are_handed_back_unchanged",
        Bug::MixesUpNumbers,
    ),
    ("erase_removes_what_the_actor_did", Bug::LeavesActivities),
    (
        "erase_removes_what_the_actor_reacted_with",
        Bug::LeavesReactions,
    ),
    (
        "erase_counts_the_activities_that_were_there",
        Bug::CountsWhatWasErasedBefore,
    ),
    (
        "erase_removes_every_edge_at_either_end",
        Bug::LeavesIncomingEdges,
    ),
    ("erase_removes_record_and_marks", Bug::LeavesMarks),
    (
        "erase_removes_what_was_deleted_before",
        Bug::LeavesTracesOfDeletions,
    ),
    ("keys_stay_taken_after_erase", Bug::ForgetsKeysAfterErase),
    ("erase_leaves_others_alone", Bug::ErasesWhatWasSent),
    (
        "records_are_everything_in_ascending_order_of_keys",
        Bug::GivesRecordsBackwards,
    ),
    (
        "records_are_walked_by_pages_of_any_length",
        Bug::RepeatsTheRecordAtThePageBorder,
    ),
    (
        "walking_records_meets_each_once_while_others_come_and_go",
        Bug::GivesRecordsBackwards,
    ),
    (
        "a_copy_answers_as_the_original",
        Bug::DoesNotRememberDeletions,
    ),
    (
        "a_restore_takes_any_number_of_records_in_any_order",
        Bug::CountsWhatWasDeleted,
    ),
    ("restoring_twice_changes_nothing", Bug::AddsWhatItRestores),
    (
        "a_restore_takes_the_place_of_what_is_there",
        Bug::AddsWhatItRestores,
    ),
    (
        "readers_find_a_restore_whole_or_not_at_all",
        Bug::HalfRestores,
    ),
    ("writes_left_off_have_happened_or_not", Bug::HalfRestores),
    (
        "random_operations_are_answered_like_the_model",
        Bug::AnswersGetInOrderOfIds,
    ),
    (
        "a_call_that_failed_before_it_happened_can_be_repeated",
        Bug::RefusesWhomItDoesNotKnow,
    ),
    (
        "a_call_whose_answer_was_lost_can_be_repeated",
        Bug::ForgetsKeysAfterDelete,
    ),
    (
        "a_delete_removes_it_from_every_list_and_its_content",
        Bug::LeavesItAmongReactions,
    ),
    ("stamps_tell_of_erasing_and_restoring", Bug::StampsSwapsOnly),
    ("of_swaps_that_contend_one_happens", Bug::ComparesTooEarly),
    (
        "readers_find_a_put_in_all_lists_or_none",
        Bug::CountsListByList,
    ),
    (
        "a_restore_takes_the_place_of_what_is_there",
        Bug::KeepsOldKeys,
    ),
    (
        "records_are_everything_in_ascending_order_of_keys",
        Bug::NamesEachListOnce,
    ),
    (
        "records_are_walked_by_pages_of_any_length",
        Bug::EndsRecordsEarly,
    ),
    (
        "get_takes_batches_of_any_length",
        Bug::TakesNoMoreThanAStatementDoes,
    ),
];
