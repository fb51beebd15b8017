//! Walking a list page by page while others write.

use crate::conformance::asked::{part, put};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{DOWNWARDS, START, UPWARDS, activity, outbox, within};
use crate::entry::Range;
use crate::id::{ActivityId, Ids};
use crate::store::ActivityStore;

pub(super) async fn walking_down_meets_each_entry_once_while_others_come_and_go<
    S: ActivityStore,
>(
    store: &S,
) -> Verdict {
    walk(store, DOWNWARDS).await
}

pub(super) async fn walking_up_meets_each_entry_once_while_others_come_and_go<S: ActivityStore>(
    store: &S,
) -> Verdict {
    walk(store, UPWARDS).await
}

/// Every second entry stays; the others are deleted one after the other, and new ones are put all
/// over the list, while it is walked by pages of each length.
async fn walk<S: ActivityStore>(store: &S, whole: Range) -> Verdict {
    for (by, limit) in [(1, 1), (2, 2), (3, 3), (4, 7)] {
        let ids = Ids::new(u32::try_from(by).unwrap_or(0));
        let mut stay = Vec::new();
        let mut go = Vec::new();
        for at in 0..40 {
            let id = ids.make(START + at / 2);
            put(store, activity(id, by), &[outbox(by)]).await?;
            if at % 2 == 0 { &mut stay } else { &mut go }.push(id);
        }
        let mut met: Vec<ActivityId> = Vec::new();
        let mut rest = Some(whole);
        let mut page = 0;
        while let Some(range) = rest {
            let entries = part(store, outbox(by), range, limit).await?;
            met.extend(entries.iter().map(|entry| entry.id));
            rest = match entries.last() {
                Some(last) if entries.len() == limit => whole.beyond(last.id),
                _ => None,
            };
            // One goes near the top, one at the bottom, and some come anywhere.
            let lowest = (!go.is_empty()).then(|| go.remove(0));
            for id in go.pop().into_iter().chain(lowest) {
                store.delete(id).await?;
            }
            // At some time they stop, so that there is an end to walk up to.
            for at in [0, page % 20, 19].into_iter().filter(|_| page < 30) {
                put(store, activity(ids.make(START + at), by), &[outbox(by)]).await?;
            }
            page += 1;
            holds(
                format!("walked a list by pages of {limit}"),
                page < 1_000,
                "an end",
                "none after 1,000 pages",
            )?;
        }
        let done = format!("walked a list by pages of {limit} while others came and went");
        let in_order = within(met.iter().copied(), whole, usize::MAX);
        same(format!("{done}: in order"), &met, &in_order)?;
        let mut once = in_order;
        once.dedup();
        same(format!("{done}: each once"), met.len(), once.len())?;
        let missed: Vec<_> = stay.iter().filter(|id| !met.contains(id)).collect();
        holds(
            done,
            missed.is_empty(),
            "every entry that was there all along",
            missed,
        )?;
    }
    Ok(())
}
