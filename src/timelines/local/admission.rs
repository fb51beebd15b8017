//! Who gets a timeline, and who loses one for that.

use std::sync::atomic::Ordering;

use super::Local;
use super::budget::Budget;
use super::reads::Reads;
use super::stripe::{Beginning, Stripe};
use super::subscriptions::Subscriptions;
use crate::id::ActorId;
use crate::timelines::{Header, Ticket};

impl Local {
    /// Among so many timelines it is looked for the one that is read least.
    const CANDIDATES: usize = 8;
    /// So many timelines at most are dropped for one: what they give back may be of the wrong kind.
    const DROPPED: usize = 8;
    /// So many bytes of a budget for one that is taken by counts of reads: sixteen counts for each KB.
    const BYTES_A_COUNTED_BYTE: usize = 128;

    /// Under a budget, the counts of reads in each stripe.
    pub(super) fn reads(budget: &Budget) -> Option<[Reads; Self::STRIPES]> {
        if !budget.is_limited() {
            return None;
        }
        let a_line = Reads::BYTES_A_LINE * Self::STRIPES;
        let lines = (budget.limit() / Self::BYTES_A_COUNTED_BYTE / a_line).max(1);
        let lines = if budget.take(lines * a_line) {
            lines
        } else {
            0
        };
        Some(std::array::from_fn(|_| Reads::new(lines)))
    }

    #[inline]
    pub(super) fn count_read(&self, reader: ActorId) {
        if let Some(reads) = &self.0.reads
            && let Some(reads) = reads.get(Self::number(reader))
        {
            reads.count(Self::hash(reader));
        }
    }

    /// Of it each half is as good as random, also beside the [number](Self::number) of the stripe.
    pub(super) fn hash(reader: ActorId) -> u64 {
        let [_, bits @ .., _, _, _, _, _, _, _] = Self::mixed(reader);
        let hash = u64::from_be_bytes(bits);
        (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
    }

    /// Begins a timeline in place of that which the reader has, if there is room for it or can be made.
    pub(super) fn admit(
        &self,
        subscriptions: &mut Subscriptions<{ Self::STRIPES }>,
        stripe: &mut Stripe,
        ticket: Ticket,
        header: &Header,
    ) -> bool {
        self.drop_timeline(subscriptions, stripe, ticket.reader);
        if !self.named().is_able() {
            return false;
        }
        for _ in 0..=Self::DROPPED {
            if self.begin_in(subscriptions, stripe, ticket, header) {
                return true;
            }
            if !self.make_way(subscriptions, stripe, ticket.reader) {
                break;
            }
        }
        self.tidy(subscriptions, stripe);
        false
    }

    fn begin_in(
        &self,
        subscriptions: &mut Subscriptions<{ Self::STRIPES }>,
        stripe: &mut Stripe,
        ticket: Ticket,
        header: &Header,
    ) -> bool {
        let number = Self::number(ticket.reader);
        let Some(slot) = stripe.reserve(header, self.0.capacity) else {
            return false;
        };
        let wanted = header.pushed.len();
        let mut streams = Vec::with_capacity(wanted);
        let added = header.pushed.iter();
        streams.extend(added.map_while(|stream| subscriptions.add(*stream, number, slot)));
        if streams.len() < wanted {
            for stream in streams {
                subscriptions.remove(stream, number, slot);
            }
            stripe.release(slot, header);
            return false;
        }
        let streams = streams.into_boxed_slice();
        stripe.begin(slot, header, Beginning { ticket, streams });
        true
    }

    /// Drops the timeline of somebody who reads less often than this reader.
    fn make_way(
        &self,
        subscriptions: &mut Subscriptions<{ Self::STRIPES }>,
        stripe: &mut Stripe,
        reader: ActorId,
    ) -> bool {
        let reads = self.0.reads.as_ref();
        let Some(reads) = reads.and_then(|reads| reads.get(Self::number(reader))) else {
            return false;
        };
        let count = |reader| reads.of(Self::hash(reader));
        match stripe.least(Self::CANDIDATES, count) {
            Some((least, victim)) if least < count(reader) => {
                self.drop_timeline(subscriptions, stripe, victim)
            }
            _ => false,
        }
    }

    /// Drops a timeline and its subscriptions.
    pub(super) fn drop_timeline(
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
        self.tidy(subscriptions, stripe);
        true
    }

    /// Under a budget, gives back what only tables and free blocks hold: it may be wanted elsewhere.
    fn tidy(&self, subscriptions: &mut Subscriptions<{ Self::STRIPES }>, stripe: &mut Stripe) {
        if !self.0.budget.is_limited() {
            return;
        }
        if stripe.timelines() == 0 {
            self.clear(stripe);
        }
        if subscriptions.is_empty() {
            *subscriptions = Subscriptions::new(&self.0.budget);
        }
    }
}
