//! How far two orders of the same items are apart.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::hash::Keyed;
use crate::id::ActivityId;

#[cfg(test)]
mod tests;

/// How far two orders of one window are apart: what a ranking would change.
///
/// An id that a list has several times counts where it comes first. Whatever is not said of single lists is said of
/// the ids that both have, numbered from the top without the others, so that what one list left out does not count
/// as moved. Ids are distinct, and so there are no ties.
///
/// ```
/// use anabranch::Ids;
/// use anabranch::rank::Displacement;
///
/// let ids = Ids::new(1);
/// let [a, b, c] = [1, 2, 3].map(|millis| ids.make(millis));
/// let apart = Displacement::between(&[c, b, a], &[a, c, b], 1);
/// assert_eq!((apart.items, apart.moved, apart.max), (3, 3, 2));
/// assert_eq!(apart.mean, 4.0 / 3.0);
/// assert_eq!(apart.kept_at_top, 0.0);
/// assert_eq!(apart.kendall, -1.0 / 3.0); // of three pairs, two are turned round
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Displacement {
    /// How many ids both lists have.
    pub items: usize,
    /// How many of them stand at another place.
    pub moved: usize,
    /// By how many places they are moved on average, those included that are not; 0 if there are none. The sum is
    /// Spearman's footrule (Diaconis and Graham 1977).
    pub mean: f64,
    /// By how many places the farthest is moved.
    pub max: usize,
    /// How much of the top of one list is in the top of the other, from 0 to 1: the ids that are in both, divided by
    /// how many the top has, or the longer list if it has fewer. 1 if nothing is asked for. Places are those of each list by
    /// itself (the overlap of Fagin, Kumar and Sivakumar 2003).
    pub kept_at_top: f64,
    /// Kendall's τ (1938): the share of pairs in the same order less the share of those that are turned round, from
    /// 1 for the same order to -1 for the opposite. 1 if there is no pair.
    pub kendall: f64,
    /// How many ids only the first list has.
    pub only_first: usize,
    /// How many ids only the second list has.
    pub only_second: usize,
}

impl Displacement {
    /// Compares two lists, each from the top down, of which the first `top` are the top.
    ///
    /// O(*n* log *n*) time for *n* ids in both lists together, O(*n*) memory. Pairs that are turned round are
    /// counted by sorting (Knight 1966).
    #[must_use]
    pub fn between(first: &[ActivityId], second: &[ActivityId], top: usize) -> Self {
        let (first, second) = (Places::of(first), Places::of(second));
        let kept = |ids: &Places, other: &Places| -> Vec<ActivityId> {
            let both = |id: &&ActivityId| other.places.contains_key(*id);
            ids.list.iter().filter(both).copied().collect()
        };
        let common = kept(&first, &second);
        let items = common.len();
        let numbers = Places::of(&kept(&second, &first)).places;
        let mut order: Vec<usize> = common
            .iter()
            .filter_map(|id| numbers.get(id))
            .copied()
            .collect();
        let moves = || {
            order
                .iter()
                .enumerate()
                .map(|(at, number)| at.abs_diff(*number))
        };
        let (moved, max) = (
            moves().filter(|places| *places > 0).count(),
            moves().max().unwrap_or_default(),
        );
        let mean = share(moves().map(wide).sum(), wide(items)).unwrap_or_default();

        let longest = first.list.len().max(second.list.len());
        let is_kept = |id: &&ActivityId| second.places.get(*id).is_some_and(|place| *place < top);
        let at_top = first.list.iter().take(top).filter(is_kept).count();
        let kept_at_top = share(wide(at_top), wide(longest.min(top))).unwrap_or(1.0);

        let turned = sort(&mut order, &mut Vec::with_capacity(items));
        let pairs = wide(items) * wide(items).saturating_sub(1) / 2;
        let kendall = match pairs.checked_sub(2 * turned) {
            Some(more) => share(more, pairs),
            None => share(2 * turned - pairs, pairs).map(|less| -less),
        };
        let kendall = kendall.unwrap_or(1.0);
        Self {
            items,
            moved,
            mean,
            max,
            kept_at_top,
            kendall,
            only_first: first.list.len() - items,
            only_second: second.list.len() - items,
        }
    }
}

/// A list without what it says again.
struct Places {
    list: Vec<ActivityId>,
    places: HashMap<ActivityId, usize, Keyed>,
}

impl Places {
    fn of(ids: &[ActivityId]) -> Self {
        let mut seen = HashSet::with_capacity_and_hasher(ids.len(), Keyed::default());
        let mut list = ids.to_vec();
        list.retain(|id| seen.insert(*id));
        let places = list.iter().copied().zip(0..).collect();
        Self { list, places }
    }
}

/// Sorts distinct numbers, and counts the pairs that were not in order. O(*n* log *n*) for *n* of them; as deep as
/// log₂ *n*.
fn sort(numbers: &mut [usize], merged: &mut Vec<usize>) -> u128 {
    let middle = numbers.len() / 2;
    if middle == 0 {
        return 0;
    }
    let (low, high) = numbers.split_at_mut(middle);
    let mut turned = sort(low, merged) + sort(high, merged);
    merged.clear();
    let mut rest = &*high;
    for (at, number) in low.iter().enumerate() {
        let (before, after) = rest.split_at(rest.partition_point(|other| other < number));
        // What comes out of the second half now stands before all that is left of the first.
        turned += wide(before.len()) * wide(middle - at);
        merged.extend_from_slice(before);
        merged.push(*number);
        rest = after;
    }
    merged.extend_from_slice(rest);
    numbers.copy_from_slice(merged);
    turned
}

const fn wide(number: usize) -> u128 {
    number as u128
}

fn share(part: u128, whole: u128) -> Option<f64> {
    // Rounded to the nearest float, as any quotient is.
    #[allow(clippy::cast_precision_loss)]
    (whole > 0).then_some(part as f64 / whole as f64)
}
