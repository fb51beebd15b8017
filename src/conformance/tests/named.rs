//! The docs of the traits and the cases belong together: each rule names what proves it.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use crate::conformance;
use crate::store::Memory;
use crate::timelines::Local;

/// The names in the docs of a file that follow the word "case" or "cases".
fn named(file: &str) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
    let text = fs::read_to_string(path)?;
    let docs: Vec<&str> = text
        .lines()
        .map(str::trim_start)
        .filter_map(|line| {
            line.strip_prefix("///")
                .or_else(|| line.strip_prefix("//!"))
        })
        .map(str::trim)
        .collect();
    let docs = docs.join(" ");
    let mut names = BTreeSet::new();
    for lead in ["Case: ", "Cases: ", "(case ", "(cases "] {
        for part in docs.split(lead).skip(1) {
            let mut rest = part;
            while let Some((name, after)) = rest.strip_prefix('`').and_then(|on| on.split_once('`'))
            {
                names.insert(name.to_owned());
                rest = after.strip_prefix(", ").unwrap_or_default();
            }
        }
    }
    Ok(names)
}

fn cases<S>(suite: &conformance::Suite<S>) -> BTreeSet<String> {
    suite.cases().map(str::to_owned).collect()
}

#[test]
fn the_docs_of_stores_name_every_case_and_no_other() -> Result<(), Box<dyn Error>> {
    let suite = conformance::store(Memory::new).reopen(|store| store);
    assert_eq!(named("store/mod.rs")?, cases(&suite));
    Ok(())
}

#[test]
fn the_docs_of_timelines_name_every_case_and_no_other() -> Result<(), Box<dyn Error>> {
    assert_eq!(
        named("timelines/mod.rs")?,
        cases(&conformance::timelines(Local::new))
    );
    Ok(())
}

#[test]
fn no_two_cases_have_one_name() {
    let suite = conformance::store(Memory::new).reopen(|store| store);
    assert_eq!(suite.cases().count(), cases(&suite).len());
}
