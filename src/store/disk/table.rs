//! The one table of the rows, as redb reads and writes it.

use std::ops::Range;

use redb::{ReadOnlyTable, ReadableTable, Table, TableDefinition};

use super::super::key_value::{EachRow, Rows, RowsMut};
use super::damage::{Attempt, Fault};
use crate::entry::Order;
use crate::error::Result;

pub(super) const ROWS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("rows");

type Bytes = &'static [u8];

pub(super) struct Reading(pub(super) ReadOnlyTable<Bytes, Bytes>);

pub(super) struct Writing<'t>(pub(super) Table<'t, Bytes, Bytes>);

impl Rows for Reading {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(get(&self.0, key)?)
    }

    fn scan(&self, keys: Range<&[u8]>, order: Order, each: &mut EachRow<'_>) -> Result<()> {
        Ok(scan(&self.0, keys, order, each)?)
    }
}

impl Rows for Writing<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(get(&self.0, key)?)
    }

    fn scan(&self, keys: Range<&[u8]>, order: Order, each: &mut EachRow<'_>) -> Result<()> {
        Ok(scan(&self.0, keys, order, each)?)
    }
}

impl RowsMut for Writing<'_> {
    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        self.0.insert(key, value).map_err(Fault::from)?;
        Ok(())
    }

    fn remove(&mut self, key: &[u8]) -> Result<()> {
        self.0.remove(key).map_err(Fault::from)?;
        Ok(())
    }
}

fn get(table: &impl ReadableTable<Bytes, Bytes>, key: &[u8]) -> Attempt<Option<Vec<u8>>> {
    Ok(table.get(key)?.map(|value| value.value().to_vec()))
}

fn scan(
    table: &impl ReadableTable<Bytes, Bytes>,
    keys: Range<&[u8]>,
    order: Order,
    each: &mut EachRow<'_>,
) -> Attempt<()> {
    let mut rows = table.range::<&[u8]>(keys)?;
    let next = || match order {
        Order::OldestFirst => rows.next(),
        Order::NewestFirst => rows.next_back(),
    };
    for row in std::iter::from_fn(next) {
        let (key, value) = row?;
        if each(key.value(), value.value())?.is_break() {
            break;
        }
    }
    Ok(())
}
