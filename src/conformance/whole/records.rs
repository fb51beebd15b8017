//! Reading a store whole, record by record.

use super::world::{World, records, written};
use crate::actor::Actor;
use crate::conformance::asked::{put, swap};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{START, activity, actor, follow, make, outbox, unmake};
use crate::id::{ActivityId, Ids};
use crate::store::{Record, RecordKey, Store};

pub(super) async fn records_are_everything_in_ascending_order_of_keys<S: Store>(
    store: &S,
) -> Verdict {
    same(
        "read the records of an empty store",
        records(store).await?,
        [],
    )?;
    let world = written(store).await?;
    same(
        "wrote some of everything, and read the records",
        records(store).await?,
        &*world.records,
    )?;
    let twice = [outbox(1), outbox(2), outbox(1)];
    let stored = put(store, activity(Ids::new(9).make(START), 1), &twice).await?;
    let key = RecordKey::Activity(stored.id);
    let mut came = records(store).await?;
    came.retain(|record| record.key() == key);
    let expected = Record::Activity {
        activity: stored,
        lists: twice.to_vec(),
    };
    let done = "put an activity into lists of which one is named twice, and read its record";
    same(done, came, [expected])
}

pub(super) async fn records_are_walked_by_pages_of_any_length<S: Store>(store: &S) -> Verdict {
    let World { records: all, .. } = written(store).await?;
    for limit in [1, 2, 3, 7, 1_000, usize::MAX] {
        let (mut met, mut after) = (Vec::new(), None);
        loop {
            let page = store.records(after.as_ref(), limit).await?;
            let done = format!("asked for {limit} records after {after:?}");
            holds(&done, page.len() <= limit, "no more than that", page.len())?;
            after = page.last().map(Record::key);
            let is_last = page.len() < limit;
            met.extend(page);
            if is_last || met.len() > all.len() {
                break;
            }
        }
        same(format!("walked all records by {limit}"), &met, &all)?;
    }
    same("asked for 0 records", store.records(None, 0).await?, [])?;
    many_at_once(store, all.len()).await?;
    let all = records(store).await?;
    // A place need not be that of a record.
    let mut places = vec![
        RecordKey::Actor(actor(0)),
        RecordKey::Activity(ActivityId::MIN),
        RecordKey::Activity(ActivityId::MAX),
        RecordKey::Key(actor(1), "h".into()),
        RecordKey::Key(actor(u64::MAX), "".into()),
    ];
    places.extend(all.iter().map(Record::key));
    for place in places {
        let expected: Vec<&Record> = all.iter().filter(|one| one.key() > place).collect();
        let came = store.records(Some(&place), usize::MAX).await?;
        let came: Vec<&Record> = came.iter().collect();
        same(
            format!("asked for all records after {place:?}"),
            came,
            expected,
        )?;
    }
    Ok(())
}

/// More than somebody's pages are long.
async fn many_at_once<S: Store>(store: &S, there: usize) -> Verdict {
    const MORE: u64 = 1_200;
    let more = (1_000..1_000 + MORE).map(|of| Record::Actor(Actor::new(actor(of))));
    store.restore(&more.collect::<Vec<_>>()).await?;
    for limit in [999, 1_000, 1_001, usize::MAX] {
        let came = store.records(None, limit).await?.len();
        let all = there + usize::try_from(MORE).unwrap_or(0);
        let done = format!("asked for {limit} of {all} records");
        same(done, came, limit.min(all))?;
    }
    Ok(())
}

pub(super) async fn walking_records_meets_each_once_while_others_come_and_go<S: Store>(
    store: &S,
) -> Verdict {
    let ids = Ids::new(1);
    let mut go = Vec::new();
    let mut stay = Vec::new();
    for at in 0..24 {
        let id = ids.make(START + at);
        put(store, activity(id, 1), &[outbox(1)]).await?;
        let edge = follow(1, 10 + at, 5);
        swap(store, &[make(&edge)]).await?;
        store.set_actor(Actor::new(actor(at + 50))).await?;
        if at % 2 == 0 {
            stay.extend([RecordKey::Activity(id), RecordKey::Edge(edge.key())]);
            stay.push(RecordKey::Actor(actor(at + 50)));
        } else {
            go.push((id, edge));
        }
    }
    let (mut met, mut after) = (Vec::new(), None);
    for page in 0..1_000 {
        let records = store.records(after.as_ref(), 3).await?;
        met.extend(records.iter().map(Record::key));
        after = records.last().map(Record::key);
        if records.len() < 3 {
            break;
        }
        if let Some((id, edge)) = go.pop() {
            store.delete(id).await?;
            swap(store, &[unmake(&edge)]).await?;
            put(store, activity(ids.make(START + page), 2), &[outbox(2)]).await?;
            swap(store, &[make(&follow(2, 10 + page, 5))]).await?;
            store.set_actor(Actor::new(actor(200 - page))).await?;
        }
    }
    let done = "walked all records by 3 while others came and went";
    let in_order = met.is_sorted_by(|one, next| one < next);
    holds(done, in_order, "ascending keys, each once", &met)?;
    let missed: Vec<_> = stay.iter().filter(|key| !met.contains(key)).collect();
    holds(
        done,
        missed.is_empty(),
        "every record that was there all along",
        missed,
    )
}
