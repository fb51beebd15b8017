//! What the program `scaling` finds out: one file a cell.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::text::{digits, grouped, or_dash, table, time};

/// What is made larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    Readers,
    Streams,
}

/// Times in nanoseconds, memory in bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub axis: Axis,
    /// How large.
    pub size: u32,
    /// Warm readers.
    pub readers: u32,
    /// How many streams a warm reader follows, in the mean.
    pub streams: f64,
    pub publish: f64,
    /// How many timelines a publish reached, in the mean.
    pub deliveries: f64,
    pub delivery: f64,
    pub home: f64,
    pub pull: f64,
    pub cold: f64,
    /// Of the whole timeline: subscriptions, entries and all. `None` where the system does not tell.
    pub bytes_a_reader: Option<f64>,
    pub entries_a_reader: f64,
}

impl Cell {
    pub fn file(axis: Axis, size: u32) -> String {
        let axis = match axis {
            Axis::Readers => "readers",
            Axis::Streams => "streams",
        };
        format!("{axis}-{size}.json")
    }
}

/// The cells in that folder, in order. A folder that is not there has none.
pub fn read(folder: &Path) -> Result<Vec<Cell>> {
    let mut cells: Vec<Cell> = Vec::new();
    if !folder.is_dir() {
        return Ok(cells);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let cell = serde_json::from_str(&text);
        cells.push(
            cell.with_context(|| format!("reading {}; --anew makes it anew", path.display()))?,
        );
    }
    cells.sort_by_key(|cell| (cell.axis, cell.size));
    Ok(cells)
}

/// A table of the cells of an axis.
pub fn markdown(cells: &[Cell], axis: Axis) -> String {
    let first = match axis {
        Axis::Readers => "readers",
        Axis::Streams => "streams followed",
    };
    let head = [
        first,
        "publish",
        "deliveries a publish",
        "a delivery",
        "warm home",
        "pulled",
        "cold, filled",
        "bytes a reader",
        "entries a reader",
    ];
    let rows = cells.iter().filter(|cell| cell.axis == axis).map(|cell| {
        vec![
            grouped(cell.size.into()),
            time(cell.publish),
            digits(cell.deliveries),
            time(cell.delivery),
            time(cell.home),
            time(cell.pull),
            time(cell.cold),
            or_dash(cell.bytes_a_reader.map(digits)),
            digits(cell.entries_a_reader),
        ]
    });
    table(&head, rows)
}

/// What must grow, and why; what must not.
pub const GROWTH: &str = include_str!("scaling.md");
