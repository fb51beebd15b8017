//! Timelines in the memory of this process.

mod stripe;
#[cfg(test)]
mod tests;
mod timeline;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use self::stripe::Stripe;
use super::{Census, Header, Reading, Ticket, Timelines};
use crate::entry::{Entry, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::lock::{read, write};

/// The default timelines: in this process, for this process.
///
/// Readers are spread over stripes, each with a lock of its own. A push serves a few dozen
/// timelines of one stripe, then of the next, and round again: a read waits for that at most,
/// and not for a whole fan-out, however many follow. Clones are handles on the same timelines.
///
/// A timeline of n entries holds 32·n bytes. It stays until its reader's relations change, or
/// somebody forgets it.
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
pub struct Local(Arc<Stripes>);

#[derive(Debug)]
struct Stripes {
    stripes: [RwLock<Stripe>; Local::STRIPES],
    capacity: usize,
    serial: AtomicU64,
}

impl Local {
    /// How many entries a timeline keeps unless said: some forty screens.
    pub const CAPACITY: usize = 800;
    /// Enough that readers seldom meet, few enough that a publish with few followers need not
    /// look into many.
    const STRIPES: usize = 16;
    /// How many timelines of a stripe a push serves before it goes to the next stripe: some ten
    /// microseconds. By the time it comes back, whoever has waited for the stripe has been in;
    /// going on in the same one, a push takes the lock again before they are awake.
    const STRIDE: usize = 64;

    /// Timelines of [`CAPACITY`](Self::CAPACITY) entries.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(Self::CAPACITY)
    }

    /// Timelines of at most `capacity` entries, and at least one. Below them feeds go on from
    /// the store: a small capacity makes deep pages dearer, not shorter.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Arc::new(Stripes {
            stripes: std::array::from_fn(|_| RwLock::default()),
            capacity: capacity.max(1),
            serial: AtomicU64::new(0),
        }))
    }

    fn stripe(&self, reader: ActorId) -> &RwLock<Stripe> {
        // Host's ids may count up or be random: multiplying by 2¹²⁸ over the golden ratio
        // brings what differs anywhere into the highest bits.
        let mixed = reader
            .as_uuid()
            .as_u128()
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let [high, ..] = mixed.to_be_bytes();
        let [first, ..] = &self.0.stripes;
        let at = usize::from(high) % Self::STRIPES;
        self.0.stripes.get(at).unwrap_or(first)
    }
}

impl Default for Local {
    fn default() -> Self {
        Self::new()
    }
}

impl Timelines for Local {
    async fn begin(&self, reader: ActorId, header: Header) -> Result<Option<Ticket>> {
        let serial = self.0.serial.fetch_add(1, Ordering::Relaxed);
        write(self.stripe(reader)).begin(reader, serial, header);
        Ok(Some(Ticket { reader, serial }))
    }

    async fn fill(&self, ticket: Ticket, entries: &[Entry], floor: ActivityId) -> Result<bool> {
        let mut stripe = write(self.stripe(ticket.reader));
        Ok(stripe.fill(ticket, entries, floor, self.0.capacity))
    }

    async fn push(&self, streams: &[ActorId], entry: Entry) -> Result<usize> {
        let mut taken = 0;
        for stream in streams {
            // Where each stripe goes on; `None` where it is through.
            let mut places = self
                .0
                .stripes
                .each_ref()
                .map(|stripe| read(stripe).covers(*stream).then_some(0));
            while places.iter().any(Option::is_some) {
                for (stripe, place) in self.0.stripes.iter().zip(&mut places) {
                    if let Some(slot) = *place {
                        let mut stripe = write(stripe);
                        let (more, next) =
                            stripe.push(*stream, entry, slot, Self::STRIDE, self.0.capacity);
                        taken += more;
                        *place = next;
                    }
                }
            }
        }
        Ok(taken)
    }

    async fn read(&self, reader: ActorId, range: Range, limit: usize) -> Result<Reading> {
        Ok(read(self.stripe(reader)).read(reader, range, limit))
    }

    async fn forget(&self, reader: ActorId) -> Result<bool> {
        Ok(write(self.stripe(reader)).forget(reader))
    }

    async fn subscribers(&self, streams: &[ActorId]) -> Result<Vec<usize>> {
        let mut sums = vec![0; streams.len()];
        for stripe in &self.0.stripes {
            let stripe = read(stripe);
            for (sum, stream) in sums.iter_mut().zip(streams) {
                *sum += stripe.subscribers(*stream);
            }
        }
        Ok(sums)
    }

    async fn census(&self) -> Result<Census> {
        let mut census = Census::default();
        for stripe in &self.0.stripes {
            read(stripe).count(&mut census);
        }
        Ok(census)
    }
}
