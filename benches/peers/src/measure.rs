//! One peer's turn: posts, reads, mixes.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anabranch_report::peers::{Cost, Figures, Mix, Posts, Quantiles, Reads, median, microseconds};
use anyhow::{Context, Result, ensure};

use crate::history::{id, naive};
use crate::peers::{Kind, PAGE, Peer, Setting};
use crate::world::Operation;

const MIXES: [u32; 2] = [10, 100];
const ROUNDS: u64 = 3;
const SEED_OF_WARMING: u64 = 10;
const SEED_OF_POSTS: u64 = 20;
const SEED_OF_READS: u64 = 30;
/// Of the first round of a mix; the others follow.
const SEED_OF_MIXES: u64 = 40;
const READS_A_TRIP: usize = 100;
/// How many pages are compared in the end.
const CHECKED: usize = 10;
/// Between two looks at the clock where only the whole is timed.
const UNTIMED: usize = 16;

/// When to stop.
#[derive(Clone, Copy)]
pub struct Budget {
    time: Duration,
    /// The most posts of posting alone: as many again as there were before.
    posts: usize,
    /// The most operations of one of the rest: enough for the slowest to settle.
    operations: usize,
}

impl Budget {
    pub fn new(readers: u32, seconds: f64) -> Self {
        Self {
            time: Duration::from_secs_f64(seconds),
            posts: readers as usize * 2,
            operations: readers as usize * 10,
        }
    }
}

pub fn all(kind: &Kind, setting: &Setting, budget: Budget) -> Result<Figures> {
    let began = Instant::now();
    let peer = (kind.open)(setting).context("setting up")?;
    let set_up_seconds = began.elapsed().as_secs_f64();
    let mut turn = Turn {
        peer,
        setting,
        budget,
        posted: setting.history.authors.clone(),
    };
    // Caches fill, plans are made, and who decides by what it sees sees something.
    turn.mixed(MIXES[0], SEED_OF_WARMING)
        .context("warming up")?;
    let memory = turn.peer.memory().context("asking for its memory")?;
    let figures = Figures {
        peer: kind.name(),
        version: turn.peer.version()?,
        remark: None,
        set_up_seconds,
        posts: turn.posts().context("posting")?,
        reads: turn.reads().context("reading")?,
        mixes: MIXES
            .into_iter()
            .map(|reads| turn.mix(reads))
            .collect::<Result<_>>()
            .context("posting and reading")?,
        memory,
    };
    turn.check().context("checking its pages at the end")?;
    Ok(Figures {
        remark: turn.peer.remark(),
        ..figures
    })
}

/// What two looks at the clock cost, in nanoseconds.
pub fn cost_of_the_clock() -> f64 {
    let times = (0..10_000).map(|_| Instant::now().elapsed().as_secs_f64() * 1e9);
    median(times.collect())
}

struct Turn<'a> {
    peer: Box<dyn Peer + 'a>,
    setting: &'a Setting,
    budget: Budget,
    /// The authors of all posts so far.
    posted: Vec<u32>,
}

/// What a stretch of operations took.
struct Stretch {
    operations: usize,
    time: Duration,
    in_server: Option<Duration>,
}

impl Stretch {
    /// Per one of `count`.
    fn cost(&self, count: f64) -> Cost {
        Cost {
            end_to_end: microseconds(self.time) / count,
            in_server: self.in_server.map(|time| microseconds(time) / count),
        }
    }
}

