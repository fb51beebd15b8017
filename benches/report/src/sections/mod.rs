//! The parts of the page that are made of what was measured, each with its charts.

mod floors;
mod machine;
mod memory;
mod mixed;
mod peers;
mod rules;
mod scaling;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

use crate::criterion::Medians;

/// Where things are.
pub struct Folders {
    /// What the programs have written down.
    pub data: PathBuf,
    /// What `cargo bench` has.
    pub criterion: PathBuf,
    /// Where charts go.
    pub charts: PathBuf,
    /// Where they are as seen from the page.
    pub charts_from_the_page: String,
}

impl Folders {
    fn chart(&self, name: &str) -> PathBuf {
        self.charts.join(format!("{name}.svg"))
    }

    /// Shows the chart of that name on the page.
    fn image(&self, name: &str, told: &str) -> String {
        format!("\n![{told}]({}/{name}.svg)\n", self.charts_from_the_page)
    }

    fn medians(&self) -> Result<Medians> {
        Medians::read(&self.criterion)
    }

    /// What a program has written into the file; `None` where it has not.
    fn json<T: DeserializeOwned>(&self, file: &str) -> Result<Option<T>> {
        json(&self.data.join(file))
    }
}

pub type Section = fn(&Folders) -> Result<String>;

/// Each by the name of its mark on the page.
pub const ALL: [(&str, Section); 8] = [
    ("trial", machine::trial),
    ("machine", machine::markdown),
    ("floors", floors::markdown),
    ("mixed", mixed::markdown),
    ("rules", rules::markdown),
    ("scaling", scaling::markdown),
    ("memory", memory::markdown),
    ("peers", peers::markdown),
];

fn missing(command: &str) -> String {
    format!("*Not measured yet; this measures it:* `{command}`\n")
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let value = serde_json::from_str(&text);
    value.with_context(|| format!("reading {}", path.display()))
}

/// What was asked for, and whether it is so.
fn verdict(is_met: bool) -> String {
    if is_met {
        "yes".into()
    } else {
        "**no**".into()
    }
}
