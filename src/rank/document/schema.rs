//! The JSON Schema of documents, made of what reads them: the table of operators and the names of rules.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::select::{BY, Select};
use super::{Document, MODEL};
use crate::rank::formula::{Kind, OPERATORS, Takes};
use crate::rank::{Condition, Formula};

/// A feature; that its half-life is one, and where there can be one.
const FEATURE: &str = "^(age|followers|following|posts|common_groups|seen|is_own|is_reply|is_share|host:.*\
    |(reactions(:.+)?|replies|affinity)(@\\+?0*[1-9][0-9]*[smhdw])?)$";

const DURATION: &str = "^0*[1-9][0-9]*[smhdw]$";

impl JsonSchema for Document {
    fn schema_name() -> Cow<'static, str> {
        "Ranking".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let formula = generator.subschema_for::<Formula>();
        let condition = generator.subschema_for::<Condition>();
        let filter = object(
            json!({
                "name": name("What explanations call it."),
                "keep": {"allOf": [condition], "description": "What is true of what stays."},
            }),
            &["name", "keep"],
        );
        let model = object(
            json!({MODEL: name("A scorer of the host's, by its name.")}),
            &[MODEL],
        );
        let term = object(
            json!({
                "name": name("What explanations call it."),
                "weight": {"type": "number", "default": 1, "description": "What the value is multiplied by."},
                "value": {"anyOf": [formula, model], "description": "What is added to the score."},
            }),
            &["name", "value"],
        );
        json_schema!({
            "description": "How a feed is ranked.",
            "type": "object",
            "properties": {
                "name": name("What it is called."),
                "about": {"type": "string", "description": "What it does, for people."},
                "filters": list(&filter, "What stays, one condition after another."),
                "terms": list(&term, "What a score is made of. Without any, the newest come first."),
                "rules": list(&rule(condition.as_value()), "What is done with the scored, one rule after another."),
            },
            "required": ["name"],
            "additionalProperties": false,
        })
    }
}

impl JsonSchema for Formula {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let operators = operators(Kind::Number, generator);
        json_schema!({
            "description": "A number, the name of a feature, a duration in seconds, or an operator.",
            "anyOf": [
                {"type": "number"},
                {"type": "string", "pattern": FEATURE, "description": "What is known of a feature."},
                {"type": "string", "pattern": DURATION, "description": "A duration in seconds."},
                operators,
            ],
        })
    }
}

impl JsonSchema for Condition {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let operators = operators(Kind::Condition, generator);
        json_schema!({
            "description": "Something that holds or not.",
            "anyOf": [{"type": "boolean"}, operators],
        })
    }
}

/// The operators that give a kind, each an object with its name as the only key.
fn operators(gives: Kind, generator: &mut SchemaGenerator) -> Value {
    let number = generator.subschema_for::<Formula>().to_value();
    let condition = generator.subschema_for::<Condition>().to_value();
    let kind = |kind: Kind| match kind {
        Kind::Number => &number,
        Kind::Condition => &condition,
    };
    let mut properties = Map::new();
    for operator in OPERATORS.iter().filter(|operator| operator.gives == gives) {
        let about = operator.about;
        let takes = match operator.takes {
            Takes::Some(of, most) => {
                let mut several = json!({"type": "array", "items": kind(of), "minItems": 1});
                if let (true, Value::Object(several)) = (most < usize::MAX, &mut several) {
                    several.insert("maxItems".into(), most.into());
                }
                json!({"description": about, "anyOf": [kind(of), several]})
            }
            Takes::These([(_, of)]) => {
                let alone =
                    json!({"type": "array", "items": kind(*of), "minItems": 1, "maxItems": 1});
                json!({"description": about, "anyOf": [kind(*of), alone]})
            }
            Takes::These(these) => {
                let each = these
                    .iter()
                    .map(|(name, of)| json!({"title": name, "allOf": [kind(*of)]}));
                json!({
                    "description": about,
                    "type": "array",
                    "prefixItems": each.collect::<Vec<_>>(),
                    "minItems": these.len(),
                    "maxItems": these.len(),
                })
            }
        };
        properties.insert(operator.name.into(), takes);
    }
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    })
}

fn rule(condition: &Value) -> Value {
    let share = object(
        json!({
            "name": name("What it is called."),
            "when": {"allOf": [condition], "description": "What is true of them; without it, all that none before takes."},
            "share": {"type": "number", "minimum": 0},
        }),
        &["name", "share"],
    );
    let settings = |kind: &str| match kind {
        "top" => count("So many of the best are left."),
        "author_decay" => described(
            "What one actor did sinks, the more of it is above.",
            json!({"factor": from_0_to_1(), "floor": from_0_to_1()}),
        ),
        "cap" => described(
            "No more than `most` in a row of `of` have the same actor, object or root.",
            json!({"by": {"enum": BY}, "most": count("How many may."), "of": count("Among how many.")}),
        ),
        "mmr" => described(
            "Like is not followed by like: the score counts lambda, being different the rest.",
            json!({"lambda": from_0_to_1(), "of": count("How many of the best are ordered so.")}),
        ),
        "mix" => {
            json!({"type": "array", "items": share, "minItems": 1, "description": "Sorts of candidates get a share each."})
        }
        _ => described(
            "Some places of the best go to others by lot.",
            json!({"share": from_0_to_1(), "of": count("Of how many.")}),
        ),
    };
    let each = Select::KINDS.map(|kind| {
        let fields = json!({"name": name("What explanations call it."), kind: settings(kind)});
        object(fields, &["name", kind])
    });
    json!({"anyOf": each})
}

/// An object with these fields and no other, all of which it must have.
fn described(about: &str, fields: Value) -> Value {
    let names: Vec<String> = fields
        .as_object()
        .map(|fields| fields.keys().cloned().collect())
        .unwrap_or_default();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut object = object(fields, &names);
    if let Value::Object(object) = &mut object {
        object.insert("description".into(), about.into());
    }
    object
}

fn object(fields: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": fields, "required": required, "additionalProperties": false})
}

fn list(of: &Value, about: &str) -> Value {
    json!({"type": "array", "items": of, "description": about})
}

fn name(about: &str) -> Value {
    json!({"type": "string", "pattern": "\\S", "description": about})
}

fn count(about: &str) -> Value {
    json!({"type": "integer", "minimum": 1, "description": about})
}

fn from_0_to_1() -> Value {
    json!({"type": "number", "minimum": 0, "maximum": 1})
}
