//! Lists: order, ranges, limits, batches, counts.

use crate::conformance::asked::{count, listed, part, put};
use crate::conformance::failure::{Verdict, answered, same};
use crate::conformance::given::{
    DOWNWARDS, LENGTHS, UPWARDS, activity, ids, ids_of, outbox, range, within,
};
use crate::entry::{Order, Range};
use crate::id::{ActivityId, Ids};
use crate::store::{ActivityStore, List};

/// Puts eight activities in no order, some of one millisecond; gives their ids, in no order.
async fn disordered<S: ActivityStore>(store: &S) -> Verdict<Vec<ActivityId>> {
    let ids = ids(8);
    let mixed: Vec<_> = [5, 1, 7, 0, 3, 2, 6, 4]
        .iter()
        .filter_map(|at| ids.get(*at).copied())
        .collect();
    for id in &mixed {
        put(store, activity(*id, 1), &[outbox(1)]).await?;
    }
    Ok(mixed)
}

async fn ids_in<S: ActivityStore>(
    store: &S,
    list: List,
    range: Range,
    limit: usize,
) -> Verdict<Vec<ActivityId>> {
    let entries = part(store, list, range, limit).await?;
    Ok(entries.iter().map(|entry| entry.id).collect())
}

pub(super) async fn a_list_is_in_descending_order_of_ids<S: ActivityStore>(store: &S) -> Verdict {
    let ids = disordered(store).await?;
    same(
        "put activities in no order, some back-dated and some of one millisecond, and listed them",
        ids_in(store, outbox(1), DOWNWARDS, 100).await?,
        within(ids, DOWNWARDS, 100),
    )
}

pub(super) async fn a_list_is_read_upwards_in_ascending_order<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let ids = disordered(store).await?;
    same(
        "put activities in no order, some back-dated and some of one millisecond, and listed \
         them oldest first",
        ids_in(store, outbox(1), UPWARDS, 100).await?,
        within(ids, UPWARDS, 100),
    )
}

pub(super) async fn a_range_holds_its_beginning_and_not_its_end<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let ids = disordered(store).await?;
    let mut places = vec![ActivityId::MIN, ActivityId::MAX];
    for id in ids.iter().take(5) {
        places.extend([Some(*id), id.successor()].into_iter().flatten());
    }
    for since in &places {
        let ends = places.iter().copied().map(Some);
        for until in ends.chain([None]) {
            for order in [Order::NewestFirst, Order::OldestFirst] {
                let range = range(*since, until, order);
                let came = ids_in(store, outbox(1), range, 100).await?;
                let expected = within(ids.iter().copied(), range, 100);
                same(format!("listed {range:?}"), came, expected)?;
            }
        }
    }
    Ok(())
}

pub(super) async fn the_limit_cuts_the_range_where_it_is_read_from<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let ids = disordered(store).await?;
    for limit in [0, 1, 2, 7, 8, 9, 1_000, usize::MAX] {
        for range in [DOWNWARDS, UPWARDS] {
            let came = ids_in(store, outbox(1), range, limit).await?;
            let expected = within(ids.iter().copied(), range, limit);
            let done = format!("listed at most {limit} of eight entries, {:?}", range.order);
            same(done, came, expected)?;
        }
    }
    Ok(())
}

pub(super) async fn extreme_ids_are_places_like_any_other<S: ActivityStore>(store: &S) -> Verdict {
    let ids = Ids::new(u32::MAX);
    let last_millisecond = (1 << 48) - 1;
    let ids = [
        ids.make(0),
        ids.make(1),
        ids.make(last_millisecond - 1),
        ids.make(last_millisecond),
    ];
    for id in ids {
        put(store, activity(id, u64::MAX), &[outbox(u64::MAX)]).await?;
    }
    let bounds = [
        (ActivityId::MIN, None),
        (ActivityId::MIN, Some(ActivityId::MAX)),
        (ActivityId::MIN, Some(ActivityId::MIN)),
        (ActivityId::MAX, None),
        (ActivityId::MAX, Some(ActivityId::MAX)),
        (ActivityId::MAX, Some(ActivityId::MIN)),
    ];
    for (since, until) in bounds {
        for order in [Order::NewestFirst, Order::OldestFirst] {
            let range = range(since, until, order);
            let came = ids_in(store, outbox(u64::MAX), range, usize::MAX).await?;
            let done =
                format!("put activities of the first and the last instants, listed {range:?}");
            same(done, came, within(ids, range, usize::MAX))?;
        }
    }
    Ok(())
}

