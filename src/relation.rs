//! Who relates to whom.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::entry::Interval;
use crate::id::{ActivityId, ActorId};
use crate::verb::Verb;

/// What a follower takes from whom it follows: an interval of places, and all verbs but some
/// (contract 3.1).
///
/// ```
/// use anabranch::{Follow, Verb};
///
/// let no_shares = Follow::everything().except([Verb::Announce]);
/// let from_2024 = Follow::since("2024-01-01T00:00:00Z".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    /// Which activities come by the edge. While `until` is open, so is the edge.
    pub interval: Interval,
    /// The verbs left out, in order, each once.
    #[serde(default, skip_serializing_if = "SmallVec::is_empty")]
    except: SmallVec<[Verb; 1]>,
}

/// What nearly every follow takes; kept once, so that no snapshot needs a copy for each edge.
static EVERYTHING: Follow = Follow {
    interval: Interval::ALL,
    except: SmallVec::new_const(),
};

impl Follow {
    /// All activities, past and future.
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// Whether it leaves nothing out: no place and no verb.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == EVERYTHING
    }

    /// What is published at `instant` or later.
    #[must_use]
    pub fn since(instant: DateTime<Utc>) -> Self {
        Self {
            interval: Interval {
                since: ActivityId::first_at(instant),
                until: None,
            },
            except: SmallVec::new(),
        }
    }

    /// The same, without activities of these verbs.
    #[must_use]
    pub fn except(mut self, verbs: impl IntoIterator<Item = Verb>) -> Self {
        self.except = verbs.into_iter().collect();
        self.except.sort_unstable();
        self.except.dedup();
        self
    }

    /// The verbs left out, in the order of their words.
    #[must_use]
    pub fn left_out(&self) -> &[Verb] {
        &self.except
    }

    /// Whether the edge is open: only then does it count as following.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.interval.until.is_none()
    }

    /// Whether an activity of that place and verb comes by the edge.
    #[must_use]
    pub fn brings(&self, id: ActivityId, verb: &Verb) -> bool {
        self.interval.holds(id) && !self.except.contains(verb)
    }
}

/// What one actor is to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Relation {
    /// It follows the other.
    Follow(Follow),
    /// It asks to follow the other, in this way (contract 3.6).
    Request(Follow),
    /// It is a member of the other, a group (contract 3.5).
    Member,
    /// It does not want to see the other, for good or until an instant (contract 5.2).
    Mute {
        /// The first instant at which the mute hides nothing any more.
        until: Option<DateTime<Utc>>,
    },
    /// It has nothing to do with the other (contract 5.3).
    Block,
    /// It approves its followers; both ends are the same actor (contract 3.6).
    Approval,
}

/// The kinds of [`Relation`], without what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RelationKind {
    /// [`Relation::Follow`]
    Follow,
    /// [`Relation::Request`]
    Request,
    /// [`Relation::Member`]
    Member,
    /// [`Relation::Mute`]
    Mute,
    /// [`Relation::Block`]
    Block,
    /// [`Relation::Approval`]
    Approval,
}

impl Relation {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> RelationKind {
        match self {
            Self::Follow(_) => RelationKind::Follow,
            Self::Request(_) => RelationKind::Request,
            Self::Member => RelationKind::Member,
            Self::Mute { .. } => RelationKind::Mute,
            Self::Block => RelationKind::Block,
            Self::Approval => RelationKind::Approval,
        }
    }

    /// Whether rosters list it: all but a follow whose interval has ended (contract 3.4).
    #[must_use]
    pub fn is_listed(&self) -> bool {
        match self {
            Self::Follow(follow) => follow.is_open(),
            _ => true,
        }
    }
}

/// Which edge: at most one of a kind leads from one actor to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EdgeKey {
    /// Who follows, mutes, blocks, belongs.
    pub from: ActorId,
    /// What it is to the other.
    pub kind: RelationKind,
    /// The other.
    pub to: ActorId,
}

impl EdgeKey {
    /// The edge of this kind from one actor to another.
    #[must_use]
    pub const fn new(from: ActorId, kind: RelationKind, to: ActorId) -> Self {
        Self { from, kind, to }
    }
}

/// A relation between two actors, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// Who follows, mutes, blocks, belongs.
    pub from: ActorId,
    /// The other.
    pub to: ActorId,
    /// The instant at which it was made, to the millisecond. Changing what a follow brings
    /// keeps it; opening a follow again does not.
    pub made: DateTime<Utc>,
    /// What it is.
    pub relation: Relation,
}

impl Edge {
    /// Which edge it is.
    #[must_use]
    pub const fn key(&self) -> EdgeKey {
        EdgeKey {
            from: self.from,
            kind: self.relation.kind(),
            to: self.to,
        }
    }
}

