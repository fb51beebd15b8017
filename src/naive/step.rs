//! Steps of a scenario, each from twelve bytes, so that whatever makes bytes makes scenarios.

use super::{For, Roster, What, Who};
use crate::feeds::Replies;

/// How many bytes one step takes.
pub const BYTES: usize = 12;
/// Few actors, so that everything meets everything.
pub const ACTORS: u8 = 6;

#[derive(Clone, Debug)]
pub enum Step {
    /// The clock goes on by some milliseconds, often by none.
    Tick(i64),
    Publish {
        actor: Who,
        verb: u8,
        object: Aim,
        to: Vec<Who>,
        audience: For,
        reply: Option<What>,
        key: Option<u8>,
        /// Milliseconds from now.
        shift: Option<i64>,
    },
    Update {
        what: What,
        object: Aim,
        data: Option<u8>,
    },
    Delete {
        what: What,
    },
    Get {
        what: What,
        viewer: Option<Who>,
    },
    Erase {
        who: Who,
    },
    Follow {
        from: Who,
        to: Who,
        since: Option<i64>,
        except: Option<u8>,
    },
    Unfollow {
        from: Who,
        to: Who,
        keep_history: bool,
    },
    Approval {
        who: Who,
        required: bool,
    },
    Answer {
        who: Who,
        follower: Who,
        accept: bool,
    },
    Join {
        who: Who,
        group: Who,
    },
    Leave {
        who: Who,
        group: Who,
    },
    Mute {
        who: Who,
        other: Who,
        shift: Option<i64>,
    },
    Unmute {
        who: Who,
        other: Who,
    },
    Block {
        who: Who,
        other: Who,
    },
    Unblock {
        who: Who,
        other: Who,
    },
    React {
        who: Who,
        kind: u8,
        what: What,
    },
    Unreact {
        who: Who,
        kind: u8,
        what: What,
    },
    Reactions {
        what: What,
        viewer: Option<Who>,
    },
    Ranked {
        reader: Who,
        window: usize,
        limit: usize,
    },
    /// A further page of one of the sessions.
    More {
        session: usize,
        limit: usize,
    },
    /// Another strategy from now on.
    Switch(u8),
    Read {
        feed: super::Feed,
        from: From,
        limit: usize,
        verb: Option<u8>,
        window: Option<(i64, i64)>,
        replies: Replies,
    },
    Roster {
        of: Roster,
        who: Who,
        limit: usize,
    },
}

/// An object; which activity is taken modulo how many there are, and one more that is unknown.
#[derive(Clone, Copy, Debug)]
pub enum Aim {
    Nothing,
    Text(u8),
    Activity(What),
}

/// Where a read begins: at the top, or at one of the cursors that were handed out.
#[derive(Clone, Copy, Debug)]
pub enum From {
    Top,
    After(usize),
    NewerThan(usize),
}

struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    fn who(&mut self) -> Who {
        self.next() % ACTORS
    }

    fn what(&mut self) -> What {
        usize::from(self.next())
    }

    /// One time in `n`.
    fn one_in(&mut self, n: u8) -> bool {
        self.next() % n == n - 1
    }

    fn shift(&mut self) -> i64 {
        i64::from(self.next() % 11) - 5
    }

    fn aim(&mut self) -> Aim {
        match self.next() % 8 {
            0..=3 => Aim::Nothing,
            4 | 5 => Aim::Text(self.next()),
            _ => Aim::Activity(self.what()),
        }
    }

    fn viewer(&mut self) -> Option<Who> {
        let who = self.next() % (ACTORS + 1);
        (who < ACTORS).then_some(who)
    }
}

