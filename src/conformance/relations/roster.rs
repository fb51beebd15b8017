//! Lists of edges at one actor.

use std::cmp::Reverse;
use std::fmt::Display;

use super::KINDS;
use super::swap::of_every_kind;
use crate::conformance::asked::swap;
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{actor, edge, ended, follow, instant, make, replace, unmake};
use crate::id::ActorId;
use crate::relation::{Edge, Follow, Relation, RelationKind};
use crate::store::{Change, End, RelationStore};

type Place = (i64, ActorId);

/// The place of an edge in a roster, seen from one end.
pub(in crate::conformance) fn place(edge: &Edge, end: End) -> Place {
    let other = match end {
        End::From => edge.to,
        End::To => edge.from,
    };
    (edge.made.timestamp_millis(), other)
}

/// What a roster gives, with all edges that there are.
pub(in crate::conformance) fn expected<'a>(
    edges: impl Iterator<Item = &'a Edge>,
    (of, kind, end): (ActorId, RelationKind, End),
    after: Option<Place>,
    limit: usize,
) -> (Vec<Edge>, usize) {
    let order = |(made, other): Place| (Reverse(made), other);
    let mut listed: Vec<&Edge> = edges
        .filter(|edge| {
            let this = match end {
                End::From => edge.from,
                End::To => edge.to,
            };
            this == of && edge.relation.kind() == kind && edge.relation.is_listed()
        })
        .collect();
    listed.sort_by_key(|edge| order(place(edge, end)));
    let is_after = |edge: &&&Edge| after.is_none_or(|after| order(place(edge, end)) > order(after));
    let some = listed.iter().filter(is_after).take(limit);
    (some.map(|edge| (*edge).clone()).collect(), listed.len())
}

/// Followers and followed of actor 1, with ties, made in no order, also before 1970.
fn tied() -> Vec<Edge> {
    let mut edges = Vec::new();
    for (other, made) in [
        (70, 20),
        (3, 20),
        (900, 20),
        (12, -7),
        (5, 40),
        (8, 0),
        (u64::MAX, -7),
        (44, 20),
        (2, 41),
    ] {
        edges.push(follow(other, 1, made));
        edges.push(follow(1, other, made));
    }
    edges
}

/// That a roster is as expected: by places first, which say more in less.
fn same_roster(
    done: impl Display,
    end: End,
    came: (Vec<Edge>, usize),
    expected: (Vec<Edge>, usize),
) -> Verdict {
    let places = |of: &(Vec<Edge>, usize)| -> (Vec<Place>, usize) {
        (of.0.iter().map(|edge| place(edge, end)).collect(), of.1)
    };
    same(
        format!("{done} (when made, and the other actor; number of all)"),
        places(&came),
        places(&expected),
    )?;
    same(done, came, expected)
}

async fn make_all<S: RelationStore>(store: &S, edges: &[Edge]) -> Verdict {
    swap(store, &edges.iter().map(make).collect::<Vec<Change>>()).await
}

pub(super) async fn a_roster_is_newest_first_with_ties_by_the_other_actor<S: RelationStore>(
    store: &S,
) -> Verdict {
    let edges = tied();
    make_all(store, &edges).await?;
    for end in [End::From, End::To] {
        let which = (actor(1), RelationKind::Follow, end);
        same_roster(
            format!("made follows in no order, some at one instant, asked for {end:?}"),
            end,
            store.roster(which.0, which.1, end, None, 100).await?,
            expected(edges.iter(), which, None, 100),
        )?;
    }
    Ok(())
}

pub(super) async fn a_roster_goes_on_after_any_place<S: RelationStore>(store: &S) -> Verdict {
    let edges = tied();
    make_all(store, &edges).await?;
    for end in [End::From, End::To] {
        let which = (actor(1), RelationKind::Follow, end);
        let mut places = vec![
            (i64::MAX, actor(0)),
            (i64::MIN, actor(u64::MAX)),
            (20, actor(0)),
            (20, actor(45)),
            (20, actor(u64::MAX)),
            (30, actor(3)),
            (-7, actor(13)),
        ];
        places.extend(edges.iter().map(|edge| place(edge, end)));
        let places = places.into_iter().map(Some).chain([None]);
        for after in places {
            for limit in [0, 1, 3, 9, 1_000, usize::MAX] {
                same_roster(
                    format!("asked for {limit} {end:?} after {after:?}"),
                    end,
                    store.roster(which.0, which.1, end, after, limit).await?,
                    expected(edges.iter(), which, after, limit),
                )?;
            }
        }
    }
    Ok(())
}

pub(super) async fn a_roster_lists_one_kind_at_one_end<S: RelationStore>(store: &S) -> Verdict {
    let edges = of_every_kind();
    make_all(store, &edges).await?;
    for of in [1, 2, 4, 6, 99].map(actor) {
        for kind in KINDS {
            for end in [End::From, End::To] {
                same(
                    format!("made edges of every kind, asked for {kind:?} {end:?} of {of}"),
                    store.roster(of, kind, end, None, 100).await?,
                    expected(edges.iter(), (of, kind, end), None, 100),
                )?;
            }
        }
    }
    Ok(())
}

