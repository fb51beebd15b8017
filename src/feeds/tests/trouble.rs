//! Timelines that fail, futures that are dropped, and what happens while a page is read.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Waker};
use std::thread;

use super::observed::Observed;
use super::{anna, ben, cleo};
use crate::activity::{Activity, Revision};
use crate::audience::Audience;
use crate::error::Result;
use crate::fanout::AllPush;
use crate::feeds::Feeds;
use crate::id::{ActivityId, ActorId};
use crate::store::Memory;
use crate::wait::wait;

/// Ben follows Anna, and is warm.
fn world() -> Result<(Feeds<Memory, Observed>, Observed)> {
    let timelines = Observed::default();
    let feeds = Feeds::builder(Memory::new(), timelines.clone())
        .strategy(AllPush)
        .cold_reads_before_filling(0)
        .build();
    wait(feeds.follow(ben(), anna()))?;
    wait(feeds.home(ben()))?;
    assert_eq!(wait(feeds.census())?.timelines, 1);
    Ok((feeds, timelines))
}

fn home(feeds: &Feeds<Memory, Observed>) -> Result<Vec<ActivityId>> {
    Ok(wait(feeds.home(ben()).ids())?.items)
}

/// contract 2.1, 5.1: what was published is published, and in every home.
#[test]
fn a_push_that_fails_is_made_good_before_a_timeline_is_read_again() -> Result<()> {
    let (feeds, timelines) = world()?;
    timelines.is_down.store(true, Ordering::SeqCst);
    let published = wait(feeds.publish(Activity::by(anna()).key("k")))?;
    assert_eq!(published.deliveries, 0);
    let id = published.activity.id;
    assert_eq!(
        home(&feeds)?,
        [id],
        "timelines that are down are as good as none"
    );
    timelines.is_down.store(false, Ordering::SeqCst);
    assert_eq!(home(&feeds)?, [id]);
    assert_eq!(
        wait(feeds.census())?.entries,
        1,
        "it is in the timeline now"
    );
    assert!(!wait(feeds.publish(Activity::by(anna()).key("k")))?.is_new);
    Ok(())
}

/// A timeline that can be read, and lacks what could not be pushed, is not believed.
#[test]
fn a_timeline_is_not_read_while_a_push_is_owed_to_it() -> Result<()> {
    let (feeds, timelines) = world()?;
    timelines.refuses_pushes.store(true, Ordering::SeqCst);
    let id = wait(feeds.publish(Activity::by(anna())))?.activity.id;
    assert_eq!(home(&feeds)?, [id]);
    Ok(())
}

#[test]
fn a_publish_whose_future_is_dropped_is_made_good_by_the_next_read() -> Result<()> {
    let (feeds, timelines) = world()?;
    timelines.is_stuck.store(true, Ordering::SeqCst);
    {
        let mut publish = pin!(feeds.publish(Activity::by(anna())));
        let poll = publish
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(poll.is_pending());
    }
    timelines.is_stuck.store(false, Ordering::SeqCst);
    assert_eq!(home(&feeds)?.len(), 1);
    Ok(())
}

#[test]
fn relations_change_and_pages_are_read_while_timelines_are_down() -> Result<()> {
    let (feeds, timelines) = world()?;
    let id = wait(feeds.publish(Activity::by(anna())))?.activity.id;
    timelines.is_down.store(true, Ordering::SeqCst);
    assert!(wait(feeds.unfollow(ben(), anna()))?);
    assert_eq!(home(&feeds)?, []);
    assert!(wait(feeds.follow(ben(), anna()))?.changed);
    assert_eq!(home(&feeds)?, [id]);
    assert!(wait(feeds.block(ben(), anna()))?);
    timelines.is_down.store(false, Ordering::SeqCst);
    assert_eq!(home(&feeds)?, []);
    Ok(())
}

