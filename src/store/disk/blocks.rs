//! A file whose blocks know when they were damaged.
//!
//! redb trusts what it reads: its checksums are for repairs. Here each block of 4 KiB carries a checksum
//! of its own, so that a bit that flipped on the disk, or a file that was cut, is an error and never
//! an answer. The layout is that of `docs/format.md`.
//!
//! redb rewrites one place only, its head; all else it writes where nothing is that matters. The head
//! is kept twice and written in turns: a torn write loses what was being written, and never
//! what was synced before.
//!
//! redb syncs twice a commit: first what it wrote, then the head that makes it count. Here the head
//! names the blocks that were written since the last sync, with their checksums, and both go to the
//! disk together: a head whose blocks did not all arrive does not count. That is as safe, and saves
//! a quarter of the time of a publish.

use std::io::{self, ErrorKind};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::{BackendError, StorageBackend};

use super::damage::Damage;
use super::head::{
    Fresh, HEAD, Head, MOST_FRESH, SETTLED, check_name, name, settled_bytes, settled_of,
};

/// What redb and this layer count in.
pub(super) const BLOCK: usize = 4_096;
/// A block and its checksum.
const STORED: usize = BLOCK + 4;
/// A name and two turns of the head come before the first block.
const BEFORE: u64 = 3 * BLOCK as u64;
/// Blocks over the storage of redb's choice.
#[derive(Debug)]
pub(super) struct Blocks<B> {
    under: B,
    /// Read when redb first asks: by then it has locked the file.
    state: Mutex<Option<State>>,
}

#[derive(Debug)]
struct State {
    head: Head,
    /// The turn that holds the last head that was synced, and which commit counted in it.
    settled: u64,
    settled_flip: u8,
    /// The blocks that it names, in ascending order: it would not count without them, so that none is
    /// written over before another head counts.
    settled_fresh: Vec<u64>,
    /// Whether there are more fresh blocks than a head can name.
    is_crowded: bool,
    /// How many blocks are written; the head tells of those that were synced before it is written.
    written: u64,
    synced: u64,
    is_new: bool,
    /// Something was not written: what is in memory is no good any more.
    has_failed: bool,
}

impl<B: StorageBackend> Blocks<B> {
    pub(super) fn over(under: B) -> Self {
        Self {
            under,
            state: Mutex::new(None),
        }
    }

    fn with<A>(&self, act: impl FnOnce(&mut State) -> io::Result<A>) -> io::Result<A> {
        let mut state: MutexGuard<'_, _> =
            self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *state {
            Some(state) => act(state),
            None => act(state.insert(self.load()?)),
        }
    }

    fn load(&self) -> io::Result<State> {
        let length = self.under.len()?;
        let before = |place| -> io::Result<[u8; BLOCK]> {
            let mut block = [0; BLOCK];
            self.read_what_is_there(place, &mut block, length)?;
            Ok(block)
        };
        let name = before(0)?;
        if length <= BEFORE && name.iter().all(|byte| *byte == 0) {
            // It is new, or its making was cut short: the name comes last.
            return Ok(State::new());
        }
        check_name(&name)?;
        let first = Head::of_turn(&before(place_of_turn(0))?);
        let second = Head::of_turn(&before(place_of_turn(1))?);
        let (mut head, settled) = match (first, second) {
            (Some(first), Some(second)) => {
                let (later, earlier) = if second.sequence > first.sequence {
                    ((second, 1), (first, 0))
                } else {
                    ((first, 0), (second, 1))
                };
                if self.counts(&later.0)? {
                    later
                } else {
                    earlier
                }
            }
            (Some(first), None) => (first, 0),
            (None, Some(second)) => (second, 1),
            (None, None) => return Err(Damage::new("both copies of its head are damaged").into()),
        };
        if settled_of(&name).is_some_and(|settled| settled > head.sequence) {
            let what = "the last head, or a block that it names, had arrived and is damaged";
            return Err(Damage::new(what).into());
        }
        if settled_of(&name) != Some(head.sequence) {
            // It may be there only because the process died and not the system. What is written from
            // now on relies on it, and its loss is to be noticed.
            self.under.sync_data()?;
            self.under.write(SETTLED, &settled_bytes(head.sequence))?;
        }
        let mut settled_fresh: Vec<_> = head.fresh.drain(..).map(|fresh| fresh.number).collect();
        settled_fresh.sort_unstable();
        if head.bytes.starts_with(&[0; 9]) {
            // redb signs its head last: its making was cut short.
            head.length = 0;
        }
        if head.blocks > 1 && place_of_block(head.blocks)? > length {
            return Err(Damage::new("the file was cut: it is shorter than its head says").into());
        }
        Ok(State {
            written: head.blocks,
            synced: head.blocks,
            settled_flip: head.flip(),
            settled_fresh,
            is_crowded: false,
            head,
            settled,
            is_new: false,
            has_failed: false,
        })
    }

