//! Pages, cursors, filters and bad input (contract 5.4, 5.5, 5.8, 5.10, 10).

use chrono::{DateTime, TimeDelta, Utc};

use super::{World, anna, ben, cleo, kind};
use crate::activity::Activity;
use crate::clock::Clock;
use crate::cursor::Cursor;
use crate::error::ErrorKind;
use crate::error::Result;
use crate::feeds::Replies;
use crate::id::ActivityId;
use crate::id::ActorId;
use crate::object::Object;
use crate::relation::Follow;
use crate::verb::Verb;
use crate::wait::wait;

/// contract 5.4
#[test]
fn pages_go_on_far_below_what_a_timeline_keeps() -> Result<()> {
    let world = World::new();
    wait(world.feeds.follow(ben(), anna()))?;
    let mut expected = Vec::new();
    for _ in 0..100 {
        world.home(ben())?;
        expected.push(world.publish(Activity::by(anna()))?);
    }
    expected.reverse();
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = wait(world.feeds.home(ben()).limit(9).after(cursor).ids())?;
        assert!(
            page.next.is_none() || page.items.len() == 9,
            "pages are full"
        );
        found.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(found, expected);
    Ok(())
}

/// contract 5.4: the page that holds the last item says so, also where it is just full.
#[test]
fn a_page_that_is_just_full_ends_the_feed() -> Result<()> {
    let world = World::new();
    for _ in 0..3 {
        world.publish(Activity::by(anna()))?;
    }
    assert!(wait(world.feeds.home(anna()).limit(3))?.next.is_none());
    assert!(wait(world.feeds.home(anna()).limit(2))?.next.is_some());
    Ok(())
}

/// contract 5.4, 5.5
#[test]
fn limits_and_cursors_are_checked() -> Result<()> {
    let world = World::new();
    wait(world.feeds.follow(ben(), anna()))?;
    wait(world.feeds.follow(cleo(), anna()))?;
    let home = || world.feeds.home(ben());
    for limit in [0, 1_001, usize::MAX] {
        assert_eq!(kind(wait(home().limit(limit))), Some(ErrorKind::Invalid));
        assert_eq!(
            kind(wait(world.feeds.followers(anna()).limit(limit))),
            Some(ErrorKind::Invalid)
        );
    }
    let place = Cursor::from(ActivityId::MIN);
    assert_eq!(
        kind(wait(home().after(place).newer_than(place))),
        Some(ErrorKind::Invalid)
    );
    let of_roster = wait(world.feeds.followers(anna()).limit(1))?.next;
    assert_eq!(kind(wait(home().after(of_roster))), Some(ErrorKind::Cursor));
    assert_eq!(
        kind(wait(world.feeds.followers(anna()).after(place))),
        Some(ErrorKind::Cursor)
    );
    Ok(())
}

/// contract 5.8
#[test]
fn filters_leave_out_and_pages_stay_full() -> Result<()> {
    let world = World::new();
    let note = |n: i32| {
        Activity::by(anna())
            .object(Object::default().property("type", "Note"))
            .data(n)
    };
    let mut notes = Vec::new();
    for number in 0..20 {
        notes.push(world.publish(note(number))?);
        world.publish(Activity::by(anna()).verb(Verb::Like))?;
    }
    notes.reverse();
    let home = || world.feeds.home(anna()).limit(10);
    assert_eq!(
        wait(home().object_types(["Note", "Image"]).ids())?.items,
        notes[..10]
    );
    assert_eq!(wait(home().verbs([Verb::Create]).ids())?.items, notes[..10]);
    assert_eq!(wait(home().verbs([Verb::Create]).count())?, 20);
    assert_eq!(wait(home().verbs([Verb::Create, Verb::Like]).count())?, 40);
    assert_eq!(wait(home().verbs([Verb::from("deploy")]).count())?, 0);
    let both = Object::default().property("type", serde_json::json!(["Event", "Place"]));
    let party = world.publish(Activity::by(anna()).object(both))?;
    assert_eq!(wait(home().object_types(["Place"]).ids())?.items, [party]);
    Ok(())
}

