//! Some weeks in a small company, step by step.

use super::*;
use crate::{Audience, Clock, ManualClock, Revision, Verb};

/// In another order.
pub(super) fn shuffle<T>(items: &mut [T], numbers: &mut Numbers) {
    for at in (1..items.len()).rev() {
        items.swap(at, numbers.below(at as u64 + 1) as usize);
    }
}

pub(super) struct World {
    pub(super) feeds: Feeds<Disk, timelines::None>,
    clock: ManualClock,
    published: Vec<ActivityId>,
}

const ACTORS: u64 = 12;

impl World {
    pub(super) fn new(platter: &Platter) -> Self {
        Self::with_cache(platter, 64 << 20)
    }

    /// With so little memory, pages reach the disk while their commit is still being made.
    pub(super) fn with_cache(platter: &Platter, cache: usize) -> Self {
        let clock = ManualClock::at_millis(1_700_000_000_000);
        let store = Disk::options().cache(cache).spin(platter).unwrap();
        let feeds = Feeds::builder(store, timelines::None)
            .clock(clock.clone())
            .ids(Ids::new(1))
            .build();
        Self {
            feeds,
            clock,
            published: Vec::new(),
        }
    }

    /// One thing that somebody does. Whether it is allowed does not matter.
    pub(super) fn step(&mut self, numbers: &mut Numbers) -> Result<()> {
        let now = self.clock.now().timestamp_millis();
        self.clock.set_millis(now + 1_000);
        let (who, other) = (numbers.below(ACTORS).into(), numbers.below(ACTORS).into());
        let some = numbers.below(self.published.len().max(1) as u64) as usize;
        let some = self.published.get(some).copied().unwrap_or(ActivityId::MAX);
        let feeds = &self.feeds;
        let outcome = match numbers.below(24) {
            0..=9 => {
                let text = "words ".repeat(numbers.below(60) as usize);
                let mut draft = Model::by(who)
                    .object(text)
                    .data(serde_json::json!({"n": 0.1}));
                if numbers.below(3) == 0 {
                    draft = draft.to([other]).audience(Audience::Followers);
                }
                if numbers.below(3) == 0 {
                    draft = draft.key(numbers.below(40).to_string());
                }
                if numbers.below(20) == 0 {
                    // Longer than a page of the file.
                    draft = draft.data("long ".repeat(2_000));
                }
                wait(feeds.publish(draft)).map(|it| self.published.push(it.activity.id))
            }
            10..=13 => wait(feeds.follow(who, other)).map(drop),
            14 => wait(feeds.unfollow(who, other)).map(drop),
            15 => wait(feeds.unfollow_and_keep_history(who, other)).map(drop),
            16 => wait(feeds.block(who, other)).map(drop),
            17 => wait(feeds.join(who, other)).map(drop),
            18 => wait(feeds.mute(who, other)).map(drop),
            19 => wait(feeds.delete(some)).map(drop),
            20 => wait(feeds.update(some, Revision::new().object("else"))).map(drop),
            21 => wait(feeds.set_actor(Actor::new(who).name(now.to_string()))).map(drop),
            22 if numbers.below(8) == 0 => wait(feeds.erase(who)).map(drop),
            _ => {
                let share = Model::by(who).verb(Verb::Announce).object(some);
                wait(feeds.publish(share)).map(|it| self.published.push(it.activity.id))
            }
        };
        match outcome {
            Err(error) if matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Corrupt) => {
                Err(error)
            }
            _ => Ok(()),
        }
    }
}

/// All that a store answers: its records, and what is derived from them.
pub(super) fn answers(store: &Disk) -> Result<String> {
    let mut text = String::new();
    let mut after = None;
    loop {
        let records = wait(store.records(after.as_ref(), 50))?;
        let Some(last) = records.last() else {
            break;
        };
        after = Some(last.key());
        text += &format!("{records:#?}\n");
    }
    for number in 0..ACTORS {
        let actor = ActorId::from(number);
        let outbox = [List::Outbox(actor)];
        let lists = wait(store.list(&outbox, Stretch::NEWEST_FIRST, 1_000))?;
        let ids: Vec<_> = lists[0].iter().map(|entry| entry.id).collect();
        text += &format!("{lists:?} {:?}\n", wait(store.count(&outbox))?);
        text += &format!("{:?}\n", wait(store.get(&ids))?);
        text += &format!("{:?}\n", wait(store.relations(actor))?);
        for end in [End::From, End::To] {
            for kind in [
                RelationKind::Follow,
                RelationKind::Member,
                RelationKind::Block,
            ] {
                text += &format!("{:?}\n", wait(store.roster(actor, kind, end, None, 100))?);
            }
        }
        text += &format!("{:?}\n", wait(store.actors(&[actor]))?);
    }
    Ok(text)
}
