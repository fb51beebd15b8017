//! Random calls, each answered by the store and by the model.

use std::collections::BTreeMap;

use serde_json::json;

use super::model::Model;
use super::world::mark;
use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::conformance::bench::Bench;
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{START, activity, actor, edge, ids_of, instant, outbox, range};
use crate::conformance::numbers::Numbers;
use crate::conformance::relations::KINDS;
use crate::entry::Order;
use crate::id::{ActivityId, ActorId, Ids};
use crate::relation::{Edge, EdgeKey, Follow, Relation, RelationKind};
use crate::store::{Change, End, List, Record, Store};
use crate::verb::Verb;

const SEEDS: u64 = 12;
const STEPS: u64 = 250;
const ACTORS: u64 = 6;

/// One run of random calls.
struct Run {
    numbers: Numbers,
    ids: Ids,
    known: Vec<ActivityId>,
    model: Model,
    /// What was there at some moment, to be restored at another.
    kept: Vec<Record>,
}

pub(super) fn random_operations_are_answered_like_the_model<S: Store>(bench: &Bench<S>) -> Verdict {
    for seed in 0..SEEDS {
        let store = bench.empty();
        let mut run = Run {
            numbers: Numbers::new(seed),
            ids: Ids::new(1),
            known: Vec::new(),
            model: Model::default(),
            kept: Vec::new(),
        };
        bench.run(async {
            for step in 0..STEPS {
                let at = format!("random calls, seed {seed}, step {step}");
                if run.numbers.below(2) == 0 {
                    run.write(&store, &at).await?;
                } else {
                    run.read(&store, &at).await?;
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

impl Run {
    fn number(&mut self) -> u64 {
        self.numbers.below(ACTORS)
    }

    fn actor(&mut self) -> ActorId {
        actor(self.number())
    }

    fn list(&mut self) -> List {
        outbox(self.number())
    }

    fn lists(&mut self) -> Vec<List> {
        (0..self.numbers.below(4)).map(|_| self.list()).collect()
    }

    /// One that was put, mostly.
    fn id(&mut self) -> ActivityId {
        match self.numbers.pick(&self.known) {
            Some(id) if self.numbers.below(8) > 0 => *id,
            _ => self.ids.make(START + self.numbers.below(20)),
        }
    }

    fn place(&mut self) -> ActivityId {
        match self.numbers.below(6) {
            0 => ActivityId::MIN,
            1 => ActivityId::MAX,
            2 => ActivityId::first_at(instant(i64::try_from(START).unwrap_or(0) + 10)),
            _ => self.id(),
        }
    }

    fn key(&mut self) -> Box<str> {
        ["", "a", "b", "ab"][..]
            .get(usize::try_from(self.numbers.below(4)).unwrap_or(0))
            .copied()
            .unwrap_or_default()
            .into()
    }

    fn revision(&mut self) -> Revision {
        match self.numbers.below(3) {
            0 => Revision::new(),
            1 => Revision::new().object("corrected"),
            _ => Revision::new().data(json!({"n": self.numbers.next()})),
        }
    }

    fn edge(&mut self, key: EdgeKey) -> Edge {
        let relation = match key.kind {
            RelationKind::Follow => {
                let mut way = Follow::everything();
                if self.numbers.below(3) == 0 {
                    way = way.except([Verb::Announce]);
                }
                if self.numbers.below(4) == 0 {
                    way.interval.until = Some(self.place());
                }
                Relation::Follow(way)
            }
            RelationKind::Request => Relation::Request(Follow::everything()),
            RelationKind::Member => Relation::Member,
            RelationKind::Mute => Relation::Mute { until: None },
            RelationKind::Block => Relation::Block,
            RelationKind::Approval => Relation::Approval,
        };
        let made = i64::try_from(self.numbers.below(6)).unwrap_or(0) - 2;
        Edge {
            from: key.from,
            to: key.to,
            ..edge(0, relation, 0, made)
        }
    }

    fn edge_key(&mut self) -> EdgeKey {
        let kind = self
            .numbers
            .pick(&KINDS)
            .copied()
            .unwrap_or(RelationKind::Follow);
        let from = self.actor();
        // A store knows approval at one actor only, as its own.
        let to = if kind == RelationKind::Approval {
            from
        } else {
            self.actor()
        };
        EdgeKey::new(from, kind, to)
    }

    /// Changes of distinct edges, mostly as they are.
    fn changes(&mut self) -> Vec<Change> {
        let mut changes = BTreeMap::new();
        for _ in 0..self.numbers.below(4) {
            let key = self.edge_key();
            let was = match self.numbers.below(8) {
                0 => Some(self.edge(key)),
                _ => self.model.edge(key),
            };
            let now = match self.numbers.below(4) {
                0 => was.clone(),
                1 => None,
                _ => Some(self.edge(key)),
            };
            changes.insert(key, Change { key, was, now });
        }
        changes.into_values().collect()
    }

    async fn write<S: Store>(&mut self, store: &S, at: &str) -> Verdict {
        match self.numbers.below(20) {
            0..=5 => {
                let by = self.number();
                let id = match self.numbers.pick(&self.known) {
                    // One that is there, or was deleted: erased ones are free again.
                    Some(id) if self.numbers.below(6) == 0 && self.is_on_record(*id) => *id,
                    _ => self.ids.make(START + self.numbers.below(20)),
                };
                self.known.push(id);
                let given = Activity {
                    key: (self.numbers.below(3) == 0).then(|| self.key()),
                    ..activity(id, by)
                };
                let mut lists = self.lists();
                lists.push(outbox(by));
                let done = format!(
                    "{at}: put {id} of {by}, key {:?}, into {lists:?}",
                    given.key
                );
                let expected = self.model.put(given.clone(), &lists);
                same(done, store.put(given, &lists).await?, expected)
            }
            6 | 7 => {
                let (id, revision) = (self.id(), self.revision());
                let updated = instant(i64::try_from(self.numbers.below(9)).unwrap_or(0));
                let done = format!("{at}: update {id} with {revision:?}");
                let expected = self.model.update(id, &revision, updated);
                same(done, store.update(id, &revision, updated).await?, expected)
            }
            8 | 9 => {
                let id = self.id();
                let done = format!("{at}: delete {id}");
                same(done, store.delete(id).await?, self.model.delete(id))
            }
            10..=14 => {
                let changes = self.changes();
                let done = format!("{at}: swap {changes:?}");
                same(done, store.swap(&changes).await?, self.model.swap(&changes))
            }
            15 => {
                let (key, id) = (mark(self.number(), "seen"), self.id());
                let now = Some(id).filter(|_| self.numbers.below(4) > 0);
                let was = self.model.mark(&key).filter(|_| self.numbers.below(6) > 0);
                let done = format!("{at}: set {key:?} from {was:?} to {now:?}");
                let expected = self.model.set_mark(&key, was, now);
                same(done, store.set_mark(&key, was, now).await?, expected)
            }
            16 => {
                let record = Actor::new(self.actor()).name(self.key());
                let done = format!("{at}: keep {record:?}");
                let expected = self.model.set_actor(record.clone());
                same(done, store.set_actor(record).await?, expected)
            }
            17 if self.numbers.below(3) == 0 => {
                let who = self.actor();
                let done = format!("{at}: erase {who}");
                same(done, store.erase(who).await?, self.model.erase(who))
            }
            18 => {
                self.kept = self.model.records(None, usize::MAX);
                Ok(())
            }
            _ => {
                let (skip, take) = (self.numbers.below(30), self.numbers.below(12));
                let (skip, take) = (usize::try_from(skip), usize::try_from(take));
                let some: Vec<Record> = self
                    .kept
                    .iter()
                    .skip(skip.unwrap_or(0))
                    .take(take.unwrap_or(0))
                    .cloned()
                    .collect();
                store.restore(&some).await?;
                self.model.restore(&some);
                self.compare_records(store, &format!("{at}: restored {some:?}"))
                    .await
            }
        }
    }

    fn is_on_record(&self, id: ActivityId) -> bool {
        let place = Record::Deleted {
            id,
            actor: actor(0),
        }
        .key();
        let records = self.model.records(None, usize::MAX);
        records.iter().any(|record| record.key() == place)
    }

    async fn compare_records<S: Store>(&mut self, store: &S, done: &str) -> Verdict {
        let came = store.records(None, usize::MAX).await?;
        same(done, came, self.model.records(None, usize::MAX))
    }

    async fn read<S: Store>(&mut self, store: &S, at: &str) -> Verdict {
        let limit = usize::try_from(self.numbers.below(7)).unwrap_or(0);
        match self.numbers.below(12) {
            0..=2 => {
                let order = [Order::NewestFirst, Order::OldestFirst];
                let order = self.numbers.pick(&order).copied();
                let until = Some(self.place()).filter(|_| self.numbers.below(2) == 0);
                let range = range(self.place(), until, order.unwrap_or(Order::NewestFirst));
                let lists = self.lists();
                let done = format!("{at}: list {limit} of {lists:?}, {range:?}");
                let came = store.list(&lists, range, limit).await?;
                let came: Vec<_> = came.iter().map(|list| ids_of(list)).collect();
                let model = lists
                    .iter()
                    .map(|list| self.model.list(*list, range, limit));
                same(done, came, model.collect::<Vec<_>>())
            }
            3 => {
                let lists = self.lists();
                let done = format!("{at}: count {lists:?}");
                let expected: Vec<_> = lists.iter().map(|list| self.model.count(*list)).collect();
                same(done, store.count(&lists).await?, expected)
            }
            4 => {
                let ids: Vec<_> = (0..limit).map(|_| self.id()).collect();
                let done = format!("{at}: get {ids:?}");
                let expected: Vec<_> = ids.iter().map(|id| self.model.get(*id)).collect();
                same(done, store.get(&ids).await?, expected)
            }
            5 => {
                let (who, key) = (self.actor(), self.key());
                let done = format!("{at}: the key {key:?} of {who}");
                same(
                    done,
                    store.keyed(who, &key).await?,
                    self.model.keyed(who, &key),
                )
            }
            6 | 7 => {
                let who = self.actor();
                let done = format!("{at}: the relations of {who}");
                same(
                    done,
                    &*store.relations(who).await?,
                    &self.model.relations(who),
                )
            }
            8 | 9 => {
                let EdgeKey { from, kind, to } = self.edge_key();
                let end = if self.numbers.below(2) == 0 {
                    End::From
                } else {
                    End::To
                };
                let made = i64::try_from(self.numbers.below(6)).unwrap_or(0) - 2;
                let after = Some((made, to)).filter(|_| self.numbers.below(2) == 0);
                let done = format!("{at}: {limit} of {kind:?} {end:?} of {from} after {after:?}");
                let came = store.roster(from, kind, end, after, limit).await?;
                same(
                    done,
                    came,
                    self.model.roster((from, kind, end), after, limit),
                )
            }
            10 => {
                let keys: Vec<_> = (0..limit).map(|_| self.edge_key()).collect();
                let done = format!("{at}: the edges {keys:?}");
                let expected: Vec<_> = keys.iter().map(|key| self.model.edge(*key)).collect();
                same(done, store.edges(&keys).await?, expected)?;
                let who = self.actor();
                let done = format!("{at}: the record of {who}");
                same(done, store.actors(&[who]).await?, [self.model.actor(who)])
            }
            _ => {
                self.compare_records(store, &format!("{at}: all records"))
                    .await
            }
        }
    }
}
