//! What naming, publishing and reading cost, each beside a floor or a peer of the same run.
//!
//! The world: 1,000 readers follow 50 of 1,000 actors each, at random; 20,000 activities, 1 ms
//! apart; all from one seed. Everything is in memory, but for `disk`, which says what it is on.
//!
//! ```text
//! cargo bench              # all of it
//! cargo bench -- home      # one topic
//! ```

#[path = "feeds/beside.rs"]
mod beside;
#[path = "feeds/disk.rs"]
mod disk;
#[path = "feeds/home.rs"]
mod home;
#[path = "feeds/id.rs"]
mod id;
#[path = "feeds/publish.rs"]
mod publish;
#[path = "feeds/world.rs"]
mod world;

use criterion::Criterion;

fn main() {
    let criterion = &mut Criterion::default().configure_from_args();
    id::benches(criterion);
    publish::benches(criterion);
    home::benches(criterion);
    beside::benches(criterion);
    disk::benches(criterion);
    criterion.final_summary();
}
