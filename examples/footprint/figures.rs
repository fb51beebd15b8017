//! From what the steps added to bytes of one of each.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bytes by both ways of counting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bytes {
    /// By the allocator.
    pub counted: f64,
    /// By the system. `None` where it does not tell.
    pub resident: Option<f64>,
}

impl Bytes {
    pub fn since(self, before: Self) -> Self {
        self.with(before, |now, before| now - before)
    }

    fn each(self, number: u64) -> Self {
        let each = |bytes| bytes / number as f64;
        Self {
            counted: each(self.counted),
            resident: self.resident.map(each),
        }
    }

    fn with(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let both = self.resident.zip(other.resident);
        Self {
            counted: f(self.counted, other.counted),
            resident: both.map(|(one, other)| f(one, other)),
        }
    }
}

/// What a step added, and how many came by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grown {
    pub bytes: Bytes,
    pub number: u64,
}

impl Grown {
    fn each(self) -> Bytes {
        self.bytes.each(self.number)
    }
}

/// Those of one process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    pub follows: Grown,
    /// What making all readers warm added, with whatever filled them.
    pub readers: Grown,
    /// What publishing added, with whatever was delivered.
    pub activities: Grown,
    /// Pairs of a timeline and a stream pushed into it.
    pub subscriptions: u64,
    /// In all timelines, in the end.
    pub entries: u64,
}

/// What is found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Footprint {
    pub readers: u32,
    pub figures: Vec<Figure>,
}

/// Bytes of one of something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub of: String,
    pub bytes: Bytes,
    /// How many they are the mean of.
    pub number: u64,
    /// The most that is allowed, in bytes.
    pub target: Option<f64>,
}

impl Footprint {
    pub fn of(readers: u32, store: &Steps, timelines: &Steps) -> Result<Self, String> {
        let subtract = |all: Bytes, part: Bytes| all.since(part);
        let activities = store.activities;
        if activities.number != timelines.activities.number {
            return Err("the two processes have published differently".into());
        }
        let pushed = Grown {
            bytes: subtract(timelines.activities.bytes, activities.bytes),
            number: timelines.entries,
        };
        let filled = Grown {
            bytes: subtract(store.readers.bytes, timelines.readers.bytes),
            number: store.entries,
        };
        let streams = timelines.subscriptions as f64 / timelines.readers.number as f64;
        let in_each = |entries: u64| entries as f64 / f64::from(readers);
        let figure = |of: String, grown: Grown, target: Option<f64>| Figure {
            of,
            bytes: grown.each(),
            number: grown.number,
            target,
        };
        let figures = vec![
            figure(
                "a follow, both directions".into(),
                store.follows,
                Some(16.0),
            ),
            figure("an activity in the store".into(), activities, None),
            figure(
                format!(
                    "a warm reader of {streams:.1} pushed streams, its own included, besides its entries"
                ),
                timelines.readers,
                Some(1_100.0),
            ),
            figure(
                format!(
                    "an entry, all pushed, {:.0} in a timeline",
                    in_each(pushed.number)
                ),
                pushed,
                Some(13.0),
            ),
            figure(
                format!(
                    "an entry, just filled, {:.0} in a timeline",
                    in_each(filled.number)
                ),
                filled,
                None,
            ),
        ];
        Ok(Self { readers, figures })
    }
}

impl fmt::Display for Footprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} readers; bytes\n", self.readers)?;
        writeln!(
            f,
            "{:>9} {:>9} {:>7} {:>11}",
            "allocated", "resident", "target", "mean of"
        )?;
        for figure in &self.figures {
            let or_dash = |bytes: Option<f64>, digits| {
                bytes.map_or("-".into(), |bytes| format!("{bytes:.digits$}"))
            };
            writeln!(
                f,
                "{:>9.1} {:>9} {:>7} {:>11}  {}",
                figure.bytes.counted,
                or_dash(figure.bytes.resident, 1),
                or_dash(figure.target, 0),
                figure.number,
                figure.of,
            )?;
        }
        let untold = |figure: &Figure| figure.bytes.resident.is_none();
        if self.figures.iter().any(untold) {
            writeln!(f, "\nWhat is resident can be told on Linux only.")?;
        }
        Ok(())
    }
}
