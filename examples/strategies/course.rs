//! What goes on in a world under a rule, counted.

use std::cmp::Reverse;
use std::sync::Arc;

use anabranch::fanout::{self, AllPush, Choice, Costs, Fanout, Rate, Reader, Strategy, Stream};
use anabranch::timelines::Local;
use anabranch::{Feeds, Result};

use super::EVERYBODY;
use super::world::{Operation, World};

/// Posts of an author, in the mean, before anybody reads.
const PAST: usize = 8;
/// Reads of a reader, in the mean, before it is counted, and while it is.
const READS: usize = 5;
/// Authors with the most followers, who post once at the end.
const STARS: usize = 10;
/// Entries that a timeline begins with.
const FILLED: usize = 200;
/// The milliseconds between two operations, times the readers.
const APART: u64 = 10_000_000;
/// When it begins, in Unix milliseconds.
const START: u64 = 1_700_000_000_000;

/// What deeds cost, in nanoseconds: besides what feeds reckon with, what is the same under each rule.
struct Prices {
    costs: Costs,
    publish: f64,
    /// A page from a timeline.
    read: f64,
    /// Reads without a timeline that cost as much as filling one.
    reads_a_fill: f64,
}

impl Default for Prices {
    fn default() -> Self {
        Self {
            costs: Costs::default(),
            publish: 1_000.0,
            read: 2_200.0,
            reads_a_fill: f64::from(Feeds::COLD_READS_BEFORE_FILLING),
        }
    }
}

impl Prices {
    fn read(&self, pulled: usize) -> f64 {
        let Costs {
            pull_at_all, pull, ..
        } = self.costs;
        let at_all = if pulled > 0 { pull_at_all } else { 0.0 };
        self.read + at_all + pulled as f64 * pull
    }
}

/// What a rule came to in a world and a mix.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    pub rule: String,
    /// Nanoseconds of an operation, in the mean.
    pub cost: f64,
    pub entries: usize,
    pub subscriptions: usize,
    /// Timelines that the furthest publish reached.
    pub worst: usize,
    /// And all but one in a hundred.
    pub p99: usize,
}

pub struct Course<'a> {
    world: &'a World,
    strategy: Arc<dyn Strategy>,
    prices: Prices,
    /// In milliseconds.
    now: u64,
    apart: u64,
    /// By reader.
    timelines: Vec<Timeline>,
    warm: usize,
    /// By author: who takes what it posts.
    subscribers: Vec<Vec<u32>>,
    posts: Vec<u32>,
    published: Vec<Rate>,
    read: Vec<Rate>,
}

/// That of one reader, if it has one.
#[derive(Clone, Copy, Default)]
struct Timeline {
    is_warm: bool,
    cold_reads: u32,
    /// How many streams are pulled beside it.
    pulled: u32,
    entries: u32,
}

impl<'a> Course<'a> {
    pub fn run(world: &'a World, rule: &str, reads_a_post: u32) -> Result<Counted> {
        let mut course = Self::new(world, rule)?;
        course.publish_past(reads_a_post);
        if rule == EVERYBODY {
            for reader in 0..world.readers() {
                course.fill(reader);
            }
        }
        let mut operations = world.operations(reads_a_post, 7);
        let readers = world.readers() as usize;
        let some = READS * readers * (1 + reads_a_post as usize) / reads_a_post as usize;
        for operation in operations.by_ref().take(some) {
            course.operate(operation);
        }
        let mut reached = Vec::new();
        let mut cost = 0.0;
        for operation in operations.take(some) {
            let (nanos, deliveries) = course.operate(operation);
            cost += nanos;
            reached.extend(deliveries);
        }
        reached.sort_unstable();
        let p99 = reached.get(reached.len() * 99 / 100).copied();
        for star in course.stars() {
            reached.extend(course.operate(Operation::Post(star)).1);
        }
        let entries = course.timelines.iter().map(|of| of.entries as usize);
        Ok(Counted {
            rule: rule.into(),
            cost: cost / some as f64,
            entries: entries.sum(),
            subscriptions: course.subscribers.iter().map(Vec::len).sum(),
            worst: reached.into_iter().max().unwrap_or_default(),
            p99: p99.unwrap_or_default(),
        })
    }

