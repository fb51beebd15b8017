//! Ranked reads (contract 8): what the model test does not walk through.

use chrono::TimeDelta;

use super::super::SESSIONS_LIVE;
use crate::activity::Activity;
use crate::clock::{Clock, ManualClock};
use crate::error::{ErrorKind, Result};
use crate::feeds::Feeds;
use crate::id::{ActivityId, ActorId, Ids};
use crate::rank::{Feature, HalfLife, Ranking, Rollout, ready};
use crate::store::Memory;
use crate::timelines::Local;
use crate::wait::wait;

struct World {
    feeds: Feeds,
    clock: ManualClock,
    reader: ActorId,
}

const ANNA: u64 = 1;
const BEN: u64 = 2;

impl World {
    /// A reader that follows two.
    fn new() -> Result<Self> {
        let clock = ManualClock::at_millis(1_700_000_000_000);
        let feeds = Feeds::builder(Memory::new(), Local::new())
            .clock(clock.clone())
            .ids(Ids::new(1))
            .signing_key([1; 32])
            .build();
        let reader = ActorId::from(9);
        for followed in [ANNA, BEN] {
            wait(feeds.follow(reader, ActorId::from(followed)))?;
        }
        Ok(Self {
            feeds,
            clock,
            reader,
        })
    }

    fn publish(&self, by: u64) -> Result<ActivityId> {
        Ok(wait(self.feeds.publish(Activity::by(ActorId::from(by))))?
            .activity
            .id)
    }

    fn wait_for(&self, time: TimeDelta) {
        self.clock
            .set_millis((self.clock.now() + time).timestamp_millis());
    }

    fn order(&self, ranking: &Ranking) -> Result<Vec<ActivityId>> {
        let page = wait(self.feeds.ranked(self.reader, ranking))?;
        Ok(page.items.iter().map(|item| item.activity.id).collect())
    }

    /// What is known of an activity that is ranked.
    fn known(&self, feature: &str, of: ActivityId) -> Result<f64> {
        let ranking = Ranking::new(feature).term("it", 1.0, feature.parse::<Feature>()?);
        let page = wait(self.feeds.ranked(self.reader, &ranking).explain())?;
        let found = page.items.iter().find(|item| item.activity.id == of);
        Ok(found
            .and_then(|item| item.why.as_ref())
            .map_or(f64::NAN, |why| why.score))
    }
}

#[test]
fn features_are_what_the_store_tells() -> Result<()> {
    let world = World::new()?;
    let (feeds, reader) = (&world.feeds, world.reader);
    let (anna, ben) = (ActorId::from(ANNA), ActorId::from(BEN));
    let note = world.publish(ANNA)?;
    wait(feeds.react(ben, "like", note))?;
    world.wait_for(TimeDelta::hours(6));
    wait(feeds.react(reader, "like", note))?;
    wait(feeds.react(reader, "thanks", note))?;
    wait(feeds.publish(Activity::by(ben).in_reply_to(note)))?;
    wait(feeds.publish(Activity::by(reader).in_reply_to(note)))?;
    for who in [reader, anna] {
        wait(feeds.join(who, ActorId::from(100)))?;
    }
    wait(feeds.join(anna, ActorId::from(101)))?;
    feeds.saw(reader, &[note, note]);
    world.wait_for(TimeDelta::hours(6));
    for (feature, expected) in [
        ("age", 43_200.0),
        ("reactions", 3.0),
        ("reactions:like", 2.0),
        ("reactions:like@6h", 0.25 + 0.5),
        ("replies", 2.0),
        ("replies@12h", 2.0 * 0.5_f64.sqrt()),
        // Two reactions and a reply, six hours ago.
        ("affinity@6h", 1.5),
        ("followers", 1.0),
        ("following", 0.0),
        ("posts", 1.0),
        ("common_groups", 1.0),
        ("seen", 2.0),
        ("is_own", 0.0),
        ("is_reply", 0.0),
        ("is_share", 0.0),
    ] {
        let known = world.known(feature, note)?;
        assert!(
            (known - expected).abs() < 1e-12,
            "{feature}: {known}, not {expected}"
        );
    }
    assert!(
        world.known("host:quality", note)?.is_nan(),
        "nobody has said"
    );
    Ok(())
}

