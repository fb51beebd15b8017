//! Edges: compared and set, and asked for.

use super::KINDS;
use crate::conformance::asked::swap;
use crate::conformance::failure::{Verdict, answered, holds, same};
use crate::conformance::given::{
    LENGTHS, actor, edge, ended, follow, instant, make, replace, unmake,
};
use crate::conformance::leave_off::leave_off;
use crate::id::ActivityId;
use crate::relation::{Edge, EdgeKey, Follow, Relation, RelationKind};
use crate::store::{Change, RelationStore};
use crate::verb::Verb;

/// Edges of every kind and form, no two of one key.
pub(in crate::conformance) fn of_every_kind() -> Vec<Edge> {
    let no_shares = Follow::since(instant(1_600_000_000_000)).except([
        Verb::Announce,
        Verb::from("deploy"),
        Verb::Like,
    ]);
    vec![
        follow(1, 2, 10),
        edge(1, Relation::Follow(no_shares.clone()), 3, 11),
        ended(1, 4, 12),
        edge(1, Relation::Request(no_shares), 5, 13),
        edge(1, Relation::Member, 2, 14),
        edge(1, Relation::Mute { until: None }, 2, 15),
        edge(
            1,
            Relation::Mute {
                until: Some(instant(-5)),
            },
            3,
            16,
        ),
        edge(1, Relation::Block, 6, 17),
        edge(1, Relation::Approval, 1, 18),
        follow(2, 1, -1),
        edge(6, Relation::Block, 1, 0),
        edge(u64::MAX, Relation::Member, 1, 253_402_300_799_999),
    ]
}

async fn edges<S: RelationStore>(store: &S, of: &[Edge]) -> Verdict<Vec<Option<Edge>>> {
    let keys: Vec<EdgeKey> = of.iter().map(Edge::key).collect();
    Ok(store.edges(&keys).await?)
}

pub(super) async fn a_swap_makes_all_edges_or_none<S: RelationStore>(store: &S) -> Verdict {
    let there = [follow(1, 2, 10), follow(2, 1, 11)];
    swap(store, &there.each_ref().map(make)).await?;
    let block = edge(1, Relation::Block, 2, 20);
    let absent = follow(3, 1, 12);
    let right = [make(&block), unmake(&there[0]), unmake(&there[1])];
    // Wrong in the first, the middle and the last place.
    for at in 0..=right.len() {
        let mut changes = right.to_vec();
        changes.insert(at, unmake(&absent));
        let done = format!("swapped four edges, of which number {at} is not there as expected");
        same(&done, store.swap(&changes).await?, false)?;
        let came = edges(store, &[block.clone(), there[0].clone(), there[1].clone()]).await?;
        let expected = [None, Some(there[0].clone()), Some(there[1].clone())];
        same(format!("{done}: the edges"), came, expected)?;
        let relations = store.relations(actor(1)).await?;
        let is_apart = relations.is_apart_from(actor(2));
        same(
            format!("{done}: the snapshot has the block"),
            is_apart,
            false,
        )?;
    }
    swap(store, &right).await?;
    let came = edges(store, &[block.clone(), there[0].clone(), there[1].clone()]).await?;
    same(
        "swapped three edges as they were",
        came,
        [Some(block), None, None],
    )
}

pub(super) async fn a_swap_compares_the_whole_edge<S: RelationStore>(store: &S) -> Verdict {
    let until = Relation::Mute {
        until: Some(instant(5)),
    };
    let unlike: Vec<(Edge, Vec<Edge>)> = vec![
        (
            follow(1, 2, 10),
            vec![
                follow(1, 2, 11),
                ended(1, 2, 10),
                edge(
                    1,
                    Relation::Follow(Follow::everything().except([Verb::Like])),
                    2,
                    10,
                ),
                edge(1, Relation::Follow(Follow::since(instant(1))), 2, 10),
            ],
        ),
        (
            edge(1, until, 2, 10),
            vec![
                edge(1, Relation::Mute { until: None }, 2, 10),
                edge(
                    1,
                    Relation::Mute {
                        until: Some(instant(6)),
                    },
                    2,
                    10,
                ),
            ],
        ),
    ];
    for (there, others) in unlike {
        swap(store, &[make(&there)]).await?;
        for other in others {
            let done = format!("expected {other:?} where there is {there:?}");
            same(&done, store.swap(&[unmake(&other)]).await?, false)?;
            same(done, edges(store, &[other]).await?, [Some(there.clone())])?;
        }
        let done = format!("expected nothing where there is {there:?}");
        same(done, store.swap(&[make(&there)]).await?, false)?;
    }
    Ok(())
}

pub(super) async fn a_change_that_only_looks_compares_and_changes_nothing<S: RelationStore>(
    store: &S,
) -> Verdict {
    let (there, block) = (follow(1, 2, 10), edge(2, Relation::Block, 1, 11));
    swap(store, &[make(&there)]).await?;
    let look_at = |was: Option<&Edge>, of: &Edge| Change {
        key: of.key(),
        was: was.cloned(),
        now: was.cloned(),
    };
    let member = edge(1, Relation::Member, 3, 12);
    for (look, expected) in [
        (look_at(None, &block), true),
        (look_at(Some(&there), &there), true),
        (look_at(Some(&block), &block), false),
        (look_at(None, &there), false),
        (look_at(Some(&follow(1, 2, 9)), &there), false),
    ] {
        let done = format!("looked at an edge, and made another one: {look:?}");
        let changes = [make(&member), look];
        same(&done, store.swap(&changes).await?, expected)?;
        let came = edges(store, &[member.clone(), there.clone(), block.clone()]).await?;
        let made = Some(member.clone()).filter(|_| expected);
        same(done, came, [made, Some(there.clone()), None])?;
        if expected {
            swap(store, &[unmake(&member)]).await?;
        }
    }
    Ok(())
}

