//! Rules that decide between push and pull, compared by `examples/strategies.rs`.

use std::fs;
use std::str::FromStr;

use anyhow::{Context, Result};

use super::{Folders, missing};
use crate::charts::{Line, Lines, Panel};
use crate::text::{digits, grouped, short, table};

pub const FILE: &str = "strategies.csv";
const COMMAND: &str =
    "cargo run --release --example strategies -- --out target/report/strategies.csv";

/// A rule in a world and a mix.
struct Compared {
    readers: u32,
    reads_a_post: u32,
    rule: String,
    /// Of an operation, over the better of push and pull.
    cost: f64,
    /// Relative to push, as all that follow.
    memory: f64,
    worst: f64,
    p99: f64,
}

pub fn markdown(folders: &Folders) -> Result<String> {
    let path = folders.data.join(FILE);
    if !path.exists() {
        return Ok(missing(COMMAND));
    }
    let text = fs::read_to_string(&path)?;
    let rows = read(&text).with_context(|| format!("reading {}", path.display()))?;
    chart(&rows).draw(&folders.chart("rules"))?;
    let told = "cost of rules, over the better of push and pull";
    let mut text = folders.image("rules", told);
    for readers in once_each(&rows, |row| row.readers) {
        let rows: Vec<&Compared> = rows.iter().filter(|row| row.readers == readers).collect();
        let world = grouped(readers.into());
        text += &format!("\n{world} readers:\n\n{}", in_a_world(&rows));
    }
    Ok(text)
}

/// Finds the columns by their names: there may be others.
fn read(csv: &str) -> Result<Vec<Compared>> {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().context("it is empty")?;
    let row = |line: Vec<&str>| {
        Ok(Compared {
            readers: field(&head, &line, "readers")?,
            reads_a_post: field(&head, &line, "reads_a_post")?,
            rule: field(&head, &line, "rule")?,
            cost: field(&head, &line, "cost_to_best")?,
            memory: field(&head, &line, "memory_to_push")?,
            worst: field(&head, &line, "worst_to_push")?,
            p99: field(&head, &line, "p99_to_push")?,
        })
    };
    lines.map(row).collect()
}

fn field<T: FromStr>(head: &[&str], line: &[&str], name: &str) -> Result<T> {
    let column = head.iter().position(|column| *column == name);
    let text = column.and_then(|column| line.get(column));
    let value = text.and_then(|text| text.parse().ok());
    value.with_context(|| format!("{name} of the line {}", line.join(",")))
}

fn chart(rows: &[Compared]) -> Lines<'static> {
    let rules = once_each(rows, |row| row.rule.as_str());
    let panel = |readers: u32| Panel {
        axis: format!("reads a post, {} readers", short(readers.into())),
        lines: rules
            .iter()
            .map(|rule| Line {
                name: (*rule).into(),
                points: rows
                    .iter()
                    .filter(|row| row.readers == readers && row.rule == *rule)
                    .map(|row| (row.reads_a_post.into(), row.cost))
                    .collect(),
            })
            .collect(),
    };
    let worlds = once_each(rows, |row| row.readers);
    Lines {
        title: "Cost of an operation under each rule".into(),
        axis: "times the better of push and pull; dashed: what is asked of adaptive at most",
        panels: worlds.into_iter().map(panel).collect(),
        level: Some(1.3),
    }
}

/// What each rule costs in each mix, and the ends of the rest over all mixes.
fn in_a_world(rows: &[&Compared]) -> String {
    let mixes = once_each(rows, |row| row.reads_a_post);
    let mut head = vec!["cost".to_owned()];
    head.extend(mixes.iter().map(|reads| format!("1:{reads}")));
    let rest = [
        "entries and subscriptions",
        "worst publish reaches",
        "99 of 100 publishes reach",
    ];
    head.extend(rest.map(|rest| format!("{rest}, of push")));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let line = |rule: &str| {
        let rows: Vec<&&Compared> = rows.iter().filter(|row| row.rule == rule).collect();
        let cost = |reads: &u32| {
            let row = rows.iter().find(|row| row.reads_a_post == *reads);
            row.map_or("–".into(), |row| digits(row.cost))
        };
        let ends = |figure: fn(&Compared) -> f64| {
            let figures = rows.iter().map(|row| figure(row));
            let (least, most) = figures.fold((f64::MAX, f64::MIN), |(least, most), figure| {
                (least.min(figure), most.max(figure))
            });
            let [least, most] = [least, most].map(digits);
            if least == most {
                least
            } else {
                format!("{least} to {most}")
            }
        };
        let mut line = vec![rule.to_owned()];
        line.extend(mixes.iter().map(cost));
        line.extend([
            ends(|row| row.memory),
            ends(|row| row.worst),
            ends(|row| row.p99),
        ]);
        line
    };
    table(
        &head,
        once_each(rows, |row| row.rule.as_str())
            .into_iter()
            .map(line),
    )
}

/// In the order in which they first come.
fn once_each<'a, R, T: PartialEq>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    let mut found = Vec::new();
    for value in rows.iter().map(of) {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::read;

    const HEAD: &str =
        "rule,readers,reads_a_post,more,cost_to_best,memory_to_push,worst_to_push,p99_to_push";

    #[test]
    fn columns_are_found_by_their_names() {
        let rows = read(&format!("{HEAD}\nours,100000,10,7,1.125,0.5,0.25,0.75\n")).unwrap();
        let [row] = rows.as_slice() else {
            panic!("one line, one row");
        };
        assert_eq!(
            (row.rule.as_str(), row.readers, row.reads_a_post),
            ("ours", 100_000, 10)
        );
        assert_eq!(
            (row.cost, row.memory, row.worst, row.p99),
            (1.125, 0.5, 0.25, 0.75)
        );
    }

    #[test]
    fn a_column_that_is_missing_is_named() {
        let error = read("rule,readers\nours,100000\n")
            .err()
            .map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.contains("reads_a_post")));
    }
}
