//! The whole of a ranking, on candidates that are made up.

use proptest::prelude::*;

use super::select::{AuthorDecay, Explore, Top};
use super::*;
use crate::activity::Activity;
use crate::feeds::Feeds;
use crate::id::ActorId;
use crate::wait::wait;

/// So many activities of a few actors, and these numbers as what is known of them.
fn candidates(columns: &[(&str, Vec<f64>)]) -> Candidates {
    let feeds = Feeds::in_memory();
    let rows = columns.iter().map(|(_, values)| values.len()).max();
    let published = (0..rows.unwrap_or(0) as u64).map(|number| {
        let draft = Activity::by(ActorId::from(number % 3));
        wait(feeds.publish(draft)).unwrap().activity
    });
    let mut candidates: Candidates = published.collect();
    for (name, values) in columns {
        candidates.set(host(name), values.clone());
    }
    candidates
}

fn host(name: &str) -> Feature {
    Feature::Host(name.into())
}

fn context() -> Context {
    Context::new(ActorId::from(1), chrono::DateTime::UNIX_EPOCH)
}

fn rows(ranked: &Ranked) -> Vec<usize> {
    ranked.order().iter().map(|placed| placed.row).collect()
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -3_i8..3,
        1 => Just(100),
    ]
    .prop_map(f64::from)
    .boxed()
    .prop_union(
        prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0]).boxed(),
    )
}

proptest! {
    /// contract 8.1, 8.3, 8.4
    #[test]
    fn a_ranking_is_what_one_would_do_by_hand(
        (one, other) in (0..12_usize).prop_flat_map(|rows| (
            prop::collection::vec(number(), rows),
            prop::collection::vec(number(), rows),
        )),
        weights in (number(), number()),
        most in 0..14_usize,
    ) {
        let candidates = candidates(&[("one", one.clone()), ("other", other.clone())]);
        let not_two = |candidates: &Candidates, _: &Context, kept: &mut [bool]| {
            for (row, kept) in kept.iter_mut().enumerate() {
                // Also tries to bring back what another one dropped.
                *kept = candidates.column(&host("one")).unwrap()[row] != 2.0;
            }
        };
        let ranking = Ranking::new("two terms")
            .filter("nothing", |_: &Candidates, _: &Context, kept: &mut [bool]| {
                for kept in kept.iter_mut().skip(5).step_by(7) {
                    *kept = false;
                }
            })
            .filter("no two", not_two)
            .term("one", weights.0, host("one"))
            .term("other", weights.1, host("other"))
            .select("so many", Top { most })
            .looks_at([host("one")]);
        prop_assert_eq!(ranking.features(), [host("one"), host("other")]);
        let score = |row: usize| 0.0 + weights.0 * one[row] + weights.1 * other[row];
        let stays = |row: &usize| (row % 7 != 5) && one[*row] != 2.0;
        let mut expected: Vec<usize> = (0..one.len()).filter(stays).collect();
        expected.sort_by(|a, b| {
            let key = |row: usize| match score(row).is_finite() {
                true => (1, score(row) + 0.0),
                false => (0, 0.0),
            };
            // Later rows are newer here.
            key(*b).partial_cmp(&key(*a)).unwrap().then(b.cmp(a))
        });
        let dropped = expected.split_off(most.min(expected.len()));
        let ranked = ranking.rank(&candidates, &context());
        prop_assert_eq!(rows(&ranked), &expected[..]);
        prop_assert!(ranked.explain(&candidates, 0).is_none());
        let traced = ranking.rank_and_trace(&candidates, &context());
        prop_assert_eq!(rows(&traced), &expected[..]);
        for (row, first) in one.iter().enumerate() {
            let why = traced.explain(&candidates, row).unwrap();
            let sum = why.terms.iter().fold(0.0, |sum, term| sum + term.score);
            let is = |number: f64| number == why.score || number.is_nan() && why.score.is_nan();
            prop_assert!(is(sum) && is(score(row)), "{sum}, {}, {}", score(row), why.score);
            prop_assert_eq!(why.place, expected.iter().position(|of| *of == row));
            let names: Vec<&str> = why.rules.iter().map(|rule| &*rule.name).collect();
            let expected: &[&str] = match (row % 7 == 5, *first == 2.0, dropped.contains(&row)) {
                (true, ..) => &["nothing"],
                (_, true, _) => &["no two"],
                (_, _, true) => &["so many"],
                _ => &[],
            };
            prop_assert_eq!(names, expected);
            let json = serde_json::to_string(&why).unwrap();
            let back: Explanation = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(back.place, why.place);
        }
        prop_assert!(traced.explain(&candidates, one.len()).is_none());
    }
}

