//! Many threads at once, and then the same comparison: whatever came of it, everybody sees what the
//! contract says of that.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::drive::{actor, strategy};
use super::{Asked, Deed, Feed, For, Naive, State, Thing, Way, Who};
use crate::activity::Activity;
use crate::audience::Audience;
use crate::clock::ManualClock;
use crate::feeds::Feeds;
use crate::id::{ActivityId, ActorId, Ids};
use crate::relation::Follow;
use crate::store::{Memory, RelationStore};
use crate::timelines::{self, Local};
use crate::verb::Verb;
use crate::wait::wait;

const THREADS: u8 = 4;
const ACTORS: u8 = 16;
const STEPS: u32 = 1_500;
const START: i64 = 1_700_000_000_000;

/// A plain generator of numbers: the same for the same seed, on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        // xorshift64 (G. Marsaglia, "Xorshift RNGs", 2003)
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn who(&mut self) -> Who {
        self.below(u64::from(ACTORS)) as Who
    }
}

/// What a thread did, for the model to do after it.
enum Done {
    Publish(ActivityId, Deed),
    Delete(ActivityId),
    Follow(Who, Who, Way),
    Unfollow(Who, Who),
    Mute(Who, Who),
    Join(Who, Who),
}

fn feeds(number: u8, capacity: usize, clock: &ManualClock) -> (Feeds, Memory) {
    let store = Memory::new();
    let feeds = Feeds::builder(store.clone(), Local::with_capacity(capacity))
        .clock(clock.clone())
        .ids(Ids::new(1))
        .strategy(strategy(number))
        .cold_reads_before_filling(0)
        .build();
    (feeds, store)
}

/// Each thread acts for actors of its own, so that the order among threads does not matter: then
/// the model does it all in turn, and everybody's home is compared.
#[test]
fn threads_end_where_the_model_ends() {
    for round in 0..8 {
        let clock = ManualClock::at_millis(START);
        let (feeds, _) = feeds(round, [1, 3, 20, 800][usize::from(round / 2)], &clock);
        let done: Vec<Vec<Done>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|number| {
                    let feeds = feeds.clone();
                    let clock = &clock;
                    scope.spawn(move || act(&feeds, clock, number, round))
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        compare(&feeds, done);
    }
}

fn act(feeds: &Feeds, clock: &ManualClock, thread: u8, round: u8) -> Vec<Done> {
    let mut numbers = Numbers(u64::from(round) * 1_000 + u64::from(thread) + 1);
    let mut done = Vec::new();
    let mut published = Vec::new();
    for step in 0..STEPS {
        // An actor of this thread.
        let who = numbers.who() / THREADS * THREADS + thread;
        let other = numbers.who();
        match numbers.below(20) {
            0..=7 => {
                let back_dated = numbers.below(5) == 0;
                let to = if numbers.below(3) == 0 {
                    vec![other]
                } else {
                    vec![]
                };
                let audience = if numbers.below(4) == 0 {
                    For::Followers
                } else {
                    For::Everybody
                };
                let mut draft = Activity::by(actor(who)).to(to.iter().copied().map(actor));
                if audience == For::Followers {
                    draft = draft.audience(Audience::Followers);
                }
                if back_dated {
                    let millis = START - numbers.below(50) as i64;
                    draft =
                        draft.published(chrono::DateTime::from_timestamp_millis(millis).unwrap());
                }
                let id = wait(feeds.publish(draft)).unwrap().activity.id;
                published.push(id);
                done.push(Done::Publish(id, deed(id, who, to, audience)));
            }
            8..=10 if who != other => {
                let since = (numbers.below(3) == 0).then(|| START - numbers.below(20) as i64);
                let way = since.map_or_else(Follow::everything, |since| {
                    Follow::since(chrono::DateTime::from_timestamp_millis(since).unwrap())
                });
                wait(feeds.follow_with(actor(who), actor(other), way)).unwrap();
                done.push(Done::Follow(
                    who,
                    other,
                    Way {
                        since,
                        ..Way::default()
                    },
                ));
            }
            11 => {
                wait(feeds.unfollow(actor(who), actor(other))).unwrap();
                done.push(Done::Unfollow(who, other));
            }
            12 if who != other && numbers.below(4) == 0 => {
                wait(feeds.mute(actor(who), actor(other))).unwrap();
                done.push(Done::Mute(who, other));
            }
            13 => {
                wait(feeds.join(actor(who), actor(other))).unwrap();
                done.push(Done::Join(who, other));
            }
            14 if !published.is_empty() => {
                let at = numbers.below(published.len() as u64) as usize;
                let id = published.swap_remove(at);
                assert!(wait(feeds.delete(id)).unwrap());
                done.push(Done::Delete(id));
            }
            15 => clock.set_millis(START + i64::from(step / 100)),
            _ => {
                // Anybody's home; whatever it shows is in order, each once, and for them.
                let page = wait(feeds.home(actor(other)).limit(30).ids()).unwrap();
                assert!(page.items.windows(2).all(|pair| pair[0] > pair[1]));
            }
        }
    }
    done
}

fn deed(id: ActivityId, who: Who, to: Vec<Who>, audience: For) -> Deed {
    Deed {
        place: (id.published().timestamp_millis(), id.as_uuid().as_u128()),
        actor: who,
        verb: 0,
        object: Thing::Nothing,
        to,
        audience,
        reply: None,
        data: None,
        updated: None,
        state: State::There,
    }
}

fn compare(feeds: &Feeds, done: Vec<Vec<Done>>) {
    let mut naive = Naive {
        now: START,
        ..Naive::default()
    };
    let mut whats = BTreeMap::new();
    for step in done.into_iter().flatten() {
        match step {
            Done::Publish(id, deed) => {
                let (what, _) = naive.publish(deed, None).unwrap();
                whats.insert(id, what);
            }
            Done::Delete(id) => assert_eq!(naive.delete(whats[&id]), Ok(true)),
            Done::Follow(from, to, way) => {
                naive.follow(from, to, way).unwrap();
            }
            Done::Unfollow(from, to) => {
                naive.unfollow(from, to, false);
            }
            Done::Mute(who, other) => {
                naive.mute(who, other, None).unwrap();
            }
            Done::Join(who, group) => {
                naive.join(who, group);
            }
        }
    }
    for reader in 0..ACTORS {
        let asked = Asked::of(1_000_000);
        let (expected, ..) = naive.read(Feed::Home { reader, own: true }, &asked);
        let expected: Vec<usize> = expected.into_iter().map(|(what, _)| what).collect();
        let whole: Vec<usize> = walk(feeds, actor(reader))
            .iter()
            .map(|id| whats[id])
            .collect();
        assert_eq!(whole, expected, "the home of {reader}");
    }
}

/// A whole home, by small pages.
fn walk<S: crate::store::Store, T: timelines::Timelines>(
    feeds: &Feeds<S, T>,
    reader: ActorId,
) -> Vec<ActivityId> {
    let (mut whole, mut cursor) = (Vec::new(), None);
    loop {
        let page = wait(feeds.home(reader).limit(7).after(cursor).ids()).unwrap();
        whole.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return whole;
        }
    }
}

