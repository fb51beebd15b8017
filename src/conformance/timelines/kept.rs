//! What is kept, what is dropped, and what is left off.

use super::promise::{Truth, begun, entries, header, is_warm, times};
use crate::conformance::asked::put;
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{DOWNWARDS, UPWARDS, activity, actor, ids, outbox};
use crate::conformance::leave_off::leave_off;
use crate::entry::Entry;
use crate::id::ActivityId;
use crate::store::{ActivityStore, Memory};
use crate::timelines::{Reading, Timelines};

pub(super) async fn who_never_began_is_cold<T: Timelines>(timelines: &T) -> Verdict {
    for range in [DOWNWARDS, UPWARDS] {
        let reading = timelines.read(actor(1), range, 9, true).await?;
        same(
            "read the timeline of somebody who has none",
            reading,
            Reading::Cold,
        )?;
    }
    let forgotten = timelines.forget(actor(1)).await?;
    same(
        "forgot the timeline of somebody who has none",
        forgotten,
        false,
    )?;
    let taken = timelines.push(&[actor(2)], one()).await?;
    same("pushed into a stream that nobody covers", taken, 0)
}

fn one() -> Entry {
    Entry::new(ActivityId::MAX)
}

pub(super) async fn a_forgotten_timeline_is_cold_and_takes_nothing<T: Timelines>(
    timelines: &T,
) -> Verdict {
    for (filled, entry) in [false, true].into_iter().zip(entries(2)) {
        let ticket = begun(timelines, 1, &header([2])).await?;
        if let Some(ticket) = ticket.filter(|_| filled) {
            timelines.fill(ticket, &[], ActivityId::MIN).await?;
        }
        // It may have been dropped already: then there was none.
        let forgotten = timelines.forget(actor(1)).await?;
        let done = format!("began a timeline, filled: {filled}, and forgot it");
        holds(
            &done,
            ticket.is_some() || !forgotten,
            "that there was none",
            forgotten,
        )?;
        let reading = timelines.read(actor(1), DOWNWARDS, 9, true).await?;
        same(format!("{done}, and read it"), reading, Reading::Cold)?;
        let taken = timelines.push(&[actor(2)], entry).await?;
        same(format!("{done}, and pushed into its stream"), taken, 0)?;
        let again = timelines.forget(actor(1)).await?;
        same(format!("{done}, and forgot it again"), again, false)?;
    }
    Ok(())
}

pub(super) async fn subscribers_and_census_tell_what_is_kept<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let all = entries(10);
    let (mut begins, mut subscriptions) = (0, 0);
    for reader in 0..8 {
        let header = header(10..11 + reader % 3);
        if let Some(ticket) = begun(timelines, reader, &header).await? {
            timelines.fill(ticket, &all, ActivityId::MIN).await?;
            begins += 1;
            subscriptions += header.pushed.len();
        }
    }
    let census = timelines.census().await?;
    let done = format!("filled {begins} timelines of {subscriptions} streams, 10 entries each");
    let is_so = census.timelines <= begins
        && census.subscriptions <= subscriptions
        && census.entries <= 10 * begins;
    holds(
        format!("{done}: the census"),
        is_so,
        "no more than that",
        census,
    )?;
    let mut warm = 0;
    for reader in 0..8 {
        warm += usize::from(is_warm(timelines, reader).await?);
    }
    let done = format!("{done}, of which {warm} are warm");
    holds(
        &done,
        census.timelines >= warm,
        "no fewer in the census",
        census,
    )?;
    for streams in [vec![], vec![99], vec![12, 99, 10, 12]] {
        let asked: Vec<_> = streams.iter().copied().map(actor).collect();
        let came = timelines.subscribers(&asked).await?.len();
        same(
            format!("asked for the subscribers of {streams:?}"),
            came,
            asked.len(),
        )?;
    }
    for reader in 0..8 {
        timelines.forget(actor(reader)).await?;
    }
    let census = timelines.census().await?;
    let left = (census.timelines, census.entries, census.subscriptions);
    same(
        format!("{done}, and forgot them all: what is left"),
        left,
        (0, 0, 0),
    )
}

pub(super) async fn the_book_of_its_store_is_welcome_again_and_again<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let store = Memory::new();
    let Some(book) = store.book() else {
        return Ok(());
    };
    for time in ["first", "second"] {
        let done = format!("offered the book of their store for the {time} time");
        same(done, timelines.share(&book), true)?;
    }
    let header = header([2]);
    let mut truth = Truth::default();
    if let Some(ticket) = begun(timelines, 1, &header).await? {
        timelines.fill(ticket, &[], ActivityId::MIN).await?;
    }
    for id in ids(100) {
        put(&store, activity(id, 2), &[outbox(2)]).await?;
        let entry = Entry::new(id);
        truth.insert(entry, &[actor(2)]);
        timelines.push(&[actor(2)], entry).await?;
    }
    let done = "shared a book and pushed what is in it";
    truth.check_all(done, timelines, 1, &header).await
}

pub(super) async fn calls_left_off_are_made_good_by_repeating<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let header = header([2]);
    let mut truth = Truth::default();
    for (polls, entry) in (0..6).zip(entries(6)) {
        let done = format!("dropped calls after {polls} polls and repeated them");
        // A beginning that was left off is replaced by the next one.
        drop(leave_off(polls, timelines.begin(actor(1), header.clone())).await);
        if let Some(ticket) = begun(timelines, 1, &header).await? {
            let pulled = truth.pulled(&header, ActivityId::MIN);
            drop(leave_off(polls, timelines.fill(ticket, &pulled, ActivityId::MIN)).await);
            timelines.fill(ticket, &pulled, ActivityId::MIN).await?;
        }
        truth.check_all(&done, timelines, 1, &header).await?;
        truth.insert(entry, &[actor(2)]);
        drop(leave_off(polls, timelines.push(&[actor(2)], entry)).await);
        timelines.push(&[actor(2)], entry).await?;
        truth.check_all(&done, timelines, 1, &header).await?;
        let shown = times(timelines, 1, entry).await?;
        holds(
            format!("{done}: how often it shows it"),
            shown <= 1,
            "once",
            shown,
        )?;
        drop(leave_off(polls, timelines.forget(actor(1))).await);
        timelines.forget(actor(1)).await?;
        same(done, is_warm(timelines, 1).await?, false)?;
    }
    Ok(())
}
