//! Erasing an actor.

use super::world::{ACTORS, mark, records, written};
use crate::conformance::asked::{count, get, listed, put};
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{START, activity, actor, keyed, outbox};
use crate::conformance::relations::{self, Stamps};
use crate::id::{ActorId, Ids};
use crate::relation::Edge;
use crate::store::{Deletion, End, Keyed, List, Put, Record, Store};

pub(super) async fn erase_removes_what_the_actor_did<S: Store>(store: &S) -> Verdict {
    let world = written(store).await?;
    store.erase(actor(1)).await?;
    let done = "erased an actor, and got its activities";
    same(done, store.get(&world.own).await?, [None, None])?;
    for list in [outbox(1), outbox(2)] {
        let done = format!("erased an actor, and listed {list:?}, with one of somebody else in it");
        same(&done, listed(store, list).await?, [world.of_another])?;
        same(format!("{done}: its count"), count(store, list).await?, 1)?;
    }
    Ok(())
}

pub(super) async fn erase_removes_what_the_actor_reacted_with<S: Store>(store: &S) -> Verdict {
    let ids = Ids::new(1);
    let [about, erased, left] = [0, 1, 2].map(|after| ids.make(START + after));
    put(store, activity(about, 2), &[outbox(2)]).await?;
    let reactions = List::Reactions(about);
    for (id, by) in [(erased, 1), (left, 3)] {
        let lists = [reactions, List::Responses(actor(by))];
        put(store, activity(id, by), &lists).await?;
    }
    let count = store.erase(actor(1)).await?;
    same("erased an actor who only reacted: its activities", count, 0)?;
    let done = "erased one of two actors who reacted, and listed the reactions";
    same(done, listed(store, reactions).await?, [left])?;
    same("got the reaction", get(store, erased).await?, None)?;
    let done = "listed what the actor reacted with";
    same(done, listed(store, List::Responses(actor(1))).await?, [])
}

pub(super) async fn erase_counts_the_activities_that_were_there<S: Store>(store: &S) -> Verdict {
    written(store).await?;
    for (of, expected) in [(1, 2), (1, 0), (99, 0), (4, 0), (2, 1), (2, 0)] {
        let done = format!("erased actor {of}: the activities that were there until now");
        same(done, store.erase(actor(of)).await?, expected)?;
    }
    Ok(())
}

pub(super) async fn erase_removes_every_edge_at_either_end<S: Store>(store: &S) -> Verdict {
    let world = written(store).await?;
    let edges = |records: &[Record]| -> Vec<Edge> {
        let edge = |record: &Record| match record {
            Record::Edge(edge) => Some(edge.clone()),
            _ => None,
        };
        records.iter().filter_map(edge).collect()
    };
    let all = edges(&world.records);
    let (gone, left): (Vec<Edge>, Vec<Edge>) = all
        .into_iter()
        .partition(|edge| edge.from == actor(1) || edge.to == actor(1));
    // Asked for before, so that what is kept ready is kept right.
    for of in ACTORS {
        store.relations(actor(of)).await?;
    }
    store.erase(actor(1)).await?;
    let keys: Vec<_> = gone.iter().map(Edge::key).collect();
    let came = store.edges(&keys).await?;
    let came: Vec<Edge> = came.into_iter().flatten().collect();
    same(
        "erased an actor: edges of it that are still there",
        came,
        [],
    )?;
    let kept = edges(&records(store).await?);
    same("erased an actor: edges of others", kept, &*left)?;
    for of in ACTORS {
        let expected = relations::expected(actor(of), left.iter());
        let done = format!("erased actor 1, and asked for the relations of {of}");
        same(done, &*store.relations(actor(of)).await?, &expected)?;
        for kind in relations::KINDS {
            for end in [End::From, End::To] {
                let which = (actor(of), kind, end);
                let expected = relations::listed(left.iter(), which, None, 100);
                let done = format!("erased actor 1, and asked for {kind:?} {end:?} of {of}");
                let came = store.roster(which.0, kind, end, None, 100).await?;
                same(done, came, expected)?;
            }
        }
    }
    Ok(())
}

