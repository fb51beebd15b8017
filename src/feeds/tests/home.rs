//! What is in a home, and by which way (contract 5.1 to 5.3, 5.6, 5.9).

use chrono::TimeDelta;

use super::{World, anna, ben, cleo, kind, team};
use crate::activity::Activity;
use crate::clock::Clock;
use crate::error::ErrorKind;
use crate::error::Result;
use crate::verb::Verb;
use crate::wait::wait;

/// contract 5.2
#[test]
fn a_mute_hides_the_stream_and_shares_of_it_until_it_ends() -> Result<()> {
    let world = World::new();
    wait(world.feeds.follow(ben(), anna()))?;
    wait(world.feeds.follow(ben(), cleo()))?;
    let note = world.publish(Activity::by(anna()))?;
    let share = world.publish(Activity::by(cleo()).verb(Verb::Announce).object(note))?;
    let own = world.publish(Activity::by(ben()).object(note).to([anna()]))?;
    assert_eq!(world.home(ben())?, [own, share, note]);
    let until = world.clock.now() + TimeDelta::minutes(10);
    assert!(wait(world.feeds.mute_until(ben(), anna(), until))?);
    assert_eq!(world.home(ben())?, [own]);
    assert_eq!(
        wait(world.feeds.outbox(anna()).viewer(ben()).ids())?.items,
        [own, note]
    );
    world.later(10);
    assert_eq!(world.home(ben())?, [own, share, note]);
    Ok(())
}

/// contract 5.3
#[test]
fn a_block_severs_and_hides_both_ways_and_its_end_restores_nothing() -> Result<()> {
    let world = World::new();
    wait(world.feeds.follow(ben(), anna()))?;
    wait(world.feeds.follow(anna(), ben()))?;
    let note = world.publish(Activity::by(anna()).to([team()]))?;
    world.home(ben())?;
    assert!(wait(world.feeds.block(anna(), ben()))?);
    for (viewer, of) in [(ben(), anna()), (anna(), ben())] {
        assert_eq!(wait(world.feeds.following(viewer))?.count, 0);
        assert_eq!(
            kind(wait(world.feeds.follow(viewer, of))),
            Some(ErrorKind::Blocked)
        );
    }
    wait(world.feeds.follow(ben(), team()))?;
    assert_eq!(world.home(ben())?, []);
    assert!(wait(world.feeds.unblock(anna(), ben()))?);
    assert_eq!(world.home(ben())?, [note], "by way of the team alone");
    assert_eq!(wait(world.feeds.following(ben()))?.count, 1);
    Ok(())
}

/// contract 5.1, 5.9
#[test]
fn own_activities_are_in_the_home_unless_left_out_and_in_a_feed_only_by_its_streams() -> Result<()>
{
    let world = World::new();
    wait(world.feeds.follow(ben(), team()))?;
    let own = world.publish(Activity::by(ben()))?;
    let in_team = world.publish(Activity::by(ben()).to([team()]))?;
    let home = wait(world.feeds.home(ben()).explain())?;
    let mut both = [ben(), team()];
    both.sort_unstable();
    assert_eq!(home.items[0].via, both);
    assert_eq!(world.home(ben())?, [in_team, own]);
    assert_eq!(wait(world.feeds.home(ben()).own(false).ids())?.items, []);
    assert_eq!(
        wait(world.feeds.feed(ben(), [team(), team()]).ids())?.items,
        [in_team]
    );
    assert_eq!(wait(world.feeds.feed(ben(), []).ids())?.items, []);
    Ok(())
}

/// The law: nothing but the cost depends on whether a home is warm.
#[test]
fn a_warm_home_takes_what_is_published_and_nothing_is_delivered_to_who_does_not_read() -> Result<()>
{
    let world = World::new();
    for reader in [ben(), cleo()] {
        wait(world.feeds.follow(reader, anna()))?;
    }
    world.home(ben())?;
    let published = wait(world.feeds.publish(Activity::by(anna())))?;
    assert_eq!(published.deliveries, 1);
    let census = wait(world.feeds.census())?;
    assert_eq!(
        (census.timelines, census.entries, census.subscriptions),
        (1, 1, 2)
    );
    Ok(())
}
