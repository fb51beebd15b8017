//! The truth: what happened, where it belongs, who relates to whom, what was marked.
//!
//! This page is for those who write a store. Users of feeds pick one and need not read on:
//! [`Memory`] keeps everything in this process, [`AnyStore`] is one that is picked at run time.
//!
//! # The contract of a store
//!
//! A store never decides what anybody may see; it keeps and finds. What holds for every method:
//!
//! * **One call is one round trip.** Methods take batches, and answer in the order of what
//!   they were given, one answer for each.
//! * **Absence is an answer**: `None`, an empty list, 0; never an error.
//! * **All or nothing.** A call that fails, or whose future is dropped, has either happened as a
//!   whole or not at all. Where it cannot know, the caller repeats it: every writing method
//!   says what repeating does.
//! * **Reading sees what was written.** What was written before a call began, in this process
//!   or another, is in its answer. A store that answers from an older copy shows people what
//!   they may no longer see.
//! * **Errors** are `unavailable` for what may work later, `corrupt` for what is stored and
//!   makes no sense. Nothing panics.
//! * Any number of threads call at once. No lock is held across an await.
//!
//! Below, each method names the cases that prove its rules. They are those of the feature
//! `conformance`; [`adapters`](crate::adapters) tells how to write a store that passes, and how to run them.
//! What spans them all: any calls in any order (case `random_operations_are_answered_like_the_model`),
//! reading what was written (case `what_one_thread_wrote_another_one_reads`), repeating what failed
//! (cases `a_call_that_failed_before_it_happened_can_be_repeated`,
//! `a_call_whose_answer_was_lost_can_be_repeated`), and, for stores that last, being there again
//! (cases `everything_is_there_after_reopening`, `a_reopened_store_answers_as_before`,
//! `free_json_is_unchanged_after_reopening`, `a_reopened_store_goes_on_where_it_was`).
//!
//! Implementors write `async fn`; the futures must be `Send`.
//!
//! New kinds of [`List`] and of relations come with later versions. A store that keeps them by
//! their `serde` form has nothing to add then.
//!
//! ```
//! use anabranch::store::{ActivityStore, List, Memory};
//! use anabranch::{Activity, ActorId, Feeds, Range, timelines, wait};
//!
//! let store = Memory::new();
//! let feeds = Feeds::new(store.clone(), timelines::None);
//! let anna = ActorId::named("anna");
//! let note = wait(feeds.publish(Activity::by(anna)))?.activity;
//!
//! let lists = wait(store.list(&[List::Outbox(anna)], Range::NEWEST_FIRST, 10))?;
//! assert_eq!(lists[0][0].id, note.id);
//! assert_eq!(wait(store.get(&[note.id]))?, [Some(note)]);
//! # Ok::<(), anabranch::Error>(())
//! ```

use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::entry::{Entry, Range, Stretch};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};

mod any;
mod contents;
#[cfg(feature = "disk")]
mod disk;
mod gather;
#[cfg(feature = "key-value")]
mod key_value;
mod memory;
mod record;
mod transfer;

pub use crate::book::Book;
pub use any::AnyStore;
#[cfg(all(test, feature = "disk"))]
pub(crate) use disk::platter::Platter;
#[cfg(feature = "disk")]
pub use disk::{Disk, DiskOptions, Durability};
#[cfg(feature = "key-value")]
pub use key_value::{EachRow, KeyValue, Outcome, Rows, RowsMut};
pub use memory::Memory;
pub use record::{Record, RecordKey};
pub use transfer::{Progress, export, import};

/// A list that activities are put into. Lists need no making; one that nothing was put into is
/// empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum List {
    /// What an actor has done, or was sent to it (contract 1.4).
    Outbox(ActorId),
    /// The replies to an activity.
    Replies(ActivityId),
    /// The reactions to an activity (contract 7.1).
    Reactions(ActivityId),
    /// What an actor has answered with: its reactions, which are in no outbox, and its replies, which are there, too.
    Responses(ActorId),
}

/// What became of [`ActivityStore::put`].
#[derive(Clone, Debug, PartialEq)]
pub enum Put {
    /// It is in the store now.
    Stored(Arc<Activity>),
    /// Nothing was written: the actor used the key before.
    Keyed(Keyed),
    /// Nothing was written: another activity has this id. Here it is back, to be named anew.
    Taken(Box<Activity>),
}

/// What a key was used for before.
#[derive(Clone, Debug, PartialEq)]
pub enum Keyed {
    /// This activity.
    Known(Arc<Activity>),
    /// An activity that was deleted or erased since.
    Gone,
}

