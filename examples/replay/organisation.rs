//! A made-up organisation of 1,000 people, and what they write to each other in 400 days.
//!
//! The figures are those of the mail of a European research institution (A. Paranjape, A. R.
//! Benson and J. Leskovec, "Motifs in Temporal Networks", WSDM 2017; data set email-Eu-core):
//! who writes to how many, how often that is mutual, how unevenly people write, when in the week
//! and in the day, and to how many at once.

use std::collections::HashSet;

use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::weighted::WeightedIndex;
use rand_distr::{Distribution, LogNormal, StandardNormal};

use super::mail::Line;

const PEOPLE: usize = 1_000;
const GROUPS: usize = 40;
const MEAN_FOLLOWS: f64 = 25.0;
/// The share of edges that have one in the other direction.
const RECIPROCITY: f64 = 0.7;
/// The share of edges between people of one group.
const INSIDE: f64 = 0.36;
const DAYS: u64 = 400;
const EVENTS_A_DAY: f64 = 0.4;
/// A Monday: 1 January 2024.
const FIRST_SECOND: u64 = 1_704_067_200;
/// A working day has twelve times the mail of another one.
const DAY_WEIGHTS: [f64; 7] = [12.0, 12.0, 12.0, 12.0, 12.0, 1.0, 1.0];
/// The busiest hour has eighty times the mail of the quietest.
const HOUR_WEIGHTS: [f64; 24] = [
    2.0, 1.5, 1.0, 1.0, 1.0, 2.0, 6.0, 20.0, 50.0, 70.0, 80.0, 78.0, 60.0, 65.0, 75.0, 76.0, 70.0,
    55.0, 35.0, 20.0, 14.0, 10.0, 7.0, 4.0,
];

/// How spread out the numbers of people that somebody writes to are.
const DEGREE_SPREAD: f64 = 0.95;
/// How spread out the numbers of lines that somebody writes are.
const MAIL_SPREAD: f64 = 1.45;

/// All lines, in the order of time. The same seed gives the same organisation.
pub fn lines(seed: u64) -> Vec<Line> {
    let random = &mut ChaCha8Rng::seed_from_u64(seed);
    // One trait makes people both write to many and write much.
    let outgoing: Vec<f64> = (0..PEOPLE).map(|_| random.sample(StandardNormal)).collect();
    let contacts = contacts(&outgoing, random);
    let volumes = volumes(&outgoing, &contacts, random);
    let mut lines = Vec::new();
    for (sender, (contacts, volume)) in contacts.iter().zip(volumes).enumerate() {
        write_mail(sender, contacts, volume, &mut lines, random);
    }
    lines.sort_by_key(|line| (line.second, line.sender, line.recipient));
    lines
}

/// Whom everybody writes to: pairs are drawn by weight, inside a group or anywhere, some of
/// them in both directions.
fn contacts(outgoing: &[f64], random: &mut impl Rng) -> Vec<Vec<usize>> {
    let weights: Vec<f64> = outgoing
        .iter()
        .map(|trait_| (DEGREE_SPREAD * trait_).exp())
        .collect();
    let groups = groups(random);
    let anybody = Chooser::new((0..PEOPLE).collect(), &weights);
    let of_group: Vec<Chooser> = (0..GROUPS)
        .map(|group| {
            let members = (0..PEOPLE)
                .filter(|person| groups[*person] == group)
                .collect();
            Chooser::new(members, &weights)
        })
        .collect();
    let wanted = (PEOPLE as f64 * MEAN_FOLLOWS) as usize;
    let mut edges = HashSet::new();
    let mut contacts = vec![Vec::new(); PEOPLE];
    // A pair in both directions is two edges.
    let mutual_draws = RECIPROCITY / (2.0 - RECIPROCITY);
    // Everybody once, so that nobody is left out, then whoever has the weight for it.
    let mut everybody = 0..PEOPLE;
    while edges.len() < wanted {
        let one = everybody.next().unwrap_or_else(|| anybody.choose(random));
        let other = if random.random_bool(INSIDE) {
            of_group[groups[one]].choose(random)
        } else {
            anybody.choose(random)
        };
        if one == other || edges.contains(&(one, other)) || edges.contains(&(other, one)) {
            continue;
        }
        let is_mutual = random.random_bool(mutual_draws);
        for (from, to) in [(one, other), (other, one)]
            .into_iter()
            .take(1 + usize::from(is_mutual))
        {
            edges.insert((from, to));
            contacts[from].push(to);
        }
    }
    contacts
}

