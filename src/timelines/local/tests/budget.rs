//! Timelines under a budget.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::*;
use crate::entry::Glance;

/// Timelines under a budget, and a book in which these activities are named.
pub(super) fn within(capacity: usize, bytes: usize, named: &[Entry]) -> Local {
    let local = Local::with_capacity_and_budget(capacity, bytes);
    let book = Memory::new().book().unwrap();
    for entry in named {
        let named = book.add(entry.id, ActorId::from(STREAM), Glance::Look);
        assert!(named.is_some());
    }
    assert!(local.share(&book));
    local
}

pub(super) fn bytes(local: &Local) -> usize {
    wait(local.census()).unwrap().bytes
}

/// Whether the reader gets a timeline, filled with these.
fn gets_in(local: &Local, reader: u64, filled: &[Entry]) -> Result<bool> {
    let header = header([STREAM, 100 + reader, 101 + reader]);
    let Some(ticket) = wait(local.begin(ActorId::from(reader), header))? else {
        return Ok(false);
    };
    wait(local.fill(ticket, filled, ActivityId::MIN))
}

pub(super) fn is_warm(local: &Local, reader: u64) -> Result<bool> {
    let reading = wait(local.read(ActorId::from(reader), Range::NEWEST_FIRST, 1, false))?;
    Ok(reading != Reading::Cold)
}

fn warm_ones(local: &Local, readers: std::ops::Range<u64>) -> Result<Vec<u64>> {
    let warm = readers.map(|reader| Ok((reader, is_warm(local, reader)?)));
    let warm: Result<Vec<_>> = warm.collect();
    let is_so = |(reader, is_warm): (u64, bool)| is_warm.then_some(reader);
    Ok(warm?.into_iter().filter_map(is_so).collect())
}

#[test]
fn a_push_that_finds_no_room_takes_that_of_the_oldest_entries() -> Result<()> {
    let all = entries(20_000);
    let local = within(10_000, 100_000, &all);
    assert!(gets_in(&local, READER, &[])?);
    for entry in &all {
        assert!(push(&local, *entry)?);
    }
    let (found, floor) = found(&local, Range::NEWEST_FIRST, 20_000)?.unwrap();
    assert!((63..5_000).contains(&found.len()), "{}", found.len());
    assert!(found.iter().eq(all.iter().rev().take(found.len())));
    assert_eq!(floor, found.last().map(|entry| entry.id));
    Ok(())
}

#[test]
fn a_timeline_without_entries_that_finds_no_room_knows_that_something_is_missing() -> Result<()> {
    let all = entries(2_000);
    let local = within(800, 100_000, &all);
    // All of one stripe, so that one leaves nothing to the others.
    let in_one = |reader: &u64| Local::number(ActorId::from(*reader)) == 0;
    let readers: Vec<u64> = (1_000..).filter(in_one).take(300).collect();
    let mut begun = Vec::new();
    for reader in readers {
        if gets_in(&local, reader, &[])? {
            begun.push(reader);
        }
    }
    assert!(begun.len() > 50, "{}", begun.len());
    assert!(push(&local, all[0]).is_ok());
    let mut empty = 0;
    for reader in begun {
        let reading = wait(local.read(ActorId::from(reader), Range::NEWEST_FIRST, 9, true))?;
        let Reading::Warm { entries, end, .. } = reading else {
            // It was dropped for another.
            continue;
        };
        match entries.is_empty() {
            true => assert_eq!(end, all[0].id.successor()),
            false => assert_eq!((entries, end), (vec![all[0]], None)),
        }
        empty += usize::from(end.is_some());
    }
    assert!(empty > 0);
    Ok(())
}

const ROOM: usize = 300_000;
/// How many readers there are from 0 on. Above them are those who come later.
const REGULAR: u64 = 400;

/// As many as find room, of those who are there from the outset: each with some screens.
fn full() -> Result<(Local, Vec<Entry>, Vec<u64>)> {
    let filled = entries(190);
    let local = within(800, ROOM, &filled);
    for reader in 0..REGULAR {
        gets_in(&local, reader, &filled)?;
    }
    let warm = warm_ones(&local, 0..REGULAR)?;
    assert!((80..160).contains(&warm.len()), "{}", warm.len());
    Ok((local, filled, warm))
}

