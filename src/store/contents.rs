//! What is in lists, of a store that can only list and fetch.

use std::sync::Arc;

use super::{ActivityStore, List};
use crate::activity::Activity;
use crate::entry::{Entry, Range};
use crate::error::Result;

pub(super) async fn contents<S: ActivityStore + ?Sized>(
    store: &S,
    lists: &[List],
    range: Range,
    limit: usize,
) -> Result<Vec<Vec<Arc<Activity>>>> {
    let listed = store.list(lists, range, limit).await?;
    let found = store.fetch(&all_of(&listed)).await?;
    Ok(apart(&listed, found))
}

/// The entries of all lists, one after another.
pub(super) fn all_of(listed: &[Vec<Entry>]) -> Vec<Entry> {
    listed.iter().flatten().copied().collect()
}

/// What was found of the entries of all lists, list by list. What was deleted since is left out.
pub(super) fn apart<T>(listed: &[Vec<Entry>], found: Vec<Option<T>>) -> Vec<Vec<T>> {
    let mut found = found.into_iter();
    let of_list = |list: &Vec<Entry>| found.by_ref().take(list.len()).flatten().collect();
    listed.iter().map(of_list).collect()
}
