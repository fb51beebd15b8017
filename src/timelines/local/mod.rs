//! Timelines in the memory of this process.

mod admission;
mod blocks;
mod budget;
mod keys;
mod named;
mod reads;
mod stripe;
mod subscriptions;
#[cfg(test)]
mod tests;
mod timeline;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use self::budget::Budget;
use self::keys::PageOfKeys;
use self::named::Named;
use self::reads::Reads;
use self::stripe::Stripe;
use self::subscriptions::Subscriptions;
use self::timeline::Found;
use super::{Census, Header, Reading, Ticket, Timelines};
use crate::book::Book;
use crate::entry::{Entry, Order, Range, Stretch};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::lock::{read, write};
use crate::places::Key;

/// The default timelines: in this process, for this process.
///
/// Readers are spread over stripes, each with a lock of its own. A push serves some sixty timelines of
/// one stripe, then of the next, and round again: a read waits for that at most, and not for a whole
/// fan-out, however many follow. Clones are handles on the same timelines.
///
/// An entry takes 8 bytes in blocks of 63, of which half a block stands empty for each timeline in the mean; the
/// activities themselves are named in the book of their store, or once for all timelines in some 25 bytes
/// each. A timeline stays until its reader's relations change, or somebody forgets it.
///
/// # A budget
///
/// [`with_budget`](Self::with_budget) sets an end to the bytes that timelines take, and there is no moment at which they
/// take more. What a timeline takes, how it began, which streams are pushed into it and all tables and lists are
/// counted as they are allocated, with what stands empty in them, and before they grow: one that moves while it grows is
/// counted twice meanwhile. [`Census::bytes`] tells how many there are now. Not counted are the book of the store,
/// what a call holds while it runs, and some KB that these timelines take when they are empty.
///
/// Where there is no room for a push, the timeline gives up its own oldest 63 entries: it gets shorter, and what is
/// older is read from the store. Where there is none for another timeline, of some eight that come next in turn the one
/// whose reader reads least is dropped, if the newcomer has read more often of late; else the newcomer is
/// served from the store. So readers who come once push nobody out. Reads are counted in
/// four bits, without a lock, in a 128th of the budget; without a budget they are not.
///
/// A warm reader of 50 streams takes some 1 KB besides its entries, and 0.5 to 7 KB with them; what is less than 256 KB
/// keeps hardly anybody, and a budget that is too small for anything keeps nobody, which is right and slow. Where the
/// store has no book (those in memory have one), an eighth of the budget, and at least 2 MB, is set apart for
/// naming activities.
///
/// Every process that publishes must push into the timelines that are read; so keep these in
/// one process, or use shared ones.
///
/// ```
/// use anabranch::{Feeds, store::Memory, timelines::Local};
///
/// let feeds = Feeds::new(Memory::new(), Local::with_capacity(200));
///
/// // As many timelines as find room in 64 MiB: those of the readers who read most.
/// let feeds = Feeds::new(Memory::new(), Local::with_budget(64 << 20));
/// ```
#[derive(Clone, Debug)]
pub struct Local(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    /// Who holds several of these locks took them in this order; that of the book last.
    subscriptions: RwLock<Subscriptions<{ Local::STRIPES }>>,
    stripes: [RwLock<Stripe>; Local::STRIPES],
    /// Those of the store, if it has one; else one of their own.
    book: OnceLock<Named>,
    capacity: usize,
    serial: AtomicU64,
    /// About as many as there are in all timelines.
    entries: AtomicUsize,
    budget: Arc<Budget>,
    /// Of the readers of each stripe; `None` where there is room for all.
    reads: Option<[Reads; Local::STRIPES]>,
}

impl Local {
    /// How many entries a timeline keeps unless said: some forty screens.
    pub const CAPACITY: usize = 800;
    /// Enough that readers seldom meet. Each costs a publish a lock and a miss, which is what a
    /// handful of deliveries cost.
    const STRIPES: usize = 4;
    /// How many timelines of a stripe a push serves before it goes to the next stripe: some
    /// microseconds. By the time it comes back, whoever has waited for the stripe has been in;
    /// going on in the same one, a push takes the lock again before they are awake.
    const STRIDE: usize = 64;

