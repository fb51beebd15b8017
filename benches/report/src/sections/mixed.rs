//! Posts and reads in turn under each strategy, by `cargo bench -- mixed`.

use std::fs;

use anyhow::Result;

use self::watched::Watched;
use super::{Folders, json, missing, verdict};
use crate::charts::{Bar, Bars, Row};
use crate::criterion::Medians;
use crate::text::{digits, grouped, short, table, time};

#[path = "../../../feeds/watched.rs"]
mod watched;

const STRATEGIES: [&str; 4] = ["push", "pull", "hybrid", "adaptive"];
const COMMAND: &str = "cargo bench -- mixed";

/// A world, a mix, and the strategies in it.
struct Cell {
    world: String,
    readers: usize,
    reads_a_post: u32,
    strategies: Vec<Strategy>,
}

struct Strategy {
    watched: Watched,
    /// Time an operation, in nanoseconds.
    operation: f64,
}

pub fn markdown(folders: &Folders) -> Result<String> {
    let cells = cells(folders)?;
    if cells.is_empty() {
        return Ok(missing(COMMAND));
    }
    let mut text = String::new();
    chart(&cells).draw(&folders.chart("mixed"))?;
    text += &folders.image("mixed", "time an operation, by strategy, world and mix");
    for cell in &cells {
        text += &format!("\n{}:\n\n", cell.title());
        text += &cell.markdown();
    }
    text += "\nWhat the adaptive strategy is to keep to:\n\n";
    let head = [
        "",
        "over the better of push and pull",
        "entries and subscriptions, of push",
        "worst publish reaches, of push",
        "publish p99, of push",
    ];
    text += &table(&head, cells.iter().filter_map(Cell::kept_to));
    Ok(text)
}

fn cells(folders: &Folders) -> Result<Vec<Cell>> {
    let medians = folders.medians()?;
    let folder = folders.criterion.join("watched");
    let mut all: Vec<Strategy> = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let watched: Option<Watched> = json(&entry?.path())?;
            let strategy = watched.and_then(|watched| {
                let operation = operation(&medians, &watched)?;
                Some(Strategy { watched, operation })
            });
            all.extend(strategy);
        }
    }
    let place = |name: &str| STRATEGIES.iter().position(|strategy| *strategy == name);
    all.sort_by_key(|Strategy { watched, .. }| {
        // Smaller worlds first.
        let Watched {
            readers,
            reads_a_post,
            ..
        } = *watched;
        (
            readers,
            watched.world.len(),
            reads_a_post,
            place(&watched.strategy),
        )
    });
    let mut cells: Vec<Cell> = Vec::new();
    for strategy in all {
        let Watched {
            world,
            readers,
            reads_a_post,
            ..
        } = &strategy.watched;
        match cells.last_mut() {
            Some(cell) if cell.world == *world && cell.reads_a_post == *reads_a_post => {
                cell.strategies.push(strategy);
            }
            _ => cells.push(Cell {
                world: world.clone(),
                readers: *readers,
                reads_a_post: *reads_a_post,
                strategies: vec![strategy],
            }),
        }
    }
    Ok(cells)
}

fn operation(medians: &Medians, watched: &Watched) -> Option<f64> {
    let Watched {
        strategy,
        world,
        reads_a_post,
        ..
    } = watched;
    medians.get(&format!("mixed/{strategy}/{world}/1:{reads_a_post}"))
}

impl Cell {
    fn title(&self) -> String {
        let readers = grouped(self.readers as i64);
        format!("{readers} readers, one post to {} reads", self.reads_a_post)
    }

    fn strategy(&self, name: &str) -> Option<&Strategy> {
        self.strategies
            .iter()
            .find(|strategy| strategy.watched.strategy == name)
    }

    /// What an operation costs where the better of push and pull was chosen.
    fn better(&self) -> Option<f64> {
        let [push, pull] = ["push", "pull"].map(|name| self.strategy(name));
        Some(push?.operation.min(pull?.operation))
    }

    fn markdown(&self) -> String {
        let head = [
            "strategy",
            "an operation",
            "over the better of push and pull",
            "entries",
            "subscriptions",
            "worst publish reaches",
            "publish p50",
            "p99",
            "max",
        ];
        let row = |strategy: &Strategy| {
            let Strategy { watched, operation } = strategy;
            vec![
                watched.strategy.clone(),
                time(*operation),
                self.better()
                    .map_or("–".into(), |better| digits(operation / better)),
                grouped(watched.entries as i64),
                grouped(watched.subscriptions as i64),
                grouped(watched.most_deliveries as i64),
                time(watched.publish_p50 * 1e3),
                time(watched.publish_p99 * 1e3),
                time(watched.publish_max * 1e3),
            ]
        };
        table(&head, self.strategies.iter().map(row))
    }

    /// The ratios of the adaptive strategy, with what was asked.
    fn kept_to(&self) -> Option<Vec<String>> {
        let (adaptive, push) = (self.strategy("adaptive")?, self.strategy("push")?);
        let is_large = self.world == "1m";
        let kept = |watched: &Watched| (watched.entries + watched.subscriptions) as f64;
        let of_push =
            |figure: fn(&Watched) -> f64| figure(&adaptive.watched) / figure(&push.watched);
        let against = |ratio: f64, most: f64| {
            format!(
                "{} (at most {most}: {})",
                digits(ratio),
                verdict(ratio <= most)
            )
        };
        Some(vec![
            self.title(),
            against(adaptive.operation / self.better()?, 1.3),
            against(
                kept(&adaptive.watched) / kept(&push.watched),
                if is_large { 0.15 } else { 0.8 },
            ),
            against(of_push(|watched| watched.most_deliveries as f64), 0.4),
            against(
                of_push(|watched| watched.publish_p99),
                if is_large { 0.15 } else { 0.8 },
            ),
        ])
    }
}

fn chart(cells: &[Cell]) -> Bars<'static> {
    let row = |cell: &Cell| Row {
        name: format!(
            "{} readers, 1 post : {} reads",
            short(cell.readers as f64),
            cell.reads_a_post
        ),
        bars: STRATEGIES
            .map(|name| {
                Some(Bar {
                    value: cell.strategy(name)?.operation / 1e3,
                    mark: None,
                })
            })
            .into(),
    };
    Bars {
        title: "Time an operation, by strategy".into(),
        axis: "microseconds, logarithmic",
        series: STRATEGIES.map(String::from).into(),
        mark: "",
        rows: cells.iter().map(row).collect(),
    }
}
