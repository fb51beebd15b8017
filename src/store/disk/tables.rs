//! The tables of one write.

use redb::{ReadableTable, Table, WriteTransaction};

use super::damage::{Attempt, Fault};
use super::keys::{ACTIVITIES, ACTORS, DELETED, EDGES, KEYS, LISTS, MARKS, ROSTERS, TAILS};
use super::rows::fixed;

pub(super) type Bytes = &'static [u8];
pub(super) type Ids<'t> = Table<'t, [u8; 16], Bytes>;
pub(super) type Rows<'t> = Table<'t, Bytes, Bytes>;

/// What a write works on. All are opened; what does not change is not written.
pub(super) struct Tables<'t> {
    pub(super) activities: Ids<'t>,
    pub(super) tails: Rows<'t>,
    pub(super) lists: Rows<'t>,
    pub(super) keys: Rows<'t>,
    pub(super) deleted: Rows<'t>,
    pub(super) edges: Rows<'t>,
    pub(super) rosters: Rows<'t>,
    pub(super) actors: Ids<'t>,
    pub(super) marks: Rows<'t>,
}

/// What an operation answers, and whether there is anything to commit.
pub(super) enum Outcome<A> {
    Same(A),
    Changed(A),
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Attempt<Self> {
        Ok(Self {
            activities: transaction.open_table(ACTIVITIES)?,
            tails: transaction.open_table(TAILS)?,
            lists: transaction.open_table(LISTS)?,
            keys: transaction.open_table(KEYS)?,
            deleted: transaction.open_table(DELETED)?,
            edges: transaction.open_table(EDGES)?,
            rosters: transaction.open_table(ROSTERS)?,
            actors: transaction.open_table(ACTORS)?,
            marks: transaction.open_table(MARKS)?,
        })
    }
}

/// The number in a row; 0 where there is none.
pub(super) fn count(table: &impl ReadableTable<Bytes, Bytes>, key: &[u8]) -> Attempt<u64> {
    match table.get(key)? {
        Some(row) => Ok(u64::from_le_bytes(fixed(row.value())?)),
        None => Ok(0),
    }
}

/// Makes the number in a row one more.
pub(super) fn count_up(table: &mut Rows<'_>, key: &[u8]) -> Attempt<()> {
    if let Some(mut row) = table.get_mut(key)? {
        let next = u64::from_le_bytes(fixed(row.value())?) + 1;
        row.insert(&next.to_le_bytes()[..])?;
        return Ok(());
    }
    table.insert(key, &1_u64.to_le_bytes()[..])?;
    Ok(())
}

/// Makes the number in a row one less; a row of 0 goes.
pub(super) fn count_down(table: &mut Rows<'_>, key: &[u8]) -> Attempt<()> {
    match count(table, key)? {
        0 => return Err(Fault::low_count()),
        1 => drop(table.remove(key)?),
        more => drop(table.insert(key, &(more - 1).to_le_bytes()[..])?),
    }
    Ok(())
}

/// The id that ends a key.
pub(super) fn last_id(key: &[u8]) -> Attempt<[u8; 16]> {
    key.last_chunk().copied().ok_or_else(Fault::short_key)
}

/// The keys of a range of rows, to be gone through while the table changes.
pub(super) fn keys_of(
    table: &impl ReadableTable<Bytes, Bytes>,
    prefix: &[u8],
) -> Attempt<Vec<Vec<u8>>> {
    let mut keys = Vec::new();
    for row in rows(table, prefix)? {
        keys.push(row?.0.value().to_vec());
    }
    Ok(keys)
}

/// The rows whose keys begin with these bytes.
pub(super) fn rows<'a>(
    table: &'a impl ReadableTable<Bytes, Bytes>,
    prefix: &[u8],
) -> Attempt<redb::Range<'a, Bytes, Bytes>> {
    let end = super::keys::end_of(prefix);
    Ok(match &end {
        Some(end) => table.range::<&[u8]>(prefix..end)?,
        None => table.range::<&[u8]>(prefix..)?,
    })
}
