//! The handle that hosts hold. Each part of it has a file of its own.

mod actors;
mod bodies;
mod candidates;
mod cells;
mod change;
mod collect;
mod erase;
mod features;
mod fill;
mod filter;
mod follow;
mod get;
mod hide;
mod home;
mod judge;
mod limit;
mod list;
mod membership;
#[cfg(feature = "disk")]
mod open;
mod outbox;
mod plan;
mod publish;
mod ranked;
mod rates;
mod react;
mod read;
mod relate;
mod responses;
mod roster;
mod scope;
#[cfg(test)]
mod tests;
mod timing;
mod under_way;
mod viewer;

use std::fmt;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};

use self::fill::ENTRIES_A_FILL;
pub use self::filter::Replies;
pub use self::follow::Followed;
pub use self::home::Home;
pub use self::list::Streams;
pub use self::outbox::Outbox;
pub use self::plan::{Plan, Planned};
pub use self::publish::Published;
pub use self::ranked::{RankedItem, RankedPage, RankedRead};
use self::rates::Rates;
pub use self::react::Reactions;
pub use self::read::Read;
pub use self::roster::{Counts, RosterRead};
pub use self::scope::Scope;
use self::timing::Timing;
use self::under_way::UnderWay;
use crate::clock::{Clock, SystemClock};
use crate::error::Result;
use crate::fanout::{Adaptive, Costs, Strategy};
use crate::id::{ActorId, Ids};
use crate::lock::{read, write};
use crate::rank::SigningKey;
use crate::store::{Book, Memory, Store};
use crate::timelines::{Census, Local, Timelines};

/// As long as somebody reads on in what they have begun to read.
const SESSIONS_LIVE: Duration = Duration::from_secs(24 * 60 * 60);

/// Activity streams over a store and timelines: publish, follow, read.
///
/// Clones are handles on the same feeds, cheap to make, and any number of threads use them at
/// once. Every method is async; where nothing waits (in memory, nothing does) hosts without
/// a runtime call them through [`wait`](crate::wait()).
///
/// What feeds hold is the same for every store, every kind of timelines and every strategy;
/// those decide what it costs.
///
/// Costs below are given in entries and edges: *s* streams that a reader follows, *t* timelines
/// that a stream is pushed into, *n* items of a page. Each call of the store is one round trip
/// where the store is elsewhere.
///
/// # Errors
/// Every method can fail with `unavailable` or `corrupt` where the store or the timelines do;
/// the built-in ones in memory never do. Each method names what else can go wrong.
///
/// ```
/// use anabranch::{Activity, ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
/// wait(feeds.follow(ben, anna))?;
/// wait(feeds.publish(Activity::by(anna).object("https://example.org/notes/1")))?;
///
/// let home = wait(feeds.home(ben).limit(10))?;
/// assert_eq!(home.items[0].activity.actor, anna);
/// # Ok::<(), anabranch::Error>(())
/// ```
pub struct Feeds<S = Memory, T = Local>(Arc<Parts<S, T>>);

struct Parts<S, T> {
    store: S,
    timelines: T,
    clock: Box<dyn Clock>,
    ids: Ids,
    strategy: RwLock<Arc<dyn Strategy>>,
    rates: Rates,
    timing: Timing,
    under_way: UnderWay,
    /// Whether the timelines are those of this store, and of no other.
    are_timelines_ours: bool,
    /// That of the store, which tells which activities are plain.
    book: Option<Book>,
    cold_reads_before_filling: u32,
    entries_a_fill: usize,
    signing_key: SigningKey,
    sessions_live: Duration,
}

impl Feeds {
    /// A fill costs several cold reads, so a reader is worth a timeline once it has read
    /// several times without one: then the two have cost about the same (the ski rental of A. R. Karlin et al., "Competitive
    /// Snoopy Caching", Algorithmica 1988).
    pub const COLD_READS_BEFORE_FILLING: u32 = 4;

