use proptest::prelude::*;

use super::made_up::{candidates, proper};
use super::{bits, rows, select};
use crate::rank::select::AuthorDecay;
use crate::rank::{Candidates, Placed, by_score};

/// Counts, for each item, those of its actor that are better.
fn naive(factor: f64, floor: f64, candidates: &Candidates, order: &[Placed]) -> Vec<Placed> {
    let mut decayed: Vec<Placed> = order.to_vec();
    for (placed, before) in decayed.iter_mut().zip(order) {
        let better = order.iter().filter(|other| {
            candidates.actor(other.row) == candidates.actor(placed.row)
                && by_score(candidates, other, before).is_lt()
        });
        let power = better.fold(1.0, |power, _| power * factor);
        let counts = (1.0 - floor) * power + floor;
        if before.score.is_finite() {
            let off = 1.0 - counts;
            placed.score = match before.score >= 0.0 {
                true => before.score * counts,
                false => (before.score + before.score * off).max(f64::MIN),
            };
        }
    }
    decayed
}

fn factor() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), Just(0.5), 0.0..=1.0]
}

proptest! {
    #[test]
    fn each_further_item_of_an_actor_counts_less(
        (candidates, order) in proper(), factor in factor(), floor in factor()
    ) {
        let decay = AuthorDecay::try_new(factor, floor).unwrap();
        let found = select(&decay, &candidates, &order);
        for expected in naive(factor, floor, &candidates, &order) {
            let found = found.iter().find(|found| found.row == expected.row).unwrap();
            let (found, expected) = (found.score, expected.score);
            let near = (found - expected).abs() <= 1e-14 * expected.abs();
            prop_assert!(near || found.to_bits() == expected.to_bits(), "{} for {}", found, expected);
        }
        let mut sorted = found.clone();
        sorted.sort_by(|one, other| by_score(&candidates, one, other));
        prop_assert_eq!(bits(&found), bits(&sorted));
    }

    #[test]
    fn no_item_rises_and_those_of_an_actor_keep_their_order(
        (candidates, order) in proper(), factor in factor(), floor in factor()
    ) {
        let decay = AuthorDecay::try_new(factor, floor).unwrap();
        let found = select(&decay, &candidates, &order);
        for placed in &order {
            let after = found.iter().find(|found| found.row == placed.row).unwrap();
            prop_assert!(after.score <= placed.score || placed.score.is_nan());
            prop_assert_eq!(after.score.is_finite(), placed.score.is_finite());
        }
        let mut before = order.clone();
        before.sort_by(|one, other| by_score(&candidates, one, other));
        // As scores: what becomes equal, ties at the id like everything else.
        let score = |row: usize| found.iter().find(|found| found.row == row).unwrap().score;
        for (at, better) in before.iter().enumerate() {
            for worse in &before[at + 1..] {
                if candidates.actor(better.row) == candidates.actor(worse.row) && worse.score.is_finite() {
                    prop_assert!(score(better.row) >= score(worse.row));
                }
            }
        }
    }
}

#[test]
fn a_score_below_0_falls_by_as_much_as_one_above() {
    let candidates = candidates(&[(1, 0), (1, 0), (2, 0), (2, 0)]);
    let order: Vec<Placed> = [4.0, 4.0, -4.0, -4.0]
        .into_iter()
        .enumerate()
        .map(|(row, score)| Placed::new(row, score))
        .collect();
    let decay = AuthorDecay::try_new(0.5, 0.5).unwrap();
    let found = select(&decay, &candidates, &order);
    assert_eq!(rows(&found), [0, 1, 2, 3]);
    let scores: Vec<f64> = found.iter().map(|placed| placed.score).collect();
    assert_eq!(scores, [4.0, 3.0, -4.0, -5.0]);
}