#[test]
fn who_reads_more_often_gets_in_and_who_does_not_stays_out() -> Result<()> {
    let (local, filled, warm) = full()?;
    for _ in 0..8 {
        assert_eq!(warm_ones(&local, 0..REGULAR)?, warm);
    }
    let newcomers = 10_000..10_040;
    for reader in newcomers.clone() {
        assert!(!gets_in(&local, reader, &filled)?);
    }
    assert_eq!(warm_ones(&local, 0..REGULAR)?, warm);
    for reader in newcomers.clone() {
        for _ in 0..20 {
            is_warm(&local, reader)?;
        }
    }
    let mut in_time = 0;
    for reader in newcomers {
        in_time += usize::from(gets_in(&local, reader, &filled)?);
    }
    assert!(in_time > 30, "{in_time} of 40 are in");
    assert!(wait(local.census())?.timelines <= warm.len() + 4);
    Ok(())
}

#[test]
fn who_comes_once_pushes_nobody_out() -> Result<()> {
    let (local, filled, warm) = full()?;
    for round in 0..10 {
        for reader in &warm {
            is_warm(&local, *reader)?;
        }
        for reader in 0..50 {
            let reader = 10_000 + round * 50 + reader;
            is_warm(&local, reader)?;
            gets_in(&local, reader, &filled)?;
        }
    }
    let left = warm_ones(&local, 0..REGULAR)?.len();
    assert!(left * 100 >= warm.len() * 95, "{left} of {}", warm.len());
    Ok(())
}

#[test]
fn who_is_dropped_while_it_is_filled_has_a_void_ticket() -> Result<()> {
    let (local, filled, warm) = full()?;
    let mut tickets = Vec::new();
    for reader in warm {
        tickets.extend(wait(local.begin(ActorId::from(reader), header([STREAM])))?);
    }
    for reader in 10_000..10_200 {
        for _ in 0..15 {
            is_warm(&local, reader)?;
        }
        gets_in(&local, reader, &filled)?;
    }
    let mut void = 0;
    for ticket in tickets {
        let is_filled = wait(local.fill(ticket, &[], ActivityId::MIN))?;
        let is_there = wait(local.forget(ticket.reader))?;
        assert_eq!(is_filled, is_there);
        void += usize::from(!is_filled);
    }
    assert!(void > 10, "{void}");
    Ok(())
}

#[test]
fn a_budget_that_is_too_small_keeps_nobody() -> Result<()> {
    let all = entries(10);
    for budget in [0, 1, 500, 5_000] {
        let local = within(800, budget, &all);
        assert!(!gets_in(&local, READER, &[])?);
        assert!(!push(&local, all[0])?);
        assert!(bytes(&local) <= budget);
    }
    // Nor does one that has no room for naming activities, where the store does not do it.
    let local = Local::with_budget(1 << 20);
    assert!(!gets_in(&local, READER, &[])?);
    assert!(!push(&local, all[0])?);
    assert!(bytes(&local) <= 1 << 20);
    Ok(())
}

#[test]
fn what_it_names_itself_stays_within_its_share() -> Result<()> {
    let budget = 4 << 20;
    let local = Local::with_budget(budget);
    assert!(gets_in(&local, READER, &[])?);
    let ids = Ids::new(1);
    let mut all: Vec<_> = (0..200_000).map(|at| Entry::new(ids.make(at))).collect();
    // Those of the first half are late, all of them.
    let (early, late) = all.split_at_mut(100_000);
    early.swap_with_slice(late);
    for entry in &all {
        push(&local, *entry)?;
        let places = local.named().book.read();
        let named = places.bytes_with_next();
        assert!(places.is_full() || named <= (2 << 20) + 64, "{named}");
    }
    assert!(bytes(&local) <= budget);
    Ok(())
}

#[test]
fn threads_stay_within_the_budget_together() {
    const BUDGET: usize = 200_000;
    let all = &entries(3_000);
    let local = &within(800, BUDGET, all);
    let empty = bytes(local);
    let finished = &AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(move || {
            for entry in all {
                wait(local.push(&[ActorId::from(STREAM)], *entry)).unwrap();
            }
            finished.fetch_add(1, Ordering::SeqCst);
        });
        for thread in 1..3 {
            scope.spawn(move || {
                for round in 0..2_000 {
                    let reader = thread * 10_000 + round * round % 331;
                    gets_in(local, reader, &[]).unwrap();
                    is_warm(local, reader).unwrap();
                    if round % 7 == 0 {
                        wait(local.forget(ActorId::from(reader))).unwrap();
                    }
                }
                finished.fetch_add(1, Ordering::SeqCst);
            });
        }
        while finished.load(Ordering::SeqCst) < 3 {
            assert!(bytes(local) <= BUDGET);
        }
    });
    assert!(wait(local.census()).unwrap().timelines > 20);
    for reader in 0..40_000 {
        wait(local.forget(ActorId::from(reader))).unwrap();
    }
    assert_eq!(bytes(local), empty);
}
