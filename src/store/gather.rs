//! The beginning of many lists in one.

use super::{ActivityStore, List};
use crate::entry::{Range, Stretch};
use crate::error::Result;
use crate::merge::merge;

/// As many entries are asked of one list at once, at the most.
const MOST: usize = 1_024;
/// And at least: few lists have nothing, and some much more than their share.
const LEAST: usize = 4;

/// What [`ActivityStore::gather`] does by lists alone: each gives its share of four times what is wanted, and
/// twice as much where some had so much more than others that this was not enough.
pub(super) async fn gather(
    store: &(impl ActivityStore + ?Sized),
    lists: &[List],
    range: Range,
    limit: usize,
) -> Result<Stretch> {
    let share = limit.saturating_mul(4).div_ceil(lists.len().max(1));
    let mut share = share.min(limit).clamp(LEAST, MOST);
    let mut gathered = Stretch {
        entries: Vec::new(),
        end: None,
    };
    let mut rest = Some(range).filter(|range| !range.interval.is_empty());
    while let Some(range) = rest {
        let found = store.list(lists, range, share).await?;
        let sources = found.into_iter().map(|list| Stretch::limited(list, share));
        let round = merge(sources.collect(), range.order);
        gathered.entries.extend(round.entries);
        gathered.end = round.end;
        if gathered.entries.len() >= limit {
            break;
        }
        rest = round.end.and_then(|end| range.beyond(end));
        share = (2 * share).min(MOST);
    }
    Ok(gathered)
}