    /// Timelines of [`CAPACITY`](Self::CAPACITY) entries.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(Self::CAPACITY)
    }

    /// Timelines of at most `capacity` entries, and at least one. Below them feeds go on from
    /// the store: a small capacity makes deep pages dearer, not shorter. Up to 63 more lie in memory until
    /// their block is given back.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self::of(capacity, Budget::unlimited())
    }

    /// Timelines of [`CAPACITY`](Self::CAPACITY) entries, that never take more than so many bytes together: see
    /// [above](Self#a-budget).
    #[must_use]
    pub fn with_budget(bytes: usize) -> Self {
        Self::with_capacity_and_budget(Self::CAPACITY, bytes)
    }

    /// Timelines of at most `capacity` entries each, that never take more than so many bytes together.
    #[must_use]
    pub fn with_capacity_and_budget(capacity: usize, bytes: usize) -> Self {
        Self::of(capacity, Budget::new(bytes))
    }

    fn of(capacity: usize, budget: Budget) -> Self {
        let budget = Arc::new(budget);
        Self(Arc::new(Parts {
            subscriptions: RwLock::new(Subscriptions::new(&budget)),
            stripes: std::array::from_fn(|_| RwLock::new(Stripe::new(&budget, Self::STRIPES))),
            book: OnceLock::new(),
            capacity: capacity.max(1),
            serial: AtomicU64::new(0),
            entries: AtomicUsize::new(0),
            reads: Self::reads(&budget),
            budget,
        }))
    }

    /// Which stripe the reader is in.
    fn number(reader: ActorId) -> usize {
        let [high, ..] = Self::mixed(reader);
        usize::from(high) % Self::STRIPES
    }

    /// Hosts' ids may count up or be random: multiplying by 2¹²⁸ over the golden ratio brings what differs
    /// anywhere into the highest bits.
    fn mixed(reader: ActorId) -> [u8; 16] {
        let golden = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
        let mixed = reader.as_uuid().as_u128().wrapping_mul(golden);
        mixed.to_be_bytes()
    }

    fn stripe(&self, number: usize) -> &RwLock<Stripe> {
        let [first, ..] = &self.0.stripes;
        self.0.stripes.get(number).unwrap_or(first)
    }

    fn named(&self) -> &Named {
        let own = || Named::by_itself(&self.0.budget);
        self.0.book.get_or_init(own)
    }

    /// The key of an activity; `None` where it cannot be named: then no timeline can have it.
    fn key(&self, entry: Entry) -> Option<Key> {
        self.named().key(entry, &self.0.entries)
    }

    /// Begins anew when there are hardly any keys left: once in four billion activities.
    fn renew_if_worn(&self) {
        let Named { book, is_own, .. } = self.named();
        if !is_own || !book.read().is_worn() {
            return;
        }
        // Whoever has a key holds the subscriptions.
        let mut subscriptions = write(&self.0.subscriptions);
        for stripe in &self.0.stripes {
            self.clear(&mut write(stripe));
        }
        *subscriptions = Subscriptions::new(&self.0.budget);
        book.write().clear();
        self.0.entries.store(0, Ordering::Relaxed);
    }

    fn clear(&self, stripe: &mut Stripe) {
        *stripe = Stripe::new(&self.0.budget, Self::STRIPES);
    }
}

impl Default for Local {
    fn default() -> Self {
        Self::new()
    }
}

impl Timelines for Local {
    fn share(&self, book: &Book) -> bool {
        let shared = || Named::by_store(book.clone());
        let named = self.0.book.get_or_init(shared);
        named.book.is(book)
    }

    async fn begin(&self, reader: ActorId, mut header: Header) -> Result<Option<Ticket>> {
        header.pushed.dedup();
        self.count_read(reader);
        let serial = self.0.serial.fetch_add(1, Ordering::Relaxed);
        let ticket = Ticket { reader, serial };
        let mut subscriptions = write(&self.0.subscriptions);
        let mut stripe = write(self.stripe(Self::number(reader)));
        let has_begun = self.admit(&mut subscriptions, &mut stripe, ticket, &header);
        Ok(has_begun.then_some(ticket))
    }

