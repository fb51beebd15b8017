//! What timelines under a budget take and are worth: how many reads find one.

use std::fmt;

use anabranch::timelines::{Header, Local, Reading, Timelines};
use anabranch::{ActivityId, Entry, Ids, Range, wait};

use super::Outcome;
use super::counting;
use super::stage::{PAGE, actor};
use super::world::{Operation, World};

/// Entries of a filled timeline, as feeds fill it.
const FILLED: usize = 200;
const OPERATIONS_A_READER: usize = 20;
const READS_A_POST: u32 = 10;

/// What came of one budget.
#[derive(Clone, Debug)]
pub struct Outturn {
    /// `None` is as much as it takes.
    pub budget: Option<usize>,
    /// At most, after any operation, by the allocator.
    pub allocated: usize,
    pub timelines: usize,
    pub entries: usize,
    /// Of the reads of the second half, how many found a timeline.
    pub warm: usize,
    pub reads: usize,
}

/// Posts and reads without a store, so that nothing else is allocated: the operations, and by author the numbers of the
/// operations that are its posts.
struct Load<'a> {
    world: &'a World,
    operations: Vec<Operation>,
    entries: Vec<Entry>,
    posts: Vec<Vec<u32>>,
}

/// Without a budget, and with these percentages of what that takes.
pub fn measure(world: &World, percentages: &[usize]) -> Outcome<Vec<Outturn>> {
    let mut outturns = within(world, &[None])?;
    let needed = outturns.first().map_or(0, |without| without.allocated);
    let budgets = percentages.iter().map(|of| Some(needed / 100 * of));
    outturns.extend(within(world, &budgets.collect::<Vec<_>>())?);
    Ok(outturns)
}

/// With each of these budgets, in bytes.
pub fn within(world: &World, budgets: &[Option<usize>]) -> Outcome<Vec<Outturn>> {
    let load = Load::new(world);
    budgets.iter().map(|budget| load.put_on(*budget)).collect()
}

impl Outturn {
    pub fn is_within(&self) -> bool {
        self.budget.is_none_or(|budget| self.allocated <= budget)
    }
}

impl<'a> Load<'a> {
    fn new(world: &'a World) -> Self {
        let count = OPERATIONS_A_READER * world.readers() as usize;
        let operations: Vec<_> = world.operations(READS_A_POST, 4).take(count).collect();
        let ids = Ids::new(1);
        let entries = (0..count as u64).map(|at| Entry::new(ids.make(at)));
        let mut posts = vec![Vec::new(); world.readers() as usize];
        for (at, operation) in (0..).zip(&operations) {
            if let Operation::Post(author) = operation {
                posts[*author as usize].push(at);
            }
        }
        Self {
            world,
            entries: entries.collect(),
            operations,
            posts,
        }
    }

    fn put_on(&self, budget: Option<usize>) -> Outcome<Outturn> {
        let before = counting::bytes();
        let local = budget.map_or_else(Local::new, Local::with_budget);
        let (mut allocated, mut warm, mut reads) = (0, 0, 0);
        for (at, operation) in self.operations.iter().enumerate() {
            match operation {
                Operation::Post(author) => {
                    wait(local.push(&[actor(*author)], self.entries[at]))?;
                }
                Operation::Read(reader) => {
                    let is_warm = self.read(&local, *reader, at)?;
                    if at > self.operations.len() / 2 {
                        warm += usize::from(is_warm);
                        reads += 1;
                    }
                }
            }
            allocated = allocated.max(counting::bytes().saturating_sub(before));
        }
        let census = wait(local.census())?;
        Ok(Outturn {
            budget,
            allocated,
            timelines: census.timelines,
            entries: census.entries,
            warm,
            reads,
        })
    }

    fn read(&self, local: &Local, reader: u32, now: usize) -> Outcome<bool> {
        let reading = wait(local.read(actor(reader), Range::NEWEST_FIRST, PAGE, true))?;
        if reading != Reading::Cold {
            return Ok(true);
        }
        drop(reading);
        let follows = self.world.follows(reader);
        let header = Header {
            pushed: follows.iter().map(|stream| actor(*stream)).collect(),
            ..Header::default()
        };
        if let Some(ticket) = wait(local.begin(actor(reader), header))? {
            let (entries, floor) = self.newest(follows, now);
            wait(local.fill(ticket, &entries, floor))?;
        }
        Ok(false)
    }

    /// What these have posted before that operation, the newest first, and from where on that is all.
    fn newest(&self, authors: &[u32], now: usize) -> (Vec<Entry>, ActivityId) {
        let mut posts = Vec::new();
        for author in authors {
            let all = &self.posts[*author as usize];
            let past = all.partition_point(|at| (*at as usize) < now);
            posts.extend_from_slice(&all[past.saturating_sub(FILLED)..past]);
        }
        posts.sort_unstable_by(|one, other| other.cmp(one));
        let is_all = posts.len() <= FILLED;
        posts.truncate(FILLED);
        let entries: Vec<_> = posts.iter().map(|at| self.entries[*at as usize]).collect();
        let lowest = entries.last().filter(|_| !is_all);
        let floor = lowest.map_or(ActivityId::MIN, |entry| entry.id);
        (entries, floor)
    }
}

impl fmt::Display for Outturn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kib = |bytes: usize| bytes.div_ceil(1024);
        let budget = self
            .budget
            .map_or("none".into(), |all| kib(all).to_string());
        write!(
            f,
            "{budget:>10} {:>12} {:>10} {:>11} {:>9.1} %",
            kib(self.allocated),
            self.timelines,
            self.entries,
            100.0 * self.warm as f64 / self.reads as f64,
        )
    }
}
