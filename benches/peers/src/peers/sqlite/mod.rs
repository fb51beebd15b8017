//! SQLite in this process and in memory, without a journal: as near to the library as it can be.

pub mod pull;
pub mod push;
mod way;

use anyhow::{Context, Result};
use rusqlite::{Connection, params};

/// An empty database with the tables.
///
/// It lives as long as the process, so that statements, which borrow it, are prepared once and kept: looking
/// them up would cost more than some of them.
fn database(tables: &str) -> Result<&'static Connection> {
    let database = Connection::open_in_memory().context("opening a database in memory")?;
    // Nothing is rolled back, and no other process looks.
    database.execute_batch("PRAGMA journal_mode = off; PRAGMA locking_mode = exclusive;")?;
    database.execute_batch(tables)?;
    Ok(Box::leak(Box::new(database)))
}

/// The bytes of all tables.
fn size(database: &Connection) -> Result<u64> {
    let pragma = |name| database.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (pages, size) = (pragma("page_count")?, pragma("page_size")?);
    Ok((pages * size) as u64)
}

/// Inserts rows of two numbers into a table, in one transaction.
fn insert<A: Into<i64>, B: Into<i64>>(
    database: &Connection,
    table: &str,
    rows: impl Iterator<Item = (A, B)>,
) -> Result<()> {
    let transaction = database.unchecked_transaction()?;
    let mut insert = transaction.prepare(&format!("INSERT INTO {table} VALUES (?1, ?2)"))?;
    for (one, other) in rows {
        insert.execute(params![one.into(), other.into()])?;
    }
    drop(insert);
    transaction
        .commit()
        .with_context(|| format!("filling {table}"))
}