pub(super) async fn a_repeated_swap_answers_false<S: RelationStore>(store: &S) -> Verdict {
    let (one, other) = (follow(1, 2, 10), follow(1, 2, 20));
    for change in [make(&one), replace(&one, &other), unmake(&other)] {
        swap(store, std::slice::from_ref(&change)).await?;
        let done = format!("repeated a swap that happened: {change:?}");
        let again = store.swap(std::slice::from_ref(&change)).await?;
        same(&done, again, false)?;
        let came = store.edges(&[change.key]).await?;
        same(done, came, [change.now])?;
    }
    Ok(())
}

pub(super) async fn a_swap_takes_any_number_of_changes<S: RelationStore>(store: &S) -> Verdict {
    same("swapped nothing", store.swap(&[]).await?, true)?;
    let edges: Vec<Edge> = (2..1_302).map(|to| follow(1, to, 10)).collect();
    let changes: Vec<Change> = edges.iter().map(make).collect();
    swap(store, &changes).await?;
    let relations = store.relations(actor(1)).await?;
    same(
        "made 1,300 follows at once",
        relations.followed().count(),
        1_300,
    )?;
    let mut changes: Vec<Change> = edges.iter().map(unmake).collect();
    changes.push(unmake(&follow(1, 5_000, 10)));
    let done = "unmade 1,300 follows at once, and one that is not there";
    same(done, store.swap(&changes).await?, false)?;
    let relations = store.relations(actor(1)).await?;
    same(done, relations.followed().count(), 1_300)
}

pub(super) async fn a_swap_left_off_has_happened_or_not<S: RelationStore>(store: &S) -> Verdict {
    for polls in 0..6 {
        let from = u64::from(polls) + 10;
        let old = follow(from, 2, 10);
        let block = edge(2, Relation::Block, from, 20);
        swap(store, &[make(&old)]).await?;
        let changes = [make(&block), unmake(&old)];
        let done =
            format!("dropped, after {polls} polls, a swap that makes a block in place of a follow");
        let answer = leave_off(polls, store.swap(&changes)).await;
        let came = edges(store, &[block.clone(), old.clone()]).await?;
        let before = [None, Some(old.clone())];
        let after = [Some(block.clone()), None];
        holds(
            &done,
            came == before || came == after,
            "one of the two",
            &came,
        )?;
        if answer.is_some() {
            same(&done, &came, &after.to_vec())?;
        }
        // It may still be under way: whichever comes first, the other one answers `false`.
        store.swap(&changes).await?;
        let came = edges(store, &[block, old]).await?;
        same(format!("{done}, and repeated it"), came, after)?;
        let relations = store.relations(actor(from)).await?;
        let sees = (
            relations.is_following(actor(2)),
            relations.is_apart_from(actor(2)),
        );
        same(format!("{done}: the snapshot"), sees, (false, true))?;
    }
    Ok(())
}

pub(super) async fn edges_are_answered_in_order_with_none_for_what_is_absent<S: RelationStore>(
    store: &S,
) -> Verdict {
    let there = of_every_kind();
    swap(store, &there.iter().map(make).collect::<Vec<_>>()).await?;
    let mut keys = Vec::new();
    for (from, to) in [(1, 2), (2, 1), (9, 1), (1, 6), (1, 2), (1, 1), (6, 1)] {
        keys.extend(KINDS.map(|kind| EdgeKey::new(actor(from), kind, actor(to))));
    }
    let expected: Vec<Option<Edge>> = keys
        .iter()
        .map(|key| there.iter().find(|edge| edge.key() == *key).cloned())
        .collect();
    same(
        "asked for edges of every kind in both directions, some twice",
        store.edges(&keys).await?,
        expected,
    )
}

pub(super) async fn edges_takes_batches_of_any_length<S: RelationStore>(store: &S) -> Verdict {
    swap(store, &[make(&follow(1, 7, 10))]).await?;
    for length in LENGTHS {
        let keys: Vec<EdgeKey> = (0..length as u64)
            .map(|to| EdgeKey::new(actor(1), RelationKind::Follow, actor(to)))
            .collect();
        let done = format!("asked for {length} edges at once (answers, and which is there)");
        let came = answered(&done, store.edges(&keys).await)?;
        let found = came.iter().position(Option::is_some);
        let expected = (keys.len(), (length > 7).then_some(7));
        same(done, (came.len(), found), expected)?;
    }
    Ok(())
}

pub(super) async fn edges_keep_everything_they_hold<S: RelationStore>(store: &S) -> Verdict {
    let mut far = Follow::everything();
    far.interval.since = ActivityId::MAX;
    far.interval.until = Some(ActivityId::MIN);
    let mut all = of_every_kind();
    all.push(edge(70, Relation::Follow(far), 71, 1));
    for edge in &all {
        swap(store, &[make(edge)]).await?;
    }
    for edge in all {
        let came = edges(store, std::slice::from_ref(&edge)).await?;
        same("made an edge and asked for it", came, [Some(edge)])?;
    }
    Ok(())
}
