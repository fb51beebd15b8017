//! Selectors against naive models, on candidates that are made up.

mod author_decay;
mod cap;
mod explore;
pub(in crate::rank) mod made_up;
mod mix;
mod mmr;
mod top;

use proptest::prelude::*;

use self::made_up::{context, set};
use super::*;
use crate::rank::{Candidates, Context, Placed, Selector};

/// Rows and the bits of scores, which tell NaN from NaN.
fn bits(order: &[Placed]) -> Vec<(usize, u64)> {
    let bits = |placed: &Placed| (placed.row, placed.score.to_bits());
    order.iter().map(bits).collect()
}

fn rows(order: &[Placed]) -> Vec<usize> {
    order.iter().map(|placed| placed.row).collect()
}

fn select(selector: &dyn Selector, candidates: &Candidates, order: &[Placed]) -> Vec<Placed> {
    let mut order = order.to_vec();
    selector.select(candidates, &context(), &mut order);
    order
}

fn bound() -> impl Strategy<Value = usize> {
    prop_oneof![0..12_usize, Just(usize::MAX)]
}

fn all(part: f64, other: f64, most: usize, of: usize) -> Vec<Box<dyn Selector>> {
    let odd = |_: &Candidates, _: &Context, kept: &mut [bool]| {
        for kept in kept.iter_mut().step_by(2) {
            *kept = false;
        }
    };
    let sources = [
        Source::new("odd", part, odd),
        Source::rest("others", other),
        Source::rest("none", 1.0),
    ];
    vec![
        Box::new(Top { most }),
        Box::new(AuthorDecay::try_new(part, other).unwrap()),
        Box::new(Cap {
            by: By::Actor,
            most,
            of,
        }),
        Box::new(Cap {
            by: By::Object,
            most,
            of,
        }),
        Box::new(Cap {
            by: By::Root,
            most,
            of,
        }),
        Box::new(Mmr::try_new(part, of, by_default).unwrap()),
        Box::new(Mix::try_new(sources).unwrap()),
        Box::new(Explore::try_new(part, of).unwrap()),
    ]
}

proptest! {
    /// Also with rows that there are not, that stand there twice, and scores that are no numbers.
    #[test]
    fn selectors_bring_nothing_in_and_only_the_first_drops_any(
        (candidates, order) in set(), part in 0.0..=1.0, other in 0.0..=1.0, most in bound(), of in bound()
    ) {
        for (number, selector) in all(part, other, most, of).iter().enumerate() {
            let after = select(selector.as_ref(), &candidates, &order);
            let (mut before, mut left) = (rows(&order), rows(&after));
            prop_assert_eq!(bits(&after), bits(&select(selector.as_ref(), &candidates, &order)));
            if number == 0 {
                prop_assert_eq!(&left[..], &before[..most.min(before.len())]);
                continue;
            }
            before.sort_unstable();
            left.sort_unstable();
            prop_assert_eq!(before, left, "selector {}", number);
        }
    }

    /// All but the decay, which changes scores.
    #[test]
    fn selectors_leave_scores_alone((candidates, order) in set(), part in 0.0..=1.0, most in bound(), of in bound()) {
        for (number, selector) in all(part, 1.0, most, of).iter().enumerate().skip(2) {
            let (mut before, mut after) = (bits(&order), bits(&select(selector.as_ref(), &candidates, &order)));
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after, "selector {}", number);
        }
    }
}

#[test]
fn parts_of_a_whole_are_from_0_to_1() {
    for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let errors = [
            AuthorDecay::try_new(wrong, 0.0).unwrap_err(),
            AuthorDecay::try_new(0.0, wrong).unwrap_err(),
            Mmr::try_new(wrong, 1, by_default).unwrap_err(),
            Explore::try_new(wrong, 1).unwrap_err(),
            Mix::try_new([Source::rest("all", wrong)]).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), crate::ErrorKind::Invalid);
            assert!(
                error
                    .message()
                    .ends_with(&format!("is {wrong}; give a number from 0 to 1"))
            );
        }
    }
}
