mod budget;
mod promise;

use super::super::Header;
use super::*;
use crate::entry::{Interval, Order};
use crate::id::Ids;
use crate::store::{ActivityStore, Memory};
use crate::wait::wait;

const READER: u64 = 1;
const STREAM: u64 = 2;

fn entries(count: u64) -> Vec<Entry> {
    let ids = Ids::new(1);
    let entry = |millis| Entry::new(ids.make(millis));
    (0..count).map(entry).collect()
}

fn header(streams: impl IntoIterator<Item = u64>) -> Header {
    Header {
        pushed: streams.into_iter().map(ActorId::from).collect(),
        ..Header::default()
    }
}

/// Timelines of this capacity, with one that was filled with these entries, from this floor on.
fn warm(filled: &[Entry], floor: ActivityId, capacity: usize) -> Result<Local> {
    let local = Local::with_capacity(capacity);
    let ticket = wait(local.begin(ActorId::from(READER), header([STREAM])))?;
    assert!(wait(local.fill(ticket.unwrap(), filled, floor))?);
    Ok(local)
}

fn push(local: &Local, entry: Entry) -> Result<bool> {
    Ok(wait(local.push(&[ActorId::from(STREAM)], entry))? == 1)
}

/// What the timeline gives of the range, and how far that is complete.
fn found(
    local: &Local,
    range: Range,
    limit: usize,
) -> Result<Option<(Vec<Entry>, Option<ActivityId>)>> {
    Ok(
        match wait(local.read(ActorId::from(READER), range, limit, true))? {
            Reading::Warm { entries, end, .. } => Some((entries, end)),
            Reading::Cold | Reading::Below => None,
        },
    )
}

#[test]
fn it_keeps_the_newest_entries_and_knows_down_to_where() -> Result<()> {
    let all = entries(5);
    let local = warm(&[], ActivityId::MIN, 3)?;
    for entry in &all {
        assert!(push(&local, *entry)?);
    }
    let expected = (vec![all[4], all[3], all[2]], Some(all[2].id));
    assert_eq!(found(&local, Range::NEWEST_FIRST, 10)?, Some(expected));
    Ok(())
}

#[test]
fn it_says_that_nothing_is_missing_while_nothing_was_trimmed() -> Result<()> {
    let all = entries(3);
    let local = warm(&all, ActivityId::MIN, 3)?;
    let expected = (vec![all[2], all[1], all[0]], None);
    assert_eq!(found(&local, Range::NEWEST_FIRST, 10)?, Some(expected));
    Ok(())
}

#[test]
fn back_dated_entries_find_their_place_above_the_floor_and_are_left_out_below() -> Result<()> {
    let all = entries(6);
    let local = warm(&[all[2], all[5]], all[2].id, 9)?;
    assert!(push(&local, all[3])?);
    assert!(!push(&local, all[3])?, "an entry is taken once");
    assert!(
        !push(&local, all[1])?,
        "below the floor it would stand alone"
    );
    let expected = (vec![all[5], all[3], all[2]], Some(all[2].id));
    assert_eq!(found(&local, Range::NEWEST_FIRST, 9)?, Some(expected));
    Ok(())
}

#[test]
fn what_comes_late_into_a_full_timeline_takes_the_place_of_the_oldest() -> Result<()> {
    let all = entries(6);
    let local = warm(&[all[1], all[3], all[5]], ActivityId::MIN, 3)?;
    assert!(push(&local, all[2])?);
    let expected = (vec![all[5], all[3], all[2]], Some(all[2].id));
    assert_eq!(found(&local, Range::NEWEST_FIRST, 9)?, Some(expected));
    assert!(!push(&local, all[0])?, "it would be the first to go");
    Ok(())
}

#[test]
fn filling_unites_what_was_pulled_with_what_was_pushed_meanwhile() -> Result<()> {
    let all = entries(4);
    let local = Local::with_capacity(9);
    let ticket = wait(local.begin(ActorId::from(READER), header([STREAM])))?;
    push(&local, all[2])?;
    push(&local, all[3])?;
    assert_eq!(found(&local, Range::NEWEST_FIRST, 9)?, None);
    wait(local.fill(ticket.unwrap(), &[all[2], all[1]], all[1].id))?;
    let expected = (vec![all[3], all[2], all[1]], Some(all[1].id));
    assert_eq!(found(&local, Range::NEWEST_FIRST, 9)?, Some(expected));
    Ok(())
}

#[test]
fn it_is_read_upwards_from_a_place_at_or_above_its_floor() -> Result<()> {
    let all = entries(5);
    let local = warm(&all[1..], all[1].id, 9)?;
    let upwards = |since| Range {
        interval: Interval { since, until: None },
        order: Order::OldestFirst,
    };
    let expected = (vec![all[1], all[2]], Some(all[2].id));
    assert_eq!(found(&local, upwards(all[1].id), 2)?, Some(expected));
    assert_eq!(found(&local, upwards(all[0].id), 2)?, None);
    Ok(())
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

/// More than one stride, and some who are above already what others have not seen yet.
#[test]
fn a_push_into_many_timelines_reaches_each_once() -> Result<()> {
    let local = Local::new();
    let readers = (5 * Local::STRIDE * Local::STRIPES) as u64;
    for reader in 10..10 + readers {
        let ticket = wait(local.begin(ActorId::from(reader), header([STREAM, STREAM + 1])))?;
        wait(local.fill(ticket.unwrap(), &[], ActivityId::MIN))?;
    }
    let streams = [STREAM, STREAM + 1].map(ActorId::from);
    let all = entries(4);
    for (entry, taken) in [
        (2, readers),
        (0, readers),
        (2, 0),
        (3, readers),
        (1, readers),
    ] {
        assert_eq!(wait(local.push(&streams, all[entry]))? as u64, taken);
    }
    let newest: Vec<Entry> = all.iter().rev().copied().collect();
    for reader in 10..10 + readers {
        let reading = wait(local.read(ActorId::from(reader), Range::NEWEST_FIRST, 9, true))?;
        assert!(matches!(reading, Reading::Warm { entries, .. } if entries == newest));
    }
    Ok(())
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
        // What does not count any more lies there until its block is full.
        entries: 120,
        subscriptions: 80,
        bytes: census.bytes,
    };
    assert_eq!(census, expected);
    assert!(census.bytes > 40 * 512);
    Ok(())
}

#[test]
fn a_fill_of_what_the_book_does_not_know_is_void() -> Result<()> {
    let local = Local::new();
    assert!(local.share(&Memory::new().book().unwrap()));
    assert!(!local.share(&Memory::new().book().unwrap()));
    let ticket = wait(local.begin(ActorId::from(READER), header([STREAM])))?;
    assert!(!wait(local.fill(
        ticket.unwrap(),
        &entries(1),
        ActivityId::MIN
    ))?);
    assert_eq!(found(&local, Range::NEWEST_FIRST, 9)?, None);
    Ok(())
}
