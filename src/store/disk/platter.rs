//! A disk in memory, for tests: it can lose its power, run full and be scratched.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};

use redb::StorageBackend;

/// Clones are handles on the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Platter(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    /// All that has happened to it, in order.
    events: Vec<Event>,
    /// How many more bytes fit.
    room: Option<usize>,
}

#[derive(Clone, Debug)]
enum Event {
    Length(u64),
    Write(u64, Vec<u8>),
    /// All that came before is on the disk.
    Sync,
}

/// What a disk writes as a whole or not at all.
const SECTOR: usize = 512;

impl Event {
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
            Self::Sync => {}
        }
    }

    /// The parts of which each may reach the disk without the others.
    fn sectors(&self) -> Vec<Self> {
        let Self::Write(offset, bytes) = self else {
            return vec![self.clone()];
        };
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

impl Platter {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn happens(&self, event: Event) {
        let mut state = self.state();
        event.apply(&mut state.bytes);
        state.events.push(event);
    }

    /// A disk with this on it.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        let platter = Self::default();
        platter.state().bytes = bytes;
        platter
    }

    /// Begins with what is on another one, synced.
    pub(crate) fn begin_with(&self, other: &Self) {
        self.happens(Event::Write(0, other.bytes()));
        self.happens(Event::Sync);
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.state().bytes.clone()
    }

    /// How much has happened to it.
    pub(crate) fn events(&self) -> usize {
        self.state().events.len()
    }

    /// How often somebody made sure that all is on it.
    pub(crate) fn syncs(&self) -> usize {
        let state = self.state();
        let is_sync = |event: &&Event| matches!(event, Event::Sync);
        state.events.iter().filter(is_sync).count()
    }

    /// From now on it grows by so many bytes, and no more.
    pub(crate) fn make_room(&self, bytes: Option<usize>) {
        self.state().room = bytes;
    }

    /// What is found after the process died and the system did not: all that was written, synced or not,
    /// and what was not synced can be lost still.
    pub(crate) fn survivor(&self, events: usize) -> Self {
        let survivor = Self::default();
        for event in &self.state().events[..events] {
            survivor.happens(event.clone());
        }
        survivor
    }

    /// What would be on it if the power had gone after so many events: all that was synced by then;
    /// of the rest, those sectors that `arrange` leaves of their numbers, in its order.
    pub(crate) fn after(&self, events: usize, arrange: impl FnOnce(&mut Vec<usize>)) -> Self {
        let state = self.state();
        let happened = &state.events[..events];
        let is_sync = |event: &Event| matches!(event, Event::Sync);
        let synced = happened.iter().rposition(is_sync).unwrap_or(0);
        let mut bytes = Vec::new();
        for event in &happened[..synced] {
            event.apply(&mut bytes);
        }
        let sectors: Vec<Event> = happened[synced..].iter().flat_map(Event::sectors).collect();
        let mut order = (0..sectors.len()).collect();
        arrange(&mut order);
        for number in order {
            sectors[number].apply(&mut bytes);
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
        out.copy_from_slice(found.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.happens(Event::Length(length));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.happens(Event::Sync);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        {
            let mut state = self.state();
            let end = offset as usize + data.len();
            let grown = end.saturating_sub(state.bytes.len());
            if let Some(room) = &mut state.room {
                *room = room.checked_sub(grown).ok_or(ErrorKind::StorageFull)?;
            }
        }
        self.happens(Event::Write(offset, data.to_vec()));
        Ok(())
    }
}
