//! How like two candidates are.

use super::cap::By;
use crate::activity::Activity;
use crate::id::ActorId;
use crate::rank::Candidates;

const SAME_ACTOR: f64 = 0.4;
const SAME_STREAMS: f64 = 0.3;
const SAME_SORT: f64 = 0.2;
/// Of long lists of streams that many are looked at.
const STREAMS: usize = 8;

/// How like the candidates of two rows are, from 0 to 1, by what activities are made of.
///
/// It is 1 where both show the same activity ([`By::Root`]) or have the same object ([`By::Object`]). Otherwise these add
/// up: 0.4 if the same actor did both; 0.3 times the part of the streams in `to` that both have (twice those in common over
/// those of both, Dice's coefficient, of the first eight of each); 0.2 if verb and first type of the object are the
/// same. Two of one actor in one group are thus 0.9, and two notes of strangers 0.2.
///
/// The weights are this crate's, and a guess: hosts that know of topics or texts know better. Symmetric. O(1) besides
/// comparing texts. 0 for a row that there is not.
///
/// ```
/// use anabranch::rank::{Candidates, select::by_default};
///
/// assert_eq!(by_default(&Candidates::default(), 0, 1), 0.0);
/// ```
#[must_use]
pub fn by_default(candidates: &Candidates, one: usize, other: usize) -> f64 {
    match (candidates.activity(one), candidates.activity(other)) {
        (Some(one), Some(other)) => similarity(one, other),
        _ => 0.0,
    }
}

fn similarity(one: &Activity, other: &Activity) -> f64 {
    let object = By::Object.kind(one);
    if By::Root.kind(one) == By::Root.kind(other)
        || (object.is_some() && object == By::Object.kind(other))
    {
        return 1.0;
    }
    let actor = if one.actor == other.actor {
        SAME_ACTOR
    } else {
        0.0
    };
    let sort = if one.verb == other.verb && first_type(one) == first_type(other) {
        SAME_SORT
    } else {
        0.0
    };
    actor + sort + SAME_STREAMS * overlap(&one.to, &other.to)
}

fn first_type(of: &Activity) -> Option<&str> {
    of.object.as_ref()?.object_types().next()
}

fn overlap(one: &[ActorId], other: &[ActorId]) -> f64 {
    let first = |streams: &'_ [ActorId]| streams.len().min(STREAMS);
    let (one, other) = (
        one.get(..first(one)).unwrap_or(one),
        other.get(..first(other)).unwrap_or(other),
    );
    let within = |streams: &[ActorId], all: &[ActorId]| {
        let common = streams.iter().filter(|stream| all.contains(stream));
        common.count()
    };
    let common = within(one, other) + within(other, one);
    super::float(common) / super::float((one.len() + other.len()).max(1))
}
