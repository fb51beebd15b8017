//! Putting records back.

use std::sync::Arc;

use super::copy::answers_alike;
use super::world::{mark, records, written};
use crate::actor::Actor;
use crate::conformance::asked::{count, listed, put};
use crate::conformance::bench::{self, Bench, Looks};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{
    DOWNWARDS, activity, actor, edge, ended, follow, ids, keyed, outbox,
};
use crate::conformance::leave_off::leave_off;
use crate::id::ActivityId;
use crate::relation::{Relation, RelationKind};
use crate::store::{Deletion, End, Keyed, List, Put, Record, Store};

pub(super) fn a_copy_answers_as_the_original<S: Store>(bench: &Bench<S>) -> Verdict {
    let (one, other) = (bench.empty(), bench.empty());
    bench.run(async {
        let world = written(&one).await?;
        // By pages, as a host would.
        let mut after = None;
        for _ in 0..100 {
            let page = one.records(after.as_ref(), 4).await?;
            other.restore(&page).await?;
            after = page.last().map(Record::key);
            if page.len() < 4 {
                break;
            }
        }
        let done = "restored all records into an empty store";
        same(done, records(&other).await?, records(&one).await?)?;
        answers_alike(done, &world, &one, &other).await?;
        // What is left of what is gone was moved, too.
        let done = "restored all records, and deleted what was deleted before";
        same(done, other.delete(world.deleted).await?, Deletion::Already)?;
        let again = keyed(ActivityId::MAX, 1, "gone");
        let done = "restored all records, and put with the key of a deleted activity";
        same(
            done,
            other.put(again, &[outbox(1)]).await?,
            Put::Keyed(Keyed::Gone),
        )?;
        let done = "restored all records, and erased actor 1 in both stores";
        let counts = (other.erase(actor(1)).await?, one.erase(actor(1)).await?);
        same(done, counts.0, counts.1)?;
        same(done, records(&other).await?, records(&one).await?)?;
        answers_alike(done, &world, &one, &other).await
    })
}

pub(super) fn a_restore_takes_any_number_of_records_in_any_order<S: Store>(
    bench: &Bench<S>,
) -> Verdict {
    let (one, other) = (bench.empty(), bench.empty());
    bench.run(async {
        let world = written(&one).await?;
        for (of, id) in (0..).zip(ids(1_200)) {
            put(
                &one,
                activity(id, 10 + of % 5),
                &[outbox(10 + of % 5), outbox(20)],
            )
            .await?;
        }
        let mut all = records(&one).await?;
        all.reverse();
        other.restore(&[]).await?;
        same("restored nothing", records(&other).await?, [])?;
        other.restore(&all).await?;
        all.reverse();
        let done = "restored more than 1,200 records at once, in descending order of their keys";
        let came = records(&other).await?;
        same(done, came.len(), all.len())?;
        same(done, came, all)?;
        same(done, count(&other, outbox(20)).await?, 1_200)?;
        answers_alike(done, &world, &one, &other).await
    })
}

pub(super) fn restoring_twice_changes_nothing<S: Store>(bench: &Bench<S>) -> Verdict {
    let (one, other) = (bench.empty(), bench.empty());
    bench.run(async {
        let world = written(&one).await?;
        for times in 1..=2 {
            // Into a store that has them, and into one that has not.
            one.restore(&world.records).await?;
            other.restore(&world.records).await?;
            let done = format!("restored {times} times what the store has");
            same(&done, &records(&one).await?, &world.records)?;
            let done = format!("restored {times} times into a store that was empty");
            same(&done, &records(&other).await?, &world.records)?;
            answers_alike(&done, &world, &one, &other).await?;
        }
        Ok(())
    })
}

pub(super) fn a_restore_takes_the_place_of_what_is_there<S: Store>(bench: &Bench<S>) -> Verdict {
    let store = bench.empty();
    bench.run(async {
        let [live, buried, back] = match ids(3).try_into() {
            Ok(ids) => ids,
            Err(_) => return Ok(()),
        };
        for id in [live, buried, back] {
            put(&store, activity(id, 1), &[outbox(1), outbox(2)]).await?;
        }
        store.delete(back).await?;
        let place = |id: ActivityId, lists: &[List]| Record::Activity {
            activity: Arc::new(activity(id, 1)),
            lists: lists.to_vec(),
        };
        store
            .restore(&[
                place(live, &[outbox(1), outbox(3)]),
                Record::Deleted {
                    id: buried,
                    actor: actor(1),
                },
                place(back, &[outbox(1)]),
            ])
            .await?;
        let done = "restored an activity into other lists, one as deleted, one that was deleted";
        for (list, expected) in [
            (outbox(1), vec![back, live]),
            (outbox(2), vec![]),
            (outbox(3), vec![live]),
        ] {
            let done = format!("{done}, and listed {list:?}");
            same(&done, listed(&store, list).await?, &*expected)?;
            same(
                format!("{done}: its count"),
                count(&store, list).await?,
                expected.len(),
            )?;
        }
        same(done, store.delete(buried).await?, Deletion::Already)?;

        let (first, second) = (follow(1, 2, 10), follow(1, 2, 20));
        for edge in [&first, &second, &ended(1, 2, 5), &first] {
            store.restore(&[Record::Edge(edge.clone())]).await?;
            let done = format!("restored {edge:?} in place of another one");
            same(
                &done,
                store.edges(&[edge.key()]).await?,
                [Some(edge.clone())],
            )?;
            for (of, end) in [(1, End::From), (2, End::To)] {
                let listed = Some(edge.clone()).filter(|edge| edge.relation.is_listed());
                let expected: Vec<_> = listed.into_iter().collect();
                let roster = store
                    .roster(actor(of), RelationKind::Follow, end, None, 9)
                    .await?;
                same(
                    format!("{done}, {end:?}"),
                    roster,
                    (expected.clone(), expected.len()),
                )?;
            }
        }
        let block = edge(2, Relation::Block, 1, 30);
        store.relations(actor(1)).await?;
        store.restore(&[Record::Edge(block)]).await?;
        let blocked_by = store.relations(actor(1)).await?.blocked_by.clone();
        same(
            "restored a block: who blocks the other end",
            blocked_by,
            [actor(2)],
        )?;

        for (at, name) in [(live, "one"), (back, "other")] {
            let record = Actor::new(actor(1)).name(name);
            let key = mark(1, "seen");
            store
                .restore(&[
                    Record::Actor(record.clone()),
                    Record::Mark {
                        key: key.clone(),
                        at,
                    },
                ])
                .await?;
            let done = "restored a record of an actor and a mark, then others in their place";
            same(
                done,
                store.actors(&[actor(1)]).await?,
                [Some(Arc::new(record))],
            )?;
            same(done, store.marks(&[key]).await?, [Some(at)])?;
        }
        // Of activities that are not there: what is there has its key with it.
        for id in [buried, ActivityId::MAX] {
            let key = Record::Key {
                actor: actor(1),
                key: "used".into(),
                id,
            };
            store.restore(std::slice::from_ref(&key)).await?;
            let done = "restored a key, then the same one of another activity";
            let is_key = |record: &Record| matches!(record, Record::Key { .. });
            let mut came = records(&store).await?;
            came.retain(is_key);
            same(done, came, [key])?;
        }
        Ok(())
    })
}

