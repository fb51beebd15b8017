//! Timelines in the memory of this process.

mod blocks;
mod stripe;
mod subscriptions;
#[cfg(test)]
mod tests;
mod timeline;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use self::stripe::{Beginning, Stripe};
use self::subscriptions::Subscriptions;
use self::timeline::Found;
use super::{Census, Header, Reading, Ticket, Timelines};
use crate::book::Book;
use crate::entry::{Entry, Range, Stretch};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::lock::{read, write};
use crate::places::{Key, Places};

/// The default timelines: in this process, for this process.
///
/// Readers are spread over stripes, each with a lock of its own. A push serves a hundred timelines of
/// one stripe, then of the next, and round again: a read waits for that at most, and not for a whole
/// fan-out, however many follow. Clones are handles on the same timelines.
///
/// An entry takes 8 bytes in blocks of 63, of which half a block stands empty for each timeline in the mean; the
/// activities themselves are named in the book of their store, or once for all timelines in some 25 bytes
/// each. A timeline stays until its reader's relations change, or somebody forgets it.
///
/// Every process that publishes must push into the timelines that are read; so keep these in
/// one process, or use shared ones.
///
/// ```
/// use anabranch::{Feeds, store::Memory, timelines::Local};
///
/// let feeds = Feeds::new(Memory::new(), Local::with_capacity(200));
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
}

#[derive(Debug)]
struct Named {
    book: Book,
    /// What is old goes from it, so that it takes a small share of what the timelines take. Timelines that
    /// reach further back lose what they have there, and their readers are served from the store until
    /// they are filled anew.
    is_own: bool,
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
    const STRIDE: usize = 128;
    /// This many activities are named in a book of their own, however few entries there are.
    const LEAST_NAMED: usize = 1 << 20;
    /// And so many entries for one more.
    const ENTRIES_A_NAME: usize = 16;

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
        Self(Arc::new(Parts {
            subscriptions: RwLock::default(),
            stripes: std::array::from_fn(|_| RwLock::default()),
            book: OnceLock::new(),
            capacity: capacity.max(1),
            serial: AtomicU64::new(0),
            entries: AtomicUsize::new(0),
        }))
    }

    /// Which stripe the reader is in.
    fn number(reader: ActorId) -> usize {
        // Hosts' ids may count up or be random: multiplying by 2¹²⁸ over the golden ratio
        // brings what differs anywhere into the highest bits.
        let mixed = reader
            .as_uuid()
            .as_u128()
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let [high, ..] = mixed.to_be_bytes();
        usize::from(high) % Self::STRIPES
    }

    fn stripe(&self, number: usize) -> &RwLock<Stripe> {
        let [first, ..] = &self.0.stripes;
        self.0.stripes.get(number).unwrap_or(first)
    }

    fn named(&self) -> &Named {
        self.0.book.get_or_init(|| Named {
            book: Book::new(),
            is_own: true,
        })
    }

    /// The key of an activity; `None` where it cannot be named: then no timeline can have it.
    fn key(&self, entry: Entry) -> Option<Key> {
        let Named { book, is_own } = self.named();
        if !is_own {
            // The store has named it, unless it is gone again.
            return book.read().find(entry);
        }
        let mut pages = book.write();
        let places = &mut pages.places;
        if !places.is_above_all(entry.id)
            && let Some(key) = places.find(entry.id)
        {
            return Some(key);
        }
        let entries = self.0.entries.load(Ordering::Relaxed);
        if places.is_full() && places.len() > Self::LEAST_NAMED.max(entries / Self::ENTRIES_A_NAME)
        {
            places.drop_oldest();
        }
        places.add(entry.id)
    }

    /// Begins anew when there are hardly any keys left: once in four billion activities.
    fn renew_if_worn(&self) {
        let Named { book, is_own } = self.named();
        if !is_own || !book.read().places.is_worn() {
            return;
        }
        // Whoever has a key holds the subscriptions.
        let mut subscriptions = write(&self.0.subscriptions);
        for stripe in &self.0.stripes {
            write(stripe).clear();
        }
        *subscriptions = Subscriptions::default();
        book.write().places = Places::default();
        self.0.entries.store(0, Ordering::Relaxed);
    }

    /// Drops a timeline and its subscriptions.
    fn drop_timeline(
        &self,
        subscriptions: &mut Subscriptions<{ Self::STRIPES }>,
        stripe: &mut Stripe,
        reader: ActorId,
    ) -> bool {
        let before = stripe.entries();
        let Some((slot, beginning)) = stripe.forget(reader) else {
            return false;
        };
        for stream in &beginning.streams {
            subscriptions.remove(*stream, Self::number(reader), slot);
        }
        let gone = before - stripe.entries();
        self.0.entries.fetch_sub(gone, Ordering::Relaxed);
        true
    }
}

