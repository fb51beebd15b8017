//! A small world with something of everything in it.

use serde_json::json;

use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::conformance::asked::{put, swap};
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{
    START, activity, actor, edge, ended, follow, instant, keyed, make, outbox,
};
use crate::id::{ActivityId, Ids};
use crate::relation::{Follow, Relation};
use crate::store::{List, MarkKey, Record, Store};
use crate::verb::Verb;

/// Who is in it: actor 1 is the one to whom most things happen.
pub(in crate::conformance) const ACTORS: std::ops::Range<u64> = 1..5;

/// The activities of the world, by what became of them.
pub(in crate::conformance) struct World {
    /// Of actor 1, in the outboxes of 1 and 2: with the key `kept`, and without.
    pub(in crate::conformance) own: [ActivityId; 2],
    /// Of actor 2, in the outboxes of 2 and 1.
    pub(in crate::conformance) of_another: ActivityId,
    /// Of actor 1, deleted: with the key `gone`.
    pub(in crate::conformance) deleted: ActivityId,
    /// Of actor 2, deleted: with the key `gone`.
    pub(in crate::conformance) deleted_of_another: ActivityId,
    /// All records that such a store has, in the order of their keys.
    pub(in crate::conformance) records: Vec<Record>,
}

pub(in crate::conformance) fn mark(of: u64, name: &str) -> MarkKey {
    MarkKey {
        actor: actor(of),
        name: name.into(),
    }
}

/// Writes the world into a store, each part by the method that is there for it.
pub(in crate::conformance) async fn written<S: Store>(store: &S) -> Verdict<World> {
    let ids = Ids::new(7);
    let ids = [5, 3, 4, 2, 6].map(|at| ids.make(START + at));
    let [first, second, third, fourth, fifth] = ids;
    let lists = |of: u64, to: u64| -> Vec<List> { vec![outbox(of), outbox(to)] };
    let mut records = Vec::new();

    for (given, lists) in [
        (keyed(first, 1, "kept"), lists(1, 2)),
        (activity(second, 1), lists(1, 2)),
        (keyed(third, 2, "kept"), lists(2, 1)),
        (keyed(fourth, 1, "gone"), lists(1, 3)),
        (keyed(fifth, 2, "gone"), lists(2, 1)),
    ] {
        let given = Activity {
            data: Some(json!({"text": given.id.to_string()})),
            ..given
        };
        put(store, given, &lists).await?;
    }
    let revision = Revision::new().object("corrected");
    store.update(second, &revision, instant(99)).await?;
    for (id, of) in [(fourth, 1), (fifth, 2)] {
        store.delete(id).await?;
        records.push(Record::Deleted {
            id,
            actor: actor(of),
        });
        records.push(Record::Key {
            actor: actor(of),
            key: "gone".into(),
            id,
        });
    }
    for (id, lists) in [
        (first, lists(1, 2)),
        (second, lists(1, 2)),
        (third, lists(2, 1)),
    ] {
        let done = "got what was put and not deleted";
        let found = store.get(&[id]).await?.into_iter().flatten();
        let found: Vec<_> = found.collect();
        same(done, found.len(), 1)?;
        records.extend(found.into_iter().map(|activity| Record::Activity {
            activity,
            lists: lists.clone(),
        }));
    }

    let shares = Relation::Follow(Follow::since(instant(50)).except([Verb::Announce]));
    let edges = [
        follow(1, 2, 10),
        follow(2, 1, 11),
        edge(3, shares, 1, 12),
        ended(4, 1, 13),
        ended(1, 4, 14),
        edge(1, Relation::Request(Follow::everything()), 3, 15),
        edge(4, Relation::Request(Follow::everything()), 1, 15),
        edge(1, Relation::Member, 2, 16),
        edge(3, Relation::Member, 1, 16),
        edge(1, Relation::Mute { until: None }, 3, 17),
        edge(
            2,
            Relation::Mute {
                until: Some(instant(7)),
            },
            1,
            17,
        ),
        edge(1, Relation::Block, 4, 18),
        edge(4, Relation::Block, 1, 18),
        edge(1, Relation::Approval, 1, 19),
        edge(2, Relation::Approval, 2, 20),
        follow(2, 3, 21),
        edge(3, Relation::Block, 2, 22),
    ];
    swap(store, &edges.each_ref().map(make)).await?;
    records.extend(edges.into_iter().map(Record::Edge));

    for (key, at) in [
        (mark(1, "seen"), first),
        (mark(1, "read"), ActivityId::MIN),
        (mark(2, "seen"), ActivityId::MAX),
    ] {
        let done = format!("set {key:?}");
        same(done, store.set_mark(&key, None, Some(at)).await?, true)?;
        records.push(Record::Mark { key, at });
    }
    for of in [2, 1] {
        let record = Actor::new(actor(of)).name("Anna").data(json!({"of": of}));
        let done = "kept the record of an actor";
        same(done, store.set_actor(record.clone()).await?, true)?;
        records.push(Record::Actor(record));
    }

    records.sort_by_key(Record::key);
    Ok(World {
        own: [first, second],
        of_another: third,
        deleted: fourth,
        deleted_of_another: fifth,
        records,
    })
}

/// All records of a store, at once.
pub(in crate::conformance) async fn records<S: Store>(store: &S) -> Verdict<Vec<Record>> {
    Ok(store.records(None, usize::MAX).await?)
}