pub(super) async fn erase_removes_record_and_marks<S: Store>(store: &S) -> Verdict {
    written(store).await?;
    store.erase(actor(1)).await?;
    let actors = store.actors(&[actor(1), actor(2)]).await?;
    let actors: Vec<_> = actors.iter().map(Option::is_some).collect();
    let done = "erased actor 1, and asked for the records of 1 and 2";
    same(done, actors, [false, true])?;
    let keys = [mark(1, "seen"), mark(1, "read"), mark(2, "seen")];
    let marks = store.marks(&keys).await?;
    let marks: Vec<_> = marks.iter().map(Option::is_some).collect();
    let done = "erased actor 1, and asked for two marks of it and one of 2";
    same(done, marks, [false, false, true])
}

pub(super) async fn erase_removes_what_was_deleted_before<S: Store>(store: &S) -> Verdict {
    let world = written(store).await?;
    store.erase(actor(1)).await?;
    for id in world.own.into_iter().chain([world.deleted]) {
        same(
            "deleted an activity of an erased actor",
            store.delete(id).await?,
            Deletion::Unknown,
        )?;
        same("got it", get(store, id).await?, None)?;
    }
    same(
        "deleted again what an actor deleted that was not erased",
        store.delete(world.deleted_of_another).await?,
        Deletion::Already,
    )
}

pub(super) async fn keys_stay_taken_after_erase<S: Store>(store: &S) -> Verdict {
    written(store).await?;
    store.erase(actor(1)).await?;
    let ids = Ids::new(8);
    for key in ["kept", "gone"] {
        let done = format!("asked for the key {key:?} of an erased actor");
        let came = store.keyed(actor(1), key).await?;
        same(done, came, Some(Keyed::Gone))?;
        let done = format!("put with the key {key:?} of an erased actor");
        let given = keyed(ids.make(0), 1, key);
        let came = store.put(given, &[outbox(1)]).await?;
        same(done, came, Put::Keyed(Keyed::Gone))?;
    }
    Ok(())
}

pub(super) async fn erase_leaves_others_alone<S: Store>(store: &S) -> Verdict {
    let world = written(store).await?;
    let is_left = |record: &Record| match record {
        Record::Actor(record) => record.id != actor(1),
        Record::Activity { activity, .. } => activity.actor != actor(1),
        Record::Deleted { actor: of, .. } => *of != actor(1),
        Record::Key { .. } => true,
        Record::Edge(edge) => edge.from != actor(1) && edge.to != actor(1),
        Record::Mark { key, .. } => key.actor != actor(1),
    };
    let mut expected: Vec<Record> = world.records.into_iter().filter(is_left).collect();
    // The key of what was there is kept by itself now.
    let [kept, _] = world.own;
    expected.push(Record::Key {
        actor: actor(1),
        key: "kept".into(),
        id: kept,
    });
    expected.sort_by_key(Record::key);
    store.erase(actor(1)).await?;
    same(
        "erased actor 1: the records that are left",
        records(store).await?,
        &*expected,
    )?;
    store.erase(actor(99)).await?;
    same(
        "erased an actor that nobody knows",
        records(store).await?,
        expected,
    )
}

pub(super) async fn stamps_tell_of_erasing_and_restoring<S: Store>(store: &S) -> Verdict {
    let world = written(store).await?;
    let actors: Vec<ActorId> = ACTORS.map(actor).collect();
    let mut stamps = Stamps::default();
    stamps.look("wrote edges", store, &actors).await?;
    for times in 1..=2 {
        store.erase(actor(1)).await?;
        let done = format!("erased actor 1, {times} times in all");
        stamps.look(&done, store, &actors).await?;
        store.restore(&world.records).await?;
        let done = format!("restored all records, {times} times in all");
        stamps.look(&done, store, &actors).await?;
    }
    Ok(())
}
