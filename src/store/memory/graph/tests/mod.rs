//! The graph against a naive one, and what only it promises.

mod naive;
mod random;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use self::naive::{Naive, walk};
use super::Graph;
use super::node::Node;
use crate::id::ActorId;
use crate::relation::{Edge, EdgeKey, Follow, Relation, RelationKind, Relations};
use crate::store::End;

fn millis(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap()
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
    let stamps = |graph: &Graph| [1, 2].map(|actor: u64| graph.stamp(actor.into()).unwrap());
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

#[test]
fn a_stamp_that_has_run_out_stands_for_nothing() {
    let mut graph = Graph::default();
    let turn = |graph: &mut Graph, number| {
        let edge = follow(1, 2, 5);
        graph.set(edge.key(), (number % 2 == 0).then_some(edge));
    };
    turn(&mut graph, 0);
    let index = graph.index(1.into()).unwrap();
    graph.stamps[index.number()] += super::CHANGES - 3;
    for number in 1..6 {
        turn(&mut graph, number);
        let stamp = graph.stamp(1.into());
        assert_eq!(stamp.is_some(), number < 2, "{number}");
        assert_eq!(graph.follows(1.into()).is_some(), number < 2);
        let kept = graph.stamps[index.number()];
        assert!(stamp == Some(kept) || !graph.stands(1.into(), kept));
        let followed = graph.relations(1.into()).wholly.len();
        assert_eq!(followed, usize::from(number % 2 == 0));
    }
}

/// Contract 2.7.
#[test]
fn an_erased_actor_is_as_if_it_had_never_been_and_keeps_its_index() {
    let mut graph = Graph::default();
    set(&mut graph, follow(1, 2, 5));
    set(&mut graph, follow(2, 1, 6));
    let index = graph.index(1.into());
    let [of_it, of_other] = [1_u64, 2].map(|actor| graph.stamp(actor.into()).unwrap());
    graph.erase(1.into());
    assert!(!graph.stands(1.into(), of_it) && graph.stamp(1.into()) > Some(of_it));
    assert_eq!(*graph.relations(1.into()), Relations::none(1.into()));
    assert!(
        graph.stamp(2.into()) > Some(of_other),
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