/// Everything that decides what one actor sees: a snapshot, taken at one moment.
///
/// Each list is in ascending order of the ids of the other actors, so that looking one up
/// takes O(log n). A follow of everything costs 16 bytes in it, and any other some 100.
///
/// ```
/// use anabranch::{ActorId, Edge, Follow, Relation, Relations};
///
/// let [reader, anna, ben] = [1, 2, 3].map(ActorId::from);
/// let since = "2024-01-01T00:00:00Z".parse()?;
/// let follow = |to, what| Edge { from: reader, to, made: since, relation: Relation::Follow(what) };
/// let edges = [follow(ben, Follow::everything()), follow(anna, Follow::since(since))];
/// let relations = Relations::of(reader, &edges, []);
/// assert_eq!((relations.wholly.as_slice(), relations.partly.len()), (&[ben][..], 1));
/// assert_eq!(relations.followed().collect::<Vec<_>>(), [anna, ben]);
/// assert_eq!(relations.follow(anna), Some(&Follow::since(since)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relations {
    /// Whose they are.
    pub actor: ActorId,
    /// Whom it follows in everything they do ([`Follow::is_everything`]).
    pub wholly: Vec<ActorId>,
    /// Whom it follows with an interval or without some verbs or, with an interval that has ended,
    /// followed. None of them is followed wholly.
    pub partly: Vec<(ActorId, Follow)>,
    /// The groups that it is a member of.
    pub groups: Vec<ActorId>,
    /// Whom it mutes, and until when. A mute that has ended hides nothing.
    pub mutes: Vec<(ActorId, Option<DateTime<Utc>>)>,
    /// Whom it blocks.
    pub blocks: Vec<ActorId>,
    /// Who blocks it.
    pub blocked_by: Vec<ActorId>,
}

impl Relations {
    /// Those of an actor who has none.
    #[must_use]
    pub const fn none(actor: ActorId) -> Self {
        Self {
            actor,
            wholly: Vec::new(),
            partly: Vec::new(),
            groups: Vec::new(),
            mutes: Vec::new(),
            blocks: Vec::new(),
            blocked_by: Vec::new(),
        }
    }

    /// Those that these edges make, which lead from the actor, in any order; and who blocks it.
    /// For stores.
    #[must_use]
    pub fn of<'a>(
        actor: ActorId,
        edges: impl IntoIterator<Item = &'a Edge>,
        blocked_by: impl IntoIterator<Item = ActorId>,
    ) -> Self {
        let mut relations = Self::none(actor);
        for edge in edges {
            relations.add(edge.to, &edge.relation);
        }
        relations.blocked_by.extend(blocked_by);
        relations.in_order()
    }

    /// Takes in what the actor is to another, at the end.
    pub(crate) fn add(&mut self, to: ActorId, relation: &Relation) {
        match relation {
            Relation::Follow(follow) if follow.is_everything() => self.wholly.push(to),
            Relation::Follow(follow) => self.partly.push((to, follow.clone())),
            Relation::Member => self.groups.push(to),
            Relation::Mute { until } => self.mutes.push((to, *until)),
            Relation::Block => self.blocks.push(to),
            Relation::Request(_) | Relation::Approval => {}
        }
    }

    /// The same, each list in order.
    pub(crate) fn in_order(mut self) -> Self {
        self.wholly.sort_unstable();
        self.partly.sort_unstable_by_key(|(to, _)| *to);
        self.mutes.sort_unstable_by_key(|(to, _)| *to);
        self.groups.sort_unstable();
        self.blocks.sort_unstable();
        self.blocked_by.sort_unstable();
        self
    }

    /// What it takes from `stream`, if there is an edge, open or ended.
    #[must_use]
    pub fn follow(&self, stream: ActorId) -> Option<&Follow> {
        if self.wholly.binary_search(&stream).is_ok() {
            return Some(&EVERYTHING);
        }
        let at = self
            .partly
            .binary_search_by_key(&stream, |(to, _)| *to)
            .ok()?;
        self.partly.get(at).map(|(_, follow)| follow)
    }

    /// Whether it follows `stream` at present: the edge is open.
    #[must_use]
    pub fn is_following(&self, stream: ActorId) -> bool {
        self.follow(stream).is_some_and(Follow::is_open)
    }

    /// All streams from which an edge, open or ended, can bring something: wholly or partly,
    /// in ascending order.
    pub fn followed(&self) -> impl Iterator<Item = ActorId> + '_ {
        let mut wholly = self.wholly.iter().copied().peekable();
        let mut partly = self.partly.iter().map(|(to, _)| *to).peekable();
        std::iter::from_fn(move || match (wholly.peek(), partly.peek()) {
            (Some(whole), Some(part)) if part < whole => partly.next(),
            (Some(_), _) => wholly.next(),
            (None, _) => partly.next(),
        })
    }

    /// Whether it is a member of `group`.
    #[must_use]
    pub fn is_member(&self, group: ActorId) -> bool {
        self.groups.binary_search(&group).is_ok()
    }

    /// Whether it mutes `stream` at the instant `now`.
    #[must_use]
    pub fn is_muting(&self, stream: ActorId, now: DateTime<Utc>) -> bool {
        self.mutes
            .binary_search_by_key(&stream, |(to, _)| *to)
            .ok()
            .and_then(|at| self.mutes.get(at))
            .is_some_and(|(_, until)| until.is_none_or(|until| now < until))
    }

    /// Whether a block stands between it and `other`, in either direction.
    #[must_use]
    pub fn is_apart_from(&self, other: ActorId) -> bool {
        self.blocks.binary_search(&other).is_ok() || self.blocked_by.binary_search(&other).is_ok()
    }
}