impl Turn<'_> {
    fn post(&mut self, author: u32) -> Result<()> {
        self.peer.post(author, id(self.posted.len()))?;
        self.posted.push(author);
        Ok(())
    }

    /// Whether what was measured was right.
    fn check(&mut self) -> Result<()> {
        let world = &self.setting.world;
        for reader in (0..world.readers()).step_by(world.readers() as usize / CHECKED) {
            self.peer.read(reader)?;
            ensure!(
                self.peer.page() == naive(world, &self.posted, reader, PAGE),
                "reader {reader} got another page than looking through all posts gives: its times count for nothing"
            );
        }
        Ok(())
    }

    /// Does operations until there were `most` or the time is over, which is looked at after every
    /// `at_once`.
    fn stretch(
        &mut self,
        most: usize,
        at_once: usize,
        mut operation: impl FnMut(&mut Self) -> Result<()>,
    ) -> Result<Stretch> {
        let server_before = self.peer.time_in_server()?;
        let began = Instant::now();
        let mut operations = 0;
        while operations < most && (operations == 0 || began.elapsed() < self.budget.time) {
            for _ in 0..at_once {
                operation(self)?;
            }
            operations += at_once;
        }
        let time = began.elapsed();
        let server_after = self.peer.time_in_server()?;
        Ok(Stretch {
            operations,
            time,
            in_server: server_after
                .zip(server_before)
                .map(|(after, before)| after.saturating_sub(before)),
        })
    }

    fn posts(&mut self) -> Result<Posts> {
        let (mut times, mut followers) = (Vec::new(), 0);
        let mut authors = self.setting.world.authors(SEED_OF_POSTS);
        let stretch = self.stretch(self.budget.posts, 1, |turn| {
            let author = authors.next().context("authors are without end")?;
            followers += turn.setting.followers.of(author).len() as u64;
            let began = Instant::now();
            turn.post(author)?;
            times.push(began.elapsed());
            Ok(())
        })?;
        Ok(Posts {
            posts: stretch.operations,
            followers,
            a_follower: stretch.cost(followers as f64),
            a_post: Quantiles::of(times),
        })
    }

    fn reads(&mut self) -> Result<Reads> {
        let (mut times, mut ids) = (Vec::new(), 0);
        let mut readers = self.setting.readers(SEED_OF_READS);
        let stretch = self.stretch(self.budget.operations, 1, |turn| {
            let reader = readers.next().context("readers are without end")?;
            let began = Instant::now();
            ids += black_box(turn.peer.read(reader)?);
            times.push(began.elapsed());
            Ok(())
        })?;
        ensure!(ids > 0, "every page was empty: the homes were not set up");
        Ok(Reads {
            reads: stretch.operations,
            ids_a_page: ids as f64 / stretch.operations as f64,
            mean: stretch.cost(stretch.operations as f64),
            a_read: Quantiles::of(times),
            together: self.reads_together()?,
        })
    }

    fn reads_together(&mut self) -> Result<Option<Cost>> {
        let mut readers = self.setting.readers(SEED_OF_READS);
        if self.peer.read_together(&[0])?.is_none() {
            return Ok(None);
        }
        let trips = self.stretch(self.budget.operations / READS_A_TRIP, 1, |turn| {
            let readers: Vec<u32> = readers.by_ref().take(READS_A_TRIP).collect();
            black_box(turn.peer.read_together(&readers)?);
            Ok(())
        })?;
        let reads = trips.operations * READS_A_TRIP;
        Ok(Some(trips.cost(reads as f64)))
    }

    fn mix(&mut self, reads_a_post: u32) -> Result<Mix> {
        let mut rounds = Vec::new();
        let mut operations = 0;
        for round in 0..ROUNDS {
            let stretch = self.mixed(reads_a_post, SEED_OF_MIXES + round)?;
            operations += stretch.operations;
            rounds.push(stretch.cost(stretch.operations as f64));
        }
        let of = |figure: fn(&Cost) -> Option<f64>| {
            let figures: Option<Vec<f64>> = rounds.iter().map(figure).collect();
            figures.map(median)
        };
        Ok(Mix {
            reads_a_post,
            operations,
            an_operation: Cost {
                end_to_end: of(|cost| Some(cost.end_to_end)).context("there were rounds")?,
                in_server: of(|cost| cost.in_server),
            },
            rounds,
        })
    }

    fn mixed(&mut self, reads_a_post: u32, seed: u64) -> Result<Stretch> {
        let mut operations = self.setting.world.operations(reads_a_post, seed);
        self.stretch(self.budget.operations, UNTIMED, |turn| {
            match operations.next().context("operations are without end")? {
                Operation::Post(author) => turn.post(author),
                Operation::Read(reader) => {
                    black_box(turn.peer.read(reader)?);
                    Ok(())
                }
            }
        })
    }
}