/// What became of [`ActivityStore::delete`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It was there, and is gone now.
    Deleted,
    /// It was deleted before.
    Already,
    /// It never was there, or its actor was erased.
    Unknown,
}

/// What happened, and the lists it belongs to.
///
/// Activities are written in self-describing formats (JSON, CBOR, MessagePack with names): their
/// free JSON cannot be read back from others.
pub trait ActivityStore: Send + Sync + 'static {
    /// Makes an activity durable and puts it into all the lists, in one atomic write: a reader
    /// finds it in all of them or in none. `lists` holds the outbox of its actor, or its list of
    /// responses ([`List::Responses`]); one that is named twice holds it once.
    ///
    /// Where the activity has a key, the store first looks whether its actor used that key
    /// before; of two puts with one key exactly one is `Stored`. Keys stay taken after
    /// [`delete`](Self::delete) and [`erase`](Store::erase).
    ///
    /// Repeating a put whose outcome is unknown gives `Keyed` where the activity has a key and
    /// `Taken` where not. A store that stores half of it shows activities that cannot be
    /// found again; one that forgets a key publishes twice.
    ///
    /// Cases: `a_put_is_found_in_all_its_lists_and_no_other`, `lists_of_all_kinds_are_apart`,
    /// `readers_find_a_put_in_all_lists_or_none`, `a_put_left_off_has_happened_or_not`,
    /// `a_list_named_twice_holds_it_once`, `an_activity_is_handed_back_with_everything_it_has`,
    /// `free_json_is_handed_back_unchanged`, `a_used_key_gives_the_first_activity`,
    /// `of_threads_that_put_with_one_key_one_stores`, `keys_belong_to_their_actor_to_the_letter`,
    /// `keys_stay_taken_after_delete`, `keys_stay_taken_after_erase`,
    /// `a_taken_id_hands_the_activity_back`, `of_threads_that_put_with_one_id_one_stores`,
    /// `a_repeated_put_writes_nothing`.
    fn put(&self, activity: Activity, lists: &[List]) -> impl Future<Output = Result<Put>> + Send;

    /// What the actor used this key for; `None` where it did not yet.
    ///
    /// Case: `keyed_tells_what_a_key_was_used_for`.
    fn keyed(
        &self,
        actor: ActorId,
        key: &str,
    ) -> impl Future<Output = Result<Option<Keyed>>> + Send;

    /// The activities of these ids; `None` for what is unknown, deleted or erased.
    ///
    /// Cases: `get_answers_in_order_with_none_for_what_is_absent`,
    /// `get_takes_batches_of_any_length`.
    fn get(
        &self,
        ids: &[ActivityId],
    ) -> impl Future<Output = Result<Vec<Option<Arc<Activity>>>>> + Send;

    /// The same, for entries that this store may have given: where they hold its
    /// [handles](crate::Handle) it need not look for the activities.
    ///
    /// Case: `entries_are_fetched_as_their_ids_are`.
    fn fetch(
        &self,
        entries: &[Entry],
    ) -> impl Future<Output = Result<Vec<Option<Arc<Activity>>>>> + Send {
        async move {
            let ids: Vec<ActivityId> = entries.iter().map(|entry| entry.id).collect();
            self.get(&ids).await
        }
    }

    /// The book in which it names its activities, for timelines of this process to name them by, too; `None`
    /// where it keeps none.
    fn book(&self) -> Option<Book> {
        None
    }

    /// Applies the revision, sets `updated`, and gives the activity as it is then; `None` where
    /// it is unknown, deleted or erased. Repeating it changes nothing more.
    ///
    /// Cases: `an_update_replaces_object_and_data_and_sets_updated`,
    /// `an_update_of_what_is_absent_gives_none`, `a_repeated_update_changes_nothing_more`.
    fn update(
        &self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> impl Future<Output = Result<Option<Arc<Activity>>>> + Send;

    /// Removes an activity from every list, and its content from the store. What stays is that
    /// it was there, and that its id is taken.
    ///
    /// Cases: `a_delete_removes_it_from_every_list_and_its_content`,
    /// `readers_find_a_delete_in_all_lists_or_none`,
    /// `a_delete_tells_deleted_already_and_unknown`, `the_id_of_a_deleted_activity_stays_taken`,
    /// `changes_left_off_have_happened_or_not`.
    fn delete(&self, id: ActivityId) -> impl Future<Output = Result<Deletion>> + Send;

    /// For each list, the first `limit` entries of the range, in its order. A list that gives
    /// fewer has no more in the range: feeds end there, and a store that stops early cuts
    /// them off. No entry stands in a list twice.
    ///
    /// Cases: `a_list_is_in_descending_order_of_ids`,
    /// `a_list_is_read_upwards_in_ascending_order`,
    /// `a_range_holds_its_beginning_and_not_its_end`,
    /// `the_limit_cuts_the_range_where_it_is_read_from`, `a_long_list_is_given_whole`,
    /// `extreme_ids_are_places_like_any_other`,
    /// `lists_are_answered_in_order_each_for_itself`,
    /// `list_and_count_take_batches_of_any_length`,
    /// `walking_down_meets_each_entry_once_while_others_come_and_go`,
    /// `walking_up_meets_each_entry_once_while_others_come_and_go`.
    fn list(
        &self,
        lists: &[List],
        range: Range,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Vec<Entry>>>> + Send;

    /// The same with the activities themselves: for lists that are looked at whole, as those of reactions are.
    ///
    /// Unless a store does better this is a [`list`](Self::list), and then a [`fetch`](Self::fetch) of all that is in
    /// the lists.
    ///
    /// Case: `contents_are_what_the_lists_name`.
    fn contents(
        &self,
        lists: &[List],
        range: Range,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Vec<Arc<Activity>>>>> + Send {
        contents::contents(self, lists, range, limit)
    }

    /// The first entries of the range in all the lists together, in its order, each once: `limit` of them
    /// where there are as many, and how far they are complete. It may give more than that.
    ///
    /// Unless a store does better this is a [`list`](Self::list) of a few entries of each, and then of more
    /// where they were not enough.
    ///
    /// How far they are complete is told by the last of them, so that a `limit` of 0 is as good as 1.
    ///
    /// Case: `gathered_lists_are_the_lists_in_one`.
    fn gather(
        &self,
        lists: &[List],
        range: Range,
        limit: usize,
    ) -> impl Future<Output = Result<Stretch>> + Send {
        gather::gather(self, lists, range, limit)
    }

    /// For each list, how many entries it has. Exact.
    ///
    /// Cases: `counts_are_exact_and_in_order`, `counts_are_exact_after_many_threads`.
    fn count(&self, lists: &[List]) -> impl Future<Output = Result<Vec<usize>>> + Send;
}

/// What [`Store::followed`] gathered, and what tells which of it the actor may see.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// The entries, and how far they are complete.
    pub stretch: Stretch,
    /// The stamp of the actor's relations at that moment.
    pub stamp: u64,
    /// Whom the actor mutes then, and until when, and with whom a block stands between.
    pub hidden: Vec<(ActorId, Option<DateTime<Utc>>)>,
}

/// One edge as it is expected to be, and as it shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which edge.
    pub key: EdgeKey,
    /// What must be there for the change to happen.
    pub was: Option<Edge>,
    /// What is there afterwards; the same as `was` where the edge is only looked at.
    pub now: Option<Edge>,
}

