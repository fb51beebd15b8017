//! Documents, good and bad.

mod errors;
#[cfg(feature = "schema")]
mod schema;

use serde_json::{Value as Json, json};

use super::*;
use crate::error::ErrorKind;
use crate::rank::formula::tests::{candidates, context};
use crate::rank::ready;

const READY: [&str; 3] = [ready::CHRONOLOGICAL, ready::LIVELY, ready::CLOSE];

/// One with everything that there is.
fn full() -> Json {
    json!({
        "name": "full",
        "about": "Everything.",
        "filters": [{"name": "a fortnight", "keep": {"<": ["age", "14d"]}}],
        "terms": [
            {"name": "new", "weight": 2.5, "value": {"exponential": ["age", "6h"]}},
            {"name": "learnt", "weight": 1, "value": {"model": "clicks"}},
        ],
        "rules": [
            {"name": "authors", "author_decay": {"factor": 0.7, "floor": 0}},
            {"name": "two of ten", "cap": {"by": "actor", "most": 2, "of": 10}},
            {"name": "objects", "cap": {"by": "object", "most": 1, "of": 1}},
            {"name": "roots", "cap": {"by": "root", "most": 1, "of": 5}},
            {"name": "unlike", "mmr": {"lambda": 0.7, "of": 100}},
            {"name": "sorts", "mix": [
                {"name": "answers", "when": {"==": ["is_reply", 1]}, "share": 0.2},
                {"name": "rest", "share": 0.8},
            ]},
            {"name": "lots", "explore": {"share": 0.05, "of": 100}},
            {"name": "a hundred", "top": 100},
        ],
    })
}

fn document(json: Json) -> Document {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_document_gives_its_json_back() -> Result<()> {
    let read = document(full());
    assert_eq!(serde_json::to_value(&read).unwrap(), full());
    let text = serde_json::to_string(&read).unwrap();
    assert_eq!(text.parse::<Document>()?, read);
    for text in READY {
        let ready: Document = text.parse()?;
        let mut given: Json = serde_json::from_str(text).unwrap();
        let terms = given.get_mut("terms").and_then(Json::as_array_mut);
        for term in terms.into_iter().flatten() {
            let weight = term.as_object_mut().unwrap().entry("weight");
            weight.or_insert(json!(1));
        }
        assert_eq!(serde_json::to_value(&ready).unwrap(), given);
    }
    Ok(())
}

#[test]
fn the_ready_rankings_are_rankings_under_their_names() -> Result<()> {
    for (text, name) in READY.iter().zip(["chronological", "lively", "close"]) {
        let document: Document = text.parse()?;
        assert_eq!(&*document.name, name);
        assert!(!document.about.is_empty());
        assert_eq!(document.ranking()?.name(), name);
    }
    Ok(())
}

#[test]
fn a_ranking_does_what_its_document_says() -> Result<()> {
    let ranking = Ranking::from_json(
        r#"{
            "name": "test",
            "filters": [{"name": "a day", "keep": {"<": ["age", "1d"]}}],
            "terms": [
                {"name": "new", "weight": -1, "value": "age"},
                {"name": "seen", "weight": 100000, "value": "seen"}
            ],
            "rules": [{"name": "three", "top": 3}]
        }"#,
    )?;
    // Of the six, the last two are older than a day; every other has been seen.
    let rows = candidates(6, |column, row| match column {
        0 => [10.0, 20.0, 30.0, 40.0, 86_400.0, 90_000.0][row],
        _ => (row % 2) as f64,
    });
    let ranked = ranking.rank_and_trace(&rows, &context());
    let order: Vec<usize> = ranked.order().iter().map(|placed| placed.row).collect();
    assert_eq!(order, [1, 3, 0]);
    let why = ranked.explain(&rows, 3).unwrap();
    let terms: Vec<(&str, f64)> = why
        .terms
        .iter()
        .map(|term| (&*term.name, term.score))
        .collect();
    assert_eq!(terms, [("new", -40.0), ("seen", 100_000.0)]);
    let rule = |row: usize| ranked.explain(&rows, row).unwrap().rules[0].name.clone();
    assert_eq!((&*rule(2), &*rule(4)), ("three", "a day"));
    assert_eq!(
        ranking.features(),
        ["age", "seen"].map(|name| name.parse().unwrap())
    );
    Ok(())
}

#[test]
fn rankings_are_the_same_if_their_documents_say_the_same() -> Result<()> {
    let digest = |text: &str| Ranking::from_json(text).map(|ranking| ranking.digest());
    let first = digest(r#"{"name": "a", "terms": [{"name": "new", "value": {"-": ["age"]}}]}"#)?;
    for same in [
        r#"{"terms": [{"value": {"-": ["age"]}, "name": "new"}], "name": "a"}"#,
        r#"{"name": "a", "about": "b", "terms": [{"name": "new", "value": {"-": ["age"]}}]}"#,
        r#"{"name": "a", "terms": [{"name": "new", "weight": 1.0, "value": {"-": ["age"]}}], "rules": []}"#,
    ] {
        assert_eq!(digest(same)?, first);
    }
    for other in [
        r#"{"name": "b", "terms": [{"name": "new", "value": {"-": ["age"]}}]}"#,
        r#"{"name": "a", "terms": [{"name": "newest", "value": {"-": ["age"]}}]}"#,
        r#"{"name": "a", "terms": [{"name": "new", "weight": 2, "value": {"-": ["age"]}}]}"#,
        r#"{"name": "a", "terms": [{"name": "new", "value": {"-": ["age", 1]}}]}"#,
        r#"{"name": "a", "terms": [{"name": "new", "value": {"-": ["age"]}}], "rules": [{"name": "c", "top": 1}]}"#,
        r#"{"name": "a", "terms": [{"name": "new", "value": {"-": ["age"]}}], "rules": [{"name": "c", "top": 2}]}"#,
    ] {
        assert_ne!(digest(other)?, first, "{other}");
    }
    Ok(())
}

#[test]
fn a_model_is_the_hosts_by_its_name() -> Result<()> {
    let text = r#"{"name": "a", "terms": [{"name": "learnt", "value": {"model": "clicks"}}]}"#;
    let resolve = |name: &str| -> Option<Arc<dyn Scorer>> {
        (name == "clicks").then(|| Arc::new(Feature::Seen) as _)
    };
    let ranking = Ranking::from_json_with(text, resolve)?;
    assert_eq!(ranking.features(), [Feature::Seen]);
    let ranked = ranking.rank(&candidates(1, |_, _| 3.0), &context());
    assert_eq!(ranked.scores(), [3.0]);
    let error = Ranking::from_json(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(
        error.to_string(),
        "ranking: terms[0].value.model: no model is called \"clicks\" here; give the ranking one by that name"
    );
    Ok(())
}

#[test]
fn what_is_changed_afterwards_is_checked_again() -> Result<()> {
    let mut changed: Document = r#"{
        "name": "a",
        "terms": [{"name": "new", "value": "age"}],
        "rules": [{"name": "few", "top": 3}]
    }"#
    .parse()?;
    changed.terms[0].weight = f64::NAN;
    let error = changed.ranking().unwrap_err();
    assert_eq!(
        error.message(),
        "terms[0].weight: a weight is to be finite, and this is NaN"
    );
    changed.terms[0].weight = 3.0;
    changed.rules[0].select = Select::Top(0);
    let error = changed.ranking().unwrap_err();
    assert_eq!(
        error.message(),
        "rules[0].top: a whole number from 1 up is wanted here, and this is 0"
    );
    Ok(())
}