/// contract 4.3, 4.4: nobody is judged by what held before there was anything to see.
#[test]
fn what_is_published_after_a_block_is_hidden_also_from_a_read_that_has_begun() -> Result<()> {
    let (feeds, timelines) = world()?;
    let others = feeds.clone();
    *timelines.before_read.lock().unwrap() = Some(Box::new(move || {
        wait(others.block(anna(), ben())).unwrap();
        wait(others.publish(Activity::by(anna()))).unwrap();
        wait(others.publish(Activity::by(anna()).audience(Audience::Followers))).unwrap();
    }));
    assert_eq!(home(&feeds)?, []);
    assert!(
        timelines.before_read.lock().unwrap().is_none(),
        "it has happened"
    );
    Ok(())
}

/// contract 5.2: a mute keeps the timeline, so that the read has what was pushed into it since.
#[test]
fn what_is_published_after_a_mute_is_hidden_also_from_a_read_that_has_begun() -> Result<()> {
    let (feeds, timelines) = world()?;
    let first = wait(feeds.publish(Activity::by(anna())))?.activity.id;
    assert_eq!(home(&feeds)?, [first]);
    let others = feeds.clone();
    *timelines.before_read.lock().unwrap() = Some(Box::new(move || {
        wait(others.mute(ben(), anna())).unwrap();
        assert_eq!(
            wait(others.publish(Activity::by(anna())))
                .unwrap()
                .deliveries,
            1
        );
    }));
    assert_eq!(home(&feeds)?, []);
    assert!(timelines.before_read.lock().unwrap().is_none());
    Ok(())
}

/// contract 4.6: an activity that becomes about another while a page is read.
#[test]
fn what_an_update_hides_is_hidden_also_from_a_read_that_has_begun() -> Result<()> {
    let (feeds, timelines) = world()?;
    wait(feeds.follow(anna(), cleo()))?;
    let hidden = Activity::by(cleo()).audience(Audience::Followers);
    let hidden = wait(feeds.publish(hidden))?.activity.id;
    let id = wait(feeds.publish(Activity::by(anna())))?.activity.id;
    let items = || -> Result<usize> { Ok(wait(feeds.home(ben()))?.items.len()) };
    assert_eq!(items()?, 1);
    let others = feeds.clone();
    *timelines.after_read.lock().unwrap() = Some(Box::new(move || {
        wait(others.update(id, Revision::new().object(hidden))).unwrap();
    }));
    assert_eq!(items()?, 0);
    assert!(timelines.after_read.lock().unwrap().is_none());
    Ok(())
}

/// contract 5.1: a timeline has what it covers, also where another process changes the relations that it
/// was decided by.
#[test]
fn a_timeline_is_filled_with_the_streams_that_it_was_decided_for() -> Result<()> {
    let (store, timelines) = (Memory::new(), Observed::default());
    let feeds = Feeds::builder(store.clone(), timelines.clone())
        .strategy(AllPush)
        .cold_reads_before_filling(1)
        .build();
    let elsewhere = Feeds::new(store, crate::timelines::None);
    wait(feeds.follow(ben(), anna()))?;
    wait(feeds.follow(ben(), cleo()))?;
    let note = wait(feeds.publish(Activity::by(cleo())))?.activity.id;
    assert_eq!(home(&feeds)?, [note]);
    let others = elsewhere.clone();
    *timelines.while_deciding.lock().unwrap() = Some(Box::new(move || {
        assert!(wait(others.unfollow(ben(), cleo())).unwrap());
    }));
    assert_eq!(home(&feeds)?, []);
    assert!(timelines.while_deciding.lock().unwrap().is_none());
    assert_eq!(wait(feeds.census())?.timelines, 1);
    wait(elsewhere.follow(ben(), cleo()))?;
    assert_eq!(home(&feeds)?, [note]);
    Ok(())
}

