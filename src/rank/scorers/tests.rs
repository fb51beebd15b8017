//! Scorers against what they say they reckon.

use proptest::prelude::*;

use super::*;
use crate::rank::select::tests::made_up::{candidates, context, score};
use crate::rank::{Placed, by_score, curves};

fn host(name: &str) -> Feature {
    Feature::Host(name.into())
}

fn scores(scorer: &dyn Scorer, candidates: &Candidates) -> Vec<f64> {
    // Whatever is there is written over.
    let mut scores = vec![77.0; candidates.len()];
    scorer.score(candidates, &context(), &mut scores);
    scores
}

fn bits(scores: &[f64]) -> Vec<Option<u64>> {
    let bits = |score: &f64| (!score.is_nan()).then(|| (score + 0.0).to_bits());
    scores.iter().map(bits).collect()
}

/// Two features of the host's, ages and numbers of posts.
fn known() -> impl Strategy<Value = Vec<[f64; 4]>> {
    let age = prop_oneof![3 => 0.0..1e6, 1 => score()];
    let posts = prop_oneof![3 => (1..9_u32).prop_map(f64::from), 1 => score()];
    prop::collection::vec((score(), score(), age, posts), 0..12).prop_map(|rows| {
        let rows = rows.into_iter();
        rows.map(|(one, other, age, posts)| [one, other, age, posts])
            .collect()
    })
}

fn with(known: &[[f64; 4]]) -> Candidates {
    let mut candidates = candidates(&vec![(1, 0); known.len()]);
    let features = [host("one"), host("other"), Feature::Age, Feature::Posts];
    for (number, feature) in features.into_iter().enumerate() {
        candidates.set(feature, known.iter().map(|row| row[number]).collect());
    }
    candidates
}

/// NaN where one of these is.
fn unless(unknown: &[f64], score: f64) -> f64 {
    match unknown.iter().any(|value| value.is_nan()) {
        true => f64::NAN,
        false => score,
    }
}

proptest! {
    #[test]
    fn scorers_give_what_their_curves_say(known in known(), power in 0.0..3.0_f64, half in 0.1..1e5_f64) {
        let candidates = with(&known);
        let oldest = known.iter().map(|row| row[2]).filter(|age| age.is_finite()).fold(0.0, f64::max);
        let by_row = |score: &dyn Fn(&[f64; 4]) -> f64| bits(&known.iter().map(score).collect::<Vec<_>>());

        let decay = |curve| bits(&scores(&Decay::try_new(host("one"), curve).unwrap(), &candidates));
        let one = |curve: fn(f64, f64) -> f64| by_row(&|row| unless(&row[..1], curve(row[0], half)));
        prop_assert_eq!(decay(Curve::Exponential(half)), one(curves::exponential));
        prop_assert_eq!(decay(Curve::Linear(half)), one(curves::linear));
        prop_assert_eq!(decay(Curve::Gaussian(half)), one(curves::gaussian));

        let wilson = Wilson::try_new(host("one"), host("other"), 1.96).unwrap();
        let expected = by_row(&|row| unless(&row[..2], curves::wilson(row[0], row[1], 1.96)));
        prop_assert_eq!(bits(&scores(&wilson, &candidates)), expected);

        let hot = Hot::try_new(host("one"), power, 2.0).unwrap();
        let expected = by_row(&|row| unless(&[row[0], row[2]], curves::hot(row[0], row[2] / 7_200.0, power)));
        prop_assert_eq!(bits(&scores(&hot, &candidates)), expected);

        let scaled = HotScaled::try_new(host("one"), power).unwrap();
        for (row, found) in known.iter().zip(scores(&scaled, &candidates)) {
            let age = row[2].max(0.0) * row[3].max(0.0) / oldest.max(0.001);
            let expected = unless(&[row[0], row[2], row[3]], curves::hot(row[0], age, power));
            if row.iter().all(|value| value.abs() < 1e9) {
                prop_assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{} for {}", found, expected);
            }
            let is_known = [row[0], row[2], row[3]].iter().all(|value| !value.is_nan());
            prop_assert!(is_known || found.is_nan());
        }
    }

    #[test]
    fn sums_are_those_of_a_ranking(known in known(), bias in -3.0..3.0_f64, a in -3.0..3.0_f64, b in -3.0..3.0_f64) {
        let candidates = with(&known);
        let weighted = Weighted::default().term(a, host("one")).term(b, host("other"));
        let expected: Vec<f64> = known.iter().map(|row| 0.0 + a * row[0] + b * row[1]).collect();
        prop_assert_eq!(bits(&scores(&weighted, &candidates)), bits(&expected));
        let ranking = crate::rank::Ranking::new("").term("", a, host("one")).term("", b, host("other"));
        let ranked = ranking.rank(&candidates, &context());
        prop_assert_eq!(bits(ranked.scores()), bits(&expected));

        let logistic = Logistic { bias, weights: vec![(host("one"), a), (host("other"), b)] };
        for (row, found) in known.iter().zip(scores(&logistic, &candidates)) {
            let z = bias + a * row[0] + b * row[1];
            let expected = z.exp() / (1.0 + z.exp());
            prop_assert!(found.is_nan() == z.is_nan());
            prop_assert!(z.is_nan() || (0.0..=1.0).contains(&found));
            prop_assert!(!expected.is_finite() || (found - expected).abs() < 1e-12, "{} for {}", found, expected);
        }
    }

    #[test]
    fn by_time_is_the_order_of_ids_of_different_milliseconds(rows in 0..30_usize) {
        let candidates = candidates(&vec![(1, 0); rows]);
        let scores = scores(&Chronological, &candidates);
        let mut order: Vec<Placed> = scores.iter().enumerate().map(|(row, score)| Placed::new(row, *score)).collect();
        order.sort_by(|one, other| by_score(&candidates, one, other));
        prop_assert!(order.iter().map(|placed| placed.row).eq(0..rows));
        for (item, score) in candidates.items().iter().zip(scores) {
            let millis = item.activity.published().timestamp_millis();
            prop_assert_eq!((score * 1_000.0).round() as i64, millis);
        }
    }
}