/// Everything at once, also what does not commute: blocks, erasures, approval, switches. Afterwards
/// what the timelines give is what pulling from the same store gives.
#[test]
fn timelines_agree_with_the_store_after_any_contention() {
    for round in 0..8 {
        let clock = ManualClock::at_millis(START);
        let (feeds, store) = feeds(round, [1, 5, 40, 800][usize::from(round % 4)], &clock);
        let reads = AtomicUsize::new(0);
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let (feeds, clock, reads) = (feeds.clone(), &clock, &reads);
                scope.spawn(move || {
                    let mut numbers = Numbers(u64::from(round) * 77 + u64::from(thread) + 1);
                    for step in 0..STEPS {
                        let (one, other) = (actor(numbers.who()), actor(numbers.who()));
                        let kind = numbers.below(32);
                        contend(&feeds, kind, one, other, reads);
                        if kind == 31 {
                            feeds.set_strategy(strategy(numbers.who()));
                            clock.set_millis(START + i64::from(step / 50));
                        }
                    }
                });
            }
        });
        assert!(reads.into_inner() > 0);
        let pulled = Feeds::builder(store.clone(), timelines::None)
            .clock(clock)
            .build();
        for reader in (0..ACTORS).map(actor) {
            assert_eq!(
                walk(&feeds, reader),
                walk(&pulled, reader),
                "round {round}, {reader}"
            );
            // No follow has slipped past a block.
            let relations = wait(store.relations(reader)).unwrap();
            for other in relations.followed() {
                assert!(!relations.is_apart_from(other), "round {round}, {reader}");
            }
        }
    }
}

/// One call; that it is refused (a block, a request that is gone) is fine.
fn contend(feeds: &Feeds, kind: u64, one: ActorId, other: ActorId, reads: &AtomicUsize) {
    match kind {
        0..=9 => {
            let draft = Activity::by(one).to([other]).verb(if kind < 2 {
                Verb::Announce
            } else {
                Verb::Create
            });
            drop(wait(feeds.publish(draft)));
        }
        10..=14 => drop(wait(feeds.follow(one, other))),
        15 => drop(wait(feeds.unfollow(one, other))),
        16 => drop(wait(feeds.unfollow_and_keep_history(one, other))),
        17 => drop(wait(feeds.block(one, other))),
        18 | 19 => drop(wait(feeds.unblock(one, other))),
        20 => drop(wait(feeds.set_approval(one, one < other))),
        21 => drop(wait(feeds.accept(one, other))),
        22 => drop(wait(feeds.mute(one, other))),
        23 => drop(wait(feeds.unmute(one, other))),
        24 if one.as_uuid().as_bytes()[15] == 0 => drop(wait(feeds.erase(one))),
        25 => {
            let page = wait(feeds.outbox(one).viewer(one).limit(1).ids()).unwrap();
            for id in page.items {
                drop(wait(feeds.delete(id)));
            }
        }
        _ => {
            let page = wait(feeds.home(one).limit(20).ids()).unwrap();
            assert!(page.items.windows(2).all(|pair| pair[0] > pair[1]));
            reads.fetch_add(page.items.len(), Ordering::Relaxed);
        }
    }
}
