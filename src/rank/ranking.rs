//! Filters, scorers and selectors in a row.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::order::sort;
use super::trace::Trace;
use super::{Candidates, Context, Feature, Filter, Placed, Ranked, Scorer, Selector};

/// How a feed is ranked: what is filtered out, the terms that add up to a score, and the rules by which the scored are
/// selected.
///
/// Clones share their stages. Without a term all scores are 0, and the order is that of a home: newest first.
#[derive(Clone)]
pub struct Ranking {
    name: Box<str>,
    /// What tells this ranking from others.
    digest: [u8; 8],
    filters: Vec<(Box<str>, Arc<dyn Filter>)>,
    terms: Vec<(Box<str>, f64, Arc<dyn Scorer>)>,
    selectors: Vec<(Box<str>, Arc<dyn Selector>)>,
    /// In ascending order, each once.
    features: Vec<Feature>,
}

impl Ranking {
    /// One that orders nothing yet. Sessions of ranked reads go on only under the same ranking: give one that works
    /// otherwise another name.
    #[must_use]
    pub fn new(name: impl Into<Box<str>>) -> Self {
        let name = name.into();
        let mut ranking = Self {
            name: Box::default(),
            digest: [0; 8],
            filters: Vec::new(),
            terms: Vec::new(),
            selectors: Vec::new(),
            features: Vec::new(),
        };
        ranking.tell_apart(name.as_bytes());
        ranking.name = name;
        ranking
    }

    /// With one more filter, after those that it has.
    #[must_use]
    pub fn filter(mut self, name: impl Into<Box<str>>, filter: impl Filter + 'static) -> Self {
        let name = name.into();
        self.tell_apart(b"filter");
        self.tell_apart(name.as_bytes());
        self.look_at(filter.features());
        self.filters.push((name, Arc::new(filter)));
        self
    }

    /// With one more term: what the scorer gives, times the weight, is added to the score.
    #[must_use]
    pub fn term(
        mut self,
        name: impl Into<Box<str>>,
        weight: f64,
        scorer: impl Scorer + 'static,
    ) -> Self {
        let name = name.into();
        self.tell_apart(b"term");
        self.tell_apart(name.as_bytes());
        self.tell_apart(&weight.to_bits().to_be_bytes());
        self.look_at(scorer.features());
        self.terms.push((name, weight, Arc::new(scorer)));
        self
    }

    /// With one more selector, after those that it has.
    #[must_use]
    pub fn select(mut self, name: impl Into<Box<str>>, selector: impl Selector + 'static) -> Self {
        let name = name.into();
        self.tell_apart(b"selector");
        self.tell_apart(name.as_bytes());
        self.look_at(selector.features());
        self.selectors.push((name, Arc::new(selector)));
        self
    }

    /// With these features among those that are gathered: for closures, which cannot say what they look at.
    #[must_use]
    pub fn looks_at(mut self, features: impl IntoIterator<Item = Feature>) -> Self {
        self.look_at(features.into_iter().collect());
        self
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The features that its stages look at, in ascending order, each once.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The candidates in their order. O(*n* log *n*) for *n* candidates, and what the stages take.
    #[must_use]
    pub fn rank(&self, candidates: &Candidates, context: &Context) -> Ranked {
        self.run(candidates, context, None)
    }

    /// The same, and what it takes to [explain](Ranked::explain) each of them: a number for each candidate and term,
    /// and for each rule another look at the order.
    #[must_use]
    pub fn rank_and_trace(&self, candidates: &Candidates, context: &Context) -> Ranked {
        self.run(candidates, context, Some(Trace::default()))
    }

    fn run(&self, candidates: &Candidates, context: &Context, mut trace: Option<Trace>) -> Ranked {
        let rows = candidates.len();
        let mut kept = vec![true; rows];
        for (name, filter) in &self.filters {
            let before = kept.clone();
            filter.filter(candidates, context, &mut kept);
            for (kept, before) in kept.iter_mut().zip(&before) {
                // None comes back.
                *kept &= before;
            }
            if let Some(trace) = &mut trace {
                trace.filtered(name, &before, &kept);
            }
        }
        let mut scores = vec![0.0; rows];
        let mut values = vec![0.0; rows];
        for (_, weight, scorer) in &self.terms {
            values.fill(f64::NAN);
            scorer.score(candidates, context, &mut values);
            for (score, value) in scores.iter_mut().zip(&values) {
                *score += weight * value;
            }
            if let Some(trace) = &mut trace {
                trace.scored(&values);
            }
        }
        let placed = scores.iter().enumerate();
        let mut order: Vec<Placed> = placed
            .filter(|(row, _)| kept.get(*row).is_some_and(|kept| *kept))
            .map(|(row, score)| Placed::new(row, *score))
            .collect();
        sort(candidates, &mut order);
        for (name, selector) in &self.selectors {
            let before = order.clone();
            selector.select(candidates, context, &mut order);
            rows_once(rows, &before, &mut order);
            if let Some(trace) = &mut trace {
                trace.selected(name, &before, &order);
                if let Some(chances) = selector.chances(&before, &order) {
                    trace.drawn(&order, &chances);
                }
            }
        }
        if let Some(trace) = &mut trace {
            trace.ended(&order);
        }
        let terms = self.terms.iter();
        Ranked {
            reader: context.reader,
            order,
            scores,
            terms: match trace.is_some() {
                true => terms
                    .map(|(name, weight, scorer)| (name.clone(), *weight, scorer.features()))
                    .collect(),
                false => Vec::new(),
            },
            trace,
        }
    }

    /// What tells it from other rankings.
    pub(crate) const fn digest(&self) -> [u8; 8] {
        self.digest
    }

    /// Makes what comes next another ranking.
    pub(crate) fn tell_apart(&mut self, by: &[u8]) {
        const RANKINGS: Uuid = Uuid::from_u128(0x93d6_5a0e_1c74_5f0b_8b1d_0f6c_2a97_4be1);
        let mut all = self.digest.to_vec();
        all.extend_from_slice(by);
        let [a, b, c, d, e, f, g, h, ..] = Uuid::new_v5(&RANKINGS, &all).into_bytes();
        self.digest = [a, b, c, d, e, f, g, h];
    }

    fn look_at(&mut self, features: Vec<Feature>) {
        self.features.extend(features);
        self.features.sort_unstable();
        self.features.dedup();
    }
}

impl fmt::Debug for Ranking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |names: Vec<&str>| names.join(", ");
        let terms = self.terms.iter().map(|(name, ..)| &**name).collect();
        f.debug_struct("Ranking")
            .field("name", &self.name)
            .field("terms", &names(terms))
            .finish_non_exhaustive()
    }
}

/// Leaves out what was not there before, and what stands there twice.
fn rows_once(rows: usize, before: &[Placed], order: &mut Vec<Placed>) {
    let mut may_come = vec![false; rows];
    for placed in before {
        if let Some(may) = may_come.get_mut(placed.row) {
            *may = true;
        }
    }
    order.retain(|placed| {
        let may = may_come.get_mut(placed.row);
        may.is_some_and(std::mem::take)
    });
}
