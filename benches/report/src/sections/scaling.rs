//! How it grows, by the program `scaling`.

use anyhow::Result;

use super::{Folders, missing};
use crate::charts::{Line, Lines, Panel};
use crate::scaling::{self, Axis, Cell};

const COMMAND: &str = "benches/report/run.sh --only scaling";
const AXES: [(Axis, &str); 2] = [
    (Axis::Readers, "readers, who follow 50 each"),
    (Axis::Streams, "streams that a reader follows"),
];

type Figure = fn(&Cell) -> Option<f64>;

const TIMES: [(&str, Figure); 5] = [
    ("publish", |cell| Some(cell.publish / 1e3)),
    ("a delivery", |cell| Some(cell.delivery / 1e3)),
    ("warm home", |cell| Some(cell.home / 1e3)),
    ("pulled home", |cell| Some(cell.pull / 1e3)),
    ("cold, filled", |cell| Some(cell.cold / 1e3)),
];
const MEMORY: [(&str, Figure); 1] = [("a warm reader", |cell| cell.bytes_a_reader)];

pub fn markdown(folders: &Folders) -> Result<String> {
    let cells = scaling::read(&folders.data.join("scaling"))?;
    if cells.is_empty() {
        return Ok(missing(COMMAND) + "\n" + scaling::GROWTH);
    }
    let mut text = String::new();
    for (name, title, axis, figures) in [
        (
            "scaling-time",
            "Time as worlds grow",
            "microseconds",
            &TIMES[..],
        ),
        (
            "scaling-memory",
            "Memory of a warm reader as worlds grow",
            "bytes: subscriptions, entries and all",
            &MEMORY[..],
        ),
    ] {
        let chart = Lines {
            title: title.into(),
            axis,
            panels: AXES.map(|axis| panel(&cells, axis, figures)).into(),
            level: None,
        };
        chart.draw(&folders.chart(name))?;
        text += &folders.image(name, &title.to_lowercase());
    }
    for (axis, _) in AXES {
        text.push('\n');
        text += &scaling::markdown(&cells, axis);
    }
    Ok(text + "\n" + scaling::GROWTH)
}

fn panel(cells: &[Cell], (axis, name): (Axis, &str), figures: &[(&str, Figure)]) -> Panel {
    let cells = || cells.iter().filter(|cell| cell.axis == axis);
    let line = |(name, figure): &(&str, Figure)| Line {
        name: (*name).into(),
        points: cells()
            .filter_map(|cell| Some((f64::from(cell.size), figure(cell)?)))
            .collect(),
    };
    Panel {
        axis: name.into(),
        lines: figures.iter().map(line).collect(),
    }
}
