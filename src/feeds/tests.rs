//! Cases from the field, each with the rule of the contract that decides it. What random
//! operations find is in `naive`; here is what people would ask about.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::activity::{Activity, Draft, Revision};
use crate::audience::Audience;
use crate::cursor::Cursor;
use crate::error::ErrorKind;
use crate::fanout::AllPush;
use crate::id::ActivityId;
use crate::relation::Follow;
use crate::verb::Verb;
use crate::wait::wait;
use crate::{ManualClock, Result};

const START: i64 = 1_700_000_000_000;

/// Feeds that push everything into timelines of four entries, and their clock.
struct World {
    feeds: Feeds,
    clock: ManualClock,
}

impl World {
    fn new() -> Self {
        let clock = ManualClock::at_millis(START);
        let feeds = Feeds::builder(Memory::new(), Local::with_capacity(4))
            .clock(clock.clone())
            .ids(Ids::new(1))
            .strategy(AllPush)
            .cold_reads_before_filling(0)
            .build();
        Self { feeds, clock }
    }

    fn publish(&self, draft: Draft) -> Result<ActivityId> {
        Ok(wait(self.feeds.publish(draft))?.activity.id)
    }

    /// The home, which is warm from the second read on.
    fn home(&self, reader: ActorId) -> Result<Vec<ActivityId>> {
        let first = wait(self.feeds.home(reader).ids())?.items;
        let again = wait(self.feeds.home(reader).ids())?.items;
        assert_eq!(first, again);
        Ok(again)
    }

    fn later(&self, minutes: i64) -> DateTime<Utc> {
        let now = self.clock.now() + TimeDelta::minutes(minutes);
        self.clock.set_millis(now.timestamp_millis());
        now
    }
}

fn anna() -> ActorId {
    ActorId::named("anna")
}

fn ben() -> ActorId {
    ActorId::named("ben")
}

fn cleo() -> ActorId {
    ActorId::named("cleo")
}

fn team() -> ActorId {
    ActorId::named("group:team")
}

fn kind<A>(result: Result<A>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

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
        Ok(serde_json::to_string(&page).unwrap_or_default())
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
    assert!(wait(feeds.accept(anna(), ben()))?);
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
            .object(crate::Object::default().property("type", "Note"))
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