/// contract 4.5: a number must not tell of what the reader may not see.
#[test]
fn what_the_reader_may_not_see_does_not_count() -> Result<()> {
    let world = World::new()?;
    let (feeds, reader, note) = (&world.feeds, world.reader, world.publish(ANNA)?);
    let stranger = ActorId::from(50);
    let answer = Activity::by(stranger).in_reply_to(note);
    wait(feeds.publish(answer.audience(crate::Audience::Only(vec![stranger]))))?;
    wait(feeds.react(stranger, "like", note))?;
    assert_eq!(world.known("replies", note)?, 0.0);
    assert_eq!(world.known("reactions", note)?, 1.0);
    wait(feeds.block(reader, stranger))?;
    assert_eq!(world.known("reactions", note)?, 0.0);
    Ok(())
}

/// contract 8.2
#[test]
fn a_session_keeps_its_order_whatever_is_written_and_leaves_out_what_vanishes() -> Result<()> {
    let world = World::new()?;
    let notes: Vec<ActivityId> = (0..9)
        .map(|number| world.publish([ANNA, BEN][number % 2]))
        .collect::<Result<_>>()?;
    let liked = Ranking::new("liked").term("likes", 1.0, Feature::Reactions(None, None));
    let feeds = &world.feeds;
    wait(feeds.react(ActorId::from(5), "like", notes[0]))?;
    let first = wait(feeds.ranked(world.reader, &liked).limit(3).explain())?;
    let ids = |page: &crate::RankedPage| -> Vec<ActivityId> {
        page.items.iter().map(|item| item.activity.id).collect()
    };
    assert_eq!(ids(&first), [notes[0], notes[8], notes[7]]);
    // Everything that could mix the session up.
    for note in &notes[1..6] {
        wait(feeds.react(ActorId::from(5), "like", *note))?;
    }
    world.publish(ANNA)?;
    let back = Activity::by(ActorId::from(ANNA)).published(world.clock.now() - TimeDelta::days(1));
    wait(feeds.publish(back))?;
    wait(feeds.delete(notes[6]))?;
    let second = wait(
        feeds
            .ranked(world.reader, &liked)
            .limit(3)
            .after(first.next)
            .explain(),
    )?;
    assert_eq!(ids(&second), [notes[5], notes[4], notes[3]]);
    let why = second.items[0].why.as_ref();
    let told = why.map(|why| (why.score, why.place));
    assert_eq!(
        told,
        Some((0.0, Some(4))),
        "as it was when the session began"
    );
    wait(feeds.unfollow(world.reader, ActorId::from(ANNA)))?;
    let third = wait(
        feeds
            .ranked(world.reader, &liked)
            .limit(3)
            .after(second.next),
    )?;
    assert_eq!(ids(&third), [notes[1]]);
    assert!(third.next.is_none());
    Ok(())
}

/// contract 8.2: never a silent mix.
#[test]
fn a_session_goes_on_for_its_reader_under_its_ranking_for_a_day() -> Result<()> {
    let world = World::new()?;
    for _ in 0..4 {
        world.publish(ANNA)?;
    }
    let (feeds, reader) = (&world.feeds, world.reader);
    let (one, other) = (Ranking::new("one"), Ranking::new("other"));
    let cursor = wait(feeds.ranked(reader, &one).limit(1))?.next;
    assert!(cursor.is_some());
    let kind = |read: crate::RankedRead<'_, _, _>| wait(read).map_err(|error| error.kind()).err();
    let after = |read: Ranking| (read, cursor.clone());
    let (same, cursor_of_same) = after(one.clone());
    assert_eq!(
        kind(feeds.ranked(reader, &same).after(cursor_of_same.clone())),
        None
    );
    let of_another = feeds.ranked(ActorId::from(8), &one).after(cursor.clone());
    assert_eq!(kind(of_another), Some(ErrorKind::Cursor));
    let by_another = feeds.ranked(reader, &other).after(cursor.clone());
    assert_eq!(kind(by_another), Some(ErrorKind::Cursor));
    let rolled_out = feeds
        .ranked(reader, &other)
        .rollout(&one, &Rollout::Off, "x");
    assert_eq!(
        kind(rolled_out.after(cursor.clone())),
        None,
        "it was begun under it"
    );
    let elsewhere = Feeds::in_memory();
    let with_another_key = elsewhere.ranked(reader, &one).after(cursor.clone());
    assert_eq!(kind(with_another_key), Some(ErrorKind::Cursor));
    world.wait_for(TimeDelta::from_std(SESSIONS_LIVE).unwrap());
    assert_eq!(kind(feeds.ranked(reader, &one).after(cursor.clone())), None);
    world.wait_for(TimeDelta::milliseconds(1));
    assert_eq!(
        kind(feeds.ranked(reader, &one).after(cursor)),
        Some(ErrorKind::Cursor)
    );
    for (limit, window) in [(0, 500), (1_001, 500), (20, 0), (20, 10_001)] {
        let read = feeds.ranked(reader, &one).limit(limit).window(window);
        assert_eq!(kind(read), Some(ErrorKind::Invalid), "{limit} of {window}");
    }
    Ok(())
}

