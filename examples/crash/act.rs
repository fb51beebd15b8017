//! What the child does, and how it says so.

use std::io::{self, Write};
use std::path::Path;
use std::thread;

use anabranch::store::{Disk, Durability};
use anabranch::timelines::Local;
use anabranch::{Activity, ActivityId, ActorId, Feeds, Ids, wait};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// How many actors there are; each thread acts for some of its own.
pub const ACTORS: u64 = 24;
pub const THREADS: u64 = 4;

/// One act of one thread.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Act {
    Publish {
        actor: u64,
        key: String,
        to: Option<u64>,
    },
    Follow {
        actor: u64,
        target: u64,
    },
    Unfollow {
        actor: u64,
        target: u64,
    },
    Delete {
        id: ActivityId,
    },
}

/// What the child says, one line each.
#[derive(Debug, Serialize, Deserialize)]
pub enum Word {
    /// The thread is about to do this.
    Begins(u64, Act),
    /// The thread has been told that it is done; what was published is called so.
    Done(u64, Option<ActivityId>),
}

pub fn for_ever(
    path: &Path,
    durability: Durability,
    seed: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let store = Disk::options().durability(durability).open(path)?;
    let ids = Ids::random().after_openings(store.openings()?);
    let feeds = Feeds::builder(store, Local::new()).ids(ids).build();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let feeds = &feeds;
                scope.spawn(move || act(feeds, thread, seed))
            })
            .collect();
        for thread in threads {
            thread.join().map_err(|_| "a thread panicked")??;
        }
        Ok(())
    })
}

/// Acts as long as somebody listens.
fn act(feeds: &Feeds<Disk, Local>, thread: u64, seed: u64) -> anabranch::Result<()> {
    let mut numbers = ChaCha8Rng::seed_from_u64(seed * THREADS + thread);
    let mut published = Vec::new();
    for number in 0_u64.. {
        let actor = numbers.random_range(0..ACTORS / THREADS) * THREADS + thread;
        let other = numbers.random_range(0..ACTORS);
        let act = match numbers.random_range(0..10) {
            0..=5 => Act::Publish {
                actor,
                key: format!("{seed}-{thread}-{number}"),
                to: numbers.random_bool(0.3).then_some(other),
            },
            6 | 7 if other != actor => Act::Follow {
                actor,
                target: other,
            },
            8 => Act::Unfollow {
                actor,
                target: other,
            },
            _ => match published.pop() {
                Some(id) => Act::Delete { id },
                None => continue,
            },
        };
        if say(&Word::Begins(thread, act.clone())).is_err() {
            break;
        }
        let id = perform(feeds, &act)?;
        published.extend(id);
        if say(&Word::Done(thread, id)).is_err() {
            break;
        }
    }
    Ok(())
}

fn perform(feeds: &Feeds<Disk, Local>, act: &Act) -> anabranch::Result<Option<ActivityId>> {
    match act {
        Act::Publish { actor, key, to } => {
            let draft = Activity::by(ActorId::from(*actor))
                .key(key.as_str())
                .to(to.map(ActorId::from))
                .data(key.as_str());
            return Ok(Some(wait(feeds.publish(draft))?.activity.id));
        }
        Act::Follow { actor, target } => {
            wait(feeds.follow((*actor).into(), (*target).into()))?;
        }
        Act::Unfollow { actor, target } => {
            wait(feeds.unfollow((*actor).into(), (*target).into()))?;
        }
        Act::Delete { id } => {
            wait(feeds.delete(*id))?;
        }
    }
    Ok(None)
}

/// One line, whole: lines of several threads do not mix.
fn say(word: &Word) -> io::Result<()> {
    let mut line = serde_json::to_vec(word)?;
    line.push(b'\n');
    let mut output = io::stdout().lock();
    output.write_all(&line)?;
    output.flush()
}