/// Which end of an edge an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The edges that lead from it: whom it follows.
    From,
    /// The edges that lead to it: who follows it.
    To,
}

/// Who relates to whom.
pub trait RelationStore: Send + Sync + 'static {
    /// Everything that decides what the actor sees, as it was at one moment. It is asked for at
    /// every read, and best kept ready. A snapshot that mixes two moments can show an
    /// activity to somebody who was never entitled to it.
    ///
    /// Cases: `relations_hold_what_decides_what_an_actor_sees`, `relations_follow_each_change`,
    /// `relations_of_who_has_none_are_empty`, `relations_are_of_one_moment`.
    fn relations(&self, actor: ActorId) -> impl Future<Output = Result<Arc<Relations>>> + Send;

    /// A number that stands for what [`relations`](Self::relations) answers at this moment: never the same for
    /// two different answers. Whoever has seen an answer needs no other while the number is the same.
    /// `None` where the store has no such number. Where what it keeps lasts, so must the numbers: one that begins
    /// anew with the process meets timelines that remember it.
    ///
    /// A store that gives one number for two answers shows somebody what they may no longer see. What counts are all
    /// edges that the answer is made of, at whichever end the actor stands: an incoming block too; and whatever changes
    /// them, [`erase`](Store::erase) and [`restore`](Store::restore) too. A number that is counted up outlives the actor.
    ///
    /// Cases: `stamps_tell_relations_apart`, `stamps_tell_of_erasing_and_restoring`,
    /// `stamps_tell_relations_apart_after_reopening`.
    fn stamp(&self, actor: ActorId) -> impl Future<Output = Result<Option<u64>>> + Send {
        let _ = actor;
        async { Ok(None) }
    }

    /// Whether the stamp, which was given of this actor, is still that of its relations.
    ///
    /// Cases: `stamps_tell_relations_apart`, `stamps_tell_of_erasing_and_restoring`.
    fn stands(&self, actor: ActorId, stamp: u64) -> impl Future<Output = Result<bool>> + Send {
        async move { Ok(self.stamp(actor).await? == Some(stamp)) }
    }

    /// The edges of these keys, as they were at one moment.
    ///
    /// Cases: `edges_are_answered_in_order_with_none_for_what_is_absent`,
    /// `edges_takes_batches_of_any_length`, `edges_keep_everything_they_hold`,
    /// `edges_are_of_one_moment`.
    fn edges(&self, keys: &[EdgeKey]) -> impl Future<Output = Result<Vec<Option<Edge>>>> + Send;

    /// Compares and sets, atomically: if every edge is as its change expects, makes all of
    /// them as they shall be and answers `true`; otherwise changes nothing and answers
    /// `false`. The keys are distinct. Repeating a swap that happened answers `false`.
    ///
    /// All rules about relations rest on this: a store that sets without comparing lets a
    /// follow slip past a block.
    ///
    /// Cases: `a_swap_makes_all_edges_or_none`, `a_swap_compares_the_whole_edge`,
    /// `a_change_that_only_looks_compares_and_changes_nothing`,
    /// `a_swap_takes_any_number_of_changes`, `a_repeated_swap_answers_false`,
    /// `of_swaps_that_contend_one_happens`, `a_swap_left_off_has_happened_or_not`.
    ///
    /// ```
    /// use anabranch::store::{Change, Memory, RelationStore};
    /// use anabranch::{ActorId, Clock, Edge, EdgeKey, Relation, RelationKind, SystemClock, wait};
    ///
    /// let store = Memory::new();
    /// let (anna, team) = (ActorId::named("anna"), ActorId::named("group:team"));
    /// let key = EdgeKey::new(anna, RelationKind::Member, team);
    /// let edge = Edge { from: anna, to: team, made: SystemClock.now(), relation: Relation::Member };
    /// let change = Change { key, was: None, now: Some(edge) };
    /// assert!(wait(store.swap(&[change.clone()]))?);
    /// assert!(!wait(store.swap(&[change]))?, "by now the edge is not what was expected");
    /// assert!(wait(store.relations(anna))?.is_member(team));
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    fn swap(&self, changes: &[Change]) -> impl Future<Output = Result<bool>> + Send;

    /// The listed edges ([`Relation::is_listed`](crate::Relation::is_listed)) of one kind at the
    /// given end of the actor: newest first by the instant at which they were made, ties by
    /// the id of the other actor, ascending; those that come after the place `after`
    /// (instant in Unix milliseconds, other actor), at most `limit`. With the number of all
    /// of them, at the same moment.
    ///
    /// Cases: `a_roster_is_newest_first_with_ties_by_the_other_actor`,
    /// `a_roster_goes_on_after_any_place`, `a_roster_lists_one_kind_at_one_end`,
    /// `ended_follows_are_in_no_roster`, `an_edge_that_is_changed_stands_where_it_was_made`,
    /// `a_roster_counts_all_of_its_edges`, `a_roster_and_its_count_are_of_one_moment`,
    /// `a_long_roster_is_given_whole`,
    /// `walking_a_roster_meets_each_edge_once_while_others_come_and_go`.
    fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> impl Future<Output = Result<(Vec<Edge>, usize)>> + Send;
}