/// Every scorer, each looking at other features than the last.
fn all() -> Vec<Box<dyn Scorer>> {
    vec![
        Box::new(Decay::try_new(host("one"), Curve::Linear(1.0)).unwrap()),
        Box::new(Hot::try_new(host("one"), 0.0, 1.0).unwrap()),
        Box::new(HotScaled::try_new(host("one"), 0.0).unwrap()),
        Box::new(Wilson::try_new(host("one"), host("other"), 1.0).unwrap()),
        Box::new(Logistic {
            bias: 0.0,
            weights: vec![(host("one"), 1.0), (host("other"), 1.0)],
        }),
        Box::new(Weighted::default().term(1.0, host("other"))),
    ]
}

/// Each says what it looks at: without any one of those, nothing is known.
#[test]
fn without_a_feature_that_a_scorer_names_there_is_no_score() {
    let known = [[1.0, 2.0, 3.0, 4.0]; 3];
    for (number, scorer) in all().iter().enumerate() {
        let mut none_else = candidates(&[(1, 0); 3]);
        for feature in scorer.features() {
            none_else.set(feature, vec![1.0; 3]);
        }
        let found = scores(scorer.as_ref(), &none_else);
        assert!(found.iter().all(|score| score.is_finite()), "{number}");
        for feature in scorer.features() {
            let mut candidates = with(&known);
            candidates.set(feature.clone(), vec![1.0, f64::NAN]);
            let found = scores(scorer.as_ref(), &candidates);
            let unknown: Vec<bool> = found.iter().map(|score| score.is_nan()).collect();
            assert_eq!(unknown, [false, true, true], "{feature} for {number}");
        }
        let nothing_known = scores(scorer.as_ref(), &candidates(&[(1, 0); 3]));
        assert!(nothing_known.iter().all(|score| score.is_nan()), "{number}");
    }
}

#[test]
fn a_calm_stream_stays_hot_for_longer() {
    let mut candidates = candidates(&[(1, 0), (2, 0), (2, 0)]);
    candidates.set(host("one"), vec![9.0; 3]);
    candidates.set(Feature::Age, vec![5e5, 5e5, 1e6]);
    candidates.set(Feature::Posts, vec![1.0, 2.0, 2.0]);
    let scaled = HotScaled::try_new(host("one"), 1.0).unwrap();
    let found = scores(&scaled, &candidates);
    let expected = [1.0 / 1.5, 1.0 / 2.0, 1.0 / 3.0];
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
    }
}

#[test]
fn measures_that_make_no_sense_are_refused() {
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        let errors = [
            Decay::try_new(Feature::Age, Curve::Exponential(wrong)).unwrap_err(),
            Decay::try_new(Feature::Age, Curve::Linear(wrong)).unwrap_err(),
            Decay::try_new(Feature::Age, Curve::Gaussian(wrong)).unwrap_err(),
            Hot::try_new(Feature::Seen, wrong, 1.0).unwrap_err(),
            Hot::try_new(Feature::Seen, 1.0, wrong).unwrap_err(),
            HotScaled::try_new(Feature::Seen, wrong).unwrap_err(),
            Wilson::try_new(Feature::Seen, Feature::Seen, wrong).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Invalid);
            let said = format!("is {wrong}; give a finite number");
            assert!(error.message().contains(&said), "{error}");
        }
    }
    assert!(Decay::try_new(Feature::Age, Curve::Linear(0.0)).is_err());
    assert!(Hot::try_new(Feature::Age, 0.0, 0.0).is_err());
    assert!(Wilson::try_new(Feature::Age, Feature::Age, 0.0).is_ok());
}
