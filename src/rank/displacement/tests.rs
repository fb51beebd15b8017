use proptest::prelude::*;

use super::*;

/// By the definitions, pair by pair.
fn naive(first: &[ActivityId], second: &[ActivityId], top: usize) -> Displacement {
    fn distinct(ids: &[ActivityId]) -> Vec<ActivityId> {
        let mut list = Vec::new();
        for id in ids {
            if !list.contains(id) {
                list.push(*id);
            }
        }
        list
    }
    let (first, second) = (distinct(first), distinct(second));
    let within = |ids: &[ActivityId], others: &[ActivityId]| -> Vec<ActivityId> {
        let ids = ids.iter().filter(|id| others.contains(id));
        ids.copied().collect()
    };
    let (one, other) = (within(&first, &second), within(&second, &first));
    let place = |id: &ActivityId| other.iter().position(|of| of == id).unwrap();
    let moves: Vec<usize> = (0..)
        .zip(&one)
        .map(|(at, id)| place(id).abs_diff(at))
        .collect();
    let (mut same, mut turned) = (0, 0);
    for (at, upper) in one.iter().enumerate() {
        for lower in &one[at + 1..] {
            if place(upper) < place(lower) {
                same += 1;
            } else {
                turned += 1;
            }
        }
    }
    let items = one.len();
    let tops = [&first, &second].map(|ids| &ids[..top.min(ids.len())]);
    let in_top = tops[0].len().max(tops[1].len());
    Displacement {
        items,
        moved: moves.iter().filter(|places| **places != 0).count(),
        mean: moves.iter().sum::<usize>() as f64 / items.max(1) as f64,
        max: moves.iter().copied().max().unwrap_or(0),
        kept_at_top: if in_top == 0 {
            1.0
        } else {
            within(tops[0], tops[1]).len() as f64 / in_top as f64
        },
        kendall: if items < 2 {
            1.0
        } else {
            f64::from(same - turned) / f64::from(same + turned)
        },
        only_first: first.len() - items,
        only_second: second.len() - items,
    }
}

fn ids(numbers: &[u8]) -> Vec<ActivityId> {
    numbers
        .iter()
        .map(|number| u128::from(*number).into())
        .collect()
}

proptest! {
    #[test]
    fn it_is_what_the_definitions_say(
        first in prop::collection::vec(0..40_u8, 0..60),
        second in prop::collection::vec(0..40_u8, 0..60),
        top in 0..70_usize,
    ) {
        let (first, second) = (ids(&first), ids(&second));
        prop_assert_eq!(Displacement::between(&first, &second, top), naive(&first, &second, top));
    }

    #[test]
    fn permutations_are_told_apart_as_the_definitions_say(
        order in Just((0..60_u8).collect::<Vec<_>>()).prop_shuffle(),
        top in 0..70_usize,
    ) {
        let (first, second) = (ids(&(0..60).collect::<Vec<_>>()), ids(&order));
        prop_assert_eq!(Displacement::between(&first, &second, top), naive(&first, &second, top));
    }

    #[test]
    fn it_is_the_same_from_either_side(
        first in prop::collection::vec(0..40_u8, 0..60),
        second in prop::collection::vec(0..40_u8, 0..60),
        top: usize,
    ) {
        let (first, second) = (ids(&first), ids(&second));
        let one = Displacement::between(&first, &second, top);
        let other = Displacement::between(&second, &first, top);
        let (only_first, only_second) = (other.only_second, other.only_first);
        prop_assert_eq!(one, Displacement { only_first, only_second, ..other });
    }
}

#[test]
fn equal_lists_are_not_apart() {
    for count in [0, 1, 2, 50] {
        let list = ids(&(0..count).collect::<Vec<_>>());
        let same = Displacement {
            items: list.len(),
            moved: 0,
            mean: 0.0,
            max: 0,
            kept_at_top: 1.0,
            kendall: 1.0,
            only_first: 0,
            only_second: 0,
        };
        assert_eq!(Displacement::between(&list, &list, 10), same);
    }
}

#[test]
fn opposite_lists_are_as_far_apart_as_can_be() {
    let up: Vec<ActivityId> = (0..100_000_u128).map(ActivityId::from).collect();
    let down: Vec<ActivityId> = up.iter().rev().copied().collect();
    let apart = Displacement::between(&up, &down, 10);
    assert_eq!((apart.kendall, apart.kept_at_top), (-1.0, 0.0));
    assert_eq!(
        (apart.moved, apart.max, apart.mean),
        (100_000, 99_999, 50_000.0)
    );
}

#[test]
fn what_one_list_left_out_moves_nothing() {
    let apart = Displacement::between(&ids(&[9, 1, 2, 3]), &ids(&[1, 2, 8, 3]), 2);
    assert_eq!((apart.items, apart.moved, apart.kendall), (3, 0, 1.0));
    assert_eq!((apart.only_first, apart.only_second), (1, 1));
    assert_eq!(apart.kept_at_top, 0.5);
}
