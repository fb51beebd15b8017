//! Time an operation by peer and mix.

use std::path::Path;

use anyhow::Result;

use super::{Figures, Mix, Run};
use crate::charts::{Bar, Bars, Row};
use crate::text::grouped;

pub fn draw(run: &Run, path: &Path) -> Result<()> {
    let mixes = run.measured().map(|peer| &peer.mixes);
    let mixes = mixes.max_by_key(|mixes| mixes.len());
    let named = |mix: &Mix| format!("one post to {} reads", mix.reads_a_post);
    let chart = Bars {
        title: format!("Time an operation, {} readers", grouped(run.readers.into())),
        axis: "microseconds, logarithmic",
        series: mixes.into_iter().flatten().map(named).collect(),
        mark: "of that in the server",
        rows: run.measured().map(row).collect(),
    };
    chart.draw(path)
}

fn row(peer: &Figures) -> Row {
    let bar = |mix: &Mix| {
        Some(Bar {
            value: mix.an_operation.end_to_end,
            mark: mix.an_operation.in_server,
        })
    };
    Row {
        name: peer.peer.clone(),
        bars: peer.mixes.iter().map(bar).collect(),
    }
}