    /// Whether all fresh blocks of a head are there. Where one is not, the power went while it was
    /// written.
    fn counts(&self, head: &Head) -> io::Result<bool> {
        let mut stored = [0; STORED];
        for fresh in &head.fresh {
            let is_there = match self.under.read(place_of_block(fresh.number)?, &mut stored) {
                Ok(()) => {
                    matches!(whole(fresh.number, &stored), Some((_, sum)) if sum == fresh.sum)
                }
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => false,
                Err(error) => return Err(error),
            };
            if !is_there {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads, with zeros for what lies behind the end.
    fn read_what_is_there(&self, place: u64, out: &mut [u8], length: u64) -> io::Result<()> {
        let there = usize::try_from(length.saturating_sub(place)).unwrap_or(usize::MAX);
        let end = there.min(out.len());
        match out.get_mut(..end) {
            Some(out) if end > 0 => self.under.read(place, out),
            _ => Ok(()),
        }
    }

    /// Makes both turns alike, so that a file at rest bears the loss of either.
    fn rest(&self, state: &mut State) -> io::Result<()> {
        self.settle(state)?;
        let sequence = state.head.sequence;
        self.settle(state)?;
        self.under.write(SETTLED, &settled_bytes(sequence))?;
        self.under.sync_data()
    }

    /// Writes the head in its turn, and syncs all that was written.
    fn settle(&self, state: &mut State) -> io::Result<()> {
        let turn = 1 - state.settled;
        let mut write = || {
            if state.is_crowded {
                self.under.sync_data()?;
                state.synced = state.written;
                state.head.fresh.clear();
            }
            state.head.sequence += 1;
            state.head.blocks = state.synced;
            self.under
                .write(place_of_turn(turn), &state.head.to_turn())?;
            self.under.sync_data()?;
            if state.is_new {
                self.under.write(0, &name())?;
                self.under.sync_data()?;
            }
            // Not synced: it matters after the death of the process, when nothing is lost.
            self.under
                .write(SETTLED, &settled_bytes(state.head.sequence))
        };
        let outcome: io::Result<()> = write();
        state.has_failed |= outcome.is_err();
        outcome?;
        state.settled = turn;
        state.settled_flip = state.head.flip();
        state.settled_fresh = state
            .head
            .fresh
            .drain(..)
            .map(|fresh| fresh.number)
            .collect();
        state.settled_fresh.sort_unstable();
        state.synced = state.written;
        state.is_crowded = false;
        state.is_new = false;
        Ok(())
    }
}

impl<B: StorageBackend> StorageBackend for Blocks<B> {
    fn len(&self) -> io::Result<u64> {
        self.with(|state| Ok(state.head.length))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if let Some(end) = in_head(offset, out.len()) {
            return self.with(|state| {
                let head = state.head.bytes.get(..end).unwrap_or_default();
                out.copy_from_slice(head);
                Ok(())
            });
        }
        let (first, count) = blocks_of(offset, out.len())?;
        let mut stored = vec![0; count * STORED];
        self.under
            .read(place_of_block(first)?, &mut stored)
            .map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => {
                    Damage::new(format!("block {first} is missing: the file was cut")).into()
                }
                _ => error,
            })?;
        let blocks = out.as_chunks_mut::<BLOCK>().0;
        for ((block, stored), number) in blocks
            .iter_mut()
            .zip(stored.as_chunks::<STORED>().0)
            .zip(first..)
        {
            let (bytes, _) = whole(number, stored).ok_or_else(|| damaged(number))?;
            block.copy_from_slice(bytes);
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.with(|state| {
            state.head.length = length;
            let blocks = length.div_ceil(BLOCK as u64);
            if blocks < state.written {
                // What the head promises must be there whenever the power goes.
                state.written = blocks;
                state.synced = state.synced.min(blocks);
                // It names none of those that go.
                state.is_crowded = true;
                self.settle(state)?;
                self.under.set_len(place_of_block(blocks)?)?;
            }
            Ok(())
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        self.with(|state| {
            // redb makes sure that all is written before the head says that it counts: here both
            // arrive together. What else it syncs without another commit that counts can as well wait.
            if state.is_new || state.head.flip() != state.settled_flip {
                return self.settle(state);
            }
            Ok(())
        })
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if let Some(end) = in_head(offset, data.len()) {
            return self.with(|state| {
                if let Some(head) = state.head.bytes.get_mut(..end) {
                    head.copy_from_slice(data);
                }
                Ok(())
            });
        }
        let (first, count) = blocks_of(offset, data.len())?;
        let mut stored = Vec::with_capacity(count * STORED);
        let mut sums = Vec::with_capacity(count);
        for (block, number) in data.as_chunks::<BLOCK>().0.iter().zip(first..) {
            let sum = checksum(number, block);
            stored.extend_from_slice(block);
            stored.extend_from_slice(&sum);
            sums.push(Fresh { number, sum });
        }
        self.with(|state| {
            let is_named = |block: &Fresh| state.settled_fresh.binary_search(&block.number).is_ok();
            if sums.iter().any(is_named) {
                // Seldom: it was written and given up again within one commit.
                state.is_crowded = true;
                self.settle(state)?;
            }
            let outcome = self.under.write(place_of_block(first)?, &stored);
            state.has_failed |= outcome.is_err();
            outcome?;
            state.add(sums);
            let end = first + count as u64;
            if end > state.written {
                state.written = end;
            }
            Ok(())
        })
    }

    fn close(&self) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let settled = match &mut *state {
            Some(state) if state.head.length > 0 && !state.has_failed => self.rest(state),
            // Whoever was refused the file has not so much as looked at it, and leaves it alone.
            _ => Ok(()),
        };
        let closed = self.under.close();
        settled.and(closed)
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.under.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.under.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.under.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.under.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.under.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.under.query_lock_range(start, end)
    }
}

impl State {
    fn new() -> Self {
        Self {
            head: Head::new(),
            settled: 1,
            settled_flip: 0,
            settled_fresh: Vec::new(),
            is_crowded: false,
            written: 1,
            synced: 1,
            is_new: true,
            has_failed: false,
        }
    }

    /// Notes what was written since the last sync.
    fn add(&mut self, blocks: Vec<Fresh>) {
        let fresh = &mut self.head.fresh;
        // One that is written again is another one.
        fresh.retain(|known| blocks.iter().all(|block| block.number != known.number));
        self.is_crowded |= fresh.len() + blocks.len() > MOST_FRESH;
        if !self.is_crowded {
            fresh.extend(blocks);
        }
    }
}

/// How far into the head an access reaches, if it is one of the head.
fn in_head(offset: u64, length: usize) -> Option<usize> {
    (offset == 0 && length <= HEAD).then_some(length)
}

/// The blocks that an access is of: the number of the first, and how many.
fn blocks_of(offset: u64, length: usize) -> io::Result<(u64, usize)> {
    let (first, count) = (offset / BLOCK as u64, length / BLOCK);
    if first == 0 || count == 0 || first * BLOCK as u64 != offset || count * BLOCK != length {
        let message = format!("an access of {length} bytes at {offset} is not one of whole blocks");
        return Err(io::Error::new(ErrorKind::InvalidInput, message));
    }
    Ok((first, count))
}

/// Where a block begins in the file. The first block is redb's head, which is elsewhere.
fn place_of_block(number: u64) -> io::Result<u64> {
    number
        .checked_sub(1)
        .and_then(|before| before.checked_mul(STORED as u64)?.checked_add(BEFORE))
        .ok_or_else(|| Damage::new(format!("there can be no block {number}")).into())
}

const fn place_of_turn(turn: u64) -> u64 {
    (1 + turn) * BLOCK as u64
}

/// Of the block's number too, so that a block in another's place is no good.
fn checksum(number: u64, block: &[u8; BLOCK]) -> [u8; 4] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(block);
    hasher.finalize().to_le_bytes()
}

/// The content of a block as it is stored, and its checksum, if they go together.
fn whole(number: u64, stored: &[u8; STORED]) -> Option<(&[u8; BLOCK], [u8; 4])> {
    let (block, sum) = stored.split_first_chunk::<BLOCK>()?;
    let expected = checksum(number, block);
    (sum == expected).then_some((block, expected))
}

fn damaged(number: u64) -> io::Error {
    Damage::new(format!("block {number} is damaged")).into()
}
