//! `BENCHMARKS.md`: what is written by hand, with what was measured at its marks.

use std::fs;

use anyhow::{Context, Result, ensure};

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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn folders(folder: &tempfile::TempDir) -> Folders {
        let below = |name: &str| -> PathBuf { folder.path().join(name) };
        Folders {
            data: below("data"),
            criterion: below("criterion"),
            charts: below("charts"),
            charts_from_the_page: "charts".into(),
        }
    }

    #[test]
    fn where_nothing_was_measured_the_page_says_what_measures() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let page = markdown(&folders(&folder))?;
        assert!(!page.contains("{{"), "{page}");
        for command in ["run.sh", "cargo bench", "footprint", "strategies", "peers"] {
            assert!(page.contains(command), "{command}");
        }
        Ok(())
    }

    #[test]
    fn what_was_measured_stands_on_the_page_with_its_chart() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let folders = folders(&folder);
        fs::create_dir_all(&folders.data)?;
        fs::write(
            folders.data.join("strategies.csv"),
            "readers,reads_a_post,rule,cost_to_best,memory_to_push,worst_to_push,p99_to_push\n\
             2000,10,ours,1.125,0.5,0.25,0.75\n",
        )?;
        for (bench, median) in [("floor", 2.0), ("local", 9.0)] {
            let new = folders.criterion.join("deliver").join(bench).join("new");
            fs::create_dir_all(&new)?;
            let name = format!(r#"{{"full_id": "deliver/{bench}"}}"#);
            fs::write(new.join("benchmark.json"), name)?;
            let median = format!(r#"{{"median": {{"point_estimate": {median}}}}}"#);
            fs::write(new.join("estimates.json"), median)?;
        }
        let page = markdown(&folders)?;
        assert!(
            page.contains("| 2.00 ns | 9.00 ns | 4.50 | 1.6 times | **no** |"),
            "{page}"
        );
        assert!(page.contains("| ours | 1.12 | 0.500 to 0.500 |"), "{page}");
        for chart in ["floors", "rules"] {
            let svg = fs::read_to_string(folders.charts.join(format!("{chart}.svg")))?;
            assert!(svg.contains("</svg>"), "{chart}");
            assert!(page.contains(&format!("(charts/{chart}.svg)")), "{chart}");
        }
        Ok(())
    }
}
