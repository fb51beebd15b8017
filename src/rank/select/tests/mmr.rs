use proptest::prelude::*;

use super::made_up::{candidates, in_order, set, some};
use super::{bits, bound, rows, select};
use crate::rank::select::{Mmr, by_default};
use crate::rank::{Candidates, Placed};

/// Reckons everything anew for each place.
fn naive(
    lambda: f64,
    of: usize,
    similar: impl Fn(usize, usize) -> f64,
    order: &[Placed],
) -> Vec<Placed> {
    let (first, beyond) = order.split_at(of.min(order.len()));
    let numbers: Vec<f64> = first
        .iter()
        .map(|placed| placed.score)
        .filter(|score| score.is_finite())
        .collect();
    let scaled = |score: f64| {
        let (mut low, mut high) = (numbers[0], numbers[0]);
        for number in &numbers {
            low = low.min(*number);
            high = high.max(*number);
        }
        if low == high {
            1.0
        } else if (high - low).is_finite() {
            (score - low) / (high - low)
        } else {
            (score / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0)
        }
    };
    let mut left: Vec<Placed> = first.to_vec();
    let mut placed: Vec<Placed> = Vec::new();
    while !left.is_empty() {
        let worth = |one: &Placed| {
            let likeness = placed.iter().map(|above| similar(one.row, above.row));
            let likeness = likeness
                .filter(|likeness| !likeness.is_nan())
                .map(|likeness| likeness.clamp(0.0, 1.0));
            lambda * scaled(one.score) - (1.0 - lambda) * likeness.fold(0.0, f64::max)
        };
        let mut best: Option<usize> = None;
        for (at, one) in left
            .iter()
            .enumerate()
            .filter(|(_, one)| one.score.is_finite())
        {
            if best.is_none_or(|best| worth(one) > worth(&left[best])) {
                best = Some(at);
            }
        }
        placed.push(left.remove(best.unwrap_or(0)));
    }
    placed.extend(beyond);
    placed
}

/// Any likeness, also out of range.
fn made_up(seed: u64, one: usize, other: usize) -> f64 {
    let (low, high) = (one.min(other) as u64, one.max(other) as u64);
    match (seed ^ (low * 31 + high).wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 60 {
        0 => f64::NAN,
        1 => -1.0,
        2 => f64::INFINITY,
        part => part as f64 / 15.0,
    }
}

proptest! {
    #[test]
    fn each_place_is_taken_by_what_is_good_and_unlike_those_above(
        (candidates, order) in set(), lambda in prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0], of in bound(), seed: u64
    ) {
        let mmr = Mmr::try_new(lambda, of, move |_: &Candidates, one, other| made_up(seed, one, other)).unwrap();
        let expected = naive(lambda, of, |one, other| made_up(seed, one, other), &order);
        prop_assert_eq!(bits(&select(&mmr, &candidates, &order)), bits(&expected));

        let mmr = Mmr::try_new(lambda, of, by_default).unwrap();
        let expected = naive(lambda, of, |one, other| by_default(&candidates, one, other), &order);
        prop_assert_eq!(bits(&select(&mmr, &candidates, &order)), bits(&expected));
    }

    #[test]
    fn likeness_by_default_is_a_part_of_a_whole_and_the_same_both_ways(candidates in some()) {
        for one in 0..candidates.len() + 1 {
            for other in 0..candidates.len() + 1 {
                let likeness = by_default(&candidates, one, other);
                prop_assert!((0.0..=1.0).contains(&likeness));
                prop_assert_eq!(likeness, by_default(&candidates, other, one));
                if one == other && one < candidates.len() {
                    prop_assert_eq!(likeness, 1.0);
                }
            }
        }
    }
}

#[test]
fn the_second_of_an_actor_gives_way_to_a_slightly_worse_one_of_another() {
    let candidates = candidates(&[(1, 0), (1, 0), (2, 0)]);
    let varied = Mmr::try_new(0.5, 10, by_default).unwrap();
    assert_eq!(rows(&select(&varied, &candidates, &in_order(3))), [0, 1, 2]);
    let mut order = in_order(3);
    order[2].score = 1.8;
    assert_eq!(rows(&select(&varied, &candidates, &order)), [0, 2, 1]);
}

#[test]
fn likeness_by_default_adds_up_what_both_have() {
    // Kind 2 and 3: an object by name, and two or three streams from the actor's number on.
    let candidates = candidates(&[(1, 2), (1, 2), (1, 3), (2, 0), (3, 0), (1, 0)]);
    let near = |one, other, expected: f64| {
        let likeness = by_default(&candidates, one, other);
        assert!(
            (likeness - expected).abs() < 1e-12,
            "{likeness} for {expected}"
        );
    };
    near(0, 1, 1.0); // the same object
    near(1, 2, 0.4 + 0.2 + 0.3 * 4.0 / 5.0);
    near(3, 4, 0.2);
    near(0, 5, 0.4);
    near(0, 3, 0.0);
}
