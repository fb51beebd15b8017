//! Local timelines under observation.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::entry::{Entry, Range};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::store::Book;
use crate::timelines::{Census, Header, Local, Reading, Ticket, Timelines};

type Meddling = Box<dyn FnOnce() + Send>;

/// Real timelines in which a test counts, makes calls fail, and does something just before the
/// next read, just after it, or while a timeline is decided on.
#[derive(Clone, Default)]
pub(super) struct Observed {
    local: Local,
    /// How many timelines were begun.
    pub(super) begun: Arc<AtomicUsize>,
    /// How often one was read.
    pub(super) reads: Arc<AtomicUsize>,
    /// Whether every call fails.
    pub(super) is_down: Arc<AtomicBool>,
    /// Whether pushes fail, and nothing else.
    pub(super) refuses_pushes: Arc<AtomicBool>,
    /// Whether pushes wait for ever.
    pub(super) is_stuck: Arc<AtomicBool>,
    pub(super) before_read: Arc<Mutex<Option<Meddling>>>,
    pub(super) after_read: Arc<Mutex<Option<Meddling>>>,
    pub(super) while_deciding: Arc<Mutex<Option<Meddling>>>,
    /// How often it was asked who subscribes.
    pub(super) asked: Arc<AtomicUsize>,
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.local.fmt(f)
    }
}

impl Observed {
    fn check(&self) -> Result<()> {
        Self::refuse(&self.is_down)
    }

    fn refuse(reason: &AtomicBool) -> Result<()> {
        if reason.load(Ordering::SeqCst) {
            return Err(Error::new(
                ErrorKind::Unavailable,
                "timelines",
                "they are down",
            ));
        }
        Ok(())
    }
}

fn meddle(meddling: &Mutex<Option<Meddling>>) {
    let meddling = meddling.lock().unwrap().take();
    if let Some(meddle) = meddling {
        meddle();
    }
}

impl Timelines for Observed {
    fn share(&self, book: &Book) -> bool {
        self.local.share(book)
    }

    async fn begin(&self, reader: ActorId, header: Header) -> Result<Option<Ticket>> {
        self.check()?;
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.local.begin(reader, header).await
    }

    async fn fill(&self, ticket: Ticket, entries: &[Entry], floor: ActivityId) -> Result<bool> {
        self.check()?;
        self.local.fill(ticket, entries, floor).await
    }

    async fn push(&self, streams: &[ActorId], entry: Entry) -> Result<usize> {
        self.check()?;
        Self::refuse(&self.refuses_pushes)?;
        if self.is_stuck.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        self.local.push(streams, entry).await
    }

    async fn read(
        &self,
        reader: ActorId,
        range: Range,
        limit: usize,
        whole: bool,
    ) -> Result<Reading> {
        self.check()?;
        self.reads.fetch_add(1, Ordering::Relaxed);
        meddle(&self.before_read);
        let reading = self.local.read(reader, range, limit, whole).await;
        meddle(&self.after_read);
        reading
    }

    async fn forget(&self, reader: ActorId) -> Result<bool> {
        self.check()?;
        self.local.forget(reader).await
    }

    async fn subscribers(&self, streams: &[ActorId]) -> Result<Vec<usize>> {
        self.check()?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        meddle(&self.while_deciding);
        self.local.subscribers(streams).await
    }

    async fn census(&self) -> Result<Census> {
        self.check()?;
        self.local.census().await
    }
}
