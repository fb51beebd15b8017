//! A store of one's own over a map of sorted keys, which stands here for any embedded database.
//! `cargo run --example custom_store` proves it, case by case.
//!
//! What the database has to do is `KeyValue`: read at one moment, and write all or nothing. Databases
//! that do better with statements of their own, such as SQL ones, implement `Store` itself;
//! `anabranch::adapters` tells how.

use std::collections::BTreeMap;
use std::ops::{Bound, Range};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anabranch::store::{EachRow, KeyValue, Outcome, Rows, RowsMut};
use anabranch::{Order, Result};

type Map = BTreeMap<Box<[u8]>, Box<[u8]>>;

/// Readers keep the version that they began with; a writer makes the next one.
#[derive(Default)]
struct Sorted {
    newest: Mutex<Arc<Map>>,
    writers: Mutex<()>,
}

struct Version(Arc<Map>);

impl Sorted {
    fn newest(&self) -> MutexGuard<'_, Arc<Map>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyValue for Sorted {
    fn read<A>(&self, act: impl FnOnce(&dyn Rows) -> Result<A>) -> Result<A> {
        let version = Version(Arc::clone(&self.newest()));
        act(&version)
    }

    async fn write<A: Send + 'static>(
        &self,
        mut act: impl FnMut(&mut dyn RowsMut) -> Result<Outcome<A>> + Send + 'static,
    ) -> Result<A> {
        let _alone = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = Version(Arc::clone(&self.newest()));
        // An error here drops the next version, and nothing has happened.
        match act(&mut next)? {
            Outcome::Same(answer) => Ok(answer),
            Outcome::Changed(answer) => {
                *self.newest() = next.0;
                Ok(answer)
            }
        }
    }
}

impl Rows for Version {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.0.get(key).map(|value| value.to_vec()))
    }

    fn scan(&self, keys: Range<&[u8]>, order: Order, each: &mut EachRow<'_>) -> Result<()> {
        let keys = (Bound::Included(keys.start), Bound::Excluded(keys.end));
        let mut rows = self.0.range::<[u8], _>(keys);
        let next = || match order {
            Order::OldestFirst => rows.next(),
            Order::NewestFirst => rows.next_back(),
        };
        for (key, value) in std::iter::from_fn(next) {
            if each(key, value)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl RowsMut for Version {
    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        Arc::make_mut(&mut self.0).insert(key.into(), value.into());
        Ok(())
    }

    fn remove(&mut self, key: &[u8]) -> Result<()> {
        Arc::make_mut(&mut self.0).remove(key);
        Ok(())
    }
}

anabranch::conformance!(sorted, Sorted::default);

fn main() -> ExitCode {
    let report = anabranch::conformance::store(Sorted::default).run();
    println!("{report}");
    ExitCode::from(u8::from(!report.is_ok()))
}
