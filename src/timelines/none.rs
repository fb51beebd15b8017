//! No timelines at all.

use super::{Census, Header, Reading, Ticket, Timelines};
use crate::entry::{Entry, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};

/// Keeps no timelines: every read pulls from the store. Right where there are few readers, or
/// few streams each, and the measure of what timelines gain.
///
/// ```
/// use anabranch::{Feeds, store::Memory, timelines};
///
/// let feeds = Feeds::new(Memory::new(), timelines::None);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct None;

impl Timelines for None {
    async fn begin(&self, _: ActorId, _: Header) -> Result<Option<Ticket>> {
        Ok(Option::None)
    }

    async fn fill(&self, _: Ticket, _: &[Entry], _: ActivityId) -> Result<bool> {
        Ok(false)
    }

    async fn push(&self, _: &[ActorId], _: Entry) -> Result<usize> {
        Ok(0)
    }

    async fn read(&self, _: ActorId, _: Range, _: usize, _: bool) -> Result<Reading> {
        Ok(Reading::Cold)
    }

    async fn forget(&self, _: ActorId) -> Result<bool> {
        Ok(false)
    }

    async fn subscribers(&self, streams: &[ActorId]) -> Result<Vec<usize>> {
        Ok(vec![0; streams.len()])
    }

    async fn census(&self) -> Result<Census> {
        Ok(Census::default())
    }
}
