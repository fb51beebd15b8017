use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

/// What a run has left behind in a folder for the time of a test.
struct Left {
    folders: Folders,
    _folder: TempDir,
}

impl Left {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let below = |name: &str| -> PathBuf { folder.path().join(name) };
        let folders = Folders {
            data: below("data"),
            criterion: below("criterion"),
            charts: below("charts"),
            charts_from_the_page: "charts".into(),
        };
        Ok(Self {
            folders,
            _folder: folder,
        })
    }

    fn write(&self, path: PathBuf, text: &str) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(path, text)?)
    }

    fn data(&self, file: &str, value: &Value) -> Result<()> {
        self.write(self.folders.data.join(file), &value.to_string())
    }

    /// As criterion leaves it.
    fn bench(&self, name: &str, nanoseconds: f64) -> Result<()> {
        let folder = name.replace(':', "_");
        let new = self.folders.criterion.join(folder).join("new");
        let benchmark = json!({"full_id": name});
        self.write(new.join("benchmark.json"), &benchmark.to_string())?;
        let estimates = json!({"median": {"point_estimate": nanoseconds}});
        self.write(new.join("estimates.json"), &estimates.to_string())
    }

    fn watched(&self, strategy: &str, entries: u32, most_deliveries: u32) -> Result<()> {
        let watched = json!({
            "strategy": strategy, "world": "100k", "readers": 100_000, "reads_a_post": 10,
            "entries": entries, "subscriptions": 0, "most_deliveries": most_deliveries,
            "publish_p50": 1.0, "publish_p99": f64::from(most_deliveries), "publish_max": 9.0,
        });
        let file = format!("watched/{strategy}.json");
        self.write(self.folders.criterion.join(file), &watched.to_string())
    }

    /// The page, with a chart that is there.
    fn page_with(&self, chart: &str) -> Result<String> {
        let page = markdown(&self.folders)?;
        let svg = fs::read_to_string(self.folders.charts.join(format!("{chart}.svg")))?;
        assert!(svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(page.contains(&format!("(charts/{chart}.svg)")), "{page}");
        Ok(page)
    }
}

fn has(page: &str, line: &str) {
    assert!(page.lines().any(|other| other == line), "{line}\n{page}");
}

#[test]
fn where_nothing_was_measured_the_page_says_what_measures() -> Result<()> {
    let left = Left::new()?;
    let page = markdown(&left.folders)?;
    assert!(!page.contains("{{"), "{page}");
    let missing = page.matches("*Not measured yet").count();
    assert_eq!(missing, crate::sections::ALL.len() - 1, "all but the trial");
    Ok(())
}

#[test]
fn a_trial_says_so() -> Result<()> {
    use crate::about::About;

    for (is_quick, load) in [(true, 0.1), (false, 2.0), (false, 0.1)] {
        let left = Left::new()?;
        About::new(is_quick, false, Some(load)).begin(&left.folders.data)?;
        let page = markdown(&left.folders)?;
        assert_eq!(page.contains("A trial, and no results"), is_quick);
        assert_eq!(page.contains("was not idle"), load > 1.0);
    }
    Ok(())
}

#[test]
fn the_library_stands_beside_its_floor() -> Result<()> {
    let left = Left::new()?;
    left.bench("deliver/floor", 2.0)?;
    left.bench("deliver/local", 9.0)?;
    let page = left.page_with("floors")?;
    has(
        &page,
        "| a delivery, 100,000 readers | 2.00 ns | 9.00 ns | 4.50 | at most 1.6 times | **no** |",
    );
    Ok(())
}

