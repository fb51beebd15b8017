//! The graph against a naive one: all edges in one map, everything else recounted from it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::id::ActivityId;
use crate::store::End;
use crate::verb::Verb;

const KINDS: [RelationKind; 6] = [
    RelationKind::Follow,
    RelationKind::Request,
    RelationKind::Member,
    RelationKind::Mute,
    RelationKind::Block,
    RelationKind::Approval,
];

#[derive(Clone, Debug)]
enum Step {
    Set(EdgeKey, Option<Edge>),
    Swap(EdgeKey, Option<Edge>),
    Erase(ActorId),
}

#[derive(Default)]
struct Naive(BTreeMap<EdgeKey, Edge>);

impl Naive {
    fn apply(&mut self, step: &Step) {
        match step {
            Step::Set(key, edge) | Step::Swap(key, edge) => {
                match edge {
                    Some(edge) => self.0.insert(*key, edge.clone()),
                    None => self.0.remove(key),
                };
            }
            Step::Erase(actor) => self
                .0
                .retain(|key, _| key.from != *actor && key.to != *actor),
        }
    }

    fn relations(&self, actor: ActorId) -> Relations {
        let edges = self.0.values();
        let own = edges.clone().filter(|edge| edge.from == actor);
        let blocks =
            edges.filter(|edge| edge.to == actor && edge.relation.kind() == RelationKind::Block);
        Relations::of(actor, own, blocks.map(|edge| edge.from))
    }

    /// Contract 3.4.
    fn roster(&self, actor: ActorId, kind: RelationKind, end: End) -> Vec<Edge> {
        let is_here = |edge: &&Edge| {
            edge.relation.kind() == kind
                && edge.relation.is_listed()
                && actor == if end == End::From { edge.from } else { edge.to }
        };
        let mut edges: Vec<Edge> = self.0.values().filter(is_here).cloned().collect();
        edges.sort_by_key(|edge| place(edge, end));
        edges
    }
}

fn other(edge: &Edge, end: End) -> ActorId {
    if end == End::From { edge.to } else { edge.from }
}

fn place(edge: &Edge, end: End) -> (Reverse<i64>, ActorId) {
    (Reverse(edge.made.timestamp_millis()), other(edge, end))
}

fn walk(graph: &Graph, of: ActorId, kind: RelationKind, end: End, limit: usize) -> Vec<Edge> {
    let mut met: Vec<Edge> = Vec::new();
    loop {
        let after = met
            .last()
            .map(|edge| (edge.made.timestamp_millis(), other(edge, end)));
        let (page, _) = graph.roster(of, kind, end, after, limit);
        let is_last = page.len() < limit;
        met.extend(page);
        if is_last {
            return met;
        }
    }
}

fn millis(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap()
}

fn actors() -> impl Strategy<Value = ActorId> {
    // Ids that rise with the order in which they come, and those that do not.
    prop_oneof![
        (0..6_u64).prop_map(ActorId::from),
        (0..6_u64).prop_map(|number| ActorId::named(&number.to_string())),
    ]
}

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    const NOW: i64 = 1_700_000_000_000;
    prop_oneof![
        8 => (NOW..NOW + 5).prop_map(millis),
        1 => Just(millis(NOW) + TimeDelta::microseconds(1)),
        1 => Just(millis(0)),
        1 => Just(millis(NOW + (1 << 41))),
    ]
}

fn follows() -> impl Strategy<Value = Follow> {
    let ended = |millis_of_end| {
        let mut follow = Follow::everything();
        follow.interval.until = Some(ActivityId::first_at(millis(millis_of_end)));
        follow
    };
    prop_oneof![
        6 => Just(Follow::everything()),
        2 => (1..3_i64).prop_map(ended),
        1 => Just(Follow::since(millis(7))),
        1 => Just(Follow::everything().except([Verb::Announce])),
    ]
}