pub(super) async fn ended_follows_are_in_no_roster<S: RelationStore>(store: &S) -> Verdict {
    let (open, closed) = (follow(1, 2, 10), ended(1, 2, 10));
    let rosters = async || -> Verdict<[usize; 4]> {
        let kind = RelationKind::Follow;
        let (from, followed) = store.roster(actor(1), kind, End::From, None, 9).await?;
        let (to, followers) = store.roster(actor(2), kind, End::To, None, 9).await?;
        Ok([from.len(), followed, to.len(), followers])
    };
    swap(store, &[make(&open)]).await?;
    same(
        "asked for both ends of an open follow",
        rosters().await?,
        [1; 4],
    )?;
    swap(store, &[replace(&open, &closed)]).await?;
    same(
        "asked for both ends of a follow that has ended",
        rosters().await?,
        [0; 4],
    )?;
    let relations = store.relations(actor(1)).await?;
    same("its snapshot keeps it", relations.followed().count(), 1)?;
    let again = follow(1, 2, 30);
    swap(store, &[replace(&closed, &again)]).await?;
    same("opened it again", rosters().await?, [1; 4])?;
    swap(store, &[unmake(&again), make(&ended(3, 2, 1))]).await?;
    same(
        "removed it, and made one that has ended",
        rosters().await?,
        [0; 4],
    )
}

pub(super) async fn an_edge_that_is_changed_stands_where_it_was_made<S: RelationStore>(
    store: &S,
) -> Verdict {
    let mut edges = vec![follow(1, 2, 10), follow(1, 3, 20), follow(1, 4, 30)];
    make_all(store, &edges).await?;
    // Another way at the same instant, then the same way at another instant.
    let since = Relation::Follow(Follow::since(instant(7)));
    for changed in [
        edge(1, since.clone(), 2, 10),
        edge(1, since, 2, 25),
        follow(1, 2, 20),
    ] {
        let Some(was) = edges.iter_mut().find(|edge| edge.key() == changed.key()) else {
            continue;
        };
        swap(store, &[replace(was, &changed)]).await?;
        *was = changed.clone();
        for (of, end) in [(1, End::From), (2, End::To)] {
            let which = (actor(of), RelationKind::Follow, end);
            same_roster(
                format!("changed an edge to {changed:?}, asked for {end:?} of {of}"),
                end,
                store.roster(which.0, which.1, end, None, 9).await?,
                expected(edges.iter(), which, None, 9),
            )?;
        }
    }
    Ok(())
}

pub(super) async fn a_roster_counts_all_of_its_edges<S: RelationStore>(store: &S) -> Verdict {
    let mut edges = tied();
    make_all(store, &edges).await?;
    while let Some(edge) = edges.pop() {
        swap(store, &[unmake(&edge)]).await?;
        for end in [End::From, End::To] {
            let which = (actor(1), RelationKind::Follow, end);
            for (after, limit) in [(None, 0), (Some((20, actor(44))), 1)] {
                let (_, count) = store.roster(which.0, which.1, end, after, limit).await?;
                let (_, expected) = expected(edges.iter(), which, after, limit);
                let done = format!("counted {end:?}, asking for {limit} after {after:?}");
                same(done, count, expected)?;
            }
        }
    }
    Ok(())
}

pub(super) async fn a_long_roster_is_given_whole<S: RelationStore>(store: &S) -> Verdict {
    let edges: Vec<Edge> = (0..1_200)
        .map(|from| follow(from + 2, 1, i64::try_from(from % 7).unwrap_or(0)))
        .collect();
    make_all(store, &edges).await?;
    let which = (actor(1), RelationKind::Follow, End::To);
    for limit in [999, 1_000, 1_001, 1_199, usize::MAX] {
        let (came, count) = store.roster(which.0, which.1, which.2, None, limit).await?;
        let (all, _) = expected(edges.iter(), which, None, limit);
        let done = format!("asked for {limit} of 1,200 followers");
        same(&done, (came.len(), count), (all.len(), 1_200))?;
        holds(done, came == all, "all in order", "another order")?;
    }
    Ok(())
}

pub(super) async fn walking_a_roster_meets_each_edge_once_while_others_come_and_go<
    S: RelationStore,
>(
    store: &S,
) -> Verdict {
    for (to, limit) in [(1, 1), (2, 2), (3, 5)] {
        // Every second one stays.
        let made = |from: u64| i64::try_from(from / 3).unwrap_or(0);
        let all: Vec<Edge> = (10..50).map(|from| follow(from, to, made(from))).collect();
        make_all(store, &all).await?;
        let mut go: Vec<&Edge> = all.iter().skip(1).step_by(2).collect();
        let mut met: Vec<Edge> = Vec::new();
        let mut page = 0;
        loop {
            let after = met.last().map(|edge| place(edge, End::To));
            let (edges, _) = store
                .roster(actor(to), RelationKind::Follow, End::To, after, limit)
                .await?;
            let is_last = edges.len() < limit;
            met.extend(edges);
            if is_last || page > 1_000 {
                break;
            }
            if let Some(gone) = go.pop() {
                swap(store, &[unmake(gone)]).await?;
            }
            page += 1;
            swap(store, &[make(&follow(100 + page, to, made(page % 60)))]).await?;
        }
        let done = format!("walked a roster by pages of {limit} while others came and went");
        holds(&done, page <= 1_000, "an end", "none after 1,000 pages")?;
        let place = |edge: &Edge| (Reverse(edge.made), edge.from);
        let in_order = met.is_sorted_by(|one, next| place(one) < place(next));
        holds(
            &done,
            in_order,
            "each once, in order",
            met.iter().map(place).collect::<Vec<_>>(),
        )?;
        let missed: Vec<_> = all
            .iter()
            .step_by(2)
            .filter(|edge| !met.contains(edge))
            .collect();
        holds(
            done,
            missed.is_empty(),
            "every edge that was there all along",
            missed,
        )?;
    }
    Ok(())
}
