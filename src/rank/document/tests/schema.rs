//! The schema says what the reader does.

use proptest::prelude::*;
use schemars::schema_for;

use super::*;
use crate::rank::formula::OPERATORS;
use crate::rank::formula::tests::{condition_of, number};

/// Whether a value is as a schema says: for those of the keywords that are used here.
fn is_valid(value: &Json, schema: &Json, root: &Json) -> bool {
    let Some(schema) = schema.as_object() else {
        return schema == &json!(true);
    };
    schema
        .iter()
        .all(|(keyword, says)| match (keyword.as_str(), value) {
            ("$ref", _) => {
                let path = says.as_str().unwrap().trim_start_matches('#');
                is_valid(value, root.pointer(path).unwrap(), root)
            }
            ("anyOf", _) => says
                .as_array()
                .unwrap()
                .iter()
                .any(|one| is_valid(value, one, root)),
            ("allOf", _) => says
                .as_array()
                .unwrap()
                .iter()
                .all(|one| is_valid(value, one, root)),
            ("type", _) => match says.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "number" => value.is_number(),
                "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
                other => panic!("{other}"),
            },
            ("enum", _) => says.as_array().unwrap().contains(value),
            ("minimum", Json::Number(number)) => number.as_f64() >= says.as_f64(),
            ("maximum", Json::Number(number)) => number.as_f64() <= says.as_f64(),
            ("items", Json::Array(list)) => list.iter().all(|item| is_valid(item, says, root)),
            ("prefixItems", Json::Array(list)) => list
                .iter()
                .zip(says.as_array().unwrap())
                .all(|(item, says)| is_valid(item, says, root)),
            ("minItems", Json::Array(list)) => list.len() as u64 >= says.as_u64().unwrap(),
            ("maxItems", Json::Array(list)) => list.len() as u64 <= says.as_u64().unwrap(),
            ("minProperties", Json::Object(fields)) => {
                fields.len() as u64 >= says.as_u64().unwrap()
            }
            ("maxProperties", Json::Object(fields)) => {
                fields.len() as u64 <= says.as_u64().unwrap()
            }
            ("properties", Json::Object(fields)) => fields.iter().all(|(name, field)| {
                says.get(name)
                    .is_none_or(|says| is_valid(field, says, root))
            }),
            ("required", Json::Object(fields)) => says
                .as_array()
                .unwrap()
                .iter()
                .all(|name| fields.contains_key(name.as_str().unwrap())),
            ("additionalProperties", Json::Object(fields)) => {
                let known = schema.get("properties").unwrap();
                fields.keys().all(|name| known.get(name).is_some())
            }
            // The patterns are the concern of the features' own tests.
            ("pattern", Json::String(text)) => !text.is_empty(),
            ("$schema" | "$defs" | "title" | "description" | "default", _) => true,
            (
                "minimum" | "maximum" | "items" | "prefixItems" | "minItems" | "maxItems"
                | "minProperties",
                _,
            ) => true,
            (
                "maxProperties" | "properties" | "required" | "additionalProperties" | "pattern",
                _,
            ) => true,
            (other, _) => panic!("{other} is used, and nothing is known of it here"),
        })
}

fn schema() -> Json {
    schema_for!(Document).to_value()
}

fn fits(value: &Json) -> bool {
    let schema = schema();
    is_valid(value, &schema, &schema)
}

#[test]
fn the_schema_names_every_operator_and_no_other() {
    let schema = schema();
    let mut named: Vec<&str> = Vec::new();
    for kind in ["Number", "Condition"] {
        let choices = schema["$defs"][kind]["anyOf"].as_array().unwrap();
        let operators = choices
            .iter()
            .filter_map(|choice| choice["properties"].as_object());
        named.extend(operators.flat_map(|operators| operators.keys().map(String::as_str)));
    }
    named.sort_unstable();
    let mut known: Vec<&str> = OPERATORS.iter().map(|operator| operator.name).collect();
    known.sort_unstable();
    assert_eq!(named, known);
}

#[test]
fn the_schema_fits_what_is_ready_and_all_that_there_is() {
    for text in READY {
        assert!(fits(&serde_json::from_str(text).unwrap()), "{text}");
    }
    assert!(fits(&full()));
}

#[test]
fn the_schema_fits_nothing_that_is_wrong() {
    for (path, wrong) in [
        ("/name", json!(7)),
        ("/filters/0/keep", json!("age")),
        ("/filters/0/keep", json!({"<": ["age"]})),
        ("/filters/0/keep", json!({"exp": ["age"]})),
        ("/terms/0/weight", json!("2")),
        ("/terms/0/value", json!({"clmp": ["age", 0, 1]})),
        ("/terms/0/value", json!({"clamp": ["age", 0]})),
        ("/terms/0/value", json!({"-": ["age", 0, 1]})),
        ("/terms/0/value", json!({"if": ["age", 0, 1]})),
        ("/terms/0/value", json!({"+": []})),
        ("/terms/0/value", json!({})),
        ("/terms/0/value", json!(true)),
        ("/terms/1/value", json!({"model": "a", "b": 1})),
        ("/rules/0", json!({"name": "a"})),
        ("/rules/0", json!({"top": 3})),
        (
            "/rules/0",
            json!({"name": "a", "top": 3, "mmr": {"lambda": 1, "of": 1}}),
        ),
        ("/rules/0/author_decay/factor", json!(1.5)),
        ("/rules/1/cap/by", json!("author")),
        ("/rules/1/cap/most", json!(0)),
        ("/rules/5/mix/0/share", json!(-1)),
        ("/rules/6/explore", json!({"share": 0.5})),
        ("/rules/7/top", json!(1.5)),
    ] {
        let mut changed = full();
        *changed.pointer_mut(path).unwrap() = wrong.clone();
        assert!(!fits(&changed), "{path}: {wrong}");
        assert!(
            serde_json::from_value::<Document>(changed).is_err(),
            "{path}: {wrong}"
        );
    }
}

proptest! {
    /// Whatever the reader takes, the schema fits.
    #[test]
    fn the_schema_fits_all_that_is_read(value in number(), keep in condition_of(number())) {
        let document = json!({
            "name": "any",
            "filters": [{"name": "keep", "keep": keep}],
            "terms": [{"name": "value", "value": value}],
        });
        if serde_json::from_value::<Document>(document.clone()).is_ok() {
            prop_assert!(fits(&document));
        }
    }
}
