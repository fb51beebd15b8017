//! Copies of homes, kept warm: what a reader's streams have brought lately.
//!
//! This page is for those who write timelines. Users of feeds pick some and need not read on:
//! [`Local`] keeps them in this process, [`None`] keeps none, [`AnyTimelines`] are picked at
//! run time.
//!
//! # The contract of timelines
//!
//! A timeline is a copy, never the truth. It **covers** some streams: at and above its *floor* it
//! has an entry for every activity that was put into the outbox of one of them. That is the
//! one promise; a timeline that breaks it skips activities. And it holds nothing else than what it was filled
//! with, and what was pushed into the streams that it covers: nothing of an earlier beginning. Everything
//! else is free: it may hold entries of deleted activities and of streams that the reader no longer follows, for
//! each entry is judged at reading; it may be dropped at any moment; it need not exist.
//! Whatever the reader follows and the timeline does not cover is pulled from the store.
//!
//! No push is lost between filling and publishing, because [`begin`](Timelines::begin)
//! subscribes before the store is read for [`fill`](Timelines::fill), while publishing writes
//! the store before it pushes: an activity is in what the fill read, or is pushed, or both.
//!
//! Implementors write `async fn`; the futures must be `Send`. Errors are `unavailable` or
//! `corrupt`; they cost time and never an answer: a read goes on from the store, and a push that
//! failed is repeated before anything is read. A call whose future is dropped has happened or
//! not; a beginning may never be filled, and is then replaced by a later one. Any number of
//! threads call at once; no lock is held across an await.
//!
//! Below, each method names the cases that prove its rules. They are those of the feature
//! `conformance`; [`adapters`](crate::adapters) tells how to write timelines that pass, and how to run them.
//! What spans them all: any calls in any order (case `random_calls_keep_the_promise`), and futures
//! that are dropped (case `calls_left_off_are_made_good_by_repeating`).
//!
//! ```
//! use anabranch::timelines::{Header, Local, Reading, Timelines};
//! use anabranch::{ActivityId, ActorId, Entry, Ids, Range, wait};
//!
//! let timelines = Local::new();
//! let (reader, stream) = (ActorId::named("ben"), ActorId::named("anna"));
//! let header = Header { pushed: vec![stream], ..Header::default() };
//! let ticket = wait(timelines.begin(reader, header))?.expect("there is room");
//! let entry = Entry::new(Ids::new(1).make(0));
//! assert_eq!(wait(timelines.push(&[stream], entry))?, 1);
//! assert_eq!(wait(timelines.read(reader, Range::NEWEST_FIRST, 10, true))?, Reading::Cold);
//! assert!(wait(timelines.fill(ticket, &[], ActivityId::MIN))?);
//! let Reading::Warm { entries, .. } = wait(timelines.read(reader, Range::NEWEST_FIRST, 10, true))? else {
//!     panic!("it is warm now");
//! };
//! assert_eq!(entries, [entry]);
//! # Ok::<(), anabranch::Error>(())
//! ```

use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::entry::{Entry, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};

mod any;
mod local;
mod none;

pub use any::AnyTimelines;
pub use local::Local;
pub use none::None;

/// How the streams that a reader follows reach it, as decided when its timeline began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The streams that the timeline covers, in ascending order, each once.
    pub pushed: Vec<ActorId>,
    /// The [stamp](crate::store::RelationStore::stamp) of the reader's relations, where all of its streams are
    /// followed wholly: since the first activity, and with all verbs. While the store gives the same one, every
    /// [plain](crate::Activity::is_plain) activity of those streams is for the reader to see, unless it is by
    /// somebody who is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<u64>,
    /// What else there is; most readers have nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<Arc<Aside>>,
}

/// What a timeline does not see to. It has no use for any of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// The streams that were left to be pulled at reading, in ascending order, each once: they tell a stream that
    /// is pulled on purpose from one that was followed since.
    pub pulled: Vec<ActorId>,
    /// Where there is a stamp: whom the reader mutes, and until when, and with whom a block stands
    /// between.
    pub hidden: Vec<(ActorId, Option<DateTime<Utc>>)>,
}

impl Aside {
    /// What there is; `None` where that is nothing.
    pub(crate) fn of(
        pulled: Vec<ActorId>,
        hidden: Vec<(ActorId, Option<DateTime<Utc>>)>,
    ) -> Option<Arc<Self>> {
        let is_empty = pulled.is_empty() && hidden.is_empty();
        (!is_empty).then(|| Arc::new(Self { pulled, hidden }))
    }
}

impl Header {
    /// The streams that were left to be pulled.
    #[must_use]
    pub fn pulled(&self) -> &[ActorId] {
        self.aside.as_ref().map_or(&[], |aside| &aside.pulled)
    }

    /// Whether anybody may be hidden, as far as its stamp holds.
    pub(crate) fn hides_somebody(&self) -> bool {
        let aside = self.aside.as_ref();
        aside.is_some_and(|aside| !aside.hidden.is_empty())
    }

    /// Whose activities are hidden at the instant `now`, as far as its stamp holds.
    pub(crate) fn hidden(&self, now: DateTime<Utc>) -> impl Iterator<Item = ActorId> {
        let all = self.aside.iter().flat_map(|aside| &aside.hidden);
        all.filter(move |(_, until)| until.is_none_or(|until| now < until))
            .map(|(actor, _)| *actor)
    }

