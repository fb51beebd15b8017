use proptest::prelude::*;

use super::made_up::{candidates, in_order, set};
use super::{bits, bound, rows, select};
use crate::activity::Activity;
use crate::id::ActivityId;
use crate::object::Reference;
use crate::rank::select::{By, Cap};
use crate::rank::{Candidates, Placed};
use crate::verb::Verb;

/// What a conversation began with, as far as it is among the candidates.
fn beginning(of: &Activity, candidates: &Candidates) -> ActivityId {
    let Some(answered) = of.in_reply_to else {
        return of.id;
    };
    let mut items = candidates.items().iter();
    let found = items.find(|item| item.activity.id == answered.activity);
    found.map_or(answered.activity, |item| {
        beginning(&item.activity, candidates)
    })
}

fn same(by: By, candidates: &Candidates, one: usize, other: usize) -> bool {
    let (Some(one), Some(other)) = (candidates.activity(one), candidates.activity(other)) else {
        return false;
    };
    let root = |of: &Activity| match of.verb {
        Verb::Announce => of.shared().unwrap_or(of.id),
        _ => of.id,
    };
    let object = |of: &Activity| -> Option<Reference> { of.object.clone()?.reference };
    match by {
        By::Actor => one.actor == other.actor,
        By::Object => object(one).is_some() && object(one) == object(other),
        By::Conversation => beginning(one, candidates) == beginning(other, candidates),
        By::Root => root(one) == root(other),
    }
}

/// Whether `next` may stand below `above`.
fn may_come(cap: Cap, candidates: &Candidates, above: &[Placed], next: &Placed) -> bool {
    let in_sight = above.iter().rev().take(cap.of.saturating_sub(1));
    let like = in_sight.filter(|other| same(cap.by, candidates, next.row, other.row));
    cap.of == 0 || like.count() < cap.most
}

/// The order, and how far the rule holds.
fn naive(cap: Cap, candidates: &Candidates, order: &[Placed]) -> (Vec<Placed>, usize) {
    let (mut left, mut placed) = (order.to_vec(), Vec::new());
    while let Some(at) = left
        .iter()
        .position(|next| may_come(cap, candidates, &placed, next))
    {
        placed.push(left.remove(at));
    }
    let kept = placed.len();
    placed.extend(left);
    (placed, kept)
}

fn by() -> impl Strategy<Value = By> {
    prop::sample::select(vec![By::Actor, By::Object, By::Conversation, By::Root])
}

fn cap() -> impl Strategy<Value = Cap> {
    (by(), bound(), bound()).prop_map(|(by, most, of)| Cap { by, most, of })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn each_place_is_taken_by_the_first_that_may((candidates, order) in set(), cap in cap()) {
        let (expected, _) = naive(cap, &candidates, &order);
        prop_assert_eq!(bits(&select(&cap, &candidates, &order)), bits(&expected));
    }

    #[test]
    fn the_rule_holds_in_every_window_until_nobody_may_come((candidates, order) in set(), cap in cap()) {
        let (_, kept) = naive(cap, &candidates, &order);
        let found = select(&cap, &candidates, &order);
        let keeps = &found[..kept];
        for window in keeps.windows(cap.of.clamp(1, keeps.len().max(1))) {
            for one in window {
                let like = window.iter().filter(|other| {
                    one.row == other.row || same(cap.by, &candidates, one.row, other.row)
                });
                let is_there = candidates.activity(one.row).is_some();
                let has_kind = same(cap.by, &candidates, one.row, one.row);
                prop_assert!(cap.of == 0 || !is_there || !has_kind || like.count() <= cap.most);
            }
        }
        for next in &found[kept..] {
            prop_assert!(!may_come(cap, &candidates, keeps, next));
        }
    }

    #[test]
    fn an_order_that_keeps_the_rule_is_left_alone((candidates, order) in set(), cap in cap()) {
        let (mut keeps, kept) = naive(cap, &candidates, &order);
        keeps.truncate(kept);
        prop_assert_eq!(bits(&select(&cap, &candidates, &keeps)), bits(&keeps));
    }
}

#[test]
fn what_waits_comes_as_soon_as_it_may_and_the_rest_in_its_order() {
    let of_actor = |actor| (actor, 0);
    let candidates = candidates(&[1, 1, 1, 2, 3, 1, 2].map(of_actor));
    let cap = Cap {
        by: By::Actor,
        most: 1,
        of: 3,
    };
    let found = select(&cap, &candidates, &in_order(7));
    assert_eq!(rows(&found), [0, 3, 4, 1, 6, 2, 5]);
}

#[test]
fn a_share_is_of_a_kind_with_what_it_shares() {
    // Row 0 shares row 4, row 1 shares row 5, row 2 likes row 9 % 6 = 3.
    let candidates = candidates(&[(1, 4), (2, 4), (3, 7), (4, 0), (5, 0), (6, 0)]);
    let cap = Cap {
        by: By::Root,
        most: 1,
        of: usize::MAX,
    };
    let found = select(&cap, &candidates, &in_order(6));
    assert_eq!(rows(&found), [0, 1, 2, 3, 4, 5]);
    let mut swapped = in_order(6);
    swapped.swap(1, 4);
    assert_eq!(
        rows(&select(&cap, &candidates, &swapped)),
        [0, 2, 3, 1, 4, 5]
    );
}
