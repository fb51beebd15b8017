//! The world of the measurements of speed: who follows whom, who posts, who reads. From one seed, and knowing
//! nothing of any library, so that peers meet the same world.
//!
//! Readers are numbers from 0 on; each is also an author. A reader follows 50 others in the mean (log-normal,
//! σ = 1, at most 2,000), drawn by weights that fall with rank r as r^-0.65: the number of followers is a
//! power law, in a world of 100,000 up to some 23,000, in one of 1,000,000 up to some 120,000. Ranks are dealt
//! out at random. How often one posts and how often one reads are log-normal, too (σ = 1.2: a tenth of
//! all does half of it), each independent of the rest.

// Each program uses a part of it.
#![allow(dead_code)]

pub mod resident;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::weighted::WeightedAliasIndex;
use rand_distr::{Distribution, LogNormal};

const MEAN_FOLLOWS: f64 = 50.0;
const MOST_FOLLOWS: f64 = 2_000.0;
/// Of the weight of a rank.
const EXPONENT: f64 = 0.65;
const SIGMA_OF_FOLLOWS: f64 = 1.0;
const SIGMA_OF_RATES: f64 = 1.2;

pub struct World {
    /// Where the follows of each reader begin.
    starts: Vec<u32>,
    follows: Vec<u32>,
    posting: WeightedAliasIndex<f64>,
    reading: WeightedAliasIndex<f64>,
}

#[derive(Clone, Copy, Debug)]
pub enum Operation {
    Post(u32),
    Read(u32),
}

impl World {
    pub fn new(readers: u32) -> Self {
        let random = &mut ChaCha8Rng::seed_from_u64(1);
        let mut by_rank: Vec<u32> = (0..readers).collect();
        by_rank.shuffle(random);
        let weights = (1..=readers).map(|rank| f64::from(rank).powf(-EXPONENT));
        let ranks = WeightedAliasIndex::new(weights.collect()).expect("weights");
        let mean_of_log = MEAN_FOLLOWS.ln() - SIGMA_OF_FOLLOWS.powi(2) / 2.0;
        let degrees = LogNormal::new(mean_of_log, SIGMA_OF_FOLLOWS).expect("a distribution");
        let mut starts = vec![0];
        let mut follows: Vec<u32> = Vec::new();
        for reader in 0..readers {
            let most = MOST_FOLLOWS.min(f64::from(readers) / 2.0);
            let degree = degrees.sample(random).round().clamp(1.0, most) as usize;
            let start = follows.len();
            let mut misses = 0;
            while follows.len() < start + degree && misses < 4 * degree {
                let drawn = by_rank[ranks.sample(random)];
                if drawn == reader {
                    continue;
                }
                follows.push(drawn);
                if follows.len() == start + degree {
                    follows[start..].sort_unstable();
                    misses += deduplicate(&mut follows, start);
                }
            }
            follows[start..].sort_unstable();
            deduplicate(&mut follows, start);
            starts.push(follows.len() as u32);
        }
        Self {
            starts,
            follows,
            posting: rates(readers, random),
            reading: rates(readers, random),
        }
    }

    pub fn readers(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    /// Whom the reader follows, in ascending order.
    pub fn follows(&self, reader: u32) -> &[u32] {
        let (from, to) = (
            self.starts[reader as usize],
            self.starts[reader as usize + 1],
        );
        &self.follows[from as usize..to as usize]
    }

    /// How many follow each.
    pub fn followers(&self) -> Vec<u32> {
        let mut counts = vec![0; self.readers() as usize];
        for followed in &self.follows {
            counts[*followed as usize] += 1;
        }
        counts
    }

    /// Posts and reads without end: so many reads to a post, in the mean, at random.
    pub fn operations(&self, reads_a_post: u32, seed: u64) -> impl Iterator<Item = Operation> + '_ {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        std::iter::repeat_with(move || {
            if random.random_range(0..=reads_a_post) == 0 {
                Operation::Post(self.posting.sample(&mut random) as u32)
            } else {
                Operation::Read(self.reading.sample(&mut random) as u32)
            }
        })
    }

    /// Authors without end, each as often as it posts.
    pub fn authors(&self, seed: u64) -> impl Iterator<Item = u32> + '_ {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        std::iter::repeat_with(move || self.posting.sample(&mut random) as u32)
    }
}

fn rates(readers: u32, random: &mut ChaCha8Rng) -> WeightedAliasIndex<f64> {
    let rates = LogNormal::new(0.0, SIGMA_OF_RATES).expect("a distribution");
    WeightedAliasIndex::new((0..readers).map(|_| rates.sample(random)).collect()).expect("weights")
}

/// Leaves each of those behind `start` once; gives how many went. They are in order.
fn deduplicate(follows: &mut Vec<u32>, start: usize) -> usize {
    let before = follows.len();
    let mut kept = start;
    for at in start..before {
        if kept == start || follows[kept - 1] != follows[at] {
            follows[kept] = follows[at];
            kept += 1;
        }
    }
    follows.truncate(kept);
    before - kept
}
