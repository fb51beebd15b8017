//! Conversations, and what must be answered.

use super::*;

/// What a run answers to these lines, as texts.
fn converse(arguments: &[&str], lines: &str) -> Vec<String> {
    let setup = Setup::parse_from([&["scenario"], arguments].concat());
    let mut output = Vec::new();
    let mut run = Run::new(setup).unwrap();
    run.converse(lines.as_bytes(), &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    output.lines().map(str::to_owned).collect()
}

/// What is answered, as JSON.
fn answers(lines: &str) -> Vec<Value> {
    let answers = converse(&[], lines);
    answers
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The kind of each answer's error, or `ok`.
fn kinds(lines: &str) -> Vec<String> {
    let kind = |answer: &Value| answer["error"]["kind"].as_str().unwrap_or("ok").to_owned();
    answers(lines).iter().map(kind).collect()
}

#[test]
fn a_bad_line_is_invalid_and_the_run_goes_on() {
    let lines = concat!(
        "garbage\n",
        "\n",
        "[1]\n",
        "{\"op\": 7}\n",
        "{\"actor\": \"anna\"}\n",
        "{\"op\": \"dance\"}\n",
        "{\"op\": \"follow\", \"actor\": \"ben\"}\n",
        "{\"op\": \"follow\", \"actor\": \"ben\", \"target\": 3}\n",
        "{\"op\": \"home\", \"actor\": \"ben\", \"limit\": \"20\"}\n",
        "{\"op\": \"home\", \"actor\": \"ben\", \"limit\": 0}\n",
        "{\"op\": \"home\", \"actor\": \"ben\", \"limit\": 1001}\n",
        "{\"op\": \"home\", \"actor\": \"ben\", \"limit\": -1}\n",
        "{\"op\": \"home\", \"actor\": \"ben\", \"replies\": \"some\"}\n",
        "{\"op\": \"publish\", \"actor\": \"ben\", \"audience\": {\"only\": \"anna\"}}\n",
        "{\"op\": \"publish\", \"actor\": \"ben\", \"object\": 7}\n",
        "{\"op\": \"strategy\", \"strategy\": \"hybrid\"}\n",
        "{\"op\": \"home\", \"actor\": \"ben\"}",
    );
    let mut expected = vec!["invalid"; 16];
    expected.push("ok");
    assert_eq!(kinds(lines), expected);
}

#[test]
fn bytes_that_are_no_text_are_an_invalid_line() {
    let mut run = Run::new(Setup::parse_from(["scenario"])).unwrap();
    let answer = run.answer(b"{\"op\": \"\xff\"}");
    assert_eq!(answer["error"]["kind"], "invalid");
}

#[test]
fn the_clock_stands_still_unless_set_and_never_goes_back() {
    let lines = r##"{"op": "publish", "actor": "anna"}
        {"op": "get", "activity": "#1"}
        {"op": "publish", "actor": "anna", "as": "later", "now": 1700000000005}
        {"op": "get", "activity": "later"}
        {"op": "get", "activity": "later", "now": 1700000000004}
        {"op": "get", "activity": "later", "now": 1700000000005}"##;
    let answers = answers(lines);
    assert_eq!(answers[1]["ok"]["published"], 1_700_000_000_000_i64);
    assert_eq!(answers[3]["ok"]["published"], 1_700_000_000_005_i64);
    assert_eq!(answers[4]["error"]["kind"], "invalid");
    assert_eq!(answers[5]["ok"]["activity"], "later");
    assert_eq!(
        kinds(r#"{"op": "home", "actor": "anna", "now": 281474976710656}"#),
        ["invalid"]
    );
}

/// contract 4.5: to the letter.
#[test]
fn what_is_hidden_answers_like_what_is_not_there() {
    let lines = r#"{"op": "publish", "actor": "anna", "as": "secret", "audience": {"only": ["cleo"]}}
        {"op": "publish", "actor": "ben", "in_reply_to": "secret"}
        {"op": "publish", "actor": "ben", "in_reply_to": "nothing"}
        {"op": "publish", "actor": "ben", "object": {"activity": "secret"}}
        {"op": "publish", "actor": "ben", "object": {"activity": "nothing"}}"#;
    let answers = answers(lines);
    assert_eq!(answers[1], answers[2]);
    assert_eq!(answers[3], answers[4]);
}

/// contract 2.4
#[test]
fn an_update_replaces_object_and_data() {
    let lines = r#"{"op": "publish", "actor": "anna", "as": "a", "object": "one", "data": 1}
        {"op": "update", "activity": "a", "object": "two", "now": 1700000000009}
        {"op": "get", "activity": "a"}"#;
    let expected = json!({
        "activity": "a", "actor": "anna", "verb": "Create", "audience": "public", "object": "two",
        "published": START, "updated": START + 9,
    });
    assert_eq!(answers(lines)[2]["ok"], expected);
}

#[test]
fn a_single_read_shows_what_was_published_and_leaves_out_what_is_absent() {
    let lines = r#"{"op": "join", "actor": "anna", "group": "team"}
        {"op": "publish", "actor": "anna", "as": "plain"}
        {"op": "publish", "actor": "anna", "as": "full", "verb": "deploy", "object": {"type": "Note", "id": "x"}, "to": ["team", "ben"], "audience": {"members": "team"}, "in_reply_to": "plain", "key": "k", "data": {"n": [1, 2.5]}}
        {"op": "publish", "actor": "anna", "as": "share", "verb": "Announce", "object": {"activity": "full"}, "audience": {"only": ["ben"]}}
        {"op": "get", "activity": "plain"}
        {"op": "get", "activity": "full", "viewer": "anna"}
        {"op": "get", "activity": "share", "viewer": "anna"}
        {"op": "get", "activity": "share", "viewer": "ben"}
        {"op": "get", "activity": "full"}"#;
    let answers = answers(lines);
    assert_eq!(
        answers[4]["ok"],
        json!({"activity": "plain", "actor": "anna", "verb": "Create", "audience": "public", "published": START})
    );
    assert_eq!(
        answers[5]["ok"],
        json!({
            "activity": "full", "actor": "anna", "verb": "deploy", "object": {"type": "Note", "id": "x"},
            "to": ["team", "ben"], "audience": {"members": "team"}, "in_reply_to": "plain",
            "published": START, "data": {"n": [1, 2.5]},
        })
    );
    assert_eq!(answers[6]["ok"]["object"], json!({"activity": "full"}));
    // contract 4.6: Ben may see the share, but not what is shared.
    assert_eq!(answers[7]["error"]["kind"], "not_found");
    assert_eq!(answers[8]["error"]["kind"], "not_found");
}

#[test]
fn what_is_not_known_is_not_found_unless_an_earlier_rule_says_otherwise() {
    let lines = r#"{"op": "get", "activity": "nothing"}
        {"op": "update", "activity": "nothing"}
        {"op": "delete", "activity": "nothing"}
        {"op": "publish", "actor": "anna", "in_reply_to": "nothing"}
        {"op": "publish", "actor": "anna", "in_reply_to": "nothing", "published": -1}
        {"op": "publish", "actor": "anna", "in_reply_to": "nothing", "audience": {"members": "team"}}
        {"op": "accept", "actor": "anna", "follower": "ben"}"#;
    let expected = [
        "not_found",
        "not_found",
        "not_found",
        "not_found",
        "invalid",
        "forbidden",
        "not_found",
    ];
    assert_eq!(kinds(lines), expected);
}

#[test]
fn a_key_finds_the_first_activity_under_its_label() {
    let lines = r#"{"op": "publish", "actor": "anna", "as": "one", "key": "k"}
        {"op": "publish", "actor": "anna", "as": "two", "key": "k"}
        {"op": "delete", "activity": "one"}
        {"op": "publish", "actor": "anna", "key": "k"}"#;
    let answers = answers(lines);
    assert_eq!(
        answers[0]["ok"],
        json!({"activity": "one", "created": true})
    );
    assert_eq!(
        answers[1]["ok"],
        json!({"activity": "one", "created": false})
    );
    assert_eq!(answers[3]["error"]["kind"], "gone");
}

#[test]
fn feeds_are_walked_down_and_up_and_explained() {
    let mut run = Run::new(Setup::parse_from(["scenario"])).unwrap();
    let mut ask = |line: Value| run.answer(line.to_string().as_bytes())["ok"].clone();
    ask(json!({"op": "follow", "actor": "ben", "target": "anna"}));
    ask(json!({"op": "follow", "actor": "ben", "target": "news"}));
    for label in ["a", "b", "c"] {
        ask(json!({"op": "publish", "actor": "anna", "as": label, "to": ["news"]}));
    }
    let first = ask(json!({"op": "home", "actor": "ben", "limit": 2, "explain": true}));
    let item = |label: &str| json!({"activity": label, "via": ["anna", "news"]});
    assert_eq!(first["items"], json!([item("c"), item("b")]));
    let last = ask(json!({"op": "home", "actor": "ben", "limit": 2, "after": first["next"]}));
    assert_eq!(
        (&last["items"], &last["next"]),
        (&json!(["a"]), &Value::Null)
    );

    let none = ask(json!({"op": "home", "actor": "ben", "newer_than": first["newer"]}));
    assert_eq!(
        none,
        json!({"items": [], "next": null, "newer": first["newer"]})
    );
    for label in ["d", "e", "f"] {
        ask(json!({"op": "publish", "actor": "anna", "as": label}));
    }
    let up = ask(
        json!({"op": "feed", "viewer": "ben", "streams": ["anna"], "limit": 2, "newer_than": first["newer"]}),
    );
    assert_eq!(
        (&up["items"], &up["next"]),
        (&json!(["e", "d"]), &Value::Null)
    );
    let top = ask(json!({"op": "outbox", "actor": "anna", "newer_than": up["newer"]}));
    assert_eq!(top["items"], json!(["f"]));
}

#[test]
fn followers_are_listed_newest_first_with_their_number() {
    let lines = r#"{"op": "follow", "actor": "ben", "target": "anna"}
        {"op": "follow", "actor": "cleo", "target": "anna", "now": 1700000000001}
        {"op": "followers", "actor": "anna", "limit": 1}
        {"op": "following", "actor": "ben"}
        {"op": "approval", "actor": "anna", "required": true}
        {"op": "follow", "actor": "dora", "target": "anna"}
        {"op": "requests", "actor": "anna"}
        {"op": "accept", "actor": "anna", "follower": "dora"}"#;
    let answers = answers(lines);
    assert_eq!(answers[2]["ok"]["items"], json!(["cleo"]));
    assert_eq!(answers[2]["ok"]["count"], 2);
    assert!(answers[2]["ok"]["next"].is_string());
    assert_eq!(
        answers[3]["ok"],
        json!({"items": ["anna"], "count": 1, "next": null})
    );
    assert_eq!(
        answers[5]["ok"],
        json!({"changed": true, "requested": true})
    );
    assert_eq!(answers[6]["ok"]["items"], json!(["dora"]));
    assert_eq!(answers[7]["ok"], json!({"changed": true}));
}

#[test]
fn cursors_that_are_damaged_or_of_another_list_are_the_error_cursor() {
    let mut run = Run::new(Setup::parse_from(["scenario"])).unwrap();
    let mut ask = |line: Value| run.answer(line.to_string().as_bytes());
    ask(json!({"op": "publish", "actor": "anna"}));
    ask(json!({"op": "follow", "actor": "ben", "target": "anna"}));
    ask(json!({"op": "follow", "actor": "cleo", "target": "anna"}));
    let home = ask(json!({"op": "home", "actor": "anna"}))["ok"]["newer"].clone();
    let followers =
        ask(json!({"op": "followers", "actor": "anna", "limit": 1}))["ok"]["next"].clone();
    let damaged = home.as_str().unwrap().replace('0', "1");
    for line in [
        json!({"op": "home", "actor": "anna", "after": damaged}),
        json!({"op": "home", "actor": "anna", "after": followers}),
        json!({"op": "followers", "actor": "anna", "after": home}),
        json!({"op": "outbox", "actor": "anna", "newer_than": ""}),
    ] {
        assert_eq!(ask(line)["error"]["kind"], "cursor");
    }
}

#[test]
fn what_later_versions_bring_is_unsupported() {
    for op in [
        "grouped",
        "notifications",
        "seen",
        "read",
        "reopen",
        "audit",
    ] {
        assert_eq!(
            kinds(&json!({"op": op, "actor": "anna"}).to_string()),
            ["unsupported"]
        );
    }
}

#[test]
fn the_same_lines_give_the_same_bytes_whatever_feeds_are_made_of() {
    let mut lines = String::new();
    for number in 0..300 {
        let (one, other) = (number % 7, number * 5 % 11);
        let line = match number % 5 {
            0 => json!({"op": "follow", "actor": one.to_string(), "target": other.to_string()}),
            1 | 2 => json!({"op": "publish", "actor": one.to_string(), "to": [other.to_string()]}),
            _ => json!({"op": "home", "actor": other.to_string(), "limit": 3, "explain": true}),
        };
        lines += &format!("{line}\n");
    }
    let expected = converse(&[], &lines);
    assert_eq!(expected.len(), 300);
    for arguments in [
        &["--strategy", "push", "--capacity", "1"][..],
        &["--strategy", "pull"],
        &["--strategy", "hybrid:1", "--capacity", "5"],
        &["--timelines", "none"],
        &["--store", "memory"],
    ] {
        assert_eq!(converse(arguments, &lines), expected);
    }
}

/// contract 2.6, 5.5: whatever was done is there after closing and opening; names and cursors of the run
/// are still good.
#[test]
fn a_scenario_on_a_disk_goes_on_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("disk:{}", folder.path().join("feeds.redb").display());
    let plain = concat!(
        r#"{"op": "actor", "actor": "anna", "name": "Anna"}"#,
        "\n",
        r#"{"op": "follow", "actor": "ben", "target": "anna"}"#,
        "\n",
        r#"{"op": "publish", "actor": "anna", "as": "one", "data": {"x": 0.1}}"#,
        "\n",
        r#"{"op": "publish", "actor": "anna", "as": "two", "key": "k"}"#,
        "\n",
        r#"{"op": "strategy", "strategy": "push"}"#,
        "\n",
        r#"{"op": "home", "actor": "ben", "limit": 1}"#,
        "\n",
        r#"{"op": "publish", "actor": "anna", "as": "three", "key": "k"}"#,
        "\n",
        r#"{"op": "publish", "actor": "anna", "as": "three"}"#,
        "\n",
        r#"{"op": "home", "actor": "ben", "explain": true}"#,
        "\n",
        r#"{"op": "delete", "activity": "one"}"#,
        "\n",
        r#"{"op": "get", "activity": "two"}"#,
        "\n",
        r#"{"op": "followers", "actor": "anna"}"#,
        "\n",
    );
    let reopening: String = plain
        .lines()
        .map(|line| format!("{line}\n{{\"op\": \"reopen\"}}\n"))
        .collect();
    let mut answers = converse(&["--store", &store], &reopening);
    assert!(
        answers
            .iter()
            .skip(1)
            .step_by(2)
            .all(|answer| answer == r#"{"ok":{"reopened":true}}"#)
    );
    let mut number = 0;
    answers.retain(|_| {
        number += 1;
        number % 2 == 1
    });
    // Cursors hold ids, which are others after reopening.
    let without_cursors = |answer: &String| {
        let mut answer: Value = serde_json::from_str(answer).unwrap();
        if let Some(ok) = answer["ok"].as_object_mut() {
            ok.remove("newer");
            ok.remove("next");
        }
        answer
    };
    let expected: Vec<Value> = converse(&[], plain).iter().map(without_cursors).collect();
    assert_eq!(
        answers.iter().map(without_cursors).collect::<Vec<_>>(),
        expected
    );

    // A later run: nothing is known by name, and all is there.
    let later = concat!(
        r#"{"op": "publish", "actor": "anna", "as": "four"}"#,
        "\n",
        r#"{"op": "publish", "actor": "anna", "as": "again", "key": "k"}"#,
        "\n",
        r#"{"op": "home", "actor": "ben"}"#,
        "\n",
    );
    let answers = converse(&["--store", &store], later);
    assert_eq!(answers[1], r#"{"ok":{"activity":"again","created":false}}"#);
    let home: Value = serde_json::from_str(&answers[2]).unwrap();
    let items = home["ok"]["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!((&items[0], &items[2]), (&json!("four"), &json!("again")));
}

#[test]
fn a_store_that_cannot_be_opened_is_said_so() {
    let setup = Setup::parse_from(["scenario", "--store", "disk:/nowhere/feeds.redb"]);
    let error = Run::new(setup).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("/nowhere/feeds.redb"), "{error}");
    let unknown = Setup::try_parse_from(["scenario", "--store", "tape:7"]);
    assert!(
        unknown
            .err()
            .unwrap()
            .to_string()
            .contains("give memory or disk:PATH")
    );
}

/// contract 7.1
#[test]
fn reactions_are_counted_as_the_viewer_may_see_them() {
    let lines = [
        json!({"op": "publish", "actor": "anna", "as": "note"}),
        json!({"op": "react", "actor": "ben", "kind": "like", "activity": "note"}),
        json!({"op": "react", "actor": "ben", "kind": "like", "activity": "note"}),
        json!({"op": "react", "actor": "carl", "kind": "like", "activity": "note"}),
        json!({"op": "react", "actor": "ben", "kind": "thanks", "activity": "note"}),
        json!({"op": "reactions", "activity": "note", "viewer": "ben"}),
        json!({"op": "block", "actor": "carl", "target": "ben"}),
        json!({"op": "reactions", "activity": "note", "viewer": "ben"}),
        json!({"op": "reactions", "activity": "note"}),
        json!({"op": "unreact", "actor": "ben", "kind": "thanks", "activity": "note"}),
        json!({"op": "unreact", "actor": "ben", "kind": "thanks", "activity": "note"}),
        json!({"op": "react", "actor": "ben", "kind": "thanks", "activity": "note"}),
        json!({"op": "erase", "actor": "ben"}),
        json!({"op": "reactions", "activity": "note", "viewer": "carl"}),
        json!({"op": "react", "actor": "ben", "kind": "", "activity": "note"}),
        json!({"op": "react", "actor": "ben", "kind": "like", "activity": "none"}),
        json!({"op": "delete", "activity": "note"}),
        json!({"op": "reactions", "activity": "note"}),
    ];
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let changed = |changed: bool| json!({"ok": {"changed": changed}});
    let found = answers(&lines.join("\n"));
    assert_eq!(found[1..5], [true, false, true, true].map(changed));
    let both = json!({"ok": {"counts": {"like": 2, "thanks": 1}, "own": ["like", "thanks"]}});
    assert_eq!(found[5], both);
    assert_eq!(found[7]["ok"]["counts"], json!({"like": 1, "thanks": 1}));
    assert_eq!(
        found[8]["ok"],
        json!({"counts": {"like": 2, "thanks": 1}, "own": []})
    );
    assert_eq!(found[9..12], [true, false, true].map(changed));
    assert_eq!(found[12], json!({"ok": {"activities": 0}}));
    assert_eq!(
        found[13]["ok"],
        json!({"counts": {"like": 1}, "own": ["like"]})
    );
    let kinds: Vec<Option<&str>> = found[14..]
        .iter()
        .map(|of| of["error"]["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [Some("invalid"), Some("not_found"), None, Some("not_found")]
    );
}

/// contract 8.1 to 8.3
#[test]
fn a_ranked_home_is_walked_and_explained() {
    let rank = json!({
        "name": "liked",
        "filters": [{"name": "no shares", "keep": {"==": ["is_share", 0]}}],
        "terms": [
            {"name": "likes", "weight": 2, "value": "reactions:like"},
            {"name": "new", "value": {"exponential": ["age", "1h"]}},
        ],
        "rules": [{"name": "variety", "author_decay": {"factor": 0.5, "floor": 0.1}}],
    });
    let mut run = Run::new(Setup::parse_from(["scenario"])).unwrap();
    let mut ask = |line: Value| run.answer(line.to_string().as_bytes());
    ask(json!({"op": "follow", "actor": "ben", "target": "anna"}));
    for label in ["a", "b", "c"] {
        ask(json!({"op": "publish", "actor": "anna", "as": label}));
    }
    ask(
        json!({"op": "publish", "actor": "anna", "as": "share", "verb": "Announce", "object": {"activity": "a"}}),
    );
    ask(json!({"op": "react", "actor": "carl", "kind": "like", "activity": "a"}));
    let first =
        ask(json!({"op": "ranked", "actor": "ben", "rank": rank, "limit": 2, "explain": true}));
    let items = first["ok"]["items"].as_array().unwrap();
    let labels: Vec<&Value> = items.iter().map(|item| &item["activity"]).collect();
    assert_eq!(labels, ["a", "c"]);
    for item in items {
        let terms = item["terms"].as_array().unwrap().iter();
        let sum: f64 = terms.map(|term| term["score"].as_f64().unwrap()).sum();
        assert_eq!(Some(sum), item["score"].as_f64());
    }
    assert_eq!(items[0]["score"], 3.0);
    assert_eq!(first["ok"]["dropped"][0]["activity"], "share");
    assert_eq!(first["ok"]["dropped"][0]["rules"][0]["name"], "no shares");
    // What is published and liked since is not part of the session, and what is deleted no longer.
    let after = first["ok"]["next"].clone();
    ask(json!({"op": "publish", "actor": "anna", "as": "d"}));
    ask(json!({"op": "react", "actor": "carl", "kind": "like", "activity": "d"}));
    let further = json!({"op": "ranked", "actor": "ben", "rank": rank, "limit": 2, "after": after});
    assert_eq!(
        ask(further.clone()),
        json!({"ok": {"items": ["b"], "next": null, "newer": null}})
    );
    ask(json!({"op": "delete", "activity": "b"}));
    assert_eq!(ask(further.clone())["ok"]["items"], json!([]));
    let mut other = further.clone();
    other["actor"] = "carl".into();
    assert_eq!(ask(other)["error"]["kind"], "cursor");
    let mut other = further.clone();
    other["rank"]["name"] = "another".into();
    assert_eq!(ask(other)["error"]["kind"], "cursor");
    let mut late = further;
    late["now"] = (START + 25 * 60 * 60 * 1_000).into();
    assert_eq!(ask(late)["error"]["kind"], "cursor");
}
