//! Formulas against a naive reading of them, and what bad ones are told.

mod errors;
mod naive;

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Condition, Formula};
use crate::activity::Activity;
use crate::error::ErrorKind;
use crate::id::{ActivityId, ActorId};
use crate::page::Item;
use crate::rank::{Candidates, Context, Feature, Filter, Scorer};

/// Of which the last is never gathered.
const FEATURES: [&str; 6] = [
    "age",
    "seen",
    "replies@6h",
    "reactions:like",
    "host:a",
    "posts",
];

fn feature(name: &str) -> Feature {
    name.parse().unwrap()
}

/// So many candidates, with a value for each row of each feature but the last.
pub(in crate::rank) fn candidates(rows: usize, value: impl Fn(usize, usize) -> f64) -> Candidates {
    let activity: Activity =
        serde_json::from_value(json!({"id": ActivityId::MIN, "actor": ActorId::from(1)})).unwrap();
    let item = Item {
        activity: Arc::new(activity),
        via: Vec::new(),
    };
    let mut candidates = Candidates::new(vec![item; rows]);
    for (column, name) in FEATURES.iter().enumerate().take(FEATURES.len() - 1) {
        let values = (0..rows).map(|row| value(column, row)).collect();
        candidates.set(feature(name), values);
    }
    candidates
}

pub(in crate::rank) fn context() -> Context {
    Context::new(ActorId::from(1), chrono::DateTime::default())
}

fn scores(formula: &Formula, candidates: &Candidates) -> Vec<f64> {
    let mut scores = vec![7.0; candidates.len()];
    formula.score(candidates, &context(), &mut scores);
    scores
}

fn kept(condition: &Condition, candidates: &Candidates) -> Vec<bool> {
    let mut kept = vec![true; candidates.len()];
    condition.filter(candidates, &context(), &mut kept);
    kept
}

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        prop::sample::select(vec![
            0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 10.0, 1e300, -1e300, 1e-300, 21_600.0
        ]),
        -100.0..100.0,
        prop::num::f64::NORMAL,
    ]
}

fn anything() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => float(),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
}

fn operator(name: &'static str, of: Vec<Value>) -> Value {
    json!({ name: of })
}

pub(in crate::rank) fn condition_of(
    number: impl Strategy<Value = Value> + Clone + 'static,
) -> impl Strategy<Value = Value> + Clone {
    let compares = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(Value::Bool),
        6 => (compares, number.clone(), number.clone()).prop_map(|(name, x, y)| operator(name, vec![x, y])),
        2 => number.prop_map(|x| json!({ "known": x })),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            (
                prop::sample::select(vec!["and", "or"]),
                prop::collection::vec(inner.clone(), 1..4)
            )
                .prop_map(|(name, of)| operator(name, of)),
            inner.prop_map(|of| json!({ "not": of })),
        ]
    })
}

pub(in crate::rank) fn number() -> impl Strategy<Value = Value> + Clone {
    let leaf = prop_oneof![
        5 => prop::sample::select(FEATURES.to_vec()).prop_map(Value::from),
        2 => float().prop_map(Value::from),
        1 => Just(Value::from("6h")),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let (x, y, z) = (inner.clone(), inner.clone(), inner.clone());
        let one = ["-", "abs", "sqrt", "ln", "log10", "exp", "logistic"];
        let two = [
            "-",
            "/",
            "pow",
            "default",
            "exponential",
            "linear",
            "gaussian",
        ];
        prop_oneof![
            (prop::sample::select(one.to_vec()), x.clone(), any::<bool>()).prop_map(
                |(name, x, alone)| match alone {
                    true => json!({ name: x }),
                    false => json!({ name: [x] }),
                }
            ),
            (prop::sample::select(two.to_vec()), x.clone(), y.clone())
                .prop_map(|(name, x, y)| operator(name, vec![x, y])),
            (
                prop::sample::select(vec!["+", "*", "min", "max"]),
                prop::collection::vec(inner.clone(), 1..5)
            )
                .prop_map(|(name, of)| operator(name, of)),
            (
                prop::sample::select(vec!["clamp", "hot", "wilson"]),
                x.clone(),
                y.clone(),
                z.clone()
            )
                .prop_map(|(name, x, y, z)| operator(name, vec![x, y, z])),
            (x.clone(), y.clone(), z.clone(), inner.clone())
                .prop_map(|(w, x, y, z)| operator("hot_scaled", vec![w, x, y, z])),
            (condition_of(x), y, z)
                .prop_map(|(condition, x, y)| operator("if", vec![condition, x, y])),
        ]
    })
}

