//! Each error says where, what was found and what would be right.

use super::*;

fn said(text: &str) -> String {
    let error = text.parse::<Document>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.operation(), "ranking");
    error.message().to_owned()
}

#[test]
fn errors_name_the_place_and_what_would_be_right() {
    for (text, expected) in [
        (
            "[]",
            "an object with name, about, filters, terms, rules is wanted here, and this is a list of 0",
        ),
        ("{}", r#""name" is missing here"#),
        (r#"{"name": " "}"#, "name: a name is empty"),
        (
            r#"{"name": 7}"#,
            "name: a text is wanted here, and this is 7",
        ),
        (
            r#"{"name": "a", "name": "b"}"#,
            r#""name" stands here twice; leave one out"#,
        ),
        (
            r#"{"name": "a", "filter": []}"#,
            r#"there is no "filter" here (did you mean "filters"?); there may be name, about, filters, terms, rules"#,
        ),
        (
            r#"{"name": "a", "terms": {}}"#,
            "terms: a list is wanted here, and this is an empty object",
        ),
        (
            r#"{"name": "a", "terms": [{"name": "b"}]}"#,
            r#"terms[0]: "value" is missing here"#,
        ),
        (
            r#"{"name": "a", "terms": [{"value": "age"}]}"#,
            r#"terms[0]: "name" is missing here"#,
        ),
        (
            r#"{"name": "a", "terms": [{"name": "b", "weight": "2", "value": "age"}]}"#,
            r#"terms[0].weight: a number is wanted here, and this is "2""#,
        ),
        (
            r#"{"name": "a", "terms": [{"name": "b", "value": {"ln": {"+": [1, "aeg"]}}}]}"#,
            r#"terms[0].value.ln.+[1]: "aeg" is no feature (did you mean "age"?)"#,
        ),
        (
            r#"{"name": "a", "terms": [{"name": "b", "value": {"model": 7}}]}"#,
            "terms[0].value.model: a text is wanted here, and this is 7",
        ),
        (
            r#"{"name": "a", "terms": [{"name": "b", "value": {"model": "c", "d": 1}}]}"#,
            r#"terms[0].value: there is no "d" here; there may be model"#,
        ),
        (
            r#"{"name": "a", "filters": [{"name": "b", "keep": "age"}]}"#,
            r#"filters[0].keep: a condition is wanted here, and "age" is a number"#,
        ),
        (
            r#"{"name": "a", "filters": [{"name": "b", "keep": {"<": ["age"]}}]}"#,
            r#"filters[0].keep.<: "<" takes a list of 2: [x, y], and this is a list of 1"#,
        ),
        (
            r#"{"name": "a", "terms": [{"name": "b", "value": 1e999}]}"#,
            "this JSON cannot be read: number out of range",
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
fn rules_name_the_place_and_what_would_be_right() {
    for (rule, expected) in [
        (
            "{}",
            ": one of top, author_decay, cap, mmr, mix, explore is missing here",
        ),
        (
            r#"{"topp": 3}"#,
            r#": there is no "topp" here (did you mean "top"?)"#,
        ),
        (
            r#"{"top": 3, "mmr": {"lambda": 1, "of": 1}}"#,
            r#": "top" and "mmr" are two rules; give each its own object and name"#,
        ),
        (
            r#"{"top": 0}"#,
            ".top: a whole number from 1 up is wanted here, and this is 0",
        ),
        (
            r#"{"top": 1.5}"#,
            ".top: a whole number from 1 up is wanted here, and this is 1.5",
        ),
        (
            r#"{"top": 1e300}"#,
            ".top: a whole number from 1 up is wanted here, and this is 1000",
        ),
        (
            r#"{"top": "3"}"#,
            r#".top: a whole number from 1 up is wanted here, and this is "3""#,
        ),
        (
            r#"{"author_decay": {"factor": 1.1, "floor": 0}}"#,
            ".author_decay.factor: a number from 0 to 1 is wanted here, and this is 1.1",
        ),
        (
            r#"{"author_decay": {"factor": 1, "floor": -0.5}}"#,
            ".author_decay.floor: a number from 0 to 1 is wanted here, and this is -0.5",
        ),
        (
            r#"{"author_decay": {"factor": 1}}"#,
            r#".author_decay: "floor" is missing here"#,
        ),
        (
            r#"{"author_decay": 0.5}"#,
            ".author_decay: an object with factor, floor is wanted here, and this is 0.5",
        ),
        (
            r#"{"cap": {"by": "author", "most": 1, "of": 2}}"#,
            r#".cap.by: one of actor, object, conversation, root is wanted here, and this is "author""#,
        ),
        (
            r#"{"cap": {"by": "actor", "most": 0, "of": 2}}"#,
            ".cap.most: a whole number from 1 up is wanted here",
        ),
        (
            r#"{"cap": {"by": "actor", "most": 3, "of": 2}}"#,
            ".cap.of: this is to be no less than most, which is 3, and it is 2",
        ),
        (
            r#"{"mmr": {"lambda": 2, "of": 5}}"#,
            ".mmr.lambda: a number from 0 to 1 is wanted here, and this is 2",
        ),
        (
            r#"{"mmr": {"lambda": 1, "of": -5}}"#,
            ".mmr.of: a whole number from 1 up is wanted here, and this is -5",
        ),
        (
            r#"{"mix": []}"#,
            ".mix: at least one share is to be above 0",
        ),
        (
            r#"{"mix": [{"name": "a", "share": 0}]}"#,
            ".mix: at least one share is to be above 0",
        ),
        (
            r#"{"mix": [{"name": "a", "share": 1}, {"name": "b", "share": -1}]}"#,
            ".mix[1].share: a share is 0 or above, and this is -1",
        ),
        (
            r#"{"mix": [{"name": "a", "share": 1, "when": 1}]}"#,
            ".mix[0].when: a condition is wanted here, and 1 is a number",
        ),
        (
            r#"{"explore": {"share": 7, "of": 1}}"#,
            ".explore.share: a number from 0 to 1 is wanted here, and this is 7",
        ),
    ] {
        let named = rule.replacen('{', r#"{"name": "r""#, 1);
        let named = if rule == "{}" {
            named
        } else {
            named.replacen(r#""r""#, r#""r", "#, 1)
        };
        let said = said(&format!(
            r#"{{"name": "a", "rules": [{{"name": "first", "top": 1}}, {named}]}}"#
        ));
        let expected = format!("rules[1]{expected}");
        assert!(
            said.starts_with(&expected),
            "{rule}\nsays  {said}\nnot {expected}"
        );
    }
}

#[test]
fn serde_tells_the_same() {
    let error = serde_json::from_str::<Document>(r#"{"name": 7}"#).unwrap_err();
    let said = error.to_string();
    assert!(
        said.starts_with("ranking: name: a text is wanted here, and this is 7"),
        "{said}"
    );
}
