//! The result files of `cargo bench`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The median time of each bench, in nanoseconds, by its full name.
#[derive(Default)]
pub struct Medians(BTreeMap<String, f64>);

#[derive(Deserialize)]
struct Benchmark {
    full_id: String,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

impl Medians {
    /// All below that folder. A folder that is not there has none.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut medians = Self::default();
        if folder.is_dir() {
            medians.collect(folder)?;
        }
        Ok(medians)
    }

    fn collect(&mut self, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let estimates = path.join("estimates.json");
            if !path.is_dir() {
                continue;
            } else if path.ends_with("new") && estimates.exists() {
                let benchmark: Benchmark = json(&path.join("benchmark.json"))?;
                let estimates: Estimates = json(&estimates)?;
                let median = estimates.median.point_estimate;
                self.0.insert(benchmark.full_id, median);
            } else {
                self.collect(&path)?;
            }
        }
        Ok(())
    }

    pub fn get(&self, bench: &str) -> Option<f64> {
        self.0.get(bench).copied()
    }
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use anyhow::Result;

    use super::Medians;

    #[test]
    fn the_last_results_are_found_under_their_names() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for (run, median) in [("base", 1.0), ("new", 2.5)] {
            let folder = folder.path().join("pull/local_50").join(run);
            fs::create_dir_all(&folder)?;
            fs::write(
                folder.join("benchmark.json"),
                r#"{"group_id": "pull", "full_id": "pull/local/50"}"#,
            )?;
            let estimates = format!(
                r#"{{"mean": {{"point_estimate": 7.0}}, "median": {{"point_estimate": {median}}}}}"#
            );
            fs::write(folder.join("estimates.json"), estimates)?;
        }
        let medians = Medians::read(folder.path())?;
        assert_eq!(medians.get("pull/local/50"), Some(2.5));
        assert_eq!(medians.get("pull/local/500"), None);
        Ok(())
    }

    #[test]
    fn where_nothing_was_measured_there_is_nothing() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let medians = Medians::read(&folder.path().join("criterion"))?;
        assert_eq!(medians.get("id/make"), None);
        Ok(())
    }

    #[test]
    fn a_damaged_file_is_named() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let new = folder.path().join("new");
        fs::create_dir_all(&new)?;
        fs::write(new.join("benchmark.json"), "{}")?;
        fs::write(new.join("estimates.json"), "{}")?;
        let error = Medians::read(folder.path())
            .err()
            .map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.contains("benchmark.json")));
        Ok(())
    }
}
