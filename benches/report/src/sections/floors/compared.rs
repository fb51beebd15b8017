//! What is compared, and what was asked of it.

use crate::text::time;

/// What is compared, by the names of the benches.
pub struct Compared {
    pub what: &'static str,
    pub floor: Option<&'static str>,
    pub library: &'static str,
    pub asked: &'static [Asked],
}

#[derive(Clone, Copy)]
pub enum Asked {
    /// At most so many times the floor.
    Times(f64),
    /// At most so many nanoseconds.
    Takes(f64),
    /// At most so many nanoseconds more than the floor.
    Adds(f64),
    /// At least so many times as fast as the floor.
    Gains(f64),
}

use Asked::{Adds, Gains, Takes, Times};

const fn compared(
    what: &'static str,
    floor: Option<&'static str>,
    library: &'static str,
    asked: &'static [Asked],
) -> Compared {
    Compared {
        what,
        floor,
        library,
        asked,
    }
}

pub const ALL: [Compared; 26] = [
    compared(
        "a delivery, 100,000 readers",
        Some("deliver/floor"),
        "deliver/local",
        &[Times(1.6)],
    ),
    compared(
        "a delivery, a million readers",
        Some("deliver/floor/1m"),
        "deliver/local/1m",
        &[Times(2.5)],
    ),
    compared(
        "a delivery, publishing and all",
        Some("deliver/floor"),
        "deliver/publish",
        &[],
    ),
    compared(
        "warm home, 50 ids",
        Some("home/floor"),
        "home/ids",
        &[Times(4.0), Takes(600.0)],
    ),
    compared(
        "the same, over a loop that finds ids",
        Some("home/floor/ids"),
        "home/ids",
        &[],
    ),
    compared(
        "the same, one reader over and over",
        Some("home/floor/again"),
        "home/again",
        &[],
    ),
    compared(
        "the same with four hidden actors",
        Some("home/floor"),
        "home/hidden",
        &[Takes(900.0)],
    ),
    compared(
        "the same with five streams pulled",
        Some("home/floor"),
        "home/pulled",
        &[Takes(1_500.0)],
    ),
    compared(
        "the same with bodies",
        Some("home/floor"),
        "home/full",
        &[Takes(5_000.0)],
    ),
    compared(
        "pull 50 streams",
        Some("pull/floor/50"),
        "pull/local/50",
        &[Times(2.0)],
    ),
    compared(
        "pull 500 streams",
        Some("pull/floor/500"),
        "pull/local/500",
        &[Times(2.0)],
    ),
    compared(
        "pull 5,000 streams",
        Some("pull/floor/5000"),
        "pull/local/5000",
        &[Times(2.0)],
    ),
    compared(
        "cold home of 50 streams, filled",
        None,
        "cold/50",
        &[Takes(25_000.0)],
    ),
    compared("cold home of 500 streams, filled", None, "cold/500", &[]),
    compared(
        "a call that does not wait, over a plain one",
        Some("overhead/sync"),
        "overhead/wait",
        &[Adds(5.0)],
    ),
    compared(
        "publishing and reading, two threads over one",
        Some("threads/1"),
        "threads/2",
        &[Gains(1.5)],
    ),
    compared(
        "naming an activity, over an atomic addition",
        Some("id/floor"),
        "id/make",
        &[],
    ),
    compared(
        "publish, nobody follows, in memory",
        None,
        "publish/memory",
        &[],
    ),
    compared(
        "publish on disk, over a durable append of 4 KiB",
        Some("disk/append/floor"),
        "disk/publish/1",
        &[Times(3.0)],
    ),
    compared(
        "16 threads that share commits, over one",
        Some("disk/publish/1"),
        "disk/grouped/16",
        &[Gains(8.0)],
    ),
    compared(
        "16 tasks that share commits, over one",
        Some("disk/publish/1"),
        "disk/grouped/16 tasks",
        &[],
    ),
    compared(
        "home beside a fan-out to 20,000, over alone",
        Some("beside/nothing"),
        "beside/fan-out",
        &[],
    ),
    compared(
        "500 candidates by ten terms",
        Some("rank/floor/500"),
        "rank/formula/500",
        &[Times(3.0), Takes(100_000.0)],
    ),
    compared(
        "500 candidates by 100 trees",
        Some("rank/floor-trees/500"),
        "rank/trees/500",
        &[],
    ),
    compared(
        "decay of authors and a cap, over sorting alone",
        Some("rank/floor-select/500"),
        "rank/select/500",
        &[],
    ),
    compared(
        "a page of a ranked home, over reading its window",
        Some("rank/home/500"),
        "rank/page",
        &[],
    ),
];

/// Both times, in nanoseconds.
#[derive(Clone, Copy)]
pub struct Found {
    pub floor: Option<f64>,
    pub library: f64,
}

impl Asked {
    /// `None` where the floor is missing.
    pub fn is_met(self, found: Found) -> Option<bool> {
        let Found { floor, library } = found;
        Some(match self {
            Times(most) => library <= most * floor?,
            Takes(most) => library <= most,
            Adds(most) => library - floor? <= most,
            Gains(least) => floor? >= least * library,
        })
    }

    pub fn text(self) -> String {
        match self {
            Times(most) => format!("at most {most} times"),
            Takes(most) => format!("at most {}", time(most)),
            Adds(most) => format!("at most {} more", time(most)),
            Gains(least) => format!("{least} times as fast"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Adds, Found, Gains, Takes, Times};

    #[test]
    fn what_was_asked_is_judged_by_the_floor_of_the_same_run() {
        let found = Found {
            floor: Some(10.0),
            library: 15.0,
        };
        for (asked, is_met) in [
            (Times(1.5), true),
            (Times(1.4), false),
            (Takes(15.0), true),
            (Takes(14.0), false),
            (Adds(5.0), true),
            (Adds(4.0), false),
            (Gains(0.6), true),
            (Gains(1.0), false),
        ] {
            assert_eq!(asked.is_met(found), Some(is_met), "{}", asked.text());
        }
    }

    #[test]
    fn without_its_floor_a_ratio_is_neither_met_nor_missed() {
        let found = Found {
            floor: None,
            library: 15.0,
        };
        assert_eq!(Times(1.5).is_met(found), None);
        assert_eq!(Takes(15.0).is_met(found), Some(true));
    }
}
