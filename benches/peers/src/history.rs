//! What was posted before measuring begins, and how posts are numbered.

use std::collections::HashSet;

use crate::followers::{Followers, with_oneself};
use crate::world::World;

/// Unix milliseconds of the first post.
const START: u64 = 1_700_000_000_000;
/// As in Mastodon, an id is the millisecond of a post and 16 bits to tell those of one millisecond apart.
const BITS_BELOW_A_MILLISECOND: u32 = 16;
const POSTS_A_READER: usize = 2;
const SEED: u64 = 2;
/// The most entries of a home, as in Mastodon.
pub const MOST_ENTRIES: usize = 800;

/// The id of a post by its number; posts are a millisecond apart.
pub fn id(number: usize) -> u64 {
    (START + number as u64) << BITS_BELOW_A_MILLISECOND
}

/// When the post with that id was made, in Unix milliseconds.
pub fn millis(id: u64) -> u64 {
    id >> BITS_BELOW_A_MILLISECOND
}

/// The id of the post made then.
pub fn id_at(millis: u64) -> u64 {
    millis << BITS_BELOW_A_MILLISECOND
}

/// Posts in the order in which they were made.
pub struct History {
    pub authors: Vec<u32>,
}

impl History {
    pub fn new(world: &World) -> Self {
        let posts = world.readers() as usize * POSTS_A_READER;
        Self {
            authors: world.authors(SEED).take(posts).collect(),
        }
    }

    /// Author and id of each post, oldest first.
    pub fn posts(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        let authors = self.authors.iter();
        authors
            .enumerate()
            .map(|(number, author)| (*author, id(number)))
    }

    /// What each home holds, oldest first, for peers whose homes are loaded rather than delivered.
    pub fn homes(&self, readers: u32, followers: &Followers) -> Vec<Vec<u64>> {
        let mut homes = vec![Vec::new(); readers as usize];
        for (author, id) in self.posts() {
            for reader in followers.of(author) {
                homes[*reader as usize].push(id);
            }
        }
        for home in &mut homes {
            home.drain(..home.len().saturating_sub(MOST_ENTRIES));
        }
        homes
    }
}

/// The newest ids of a reader's home after posts by these authors, newest first, found by looking through
/// all of them: what every peer has to give.
pub fn naive(world: &World, authors: &[u32], reader: u32, ids: usize) -> Vec<u64> {
    let home: HashSet<u32> = with_oneself(world, reader).collect();
    let posts = authors.iter().enumerate().rev();
    let shown = posts.filter(|(_, author)| home.contains(author));
    shown.map(|(number, _)| id(number)).take(ids).collect()
}
