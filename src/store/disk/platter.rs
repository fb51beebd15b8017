//! A disk in memory, for tests: it can lose its power, run full and be scratched.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};

use redb::StorageBackend;

/// Clones are handles on the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Platter(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// What reading gives.
    bytes: Vec<u8>,
    /// What is there for good.
    synced: Vec<u8>,
    /// What came since, in the order of coming.
    unsynced: Vec<Change>,
    syncs: usize,
    /// How many more bytes fit.
    room: Option<usize>,
}

#[derive(Clone, Debug)]
enum Change {
    Length(u64),
    Write(u64, Vec<u8>),
}

/// What a disk writes as a whole or not at all.
const SECTOR: usize = 512;

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Length(length) => to.resize(*length as usize, 0),
            Self::Write(offset, bytes) => {
                let (start, end) = (*offset as usize, *offset as usize + bytes.len());
                if to.len() < end {
                    to.resize(end, 0);
                }
                to[start..end].copy_from_slice(bytes);
            }
        }
    }

    /// The parts of which each may reach the disk without the others.
    fn sectors(&self) -> Vec<Self> {
        match self {
            Self::Length(_) => vec![self.clone()],
            Self::Write(offset, bytes) => {
                let mut parts = Vec::new();
                let mut at = 0;
                while at < bytes.len() {
                    let place = *offset as usize + at;
                    let end = (at + SECTOR - place % SECTOR).min(bytes.len());
                    parts.push(Self::Write(place as u64, bytes[at..end].to_vec()));
                    at = end;
                }
                parts
            }
        }
    }
}

impl Platter {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        let platter = Self::default();
        platter.state().synced.clone_from(&bytes);
        platter.state().bytes = bytes;
        platter
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.state().bytes.clone()
    }

    /// How often it was made certain that all is on the disk.
    pub(crate) fn syncs(&self) -> usize {
        self.state().syncs
    }

    /// From now on so many bytes fit, and no more.
    pub(crate) fn make_room(&self, bytes: Option<usize>) {
        self.state().room = bytes;
    }

    /// What is found after the power went at this moment: of what was not synced, those sectors that
    /// `reaches` says, in the order that `shuffle` leaves them in.
    pub(crate) fn without_power(
        &self,
        mut reaches: impl FnMut() -> bool,
        shuffle: impl FnOnce(&mut Vec<usize>),
    ) -> Self {
        let state = self.state();
        let sectors: Vec<Change> = state.unsynced.iter().flat_map(Change::sectors).collect();
        let mut order: Vec<usize> = (0..sectors.len()).collect();
        shuffle(&mut order);
        let mut bytes = state.synced.clone();
        for number in order {
            if reaches() {
                sectors[number].apply(&mut bytes);
            }
        }
        Self::of(bytes)
    }
}

impl StorageBackend for Platter {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state();
        let start = offset as usize;
        let found = state.bytes.get(start..start + out.len());
        out.copy_from_slice(found.ok_or_else(|| io::Error::from(ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = self.state();
        let change = Change::Length(length);
        change.apply(&mut state.bytes);
        state.unsynced.push(change);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state();
        let State {
            synced, unsynced, ..
        } = &mut *state;
        for change in unsynced.drain(..) {
            change.apply(synced);
        }
        state.syncs += 1;
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        if let Some(room) = state.room {
            let grown = (offset as usize + data.len()).saturating_sub(state.bytes.len());
            state.room = Some(room.checked_sub(grown).ok_or(ErrorKind::StorageFull)?);
        }
        let change = Change::Write(offset, data.to_vec());
        change.apply(&mut state.bytes);
        state.unsynced.push(change);
        Ok(())
    }
}