impl Default for Local {
    fn default() -> Self {
        Self::new()
    }
}

impl Timelines for Local {
    fn share(&self, book: &Book) -> bool {
        let named = self.0.book.get_or_init(|| Named {
            book: book.clone(),
            is_own: false,
        });
        named.book.is(book)
    }

    async fn begin(&self, reader: ActorId, mut header: Header) -> Result<Option<Ticket>> {
        header.pushed.dedup();
        let serial = self.0.serial.fetch_add(1, Ordering::Relaxed);
        let number = Self::number(reader);
        let mut subscriptions = write(&self.0.subscriptions);
        let mut stripe = write(self.stripe(number));
        self.drop_timeline(&mut subscriptions, &mut stripe, reader);
        let Some(slot) = stripe.reserve() else {
            return Ok(None);
        };
        let streams = header.pushed.iter();
        let streams = streams.map_while(|stream| subscriptions.add(*stream, number, slot));
        let streams: Box<[u32]> = streams.collect();
        if streams.len() < header.pushed.len() {
            // After four billion. The others are pulled: so nobody may take it that all are covered.
            header.stamp = None;
        }
        let beginning = Beginning { serial, streams };
        stripe.begin(slot, reader, &header, beginning);
        Ok(Some(Ticket { reader, serial }))
    }

    async fn fill(&self, ticket: Ticket, entries: &[Entry], floor: ActivityId) -> Result<bool> {
        self.renew_if_worn();
        let _no_renewal = read(&self.0.subscriptions);
        let Named { book, .. } = self.named();
        let known: Option<Vec<Key>> = {
            let pages = book.read();
            entries.iter().map(|entry| pages.find(*entry)).collect()
        };
        // The newest comes first; named the other way, more of them come in order.
        let name_all = || entries.iter().rev().map(|entry| self.key(*entry)).collect();
        let Some(keys) = known.or_else(name_all) else {
            // Without them it would not be complete.
            return Ok(false);
        };
        let mut stripe = write(self.stripe(Self::number(ticket.reader)));
        let before = stripe.entries();
        let is_filled = stripe.fill(ticket, (&keys, floor), self.0.capacity, &book.read());
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
        let mut subscriptions = None;
        loop {
            let stripe = read(self.stripe(Self::number(reader)));
            let pages = self.named().book.read();
            let found = stripe.read(reader, (range, limit), (&pages, self.0.capacity));
            let (slot, timeline, stretch) = match found {
                None | Some((_, _, Found::Cold)) => return Ok(Reading::Cold),
                Some((_, _, Found::Below)) => return Ok(Reading::Below),
                Some((slot, timeline, Found::Warm(stretch))) => (slot, timeline, stretch),
            };
            let mut header = timeline.header();
            if whole || header.stamp.is_none() {
                let Some(subscriptions) = &subscriptions else {
                    // They come first.
                    drop((stripe, pages));
                    subscriptions = Some(read(&self.0.subscriptions));
                    continue;
                };
                let streams = stripe.streams(slot).iter();
                let ids = streams.filter_map(|number| subscriptions.id(*number));
                header.pushed = ids.collect();
            }
            let Stretch { entries, end } = stretch;
            return Ok(Reading::Warm {
                header,
                entries,
                end,
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
