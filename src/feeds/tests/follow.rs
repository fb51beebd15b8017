//! Following and approval (contract 3).

use super::{World, anna, ben, cleo, kind, team};
use crate::activity::Activity;
use crate::clock::Clock;
use crate::error::ErrorKind;
use crate::error::Result;
use crate::id::ActorId;
use crate::relation::Follow;
use crate::verb::Verb;
use crate::wait::wait;

/// contract 3.1
#[test]
fn a_follow_brings_the_past_unless_it_begins_somewhere() -> Result<()> {
    let world = World::new();
    let old = world.publish(Activity::by(anna()))?;
    let now = world.later(1);
    let new = world.publish(Activity::by(anna()))?;
    wait(world.feeds.follow(ben(), anna()))?;
    wait(world.feeds.follow_with(cleo(), anna(), Follow::since(now)))?;
    assert_eq!(world.home(ben())?, [new, old]);
    assert_eq!(world.home(cleo())?, [new]);
    // Another `since` replaces the edge's.
    wait(world.feeds.follow(cleo(), anna()))?;
    assert_eq!(world.home(cleo())?, [new, old]);
    Ok(())
}

/// contract 3.1
#[test]
fn an_edge_leaves_out_verbs_and_another_stream_may_bring_them() -> Result<()> {
    let world = World::new();
    let no_shares = Follow::everything().except([Verb::Announce]);
    wait(world.feeds.follow_with(ben(), anna(), no_shares))?;
    let note = world.publish(Activity::by(anna()))?;
    let share = world.publish(
        Activity::by(anna())
            .verb(Verb::Announce)
            .object(note)
            .to([team()]),
    )?;
    assert_eq!(world.home(ben())?, [note]);
    wait(world.feeds.follow(ben(), team()))?;
    let home = wait(world.feeds.home(ben()).explain())?;
    assert_eq!(home.items[0].activity.id, share);
    assert_eq!(home.items[0].via, [team()]);
    Ok(())
}

/// contract 3.2
#[test]
fn unfollowing_takes_the_past_away_or_keeps_it() -> Result<()> {
    let world = World::new();
    for reader in [ben(), cleo()] {
        wait(world.feeds.follow(reader, anna()))?;
    }
    let before = world.publish(Activity::by(anna()))?;
    assert_eq!(world.home(cleo())?, [before]);
    world.later(1);
    assert!(wait(world.feeds.unfollow(ben(), anna()))?);
    assert!(wait(world.feeds.unfollow_and_keep_history(cleo(), anna()))?);
    let after = world.publish(Activity::by(anna()))?;
    assert_eq!(world.home(ben())?, []);
    assert_eq!(world.home(cleo())?, [before]);
    assert_eq!(wait(world.feeds.followers(anna()))?.count, 0);
    // contract 3.1: following again opens the edge for good.
    assert!(wait(world.feeds.follow(cleo(), anna()))?.changed);
    assert_eq!(world.home(cleo())?, [after, before]);
    Ok(())
}

/// contract 3.4
#[test]
fn an_edge_keeps_its_instant_unless_it_was_closed() -> Result<()> {
    let world = World::new();
    wait(world.feeds.follow(ben(), anna()))?;
    world.later(1);
    wait(world.feeds.follow(cleo(), anna()))?;
    let first = || -> Result<ActorId> { Ok(wait(world.feeds.followers(anna()))?.edges[0].from) };
    world.later(1);
    wait(
        world
            .feeds
            .follow_with(ben(), anna(), Follow::everything().except([Verb::Like])),
    )?;
    assert_eq!(first()?, cleo());
    wait(world.feeds.unfollow_and_keep_history(ben(), anna()))?;
    wait(world.feeds.follow(ben(), anna()))?;
    assert_eq!(first()?, ben());
    Ok(())
}

/// contract 3.6
#[test]
fn who_approves_its_followers_is_asked_first() -> Result<()> {
    let world = World::new();
    let feeds = &world.feeds;
    let note = world.publish(Activity::by(anna()))?;
    wait(feeds.follow(cleo(), anna()))?;
    assert!(wait(feeds.set_approval(anna(), true))?);
    let asked = wait(feeds.follow(ben(), anna()))?;
    assert!(asked.changed && asked.requested);
    assert!(
        !wait(feeds.follow(ben(), anna()))?.changed,
        "asking again changes nothing"
    );
    assert_eq!(
        (world.home(ben())?, world.home(cleo())?),
        (vec![], vec![note])
    );
    assert_eq!(wait(feeds.requests(anna()))?.edges[0].from, ben());
    wait(feeds.accept(anna(), ben()))?;
    assert_eq!(world.home(ben())?, [note]);
    // An open edge may be changed without asking; one that was closed may not be opened.
    assert!(!wait(feeds.follow_with(ben(), anna(), Follow::since(world.clock.now())))?.requested);
    wait(feeds.unfollow_and_keep_history(ben(), anna()))?;
    assert!(wait(feeds.follow(ben(), anna()))?.requested);
    assert!(wait(feeds.unfollow(ben(), anna()))?, "withdrawn");
    assert_eq!(
        kind(wait(feeds.reject(anna(), ben()))),
        Some(ErrorKind::NotFound)
    );
    Ok(())
}
