//! Many threads at once.

use chrono::TimeDelta;

use crate::conformance::asked::swap;
use crate::conformance::bench::{Bench, End, Looks};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{actor, edge, follow, make, replace, unmake};
use crate::relation::{Edge, Relation, RelationKind};
use crate::store::{self, Change, RelationStore};

const THREADS: u64 = 4;

pub(super) fn of_swaps_that_contend_one_happens<S: RelationStore>(bench: &Bench<S>) -> Verdict {
    let store = &bench.empty();
    let there: &Edge = &follow(1, 2, 0);
    for round in 0..25 {
        bench.run(swap(store, &[make(there)]))?;
        // Each takes the follow away and makes something of its own.
        let answers = bench.in_threads(THREADS, |thread| async move {
            let own = edge(thread + 10, Relation::Block, 100 + round, 5);
            Ok(store.swap(&[make(&own), unmake(there)]).await?)
        })?;
        let won = answers.iter().filter(|won| **won).count();
        let done = format!("swapped from {THREADS} threads at once what one alone can have");
        same(format!("{done}: how many answered `true`"), won, 1)?;
        let keys: Vec<_> = (0..THREADS)
            .map(|thread| edge(thread + 10, Relation::Block, 100 + round, 5).key())
            .collect();
        let made = bench.run(async { Ok(store.edges(&keys).await?) })?;
        let made: Vec<bool> = made.iter().map(Option::is_some).collect();
        same(format!("{done}: whose edges are there"), made, answers)?;
    }
    none_is_lost(bench, store)
}

/// Each thread counts up what is there, as fast as it can: where one looks and another one writes before it
/// does, both are told that they did.
fn none_is_lost<S: RelationStore>(bench: &Bench<S>, store: &S) -> Verdict {
    const EACH: u64 = 100;
    let first = &follow(1, 3, 0);
    let there = || async move {
        let edges = store.edges(&[first.key()]).await?;
        Ok(edges.into_iter().flatten().next())
    };
    bench.run(swap(store, &[make(first)]))?;
    let counted = bench.in_threads(THREADS, |_| async move {
        let mut counted = 0;
        for _ in 0..EACH {
            let Some(was) = there().await? else { break };
            let now = Edge {
                made: was.made + TimeDelta::milliseconds(1),
                ..was.clone()
            };
            counted += i64::from(store.swap(&[replace(&was, &now)]).await?);
        }
        Ok(counted)
    })?;
    let came = bench.run(there())?.map(|edge| edge.made.timestamp_millis());
    same(
        format!(
            "counted an edge up from {THREADS} threads at once, each {EACH} times if it was as it had just been: what it came to"
        ),
        came,
        Some(counted.iter().sum::<i64>()),
    )
}

/// What is looked at while it changes.
#[derive(Clone, Copy)]
enum Look {
    Relations,
    Edges,
    Roster,
}

pub(super) fn relations_are_of_one_moment<S: RelationStore>(bench: &Bench<S>) -> Verdict {
    watch(bench, Look::Relations)
}

pub(super) fn edges_are_of_one_moment<S: RelationStore>(bench: &Bench<S>) -> Verdict {
    watch(bench, Look::Edges)
}

pub(super) fn a_roster_and_its_count_are_of_one_moment<S: RelationStore>(
    bench: &Bench<S>,
) -> Verdict {
    watch(bench, Look::Roster)
}

/// One thread turns follows into blocks and back, each time in one swap, while the others look.
fn watch<S: RelationStore>(bench: &Bench<S>, look: Look) -> Verdict {
    let store = &bench.empty();
    let follows: &Vec<Edge> = &(2..5).map(|to| follow(1, to, 10)).collect();
    let blocks: &Vec<Edge> = &(2..5).map(|by| edge(by, Relation::Block, 1, 20)).collect();
    let turn = |from: &[Edge], to: &[Edge]| -> Vec<Change> {
        from.iter().map(unmake).chain(to.iter().map(make)).collect()
    };
    let (there, back) = (&turn(follows, blocks), &turn(blocks, follows));
    bench.run(swap(store, &turn(&[], follows)))?;
    let (end, looks) = (&End::default(), &Looks::default());
    bench.in_threads(THREADS, move |thread| async move {
        if thread == 0 {
            let _end = end.comes_with_this();
            for changes in [there, back].into_iter().cycle().take(120) {
                swap(store, changes).await?;
                looks.let_begin();
            }
            return Ok(());
        }
        loop {
            let last = end.has_come();
            looks.begin();
            look_at(store, look, follows, blocks).await?;
            if last {
                return Ok(());
            }
        }
    })?;
    Ok(())
}

async fn look_at<S: RelationStore>(
    store: &S,
    look: Look,
    follows: &[Edge],
    blocks: &[Edge],
) -> Verdict {
    let done =
        "swapped three follows for three blocks and back, in one thread, and in another one ";
    let (asked, came) = match look {
        Look::Relations => {
            let relations = store.relations(actor(1)).await?;
            let came = (relations.followed().count(), relations.blocked_by.len());
            ("asked for the relations (follows, blocks)", came)
        }
        Look::Edges => {
            let keys: Vec<_> = follows.iter().chain(blocks).map(Edge::key).collect();
            let edges = store.edges(&keys).await?;
            let is_there = |kind| {
                let edges = edges.iter().flatten();
                edges.filter(|edge| edge.relation.kind() == kind).count()
            };
            let came = (
                is_there(RelationKind::Follow),
                is_there(RelationKind::Block),
            );
            ("asked for all edges (follows, blocks)", came)
        }
        Look::Roster => {
            let (edges, count) = store
                .roster(actor(1), RelationKind::Follow, store::End::From, None, 9)
                .await?;
            let came = (edges.len(), count);
            return holds(
                format!("{done}asked for the roster of follows (edges listed, edges counted)"),
                came == (3, 3) || came == (0, 0),
                "(3, 3) or (0, 0)",
                came,
            );
        }
    };
    let is_one_moment = came == (3, 0) || came == (0, 3);
    holds(
        format!("{done}{asked}"),
        is_one_moment,
        "(3, 0) or (0, 3)",
        came,
    )
}
