//! What the first page of a ranked read fixes for those after it (contract 8.2).

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use bits::{Reader, Writer};

mod bits;
mod cursor;
mod ids;
mod key;
#[cfg(test)]
mod tests;
mod text;

pub use cursor::RankedCursor;
pub use key::SigningKey;

/// The operation that errors name.
const RANKED: &str = "ranked";
/// The first byte, so that a later layout is told apart.
const LAYOUT: u8 = 1;
/// Bytes of the sign at the end.
const SIGN: usize = 16;
/// The most ids that a session holds.
pub(crate) const MOST_CANDIDATES: usize = 10_000;
/// Bits that count them.
const COUNT_BITS: u32 = 14;
/// Bytes of a session beside its ids: layout, reader, beginning, ranking, how many were shown, dropped, and are there,
/// in which way the ids are written, the sign.
const BESIDE: usize = 1 + 16 + 16 + 8 + 4 + 2 + SIGN;
/// How far the clocks of processes that share a key may be apart.
const CLOCKS_APART: i64 = 60_000;

/// A ranked read between two of its pages.
///
/// It travels in the [`RankedCursor`] that the client holds, signed, so that nothing of it is kept here. Whoever
/// holds the cursor can read the ids in it, and cannot change them. Nor does it grant anything: what became
/// invisible since is left out when a page is made.
///
/// Its size is 63 bytes and at most 16 for each id, and as text four thirds of that. Ids of one window take less:
/// 500 of a week in which one process made a hundred a second take 6.2 bytes each, and 5.4 if it made one a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// Whose home it is.
    pub(crate) reader: ActorId,
    /// The place in time at which it began: the first page's clock is its published instant, and nothing made
    /// later belongs to it.
    pub(crate) began: ActivityId,
    /// Which ranking: a digest of what it says.
    pub(crate) ranking: [u8; 8],
    /// What is in it, in the order of the ranking. At most [`MOST_CANDIDATES`].
    pub(crate) order: Vec<ActivityId>,
    /// How many of these were shown.
    pub(crate) shown: u16,
    /// How many at the end are there only to be explained by: the ranking dropped them.
    pub(crate) dropped: u16,
}

impl Session {
    /// The cursor that holds it. O(*n* log *n*) for *n* ids.
    ///
    /// # Errors
    /// `invalid` if it holds more than [`MOST_CANDIDATES`] ids.
    pub(crate) fn signed(&self, key: &SigningKey) -> Result<RankedCursor> {
        let count = self.order.len();
        let many = u64::try_from(count).unwrap_or(u64::MAX);
        if count > MOST_CANDIDATES {
            return Err(Error::new(
                ErrorKind::Invalid,
                RANKED,
                format!(
                    "a session of {count} items is too long; rank at most {MOST_CANDIDATES} at a time"
                ),
            ));
        }
        let mut bits = Writer::default();
        bits.put(u64::from(LAYOUT), 8);
        bits.put_id(*self.reader.as_uuid());
        bits.put_id(*self.began.as_uuid());
        bits.put(u64::from_be_bytes(self.ranking), 64);
        bits.put(u64::from(self.dropped), 16);
        bits.put(u64::from(self.shown), 16);
        bits.put(many, COUNT_BITS);
        ids::put(&self.order, self.began, &mut bits);
        let mut bytes = bits.into_bytes();
        let sign = key.sign(&bytes);
        bytes.extend_from_slice(&sign);
        Ok(RankedCursor::of(&bytes))
    }

    /// The session that a cursor holds, if it was signed with this key. O(*n*) for *n* bytes, and no memory beyond
    /// a small multiple of them.
    ///
    /// # Errors
    /// `cursor` if the cursor is damaged, or was signed with another key or by another version.
    pub(crate) fn verified(cursor: &RankedCursor, key: &SigningKey) -> Result<Self> {
        let damaged = || refused("the cursor is damaged, or was signed with another key");
        let bytes = cursor.bytes().ok_or_else(damaged)?;
        let (rest, sign) = bytes.split_last_chunk::<SIGN>().ok_or_else(damaged)?;
        let (&layout, body) = rest.split_first().ok_or_else(damaged)?;
        if layout != LAYOUT {
            return Err(refused("the cursor is of another version"));
        }
        // Nothing that it says is looked at before this.
        if !key.has_signed(rest, sign) {
            return Err(damaged());
        }
        Self::from_body(body).ok_or_else(damaged)
    }

    fn from_body(body: &[u8]) -> Option<Self> {
        let mut bits = Reader::new(body);
        let reader = ActorId::from(bits.take_id()?);
        let began = ActivityId::from(bits.take_id()?);
        let ranking = bits.take(64)?.to_be_bytes();
        let dropped = u16::try_from(bits.take(16)?).ok()?;
        let shown = u16::try_from(bits.take(16)?).ok()?;
        let count = usize::try_from(bits.take(COUNT_BITS)?).ok()?;
        // More ids than there are bits left would be set aside for nothing.
        if count > MOST_CANDIDATES || count > bits.left() {
            return None;
        }
        let order = ids::take(count, began, &mut bits)?;
        bits.is_done().then_some(Self {
            reader,
            began,
            ranking,
            order,
            shown,
            dropped,
        })
    }

    /// Whether `reader` can go on with it at `now`, under the ranking of that digest, if sessions live so long.
    ///
    /// # Errors
    /// `cursor` if it is of another reader or another ranking, has expired, or began more than a minute after `now`.
    pub(crate) fn check(
        &self,
        reader: ActorId,
        ranking: [u8; 8],
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<()> {
        if self.reader != reader {
            return Err(refused("the cursor is of another reader"));
        }
        if self.ranking != ranking {
            return Err(refused("the ranking is not the one that the cursor is of"));
        }
        let began = self.began.published();
        let age = now
            .timestamp_millis()
            .saturating_sub(began.timestamp_millis());
        if age < -CLOCKS_APART {
            return Err(refused(&format!(
                "the cursor is of {began}, and it is {now} now: the clocks that made it and read it differ"
            )));
        }
        if u128::try_from(age).is_ok_and(|age| age > lifetime.as_millis()) {
            return Err(refused(&format!(
                "the cursor is of {began} and has expired"
            )));
        }
        Ok(())
    }
}

impl Writer {
    fn put_id(&mut self, id: Uuid) {
        let (high, low) = id.as_u64_pair();
        self.put(high, 64);
        self.put(low, 64);
    }
}

impl Reader<'_> {
    fn take_id(&mut self) -> Option<Uuid> {
        Some(Uuid::from_u64_pair(self.take(64)?, self.take(64)?))
    }
}

fn refused(why: &str) -> Error {
    let message = format!("{why}; begin again without a cursor");
    Error::new(ErrorKind::Cursor, RANKED, message)
}
