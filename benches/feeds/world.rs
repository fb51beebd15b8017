//! The world that the benches share.

use std::sync::Arc;

use anabranch::fanout::Strategy;
use anabranch::store::Memory;
use anabranch::timelines::Local;
use anabranch::{Activity, ActorId, Feeds, Ids, ManualClock, wait};
use chrono::DateTime;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub const ACTORS: u64 = 1_000;
const FOLLOWS: u64 = 50;
const ACTIVITIES: u64 = 20_000;
const START: i64 = 1_700_000_000_000;

/// The world, with every reader warm where the strategy keeps timelines.
pub fn world(strategy: Arc<dyn Strategy>) -> Feeds {
    let random = &mut ChaCha8Rng::seed_from_u64(1);
    let feeds = Feeds::builder(Memory::new(), Local::new())
        .clock(ManualClock::at_millis(START))
        .ids(Ids::new(1))
        .strategy(strategy)
        .cold_reads_before_filling(0)
        .build();
    let mut anybody = || ActorId::from(random.random_range(0..ACTORS));
    for reader in (0..ACTORS).map(ActorId::from) {
        for _ in 0..FOLLOWS {
            // Following oneself is refused: such a reader follows one actor fewer.
            let _ = wait(feeds.follow(reader, anybody()));
        }
    }
    for number in 0..ACTIVITIES {
        let published = DateTime::from_timestamp_millis(START + number as i64).expect("an instant");
        wait(feeds.publish(Activity::by(anybody()).published(published))).expect("published");
    }
    for reader in (0..ACTORS).map(ActorId::from) {
        wait(feeds.home(reader).ids()).expect("a home");
    }
    feeds
}
