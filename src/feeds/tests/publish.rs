//! What is published, changed, deleted and erased (contract 1 and 2).

use chrono::TimeDelta;

use super::{World, anna, ben, cleo, kind, team};
use crate::activity::Activity;
use crate::activity::Revision;
use crate::audience::Audience;
use crate::clock::Clock;
use crate::error::ErrorKind;
use crate::error::Result;
use crate::feeds::Counts;
use crate::verb::Verb;
use crate::wait::wait;

/// contract 1.3
#[test]
fn back_dated_activities_of_one_millisecond_keep_the_order_of_publishing() -> Result<()> {
    let world = World::new();
    let long_ago = world.clock.now() - TimeDelta::days(300);
    let now = world.publish(Activity::by(anna()))?;
    let first = world.publish(Activity::by(anna()).published(long_ago))?;
    let second = world.publish(Activity::by(anna()).published(long_ago))?;
    assert_eq!(world.home(anna())?, [now, second, first]);
    Ok(())
}

/// contract 1.4, 5.7
#[test]
fn an_activity_is_in_the_outbox_of_each_of_its_streams_once() -> Result<()> {
    let world = World::new();
    let id = world.publish(Activity::by(anna()).to([team(), anna(), team()]))?;
    for stream in [anna(), team()] {
        assert_eq!(wait(world.feeds.outbox(stream).ids())?.items, [id]);
    }
    wait(world.feeds.follow(ben(), anna()))?;
    wait(world.feeds.follow(ben(), team()))?;
    assert_eq!(world.home(ben())?, [id]);
    Ok(())
}

/// contract 1.5
#[test]
fn two_runs_with_the_same_clock_and_ids_give_the_same_bytes() -> Result<()> {
    let run = || -> Result<String> {
        let world = World::new();
        world.publish(Activity::by(anna()).data(1))?;
        world.publish(Activity::by(anna()).to([team()]))?;
        let page = wait(world.feeds.home(anna()).limit(1).explain())?;
        Ok(serde_json::to_string(&page).unwrap())
    };
    assert_eq!(run()?, run()?);
    Ok(())
}

/// contract 2.2
#[test]
fn a_key_publishes_once_and_is_gone_with_its_activity() -> Result<()> {
    let world = World::new();
    let draft = || Activity::by(anna()).key("form-1");
    let first = world.publish(draft())?;
    assert_eq!(world.publish(draft().data("changed"))?, first);
    // Another actor's key is another key.
    assert_ne!(world.publish(Activity::by(ben()).key("form-1"))?, first);
    wait(world.feeds.delete(first))?;
    assert_eq!(kind(world.publish(draft())), Some(ErrorKind::Gone));
    Ok(())
}

/// contract 2.2 before 2.3
#[test]
fn a_repeated_publish_is_found_also_by_who_has_left_the_group() -> Result<()> {
    let world = World::new();
    let draft = || {
        Activity::by(anna())
            .audience(Audience::Members(team()))
            .key("k")
    };
    wait(world.feeds.join(anna(), team()))?;
    let first = world.publish(draft())?;
    wait(world.feeds.leave(anna(), team()))?;
    assert_eq!(world.publish(draft())?, first);
    let other = Activity::by(anna()).audience(Audience::Members(team()));
    assert_eq!(kind(world.publish(other)), Some(ErrorKind::Forbidden));
    Ok(())
}

/// contract 2.3, 4.5: what may not be seen answers like what is not there, to the letter.
#[test]
fn replying_to_what_one_may_not_see_is_like_replying_to_nothing() -> Result<()> {
    let world = World::new();
    let secret = world.publish(Activity::by(anna()).audience(Audience::Only(vec![cleo()])))?;
    let error = |id| wait(world.feeds.publish(Activity::by(ben()).in_reply_to(id)));
    let hidden = error(secret).unwrap_err();
    assert_eq!(hidden.kind(), ErrorKind::NotFound);
    wait(world.feeds.delete(secret))?;
    assert_eq!(error(secret).unwrap_err().to_string(), hidden.to_string());
    Ok(())
}