#[test]
fn the_window_is_the_newest_or_since_an_instant_and_may_leave_out_ones_own() -> Result<()> {
    let world = World::new()?;
    let old = world.publish(ANNA)?;
    world.wait_for(TimeDelta::hours(1));
    let since = world.clock.now();
    let own = wait(world.feeds.publish(Activity::by(world.reader)))?
        .activity
        .id;
    let new = world.publish(BEN)?;
    let oldest_first = Ranking::new("oldest first").term("age", 1.0, Feature::Age);
    let ids = |read: crate::RankedRead<'_, _, _>| -> Result<Vec<ActivityId>> {
        Ok(wait(read)?
            .items
            .iter()
            .map(|item| item.activity.id)
            .collect())
    };
    let read = || world.feeds.ranked(world.reader, &oldest_first);
    assert_eq!(ids(read())?, [old, new, own]);
    assert_eq!(ids(read().window(2))?, [new, own]);
    assert_eq!(ids(read().since(since))?, [new, own]);
    assert_eq!(ids(read().own(false))?, [old, new]);
    Ok(())
}

#[test]
fn what_is_observed_changes_nothing_and_tells_how_far_it_is_from_what_is_shown() -> Result<()> {
    let world = World::new()?;
    let notes = [
        world.publish(ANNA)?,
        world.publish(BEN)?,
        world.publish(ANNA)?,
    ];
    let [first, second, third] = notes;
    let (newest, oldest) = (
        Ranking::new("newest"),
        Ranking::new("oldest").term(
            "place",
            1.0,
            move |of: &crate::rank::Candidates, _: &crate::rank::Context, scores: &mut [f64]| {
                for (row, score) in scores.iter_mut().enumerate() {
                    *score = if of.id(row) == first { 1.0 } else { 0.0 };
                }
            },
        ),
    );
    let read = |rollout: &Rollout| {
        wait(
            world
                .feeds
                .ranked(world.reader, &newest)
                .limit(1)
                .rollout(&oldest, rollout, "a trial"),
        )
    };
    let off = read(&Rollout::Off)?;
    assert_eq!((&*off.ranking, off.observed), ("newest", None));
    let observed = read(&Rollout::Observe)?;
    assert_eq!(observed.items, off.items);
    let apart = observed
        .observed
        .map(|apart| (apart.items, apart.moved, apart.max, apart.kept_at_top));
    assert_eq!(apart, Some((3, 3, 2, 0.0)));
    let all = read(&Rollout::All)?;
    assert_eq!((all.items[0].activity.id, &*all.ranking), (first, "oldest"));
    assert_eq!(world.order(&newest)?, [third, second, first]);
    Ok(())
}

#[test]
fn what_a_ranking_drops_is_explained_and_each_item_in_a_sentence() -> Result<()> {
    let world = World::new()?;
    let share_of = world.publish(ANNA)?;
    wait(
        world
            .feeds
            .publish(Activity::by(ActorId::from(BEN)).object(share_of)),
    )?;
    let no_shares =
        |candidates: &crate::rank::Candidates, _: &crate::rank::Context, kept: &mut [bool]| {
            for (item, kept) in candidates.items().iter().zip(kept) {
                *kept = item.activity.shared().is_none();
            }
        };
    let half_life = HalfLife::WEEK;
    let ranking = Ranking::new("no shares")
        .filter("shares", no_shares)
        .term("whom you deal with", 1.0, Feature::Affinity(half_life))
        .looks_at([Feature::IsShare]);
    wait(world.feeds.react(world.reader, "like", share_of))?;
    let page = wait(world.feeds.ranked(world.reader, &ranking).explain())?;
    let name = |actor: ActorId| format!("number {}", actor.as_uuid().as_bytes()[15]);
    let why = page.items[0].why.as_ref().map(|why| why.sentence(name));
    assert_eq!(
        why.as_deref(),
        Some("You follow number 1, and “whom you deal with” counts most for it.")
    );
    assert_eq!(page.dropped.len(), 1);
    assert_eq!(
        page.dropped[0].sentence(name),
        "You follow number 2, but “shares” leaves it out."
    );
    Ok(())
}

