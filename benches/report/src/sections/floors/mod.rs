//! The library over what it cannot do without, by `cargo bench`.

mod compared;

use anyhow::Result;

use self::compared::{ALL, Asked, Compared, Found};
use super::{Folders, missing, verdict};
use crate::charts::{Bar, Bars, Row};
use crate::criterion::Medians;
use crate::text::{digits, table, time};

pub fn markdown(folders: &Folders) -> Result<String> {
    let medians = folders.medians()?;
    let found: Vec<(&Compared, Found)> = ALL
        .iter()
        .filter_map(|compared| Some((compared, find(&medians, compared)?)))
        .collect();
    if found.is_empty() {
        return Ok(missing("cargo bench"));
    }
    chart(&found).draw(&folders.chart("floors"))?;
    let head = ["", "floor", "library", "library over floor", "asked", "met"];
    let rows = found.iter().map(|(compared, found)| row(compared, *found));
    let absent: Vec<&str> = ALL
        .iter()
        .filter(|compared| find(&medians, compared).is_none())
        .map(|compared| compared.what)
        .collect();
    let mut text = folders.image("floors", "library over floor");
    text.push('\n');
    text += &table(&head, rows);
    if !absent.is_empty() {
        text += &format!("\nNot measured here: {}.\n", absent.join("; "));
    }
    Ok(text)
}

fn find(medians: &Medians, compared: &Compared) -> Option<Found> {
    Some(Found {
        floor: compared.floor.and_then(|floor| medians.get(floor)),
        library: medians.get(compared.library)?,
    })
}

fn row(compared: &Compared, found: Found) -> Vec<String> {
    let dash = || "–".to_owned();
    let asked: Vec<String> = compared.asked.iter().map(|asked| asked.text()).collect();
    let met: Option<Vec<bool>> = compared
        .asked
        .iter()
        .map(|asked| asked.is_met(found))
        .collect();
    vec![
        compared.what.into(),
        found.floor.map_or_else(dash, time),
        time(found.library),
        found
            .floor
            .map_or_else(dash, |floor| digits(found.library / floor)),
        if asked.is_empty() {
            dash()
        } else {
            asked.join("; ")
        },
        match met {
            Some(met) if !met.is_empty() => verdict(met.into_iter().all(|is_met| is_met)),
            _ => dash(),
        },
    ]
}

/// Of what has a floor in memory, with what was asked as marks.
fn chart(found: &[(&Compared, Found)]) -> Bars<'static> {
    let is_shown = |compared: &Compared| {
        ["deliver/", "home/", "pull/"]
            .iter()
            .any(|topic| compared.library.starts_with(topic))
    };
    let row = |(compared, found): &(&Compared, Found)| {
        let floor = found.floor.filter(|_| is_shown(compared))?;
        let limits = compared.asked.iter().filter_map(|asked| match asked {
            Asked::Times(most) => Some(*most),
            Asked::Takes(most) => Some(most / floor),
            Asked::Adds(_) | Asked::Gains(_) => None,
        });
        Some(Row {
            name: compared.what.into(),
            bars: vec![Some(Bar {
                value: found.library / floor,
                mark: limits.reduce(f64::min),
            })],
        })
    };
    Bars {
        title: "Library over floor".into(),
        axis: "times the floor, logarithmic",
        series: vec!["library".into()],
        mark: "asked: at most",
        rows: found.iter().filter_map(row).collect(),
    }
}
