//! The database of a file: opened when it is needed, and anew after it has failed.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock, Weak};

use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};

use super::super::key_value::{Rows, RowsMut, newest};
use super::damage::{Attempt, Fault};
use super::queue::Commit;
use super::table::{ROWS, Reading, Writing};
use super::write::Waiting;
use crate::error::Result;
use crate::id::ActivityId;
use crate::lock::{read, write};

/// Name → number: what concerns the file as a whole.
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// How often the file was opened and written to.
const OPENINGS: &str = "openings";

/// How a file becomes a database.
type Open = Box<dyn Fn() -> Attempt<Database> + Send + Sync>;

pub(super) struct Base {
    open: Open,
    database: RwLock<State>,
    /// How often the file was opened and written to before.
    openings: u64,
    /// Whether the file says so of this time, too.
    is_counted: AtomicBool,
}

enum State {
    Open(Arc<Database>),
    /// From a failure on until somebody needs it again; while others still use it, it is open still.
    Failed(Weak<Database>),
}

impl Base {
    pub(super) fn open(
        open: impl Fn() -> Attempt<Database> + Send + Sync + 'static,
    ) -> Attempt<Self> {
        let database = open()?;
        let openings = openings(&database)?;
        Ok(Self {
            open: Box::new(open),
            database: RwLock::new(State::Open(Arc::new(database))),
            openings,
            is_counted: AtomicBool::new(false),
        })
    }

    /// The same, closed and opened again; for tests.
    #[cfg(test)]
    pub(super) fn reopened(self) -> Attempt<Self> {
        drop(self.database);
        Self::open(self.open)
    }

    /// How often the file was opened and written to before.
    pub(super) const fn openings(&self) -> u64 {
        self.openings
    }

    fn database(&self) -> Attempt<Arc<Database>> {
        if let State::Open(database) = &*read(&self.database) {
            return Ok(Arc::clone(database));
        }
        let mut state = write(&self.database);
        let failed = match &*state {
            State::Open(database) => return Ok(Arc::clone(database)),
            State::Failed(failed) => failed,
        };
        if failed.strong_count() > 0 {
            return Err(redb::Error::PreviousIo.into());
        }
        let opened = (self.open)().map_err(|fault| match fault.is_open_already() {
            // By this very store: the last one who used it is still closing it.
            true => redb::Error::PreviousIo.into(),
            false => fault,
        });
        let database = Arc::new(opened?);
        *state = State::Open(Arc::clone(&database));
        Ok(database)
    }

    /// After a lasting fault: lets go of the database, so that the next one opens it anew.
    fn check<A>(&self, database: &Arc<Database>, outcome: Attempt<A>) -> Attempt<A> {
        if outcome.as_ref().is_err_and(Fault::is_lasting) {
            let mut state = write(&self.database);
            if matches!(&*state, State::Open(kept) if Arc::ptr_eq(kept, database)) {
                *state = State::Failed(Arc::downgrade(database));
            }
        }
        outcome
    }

    /// Reads, all as of one moment.
    pub(super) fn read<A>(&self, act: impl FnOnce(&dyn Rows) -> Result<A>) -> Attempt<A> {
        let database = self.database()?;
        let read = || Ok(act(&Reading(database.begin_read()?.open_table(ROWS)?))?);
        let outcome = read();
        self.check(&database, outcome)
    }

    /// Does what comes next until nothing more comes, and commits it.
    fn write(&self, next: impl FnMut(&mut dyn RowsMut) -> Option<Attempt<bool>>) -> Attempt<()> {
        let database = self.database()?;
        let outcome = self.write_to(&database, next);
        self.check(&database, outcome)
    }

    fn write_to(
        &self,
        database: &Database,
        mut next: impl FnMut(&mut dyn RowsMut) -> Option<Attempt<bool>>,
    ) -> Attempt<()> {
        let transaction = begin_write(database)?;
        let is_counted = self.is_counted.load(Ordering::SeqCst);
        let (mut is_changed, mut imported) = (false, 0);
        {
            let mut rows = Writing(transaction.open_table(ROWS)?);
            if !is_counted {
                imported = openings_of(newest(&rows)?);
            }
            while let Some(outcome) = next(&mut rows) {
                is_changed |= outcome?;
            }
        }
        if !is_changed {
            return Ok(transaction.abort()?);
        }
        if !is_counted {
            let mut meta = transaction.open_table(META)?;
            meta.insert(OPENINGS, self.openings.max(imported) + 1)?;
        }
        transaction.commit()?;
        self.is_counted.store(true, Ordering::SeqCst);
        Ok(())
    }
}

impl Commit for Base {
    fn commit(
        &self,
        comers: &mut dyn Iterator<Item = Box<dyn Waiting>>,
    ) -> Vec<(Box<dyn Waiting>, Attempt<()>)> {
        // One is there in any case, who is told if nothing can be written.
        let mut writes = Vec::from_iter(comers.next());
        if writes.is_empty() {
            return Vec::new();
        }
        let mut done = 0;
        let outcome = self.write(|rows| {
            if done == writes.len() {
                writes.push(comers.next()?);
            }
            let write = writes.get_mut(done)?;
            done += 1;
            Some(write.act(rows))
        });
        let is_one_at_fault = match &outcome {
            Err(fault) => writes.len() > 1 && !fault.is_lasting(),
            Ok(()) => false,
        };
        let each = writes.into_iter().map(|mut write| {
            // The others must not suffer for one that cannot be done.
            let outcome = match is_one_at_fault {
                true => {
                    let mut once = Some(&mut write);
                    self.write(|rows| Some(once.take()?.act(rows)))
                }
                false => outcome.clone(),
            };
            (write, outcome)
        });
        each.collect()
    }
}

impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Base")
            .field("openings", &self.openings)
            .finish_non_exhaustive()
    }
}

/// How many openings there were by that which the newest activity was named with.
pub(super) fn openings_of(newest: Option<ActivityId>) -> u64 {
    newest.map_or(0, |id| id.opening() + 1)
}

fn begin_write(database: &Database) -> Attempt<WriteTransaction> {
    let mut transaction = database.begin_write()?;
    // The next opening after a crash finds what is free, and need not look through the file.
    transaction.set_quick_repair(true);
    Ok(transaction)
}

/// Makes the tables of a new file, so that reading finds them; gives how often the file was
/// opened and written to.
fn openings(database: &Database) -> Attempt<u64> {
    let reading = database.begin_read()?;
    if reading.list_tables()?.next().is_some() {
        let count = reading.open_table(META)?.get(OPENINGS)?;
        return Ok(count.map_or(0, |count| count.value()));
    }
    let transaction = begin_write(database)?;
    transaction.open_table(ROWS)?;
    transaction.open_table(META)?;
    transaction.commit()?;
    Ok(0)
}
