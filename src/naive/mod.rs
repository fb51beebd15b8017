//! The contract, written down as plainly as it goes: filter everything, sort, cut.
//!
//! Nothing here knows of stores, timelines or strategies. Tests and fuzz targets compare the
//! feeds with it, answer by answer ([`drive`]), over steps that come from bytes ([`step`]).

// It is scaffolding for tests: plain words before pretty signatures.
#![allow(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap
)]

#[cfg(test)]
mod concurrent;
pub mod drive;
mod ranked;
pub mod step;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::error::ErrorKind;
use crate::feeds::Replies;

pub type Who = u8;
/// An activity's number, in the order of publishing.
pub type What = usize;
/// contract 1.3: the instant first, then the order of publishing.
pub type Place = (i64, u128);
pub type Outcome<T> = Result<T, ErrorKind>;

#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    Nothing,
    Text(u8),
    Activity(What),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    Everybody,
    Followers,
    Members(Who),
    Only(Who),
}

#[derive(Clone, Debug)]
pub struct Deed {
    pub place: Place,
    pub actor: Who,
    pub verb: u8,
    pub object: Thing,
    pub to: Vec<Who>,
    pub audience: For,
    pub reply: Option<What>,
    pub data: Option<u8>,
    pub updated: Option<i64>,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    There,
    Deleted,
    Erased,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    pub since: Option<i64>,
    pub until: Option<i64>,
    pub except: BTreeSet<u8>,
}

/// What a read asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub limit: usize,
    pub after: Option<Place>,
    pub newer_than: Option<Place>,
    pub verbs: Option<Vec<u8>>,
    pub since: Option<i64>,
    pub until: Option<i64>,
    pub replies: Replies,
}

