//! Does the same steps with the naive model and with feeds, and compares every answer.

mod deeds;
#[cfg(all(test, feature = "disk"))]
mod disks;
mod feeds;
mod ranked;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use self::deeds::content_of;
use super::step::{Aim, BYTES, From, Step};
use super::{Asked, Naive, Outcome, Place, Thing, Way, What, Who};
use crate::activity::Revision;
use crate::clock::ManualClock;
use crate::cursor::Cursor;
use crate::fanout::{Adaptive, AllPull, AllPush, Hybrid, Strategy};
use crate::feeds::Feeds;
use crate::id::{ActivityId, ActorId, Ids};
use crate::rank::{RankedCursor, Ranking};
use crate::relation::Follow;
use crate::store::{AnyStore, Memory};
use crate::timelines::{self, AnyTimelines, Local};
use crate::verb::Verb;
use crate::wait::wait;

/// Where the clock begins.
pub const START: i64 = 1_700_000_000_000;

/// The naive model, and several feeds that must all agree with it.
pub struct Drive {
    naive: Naive,
    clock: ManualClock,
    feeds: Vec<(String, Feeds<AnyStore, AnyTimelines>)>,
    /// What the last of the feeds are on, so that they can be opened again.
    #[cfg(all(test, feature = "disk"))]
    platters: Vec<crate::store::Platter>,
    /// The ids of the model's activities: the same in all feeds, since ids and clock are.
    ids: Vec<ActivityId>,
    /// How many ids were made, those of reactions included.
    made: u64,
    /// Cursors of pages read so far, with the places that the model has for them.
    cursors: Vec<(Cursor, Place)>,
    ranking: Ranking,
    /// Cursors of ranked reads, with whose they are and what the model has left of their sessions.
    sessions: Vec<(RankedCursor, Who, Vec<What>)>,
}

/// Feeds that share it go on with each other's sessions.
const SIGNED_BY: [u8; 32] = [7; 32];

pub fn strategy(number: u8) -> Arc<dyn Strategy> {
    match number % 4 {
        0 => Arc::new(AllPush),
        1 => Arc::new(AllPull),
        2 => Arc::new(Hybrid { max_subscribers: 2 }),
        _ => Arc::new(Adaptive {
            max_share: 0.5,
            always: 1,
            entries_a_fill: 3,
        }),
    }
}

pub fn actor(who: Who) -> ActorId {
    ActorId::from(u64::from(who))
}

fn verb(number: u8) -> Verb {
    [Verb::Create, Verb::Announce, Verb::from("deploy")][usize::from(number)].clone()
}

fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap()
}

impl Drive {
    /// Feeds of every strategy over local timelines of this capacity, filled at the first read
    /// or after some, and without timelines.
    pub fn new(capacity: usize) -> Self {
        let clock = ManualClock::at_millis(START);
        let build = |name: String, timelines, number, cold_reads| {
            let feeds = Feeds::builder(AnyStore::new(Memory::new()), timelines)
                .clock(clock.clone())
                .ids(Ids::new(1))
                .strategy(strategy(number))
                .cold_reads_before_filling(cold_reads)
                .entries_a_fill(1 + capacity / 2)
                .signing_key(SIGNED_BY)
                .build();
            (name, feeds)
        };
        let mut feeds = vec![build(
            "no timelines".into(),
            AnyTimelines::new(timelines::None),
            0,
            0,
        )];
        for number in 0..4 {
            for cold_reads in [0, 2] {
                let name = format!(
                    "{} at {capacity} after {cold_reads}",
                    strategy(number).name()
                );
                let local = AnyTimelines::new(Local::with_capacity(capacity));
                feeds.push(build(name, local, number, cold_reads));
            }
        }
        Self {
            naive: Naive {
                now: START,
                ..Naive::default()
            },
            clock,
            feeds,
            #[cfg(all(test, feature = "disk"))]
            platters: Vec::new(),
            ids: Vec::new(),
            made: 0,
            cursors: Vec::new(),
            ranking: ranked::ranking(),
            sessions: Vec::new(),
        }
    }

    /// Does all steps, and compares at last everything that everybody sees.
    pub fn run(mut self, steps: &[[u8; BYTES]]) {
        for (number, bytes) in steps.iter().enumerate() {
            let step = Step::decode(bytes);
            self.step(number, &step);
        }
        for reader in 0..super::step::ACTORS {
            self.agree(
                &("counts", reader),
                &self.naive.outbox_count(reader),
                |feeds| wait(feeds.counts(actor(reader))).unwrap().outbox,
            );
            for limit in [1, 7, 1_000] {
                self.walk(reader, limit);
            }
        }
    }