/// Any JSON, in which operators and features are frequent.
fn junk() -> impl Strategy<Value = Value> {
    let mut words: Vec<String> = super::OPERATORS
        .iter()
        .map(|operator| operator.name.to_owned())
        .collect();
    words.extend(FEATURES.map(str::to_owned));
    words.extend(["6h", "6x", "", "@", "model", "reactions@", "9"].map(str::to_owned));
    let word = prop_oneof![prop::sample::select(words), "\\PC{0,8}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Rows on both sides of where blocks end.
fn rows() -> impl Strategy<Value = usize> {
    prop::sample::select(vec![0, 1, 2, 5, 127, 128, 129, 300])
}

fn is_same(one: f64, other: f64) -> bool {
    one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// By columns, compiled and folded, a formula gives what reading it again for each row would, to the bit.
    #[test]
    fn a_formula_gives_what_a_naive_reading_gives(
        json in number(),
        pool in prop::collection::vec(anything(), 1..40),
        rows in rows(),
    ) {
        let value = |column: usize, row: usize| pool[(row * 7 + column * 3) % pool.len()];
        let formula = match Formula::parse(&json) {
            Ok(formula) => formula,
            Err(error) => {
                prop_assert!(naive::is_refused(&json), "{error}");
                return Ok(());
            }
        };
        prop_assert!(!naive::is_refused(&json));
        let scores = scores(&formula, &candidates(rows, value));
        for (row, score) in scores.iter().enumerate() {
            let known = |name: &str| match FEATURES.iter().position(|feature| *feature == name) {
                Some(column) if column < FEATURES.len() - 1 => value(column, row),
                _ => f64::NAN,
            };
            let expected = naive::number(&json, &known);
            prop_assert!(is_same(*score, expected), "row {row}: {score} and not {expected}");
        }
    }

    #[test]
    fn a_condition_keeps_what_a_naive_reading_keeps(
        json in condition_of(number()),
        pool in prop::collection::vec(anything(), 1..40),
        rows in rows(),
    ) {
        let value = |column: usize, row: usize| pool[(row * 7 + column * 3) % pool.len()];
        let Ok(condition) = Condition::parse(&json) else {
            prop_assert!(naive::is_refused(&json));
            return Ok(());
        };
        for (row, kept) in kept(&condition, &candidates(rows, value)).into_iter().enumerate() {
            let known = |name: &str| match FEATURES.iter().position(|feature| *feature == name) {
                Some(column) if column < FEATURES.len() - 1 => value(column, row),
                _ => f64::NAN,
            };
            prop_assert_eq!(kept, naive::condition(&json, &known), "row {}", row);
        }
    }

    #[test]
    fn a_formula_gives_its_json_back(json in number()) {
        let Ok(formula) = Formula::parse(&json) else {
            return Ok(());
        };
        let text = formula.to_string();
        prop_assert_eq!(&text.parse::<Formula>().unwrap(), &formula);
        let back: Value = serde_json::from_str(&text).unwrap();
        // Whole numbers are written without their point.
        prop_assert_eq!(Formula::parse(&back).unwrap(), formula);
        prop_assert_eq!(serde_json::from_str::<Formula>(&text).unwrap().to_string(), text);
    }

    #[test]
    fn whatever_is_no_formula_is_an_error_and_no_panic(json in junk()) {
        let rows = candidates(3, |_, _| 1.0);
        match Formula::parse(&json) {
            Ok(formula) => drop(scores(&formula, &rows)),
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Invalid),
        }
        match Condition::parse(&json) {
            Ok(condition) => drop(kept(&condition, &rows)),
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Invalid),
        }
        let _ = json.to_string().parse::<Formula>();
    }
}

#[test]
fn what_is_not_known_stays_so_unless_the_formula_says_what_then() {
    let rows = candidates(1, |_, _| f64::NAN);
    let value = |text: &str| scores(&text.parse().unwrap(), &rows)[0];
    for text in [
        r#""age""#,
        r#"{"max": ["age", 0]}"#,
        r#"{"min": [0, "age"]}"#,
        r#"{"clamp": ["age", 0, 5]}"#,
        r#"{"pow": ["age", 0]}"#,
        r#"{"pow": [1, "age"]}"#,
        r#"{"wilson": ["age", 0, 1.96]}"#,
        r#"{"hot": [1, "age", 0]}"#,
        r#"{"hot_scaled": [1, 1, 0, "age"]}"#,
    ] {
        assert!(value(text).is_nan(), "{text}");
    }
    assert_eq!(value(r#"{"default": ["age", 3]}"#), 3.0);
    assert_eq!(value(r#"{"if": [{"known": "age"}, 1, 2]}"#), 2.0);
    assert_eq!(value(r#"{"if": [{"!=": ["age", 1]}, 1, 2]}"#), 2.0);
}

#[test]
fn a_formula_looks_at_each_feature_once() -> crate::error::Result<()> {
    let formula: Formula = r#"{"+": ["affinity", "age", "affinity@1w", "age"]}"#.parse()?;
    assert_eq!(formula.features(), [feature("affinity"), feature("age")]);
    let duration: Formula = r#""6h""#.parse()?;
    assert_eq!(duration.features(), []);
    assert_eq!(scores(&duration, &candidates(1, |_, _| 0.0)), [21_600.0]);
    Ok(())
}

#[test]
fn a_filter_brings_nothing_back() -> crate::error::Result<()> {
    let condition: Condition = "true".parse()?;
    let mut kept = [false, true];
    condition.filter(&candidates(2, |_, _| 0.0), &context(), &mut kept);
    assert_eq!(kept, [false, true]);
    Ok(())
}

#[test]
fn numbers_of_a_reader_that_keeps_their_digits_are_numbers() -> crate::error::Result<()> {
    let handed_over = json!({"*": ["age", {"$serde_json::private::Number": "2.5"}]});
    let formula = Formula::parse(&handed_over)?;
    assert_eq!(formula, r#"{"*": ["age", 2.5]}"#.parse()?);
    let endless = json!({"$serde_json::private::Number": "1e999"});
    assert!(Formula::parse(&endless).is_err());
    Ok(())
}

#[test]
fn the_page_tells_of_every_operator() {
    let page = include_str!("../../../docs/ranking.md");
    for operator in super::OPERATORS {
        let written = format!("`{{\"{}\": ", operator.name);
        assert!(page.contains(&written), "{}", operator.name);
    }
}
