//! What entries tell, and many lists in one.

use crate::activity::{Activity, Revision};
use crate::audience::Audience;
use crate::conformance::asked::{part, put};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{
    DOWNWARDS, UPWARDS, activity, actor, ids, instant, outbox, range, within,
};
use crate::entry::{Entry, Glance, Order, Range, Stretch};
use crate::id::{ActivityId, Ids};
use crate::object::Object;
use crate::store::ActivityStore;

pub(super) async fn contents_are_what_the_lists_name<S: ActivityStore>(store: &S) -> Verdict {
    let ids = ids(5);
    for (at, id) in ids.iter().enumerate() {
        let lists = [outbox(1), outbox(2)];
        let lists = lists.get(..1 + at % 2).unwrap_or_default();
        put(store, activity(*id, 1), lists).await?;
    }
    if let [_, second, ..] = &ids[..] {
        store.delete(*second).await?;
    }
    let lists = [outbox(2), outbox(9), outbox(1), outbox(2)];
    for range in [DOWNWARDS, UPWARDS] {
        for limit in [0, 1, 9] {
            let listed = store.list(&lists, range, limit).await?;
            let mut named = Vec::new();
            for list in listed {
                let of_list = store.fetch(&list).await?;
                named.push(of_list.into_iter().flatten().collect::<Vec<_>>());
            }
            same(
                format!("asked for the contents of four lists, at most {limit} each"),
                store.contents(&lists, range, limit).await?,
                named,
            )?;
        }
    }
    Ok(())
}

pub(super) async fn entries_are_fetched_as_their_ids_are<S: ActivityStore>(store: &S) -> Verdict {
    let ids = ids(6);
    let mut entries = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let plain = activity(*id, 1);
        let of_a_kind = match at % 3 {
            0 => plain,
            1 => Activity {
                audience: Audience::Followers,
                ..plain
            },
            _ => Activity {
                to: vec![actor(2)],
                ..plain
            },
        };
        put(store, of_a_kind, &[outbox(1)]).await?;
        // From now on it may be known where it is.
        entries.extend(part(store, outbox(1), DOWNWARDS, 1).await?);
    }
    if let [first, second, .., last] = &ids[..] {
        let shares = Revision::new().object(Object::from(*second));
        store.update(*first, &shares, instant(1)).await?;
        store.delete(*last).await?;
    }
    let unknown = Ids::new(2).make(3);
    entries.extend(ids.iter().map(|id| Entry::new(*id)));
    entries.push(Entry::new(unknown));
    let asked: Vec<ActivityId> = entries.iter().map(|entry| entry.id).collect();
    same(
        "fetched entries, some as they were listed before an update and a deletion, some made by hand",
        store.fetch(&entries).await?,
        store.get(&asked).await?,
    )?;
    for entry in part(store, outbox(1), DOWNWARDS, 9).await? {
        let there = store.get(&[entry.id]).await?.pop().flatten();
        let is_so = match entry.glance {
            Glance::Gone => there.is_none(),
            Glance::Plain => there.as_deref().is_some_and(Activity::is_plain),
            Glance::Look => true,
        };
        let done = format!("listed an activity: {there:?}");
        holds(done, is_so, "an entry that tells no lies", entry.glance)?;
    }
    Ok(())
}

pub(super) async fn gathered_lists_are_the_lists_in_one<S: ActivityStore>(store: &S) -> Verdict {
    let ids = ids(60);
    for (at, id) in (0_u64..).zip(&ids) {
        // One list has most of it, some activities are in two, and one list has nothing.
        let by = if at % 7 == 0 { at % 5 } else { 1 };
        let mut lists = vec![outbox(by)];
        if at % 9 == 0 {
            lists.push(outbox(3));
        }
        put(store, activity(*id, by), &lists).await?;
    }
    let lists = [4, 1, 3, 9, 1].map(outbox);
    let mut there = Vec::new();
    for list in lists {
        let entries = part(store, list, DOWNWARDS, usize::MAX).await?;
        there.extend(entries.iter().map(|entry| entry.id));
    }
    there.sort_unstable();
    there.dedup();
    let mut ranges = vec![DOWNWARDS, UPWARDS];
    for place in there.iter().step_by(11) {
        ranges.push(range(ActivityId::MIN, Some(*place), Order::NewestFirst));
        ranges.push(range(*place, None, Order::NewestFirst));
        ranges.push(range(*place, None, Order::OldestFirst));
    }
    for range in ranges {
        let all = within(there.iter().copied(), range, usize::MAX);
        for limit in [0, 1, 5, 20, 1_000, usize::MAX] {
            let done = format!("gathered {limit} of {range:?} from five lists");
            let came = store.gather(&lists, range, limit).await?;
            is_beginning(&done, &all, (range, limit), &came)?;
        }
    }
    let nothing = store.gather(&[], DOWNWARDS, 5).await?;
    same("gathered no lists", nothing.entries, Vec::new())
}

/// That a stretch is the beginning of all that there is, as much as was asked for, and complete down to its end.
pub(in crate::conformance) fn is_beginning(
    done: &str,
    all: &[ActivityId],
    (range, limit): (Range, usize),
    came: &Stretch,
) -> Verdict {
    let found: Vec<ActivityId> = came.entries.iter().map(|entry| entry.id).collect();
    let expected: Vec<ActivityId> = all.iter().take(found.len()).copied().collect();
    same(format!("{done}: in order, each once"), &found, &expected)?;
    let enough = limit.min(all.len());
    holds(
        format!("{done}: how many"),
        found.len() >= enough,
        "as many as there are",
        found.len(),
    )?;
    let is_known = |id: &ActivityId| match (came.end, range.order) {
        (None, _) => true,
        (Some(end), Order::NewestFirst) => *id >= end,
        (Some(end), Order::OldestFirst) => *id <= end,
    };
    let complete = all.iter().filter(|id| is_known(id)).count();
    same(
        format!("{done}: all down to {:?}", came.end),
        found.len(),
        complete,
    )
}
