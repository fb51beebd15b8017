use super::*;

/// What a run answers to these lines.
fn converse(arguments: &[&str], lines: &str) -> Vec<Value> {
    let setup = Setup::parse_from([&["scenario"], arguments].concat());
    let mut output = Vec::new();
    let mut run = Run::new(&setup).unwrap();
    run.converse(lines.as_bytes(), &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn kinds(lines: &str) -> Vec<String> {
    let kind = |answer: &Value| answer["error"]["kind"].as_str().unwrap_or("ok").to_owned();
    converse(&[], lines).iter().map(kind).collect()
}
