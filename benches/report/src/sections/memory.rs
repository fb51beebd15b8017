//! Bytes, by `examples/footprint.rs`.

use anyhow::Result;

use self::figures::{Figure, Footprint};
use super::{Folders, missing, verdict};
use crate::text::{digits, grouped, or_dash, table};

#[allow(dead_code)]
#[path = "../../../../examples/footprint/figures.rs"]
mod figures;

const COMMAND: &str =
    "cargo run --release --example footprint -- --json target/report/footprint.json";

pub fn markdown(folders: &Folders) -> Result<String> {
    let Some(footprint) = folders.json::<Footprint>("footprint.json")? else {
        return Ok(missing(COMMAND));
    };
    let head = [
        "bytes",
        "allocated",
        "resident",
        "at most",
        "met",
        "mean of",
    ];
    let row = |figure: &Figure| {
        let met = |target| verdict(figure.bytes.counted <= target);
        vec![
            figure.of.clone(),
            digits(figure.bytes.counted),
            or_dash(figure.bytes.resident.map(digits)),
            or_dash(figure.target.map(|target| grouped(target as i64))),
            or_dash(figure.target.map(met)),
            grouped(figure.number as i64),
        ]
    };
    let readers = grouped(footprint.readers.into());
    let table = table(&head, footprint.figures.iter().map(row));
    Ok(format!("{readers} readers.\n\n{table}"))
}
