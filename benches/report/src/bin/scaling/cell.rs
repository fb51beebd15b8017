//! One cell: a world, and what is done in it.

use std::time::{Duration, Instant};

use anabranch::fanout::AllPull;
use anabranch::store::Memory;
use anabranch::timelines::{Local, Timelines};
use anabranch::{Activity, ActorId, Feeds, Ids, wait};
use anabranch_report::peers::median;
use anabranch_report::scaling::{Axis, Cell};
use anyhow::{Context, Result, ensure};

use crate::stage::{self, Guest, PAGE, actor};
use crate::world::{World, resident};

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Extent {
    /// Of the axis of streams.
    pub authors: u32,
    /// Likewise.
    pub follows: usize,
    /// How long a round lasts.
    pub round: Duration,
}

const ROUNDS: usize = 5;
/// Between two looks at the clock.
const UNTIMED: usize = 16;
const SEED_OF_AUTHORS: u64 = 12;
/// Of the guests in worlds of readers.
const STREAMS_OF_A_GUEST: usize = 50;

pub fn measure(axis: Axis, size: u32, extent: Extent) -> Result<Cell> {
    let world = World::new(match axis {
        Axis::Readers => size,
        Axis::Streams => extent.authors,
    });
    let (store, ids) = stage::outboxes(&world);
    drop(ids);
    let (readers, guests) = match axis {
        Axis::Readers => {
            stage::follow_all(&store, &world);
            let guests = stage::guests(&store, &world, STREAMS_OF_A_GUEST);
            ((0..size).map(actor).collect(), ids_of(&guests))
        }
        Axis::Streams => {
            let number = (extent.follows / size as usize).max(20);
            let guests = stage::so_many_guests(number, &store, &world, size as usize);
            (ids_of(&guests), ids_of(&guests))
        }
    };
    Course::new(&world, store, readers, guests, extent)?.run(axis, size)
}

fn ids_of(guests: &[Guest]) -> Vec<ActorId> {
    guests.iter().map(|guest| guest.id).collect()
}

struct Course<'a> {
    world: &'a World,
    store: Memory,
    timelines: Local,
    feeds: Feeds,
    /// Who are warm.
    readers: Vec<ActorId>,
    /// Who pull, and who read cold.
    guests: Vec<ActorId>,
    extent: Extent,
    bytes: Option<u64>,
}

impl<'a> Course<'a> {
    fn new(
        world: &'a World,
        store: Memory,
        readers: Vec<ActorId>,
        guests: Vec<ActorId>,
        extent: Extent,
    ) -> Result<Self> {
        let timelines = Local::new();
        let feeds = stage::pushed(store.clone(), timelines.clone());
        let before = resident::bytes();
        for reader in &readers {
            read(&feeds, *reader)?;
        }
        let bytes = resident::bytes().zip(before);
        Ok(Self {
            world,
            store,
            timelines,
            feeds,
            readers,
            guests,
            extent,
            bytes: bytes.map(|(after, before)| after.saturating_sub(before)),
        })
    }

    fn run(self, axis: Axis, size: u32) -> Result<Cell> {
        let number = self.readers.len();
        let census = wait(self.feeds.census())?;
        ensure!(census.timelines == number, "not everybody is warm");
        let each = |all: usize| all as f64 / number as f64;
        let home = self.home()?;
        let pull = self.pull()?;
        let cold = self.cold()?;
        let (publish, deliveries) = self.publish()?;
        Ok(Cell {
            axis,
            size,
            readers: number as u32,
            // Everybody subscribes to themselves, too.
            streams: each(census.subscriptions) - 1.0,
            publish,
            deliveries,
            delivery: publish / deliveries,
            home,
            pull,
            cold,
            bytes_a_reader: self.bytes.map(|bytes| bytes as f64 / number as f64),
            entries_a_reader: each(census.entries),
        })
    }

    fn home(&self) -> Result<f64> {
        let mut turns = turns(&self.readers);
        self.rounds(|| read(&self.feeds, turns.next().context("without end")?))
    }

    fn pull(&self) -> Result<f64> {
        let feeds = Feeds::builder(self.store.clone(), Local::new())
            .ids(Ids::new(3))
            .strategy(AllPull)
            .build();
        let mut turns = turns(&self.guests);
        self.rounds(|| read(&feeds, turns.next().context("without end")?))
    }

    /// Guests who are no readers are cold again in the end.
    fn cold(&self) -> Result<f64> {
        let mut turns = turns(&self.guests);
        let cold = rounds(|| {
            let begun = Instant::now();
            let (mut reads, mut passed) = (0, Duration::ZERO);
            while begun.elapsed() < self.extent.round {
                let guest = turns.next().context("without end")?;
                wait(self.timelines.forget(guest))?;
                let begun = Instant::now();
                read(&self.feeds, guest)?;
                passed += begun.elapsed();
                reads += 1;
            }
            Ok(nanoseconds(passed) / f64::from(reads))
        })?;
        if self.readers.first() != self.guests.first() {
            for guest in &self.guests {
                wait(self.timelines.forget(*guest))?;
            }
        }
        Ok(cold)
    }

    /// Time a publish, and how many timelines it reached.
    fn publish(&self) -> Result<(f64, f64)> {
        let mut authors = self.world.authors(SEED_OF_AUTHORS);
        let (mut publishes, mut deliveries) = (0_u64, 0_u64);
        let publish = self.rounds(|| {
            let author = authors.next().context("without end")?;
            let published = wait(self.feeds.publish(Activity::by(actor(author))))?;
            publishes += 1;
            deliveries += published.deliveries as u64;
            Ok(())
        })?;
        Ok((publish, deliveries as f64 / publishes as f64))
    }

    /// Time an operation.
    fn rounds(&self, mut operation: impl FnMut() -> Result<()>) -> Result<f64> {
        rounds(|| {
            let begun = Instant::now();
            let mut operations = 0;
            while begun.elapsed() < self.extent.round {
                for _ in 0..UNTIMED {
                    operation()?;
                }
                operations += UNTIMED;
            }
            Ok(nanoseconds(begun.elapsed()) / operations as f64)
        })
    }
}

/// The median of all but the first.
fn rounds(mut round: impl FnMut() -> Result<f64>) -> Result<f64> {
    round()?;
    let times = (0..ROUNDS).map(|_| round());
    Ok(median(times.collect::<Result<_>>()?))
}

fn read(feeds: &Feeds, reader: ActorId) -> Result<()> {
    wait(feeds.home(reader).limit(PAGE).ids())?;
    Ok(())
}

/// All of them, far from each other, over and over again.
fn turns(readers: &[ActorId]) -> impl Iterator<Item = ActorId> + '_ {
    // A prime: so no one is met twice before all were.
    const STRIDE: usize = 7_919;
    let number = readers.len();
    (0..)
        .map(move |turn: usize| turn.wrapping_mul(STRIDE) % number)
        .filter_map(|place| readers.get(place).copied())
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}