impl Step {
    pub fn decode(bytes: &[u8; BYTES]) -> Self {
        let mut b = Bytes(bytes.iter());
        match b.next() % 86 {
            0..=3 => Self::Tick(i64::from(b.next() % 4)),
            4..=18 => Self::Publish {
                actor: b.who(),
                verb: b.next() % 3,
                object: b.aim(),
                audience: match b.next() % 8 {
                    0..=3 => For::Everybody,
                    4 => For::Followers,
                    5 | 6 => For::Members(b.who()),
                    _ => For::Only(b.who()),
                },
                to: match b.next() % 4 {
                    0 | 1 => vec![],
                    2 => vec![b.who()],
                    _ => vec![b.who(), b.who()],
                },
                reply: b.one_in(4).then(|| b.what()),
                key: b.one_in(5).then(|| b.next() % 3),
                shift: b.one_in(3).then(|| b.shift()),
            },
            19 | 20 => Self::Update {
                what: b.what(),
                object: b.aim(),
                data: (!b.one_in(3)).then(|| b.next()),
            },
            21 | 22 => Self::Delete { what: b.what() },
            23 | 24 => Self::Get {
                what: b.what(),
                viewer: b.viewer(),
            },
            25 => Self::Erase { who: b.who() },
            26..=33 => Self::Follow {
                from: b.who(),
                to: b.who(),
                since: b.one_in(4).then(|| b.shift()),
                except: b.one_in(4).then(|| b.next() % 3),
            },
            34 | 35 => Self::Unfollow {
                from: b.who(),
                to: b.who(),
                keep_history: b.one_in(2),
            },
            36 => Self::Approval {
                who: b.who(),
                required: b.one_in(2),
            },
            37 => Self::Answer {
                who: b.who(),
                follower: b.who(),
                accept: !b.one_in(4),
            },
            38 | 39 => Self::Join {
                who: b.who(),
                group: b.who(),
            },
            40 => Self::Leave {
                who: b.who(),
                group: b.who(),
            },
            41 | 42 => Self::Mute {
                who: b.who(),
                other: b.who(),
                shift: b.one_in(2).then(|| b.shift()),
            },
            43 => Self::Unmute {
                who: b.who(),
                other: b.who(),
            },
            44 => Self::Block {
                who: b.who(),
                other: b.who(),
            },
            45 => Self::Unblock {
                who: b.who(),
                other: b.who(),
            },
            46 => Self::Switch(b.next()),
            47..=49 => Self::Roster {
                of: match b.next() % 4 {
                    0 => Roster::Followers,
                    1 => Roster::Following,
                    2 => Roster::Requests,
                    _ => Roster::Members,
                },
                who: b.who(),
                limit: 1 + usize::from(b.next() % 4),
            },
            64..=68 => Self::React {
                who: b.who(),
                kind: b.next() % 2,
                what: b.what(),
            },
            69 | 70 => Self::Unreact {
                who: b.who(),
                kind: b.next() % 2,
                what: b.what(),
            },
            71..=75 => Self::Reactions {
                what: b.what(),
                viewer: b.viewer(),
            },
            76..=78 => Self::Ranked {
                reader: b.who(),
                window: 1 + usize::from(b.next() % 20),
                limit: 1 + usize::from(b.next() % 6),
            },
            79..=85 => Self::More {
                session: b.what(),
                limit: 1 + usize::from(b.next() % 6),
            },
            kind => Self::Read {
                feed: match kind {
                    50..=58 => super::Feed::Home {
                        reader: b.who(),
                        own: !b.one_in(4),
                    },
                    59..=61 => super::Feed::Outbox {
                        stream: b.who(),
                        viewer: b.viewer(),
                    },
                    _ => super::Feed::Streams {
                        viewer: b.who(),
                        streams: [b.who(), b.who()],
                    },
                },
                from: match b.next() % 4 {
                    0 | 1 => From::Top,
                    2 => From::After(b.what()),
                    _ => From::NewerThan(b.what()),
                },
                limit: match b.next() % 8 {
                    0 => 0,
                    few => usize::from(few),
                },
                verb: b.one_in(5).then(|| b.next() % 3),
                window: b.one_in(5).then(|| (b.shift(), b.shift())),
                replies: match b.next() % 4 {
                    0 => Replies::None,
                    1 => Replies::Followed,
                    _ => Replies::All,
                },
            },
        }
    }
}