fn relations() -> impl Strategy<Value = Relation> {
    prop_oneof![
        8 => follows().prop_map(Relation::Follow),
        1 => follows().prop_map(Relation::Request),
        1 => Just(Relation::Member),
        1 => Just(Relation::Mute { until: None }),
        1 => Just(Relation::Mute { until: Some(millis(3)) }),
        2 => Just(Relation::Block),
        1 => Just(Relation::Approval),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let edge =
        (actors(), relations(), actors(), instants()).prop_map(|(from, relation, to, made)| Edge {
            from,
            to,
            made,
            relation,
        });
    (edge, 0..21_u8).prop_map(|(edge, dice)| {
        let (key, set) = (edge.key(), dice % 4 > 0);
        match dice {
            0 => Step::Erase(edge.from),
            1..=10 => Step::Set(key, set.then_some(edge)),
            _ => Step::Swap(key, set.then_some(edge)),
        }
    })
}

fn apply(graph: &mut Graph, step: &Step) {
    match step {
        Step::Set(key, edge) => graph.set(*key, edge.clone()),
        Step::Swap(key, edge) => {
            let change = Change {
                key: *key,
                was: graph.edge(*key),
                now: edge.clone(),
            };
            assert!(graph.swap(std::slice::from_ref(&change)));
            assert_eq!(graph.swap(&[change.clone()]), change.was == change.now);
        }
        Step::Erase(actor) => graph.erase(*actor),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_steps_give_what_a_naive_graph_gives(
        steps in prop::collection::vec(steps(), 1..150),
        limit in 1..5_usize,
        look_every in 1..30_usize,
    ) {
        let (mut graph, mut naive) = (Graph::default(), Naive::default());
        let everybody: Vec<ActorId> = (0..6_u64)
            .flat_map(|number| [number.into(), ActorId::named(&number.to_string())])
            .collect();
        // What each stamp stood for, whoever's it was; and the last stamp of each.
        let mut contents: HashMap<u64, Relations> = HashMap::new();
        for (number, step) in steps.iter().enumerate() {
            apply(&mut graph, step);
            naive.apply(step);
            for actor in &everybody {
                let (stamp, expected) = (graph.stamp(*actor), naive.relations(*actor));
                prop_assert_eq!(&*graph.relations(*actor), &expected);
                if stamp == 0 {
                    prop_assert_eq!(expected, Relations::none(*actor));
                } else {
                    let known = contents.entry(stamp).or_insert_with(|| expected.clone());
                    prop_assert_eq!(&*known, &expected);
                }
            }
            if number % look_every > 0 && number + 1 < steps.len() {
                continue;
            }
            let mut edges: Vec<Edge> = graph.edges().collect();
            edges.sort_by_key(Edge::key);
            prop_assert!(edges.iter().eq(naive.0.values()));
            for actor in &everybody {
                let followed = graph.followed(*actor).map(|index| graph.actors.id(index));
                let mut followed: Vec<_> = followed.flatten().collect();
                followed.sort_unstable();
                prop_assert!(naive.relations(*actor).followed().eq(followed));
                for kind in KINDS {
                    for end in [End::From, End::To] {
                        let expected = naive.roster(*actor, kind, end);
                        prop_assert_eq!(&walk(&graph, *actor, kind, end, limit), &expected);
                        let (_, count) = graph.roster(*actor, kind, end, None, 0);
                        prop_assert_eq!(count, expected.len());
                    }
                }
            }
        }
        for actor in everybody {
            graph.erase(actor);
        }
        prop_assert_eq!(graph.edges().count(), 0);
        prop_assert!(graph.nodes.iter().all(Node::is_empty));
    }
}

fn follow(from: u64, to: u64, made: i64) -> Edge {
    Edge {
        from: from.into(),
        to: to.into(),
        made: millis(made),
        relation: Relation::Follow(Follow::everything()),
    }
}

fn set(graph: &mut Graph, edge: Edge) {
    graph.set(edge.key(), Some(edge));
}

/// Long lists are searched where short ones are looked through.
#[test]
fn long_lists_come_in_any_order_and_go_in_any_order() {
    const MANY: u64 = 500;
    let mut graph = Graph::default();
    let mut naive = Naive::default();
    let mixed = |number: u64| number * 7_919 % MANY;
    for number in 0..MANY {
        let made = i64::try_from(mixed(number) / 3).unwrap();
        for edge in [
            follow(0, mixed(number) + 1, made),
            follow(mixed(number) + 1, 0, made),
        ] {
            naive.0.insert(edge.key(), edge.clone());
            set(&mut graph, edge);
        }
    }
    for number in 0..MANY {
        if number % 50 == 0 {
            for end in [End::From, End::To] {
                assert_eq!(
                    walk(&graph, 0.into(), RelationKind::Follow, end, 20),
                    naive.roster(0.into(), RelationKind::Follow, end)
                );
            }
            assert_eq!(*graph.relations(0.into()), naive.relations(0.into()));
        }
        let far = ActorId::from(mixed(mixed(number)) + 1);
        for key in [
            EdgeKey::new(0.into(), RelationKind::Follow, far),
            EdgeKey::new(far, RelationKind::Follow, 0.into()),
        ] {
            naive.0.remove(&key);
            graph.set(key, None);
        }
    }
    assert!(graph.nodes.iter().all(Node::is_empty));
}

#[test]
fn a_stamp_changes_for_who_sees_something_else_and_for_nobody_else() {
    let mut graph = Graph::default();
    let stamps = |graph: &Graph| [1, 2].map(|actor: u64| graph.stamp(actor.into()));
    let edge = |relation| Edge {
        relation,
        ..follow(1, 2, 5)
    };
    let mut was = stamps(&graph);
    assert_eq!(was, [0, 0], "nobody is known");
    for (relation, one, other) in [
        (Relation::Follow(Follow::everything()), true, false),
        (Relation::Request(Follow::everything()), false, false),
        (Relation::Member, true, false),
        (Relation::Mute { until: None }, true, false),
        (Relation::Block, true, true),
        (Relation::Approval, false, false),
    ] {
        let key = edge(relation.clone()).key();
        for now in [Some(edge(relation)), None] {
            graph.set(key, now.clone());
            let is = stamps(&graph);
            assert_eq!([is[0] != was[0], is[1] != was[1]], [one, other], "{key:?}");
            graph.set(key, now);
            assert_eq!(stamps(&graph), is, "nothing was changed");
            was = is;
        }
    }
}

/// Contract 2.7.
#[test]
fn an_erased_actor_is_as_if_it_had_never_been_and_keeps_its_index() {
    let mut graph = Graph::default();
    set(&mut graph, follow(1, 2, 5));
    set(&mut graph, follow(2, 1, 6));
    let index = graph.index(1.into());
    let of_other = graph.stamp(2.into());
    graph.erase(1.into());
    assert_eq!(graph.stamp(1.into()), 0);
    assert_eq!(*graph.relations(1.into()), Relations::none(1.into()));
    assert!(
        graph.stamp(2.into()) > of_other,
        "it follows nobody any more"
    );
    assert_eq!(graph.edges().count(), 0);
    set(&mut graph, follow(1, 3, 7));
    assert_eq!(graph.index(1.into()), index);
}

#[test]
fn a_snapshot_is_made_once_while_nothing_changes() {
    let mut graph = Graph::default();
    set(&mut graph, follow(1, 2, 5));
    let first = graph.relations(1.into());
    assert!(Arc::ptr_eq(&first, &graph.relations(1.into())));
    set(&mut graph, follow(3, 1, 6));
    assert!(
        Arc::ptr_eq(&first, &graph.relations(1.into())),
        "being followed decides nothing of what one sees"
    );
    set(&mut graph, follow(1, 3, 7));
    assert_eq!(Arc::strong_count(&first), 1, "nothing outdated is kept");
}