#[test]
fn a_selector_brings_nothing_in_and_nothing_twice() {
    let candidates = candidates(&[("score", vec![1.0, 2.0, 3.0, 4.0])]);
    let meddles = |_: &Candidates, _: &Context, order: &mut Vec<Placed>| {
        order.truncate(2);
        order.insert(0, Placed::new(0, 9.0));
        order.insert(0, Placed::new(usize::MAX, 9.0));
        let first = order[1];
        order.push(first);
        order.push(Placed::new(3, 9.0));
    };
    let ranking = Ranking::new("meddled with")
        .filter(
            "not the first",
            |_: &Candidates, _: &Context, kept: &mut [bool]| kept[0] = false,
        )
        .term("score", 1.0, host("score"))
        .select("meddles", meddles);
    let ranked = ranking.rank_and_trace(&candidates, &context());
    assert_eq!(rows(&ranked), [3, 2]);
    let why = ranked.explain(&candidates, 1).unwrap();
    assert_eq!(
        why.rules[0],
        Rule {
            name: "meddles".into(),
            from: Some(2),
            to: None,
            made_way: false,
        }
    );
}

#[test]
fn an_explanation_tells_the_chances_of_lots() {
    let candidates = candidates(&[("score", vec![1.0, 2.0, 3.0])]);
    let ranking = Ranking::new("explores")
        .term("score", 1.0, host("score"))
        .select("a lot", Explore::try_new(0.5, 2).unwrap());
    let mut swapped = 0;
    for seed in 0..100 {
        let ranked = ranking.rank_and_trace(&candidates, &context().seed(seed));
        let chances: Vec<Option<f64>> = rows(&ranked)
            .into_iter()
            .map(|row| ranked.explain(&candidates, row).unwrap().propensity)
            .collect();
        let is_swapped = rows(&ranked) == [1, 2, 0];
        swapped += usize::from(is_swapped);
        let first = if is_swapped { 0.25 } else { 0.75 };
        assert_eq!(chances, [Some(first), Some(1.0), Some(1.0)]);
    }
    assert!((10..45).contains(&swapped), "{swapped}");
}

#[test]
fn rankings_are_told_apart_by_all_that_they_say() {
    let plain = || Ranking::new("one");
    let all = [
        plain(),
        Ranking::new("two"),
        plain().term("age", 1.0, Feature::Age),
        plain().term("age", 2.0, Feature::Age),
        plain().term("old", 1.0, Feature::Age),
        plain().select("top", Top { most: 1 }),
        plain().filter("top", |_: &Candidates, _: &Context, _: &mut [bool]| ()),
    ];
    for (at, one) in all.iter().enumerate() {
        for other in &all[..at] {
            assert_ne!(one.digest(), other.digest(), "{one:?} and {other:?}");
        }
    }
    assert_eq!(plain().digest(), plain().digest());
}

#[test]
fn a_rule_is_said_to_move_what_it_moved_and_not_what_made_way() {
    // Rows 0 and 3 are by one actor.
    let scores = vec![3.5, 2.0, 3.0, 4.0];
    let candidates = candidates(&[("score", scores)]);
    let swaps = |_: &Candidates, _: &Context, order: &mut Vec<Placed>| order.swap(0, 1);
    let ranking = Ranking::new("authors")
        .term("score", 1.0, host("score"))
        .select("authors", AuthorDecay::try_new(0.5, 0.0).unwrap())
        .select("swaps", swaps);
    let ranked = ranking.rank_and_trace(&candidates, &context());
    assert_eq!(rows(&ranked), [2, 3, 1, 0]);
    let moved = |row: usize| -> Vec<(Box<str>, bool)> {
        let rules = ranked.explain(&candidates, row).unwrap().rules.into_iter();
        rules.map(|rule| (rule.name, rule.made_way)).collect()
    };
    assert_eq!(moved(0), [("authors".into(), false)]);
    assert_eq!(moved(1), [("authors".into(), true)]);
    assert_eq!(
        moved(2),
        [("authors".into(), true), ("swaps".into(), false)]
    );
    assert_eq!(moved(3), [("swaps".into(), false)]);
}

#[test]
fn a_scorer_that_leaves_a_row_alone_has_not_told_it() {
    let candidates = candidates(&[("score", vec![1.0, 2.0])]);
    let of_the_first = |_: &Candidates, _: &Context, scores: &mut [f64]| scores[0] = 5.0;
    let ranking = Ranking::new("half told")
        .term("score", 1.0, host("score"))
        .term("the first", 1.0, of_the_first);
    let ranked = ranking.rank(&candidates, &context());
    assert_eq!(ranked.scores()[0], 6.0);
    assert!(ranked.scores()[1].is_nan());
    assert_eq!(rows(&ranked), [0, 1]);
}
