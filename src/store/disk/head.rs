//! What stands before the blocks of a file: its name, and the head that says which blocks count.

use std::io;

use super::blocks::BLOCK;
use super::damage::Damage;

/// Where redb's head ends; the rest of its first block it leaves alone.
pub(super) const HEAD: usize = 320;
/// A turn holds its content twice, so that one flipped bit in it does no harm.
const COPY: usize = BLOCK / 2;
/// Sequence number, length, number of blocks.
const FIGURES: usize = 24;
/// A block's number and checksum.
const FRESH: usize = 12;
/// As many fresh blocks fit into a copy, beside figures, head, their count and the checksum of it all.
pub(super) const MOST_FRESH: usize = (COPY - FIGURES - HEAD - 8) / FRESH;
const _: () = assert!(MOST_FRESH == 141, "docs/format.md names it");
/// Where the name's block says up to which sequence number all is on the disk.
pub(super) const SETTLED: u64 = COPY as u64;
/// Where redb's head says, by its lowest bit, which commit counts.
const FLIP: usize = 9;

const MAGIC: [u8; 16] = *b"anabranch\r\n\x1a\n\0\0\0";
/// The layout of the file and of all rows in it. 1 had nine tables, and was in no release.
pub(super) const FORMAT: u32 = 2;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Head {
    /// Which of the two turns is the later one.
    pub(super) sequence: u64,
    /// As long as redb believes the file to be. Blocks are there once they are written.
    pub(super) length: u64,
    /// Blocks that the file must hold; one that was cut holds fewer.
    pub(super) blocks: u64,
    pub(super) bytes: [u8; HEAD],
    /// Blocks that were written since the last sync before it: without them it does not count.
    pub(super) fresh: Vec<Fresh>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fresh {
    pub(super) number: u64,
    pub(super) sum: [u8; 4],
}

impl Head {
    /// That of a file in which nothing is yet.
    pub(super) const fn new() -> Self {
        Self {
            sequence: 0,
            length: 0,
            blocks: 1,
            bytes: [0; HEAD],
            fresh: Vec::new(),
        }
    }

    /// Tells the commits of redb's head apart: one of two counts.
    pub(super) fn flip(&self) -> u8 {
        self.bytes.get(FLIP).map_or(0, |byte| byte & 1)
    }

    /// Twice the same, one in each half.
    pub(super) fn to_turn(&self) -> [u8; BLOCK] {
        let mut turn = [0; BLOCK];
        for copy in turn.as_chunks_mut::<COPY>().0 {
            let count = u32::try_from(self.fresh.len()).unwrap_or(u32::MAX);
            let mut content = [
                &self.sequence.to_le_bytes()[..],
                &self.length.to_le_bytes(),
                &self.blocks.to_le_bytes(),
                &self.bytes,
                &count.to_le_bytes(),
            ]
            .concat();
            for fresh in &self.fresh {
                content.extend_from_slice(&fresh.number.to_le_bytes());
                content.extend_from_slice(&fresh.sum);
            }
            let sum = crc32fast::hash(&content).to_le_bytes();
            for (place, byte) in copy.iter_mut().zip(content.into_iter().chain(sum)) {
                *place = byte;
            }
        }
        turn
    }

    /// That of a copy that is whole. They differ where a write was torn, which then was not synced: either
    /// will do.
    pub(super) fn of_turn(turn: &[u8; BLOCK]) -> Option<Self> {
        turn.as_chunks::<COPY>().0.iter().find_map(Self::of_copy)
    }

    fn of_copy(copy: &[u8; COPY]) -> Option<Self> {
        let (figures, rest) = copy.split_first_chunk::<FIGURES>()?;
        let (bytes, rest) = rest.split_first_chunk::<HEAD>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (fresh, rest) = rest.split_at_checked(count.checked_mul(FRESH)?)?;
        let (content, _) = copy.split_at_checked(FIGURES + HEAD + 4 + fresh.len())?;
        if rest.first_chunk::<4>()? != &crc32fast::hash(content).to_le_bytes() {
            return None;
        }
        let fresh = fresh.as_chunks::<FRESH>().0.iter().filter_map(|fresh| {
            let (number, sum) = fresh.split_first_chunk()?;
            Some(Fresh {
                number: u64::from_le_bytes(*number),
                sum: *sum.first_chunk()?,
            })
        });
        let mut figures = figures
            .as_chunks::<8>()
            .0
            .iter()
            .copied()
            .map(u64::from_le_bytes);
        Some(Self {
            sequence: figures.next()?,
            length: figures.next()?,
            blocks: figures.next()?,
            bytes: *bytes,
            fresh: fresh.collect(),
        })
    }
}

pub(super) fn settled_bytes(sequence: u64) -> Vec<u8> {
    let bytes = sequence.to_le_bytes();
    [&bytes[..], &crc32fast::hash(&bytes).to_le_bytes()].concat()
}

/// Up to which sequence number all is on the disk, if that is known.
pub(super) fn settled_of(name: &[u8; BLOCK]) -> Option<u64> {
    let (bytes, rest) = name.get(COPY..)?.split_first_chunk::<8>()?;
    let is_whole = rest.first_chunk::<4>()? == &crc32fast::hash(bytes).to_le_bytes();
    is_whole.then_some(u64::from_le_bytes(*bytes))
}

pub(super) fn name() -> [u8; BLOCK] {
    let mut name = [0; BLOCK];
    let content = [&MAGIC[..], &FORMAT.to_le_bytes()].concat();
    let sum = crc32fast::hash(&content).to_le_bytes();
    for (place, byte) in name.iter_mut().zip(content.into_iter().chain(sum)) {
        *place = byte;
    }
    name
}

pub(super) fn check_name(found: &[u8; BLOCK]) -> io::Result<()> {
    let [magic @ .., _, _, _, _, _, _, _, _] = found.first_chunk::<24>().unwrap_or(&[0; 24]);
    let rest = found.get(MAGIC.len()..).unwrap_or_default();
    let mut numbers = rest
        .as_chunks::<4>()
        .0
        .iter()
        .copied()
        .map(u32::from_le_bytes);
    let (format, sum) = (numbers.next(), numbers.next());
    if magic != &MAGIC {
        return Err(Damage::NotOurs.into());
    }
    let is_whole = sum == found.get(..20).map(crc32fast::hash);
    match format {
        Some(FORMAT) if is_whole => Ok(()),
        Some(format) if is_whole && format < FORMAT => Err(Damage::Older(format).into()),
        Some(format) if is_whole => Err(Damage::Newer(format).into()),
        _ => Err(Damage::new("its name is damaged").into()),
    }
}
