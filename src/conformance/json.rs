//! Free JSON that stores like to change.

use serde_json::{Map, Value, json};

use super::failure::{Verdict, same};

/// Values of every kind, each with a name.
pub(super) fn values() -> Vec<(&'static str, Value)> {
    let nested = (0..60).fold(Value::Null, |inside, depth| {
        if depth % 2 == 0 {
            json!([inside])
        } else {
            json!({"inside": inside})
        }
    });
    let mut keys = Map::new();
    for key in [
        "", " ", ".", "$ref", "a.b", "\u{0}", "ключ", "é", "e\u{301}", "Z", "a",
    ] {
        keys.insert(key.into(), json!(key));
    }
    vec![
        ("null", Value::Null),
        ("booleans", json!([true, false])),
        ("empty things", json!(["", [], {}])),
        ("the largest integer", json!(u64::MAX)),
        ("the smallest integer", json!(i64::MIN)),
        (
            "integers above 2^53",
            json!([9_007_199_254_740_993_u64, -9_007_199_254_740_993_i64]),
        ),
        ("integers beside floats", json!([1, 1.0, 0, 0.0, -1, -1.0])),
        ("negative zero", json!(-0.0)),
        (
            "floats",
            json!([
                0.1,
                1e300,
                5e-324,
                -2.5e-8,
                f64::MAX,
                1_845.983_059_999_999_8,
                0.000_115_197_673_000_000_01,
                13.404_953_999_999_999
            ]),
        ),
        (
            "unicode",
            json!("\u{0}\u{1f}\u{7f}\"\\/\u{2028}é e\u{301} 👩‍👩‍👧 \u{10ffff}"),
        ),
        ("keys of all kinds", Value::Object(keys)),
        ("nested to depth 60", nested),
        ("a text of 1 MB", json!("ä\"".repeat(350_000))),
    ]
}

/// That the value came back as it was, to the letter: `1` is not `1.0`, and `-0.0` is not `0.0`.
pub(super) fn unchanged(done: &str, name: &str, came: Option<&Value>, expected: &Value) -> Verdict {
    let text = |value: Option<&Value>| value.map(ToString::to_string);
    same(
        format!("{done} the JSON of {name}"),
        text(came),
        text(Some(expected)),
    )
}