/// Which mark: of whom, and what for. The names are those of the parts that use them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MarkKey {
    /// Whose mark it is.
    pub actor: ActorId,
    /// What it marks: `seen`, `read`, `digest`.
    pub name: Box<str>,
}

/// What was marked: how far somebody has seen, read, or been sent something.
pub trait MarkStore: Send + Sync + 'static {
    /// The marks of these keys.
    ///
    /// Cases: `marks_are_answered_in_order_with_none_for_what_is_absent`,
    /// `marks_takes_batches_of_any_length`, `marks_belong_to_their_actor_and_name_to_the_letter`.
    fn marks(
        &self,
        keys: &[MarkKey],
    ) -> impl Future<Output = Result<Vec<Option<ActivityId>>>> + Send;

    /// Compares and sets, atomically: if the mark is `was`, makes it `now` and answers `true`;
    /// otherwise changes nothing and answers `false`. Repeating one that happened answers `false`.
    /// Without the comparison, two devices of one person move a mark backwards.
    ///
    /// Cases: `a_mark_is_set_only_where_it_is_as_expected`,
    /// `of_threads_that_set_one_mark_one_wins`, `a_repeated_set_mark_answers_false`,
    /// `a_set_mark_left_off_has_happened_or_not`.
    ///
    /// ```
    /// use anabranch::store::{MarkKey, MarkStore, Memory};
    /// use anabranch::{ActivityId, ActorId, wait};
    ///
    /// let store = Memory::new();
    /// let seen = MarkKey { actor: ActorId::named("anna"), name: "seen".into() };
    /// assert!(wait(store.set_mark(&seen, None, Some(ActivityId::MIN)))?);
    /// assert_eq!(wait(store.marks(&[seen]))?, [Some(ActivityId::MIN)]);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    fn set_mark(
        &self,
        key: &MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> impl Future<Output = Result<bool>> + Send;
}

