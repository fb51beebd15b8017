//! Who sees what (contract 4).

use super::{World, anna, ben, cleo, team};
use crate::activity::Activity;
use crate::activity::Revision;
use crate::audience::Audience;
use crate::clock::Clock;
use crate::error::Result;
use crate::relation::Follow;
use crate::verb::Verb;
use crate::wait::wait;

/// contract 4.1, 4.4
#[test]
fn leaving_a_group_hides_what_was_for_its_members_at_the_next_read() -> Result<()> {
    let world = World::new();
    for member in [anna(), ben()] {
        wait(world.feeds.join(member, team()))?;
    }
    wait(world.feeds.follow(ben(), team()))?;
    let draft = Activity::by(anna())
        .to([team()])
        .audience(Audience::Members(team()));
    let id = world.publish(draft)?;
    assert_eq!(world.home(ben())?, [id]);
    wait(world.feeds.leave(ben(), team()))?;
    assert_eq!(world.home(ben())?, []);
    assert!(wait(world.feeds.get(id, Some(ben())))?.is_none());
    wait(world.feeds.join(ben(), team()))?;
    assert_eq!(world.home(ben())?, [id]);
    Ok(())
}

/// contract 4.1: the edge must be open; from when it counts does not matter.
#[test]
fn what_is_for_followers_is_for_those_who_follow_now() -> Result<()> {
    let world = World::new();
    let id = world.publish(
        Activity::by(anna())
            .to([team()])
            .audience(Audience::Followers),
    )?;
    world.later(1);
    let sees = || -> Result<bool> { Ok(wait(world.feeds.get(id, Some(ben())))?.is_some()) };
    assert!(!sees()?);
    wait(
        world
            .feeds
            .follow_with(ben(), anna(), Follow::since(world.clock.now())),
    )?;
    assert!(sees()?);
    wait(world.feeds.unfollow_and_keep_history(ben(), anna()))?;
    assert!(!sees()?);
    Ok(())
}

/// contract 4.6
#[test]
fn a_share_does_not_widen_the_audience_of_what_it_shares() -> Result<()> {
    let world = World::new();
    wait(world.feeds.follow(cleo(), ben()))?;
    let secret = world.publish(Activity::by(anna()).audience(Audience::Only(vec![ben()])))?;
    let share = world.publish(Activity::by(ben()).verb(Verb::Announce).object(secret))?;
    let again = world.publish(Activity::by(ben()).verb(Verb::Announce).object(share))?;
    assert_eq!(world.home(cleo())?, []);
    assert_eq!(world.home(ben())?, [again, share]);
    assert_eq!(
        wait(world.feeds.outbox(ben()).viewer(cleo()).ids())?.items,
        []
    );
    Ok(())
}

/// contract 4.6: an update closes a ring; each must be visible by itself.
#[test]
fn shares_that_go_round_in_a_ring_come_to_an_end() -> Result<()> {
    let world = World::new();
    let first = world.publish(Activity::by(anna()))?;
    let second = world.publish(Activity::by(anna()).object(first))?;
    let third = world.publish(Activity::by(anna()).object(second))?;
    wait(world.feeds.update(first, Revision::new().object(second)))?;
    let sees = |id| -> Result<bool> { Ok(wait(world.feeds.get(id, None))?.is_some()) };
    assert!(sees(first)? && sees(second)? && sees(third)?);
    wait(world.feeds.delete(second))?;
    assert!(!sees(first)? && !sees(third)?);
    Ok(())
}
