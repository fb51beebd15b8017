//! Each error says where, what was found and what would be right.

use super::*;
use crate::rank::formula::tree::{DEEPEST, MOST};

fn said(text: &str) -> String {
    let error = text.parse::<Formula>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.operation(), "formula");
    error.message().to_owned()
}

#[test]
fn errors_name_the_place_and_what_would_be_right() {
    for (text, expected) in [
        (
            r#"{"ln": {"+": [1, {"*": [2, "reples"]}]}}"#,
            r#"ln.+[1].*[1]: "reples" is no feature (did you mean "replies"?); there are age, reactions, replies"#,
        ),
        (
            r#"{"clamp": [{"<": ["age", 1]}, 0, 1]}"#,
            r#"clamp[0]: a number is wanted here, and "<" gives a condition"#,
        ),
        (
            r#"{"clamp": [true, 0, 1]}"#,
            "clamp[0]: a number is wanted here, and true is a condition",
        ),
        (
            r#"{"if": ["age", 0, 1]}"#,
            r#"if[0]: a condition is wanted here, and "age" is a number"#,
        ),
        (
            r#"{"if": [1, 0, 1]}"#,
            "if[0]: a condition is wanted here, and 1 is a number",
        ),
        (
            r#"{"if": [{"not": {"+": [1]}}, 0, 1]}"#,
            r#"if[0].not: a condition is wanted here, and "+" gives a number"#,
        ),
        (
            r#"{"clmp": ["age", 0, 1]}"#,
            r#""clmp" is no operator (did you mean "clamp"?); there are +, -, *"#,
        ),
        (
            r#"{"+": [{"sinus": 1}]}"#,
            r#"+[0]: "sinus" is no operator; there are +, -, *"#,
        ),
        (
            r#"{"clamp": ["age", 0]}"#,
            r#"clamp: "clamp" takes a list of 3: [x, low, high], and this is a list of 2"#,
        ),
        (
            r#"{"clamp": "age"}"#,
            r#"clamp: a list of 3: [x, low, high] is wanted here, and this is "age""#,
        ),
        (
            r#"{"-": [1, 2, 3]}"#,
            r#"-: "-" takes a list of one to 2, and this is a list of 3"#,
        ),
        (
            r#"{"+": []}"#,
            r#"+: "+" takes a list of one or more, and this is a list of 0"#,
        ),
        (
            r#"{"ln": ["age", 1]}"#,
            r#"ln: "ln" takes x alone, and this is a list of 2"#,
        ),
        (
            r#"{"clamp": ["age", 1, 0]}"#,
            "clamp: low is 1 and high is 0; low is to be no higher than high",
        ),
        (
            r#"{"exponential": ["age", 0]}"#,
            "exponential[1]: half is to be above 0, and this is 0",
        ),
        (
            r#"{"linear": ["age", {"-": 1}]}"#,
            "linear[1]: end is to be above 0, and this is -1",
        ),
        (
            r#"{"/": ["age", {"-": [1, 1]}]}"#,
            "/[1]: nothing can be divided by 0",
        ),
        (
            r#"{"+": ["age", {"ln": -1}]}"#,
            "+[1].ln: this depends on no feature and comes to NaN, which is no number",
        ),
        (
            r#"{"pow": [10, 999]}"#,
            "pow: this depends on no feature and comes to inf",
        ),
        (
            r#"{"exponential": ["age", "6x"]}"#,
            r#"exponential[1]: "6x" is no duration; give a whole number and a unit"#,
        ),
        (r#""6""#, r#""6" is no duration"#),
        (
            r#""reactions@6x""#,
            r#""6x" is no half-life; give a whole number and a unit"#,
        ),
        (
            r#""age@6h""#,
            r#""age" has no half-life; only reactions, replies and affinity have"#,
        ),
        (
            r#""ln""#,
            r#""ln" is no feature but an operator, {"ln": …}; there are age"#,
        ),
        (
            r#""hst:quality""#,
            r#""hst:quality" is no feature (did you mean "host"?)"#,
        ),
        (
            r#"{"ln": null}"#,
            "ln: a number, the name of a feature or an operator is wanted here, and this is null",
        ),
        (
            "[1]",
            "a number, the name of a feature or an operator is wanted here, and this is a list of 1",
        ),
        (
            "{}",
            "an operator is an object with one key, its name, and this is an empty object",
        ),
        (
            r#"{"ln": 1, "exp": 2}"#,
            r#"an operator is an object with one key, its name, and this is an object with 2 keys, "ln" first"#,
        ),
        (
            r#"{"+": [1], "+": [2]}"#,
            r#"an operator is an object with one key, its name, and this is an object with 2 keys, "+" first"#,
        ),
        (
            "1e999",
            "this JSON cannot be read: number out of range at line 1",
        ),
        (
            "",
            "this JSON cannot be read: EOF while parsing a value at line 1",
        ),
        (
            "1 2",
            "this JSON cannot be read: trailing characters at line 1 column 3",
        ),
    ] {
        let said = said(text);
        assert!(
            said.starts_with(expected),
            "{text}\nsays  {said}\nnot {expected}"
        );
    }
}

#[test]
fn a_condition_is_no_number() {
    let error = r#""age""#.parse::<Condition>().unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"condition: a condition is wanted here, and "age" is a number"#
    );
    assert!(r#"{"<": [1, 2]}"#.parse::<Formula>().is_err());
}

#[test]
fn formulas_nest_so_deep_and_no_deeper() {
    let nested = |deep: usize| format!("{}\"age\"{}", "{\"ln\":".repeat(deep), "}".repeat(deep));
    assert!(nested(DEEPEST).parse::<Formula>().is_ok());
    let said = said(&nested(DEEPEST + 1));
    assert!(said.starts_with("ln.ln.ln."), "{said}");
    assert!(
        said.contains("may stand 100 deep within one another, and this is deeper"),
        "{said}"
    );
    // Far beyond what a reader of JSON or a stack endures.
    assert!(nested(1_000_000).parse::<Formula>().is_err());
    assert!("[".repeat(1_000_000).parse::<Formula>().is_err());
}

#[test]
fn formulas_have_so_many_values_and_no_more() {
    let sum = |values: usize| format!("{{\"+\":[{}\"age\"]}}", "1,".repeat(values - 3));
    assert!(sum(MOST).parse::<Formula>().is_ok());
    let said = said(&sum(MOST + 1));
    assert!(
        said.contains("there may be 10000 values, and here are more"),
        "{said}"
    );
}

#[test]
fn an_error_does_not_repeat_the_whole_of_a_long_text() {
    let said = said(&format!("\"{}\"", "é".repeat(100_000)));
    assert!(said.len() < 600, "{}", said.len());
}
