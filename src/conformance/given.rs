//! Actors, activities, edges and lists to try things with.

use chrono::{DateTime, Utc};

use crate::activity::Activity;
use crate::audience::Audience;
use crate::entry::{Entry, Interval, Order, Range};
use crate::id::{ActivityId, ActorId, Ids};
use crate::relation::{Edge, Follow, Relation};
use crate::store::{Change, List};
use crate::verb::Verb;

/// The longest batch: longer than one statement of a database takes, and not longer than what somebody follows.
pub(super) const LONG: usize = 70_000;
/// Batches that somebody cuts, or that somebody cannot take.
pub(super) const LENGTHS: [usize; 8] = [0, 1, 2, 999, 1_000, 1_001, 1_500, LONG];

/// An instant that could be today.
pub(super) const START: u64 = 1_700_000_000_000;

pub(super) fn actor(number: u64) -> ActorId {
    ActorId::from(number)
}

pub(super) fn outbox(number: u64) -> List {
    List::Outbox(actor(number))
}

pub(super) fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// So many ids, in ascending order: some of one millisecond, some not.
pub(super) fn ids(count: u64) -> Vec<ActivityId> {
    let ids = Ids::new(1);
    (0..count).map(|at| ids.make(START + at / 3)).collect()
}

/// A plain activity.
pub(super) fn activity(id: ActivityId, by: u64) -> Activity {
    Activity {
        id,
        actor: actor(by),
        verb: Verb::default(),
        object: None,
        to: Vec::new(),
        audience: Audience::default(),
        notify: Vec::new(),
        in_reply_to: None,
        key: None,
        updated: None,
        data: None,
    }
}

pub(super) fn keyed(id: ActivityId, by: u64, key: &str) -> Activity {
    Activity {
        key: Some(key.into()),
        ..activity(id, by)
    }
}

pub(super) fn edge(from: u64, relation: Relation, to: u64, made: i64) -> Edge {
    Edge {
        from: actor(from),
        to: actor(to),
        made: instant(made),
        relation,
    }
}

pub(super) fn follow(from: u64, to: u64, made: i64) -> Edge {
    edge(from, Relation::Follow(Follow::everything()), to, made)
}

/// A follow that has ended, and keeps its history.
pub(super) fn ended(from: u64, to: u64, made: i64) -> Edge {
    let mut way = Follow::everything();
    way.interval.until = Some(ActivityId::first_at(instant(made)));
    edge(from, Relation::Follow(way), to, made)
}

/// Makes an edge that is not there.
pub(super) fn make(edge: &Edge) -> Change {
    Change {
        key: edge.key(),
        was: None,
        now: Some(edge.clone()),
    }
}

/// Removes an edge that is there.
pub(super) fn unmake(edge: &Edge) -> Change {
    Change {
        key: edge.key(),
        was: Some(edge.clone()),
        now: None,
    }
}

pub(super) fn replace(was: &Edge, now: &Edge) -> Change {
    Change {
        key: was.key(),
        was: Some(was.clone()),
        now: Some(now.clone()),
    }
}

pub(super) const fn range(since: ActivityId, until: Option<ActivityId>, order: Order) -> Range {
    Range {
        interval: Interval { since, until },
        order,
    }
}

pub(super) const UPWARDS: Range = range(ActivityId::MIN, None, Order::OldestFirst);
pub(super) const DOWNWARDS: Range = Range::NEWEST_FIRST;

pub(super) fn ids_of(entries: &[Entry]) -> Vec<ActivityId> {
    entries.iter().map(|entry| entry.id).collect()
}

/// What a range gives of these ids.
pub(super) fn within(
    ids: impl IntoIterator<Item = ActivityId>,
    range: Range,
    limit: usize,
) -> Vec<ActivityId> {
    let mut inside: Vec<_> = ids
        .into_iter()
        .filter(|id| range.interval.holds(*id))
        .collect();
    inside.sort_unstable();
    if range.order == Order::NewestFirst {
        inside.reverse();
    }
    inside.truncate(limit);
    inside
}
