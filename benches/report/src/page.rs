//! `BENCHMARKS.md`: what is written by hand, with what was measured at its marks.

use std::fs;

use anyhow::{Context, Result, ensure};

#[cfg(test)]
mod tests;

pub use crate::sections::Folders;
use crate::sections::{ALL, Section};

const TEMPLATE: &str = include_str!("page.md");

/// The page; draws its charts on the way.
pub fn markdown(folders: &Folders) -> Result<String> {
    fs::create_dir_all(&folders.charts)
        .with_context(|| format!("making the folder {}", folders.charts.display()))?;
    let mut page = TEMPLATE.to_owned();
    for (name, section) in ALL {
        let section: Section = section;
        let text = section(folders).with_context(|| format!("the part on {name}"))?;
        page = filled(&page, name, &text)?;
    }
    Ok(page)
}

fn filled(page: &str, name: &str, text: &str) -> Result<String> {
    let mark = format!("{{{{{name}}}}}\n");
    ensure!(page.contains(&mark), "the page has no mark for {name}");
    Ok(page.replace(&mark, text.trim_start_matches('\n')))
}