    /// Compares an answer of each of the feeds with that of the model.
    fn agree<A: PartialEq + std::fmt::Debug>(
        &self,
        at: &dyn std::fmt::Debug,
        expected: &A,
        answer: impl Fn(&Feeds<AnyStore, AnyTimelines>) -> A,
    ) {
        for (name, feeds) in &self.feeds {
            assert_eq!(answer(feeds), *expected, "{name}: {at:?}");
        }
    }

    /// The id of an activity by any number; beyond the last one, an id that nothing has.
    fn pick(&self, number: What) -> (What, ActivityId) {
        let what = number % (self.ids.len() + 1);
        (what, self.ids.get(what).copied().unwrap_or(ActivityId::MAX))
    }

    fn aim(&self, aim: Aim) -> Thing {
        match aim {
            Aim::Nothing => Thing::Nothing,
            Aim::Text(text) => Thing::Text(text),
            Aim::Activity(number) => Thing::Activity(self.pick(number).0),
        }
    }

    fn step(&mut self, number: usize, step: &Step) {
        let at = (number, step);
        match step.clone() {
            Step::Tick(by) => {
                self.naive.now += by;
                self.clock.set_millis(self.naive.now);
            }
            Step::Switch(number) => {
                for (index, (_, feeds)) in self.feeds.iter().enumerate() {
                    feeds.set_strategy(strategy(number.wrapping_add(index as u8)));
                }
                #[cfg(all(test, feature = "disk"))]
                if !self.platters.is_empty() {
                    self.settle(number);
                }
            }
            Step::Publish { .. } => self.publish(number, step),
            Step::Update { what, object, data } => {
                let (what, id) = self.pick(what);
                let thing = self.aim(object);
                let expected = self.naive.update(what, thing.clone(), data);
                let mut revision = Revision::new();
                if let Some(object) = self.object(&thing) {
                    revision = revision.object(object);
                }
                if let Some(data) = data {
                    revision = revision.data(data);
                }
                self.agree(&at, &expected, |feeds| {
                    kind(wait(feeds.update(id, revision.clone())).map(drop))
                });
            }
            Step::Delete { what } => {
                let (what, id) = self.pick(what);
                let expected = self.naive.delete(what);
                self.agree(&at, &expected, |feeds| kind(wait(feeds.delete(id))));
            }
            Step::Get { what, viewer } => {
                let (what, id) = self.pick(what);
                let expected = self.naive.sees(viewer, what).then(|| self.content(what));
                self.agree(&at, &expected, |feeds| {
                    let found = wait(feeds.get(id, viewer.map(actor))).unwrap();
                    found.map(|activity| content_of(&activity))
                });
            }
            Step::Erase { who } => {
                let expected = self.naive.erase(who);
                self.agree(&at, &expected, |feeds| {
                    wait(feeds.erase(actor(who))).unwrap()
                });
            }
            Step::Follow {
                from,
                to,
                since,
                except,
            } => {
                let since = since.map(|shift| self.naive.now + shift);
                let way = Way {
                    since,
                    until: None,
                    except: except.into_iter().collect(),
                };
                let expected = self.naive.follow(from, to, way);
                let way =
                    since.map_or_else(Follow::everything, |since| Follow::since(instant(since)));
                let way = way.except(except.map(verb));
                self.agree(&at, &expected, |feeds| {
                    let followed = wait(feeds.follow_with(actor(from), actor(to), way.clone()));
                    kind(followed.map(|followed| (followed.changed, followed.requested)))
                });
            }
            Step::Unfollow {
                from,
                to,
                keep_history,
            } => {
                let expected = self.naive.unfollow(from, to, keep_history);
                self.agree(&at, &expected, |feeds| {
                    let (from, to) = (actor(from), actor(to));
                    if keep_history {
                        wait(feeds.unfollow_and_keep_history(from, to)).unwrap()
                    } else {
                        wait(feeds.unfollow(from, to)).unwrap()
                    }
                });
            }
            Step::Approval { who, required } => {
                let expected = self.naive.approval(who, required);
                self.agree(&at, &expected, |feeds| {
                    wait(feeds.set_approval(actor(who), required)).unwrap()
                });
            }
            Step::Answer {
                who,
                follower,
                accept,
            } => {
                let (a, b) = (actor(who), actor(follower));
                if accept {
                    let expected = self.naive.accept(who, follower);
                    self.agree(&at, &expected, |feeds| kind(wait(feeds.accept(a, b))));
                } else {
                    let expected = self.naive.reject(who, follower);
                    self.agree(&at, &expected, |feeds| kind(wait(feeds.reject(a, b))));
                }
            }
            Step::Join { who, group } => {
                let expected = self.naive.join(who, group);
                self.agree(&at, &expected, |feeds| {
                    wait(feeds.join(actor(who), actor(group))).unwrap()
                });
            }
            Step::Leave { who, group } => {
                let expected = self.naive.leave(who, group);
                self.agree(&at, &expected, |feeds| {
                    wait(feeds.leave(actor(who), actor(group))).unwrap()
                });
            }
            Step::Mute { who, other, shift } => {
                let until = shift.map(|shift| self.naive.now + shift);
                let expected = self.naive.mute(who, other, until);
                let (a, b) = (actor(who), actor(other));
                self.agree(&at, &expected, |feeds| match until {
                    None => kind(wait(feeds.mute(a, b))),
                    Some(until) => kind(wait(feeds.mute_until(a, b, instant(until)))),
                });
            }
            Step::Unmute { who, other } => {
                let expected = self.naive.unmute(who, other);
                self.agree(&at, &expected, |feeds| {
                    wait(feeds.unmute(actor(who), actor(other))).unwrap()
                });
            }
            Step::Block { who, other } => {
                let expected = self.naive.block(who, other);
                self.agree(&at, &expected, |feeds| {
                    kind(wait(feeds.block(actor(who), actor(other))))
                });
            }
            Step::Unblock { who, other } => {
                let expected = self.naive.unblock(who, other);
                self.agree(&at, &expected, |feeds| {
                    wait(feeds.unblock(actor(who), actor(other))).unwrap()
                });
            }
            Step::React {
                who,
                kind: of,
                what,
            } => {
                let (what, id) = self.pick(what);
                let expected = self.naive.react(who, of, what);
                self.made += u64::from(expected == Ok(true));
                self.agree(&at, &expected, |feeds| {
                    kind(wait(feeds.react(
                        actor(who),
                        ranked::KINDS[usize::from(of)],
                        id,
                    )))
                });
            }
            Step::Unreact {
                who,
                kind: of,
                what,
            } => {
                let (what, id) = self.pick(what);
                let expected = self.naive.unreact(who, of, what);
                self.agree(&at, &expected, |feeds| {
                    kind(wait(feeds.unreact(
                        actor(who),
                        ranked::KINDS[usize::from(of)],
                        id,
                    )))
                });
            }
            Step::Reactions { what, viewer } => {
                let (what, id) = self.pick(what);
                self.reactions(&at, what, id, viewer);
            }
            Step::Ranked {
                reader,
                window,
                limit,
            } => {
                let order = self.naive.rank(reader, window);
                let (order, scores): (Vec<What>, Vec<f64>) = order.into_iter().unzip();
                self.made += 2;
                self.ranked(&at, (reader, &order), Some(&scores), limit, |read| {
                    read.window(window)
                });
            }
            Step::More { session, limit } => {
                let count = self.sessions.len();
                if count > 0 {
                    let (cursor, reader, rest) = self.sessions[session % count].clone();
                    self.ranked(&at, (reader, &rest), None, limit, |read| {
                        read.after(cursor.clone())
                    });
                }
            }
            Step::Read {
                feed,
                from,
                limit,
                verb,
                window,
                replies,
            } => {
                let shift = |shift| self.naive.now + shift;
                let mut asked = Asked {
                    verbs: verb.map(|verb| vec![verb]),
                    since: window.map(|(since, _)| shift(since)),
                    until: window.map(|(_, until)| shift(until)),
                    replies,
                    ..Asked::of(limit)
                };
                let cursor = |number: usize| {
                    let count = self.cursors.len();
                    (count > 0).then(|| self.cursors[number % count])
                };
                let (mut after, mut newer_than) = (None, None);
                match from {
                    From::Top => {}
                    From::After(number) => {
                        (after, asked.after) = cursor(number).unzip();
                    }
                    From::NewerThan(number) => {
                        (newer_than, asked.newer_than) = cursor(number).unzip();
                    }
                }
                self.read(&at, feed, &asked, after, newer_than);
            }
            Step::Roster { of, who, limit } => self.roster(&at, of, who, limit),
        }
    }
}

fn kind<A>(result: crate::Result<A>) -> Outcome<A> {
    result.map_err(|error| error.kind())
}
