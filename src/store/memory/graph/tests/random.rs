//! Any steps, held against the naive graph.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::millis;
use super::naive::{Naive, Step, walk};
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, Follow, Relation, RelationKind, Relations};
use crate::store::memory::graph::Graph;
use crate::store::memory::graph::node::Node;
use crate::store::{Change, End};
use crate::verb::Verb;

const KINDS: [RelationKind; 6] = [
    RelationKind::Follow,
    RelationKind::Request,
    RelationKind::Member,
    RelationKind::Mute,
    RelationKind::Block,
    RelationKind::Approval,
];

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
            assert_eq!(
                graph.swap(std::slice::from_ref(&change)),
                change.was == change.now
            );
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
        let mut given = HashMap::new();
        for (number, step) in steps.iter().enumerate() {
            apply(&mut graph, step);
            naive.apply(step);
            for actor in &everybody {
                let stamp = graph.stamp(*actor).unwrap();
                let given = given.entry(*actor).or_insert_with(BTreeSet::new);
                given.insert(stamp);
                for earlier in given.iter() {
                    prop_assert_eq!(graph.stands(*actor, *earlier), *earlier == stamp);
                }
                let expected = naive.relations(*actor);
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