pub(super) fn readers_find_a_restore_whole_or_not_at_all<S: Store>(bench: &Bench<S>) -> Verdict {
    const EACH: usize = 8;
    let store = &bench.empty();
    let ids = &ids(8 * 100);
    let (end, looks) = (&bench::End::default(), &Looks::default());
    bench.in_threads(3, move |thread| async move {
        if thread == 0 {
            let _end = end.comes_with_this();
            for some in ids.chunks(EACH) {
                let record = |id: &ActivityId| Record::Activity {
                    activity: Arc::new(activity(*id, 1)),
                    lists: vec![outbox(1), outbox(2)],
                };
                let some: Vec<Record> = some.iter().map(record).collect();
                store.restore(&some).await?;
                looks.let_begin();
            }
            return Ok(());
        }
        loop {
            let last = end.has_come();
            looks.begin();
            let lists = [outbox(1), outbox(2)];
            let counts = store.count(&lists).await?;
            let is_whole =
                counts.iter().all(|count| count % EACH == 0) && counts.first() == counts.last();
            let done = format!("counted two lists while {EACH} records at once were restored");
            holds(
                done,
                is_whole,
                format!("a multiple of {EACH}, twice"),
                counts,
            )?;
            let entries = store.list(&lists, DOWNWARDS, usize::MAX).await?;
            let lengths: Vec<usize> = entries.iter().map(Vec::len).collect();
            let is_whole = lengths.iter().all(|length| length % EACH == 0)
                && lengths.first() == lengths.last();
            let done = format!("listed two lists while {EACH} records at once were restored");
            holds(
                done,
                is_whole,
                format!("a multiple of {EACH}, twice"),
                lengths,
            )?;
            if last {
                return Ok(());
            }
        }
    })?;
    Ok(())
}

/// Each in a store of its own: what was left off may also happen later, and must not meet what is
/// written after that.
pub(super) fn writes_left_off_have_happened_or_not<S: Store>(bench: &Bench<S>) -> Verdict {
    for polls in 0..6 {
        let (one, other, third) = (bench.empty(), bench.empty(), bench.empty());
        bench.run(async {
            let world = written(&one).await?;
            let done = format!("dropped, after {polls} polls, keeping a record of an actor");
            let record = Actor::new(actor(1)).name("another");
            let before = one.actors(&[actor(1)]).await?;
            drop(leave_off(polls, one.set_actor(record.clone())).await);
            let came = one.actors(&[actor(1)]).await?;
            let after = [Some(Arc::new(record.clone()))];
            let is_whole = came == before || came == after;
            holds(&done, is_whole, "the one or the other", &came)?;
            one.set_actor(record).await?;
            let done = format!("{done}, and repeated it");
            same(done, one.actors(&[actor(1)]).await?, after)?;

            let done = format!("dropped, after {polls} polls, restoring records");
            drop(leave_off(polls, other.restore(&world.records)).await);
            let came = listed(&other, outbox(2)).await?.len();
            holds(
                &done,
                came == 0 || came == 3,
                "all activities or none",
                came,
            )?;
            other.restore(&world.records).await?;
            let done = format!("{done}, and repeated it");
            same(done, records(&other).await?, &*world.records)?;

            let world = written(&third).await?;
            let done = format!("dropped, after {polls} polls, erasing an actor, and repeated it");
            drop(leave_off(polls, third.erase(actor(1))).await);
            third.erase(actor(1)).await?;
            same(&done, listed(&third, outbox(1)).await?, [world.of_another])?;
            same(&done, count(&third, outbox(2)).await?, 1)?;
            same(&done, third.marks(&[mark(1, "seen")]).await?, [None])?;
            let own = third.relations(actor(1)).await?.followed().count();
            same(done, own, 0)
        })?;
    }
    Ok(())
}
