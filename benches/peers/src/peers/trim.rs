//! When to trim homes that are rows of a table.

use crate::history::MOST_ENTRIES;

/// So many entries more than a home is to hold are let be: looking for the 800th newest row costs as
/// much as a page, and a quarter more entries makes that the cost of two hundred deliveries.
const SLACK: usize = MOST_ENTRIES / 4;

/// How many entries each home has, so that none needs to be counted.
pub struct Trim {
    entries: Vec<usize>,
    /// Those that have become too long since it was asked.
    long: Vec<i32>,
}

impl Trim {
    pub fn new(homes: &[Vec<u64>]) -> Self {
        Self {
            entries: homes.iter().map(Vec::len).collect(),
            long: Vec::new(),
        }
    }

    /// Whose homes are to be trimmed now that each of these got one more.
    pub fn after_one_more(&mut self, readers: &[u32]) -> &[i32] {
        self.long.clear();
        for reader in readers {
            let entries = &mut self.entries[*reader as usize];
            *entries += 1;
            if *entries >= MOST_ENTRIES + SLACK {
                *entries = MOST_ENTRIES;
                self.long.push(*reader as i32);
            }
        }
        &self.long
    }
}