#[test]
fn the_ready_rankings_rank_what_is_there() -> Result<()> {
    let world = World::new()?;
    let old = world.publish(ANNA)?;
    world.wait_for(TimeDelta::hours(5));
    let new = world.publish(BEN)?;
    for text in [ready::CHRONOLOGICAL, ready::LIVELY, ready::CLOSE] {
        let ranking = Ranking::from_json(text)?;
        assert_eq!(world.order(&ranking)?, [new, old], "{}", ranking.name());
    }
    // Talked about, and with whom the reader deals.
    wait(world.feeds.react(world.reader, "like", old))?;
    wait(
        world
            .feeds
            .publish(Activity::by(ActorId::from(BEN)).in_reply_to(old)),
    )?;
    let lively = Ranking::from_json(ready::LIVELY)?;
    assert_eq!(world.order(&lively)?[0], old);
    // Shown again and again, it sinks among the close.
    let close = Ranking::from_json(ready::CLOSE)?;
    assert_eq!(world.order(&close)?[0], old);
    world.feeds.saw(world.reader, &[old; 3]);
    assert_ne!(world.order(&close)?[0], old);
    Ok(())
}

/// contract 8.3
#[test]
fn later_pages_are_explained_as_one_page_of_all_would_be() -> Result<()> {
    let world = World::new()?;
    for number in 0..24 {
        let note = world.publish([ANNA, BEN][number % 2])?;
        world.wait_for(TimeDelta::minutes(7));
        if number % 3 == 0 {
            wait(world.feeds.react(ActorId::from(7), "like", note))?;
        }
    }
    let ranking = Ranking::from_json(
        r#"{
            "name": "everything",
            "filters": [{"name": "two hours", "keep": {"<": ["age", "2h"]}}],
            "terms": [
                {"name": "likes", "weight": 2, "value": "reactions"},
                {"name": "of one author", "weight": -0.5, "value": "posts"},
                {"name": "new", "value": {"exponential": ["age", "1h"]}}
            ],
            "rules": [
                {"name": "authors", "author_decay": {"factor": 0.5, "floor": 0.1}},
                {"name": "by lot", "explore": {"share": 0.5, "of": 12}},
                {"name": "fourteen", "top": 14}
            ]
        }"#,
    )?;
    let read = |limit| {
        world
            .feeds
            .ranked(world.reader, &ranking)
            .seed(3)
            .limit(limit)
            .explain()
    };
    let whole = wait(read(500))?;
    let mut pages = wait(read(4))?;
    assert_eq!(whole.dropped, pages.dropped);
    assert_eq!((whole.items.len(), whole.dropped.len()), (14, 10));
    let mut walked = Vec::new();
    loop {
        walked.append(&mut pages.items);
        let Some(next) = pages.next else { break };
        pages = wait(read(4).after(next))?;
    }
    assert_eq!(walked, whole.items);
    Ok(())
}

#[test]
fn affinity_is_of_what_the_reader_did_and_of_what_is_still_there() -> Result<()> {
    let world = World::new()?;
    let (feeds, reader) = (&world.feeds, world.reader);
    let (first, second) = (world.publish(ANNA)?, world.publish(ANNA)?);
    wait(feeds.publish(Activity::by(reader).in_reply_to(first)))?;
    wait(feeds.react(reader, "like", second))?;
    for _ in 0..1_100 {
        let spam = Activity::by(ActorId::from(66))
            .to([reader])
            .in_reply_to(second);
        wait(feeds.publish(spam))?;
    }
    let known = world.known("affinity", second)?;
    assert!((known - 2.0).abs() < 1e-9, "{known}");
    wait(feeds.delete(first))?;
    let known = world.known("affinity", second)?;
    assert!((known - 1.0).abs() < 1e-9, "{known}");
    wait(feeds.erase(ActorId::from(ANNA)))?;
    wait(feeds.follow(reader, ActorId::from(ANNA)))?;
    let new = world.publish(ANNA)?;
    assert_eq!(world.known("affinity", new)?, 0.0);
    Ok(())
}
