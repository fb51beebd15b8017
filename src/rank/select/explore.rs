//! Some places by lot, with known chances.

use std::collections::HashMap;

use super::lots::Lots;
use super::{float, share};
use crate::error::Result;
use crate::rank::{Candidates, Context, Placed, Selector};

/// Fills some of the first `of` places by lot, so that what a ranking thinks little of is seen at times, and says with
/// which chance each item came to its place.
///
/// For each of these places by itself: with probability 1 − `share` it is taken by the best of the first `of` that
/// is left, and else by any of those left, all equally likely (ε-greedy). With *r* left, the best comes with the probability
/// 1 − `share` + `share` / *r*, and each of the others with `share` / *r*. That is the propensity of the pick, given those
/// above it; the product of them all is the probability of the whole order. What is beyond the first `of` stays where
/// it is, with propensity 1.
///
/// Whoever keeps the propensities of what was shown can later estimate from it what another ranking would have
/// brought, by weighting each outcome with 1 / propensity (D. G. Horvitz and D. J. Thompson, "A Generalization of Sampling
/// Without Replacement from a Finite Universe", Journal of the American Statistical Association 47, 1952). With a `share`
/// above 0 none of them is 0 below `of`, as that needs.
///
/// Lots are drawn from the [seed](Context::seed) of the context alone, by SplitMix64: the same seed and order, the same
/// lots. A host that explores gives each reader and session another seed. The chances are exact but for the grain of
/// the lots (2⁻⁵³ of each). O(*m*) for *m* candidates among the first `of`, and some 40 bytes for each.
///
/// ```
/// use anabranch::rank::{Placed, select::Explore};
///
/// let order: Vec<_> = (0..10).map(|row| Placed::new(row, 1.0)).collect();
/// let explore = Explore::try_new(0.2, 5)?;
/// let picks = explore.draw(&order, 7);
/// assert_eq!(picks, explore.draw(&order, 7));
///
/// // The best is drawn as the best, or as one of five.
/// let best = explore.propensities(&order, &[0]);
/// assert!((best[0] - (0.8 + 0.2 / 5.0)).abs() < 1e-15);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Explore {
    share: f64,
    of: usize,
}

/// An item in the place that it was drawn for.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Pick {
    /// The row of the candidate.
    pub row: usize,
    /// How probable it was that this one would be picked, given those above it.
    pub propensity: f64,
}

impl Explore {
    /// With which probability a place is filled by lot, and how many places, and candidates for them, there are.
    ///
    /// # Errors
    /// `invalid` if `share` is not between 0 and 1.
    pub fn try_new(share: f64, of: usize) -> Result<Self> {
        let share = self::share("explore", "share", share)?;
        Ok(Self { share, of })
    }

    /// The order that the lots of this seed give, with the propensity of each pick: what
    /// [`select`](Selector::select) does with the same order and seed.
    #[must_use]
    pub fn draw(&self, order: &[Placed], seed: u64) -> Vec<Pick> {
        let picked = self.picked(order.len(), seed).into_iter();
        let first = picked.filter_map(|(from, propensity)| {
            let row = order.get(from)?.row;
            Some(Pick { row, propensity })
        });
        let beyond = order.iter().skip(self.of).map(|placed| Pick {
            row: placed.row,
            propensity: 1.0,
        });
        first.chain(beyond).collect()
    }

    /// The propensities of rows that were drawn from `order`, from the top: with the order kept, they need not be. `drawn` may
    /// end anywhere. 0 from the first row on that this could not have drawn there. Expected O(*n*).
    ///
    /// The order holds each row once, as those of rankings do.
    #[must_use]
    pub fn propensities(&self, order: &[Placed], drawn: &[usize]) -> Vec<f64> {
        let places: HashMap<usize, usize> = order
            .iter()
            .enumerate()
            .map(|(from, placed)| (placed.row, from))
            .collect();
        let mut left = Left::new(order.len().min(self.of));
        let mut is_possible = true;
        let propensities = drawn.iter().enumerate().map(|(place, row)| {
            let from = places.get(row).copied().filter(|_| is_possible);
            let propensity = from.and_then(|from| match place < self.of {
                true => {
                    let propensity = self.propensity(left.len(), left.best() == Some(from));
                    left.take(from).map(|_| propensity)
                }
                false => Some(1.0).filter(|_| from == place),
            });
            is_possible = propensity.is_some_and(|propensity| propensity > 0.0);
            propensity.unwrap_or(0.0)
        });
        propensities.collect()
    }

    /// Of one of `left` candidates.
    fn propensity(&self, left: usize, is_best: bool) -> f64 {
        let each = self.share / float(left.max(1));
        match is_best {
            // So that they add up to 1: exactly with one left.
            true => 1.0 - each * float(left.saturating_sub(1)),
            false => each,
        }
    }

    /// For each of the first places the one before of what takes it, and its propensity.
    fn picked(&self, candidates: usize, seed: u64) -> Vec<(usize, f64)> {
        let lots = Lots::new(seed);
        let places = candidates.min(self.of);
        let mut left = Left::new(places);
        let mut picked = Vec::with_capacity(places);
        // Two lots for each place.
        for lot in (0..).step_by(2).take(places) {
            let best = left.best();
            let from = if lots.fraction(lot) < self.share {
                left.any(lots.below(lot + 1, left.len()))
            } else {
                best
            };
            let propensity = self.propensity(left.len(), from == best);
            picked.extend(
                from.and_then(|from| left.take(from))
                    .map(|from| (from, propensity)),
            );
        }
        picked
    }
}

impl Selector for Explore {
    fn select(&self, _: &Candidates, context: &Context, order: &mut Vec<Placed>) {
        let before: Vec<Placed> = order.iter().take(self.of).copied().collect();
        let picked = self.picked(order.len(), context.seed);
        for (place, (from, _)) in order.iter_mut().zip(picked) {
            if let Some(placed) = before.get(from) {
                *place = *placed;
            }
        }
    }

    fn chances(&self, before: &[Placed], after: &[Placed]) -> Option<Vec<f64>> {
        let drawn: Vec<usize> = after.iter().map(|placed| placed.row).collect();
        Some(self.propensities(before, &drawn))
    }
}

/// Which of the first places are left.
struct Left {
    /// In any order.
    places: Vec<usize>,
    /// Where each place is among them; `None` where it is taken.
    at: Vec<Option<usize>>,
    /// Not beyond the first that is left.
    best: usize,
}

impl Left {
    fn new(places: usize) -> Self {
        Self {
            places: (0..places).collect(),
            at: (0..places).map(Some).collect(),
            best: 0,
        }
    }

    const fn len(&self) -> usize {
        self.places.len()
    }

    /// The first that is left.
    fn best(&mut self) -> Option<usize> {
        while self.at.get(self.best)?.is_none() {
            self.best += 1;
        }
        Some(self.best)
    }

    fn any(&self, at: usize) -> Option<usize> {
        self.places.get(at).copied()
    }

    /// Takes a place, if it is left.
    fn take(&mut self, place: usize) -> Option<usize> {
        let at = self.at.get_mut(place)?.take()?;
        self.places.swap_remove(at);
        if let Some(moved) = self
            .places
            .get(at)
            .and_then(|place| self.at.get_mut(*place))
        {
            *moved = Some(at);
        }
        Some(place)
    }
}