pub(super) async fn lists_are_answered_in_order_each_for_itself<S: ActivityStore>(
    store: &S,
) -> Verdict {
    for (at, id) in (0..).zip(ids(12)) {
        put(store, activity(id, 1 + at % 3), &[outbox(1 + at % 3)]).await?;
    }
    let lists = [3, 9, 1, 2, 1, 0, 3].map(outbox);
    for limit in [2, 100] {
        let mut expected = Vec::new();
        for list in lists {
            expected.push(ids_of(&part(store, list, DOWNWARDS, limit).await?));
        }
        let came = store.list(&lists, DOWNWARDS, limit).await?;
        let came: Vec<_> = came.iter().map(|list| ids_of(list)).collect();
        let done = format!(
            "listed the outboxes 3, 9, 1, 2, 1, 0, 3 at once, of which 9 and 0 are empty, at most \
             {limit} of each"
        );
        same(done, came, expected)?;
    }
    let third = store.list(&[outbox(2)], DOWNWARDS, 100).await?;
    let third: usize = third.iter().map(Vec::len).sum();
    same("listed outbox 2, of four", third, 4)
}

pub(super) async fn list_and_count_take_batches_of_any_length<S: ActivityStore>(
    store: &S,
) -> Verdict {
    for id in ids(5) {
        put(store, activity(id, 7), &[outbox(7)]).await?;
    }
    for length in LENGTHS {
        let lists: Vec<List> = (0..length as u64).map(outbox).collect();
        let expected: Vec<usize> = (0..length).map(|at| if at == 7 { 5 } else { 0 }).collect();
        let done = format!("listed {length} lists at once");
        let came = answered(&done, store.list(&lists, DOWNWARDS, 10).await)?;
        let came: Vec<usize> = came.iter().map(Vec::len).collect();
        same(done, came, &*expected)?;
        let done = format!("counted {length} lists at once");
        let came = answered(&done, store.count(&lists).await)?;
        same(done, came, expected)?;
    }
    Ok(())
}

pub(super) async fn a_long_list_is_given_whole<S: ActivityStore>(store: &S) -> Verdict {
    let ids = ids(1_200);
    for id in &ids {
        put(store, activity(*id, 1), &[outbox(1)]).await?;
    }
    for range in [DOWNWARDS, UPWARDS] {
        for limit in [999, 1_000, 1_001, 1_199, 1_201, usize::MAX] {
            let came = ids_in(store, outbox(1), range, limit).await?;
            let expected = within(ids.iter().copied(), range, limit);
            let done = format!("listed at most {limit} of 1,200 entries, {:?}", range.order);
            same(&done, came.len(), expected.len())?;
            same(done, came, expected)?;
        }
    }
    same(
        "counted 1,200 entries",
        count(store, outbox(1)).await?,
        1_200,
    )
}

pub(super) async fn counts_are_exact_and_in_order<S: ActivityStore>(store: &S) -> Verdict {
    let ids = ids(6);
    for (at, id) in (0..).zip(&ids) {
        let lists = if at % 2 == 0 {
            vec![outbox(1), outbox(2)]
        } else {
            vec![outbox(1)]
        };
        put(store, activity(*id, 1), &lists).await?;
    }
    let lists = [2, 9, 1, 2].map(outbox);
    let done = "counted lists of 3, none, 6 and again 3 entries";
    same(done, store.count(&lists).await?, [3, 0, 6, 3])?;
    for id in ids.iter().take(2) {
        store.delete(*id).await?;
        store.delete(*id).await?;
    }
    same(
        "counted them after two activities were deleted, each twice",
        store.count(&lists).await?,
        [2, 0, 4, 2],
    )?;
    for (list, expected) in [(outbox(1), 4), (outbox(2), 2)] {
        same(
            format!("listed {list:?}, which counts {expected}"),
            listed(store, list).await?.len(),
            expected,
        )?;
    }
    Ok(())
}
