//! The order of the house, read from its `use` lines: values know nothing of what is built on
//! them, the pure core knows no store, and adapters know neither the core nor each other.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

const MODEL: &[&str] = &[
    "activity", "actor", "audience", "clock", "cursor", "entry", "error", "id", "json", "object",
    "page", "relation", "verb",
];
const CORE: &[&str] = &["visibility", "merge", "fanout", "rank"];
const ADAPTERS: &[&str] = &["store", "timelines"];

#[test]
fn arrows_point_one_way() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut looked_at = 0;
    for file in files(&root)? {
        let module = first_part(file.strip_prefix(&root)?);
        let text = fs::read_to_string(&file)?;
        for used in text.lines().flat_map(used_modules) {
            looked_at += 1;
            assert!(
                may_use(&module, &used),
                "{}: `{module}` uses `{used}`",
                file.display()
            );
        }
    }
    assert!(looked_at > 100, "only {looked_at} uses were found");
    Ok(())
}

fn may_use(module: &str, used: &str) -> bool {
    let is_of = |layer: &[&str], name: &str| layer.contains(&name);
    if module == used || ["lib", "naive", "layers"].contains(&module) {
        true
    } else if module == "book" {
        is_of(MODEL, used) || ["lock", "places"].contains(&used)
    } else if is_of(CORE, module) {
        is_of(MODEL, used) || used == "hash"
    } else if is_of(MODEL, module) || module == "places" {
        is_of(MODEL, used)
    } else if is_of(ADAPTERS, module) {
        // A store that is asked for many lists in one merges them.
        is_of(MODEL, used)
            || [
                "book", "hash", "lock", "merge", "places", "segments", "wait",
            ]
            .contains(&used)
    } else if module == "feeds" {
        !["conformance", "naive", "layers"].contains(&used)
    } else if module == "conformance" {
        // What hosts use, and nothing of what only this crate can see.
        ![
            "book",
            "cursor",
            "hash",
            "lock",
            "merge",
            "naive",
            "layers",
            "places",
            "segments",
            "visibility",
        ]
        .contains(&used)
    } else {
        false
    }
}

/// The modules of this crate that a line of code names by their paths.
fn used_modules(line: &str) -> impl Iterator<Item = String> + '_ {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let code = if line.trim_start().starts_with("//") {
        ""
    } else {
        line
    };
    let paths = code.split("crate::").skip(1);
    paths.filter_map(move |path| {
        let end = path.find(|c| !is_name(c)).unwrap_or(path.len());
        (end > 0).then(|| path[..end].to_owned())
    })
}

fn first_part(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    first.unwrap_or_default().trim_end_matches(".rs").to_owned()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.ends_with("tests.rs") || path.ends_with("tests") {
            // Tests may use what they like.
        } else if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}