    /// Feeds in the memory of this process: nothing to set up, and gone with it.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Memory::new(), Local::new())
    }
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Feeds over this store and these timelines, with the clock of the system, ids of its own,
    /// and the [`Adaptive`] strategy.
    #[must_use]
    pub fn new(store: S, timelines: T) -> Self {
        Self::builder(store, timelines).build()
    }

    /// Begins feeds with settings of the host's choice.
    ///
    /// ```
    /// use anabranch::fanout::Hybrid;
    /// use anabranch::{Feeds, Ids, ManualClock, store::Memory, timelines::Local};
    ///
    /// let feeds = Feeds::builder(Memory::new(), Local::new())
    ///     .clock(ManualClock::at_millis(1_700_000_000_000))
    ///     .ids(Ids::new(1))
    ///     .strategy(Hybrid { max_subscribers: 500 })
    ///     .build();
    /// ```
    pub fn builder(store: S, timelines: T) -> Builder<S, T> {
        Builder {
            store,
            timelines,
            clock: Box::new(SystemClock),
            ids: None,
            strategy: Arc::new(Adaptive::default()),
            costs: None,
            cold_reads_before_filling: Feeds::COLD_READS_BEFORE_FILLING,
            entries_a_fill: ENTRIES_A_FILL,
            signing_key: None,
            sessions_live: SESSIONS_LIVE,
        }
    }

    /// Decides from now on how streams reach readers. Timelines that are warm stay as they are
    /// until they are dropped; no answer changes.
    ///
    /// ```
    /// use anabranch::{Feeds, fanout::AllPull};
    ///
    /// let feeds = Feeds::in_memory();
    /// feeds.set_strategy(AllPull);
    /// assert_eq!(feeds.strategy().name(), "pull");
    /// ```
    pub fn set_strategy(&self, strategy: impl Strategy) {
        *write(&self.0.strategy) = Arc::new(strategy);
    }

    /// The strategy that decides at present.
    ///
    /// ```
    /// use anabranch::Feeds;
    /// use anabranch::fanout::Strategy;
    ///
    /// assert_eq!(Feeds::in_memory().strategy().name(), "adaptive");
    /// ```
    #[must_use]
    pub fn strategy(&self) -> Arc<dyn Strategy> {
        Arc::clone(&read(&self.0.strategy))
    }

    /// How many timelines, entries and subscriptions are kept.
    ///
    /// ```
    /// use anabranch::{Feeds, wait};
    ///
    /// assert_eq!(wait(Feeds::in_memory().census())?.timelines, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn census(&self) -> Result<Census> {
        self.0.timelines.census().await
    }

    /// The store below: for backups ([`export`](crate::store::export)), and for what else a host wants of it.
    /// What is written to it past these feeds reaches no timeline.
    ///
    /// ```
    /// use anabranch::store::Store;
    /// use anabranch::{Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.store().records(None, 10))?, []);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    #[must_use]
    pub fn store(&self) -> &S {
        &self.0.store
    }

    fn timelines(&self) -> &T {
        &self.0.timelines
    }

    fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Lets go of a reader's timeline after its relations changed. Its next reads would be right
    /// all the same, and would carry along what is no longer followed; so it is no harm to an
    /// answer if this fails.
    async fn forget(&self, reader: ActorId) {
        self.0.rates.forget_cold_reads(reader);
        drop(self.timelines().forget(reader).await);
    }
}

impl<S, T> Clone for Feeds<S, T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, T> fmt::Debug for Feeds<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feeds")
            .field("strategy", &read(&self.0.strategy).name())
            .finish_non_exhaustive()
    }
}

/// Feeds that are being set up. Begun by [`Feeds::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct Builder<S, T> {
    store: S,
    timelines: T,
    clock: Box<dyn Clock>,
    ids: Option<Ids>,
    strategy: Arc<dyn Strategy>,
    costs: Option<Costs>,
    cold_reads_before_filling: u32,
    entries_a_fill: usize,
    signing_key: Option<SigningKey>,
    sessions_live: Duration,
}

impl<S: Store, T: Timelines> Builder<S, T> {
    /// Who tells the time; the operating system unless said.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Who names activities; [`Ids::random`] unless said.
    pub fn ids(mut self, ids: Ids) -> Self {
        self.ids = Some(ids);
        self
    }

    /// How streams reach readers; [`Adaptive`] unless said.
    pub fn strategy(mut self, strategy: impl Strategy) -> Self {
        self.strategy = Arc::new(strategy);
        self
    }

    /// What pushing and pulling cost, where that is known better than by timing it, or where the same calls shall
    /// have the same effects each time. Unless said, feeds begin with [`Costs::default`] and correct it by
    /// the time that some of their fan-outs and pulls take, told by [`Clock::instant`].
    pub fn costs(mut self, costs: Costs) -> Self {
        self.costs = Some(costs);
        self
    }

    /// How often a reader reads without a timeline before it gets one:
    /// [`COLD_READS_BEFORE_FILLING`](Feeds::COLD_READS_BEFORE_FILLING) unless said. 0 fills at
    /// the first read.
    pub fn cold_reads_before_filling(mut self, reads: u32) -> Self {
        self.cold_reads_before_filling = reads;
        self
    }

    /// What the cursors of ranked reads are signed with; a key of its own unless said. Give the same to all processes
    /// that serve the same clients, so that each goes on with what another began; without one, ranked sessions end
    /// with the process.
    pub fn signing_key(mut self, key: impl Into<SigningKey>) -> Self {
        self.signing_key = Some(key.into());
        self
    }

    /// How long the sessions of ranked reads live: a day unless said.
    pub fn sessions_live(mut self, lifetime: Duration) -> Self {
        self.sessions_live = lifetime;
        self
    }

    /// How many entries a timeline begins with. Not for hosts: it is there so that tests reach what
    /// lies below them.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn entries_a_fill(mut self, entries: usize) -> Self {
        self.entries_a_fill = entries;
        self
    }

    /// The feeds.
    #[must_use]
    pub fn build(self) -> Feeds<S, T> {
        let book = self.store.book();
        let shares = |book| self.timelines.share(book);
        let are_timelines_ours = book.as_ref().is_none_or(shares);
        Feeds(Arc::new(Parts {
            are_timelines_ours,
            book,
            store: self.store,
            timelines: self.timelines,
            clock: self.clock,
            ids: self.ids.unwrap_or_else(Ids::random),
            strategy: RwLock::new(self.strategy),
            rates: Rates::default(),
            timing: Timing::new(self.costs),
            under_way: UnderWay::default(),
            cold_reads_before_filling: self.cold_reads_before_filling,
            entries_a_fill: self.entries_a_fill,
            signing_key: self.signing_key.unwrap_or_else(SigningKey::random),
            sessions_live: self.sessions_live,
        }))
    }
}