    /// Whether the stream is pushed into the timeline, or left to be pulled.
    pub(crate) fn knows(&self, stream: ActorId) -> bool {
        self.covers(stream) || self.pulled().binary_search(&stream).is_ok()
    }

    /// Whether the stream is pushed into the timeline.
    pub(crate) fn covers(&self, stream: ActorId) -> bool {
        self.pushed.binary_search(&stream).is_ok()
    }
}

/// Allows filling one timeline once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Whose timeline.
    pub reader: ActorId,
    /// Which beginning of it: never given twice.
    pub serial: u64,
}

/// What a timeline answers to [`Timelines::read`].
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The reader has no timeline, or one that is still being filled.
    Cold,
    /// The range begins where the timeline is not complete: below its floor.
    Below,
    /// The beginning of the range, complete for the streams that are covered.
    Warm {
        /// What the timeline began with; perhaps without its pushed streams, where they were not asked for and
        /// it has a stamp.
        header: Header,
        /// The entries, in the order of the range, each once.
        entries: Vec<Entry>,
        /// How far they are complete: up to and including this place; `None` is the whole range.
        end: Option<ActivityId>,
    },
}

/// How much is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Census {
    /// Timelines, warm or being filled.
    pub timelines: usize,
    /// Entries in all of them.
    pub entries: usize,
    /// Pairs of a timeline and a stream that is pushed into it.
    pub subscriptions: usize,
    /// What all of that takes, as far as it is known here; 0 where it is not. [`Local`] knows what it has allocated,
    /// exactly so where it has a [budget](Local#a-budget).
    #[serde(default)]
    pub bytes: usize,
}

/// Where copies of homes are kept.
pub trait Timelines: Send + Sync + 'static {
    /// Offers the book of the store whose timelines these are, before anything else is asked. `false` where they
    /// are those of another store already: then they are not read. Who has no use for a book answers
    /// `true`.
    ///
    /// Case: `the_book_of_its_store_is_welcome_again_and_again`.
    fn share(&self, book: &Book) -> bool {
        let _ = book;
        true
    }

    /// Opens a timeline for the reader, in place of any that is there, and subscribes it to the
    /// pushed streams of the header before returning: from now on pushes are kept in it. It is
    /// read as cold until it is filled.
    ///
    /// `None` where no timeline is to be had for this reader: there is no room, or none are kept.
    ///
    /// Cases: `a_timeline_is_cold_until_it_is_filled`,
    /// `a_beginning_takes_the_place_of_what_was_there`, `tickets_are_never_given_twice`,
    /// `pushes_that_race_with_fills_lose_nothing`.
    fn begin(
        &self,
        reader: ActorId,
        header: Header,
    ) -> impl Future<Output = Result<Option<Ticket>>> + Send;

    /// Unites the entries, which are all of the pushed streams at and above `floor`, with
    /// what was pushed since the beginning; the timeline is warm. Answers `false`, and does
    /// nothing, where the timeline was dropped or begun anew since.
    ///
    /// Cases: `what_was_pushed_before_the_fill_is_kept`,
    /// `what_was_pulled_and_pushed_stands_once`,
    /// `a_filled_timeline_is_complete_down_to_its_floor`,
    /// `a_ticket_is_void_once_its_timeline_was_forgotten`,
    /// `a_ticket_is_void_once_the_timeline_was_begun_anew`.
    fn fill(
        &self,
        ticket: Ticket,
        entries: &[Entry],
        floor: ActivityId,
    ) -> impl Future<Output = Result<bool>> + Send;

    /// Adds the entry to every timeline, warm or being filled, that covers one of the streams;
    /// gives the number of timelines that took it. A timeline that has it takes it no second
    /// time; one whose floor is above it need not take it.
    ///
    /// A timeline that is subscribed from before the call to after it must not be passed over.
    /// Where that cannot be kept (a server is gone), drop the timeline.
    ///
    /// Cases: `a_push_reaches_whoever_covers_one_of_the_streams`, `an_entry_is_taken_once`,
    /// `back_dated_entries_stand_in_their_place`, `however_much_is_pushed_nothing_is_missing`,
    /// `a_push_passes_no_subscribed_timeline_over`.
    fn push(&self, streams: &[ActorId], entry: Entry)
    -> impl Future<Output = Result<usize>> + Send;

    /// The first `limit` entries, 1 or more, of the range from the reader's timeline.
    ///
    /// Unless the header is asked for as a `whole`, one that has a stamp may come without its pushed streams: while
    /// the stamp stands they are those of the reader. They are many, and copying them may cost more than all the
    /// rest.
    ///
    /// Cases: `a_reading_has_the_header_of_its_beginning`, `who_never_began_is_cold`.
    fn read(
        &self,
        reader: ActorId,
        range: Range,
        limit: usize,
        whole: bool,
    ) -> impl Future<Output = Result<Reading>> + Send;

    /// Drops the reader's timeline and its subscriptions; whether there was one.
    ///
    /// Case: `a_forgotten_timeline_is_cold_and_takes_nothing`.
    fn forget(&self, reader: ActorId) -> impl Future<Output = Result<bool>> + Send;

    /// How many timelines cover each of the streams. An estimate will do: it decides costs only.
    fn subscribers(&self, streams: &[ActorId]) -> impl Future<Output = Result<Vec<usize>>> + Send;

    /// How much is kept, counted one part after the other.
    ///
    /// Case: `subscribers_and_census_tell_what_is_kept`.
    fn census(&self) -> impl Future<Output = Result<Census>> + Send;
}
