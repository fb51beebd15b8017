//! Order by worth: candidates are filtered, scored and selected, and each can say why it stands where it stands
//! (contract 8).
//!
//! All of it is pure: the same candidates, [`Context`] and [`Ranking`] give the same order, and whoever gathers the
//! candidates (feeds, for a [ranked read](crate::Feeds::ranked); a test; a benchmark of rankings) need not be known here.
//!
//! ```text
//! Candidates ──► Filter … ──► Scorer … ──► order by score ──► Selector … ──► Ranked
//! rows, columns   which stay    how good    ties end at the id   which rules     rows in order, and why
//! ```
//!
//! A stage is a trait of one method over all candidates at once, and closures implement it. Values go into slices that
//! are there already: nothing is allocated for a candidate.
//!
//! ```
//! use anabranch::rank::{Candidates, Context, Feature, Ranking};
//!
//! let likes: Feature = "reactions:like@1d".parse()?;
//! let ranking = Ranking::new("liked of late").term("likes", 1.0, likes);
//! # let candidates = Candidates::default();
//! # let context = Context::new(anabranch::ActorId::from(1), Default::default());
//! let ranked = ranking.rank(&candidates, &context);
//! assert!(ranked.order().is_empty());
//! # Ok::<(), anabranch::Error>(())
//! ```
//!
//! A ranking can be data, too: a [`Document`] in JSON, of conditions and formulas. [`ready`] has some to begin with.

mod candidates;
mod context;
pub mod curves;
mod displacement;
pub mod document;
mod explanation;
mod feature;
mod formula;
mod order;
mod ranked;
mod ranking;
pub mod ready;
mod rollout;
pub mod scorers;
pub mod select;
mod session;
mod stages;
#[cfg(test)]
mod tests;
mod trace;
mod trees;

pub use candidates::Candidates;
pub use context::Context;
pub use displacement::Displacement;
pub use document::Document;
pub use explanation::{Explanation, Rule, Term};
pub use feature::{Feature, HalfLife};
pub use formula::{Condition, Formula};
pub use order::{Placed, by_score};
pub use ranked::Ranked;
pub use ranking::Ranking;
pub use rollout::{Rollout, Share, Treatment};
pub(crate) use session::{MOST_CANDIDATES, Session};
pub use session::{RankedCursor, SigningKey};
pub use stages::{Filter, Scorer, Selector};
pub use trees::{Output, Trees, TreesScorer};