/// The group of each person; a few groups are large, most are small.
fn groups(random: &mut impl Rng) -> Vec<usize> {
    let sizes: Vec<f64> = LogNormal::new(0.0, 0.9)
        .map(|sizes| sizes.sample_iter(&mut *random).take(GROUPS).collect())
        .unwrap_or_default();
    let all = Chooser::new((0..GROUPS).collect(), &sizes);
    (0..PEOPLE).map(|_| all.choose(random)).collect()
}

/// How many lines everybody writes: at least one to each contact.
fn volumes(outgoing: &[f64], contacts: &[Vec<usize>], random: &mut impl Rng) -> Vec<usize> {
    let raw: Vec<f64> = outgoing
        .iter()
        .map(|trait_| {
            let own: f64 = random.sample(StandardNormal);
            (MAIL_SPREAD * (0.9 * trait_ + 0.436 * own)).exp()
        })
        .collect();
    let wanted = PEOPLE as f64 * DAYS as f64 * EVENTS_A_DAY;
    let scale = wanted / raw.iter().sum::<f64>();
    let volume = |(raw, contacts): (f64, &Vec<usize>)| match contacts.len() {
        0 => 0,
        most => ((raw * scale) as usize).max(most),
    };
    raw.into_iter().zip(contacts).map(volume).collect()
}

/// One person's mail. The first lines reach every contact once, further ones go mostly to the
/// same few.
fn write_mail(
    sender: usize,
    contacts: &[usize],
    volume: usize,
    lines: &mut Vec<Line>,
    random: &mut impl Rng,
) {
    if contacts.is_empty() {
        return;
    }
    let mut unmet = contacts.to_vec();
    unmet.shuffle(random);
    let favour: Vec<f64> = (1..=contacts.len()).map(|rank| 1.0 / rank as f64).collect();
    let favourites = Chooser::new((0..contacts.len()).collect(), &favour);
    let mut left = volume;
    while left > 0 {
        let size = audience(random).min(contacts.len()).min(left);
        left -= size;
        let second = moment(random);
        let mut recipients: Vec<usize> = Vec::with_capacity(size);
        while recipients.len() < size {
            let next = unmet
                .pop()
                .unwrap_or_else(|| contacts[favourites.choose(random)]);
            if !recipients.contains(&next) {
                recipients.push(next);
            }
        }
        lines.extend(recipients.into_iter().map(|recipient| Line {
            sender: sender as u64,
            recipient: recipient as u64,
            second,
        }));
    }
}

/// To how many at once: mostly one, 1.6 in the mean, 13 at the 99th percentile.
fn audience(random: &mut impl Rng) -> usize {
    match random.random_range(0..1_000) {
        0..=829 => 1,
        830..=919 => 2,
        920..=969 => random.random_range(3..=5),
        970..=989 => random.random_range(6..=12),
        _ => random.random_range(13..=25),
    }
}

fn moment(random: &mut impl Rng) -> u64 {
    let day = loop {
        let day = random.random_range(0..DAYS);
        if random.random_range(0.0..12.0) < DAY_WEIGHTS[(day % 7) as usize] {
            break day;
        }
    };
    let hour = loop {
        let hour = random.random_range(0..24);
        if random.random_range(0.0..80.0) < HOUR_WEIGHTS[hour] {
            break hour as u64;
        }
    };
    FIRST_SECOND + day * 86_400 + hour * 3_600 + random.random_range(0..3_600)
}

/// Chooses among some by their weights.
struct Chooser {
    among: Vec<usize>,
    /// None where there is at most one to choose.
    index: Option<WeightedIndex<f64>>,
}

impl Chooser {
    fn new(among: Vec<usize>, weights: &[f64]) -> Self {
        let index = WeightedIndex::new(among.iter().map(|at| weights[*at])).ok();
        Self { among, index }
    }

    fn choose(&self, random: &mut impl Rng) -> usize {
        let at = self.index.as_ref().map_or(0, |index| index.sample(random));
        self.among[at]
    }
}