#[test]
fn strategies_stand_beside_the_better_of_push_and_pull() -> Result<()> {
    let left = Left::new()?;
    for (strategy, time, entries, most) in [
        ("push", 4_000.0, 1_000, 100),
        ("pull", 2_000.0, 0, 0),
        ("adaptive", 2_500.0, 900, 30),
    ] {
        left.bench(&format!("mixed/{strategy}/100k/1:10"), time)?;
        left.watched(strategy, entries, most)?;
    }
    let page = left.page_with("mixed")?;
    has(
        &page,
        "| push | 4.00 µs | 2.00 | 1,000 | 0 | 100 | 1.00 µs | 100 µs | 9.00 µs |",
    );
    has(
        &page,
        "| 100,000 readers, one post to 10 reads | 1.25 (at most 1.3: yes) | 0.900 (at most 0.8: **no**) \
         | 0.300 (at most 0.4: yes) | 0.300 (at most 0.8: yes) |",
    );
    Ok(())
}

#[test]
fn rules_stand_beside_each_other() -> Result<()> {
    let left = Left::new()?;
    left.write(
        left.folders.data.join("strategies.csv"),
        "readers,reads_a_post,rule,cost_to_best,memory_to_push,worst_to_push,p99_to_push\n\
         2000,10,ours,1.125,0.5,0.25,0.75\n\
         2000,100,ours,1.5,0.75,0.125,0.75\n",
    )?;
    let page = left.page_with("rules")?;
    has(
        &page,
        "| ours | 1.12 | 1.50 | 0.500 to 0.750 | 0.125 to 0.250 | 0.750 |",
    );
    Ok(())
}

#[test]
fn worlds_stand_in_order_of_their_size() -> Result<()> {
    let left = Left::new()?;
    for size in [10_000, 1_000] {
        let cell = json!({
            "axis": "readers", "size": size, "readers": size, "streams": 50.0, "publish": 3_000.0,
            "deliveries": 50.0, "delivery": 60.0, "home": 700.0, "pull": 5_000.0, "cold": 30_000.0,
            "bytes_a_reader": 4_000.0, "entries_a_reader": 160.0,
        });
        left.data(&format!("scaling/readers-{size}.json"), &cell)?;
    }
    let page = left.page_with("scaling-time")?;
    let at = |size: &str| page.find(&format!("| {size} | 3.00 µs | 50.0 | 60.0 ns | 700 ns |"));
    assert!(
        at("1,000").is_some() && at("1,000") < at("10,000"),
        "{page}"
    );
    left.page_with("scaling-memory")?;
    Ok(())
}

#[test]
fn bytes_stand_beside_what_is_allowed() -> Result<()> {
    let left = Left::new()?;
    let footprint = json!({"readers": 2_000, "figures": [
        {"of": "an entry", "bytes": {"counted": 12.5, "resident": null}, "number": 7_000, "target": 13.0},
    ]});
    left.data("footprint.json", &footprint)?;
    let page = markdown(&left.folders)?;
    has(&page, "| an entry | 12.5 | – | 13 | yes | 7,000 |");
    Ok(())
}

#[test]
fn peers_stand_beside_the_library() -> Result<()> {
    let left = Left::new()?;
    let cost = |time: f64| json!({"end_to_end": time, "in_server": null});
    let measured = |peer: &str, time: f64| {
        let quantiles = json!({"p50": time, "p99": time, "max": time});
        let mix = json!({"reads_a_post": 10, "operations": 100, "an_operation": cost(time), "rounds": []});
        json!({"measured": {
            "peer": peer, "version": null, "remark": null, "set_up_seconds": 1.0, "memory": null,
            "posts": {"posts": 1, "followers": 50, "a_follower": cost(time), "a_post": quantiles},
            "reads": {"reads": 1, "ids_a_page": 50.0, "mean": cost(time), "a_read": quantiles, "together": null},
            "mixes": [mix],
        }})
    };
    let skipped = json!({"skipped": {"peer": "redis-list", "why": "no redis-server"}});
    let run = json!({"readers": 2_000, "seconds": 0.3, "clock_ns": 30.0, "outcomes": [
        measured("library-push", 2.0), measured("sqlite-push", 15.0), skipped,
    ]});
    left.data("peers/peers.json", &run)?;
    let page = left.page_with("peers")?;
    has(&page, "| sqlite-push | 15.0 | 7.50 | – | – | – |");
    has(&page, "- `redis-list`: SKIPPED: no redis-server");
    Ok(())
}