/// contract 2.4
#[test]
fn an_update_keeps_the_place_and_shows_in_warm_homes() -> Result<()> {
    let world = World::new();
    let first = world.publish(Activity::by(anna()).object("helo").data(1))?;
    let second = world.publish(Activity::by(anna()))?;
    world.home(anna())?;
    let now = world.later(5);
    wait(world.feeds.update(first, Revision::new().object("hello")))?;
    let page = wait(world.feeds.home(anna()))?;
    let ids: Vec<_> = page.items.iter().map(|item| item.activity.id).collect();
    assert_eq!(ids, [second, first]);
    let updated = &page.items[1].activity;
    assert_eq!(
        (updated.object.clone(), updated.updated),
        (Some("hello".into()), Some(now))
    );
    assert_eq!(
        updated.data, None,
        "what the revision does not name is gone"
    );
    Ok(())
}

/// contract 2.4, 2.3: an update is no way around the rule for what is taken as object.
#[test]
fn an_update_does_not_share_what_its_actor_may_not_see() -> Result<()> {
    let world = World::new();
    let secret = world.publish(Activity::by(anna()).audience(Audience::Only(vec![cleo()])))?;
    let own = world.publish(Activity::by(ben()))?;
    let update = wait(world.feeds.update(own, Revision::new().object(secret)));
    assert_eq!(kind(update), Some(ErrorKind::NotFound));
    Ok(())
}

/// contract 2.5, 4.6
#[test]
fn a_deletion_takes_the_shares_along_and_leaves_the_replies() -> Result<()> {
    let world = World::new();
    wait(world.feeds.follow(cleo(), ben()))?;
    let note = world.publish(Activity::by(anna()))?;
    let share = world.publish(Activity::by(ben()).verb(Verb::Announce).object(note))?;
    let reply = world.publish(Activity::by(ben()).in_reply_to(note))?;
    assert_eq!(world.home(cleo())?, [reply, share]);
    assert!(wait(world.feeds.delete(note))?);
    assert_eq!(world.home(cleo())?, [reply]);
    assert!(wait(world.feeds.get(share, Some(ben())))?.is_none());
    assert!(!wait(world.feeds.delete(note))?);
    Ok(())
}

/// contract 2.7
#[test]
fn an_erased_actor_has_never_been_but_for_its_keys() -> Result<()> {
    let world = World::new();
    let feeds = &world.feeds;
    wait(feeds.follow(ben(), anna()))?;
    wait(feeds.follow(anna(), ben()))?;
    wait(feeds.join(anna(), team()))?;
    wait(feeds.block(anna(), cleo()))?;
    wait(feeds.set_actor(crate::Actor::new(anna())))?;
    let note = world.publish(Activity::by(anna()).key("k").to([team()]))?;
    let gone = world.publish(Activity::by(anna()))?;
    wait(feeds.delete(gone))?;
    assert_eq!(world.home(ben())?, [note]);

    assert_eq!(wait(feeds.erase(anna()))?, 1);
    assert_eq!(world.home(ben())?, []);
    assert_eq!(wait(feeds.outbox(team()).ids())?.items, []);
    for actor in [anna(), ben(), team()] {
        assert_eq!(wait(feeds.counts(actor))?, Counts::default());
    }
    assert_eq!(wait(feeds.actors(&[anna()]))?, [None]);
    assert_eq!(kind(wait(feeds.delete(gone))), Some(ErrorKind::NotFound));
    assert_eq!(
        kind(world.publish(Activity::by(anna()).key("k"))),
        Some(ErrorKind::Gone)
    );
    assert!(
        wait(feeds.follow(cleo(), anna()))?.changed,
        "the block is gone, too"
    );
    Ok(())
}
