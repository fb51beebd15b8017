//! Pieces of a feed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::activity::Activity;
use crate::cursor::Cursor;
use crate::id::ActorId;
use crate::relation::Edge;

/// A piece of a feed, newest first (contract 5.4).
///
/// ```
/// use anabranch::{Activity, ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// let anna = ActorId::named("anna");
/// for text in ["one", "two", "three"] {
///     wait(feeds.publish(Activity::by(anna).object(text)))?;
/// }
/// let mut cursor = None;
/// let mut pages = 0;
/// loop {
///     let page = wait(feeds.home(anna).limit(2).after(cursor))?;
///     pages += 1;
///     cursor = page.next;
///     if cursor.is_none() {
///         break;
///     }
/// }
/// assert_eq!(pages, 2);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the feed goes on downwards; `None` on the page that holds its last item, and on
    /// one that was read upwards.
    pub next: Option<Cursor>,
    /// Where to ask later for what is new above this page; `None` only where there is nothing
    /// to be above of. It is the place of the first item, or one below it while an older activity
    /// is still being published by another thread.
    pub newer: Option<Cursor>,
}

/// One activity on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Item {
    /// The activity, shared with the store.
    pub activity: Arc<Activity>,
    /// Through which streams it came, in the order of their ids (contract 5.6): filled only
    /// by a read that was asked to [`explain`](crate::Read::explain).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<ActorId>,
}

/// A piece of a list of relations, newest first, ties by the other actor's id (contract 3.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Roster {
    /// The edges, each with both ends and the instant at which it was made.
    pub edges: Vec<Edge>,
    /// How many there are on all pages together.
    pub count: usize,
    /// Where the list goes on; `None` on its last page.
    pub next: Option<Cursor>,
}
