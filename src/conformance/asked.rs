//! Questions that many cases ask.

use std::sync::Arc;

use super::failure::{Finding, Verdict, only, same};
use super::given::{DOWNWARDS, ids_of};
use crate::activity::Activity;
use crate::entry::{Entry, Range};
use crate::id::ActivityId;
use crate::store::{ActivityStore, Change, List, Put, RelationStore};

/// Puts an activity that nothing stands in the way of.
pub(super) async fn put<S: ActivityStore>(
    store: &S,
    activity: Activity,
    lists: &[List],
) -> Verdict<Arc<Activity>> {
    let id = activity.id;
    match store.put(activity, lists).await? {
        Put::Stored(stored) => Ok(stored),
        other => Err(Finding::new(
            format!("put the new activity {id}"),
            "`Stored`",
            format!("{other:?}"),
        )),
    }
}

/// A part of a list.
pub(super) async fn part<S: ActivityStore>(
    store: &S,
    list: List,
    range: Range,
    limit: usize,
) -> Verdict<Vec<Entry>> {
    let lists = store.list(&[list], range, limit).await?;
    only(format!("listed {list:?}"), lists)
}

/// The ids in a list, from the top.
pub(super) async fn listed<S: ActivityStore>(store: &S, list: List) -> Verdict<Vec<ActivityId>> {
    Ok(ids_of(&part(store, list, DOWNWARDS, usize::MAX).await?))
}

pub(super) async fn count<S: ActivityStore>(store: &S, list: List) -> Verdict<usize> {
    only(format!("counted {list:?}"), store.count(&[list]).await?)
}

pub(super) async fn get<S: ActivityStore>(
    store: &S,
    id: ActivityId,
) -> Verdict<Option<Arc<Activity>>> {
    only(format!("got {id}"), store.get(&[id]).await?)
}

/// Swaps what is as expected.
pub(super) async fn swap<S: RelationStore>(store: &S, changes: &[Change]) -> Verdict {
    same(
        format!("swapped edges that are all as expected: {changes:?}"),
        store.swap(changes).await?,
        true,
    )
}
