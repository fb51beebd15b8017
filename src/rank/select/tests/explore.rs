use std::collections::HashMap;

use proptest::prelude::*;

use super::made_up::{context, in_order, proper};
use super::{bound, rows, select};
use crate::rank::Selector;
use crate::rank::select::Explore;
use crate::rank::select::lots::Lots;

/// All orders of the first so many rows.
fn permutations(rows: usize) -> Vec<Vec<usize>> {
    if rows == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(rows - 1) {
        for at in 0..rows {
            let mut longer = shorter.clone();
            longer.insert(at, rows - 1);
            all.push(longer);
        }
    }
    all
}

proptest! {
    #[test]
    fn what_is_drawn_is_what_is_selected_with_the_propensities_that_it_has(
        (candidates, order) in proper(), share in 0.0..=1.0, of in bound(), seed: u64
    ) {
        let explore = Explore::try_new(share, of).unwrap();
        let picks = explore.draw(&order, seed);
        let drawn: Vec<usize> = picks.iter().map(|pick| pick.row).collect();
        let mut selected = order.clone();
        explore.select(&candidates, &context().seed(seed), &mut selected);
        prop_assert_eq!(&drawn, &rows(&selected));
        let propensities: Vec<f64> = picks.iter().map(|pick| pick.propensity).collect();
        prop_assert_eq!(&propensities, &explore.propensities(&order, &drawn));
        prop_assert!(propensities.iter().all(|propensity| (0.0..=1.0).contains(propensity)));
        let beyond = of.min(order.len());
        prop_assert_eq!(&drawn[beyond..], &rows(&order)[beyond..]);
    }

    #[test]
    fn the_propensities_of_all_orders_add_up_to_1(places in 0..6_usize, share in 0.0..=1.0, of in bound()) {
        let explore = Explore::try_new(share, of).unwrap();
        let order = in_order(places);
        let of_order = |drawn: Vec<usize>| explore.propensities(&order, &drawn).iter().product::<f64>();
        let sum: f64 = permutations(places).into_iter().map(of_order).sum();
        prop_assert!((sum - 1.0).abs() < 1e-12, "{}", sum);
    }

    /// Each pick by itself, whatever stands above it.
    #[test]
    fn the_propensities_of_each_place_add_up_to_1(
        (_, order) in proper(), share in 0.0..=1.0, of in bound(), seed: u64
    ) {
        let explore = Explore::try_new(share, of).unwrap();
        let drawn: Vec<usize> = explore.draw(&order, seed).iter().map(|pick| pick.row).collect();
        for place in 0..drawn.len() {
            let sum: f64 = order.iter().map(|other| {
                let mut other_drawn = drawn[..place].to_vec();
                other_drawn.push(other.row);
                explore.propensities(&order, &other_drawn)[place]
            }).sum();
            prop_assert!((sum - 1.0).abs() < 1e-12, "{}", sum);
        }
    }
}

/// Over many seeds each order comes up as often as its propensities say, give or take five standard deviations.
#[test]
fn orders_come_up_as_often_as_their_propensities_say() {
    const SEEDS: u64 = 100_000;
    for (share, of) in [(0.3, 4), (1.0, 4), (0.05, 3)] {
        let explore = Explore::try_new(share, of).unwrap();
        let order = in_order(4);
        let mut counts: HashMap<Vec<usize>, u64> = HashMap::new();
        for seed in 0..SEEDS {
            let drawn = explore.draw(&order, seed);
            let rows = drawn.iter().map(|pick| pick.row).collect();
            *counts.entry(rows).or_default() += 1;
        }
        for drawn in permutations(4) {
            let chance: f64 = explore.propensities(&order, &drawn).iter().product();
            let expected = chance * SEEDS as f64;
            let deviation = (expected * (1.0 - chance)).sqrt();
            let count = counts.remove(&drawn).unwrap_or(0) as f64;
            assert!(
                (count - expected).abs() <= 5.0 * deviation,
                "{drawn:?} came {count} times, not {expected}, with {share}, {of}"
            );
        }
        assert!(counts.is_empty());
    }
}

#[test]
fn without_a_share_nothing_moves() {
    let candidates = super::made_up::candidates(&[(1, 0); 9]);
    let order = in_order(9);
    let explore = Explore::try_new(0.0, usize::MAX).unwrap();
    assert_eq!(select(&explore, &candidates, &order), order);
    assert_eq!(explore.propensities(&order, &rows(&order)), [1.0; 9]);
}

#[test]
fn what_could_not_be_drawn_has_propensity_0_and_so_has_what_follows() {
    let explore = Explore::try_new(0.5, 2).unwrap();
    let order = in_order(4);
    assert_eq!(
        explore.propensities(&order, &[1, 0, 2, 3]),
        [0.25, 1.0, 1.0, 1.0]
    );
    for (drawn, expected) in [
        ([2, 0, 1, 3], [0.0; 4]),
        ([0, 0, 2, 3], [0.75, 0.0, 0.0, 0.0]),
        ([0, 1, 3, 2], [0.75, 1.0, 0.0, 0.0]),
        ([0, 9, 2, 3], [0.75, 0.0, 0.0, 0.0]),
    ] {
        assert_eq!(explore.propensities(&order, &drawn), expected);
    }
    assert_eq!(
        explore.propensities(&order, &[0, 1, 2, 3, 3]).last(),
        Some(&0.0)
    );
}

/// The first numbers of the published generator for this seed.
#[test]
fn lots_are_those_of_splitmix64() {
    let lots = Lots::new(1_234_567);
    let found = [0, 1, 2, 3, 4].map(|lot| lots.bits(lot));
    let expected = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ];
    assert_eq!(found, expected);
    assert_eq!(lots.below(0, 0), 0);
    assert!(
        (0..1_000).all(|lot| (0.0..1.0).contains(&lots.fraction(lot)) && lots.below(lot, 3) < 3)
    );
}