/// contract 5.8
#[test]
fn a_window_holds_its_beginning_and_not_its_end() -> Result<()> {
    let world = World::new();
    world.publish(Activity::by(anna()))?;
    let since = world.later(1);
    let inside = world.publish(Activity::by(anna()))?;
    let until = world.later(1);
    world.publish(Activity::by(anna()))?;
    let home = wait(world.feeds.home(anna()).since(since).until(until).ids())?;
    assert_eq!(home.items, [inside]);
    let empty = wait(world.feeds.home(anna()).since(until).until(since).ids())?;
    assert_eq!(empty.items, []);
    Ok(())
}

/// contract 5.8
#[test]
fn replies_are_shown_where_the_reader_knows_who_is_answered() -> Result<()> {
    let world = World::new();
    let dora = ActorId::named("dora");
    wait(world.feeds.follow(ben(), anna()))?;
    wait(world.feeds.follow(ben(), cleo()))?;
    let of = |actor| world.publish(Activity::by(actor));
    let reply = |to| world.publish(Activity::by(anna()).in_reply_to(to));
    let (by_dora, by_cleo, by_ben, by_anna) = (of(dora)?, of(cleo())?, of(ben())?, of(anna())?);
    let to_stranger = reply(by_dora)?;
    let shown = [reply(by_cleo)?, reply(by_ben)?, reply(by_anna)?];
    let read = |replies| wait(world.feeds.home(ben()).replies(replies).ids());
    let followed = read(Replies::Followed)?.items;
    assert!(shown.iter().all(|id| followed.contains(id)) && !followed.contains(&to_stranger));
    assert_eq!(read(Replies::None)?.items, [by_anna, by_ben, by_cleo]);
    assert_eq!(read(Replies::All)?.items.len(), 7);
    // What is answered may be deleted: whom it answered stays known.
    wait(world.feeds.delete(by_cleo))?;
    assert!(read(Replies::Followed)?.items.contains(&shown[0]));
    Ok(())
}

/// contract 5.10
#[test]
fn walking_up_meets_each_newer_item_once() -> Result<()> {
    let world = World::new();
    wait(world.feeds.follow(ben(), anna()))?;
    world.publish(Activity::by(anna()))?;
    let mut newer = wait(world.feeds.home(ben()))?.newer;
    let mut expected = Vec::new();
    for _ in 0..10 {
        expected.push(world.publish(Activity::by(anna()))?);
    }
    let before = world.clock.now() - TimeDelta::days(1);
    world.publish(Activity::by(anna()).published(before))?;
    assert_eq!(wait(world.feeds.home(ben()).newer_than(newer).count())?, 10);
    let mut found = Vec::new();
    loop {
        let page = wait(world.feeds.home(ben()).limit(3).newer_than(newer).ids())?;
        assert!(page.next.is_none());
        if page.items.is_empty() {
            assert_eq!(page.newer, newer);
            break;
        }
        found.extend(page.items.iter().rev().copied());
        newer = page.newer;
    }
    assert_eq!(found, expected);
    Ok(())
}

/// contract 10.1: bad input half-applies nothing.
#[test]
fn oneself_cannot_be_followed_muted_or_blocked() -> Result<()> {
    let world = World::new();
    let feeds = &world.feeds;
    assert_eq!(
        kind(wait(feeds.follow(anna(), anna()))),
        Some(ErrorKind::Invalid)
    );
    assert_eq!(
        kind(wait(feeds.mute(anna(), anna()))),
        Some(ErrorKind::Invalid)
    );
    assert_eq!(
        kind(wait(feeds.block(anna(), anna()))),
        Some(ErrorKind::Invalid)
    );
    let mut ended = Follow::everything();
    ended.interval.until = Some(ActivityId::MAX);
    assert_eq!(
        kind(wait(feeds.follow_with(ben(), anna(), ended))),
        Some(ErrorKind::Invalid)
    );
    let far = Activity::by(anna()).published(DateTime::<Utc>::MAX_UTC);
    assert_eq!(kind(world.publish(far)), Some(ErrorKind::Invalid));
    assert_eq!(wait(feeds.outbox(anna()).count())?, 0);
    Ok(())
}