    async fn fill(&self, ticket: Ticket, entries: &[Entry], floor: ActivityId) -> Result<bool> {
        self.renew_if_worn();
        let _no_renewal = read(&self.0.subscriptions);
        let Named { book, .. } = self.named();
        let rows = book.rows();
        let known = entries.iter().map(|entry| book.find(entry, &rows));
        let known: Option<Vec<Key>> = known.collect();
        // The newest comes first; named the other way, more of them come in order.
        let name_all = || entries.iter().rev().map(|entry| self.key(*entry)).collect();
        let Some(keys) = known.or_else(name_all) else {
            // Without them it would not be complete.
            return Ok(false);
        };
        let mut stripe = write(self.stripe(Self::number(ticket.reader)));
        let before = stripe.entries();
        let is_filled = stripe.fill(ticket, (&keys, floor), self.0.capacity, &book.rows());
        let (more, less) = (
            stripe.entries().saturating_sub(before),
            before.saturating_sub(stripe.entries()),
        );
        self.0.entries.fetch_add(more, Ordering::Relaxed);
        self.0.entries.fetch_sub(less, Ordering::Relaxed);
        Ok(is_filled)
    }

    async fn push(&self, streams: &[ActorId], entry: Entry) -> Result<usize> {
        self.renew_if_worn();
        let subscriptions = read(&self.0.subscriptions);
        let Some(key) = self.key(entry) else {
            return Ok(0);
        };
        let Named { book, .. } = self.named();
        let (mut taken, mut more) = (0, 0);
        for stream in streams {
            let Some(subscribers) = subscriptions.of(*stream) else {
                continue;
            };
            let mut parts = subscribers.parts();
            while parts.iter().any(|part| !part.is_empty()) {
                for (stripe, part) in self.0.stripes.iter().zip(&mut parts) {
                    let (slots, rest) = part.split_at(part.len().min(Self::STRIDE));
                    *part = rest;
                    if slots.is_empty() {
                        continue;
                    }
                    let mut stripe = write(stripe);
                    let before = stripe.entries();
                    taken += stripe.push(slots, (entry.id, key), self.0.capacity, book);
                    more += stripe.entries().saturating_sub(before);
                }
            }
        }
        self.0.entries.fetch_add(more, Ordering::Relaxed);
        Ok(taken)
    }

    async fn read(
        &self,
        reader: ActorId,
        range: Range,
        limit: usize,
        whole: bool,
    ) -> Result<Reading> {
        self.count_read(reader);
        let mut page = PageOfKeys::new();
        let mut subscriptions = None;
        loop {
            let stripe = read(self.stripe(Self::number(reader)));
            // After the stripe: now all of its keys have rows.
            let rows = self.named().book.rows();
            let asked = (range, limit);
            let found = stripe.read(reader, asked, &mut page, (&rows, self.0.capacity));
            let (slot, timeline, rest) = match found {
                None | Some((_, _, Found::Cold)) => return Ok(Reading::Cold),
                Some((_, _, Found::Below)) => return Ok(Reading::Below),
                Some((slot, timeline, Found::Warm(rest))) => (slot, timeline, rest),
            };
            let mut header = timeline.header();
            if whole || header.stamp.is_none() {
                let Some(subscriptions) = &subscriptions else {
                    // They come first.
                    drop(stripe);
                    page.clear();
                    subscriptions = Some(read(&self.0.subscriptions));
                    continue;
                };
                let streams = stripe.streams(slot).iter();
                let ids = streams.filter_map(|number| subscriptions.id(*number));
                header.pushed = ids.collect();
            }
            drop(stripe);
            let entries = match range.order {
                Order::NewestFirst => rows.entries(page.iter().rev()),
                Order::OldestFirst => rows.entries(page.iter()),
            };
            let stretch = Stretch::limited(entries, limit);
            return Ok(Reading::Warm {
                header,
                end: stretch.end.or(rest),
                entries: stretch.entries,
            });
        }
    }

    async fn forget(&self, reader: ActorId) -> Result<bool> {
        let mut subscriptions = write(&self.0.subscriptions);
        let mut stripe = write(self.stripe(Self::number(reader)));
        Ok(self.drop_timeline(&mut subscriptions, &mut stripe, reader))
    }

    async fn subscribers(&self, streams: &[ActorId]) -> Result<Vec<usize>> {
        let subscriptions = read(&self.0.subscriptions);
        let count = |stream: &ActorId| {
            let subscribers = subscriptions.of(*stream);
            subscribers.map_or(0, |subscribers| subscribers.len())
        };
        Ok(streams.iter().map(count).collect())
    }

    async fn census(&self) -> Result<Census> {
        let mut census = Census {
            subscriptions: read(&self.0.subscriptions).count(),
            bytes: self.0.budget.used() + self.named().bytes_besides(),
            ..Census::default()
        };
        for stripe in &self.0.stripes {
            let stripe = read(stripe);
            census.timelines += stripe.timelines();
            census.entries += stripe.entries();
        }
        Ok(census)
    }
}
