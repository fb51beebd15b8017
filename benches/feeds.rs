//! What naming, publishing and reading cost, each beside a floor or a peer of the same run.
//!
//! The world is that of `world`: 100,000 readers who follow fifty each in the mean, all drawn from one
//! seed; each topic says what it takes of it. What needs a million readers is built only where the variable
//! `ANABRANCH_BENCH_1M` is set. Everything is in memory, but for what says that it is on disk.
//!
//! ```text
//! cargo bench                          # all of it
//! cargo bench -- home                  # one topic
//! cargo bench -- mixed/push            # one strategy
//! ANABRANCH_BENCH_1M=1 cargo bench     # with a million readers, too
//! ANABRANCH_BENCH_QUICK=1 cargo bench  # in worlds of 2,000: a trial
//! ```
//!
//! A world, a store, a timeline is built by the first bench that needs it: one that the filter leaves out
//! builds nothing.

#[path = "feeds/beside.rs"]
mod beside;
#[path = "feeds/cold.rs"]
mod cold;
#[path = "feeds/deliver.rs"]
mod deliver;
#[path = "feeds/disk.rs"]
mod disk;
#[path = "feeds/floor.rs"]
mod floor;
#[path = "feeds/home.rs"]
mod home;
#[path = "feeds/id.rs"]
mod id;
#[path = "feeds/mixed.rs"]
mod mixed;
#[path = "feeds/overhead.rs"]
mod overhead;
#[path = "feeds/publish.rs"]
mod publish;
#[path = "feeds/pull.rs"]
mod pull;
#[path = "feeds/rank.rs"]
mod rank;
#[path = "feeds/stage.rs"]
mod stage;
#[path = "feeds/threads.rs"]
mod threads;
#[path = "feeds/watched.rs"]
mod watched;
mod world;

use criterion::Criterion;

fn main() {
    let criterion = &mut Criterion::default().configure_from_args();
    id::benches(criterion);
    overhead::benches(criterion);
    deliver::benches(criterion);
    home::benches(criterion);
    pull::benches(criterion);
    cold::benches(criterion);
    rank::benches(criterion);
    mixed::benches(criterion);
    threads::benches(criterion);
    publish::benches(criterion);
    beside::benches(criterion);
    disk::benches(criterion);
    criterion.final_summary();
}
