//! All peers give the page that looking through all posts gives. Those whose server was not started say so
//! and are passed over; run.sh starts them first.

use anyhow::{Context, Result};

use crate::history::{History, id, naive};
use crate::peers::{ALL, Missing, PAGE, Setting};

const READERS: u32 = 50;
/// Enough that homes are trimmed, and that tables are trimmed more than once.
const POSTS: usize = 4_000;

#[test]
fn the_library_gives_the_newest_50_of_each_home() -> Result<()> {
    gives_the_newest_50_of_each_home("library")
}

#[test]
fn redis_gives_the_newest_50_of_each_home() -> Result<()> {
    gives_the_newest_50_of_each_home("redis")
}

#[test]
fn sqlite_gives_the_newest_50_of_each_home() -> Result<()> {
    gives_the_newest_50_of_each_home("sqlite")
}

#[test]
fn postgres_gives_the_newest_50_of_each_home() -> Result<()> {
    gives_the_newest_50_of_each_home("postgres")
}

/// One after the other: the peers of one server share it.
fn gives_the_newest_50_of_each_home(system: &str) -> Result<()> {
    let setting = Setting::new(READERS);
    let authors = setting.world.authors(9).take(POSTS);
    let authors: Vec<u32> = setting
        .history
        .authors
        .iter()
        .copied()
        .chain(authors)
        .collect();
    for kind in ALL.iter().filter(|kind| kind.system == system) {
        let mut peer = match (kind.open)(&setting) {
            Err(error) if error.downcast_ref::<Missing>().is_some() => {
                eprintln!("SKIPPED {}: {error}", kind.name());
                continue;
            }
            peer => peer.with_context(|| kind.name())?,
        };
        let mut posted = setting.history.authors.len();
        for until in [posted, posted + 30, authors.len()] {
            for (number, author) in authors.iter().enumerate().take(until).skip(posted) {
                peer.post(*author, id(number))
                    .with_context(|| kind.name())?;
            }
            posted = until;
            for reader in 0..READERS {
                // More than once, so that whoever keeps only homes that are read keeps this one.
                for _ in 0..8 {
                    peer.read(reader).with_context(|| kind.name())?;
                }
                let expected = naive(&setting.world, &authors[..posted], reader, PAGE);
                assert_eq!(peer.page(), expected, "{}, reader {reader}", kind.name());
            }
        }
    }
    Ok(())
}

#[test]
fn a_history_fills_homes_with_what_is_followed_and_no_more() {
    let setting = Setting::new(READERS);
    let History { authors } = &setting.history;
    for (reader, home) in (0..).zip(setting.homes()) {
        let newest_of_home: Vec<u64> = home.into_iter().rev().take(PAGE).collect();
        assert_eq!(newest_of_home, naive(&setting.world, authors, reader, PAGE));
    }
}
