//! Candidates that are made up.

use std::sync::Arc;

use proptest::prelude::*;

use crate::activity::{Activity, InReplyTo};
use crate::audience::Audience;
use crate::id::{ActorId, Ids};
use crate::object::Object;
use crate::page::Item;
use crate::rank::{Candidates, Context, Placed};
use crate::verb::Verb;

pub(in crate::rank) fn context() -> Context {
    Context::new(ActorId::from(1), Default::default()).seed(7)
}

/// An activity in short: who, and which kind of object.
pub(in crate::rank) type Short = (u64, usize);

/// Newest first, as candidates are; with row 0 the newest.
pub(in crate::rank) fn candidates(shorts: &[Short]) -> Candidates {
    let ids = Ids::new(1);
    // A few of each millisecond.
    let mut made: Vec<_> = (0..shorts.len())
        .map(|number| ids.make(1_700_000_000_000 + number as u64 / 3))
        .collect();
    made.reverse();
    let items = shorts.iter().enumerate().map(|(row, (actor, kind))| {
        let other = made[(row + kind) % made.len()];
        let (verb, object) = match kind {
            0 => (Verb::Create, None),
            1 => (
                Verb::Create,
                Some(Object::default().property("type", "Note")),
            ),
            2 | 3 => (Verb::Add, Some(Object::from(["one", "two"][kind - 2]))),
            4..=6 => (Verb::Announce, Some(Object::from(other))),
            _ => (Verb::Like, Some(Object::from(other))),
        };
        let to = (0..*kind as u64).map(|stream| ActorId::from(100 + (actor + stream) % 5));
        let activity = Activity {
            id: made[row],
            actor: ActorId::from(*actor),
            verb,
            object,
            to: to.collect(),
            audience: Audience::Public,
            notify: Vec::new(),
            // Some answer one that is older.
            in_reply_to: (kind % 3 == 1 && row + kind < made.len()).then_some(InReplyTo {
                activity: other,
                actor: ActorId::from(1),
            }),
            key: None,
            updated: None,
            data: None,
        };
        Item {
            activity: Arc::new(activity),
            via: Vec::new(),
        }
    });
    Candidates::new(items.collect())
}

/// One after the other, worse and worse.
pub(in crate::rank) fn in_order(rows: usize) -> Vec<Placed> {
    let placed = |row| Placed::new(row, (rows - row) as f64);
    (0..rows).map(placed).collect()
}

/// Numbers that meet often, and what is none.
pub(in crate::rank) fn score() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-4..6_i32).prop_map(f64::from),
        2 => any::<f64>(),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MAX, f64::MIN, 5e-324]),
    ]
}

/// Candidates.
pub(in crate::rank) fn some() -> impl Strategy<Value = Candidates> {
    prop::collection::vec((0..5_u64, 0..9_usize), 0..24).prop_map(|shorts| candidates(&shorts))
}

/// Candidates, and rows in any order, with some that are not there and some twice.
pub(in crate::rank) fn set() -> impl Strategy<Value = (Candidates, Vec<Placed>)> {
    let placed = (0..28_usize, score()).prop_map(|(row, score)| Placed::new(row, score));
    (some(), prop::collection::vec(placed, 0..30))
}

/// Candidates, and an order of some of them, each once.
pub(in crate::rank) fn proper() -> impl Strategy<Value = (Candidates, Vec<Placed>)> {
    let scores = prop::collection::vec((score(), any::<u16>(), any::<bool>()), 24);
    (some(), scores).prop_map(|(candidates, scores)| {
        let mut order: Vec<_> = scores
            .into_iter()
            .take(candidates.len())
            .enumerate()
            .collect();
        order.retain(|(row, (.., keep))| *keep || row % 2 == 0);
        order.sort_by_key(|(_, (_, key, _))| *key);
        let placed = order
            .into_iter()
            .map(|(row, (score, ..))| Placed::new(row, score));
        let placed = placed.collect();
        (candidates, placed)
    })
}
