//! Pieces of a ranked home.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::activity::Activity;
use crate::rank::{Displacement, Explanation, RankedCursor};

/// A piece of a ranked home, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RankedPage {
    /// What is on it.
    pub items: Vec<RankedItem>,
    /// Where the session goes on; `None` on the page that holds its last item.
    pub next: Option<RankedCursor>,
    /// Why the candidates that the ranking dropped are not shown: filled by the first page of a read that was asked to
    /// [explain](crate::RankedRead::explain), newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Explanation>,
    /// The name of the ranking whose order this is.
    pub ranking: Box<str>,
    /// How far the order of the other ranking is from this one: filled by the first page where one is
    /// [observed](crate::RankedRead::rollout).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Displacement>,
}

/// One activity on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RankedItem {
    /// The activity, shared with the store.
    pub activity: Arc<Activity>,
    /// Why it stands where it stands: filled only by a read that was asked to [explain](crate::RankedRead::explain).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Explanation>,
}
