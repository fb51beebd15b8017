//! Timelines that are picked at run time.

// A method that fell back to a default here would leave out the timelines behind it.
#![deny(clippy::missing_trait_methods)]

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Census, Header, Reading, Ticket, Timelines};
use crate::book::Book;
use crate::entry::{Entry, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};

/// Any [`Timelines`], behind one type: for programs that read from their configuration which
/// ones they are. Each call costs an allocation and an indirect call more. Clones are handles
/// on the same timelines.
///
/// ```
/// use anabranch::{Feeds, store::Memory, timelines::{self, AnyTimelines}};
///
/// let timelines = AnyTimelines::new(timelines::None);
/// let feeds = Feeds::new(Memory::new(), timelines);
/// ```
#[derive(Clone)]
pub struct AnyTimelines(Arc<dyn Boxed>);

impl AnyTimelines {
    /// Those timelines, with their type forgotten.
    #[must_use]
    pub fn new(timelines: impl Timelines) -> Self {
        Self(Arc::new(timelines))
    }
}

impl fmt::Debug for AnyTimelines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyTimelines").finish_non_exhaustive()
    }
}

type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The methods of [`Timelines`] with futures of one known type.
trait Boxed: Send + Sync {
    fn share(&self, book: &Book) -> bool;
    fn begin<'a>(&'a self, reader: ActorId, header: Header) -> Pending<'a, Option<Ticket>>;
    fn fill<'a>(
        &'a self,
        ticket: Ticket,
        entries: &'a [Entry],
        floor: ActivityId,
    ) -> Pending<'a, bool>;
    fn push<'a>(&'a self, streams: &'a [ActorId], entry: Entry) -> Pending<'a, usize>;
    fn read<'a>(
        &'a self,
        reader: ActorId,
        range: Range,
        limit: usize,
        whole: bool,
    ) -> Pending<'a, Reading>;
    fn forget<'a>(&'a self, reader: ActorId) -> Pending<'a, bool>;
    fn subscribers<'a>(&'a self, streams: &'a [ActorId]) -> Pending<'a, Vec<usize>>;
    fn census<'a>(&'a self) -> Pending<'a, Census>;
}

impl<T: Timelines> Boxed for T {
    fn share(&self, book: &Book) -> bool {
        Timelines::share(self, book)
    }

    fn begin<'a>(&'a self, reader: ActorId, header: Header) -> Pending<'a, Option<Ticket>> {
        Box::pin(Timelines::begin(self, reader, header))
    }

    fn fill<'a>(
        &'a self,
        ticket: Ticket,
        entries: &'a [Entry],
        floor: ActivityId,
    ) -> Pending<'a, bool> {
        Box::pin(Timelines::fill(self, ticket, entries, floor))
    }

    fn push<'a>(&'a self, streams: &'a [ActorId], entry: Entry) -> Pending<'a, usize> {
        Box::pin(Timelines::push(self, streams, entry))
    }

    fn read<'a>(
        &'a self,
        reader: ActorId,
        range: Range,
        limit: usize,
        whole: bool,
    ) -> Pending<'a, Reading> {
        Box::pin(Timelines::read(self, reader, range, limit, whole))
    }

    fn forget<'a>(&'a self, reader: ActorId) -> Pending<'a, bool> {
        Box::pin(Timelines::forget(self, reader))
    }

    fn subscribers<'a>(&'a self, streams: &'a [ActorId]) -> Pending<'a, Vec<usize>> {
        Box::pin(Timelines::subscribers(self, streams))
    }

    fn census<'a>(&'a self) -> Pending<'a, Census> {
        Box::pin(Timelines::census(self))
    }
}

impl Timelines for AnyTimelines {
    fn share(&self, book: &Book) -> bool {
        self.0.share(book)
    }

    async fn begin(&self, reader: ActorId, header: Header) -> Result<Option<Ticket>> {
        self.0.begin(reader, header).await
    }

    async fn fill(&self, ticket: Ticket, entries: &[Entry], floor: ActivityId) -> Result<bool> {
        self.0.fill(ticket, entries, floor).await
    }

    async fn push(&self, streams: &[ActorId], entry: Entry) -> Result<usize> {
        self.0.push(streams, entry).await
    }

    async fn read(
        &self,
        reader: ActorId,
        range: Range,
        limit: usize,
        whole: bool,
    ) -> Result<Reading> {
        self.0.read(reader, range, limit, whole).await
    }

    async fn forget(&self, reader: ActorId) -> Result<bool> {
        self.0.forget(reader).await
    }

    async fn subscribers(&self, streams: &[ActorId]) -> Result<Vec<usize>> {
        self.0.subscribers(streams).await
    }

    async fn census(&self) -> Result<Census> {
        self.0.census().await
    }
}
