//! The library in this process, through the handle that hosts hold: `store::Memory`, `timelines::Local`.

use anabranch::fanout::{Adaptive, AllPull, AllPush, Strategy};
use anabranch::store::Memory as InMemory;
use anabranch::timelines::Local;
use anabranch::{Activity, ActivityId, ActorId, Feeds, Ids, ManualClock, Page, wait};
use anabranch_report::peers::Memory;
use anyhow::Result;

use super::{PAGE, Peer, Setting};
use crate::history::{id_at, millis};
use crate::world::resident;

/// How often each is read in the mean, before measuring, where that decides who is warm.
const READS_A_READER: usize = 10;
const SEED_OF_READS: u64 = 3;

struct Library {
    feeds: Feeds,
    /// Shows when the post that is being made is made.
    clock: ManualClock,
    page: Option<Page<ActivityId>>,
    memory: Option<Memory>,
}

/// Everything pushed, and every home warm, as those of the other peers that push.
pub fn push(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    let mut library = Library::new(setting, AllPush, 0)?;
    let before = resident::bytes();
    for reader in 0..setting.world.readers() {
        library.read(reader)?;
    }
    let entries = wait(library.feeds.census())?.entries as u64;
    library.memory = resident::bytes().zip(before).map(|(after, before)| Memory {
        entries,
        bytes_an_entry: after.saturating_sub(before) as f64 / entries as f64,
        bytes_an_entry_of_a_full_home: None,
    });
    Ok(Box::new(library))
}

pub fn pull(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    let library = Library::new(setting, AllPull, Feeds::COLD_READS_BEFORE_FILLING)?;
    Ok(Box::new(library))
}

/// As it comes: homes become warm by being read, and whose do depends on how often.
pub fn adaptive(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    let strategy = Adaptive::default();
    let mut library = Library::new(setting, strategy, Feeds::COLD_READS_BEFORE_FILLING)?;
    let reads = setting.world.readers() as usize * READS_A_READER;
    for reader in setting.readers(SEED_OF_READS).take(reads) {
        library.read(reader)?;
    }
    Ok(Box::new(library))
}

impl Library {
    fn new(setting: &Setting, strategy: impl Strategy, cold_reads: u32) -> Result<Self> {
        let clock = ManualClock::default();
        let feeds = Feeds::builder(InMemory::new(), Local::new())
            .clock(clock.clone())
            .ids(Ids::new(1))
            .strategy(strategy)
            .cold_reads_before_filling(cold_reads)
            .build();
        for reader in 0..setting.world.readers() {
            for followed in setting.world.follows(reader) {
                wait(feeds.follow(actor(reader), actor(*followed)))?;
            }
        }
        let mut library = Self {
            feeds,
            clock,
            page: None,
            memory: None,
        };
        for (author, id) in setting.history.posts() {
            library.post(author, id)?;
        }
        Ok(library)
    }
}

impl Peer for Library {
    fn post(&mut self, author: u32, id: u64) -> Result<()> {
        self.clock.set_millis(millis(id) as i64);
        wait(self.feeds.publish(Activity::by(actor(author))))?;
        Ok(())
    }

    fn read(&mut self, reader: u32) -> Result<usize> {
        let page = wait(self.feeds.home(actor(reader)).limit(PAGE).ids())?;
        let ids = page.items.len();
        self.page = Some(page);
        Ok(ids)
    }

    fn page(&self) -> Vec<u64> {
        let ids = self.page.iter().flat_map(|page| &page.items);
        ids.map(|id| id_at(id.published().timestamp_millis() as u64))
            .collect()
    }

    fn memory(&mut self) -> Result<Option<Memory>> {
        Ok(self.memory)
    }

    fn remark(&self) -> Option<String> {
        let census = wait(self.feeds.census()).ok()?;
        (census.timelines > 0).then(|| {
            format!(
                "in the end {} timelines with {} entries and {} subscriptions",
                census.timelines, census.entries, census.subscriptions
            )
        })
    }
}

fn actor(number: u32) -> ActorId {
    ActorId::from(u64::from(number))
}