    fn new(world: &'a World, rule: &str) -> Result<Self> {
        let readers = world.readers() as usize;
        Ok(Self {
            world,
            strategy: if rule == EVERYBODY {
                Arc::new(AllPush)
            } else {
                fanout::named(rule)?
            },
            prices: Prices::default(),
            now: START,
            apart: APART / u64::from(world.readers()),
            timelines: vec![Timeline::default(); readers],
            warm: 0,
            subscribers: vec![Vec::new(); readers],
            posts: vec![0; readers],
            published: vec![Rate::default(); readers],
            read: vec![Rate::default(); readers],
        })
    }

    fn publish_past(&mut self, reads_a_post: u32) {
        let apart = self.apart * (1 + u64::from(reads_a_post));
        let posts = PAST * self.world.readers() as usize;
        for author in self.world.authors(2).take(posts) {
            self.now += apart;
            self.count_post(author);
        }
    }

    fn count_post(&mut self, author: u32) {
        let now = self.seconds();
        self.posts[author as usize] += 1;
        let rate = &mut self.published[author as usize];
        *rate = rate.after_one_more(now);
    }

    /// What the operation costs, and how many timelines it reaches, if it is a post.
    fn operate(&mut self, operation: Operation) -> (f64, Option<usize>) {
        self.now += self.apart;
        match operation {
            Operation::Post(author) => {
                self.count_post(author);
                let subscribers = &self.subscribers[author as usize];
                for reader in subscribers {
                    let entries = &mut self.timelines[*reader as usize].entries;
                    *entries = (*entries + 1).min(Local::CAPACITY as u32);
                }
                let deliveries = subscribers.len();
                let delivered = deliveries as f64 * self.prices.costs.deliver;
                (self.prices.publish + delivered, Some(deliveries))
            }
            Operation::Read(reader) => (self.read(reader), None),
        }
    }

    fn read(&mut self, reader: u32) -> f64 {
        let now = self.seconds();
        let rate = &mut self.read[reader as usize];
        *rate = rate.after_one_more(now);
        let timeline = &mut self.timelines[reader as usize];
        if timeline.is_warm {
            return self.prices.read(timeline.pulled as usize);
        }
        let cold = self.prices.read(self.world.follows(reader).len() + 1);
        if !self.strategy.keeps_timelines() {
            return cold;
        }
        timeline.cold_reads += 1;
        if timeline.cold_reads <= Feeds::COLD_READS_BEFORE_FILLING {
            return cold;
        }
        timeline.cold_reads = 0;
        self.fill(reader);
        let timeline = self.timelines[reader as usize];
        if timeline.is_warm {
            cold * self.prices.reads_a_fill + self.prices.read(timeline.pulled as usize)
        } else {
            cold
        }
    }

    /// Gives the reader a timeline, unless the rule would push nothing into it.
    fn fill(&mut self, reader: u32) {
        let now = self.seconds();
        let mut figures = Reader::default();
        figures.read = self.read[reader as usize].a_day(now);
        figures.timelines = self.warm;
        figures.costs = self.prices.costs;
        let own = [reader];
        let streams = self.world.follows(reader).iter().chain(&own);
        let of_streams: Vec<Stream> = streams
            .clone()
            .map(|stream| {
                let mut figures = Stream::default();
                figures.subscribers = self.subscribers[*stream as usize].len();
                figures.published = self.published[*stream as usize].a_day(now);
                figures
            })
            .collect();
        let mut choices = vec![Choice::default(); of_streams.len()];
        self.strategy.decide(&figures, &of_streams, &mut choices);
        let mut timeline = Timeline::default();
        let mut available = 0;
        for (stream, choice) in streams.zip(choices) {
            match choice.fanout {
                Fanout::Pull => timeline.pulled += 1,
                Fanout::Push => {
                    timeline.is_warm = true;
                    available += self.posts[*stream as usize] as usize;
                    self.subscribers[*stream as usize].push(reader);
                }
            }
        }
        let filled = FILLED.min(self.strategy.entries_a_fill());
        timeline.entries = available.min(filled) as u32;
        self.warm += usize::from(timeline.is_warm);
        self.timelines[reader as usize] = timeline;
    }

    /// Who has the most followers.
    fn stars(&self) -> Vec<u32> {
        let followers = self.world.followers();
        let mut authors: Vec<u32> = (0..self.world.readers()).collect();
        authors.sort_by_key(|author| Reverse(followers[*author as usize]));
        authors.truncate(STARS);
        authors
    }

    fn seconds(&self) -> u32 {
        u32::try_from(self.now / 1_000).unwrap_or(u32::MAX)
    }
}