/// The three together, and what spans them.
pub trait Store: ActivityStore + RelationStore + MarkStore {
    /// What [`gather`](ActivityStore::gather) gives of the outboxes of all that the actor follows, and of its own,
    /// but for those left out; all as it is at one moment. Only where the actor follows wholly: since the first
    /// activity, and with all verbs.
    ///
    /// `None` where it does not, or where the store has no shorter way than its relations and then the lists;
    /// unless a store says otherwise, it has none.
    ///
    /// Case: `what_is_followed_is_gathered_as_its_lists_are`.
    fn followed(
        &self,
        actor: ActorId,
        left_out: &[ActorId],
        range: Range,
        limit: usize,
    ) -> impl Future<Output = Result<Option<Followed>>> + Send {
        let _ = (actor, left_out, range, limit);
        async { Ok(None) }
    }

    /// The records of these actors.
    ///
    /// Cases: `actors_are_answered_in_order_with_none_for_what_is_absent`,
    /// `actors_takes_batches_of_any_length`.
    fn actors(
        &self,
        ids: &[ActorId],
    ) -> impl Future<Output = Result<Vec<Option<Arc<Actor>>>>> + Send;

    /// Keeps the record in place of an earlier one; whether that changed anything. Repeating it
    /// changes nothing.
    ///
    /// Cases: `a_record_takes_the_place_of_an_earlier_one`,
    /// `records_of_actors_are_handed_back_unchanged`.
    fn set_actor(&self, record: Actor) -> impl Future<Output = Result<bool>> + Send;

    /// Removes the actor's record, activities (those that were deleted before, too), reactions, marks and
    /// every edge at either end of which it stands; its used keys stay taken (contract 2.7). Whether an erased id can be
    /// used again is left open: feeds do not use one twice.
    /// Gives the number of activities that were there until now, reactions (what is in its list of responses and not in
    /// its outbox) not counted. Repeating it
    /// completes what a crash left, and counts what was left. Where it is not one write, the marks go first: a reaction
    /// that is put meanwhile by its mark is then taken back, or erased with the rest.
    ///
    /// Cases: `erase_removes_what_the_actor_did`, `erase_removes_what_the_actor_reacted_with`, `erase_removes_what_was_deleted_before`,
    /// `erase_removes_every_edge_at_either_end`, `erase_removes_record_and_marks`,
    /// `erase_counts_the_activities_that_were_there`, `erase_leaves_others_alone`.
    fn erase(&self, actor: ActorId) -> impl Future<Output = Result<usize>> + Send;

    /// The first `limit` records whose keys come after `after`, in ascending order of their
    /// [keys](RecordKey); from the first one where `after` is `None`. Fewer say that there are no
    /// more. Walking on from the last key of each answer meets every record that was there all
    /// along exactly once. This is how a host backs up, and moves from one store to another.
    ///
    /// Cases: `records_are_everything_in_ascending_order_of_keys`,
    /// `records_are_walked_by_pages_of_any_length`,
    /// `walking_records_meets_each_once_while_others_come_and_go`.
    fn records(
        &self,
        after: Option<&RecordKey>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Record>>> + Send;

    /// Puts records in, each in place of what the store has under its key, in one atomic write;
    /// lists and counts are then as if everything had been written here. Repeating it changes
    /// nothing. The keys are distinct. Whether the used key of an activity in whose place another one comes stays taken is
    /// left open: exports and imports do not do that.
    ///
    /// Cases: `a_copy_answers_as_the_original`, `a_restore_takes_the_place_of_what_is_there`,
    /// `a_restore_takes_any_number_of_records_in_any_order`, `restoring_twice_changes_nothing`,
    /// `readers_find_a_restore_whole_or_not_at_all`, `writes_left_off_have_happened_or_not`.
    fn restore(&self, records: &[Record]) -> impl Future<Output = Result<()>> + Send;
}
