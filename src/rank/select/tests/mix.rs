use proptest::prelude::*;

use super::made_up::{context, proper, set};
use super::{bits, rows, select};
use crate::rank::select::{Mix, Source};
use crate::rank::{Candidates, Context, Feature, Filter, Placed};

/// By a number that is worked out of the row.
fn keeps(number: usize, mask: u64) -> impl Filter {
    move |_: &Candidates, _: &Context, kept: &mut [bool]| {
        for (row, kept) in kept.iter_mut().enumerate() {
            *kept = belongs(number, mask, row);
        }
    }
}

const fn belongs(number: usize, mask: u64, row: usize) -> bool {
    (mask.rotate_right(number as u32 * 11) >> (row % 64)) & 1 == 1
}

/// Shares in 64ths, so that floats reckon exactly, and which rows they keep.
fn mix(shares: &[u64], mask: u64) -> Mix {
    let sources = shares.iter().enumerate().map(|(number, share)| {
        Source::new(
            format!("{number}"),
            *share as f64 / 64.0,
            keeps(number, mask),
        )
    });
    Mix::try_new(sources).unwrap()
}

/// The same in whole numbers, with everything counted anew for each place.
fn naive(shares: &[u64], mask: u64, candidates: &Candidates, order: &[Placed]) -> Vec<Placed> {
    let source = |placed: &Placed| {
        let mut sources = 0..shares.len();
        sources.find(|number| placed.row < candidates.len() && belongs(*number, mask, placed.row))
    };
    let mut left: Vec<(Placed, Option<usize>)> = order
        .iter()
        .map(|placed| (*placed, source(placed)))
        .collect();
    let mut mixed = Vec::new();
    let mut since: Vec<usize> = Vec::new();
    let mut could: Vec<usize> = Vec::new();
    loop {
        let can: Vec<usize> = (0..shares.len())
            .filter(|number| shares[*number] > 0 && left.iter().any(|(_, of)| *of == Some(*number)))
            .collect();
        if can.is_empty() {
            break;
        }
        if can != could {
            since.clear();
            could.clone_from(&can);
        }
        let whole: u64 = can.iter().map(|number| shares[*number]).sum();
        let taken = |number: usize| since.iter().filter(|of| **of == number).count() as u64;
        let places = since.len() as u64 + 1;
        let mut best: Option<usize> = None;
        for number in can {
            if taken(number) * whole >= places * shares[number] {
                continue;
            }
            let is_better = best.is_none_or(|best: usize| {
                shares[number] * (taken(best) + 1) > shares[best] * (taken(number) + 1)
            });
            if is_better {
                best = Some(number);
            }
        }
        let best = best.unwrap();
        let at = left.iter().position(|(_, of)| *of == Some(best)).unwrap();
        mixed.push(left.remove(at).0);
        since.push(best);
    }
    // What is left has share 0 or no source.
    left.sort_by_key(|(_, of)| of.unwrap_or(usize::MAX));
    mixed.extend(left.into_iter().map(|(placed, _)| placed));
    mixed
}

proptest! {
    #[test]
    fn places_go_by_the_quota_method(
        (candidates, order) in set(), shares in prop::collection::vec(0..=64_u64, 0..6), mask: u64
    ) {
        let expected = naive(&shares, mask, &candidates, &order);
        prop_assert_eq!(bits(&select(&mix(&shares, mask), &candidates, &order)), bits(&expected));
    }

    /// Also with shares that floats do not hold exactly.
    #[test]
    fn while_no_source_runs_out_each_has_its_share_rounded_up_or_down(
        shares in prop::collection::vec(0.001..=1.0_f64, 1..8)
    ) {
        const PLACES: usize = 200;
        let sources = shares.len();
        let rows = PLACES * sources;
        let candidates = super::made_up::candidates(&vec![(1, 0); rows]);
        let by_row = shares.iter().enumerate().map(|(number, share)| {
            let filter = move |_: &Candidates, _: &Context, kept: &mut [bool]| {
                for (row, kept) in kept.iter_mut().enumerate() {
                    *kept &= row % sources == number;
                }
            };
            Source::new("", *share, filter)
        });
        let mix = Mix::try_new(by_row).unwrap();
        let mixed = select(&mix, &candidates, &super::made_up::in_order(rows));
        let whole: f64 = shares.iter().sum();
        let mut taken = vec![0_usize; sources];
        for (place, placed) in mixed.iter().take(PLACES).enumerate() {
            taken[placed.row % sources] += 1;
            for (taken, share) in taken.iter().zip(&shares) {
                let due = share / whole * (place + 1) as f64;
                prop_assert!((due - *taken as f64).abs() < 1.0 + 1e-9, "{} for {} at {}", taken, due, place);
            }
        }
    }

    #[test]
    fn the_order_within_a_source_is_kept(
        (candidates, order) in proper(), shares in prop::collection::vec(0..=64_u64, 0..6), mask: u64
    ) {
        let mixed = select(&mix(&shares, mask), &candidates, &order);
        let source = |row: usize| (0..shares.len()).find(|number| belongs(*number, mask, row));
        for number in (0..shares.len()).map(Some).chain([None]) {
            let of = |order: &[Placed]| {
                let mut rows = rows(order);
                rows.retain(|row| source(*row) == number);
                rows
            };
            prop_assert_eq!(of(&mixed), of(&order));
        }
    }
}

#[test]
fn one_in_five_is_every_fifth_and_what_no_source_takes_comes_last() {
    let candidates = super::made_up::candidates(&[(1, 0); 16]);
    let first = |end: usize| {
        move |_: &Candidates, _: &Context, kept: &mut [bool]| {
            for kept in kept.iter_mut().skip(end) {
                *kept = false;
            }
        }
    };
    // Rows 0 to 2, then up to 12, and the rest belongs to nobody.
    let sources = [
        Source::new("few", 0.2, first(3)),
        Source::new("many", 0.8, first(12)),
    ];
    let mix = Mix::try_new(sources).unwrap();
    let mut order = super::made_up::in_order(16);
    order.reverse();
    let mixed = rows(&select(&mix, &candidates, &order));
    assert_eq!(
        mixed,
        [11, 10, 9, 2, 8, 7, 6, 5, 1, 4, 3, 0, 15, 14, 13, 12]
    );
}

#[test]
fn a_mix_looks_at_what_its_filters_look_at() {
    struct Looks;
    impl Filter for Looks {
        fn filter(&self, _: &Candidates, _: &Context, _: &mut [bool]) {}

        fn features(&self) -> Vec<Feature> {
            vec![Feature::Seen]
        }
    }
    use crate::rank::Selector;
    let mix = Mix::try_new([Source::new("", 1.0, Looks), Source::rest("", 1.0)]).unwrap();
    assert_eq!(mix.features(), [Feature::Seen]);
    let mut nothing = Vec::new();
    mix.select(&Candidates::default(), &context(), &mut nothing);
    assert!(nothing.is_empty());
}
