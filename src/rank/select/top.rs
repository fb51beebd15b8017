//! The first so many.

use crate::rank::order::sort;
use crate::rank::{Candidates, Context, Placed, Selector, by_score};

/// Leaves the first so many in their order, and drops the rest. O(1).
///
/// ```
/// use anabranch::rank::{Placed, Candidates, Context, Selector, select::Top};
///
/// let mut order: Vec<_> = (0..5).map(|row| Placed::new(row, 1.0)).collect();
/// let context = Context::new(anabranch::ActorId::from(1), Default::default());
/// Top { most: 2 }.select(&Candidates::default(), &context, &mut order);
/// assert_eq!(order.len(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Top {
    /// How many are left at most.
    pub most: usize,
}

impl Selector for Top {
    fn select(&self, _: &Candidates, _: &Context, order: &mut Vec<Placed>) {
        order.truncate(self.most);
    }
}

/// Leaves the best `most` of candidates in any order, ordered by [`by_score`]. O(*n* + *k* log *k*) for the best *k* of *n*,
/// without a buffer: for those who look at a page of thousands, sorting all of them is most of the work.
///
/// ```
/// use anabranch::rank::{Candidates, Placed, select::best};
///
/// let mut placed = [3.0, f64::NAN, 7.0, 5.0].map(|score| Placed::new(0, score)).to_vec();
/// best(&Candidates::default(), &mut placed, 2);
/// assert_eq!(placed, [Placed::new(0, 7.0), Placed::new(0, 5.0)]);
/// ```
pub fn best(candidates: &Candidates, placed: &mut Vec<Placed>, most: usize) {
    if most == 0 {
        placed.clear();
    } else if most < placed.len() {
        placed.select_nth_unstable_by(most - 1, |one, other| by_score(candidates, one, other));
        placed.truncate(most);
    }
    sort(candidates, placed);
}
