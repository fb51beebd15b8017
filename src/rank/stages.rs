//! The stages of a ranking.

use super::{Candidates, Context, Feature, Placed};

/// Says which candidates stay.
///
/// ```
/// use anabranch::Verb;
/// use anabranch::rank::{Candidates, Context, Ranking};
///
/// let ranking = Ranking::new("no shares").filter(
///     "shares",
///     |candidates: &Candidates, _: &Context, kept: &mut [bool]| {
///         for (item, kept) in candidates.items().iter().zip(kept) {
///             *kept &= item.activity.verb != Verb::Announce;
///         }
///     },
/// );
/// ```
pub trait Filter: Send + Sync {
    /// `kept` has one entry for each candidate, which is `false` where an earlier filter dropped it already. Whatever
    /// is `false` afterwards is dropped; none comes back.
    fn filter(&self, candidates: &Candidates, context: &Context, kept: &mut [bool]);

    /// The features that it looks at, so that they are gathered; none unless said.
    fn features(&self) -> Vec<Feature> {
        Vec::new()
    }
}

impl<F> Filter for F
where
    F: Fn(&Candidates, &Context, &mut [bool]) + Send + Sync,
{
    fn filter(&self, candidates: &Candidates, context: &Context, kept: &mut [bool]) {
        self(candidates, context, kept);
    }
}

/// Says how good each candidate is.
///
/// ```
/// use anabranch::rank::{Candidates, Context, Ranking};
///
/// let short_first = |candidates: &Candidates, _: &Context, scores: &mut [f64]| {
///     for (item, score) in candidates.items().iter().zip(scores) {
///         let text = item.activity.object.as_ref().and_then(|object| object.properties.get("content"));
///         *score = text.and_then(|text| text.as_str()).map_or(f64::NAN, |text| -(text.len() as f64));
///     }
/// };
/// let ranking = Ranking::new("short first").term("short", 1.0, short_first);
/// ```
pub trait Scorer: Send + Sync {
    /// `scores` has one entry for each candidate, NaN until it is set: that says that there is no telling.
    fn score(&self, candidates: &Candidates, context: &Context, scores: &mut [f64]);

    /// The features that it looks at, so that they are gathered; none unless said.
    fn features(&self) -> Vec<Feature> {
        Vec::new()
    }
}

impl<F> Scorer for F
where
    F: Fn(&Candidates, &Context, &mut [f64]) + Send + Sync,
{
    fn score(&self, candidates: &Candidates, context: &Context, scores: &mut [f64]) {
        self(candidates, context, scores);
    }
}

/// A feature is its own score.
impl Scorer for Feature {
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        match candidates.column(self) {
            Some(values) => {
                for (score, value) in scores.iter_mut().zip(values) {
                    *score = *value;
                }
            }
            None => scores.fill(f64::NAN),
        }
    }

    fn features(&self) -> Vec<Feature> {
        vec![self.clone()]
    }
}

/// Says which of the scored candidates are shown, and in which order.
///
/// ```
/// use anabranch::rank::{Candidates, Context, Placed, Ranking};
///
/// let ranking = Ranking::new("few").select(
///     "ten at most",
///     |_: &Candidates, _: &Context, order: &mut Vec<Placed>| order.truncate(10),
/// );
/// ```
pub trait Selector: Send + Sync {
    /// `order` holds what is left, best first. Afterwards it holds what the selector leaves, as it orders it. A row that
    /// was not there, or that stands there twice, is left out: a selector cannot bring anything in.
    fn select(&self, candidates: &Candidates, context: &Context, order: &mut Vec<Placed>);

    /// With which probability each of `after` came to its place, given those above it, where lots decided; `None`, unless
    /// said, is that none did. Explanations tell it.
    fn chances(&self, before: &[Placed], after: &[Placed]) -> Option<Vec<f64>> {
        let _ = (before, after);
        None
    }

    /// The features that it looks at, so that they are gathered; none unless said.
    fn features(&self) -> Vec<Feature> {
        Vec::new()
    }
}

impl<F> Selector for F
where
    F: Fn(&Candidates, &Context, &mut Vec<Placed>) + Send + Sync,
{
    fn select(&self, candidates: &Candidates, context: &Context, order: &mut Vec<Placed>) {
        self(candidates, context, order);
    }
}