impl Asked {
    /// A page from the top, with nothing left out.
    pub fn of(limit: usize) -> Self {
        Self {
            limit,
            after: None,
            newer_than: None,
            verbs: None,
            since: None,
            until: None,
            replies: Replies::All,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Feed {
    Home { reader: Who, own: bool },
    Outbox { stream: Who, viewer: Option<Who> },
    Streams { viewer: Who, streams: [Who; 2] },
}

/// Items with the streams they came by, whether it goes on, and the place to ask for newer ones.
pub type Shown = (Vec<(What, Vec<Who>)>, Option<Place>, Option<Place>);

type Pair = (Who, Who);
/// Counts by kind, own kinds, and how many replies.
pub type Reacted = (Vec<(u8, usize)>, Vec<u8>, usize);

#[derive(Debug, Default)]
pub struct Naive {
    pub now: i64,
    pub deeds: Vec<Deed>,
    keys: BTreeMap<(Who, u8), What>,
    follows: BTreeMap<Pair, (i64, Way)>,
    requests: BTreeMap<Pair, (i64, Way)>,
    approving: BTreeSet<Who>,
    members: BTreeMap<Pair, i64>,
    mutes: BTreeMap<Pair, Option<i64>>,
    blocks: BTreeSet<Pair>,
    reactions: BTreeSet<(What, u8, Who)>,
}

impl Naive {
    // 2. Writing

    pub fn publish(&mut self, deed: Deed, key: Option<u8>) -> Outcome<(What, bool)> {
        if !(0..1 << 48).contains(&deed.place.0) {
            return Err(ErrorKind::Invalid);
        }
        if let Some(&what) = key.and_then(|key| self.keys.get(&(deed.actor, key))) {
            return match self.deeds[what].state {
                State::There => Ok((what, false)),
                State::Deleted | State::Erased => Err(ErrorKind::Gone),
            };
        }
        if let For::Members(group) = deed.audience
            && !self.members.contains_key(&(deed.actor, group))
        {
            return Err(ErrorKind::Forbidden);
        }
        let object = match deed.object {
            Thing::Activity(what) => Some(what),
            _ => None,
        };
        for what in [deed.reply, object].into_iter().flatten() {
            if !self.sees(Some(deed.actor), what) {
                return Err(ErrorKind::NotFound);
            }
        }
        let what = self.deeds.len();
        if let Some(key) = key {
            self.keys.insert((deed.actor, key), what);
        }
        self.deeds.push(deed);
        Ok((what, true))
    }

    pub fn update(&mut self, what: What, object: Thing, data: Option<u8>) -> Outcome<()> {
        if !self.is_there(what) {
            return Err(ErrorKind::NotFound);
        }
        if let Thing::Activity(other) = object
            && !self.sees(Some(self.deeds[what].actor), other)
        {
            return Err(ErrorKind::NotFound);
        }
        let now = self.now;
        let deed = &mut self.deeds[what];
        (deed.object, deed.data, deed.updated) = (object, data, Some(now));
        Ok(())
    }

    pub fn delete(&mut self, what: What) -> Outcome<bool> {
        match self.deeds.get(what).map(|deed| deed.state) {
            Some(State::There) => {
                self.deeds[what].state = State::Deleted;
                Ok(true)
            }
            Some(State::Deleted) => Ok(false),
            Some(State::Erased) | None => Err(ErrorKind::NotFound),
        }
    }

    pub fn erase(&mut self, who: Who) -> usize {
        let touches = |pair: &Pair| pair.0 == who || pair.1 == who;
        self.follows.retain(|pair, _| !touches(pair));
        self.requests.retain(|pair, _| !touches(pair));
        self.members.retain(|pair, _| !touches(pair));
        self.mutes.retain(|pair, _| !touches(pair));
        self.blocks.retain(|pair| !touches(pair));
        self.approving.remove(&who);
        self.reactions.retain(|(_, _, by)| *by != who);
        let mut count = 0;
        for deed in self.deeds.iter_mut().filter(|deed| deed.actor == who) {
            count += usize::from(deed.state == State::There);
            deed.state = State::Erased;
        }
        count
    }

    // 3. Following

    pub fn follow(&mut self, from: Who, to: Who, way: Way) -> Outcome<(bool, bool)> {
        if from == to {
            return Err(ErrorKind::Invalid);
        }
        if self.is_apart(from, to) {
            return Err(ErrorKind::Blocked);
        }
        if self.approving.contains(&to) && !self.is_following(from, to) {
            let now = self.now;
            let changed = match self.requests.get_mut(&(from, to)) {
                Some((_, asked)) if *asked == way => false,
                Some((_, asked)) => {
                    *asked = way;
                    true
                }
                None => {
                    self.requests.insert((from, to), (now, way));
                    true
                }
            };
            return Ok((changed, true));
        }
        self.requests.remove(&(from, to));
        Ok((self.open(from, to, way), false))
    }

    /// Makes the edge so; whether it was otherwise (contract 3.1, 3.4).
    fn open(&mut self, from: Who, to: Who, way: Way) -> bool {
        let made = match self.follows.get(&(from, to)) {
            Some((_, old)) if *old == way => return false,
            Some((made, old)) if old.until.is_none() => *made,
            _ => self.now,
        };
        self.follows.insert((from, to), (made, way));
        true
    }

    pub fn unfollow(&mut self, from: Who, to: Who, keep_history: bool) -> bool {
        let withdrawn = self.requests.remove(&(from, to)).is_some();
        let now = self.now;
        let ended = if keep_history {
            match self.follows.get_mut(&(from, to)) {
                Some((_, way)) if way.until.is_none() => {
                    way.until = Some(now);
                    true
                }
                _ => false,
            }
        } else {
            self.follows.remove(&(from, to)).is_some()
        };
        withdrawn || ended
    }

    pub fn approval(&mut self, who: Who, required: bool) -> bool {
        if required {
            self.approving.insert(who)
        } else {
            self.approving.remove(&who)
        }
    }

    pub fn accept(&mut self, who: Who, follower: Who) -> Outcome<()> {
        let (_, way) = self
            .requests
            .remove(&(follower, who))
            .ok_or(ErrorKind::NotFound)?;
        self.open(follower, who, way);
        Ok(())
    }

    pub fn reject(&mut self, who: Who, follower: Who) -> Outcome<()> {
        self.requests
            .remove(&(follower, who))
            .map(|_| ())
            .ok_or(ErrorKind::NotFound)
    }

    pub fn join(&mut self, who: Who, group: Who) -> bool {
        let now = self.now;
        let known = self.members.contains_key(&(who, group));
        self.members.entry((who, group)).or_insert(now);
        !known
    }

    pub fn leave(&mut self, who: Who, group: Who) -> bool {
        self.members.remove(&(who, group)).is_some()
    }

    // 5.2, 5.3

    pub fn mute(&mut self, who: Who, other: Who, until: Option<i64>) -> Outcome<bool> {
        if who == other {
            return Err(ErrorKind::Invalid);
        }
        Ok(self.mutes.insert((who, other), until) != Some(until))
    }

    pub fn unmute(&mut self, who: Who, other: Who) -> bool {
        self.mutes.remove(&(who, other)).is_some()
    }

    pub fn block(&mut self, who: Who, other: Who) -> Outcome<bool> {
        if who == other {
            return Err(ErrorKind::Invalid);
        }
        for pair in [(who, other), (other, who)] {
            self.follows.remove(&pair);
            self.requests.remove(&pair);
        }
        Ok(self.blocks.insert((who, other)))
    }

    pub fn unblock(&mut self, who: Who, other: Who) -> bool {
        self.blocks.remove(&(who, other))
    }

    // 3.4

    /// Followers, following, requests, members: other ends newest first, with all of them counted.
    pub fn roster(&self, of: Roster, who: Who) -> Vec<(i64, Who)> {
        let follows = |edges: &BTreeMap<Pair, (i64, Way)>, to: bool| -> Vec<(i64, Who)> {
            let open = edges.iter().filter(|(_, (_, way))| way.until.is_none());
            open.filter(|(pair, _)| if to { pair.1 == who } else { pair.0 == who })
                .map(|(pair, (made, _))| (*made, if to { pair.0 } else { pair.1 }))
                .collect()
        };
        let mut ends = match of {
            Roster::Followers => follows(&self.follows, true),
            Roster::Following => follows(&self.follows, false),
            Roster::Requests => follows(&self.requests, true),
            Roster::Members => {
                let members = self.members.iter().filter(|(pair, _)| pair.1 == who);
                members.map(|(pair, made)| (*made, pair.0)).collect()
            }
        };
        ends.sort_by_key(|(made, other)| (std::cmp::Reverse(*made), *other));
        ends
    }

    /// All that is in an outbox, whoever may see it.
    pub fn outbox_count(&self, who: Who) -> usize {
        let is_of = |deed: &&Deed| deed.actor == who || deed.to.contains(&who);
        let there = |deed: &&Deed| deed.state == State::There;
        self.deeds.iter().filter(is_of).filter(there).count()
    }

    fn is_following(&self, from: Who, to: Who) -> bool {
        self.follows
            .get(&(from, to))
            .is_some_and(|(_, way)| way.until.is_none())
    }

    fn is_apart(&self, one: Who, other: Who) -> bool {
        self.blocks.contains(&(one, other)) || self.blocks.contains(&(other, one))
    }

    fn is_there(&self, what: What) -> bool {
        self.deeds
            .get(what)
            .is_some_and(|deed| deed.state == State::There)
    }

    // 4. Audience

    /// Whether it is there and visible, with everything that it leads to.
    pub fn sees(&self, viewer: Option<Who>, what: What) -> bool {
        let mut met = BTreeSet::new();
        let mut what = what;
        while met.insert(what) {
            if !self.is_there(what) || !self.sees_alone(viewer, &self.deeds[what]) {
                return false;
            }
            match self.deeds[what].object {
                Thing::Activity(next) => what = next,
                _ => break,
            }
        }
        true
    }

    fn sees_alone(&self, viewer: Option<Who>, deed: &Deed) -> bool {
        let Some(viewer) = viewer else {
            return deed.audience == For::Everybody;
        };
        if viewer == deed.actor {
            return true;
        }
        !self.is_apart(viewer, deed.actor)
            && match deed.audience {
                For::Everybody => true,
                For::Followers => self.is_following(viewer, deed.actor),
                For::Members(group) => self.members.contains_key(&(viewer, group)),
                For::Only(who) => who == viewer,
            }
    }

    // 5. Home

    pub fn read(&self, feed: Feed, asked: &Asked) -> Shown {
        let mut shown: Vec<(Place, What, Vec<Who>)> = (0..self.deeds.len())
            .filter_map(|what| {
                let deed = &self.deeds[what];
                let via = self.via(feed, what);
                (!via.is_empty() && self.passes(feed, deed, asked))
                    .then_some((deed.place, what, via))
            })
            .collect();
        shown.sort();
        let item = |(_, what, via): &(Place, What, Vec<Who>)| (*what, via.clone());
        if let Some(place) = asked.newer_than {
            shown.retain(|(at, ..)| *at > place);
            shown.truncate(asked.limit);
            shown.reverse();
            let newer = shown.first().map_or(place, |(at, ..)| *at);
            return (shown.iter().map(item).collect(), None, Some(newer));
        }
        shown.reverse();
        shown.retain(|(at, ..)| asked.after.is_none_or(|place| *at < place));
        let goes_on = shown.len() > asked.limit;
        shown.truncate(asked.limit);
        let next = shown.last().map(|(at, ..)| *at).filter(|_| goes_on);
        let newer = shown.first().map(|(at, ..)| *at);
        (shown.iter().map(item).collect(), next, newer)
    }

    fn via(&self, feed: Feed, what: What) -> Vec<Who> {
        let deed = &self.deeds[what];
        let mut streams: Vec<Who> = deed.to.clone();
        streams.push(deed.actor);
        streams.sort_unstable();
        streams.dedup();
        let viewer = match feed {
            Feed::Home { reader, .. } => Some(reader),
            Feed::Outbox { viewer, .. } => viewer,
            Feed::Streams { viewer, .. } => Some(viewer),
        };
        if !self.sees(viewer, what) {
            return vec![];
        }
        match feed {
            Feed::Home { reader, own } => {
                if deed.actor == reader && !own || self.is_muted(reader, deed, &streams) {
                    return vec![];
                }
                streams.retain(|stream| {
                    deed.actor == reader && *stream == reader || self.brings(reader, *stream, deed)
                });
                streams
            }
            Feed::Outbox { stream, .. } => {
                streams.retain(|of| *of == stream);
                streams
            }
            Feed::Streams {
                viewer,
                streams: chosen,
            } => {
                if self.is_muted(viewer, deed, &streams) {
                    return vec![];
                }
                streams.retain(|stream| chosen.contains(stream));
                streams
            }
        }
    }

    fn brings(&self, reader: Who, stream: Who, deed: &Deed) -> bool {
        self.follows.get(&(reader, stream)).is_some_and(|(_, way)| {
            way.since.is_none_or(|since| deed.place.0 >= since)
                && way.until.is_none_or(|until| deed.place.0 < until)
                && !way.except.contains(&deed.verb)
        })
    }

    fn is_muted(&self, reader: Who, deed: &Deed, streams: &[Who]) -> bool {
        let mutes = |who: Who| match self.mutes.get(&(reader, who)) {
            None => false,
            Some(until) => until.is_none_or(|until| self.now < until),
        };
        let shared = match deed.object {
            Thing::Activity(what) => Some(self.deeds[what].actor),
            _ => None,
        };
        deed.actor != reader && (streams.iter().any(|who| mutes(*who)) || shared.is_some_and(mutes))
    }

    fn passes(&self, feed: Feed, deed: &Deed, asked: &Asked) -> bool {
        let viewer = match feed {
            Feed::Home { reader, .. } => Some(reader),
            Feed::Outbox { viewer, .. } => viewer,
            Feed::Streams { viewer, .. } => Some(viewer),
        };
        let replies = match (deed.reply, asked.replies) {
            (None, _) | (_, Replies::All) => true,
            (Some(_), Replies::None) => false,
            (Some(what), Replies::Followed) => {
                let answered = self.deeds[what].actor;
                deed.actor == answered
                    || viewer.is_some_and(|who| who == answered || self.is_following(who, answered))
            }
        };
        replies
            && asked
                .verbs
                .as_ref()
                .is_none_or(|verbs| verbs.contains(&deed.verb))
            && asked.since.is_none_or(|since| deed.place.0 >= since)
            && asked.until.is_none_or(|until| deed.place.0 < until)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roster {
    Followers,
    Following,
    Requests,
    Members,
}