/// contract 5.10: who walks up while several threads publish meets everything, each once.
#[test]
fn walking_up_passes_nothing_over_that_is_still_on_its_way() -> Result<()> {
    const WRITERS: u64 = 3;
    const EACH: u64 = 3_000;
    let feeds = Feeds::in_memory();
    let reader = ActorId::from(0);
    wait(feeds.publish(Activity::by(reader)))?;
    for writer in 1..=WRITERS {
        wait(feeds.follow(reader, ActorId::from(writer)))?;
    }
    let mut newer = wait(feeds.home(reader))?.newer;
    let mut met = Vec::new();
    thread::scope(|scope| -> Result<()> {
        let writers: Vec<_> = (1..=WRITERS)
            .map(|writer| {
                let feeds = &feeds;
                scope.spawn(move || {
                    for _ in 0..EACH {
                        wait(feeds.publish(Activity::by(ActorId::from(writer)))).unwrap();
                    }
                })
            })
            .collect();
        loop {
            let is_over = writers.iter().all(thread::ScopedJoinHandle::is_finished);
            let page = wait(feeds.home(reader).limit(100).newer_than(newer).ids())?;
            let is_empty = page.items.is_empty();
            met.extend(page.items.into_iter().rev());
            newer = page.newer;
            if is_over && is_empty {
                return Ok(());
            }
        }
    })?;
    assert!(met.is_sorted(), "each page begins above the last one");
    let distinct: HashSet<_> = met.iter().collect();
    assert_eq!(
        (met.len(), distinct.len()),
        ((WRITERS * EACH) as usize, met.len())
    );
    Ok(())
}

/// contract 5.10: whatever arrives late is above the place at which walking up begins.
#[test]
fn the_newer_of_a_page_lies_below_what_is_still_on_its_way() -> Result<()> {
    const EACH: u64 = 3_000;
    let feeds = Feeds::in_memory();
    let team = ActorId::from(0);
    let mut pages = Vec::new();
    thread::scope(|scope| -> Result<()> {
        let writers: Vec<_> = (1..=3)
            .map(|writer| {
                let feeds = &feeds;
                scope.spawn(move || {
                    for _ in 0..EACH {
                        wait(feeds.publish(Activity::by(ActorId::from(writer)).to([team])))
                            .unwrap();
                    }
                })
            })
            .collect();
        while !writers.iter().all(thread::ScopedJoinHandle::is_finished) {
            pages.push(wait(feeds.outbox(team).limit(20).ids())?);
        }
        Ok(())
    })?;
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = wait(feeds.outbox(team).limit(1_000).after(cursor).ids())?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    all.reverse();
    for page in pages {
        let (Some(newer), Some(lowest)) = (page.newer, page.items.last()) else {
            continue;
        };
        let newer = newer.activity("test")?;
        let settled: Vec<_> = page.items.iter().rev().filter(|id| **id <= newer).collect();
        let arrived: Vec<_> = all
            .iter()
            .filter(|id| *lowest <= **id && **id <= newer)
            .collect();
        assert_eq!(settled, arrived);
    }
    Ok(())
}

/// contract 5.10: what goes while a page is made leaves its room to others, and nothing is passed over. Whoever hides
/// somebody is read a little ahead.
#[test]
fn walking_up_passes_nothing_over_when_something_is_deleted_meanwhile() -> Result<()> {
    let (feeds, timelines) = world()?;
    wait(feeds.follow(ben(), cleo()))?;
    wait(feeds.mute(ben(), cleo()))?;
    wait(feeds.publish(Activity::by(anna())))?;
    let newer = wait(feeds.home(ben()))?.newer;
    let notes = (0..30).map(|_| Ok(wait(feeds.publish(Activity::by(anna())))?.activity.id));
    let notes: Vec<ActivityId> = notes.collect::<Result<_>>()?;
    let (others, fifth) = (feeds.clone(), notes[4]);
    *timelines.after_read.lock().unwrap() = Some(Box::new(move || {
        wait(others.delete(fifth)).unwrap();
    }));
    let page = wait(feeds.home(ben()).limit(20).newer_than(newer))?;
    assert!(timelines.after_read.lock().unwrap().is_none());
    let rest = wait(feeds.home(ben()).limit(20).newer_than(page.newer))?;
    let items = page.items.iter().rev().chain(rest.items.iter().rev());
    let shown: Vec<ActivityId> = items.map(|item| item.activity.id).collect();
    let left: Vec<ActivityId> = notes.into_iter().filter(|id| *id != fifth).collect();
    assert_eq!(shown, left);
    Ok(())
}
