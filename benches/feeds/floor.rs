//! What publishing and reading cannot do without, and nothing else: numbers in place of ids, no locks, no
//! bodies, one thread. One floor has ids, too: [`Names`].

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use anabranch::{ActivityId, ActorId};

use super::world::World;

/// Who follows each author.
pub struct Followers {
    starts: Vec<u32>,
    readers: Vec<u32>,
}

impl Followers {
    pub fn of(world: &World) -> Self {
        let mut starts = vec![0];
        let mut end = 0;
        for followers in world.followers() {
            end += followers;
            starts.push(end);
        }
        let mut readers = vec![0; end as usize];
        let mut places = starts.clone();
        for reader in 0..world.readers() {
            for author in world.follows(reader) {
                let place = &mut places[*author as usize];
                readers[*place as usize] = reader;
                *place += 1;
            }
        }
        Self { starts, readers }
    }

    pub fn of_author(&self, author: u32) -> &[u32] {
        let author = author as usize;
        &self.readers[self.starts[author] as usize..self.starts[author + 1] as usize]
    }
}

/// A ring of the newest entries for each reader.
pub struct Rings<const CAPACITY: usize> {
    cells: Vec<u64>,
    /// How many entries each was ever given.
    heads: Vec<u32>,
}

impl<const CAPACITY: usize> Rings<CAPACITY> {
    pub fn new(readers: u32) -> Self {
        let readers = readers as usize;
        Self {
            // Not 0: memory that was never written to is not there yet.
            cells: vec![u64::MAX; readers * CAPACITY],
            heads: vec![0; readers],
        }
    }

    pub fn push(&mut self, readers: &[u32], entry: u64) {
        for reader in readers {
            let reader = *reader as usize;
            let head = &mut self.heads[reader];
            self.cells[reader * CAPACITY + *head as usize % CAPACITY] = entry;
            *head += 1;
        }
    }

    /// Copies the newest of a reader, the oldest of them first.
    pub fn newest(&self, reader: u32, wanted: usize, newest: &mut Vec<u64>) {
        let reader = reader as usize;
        let ring = &self.cells[reader * CAPACITY..][..CAPACITY];
        let head = self.heads[reader] as usize;
        let found = wanted.min(head).min(CAPACITY);
        let end = head % CAPACITY;
        newest.clear();
        if found > end {
            newest.extend_from_slice(&ring[CAPACITY + end - found..]);
            newest.extend_from_slice(&ring[..end]);
        } else {
            newest.extend_from_slice(&ring[end - found..end]);
        }
    }
}

/// What readers and entries are called outside.
pub struct Names {
    readers: HashMap<ActorId, u32, BuildHasherDefault<Product>>,
    entries: Vec<ActivityId>,
}

impl Names {
    /// Of readers by their numbers, and of entries that are numbered from 1.
    pub fn of(readers: impl Iterator<Item = ActorId>, entries: Vec<ActivityId>) -> Self {
        Self {
            readers: readers.zip(0..).collect(),
            entries,
        }
    }

    /// The newest of a reader, newest first.
    pub fn newest<const CAPACITY: usize>(
        &self,
        reader: ActorId,
        rings: &Rings<CAPACITY>,
        (wanted, numbers): (usize, &mut Vec<u64>),
    ) -> Vec<ActivityId> {
        rings.newest(self.readers[&reader], wanted, numbers);
        let named = numbers.iter().rev();
        named
            .map(|number| self.entries[*number as usize - 1])
            .collect()
    }
}

/// A product of what is hashed, both halves of it: as quick as hashing ids of a host's own can be.
#[derive(Default)]
pub struct Product(u64);

impl Hasher for Product {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.as_chunks().0 {
            self.write_u64(u64::from_ne_bytes(*chunk));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn write_usize(&mut self, length: usize) {
        self.0 ^= length as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The entries of each author, in ascending order, and the newest of each side by side.
pub struct Outboxes {
    entries: Vec<Vec<u64>>,
    newest: Vec<u64>,
}

impl Outboxes {
    /// Those of posts that are numbered from 1.
    pub fn of(authors: u32, posts: impl Iterator<Item = u32>) -> Self {
        let mut entries = vec![Vec::new(); authors as usize];
        for (author, number) in posts.zip(1..) {
            entries[author as usize].push(number);
        }
        let newest = |outbox: &Vec<u64>| outbox.last().copied().unwrap_or(0);
        let newest = entries.iter().map(newest).collect();
        Self { entries, newest }
    }

    /// The newest of all of these authors, newest first.
    ///
    /// As many authors as there are entries wanted have something as new as the threshold; so whoever has
    /// nothing as new is not looked into. What is found raises it further.
    pub fn pull(&self, authors: &[u32], wanted: usize, found: &mut Vec<u64>) {
        found.clear();
        found.extend(authors.iter().map(|author| self.newest[*author as usize]));
        let mut threshold = if found.len() > wanted {
            *found.select_nth_unstable_by(wanted - 1, descending).1
        } else {
            0
        };
        found.clear();
        for author in authors {
            let author = *author as usize;
            if self.newest[author] < threshold {
                continue;
            }
            for entry in self.entries[author].iter().rev() {
                if *entry < threshold {
                    break;
                }
                found.push(*entry);
            }
            if found.len() >= 4 * wanted {
                threshold = *found.select_nth_unstable_by(wanted - 1, descending).1;
                found.truncate(wanted);
            }
        }
        if found.len() > wanted {
            found.select_nth_unstable_by(wanted - 1, descending);
            found.truncate(wanted);
        }
        found.sort_unstable_by(descending);
    }

    /// The same, by sorting all that there is.
    pub fn pull_naively(&self, authors: &[u32], wanted: usize) -> Vec<u64> {
        let outboxes = authors.iter().map(|author| &self.entries[*author as usize]);
        let mut all: Vec<u64> = outboxes.flatten().copied().collect();
        all.sort_unstable_by(descending);
        all.truncate(wanted);
        all
    }
}

fn descending(one: &u64, other: &u64) -> std::cmp::Ordering {
    other.cmp(one)
}
