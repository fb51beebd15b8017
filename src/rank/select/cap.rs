//! Few of a kind in a row.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use serde::{Deserialize, Serialize};

use crate::activity::Activity;
use crate::hash::Keyed;
use crate::id::{ActivityId, ActorId};
use crate::object::Reference;
use crate::rank::{Candidates, Context, Placed, Selector};
use crate::verb::Verb;

/// At most `most` items of a kind in any `of` places in a row.
///
/// Each place is taken by the first of what is left that does not break the rule there. So what breaks it waits, and comes
/// as soon as it may; among themselves those of a kind keep their order, and an order that keeps the rule is left
/// alone. Nothing is dropped: from the first place on that nobody may take, what is left follows in its order, since there
/// is not enough of anything else to keep the kinds apart. Up to there the rule holds in every window.
///
/// With an `of` beyond all candidates it is a rule for the whole order: the first `most` of each kind, then the rest. With
/// `most` of at least `of`, or one of them 0, there is nothing to arrange.
///
/// The rule is this crate's. It needs no tie-break: places are distinct. O(*n* log *n*), and some 60 bytes a candidate.
///
/// ```
/// use anabranch::rank::{Ranking, select::{By, Cap}};
///
/// let ranking = Ranking::new("mixed").select("one a person in three", Cap { by: By::Actor, most: 1, of: 3 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// What makes two items of a kind.
    pub by: By,
    /// How many of a kind there may be.
    pub most: usize,
    /// In how many places in a row.
    pub of: usize,
}

/// What makes two items of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum By {
    /// The same actor did both.
    Actor,
    /// Both have the same object: the same text to the letter, or the same activity. What has no object, or one that
    /// points nowhere, is like nothing else.
    Object,
    /// Both are of one conversation: replies are of a kind with what they answer, and so on up to the first that answers
    /// nothing, or whose answered activity is not among the candidates; that one counts by its id.
    Conversation,
    /// Both show the same activity: itself, or an [`Announce`](Verb::Announce) of it. A share of a share is of a kind with
    /// the share that it names.
    Root,
}

/// What items of a kind have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind<'a> {
    Actor(ActorId),
    Activity(ActivityId),
    Text(&'a str),
}

impl By {
    pub(super) fn kind(self, of: &Activity) -> Option<Kind<'_>> {
        match self {
            Self::Actor => Some(Kind::Actor(of.actor)),
            Self::Object => match of.object.as_ref()?.reference.as_ref()? {
                Reference::Text(text) => Some(Kind::Text(text)),
                Reference::Activity(id) => Some(Kind::Activity(*id)),
            },
            Self::Conversation => {
                let answered = of.in_reply_to.map(|answered| answered.activity);
                Some(Kind::Activity(answered.unwrap_or(of.id)))
            }
            Self::Root => {
                let announced = of.shared().filter(|_| of.verb == Verb::Announce);
                Some(Kind::Activity(announced.unwrap_or(of.id)))
            }
        }
    }
}

/// Those of a kind.
#[derive(Clone, Copy)]
struct Queue {
    /// The place before of the first that is left.
    first: Option<usize>,
    /// How many stand in the last places.
    in_sight: usize,
}

/// An item that waits for a place.
struct Waiting {
    placed: Placed,
    kind: usize,
    /// Where the next of its kind stood.
    next: Option<usize>,
    is_placed: bool,
}

impl Selector for Cap {
    fn select(&self, candidates: &Candidates, _: &Context, order: &mut Vec<Placed>) {
        let most = self.most;
        if most == 0 || most >= self.of || order.len() <= most {
            return;
        }
        let (mut queues, mut waiting) = self.queues(candidates, order);
        // Of each kind that may take the next place, the first that is left.
        let firsts = queues.iter().filter_map(|queue| queue.first);
        let mut may_come: BinaryHeap<Reverse<usize>> = firsts.map(Reverse).collect();
        // Which kinds stand in the places so far.
        let mut kinds = Vec::with_capacity(order.len());
        order.clear();
        loop {
            let left = kinds.len().checked_sub(self.of);
            let left: Option<usize> = left.and_then(|place| kinds.get(place).copied());
            if let Some(queue) = left.and_then(|kind| queues.get_mut(kind)) {
                if queue.in_sight == most {
                    may_come.extend(queue.first.map(Reverse));
                }
                queue.in_sight -= 1;
            }
            let Some(Reverse(from)) = may_come.pop() else {
                break;
            };
            let Some(item) = waiting.get_mut(from) else {
                break;
            };
            item.is_placed = true;
            order.push(item.placed);
            kinds.push(item.kind);
            if let Some(queue) = queues.get_mut(item.kind) {
                queue.first = item.next;
                queue.in_sight += 1;
                if queue.in_sight < most {
                    may_come.extend(queue.first.map(Reverse));
                }
            }
        }
        let rest = waiting.iter().filter(|item| !item.is_placed);
        order.extend(rest.map(|item| item.placed));
    }
}

/// Which activity each reply among the candidates answers.
struct Conversations(HashMap<ActivityId, ActivityId, Keyed>);

impl Conversations {
    fn of(candidates: &Candidates) -> Self {
        let items = candidates.items().iter();
        let answers = items.filter_map(|item| {
            let answered = item.activity.in_reply_to?.activity;
            Some((item.activity.id, answered))
        });
        Self(answers.collect())
    }

    /// Where the conversation begins, as far as the candidates tell.
    fn beginning(&self, id: ActivityId) -> ActivityId {
        let answered = |id: &ActivityId| self.0.get(id).copied();
        let all = std::iter::successors(Some(id), answered);
        // None answers what came later, but what is stored may say so.
        all.take(self.0.len() + 1).last().unwrap_or(id)
    }
}

impl Cap {
    fn queues(&self, candidates: &Candidates, order: &[Placed]) -> (Vec<Queue>, Vec<Waiting>) {
        let mut numbers: HashMap<Kind<'_>, usize, Keyed> = HashMap::default();
        let mut queues: Vec<Queue> = Vec::new();
        let mut waiting = Vec::with_capacity(order.len());
        let conversations = match self.by {
            By::Conversation => Some(Conversations::of(candidates)),
            _ => None,
        };
        // From the last one up, so that each knows the next of its kind.
        for (from, placed) in order.iter().enumerate().rev() {
            let activity = candidates.activity(placed.row);
            let kind = activity.and_then(|activity| match &conversations {
                Some(conversations) => Some(Kind::Activity(conversations.beginning(activity.id))),
                None => self.by.kind(activity),
            });
            let new = queues.len();
            let number = kind.map_or(new, |kind| *numbers.entry(kind).or_insert(new));
            if number == new {
                queues.push(Queue {
                    first: None,
                    in_sight: 0,
                });
            }
            let first = queues.get_mut(number).map(|queue| &mut queue.first);
            waiting.push(Waiting {
                placed: *placed,
                kind: number,
                next: first.and_then(|first| first.replace(from)),
                is_placed: false,
            });
        }
        waiting.reverse();
        (queues, waiting)
    }
}
