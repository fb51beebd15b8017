use super::super::Header;
use super::timeline::Timeline;
use super::*;
use crate::entry::{Interval, Order};
use crate::id::Ids;
use crate::wait::wait;

const READER: u64 = 1;
const STREAM: u64 = 2;

fn entries(count: u64) -> Vec<Entry> {
    let ids = Ids::new(1);
    let entry = |millis| Entry {
        id: ids.make(millis),
        actor: ActorId::from(STREAM),
    };
    (0..count).map(entry).collect()
}

fn header(streams: impl IntoIterator<Item = u64>) -> Header {
    Header {
        pushed: streams.into_iter().map(ActorId::from).collect(),
        pulled: vec![],
    }
}

/// A warm timeline that was filled with these entries, from this floor on.
fn warm(filled: &[Entry], floor: ActivityId, capacity: usize) -> Timeline {
    let mut timeline = Timeline::begin(0, Arc::new(header([STREAM])));
    timeline.fill(filled, floor, capacity);
    timeline
}

/// What the timeline gives of the range, and how far that is complete.
fn found(reading: Reading) -> Option<(Vec<Entry>, Option<ActivityId>)> {
    match reading {
        Reading::Warm { entries, end, .. } => Some((entries, end)),
        Reading::Cold | Reading::Below => None,
    }
}

#[test]
fn it_keeps_the_newest_entries_and_knows_down_to_where() {
    let all = entries(5);
    let mut timeline = warm(&[], ActivityId::MIN, 3);
    for entry in &all {
        assert!(timeline.push(*entry, 3));
    }
    let expected = (vec![all[4], all[3], all[2]], Some(all[2].id));
    assert_eq!(
        found(timeline.read(Range::NEWEST_FIRST, 10)),
        Some(expected)
    );
}

#[test]
fn it_says_that_nothing_is_missing_while_nothing_was_trimmed() {
    let all = entries(3);
    let timeline = warm(&all, ActivityId::MIN, 3);
    let expected = (vec![all[2], all[1], all[0]], None);
    assert_eq!(
        found(timeline.read(Range::NEWEST_FIRST, 10)),
        Some(expected)
    );
}

#[test]
fn back_dated_entries_find_their_place_above_the_floor_and_are_left_out_below() {
    let all = entries(6);
    let mut timeline = warm(&[all[2], all[5]], all[2].id, 9);
    assert!(timeline.push(all[3], 9));
    assert!(!timeline.push(all[3], 9), "an entry is taken once");
    assert!(
        !timeline.push(all[1], 9),
        "below the floor it would stand alone"
    );
    let expected = (vec![all[5], all[3], all[2]], Some(all[2].id));
    assert_eq!(found(timeline.read(Range::NEWEST_FIRST, 9)), Some(expected));
}

#[test]
fn filling_unites_what_was_pulled_with_what_was_pushed_meanwhile() {
    let all = entries(4);
    let mut timeline = Timeline::begin(0, Arc::new(header([STREAM])));
    timeline.push(all[2], 9);
    timeline.push(all[3], 9);
    assert_eq!(timeline.read(Range::NEWEST_FIRST, 9), Reading::Cold);
    timeline.fill(&[all[2], all[1]], all[1].id, 9);
    let expected = (vec![all[3], all[2], all[1]], Some(all[1].id));
    assert_eq!(found(timeline.read(Range::NEWEST_FIRST, 9)), Some(expected));
}

#[test]
fn it_is_read_upwards_from_a_place_at_or_above_its_floor() {
    let all = entries(5);
    let timeline = warm(&all[1..], all[1].id, 9);
    let upwards = |since| Range {
        interval: Interval { since, until: None },
        order: Order::OldestFirst,
    };
    let expected = (vec![all[1], all[2]], Some(all[2].id));
    assert_eq!(found(timeline.read(upwards(all[1].id), 2)), Some(expected));
    assert_eq!(timeline.read(upwards(all[0].id), 2), Reading::Below);
}

#[test]
fn a_ticket_is_void_once_the_timeline_was_dropped_or_begun_anew() -> Result<()> {
    let local = Local::new();
    let reader = ActorId::from(READER);
    let begin = || wait(local.begin(reader, header([STREAM])));
    let first = begin()?.unwrap();
    let second = begin()?.unwrap();
    assert!(!wait(local.fill(first, &[], ActivityId::MIN))?);
    assert!(wait(local.forget(reader))?);
    assert!(!wait(local.fill(second, &[], ActivityId::MIN))?);
    assert!(!wait(local.forget(reader))?);
    Ok(())
}

#[test]
fn a_push_that_gives_way_goes_on_where_it_was() {
    let mut stripe = Stripe::default();
    for reader in 0..10 {
        stripe.begin(ActorId::from(reader), reader, header([STREAM]));
    }
    let entry = entries(1)[0];
    let (mut taken, mut from, mut rounds) = (0, Some(0), 0);
    while let Some(slot) = from {
        let (more, next) = stripe.push(ActorId::from(STREAM), entry, slot, 3, 9);
        (taken, from, rounds) = (taken + more, next, rounds + 1);
        // Somebody leaves, and somebody else comes to sit where they sat.
        stripe.forget(ActorId::from(0));
        stripe.begin(ActorId::from(100), 100, header([STREAM]));
    }
    assert_eq!((taken, rounds), (10, 4));
}

#[test]
fn the_census_counts_what_is_there() -> Result<()> {
    let local = Local::with_capacity(2);
    let all = entries(4);
    for reader in 0..50 {
        let ticket = wait(local.begin(ActorId::from(reader), header([STREAM, STREAM + 1])))?;
        assert!(wait(local.fill(
            ticket.unwrap(),
            &all[..3],
            ActivityId::MIN
        ))?);
    }
    for reader in 0..10 {
        wait(local.forget(ActorId::from(reader)))?;
    }
    let streams = [STREAM, STREAM + 1, 99].map(ActorId::from);
    assert_eq!(wait(local.push(&streams, all[3]))?, 40);
    assert_eq!(wait(local.subscribers(&streams))?, [40, 40, 0]);
    let census = wait(local.census())?;
    let expected = Census {
        timelines: 40,
        entries: 80,
        subscriptions: 80,
    };
    assert_eq!(census, expected);
    Ok(())
}
