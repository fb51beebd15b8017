//! Pushing.

use super::promise::{Truth, begun, entries, header, is_warm, times};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::actor;
use crate::id::ActivityId;
use crate::timelines::Timelines;

pub(super) async fn a_push_reaches_whoever_covers_one_of_the_streams<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let readers = [
        (1, header([10])),
        (2, header([10, 11])),
        (3, header([12])),
        (4, header([11])),
        (5, header([])),
    ];
    let mut truth = Truth::default();
    for (reader, header) in &readers {
        if let Some(ticket) = begun(timelines, *reader, header).await? {
            timelines.fill(ticket, &[], ActivityId::MIN).await?;
        }
    }
    let streams = [vec![10], vec![11, 10], vec![13], vec![12], vec![]];
    for (entry, streams) in entries(5).into_iter().zip(streams) {
        let streams: Vec<_> = streams.into_iter().map(actor).collect();
        truth.insert(entry, &streams);
        let taken = timelines.push(&streams, entry).await?;
        let (mut covering, mut showing) = (0, 0);
        for (reader, header) in &readers {
            let covers = header.pushed.iter().any(|stream| streams.contains(stream));
            let shown = times(timelines, *reader, entry).await?;
            let done = format!("pushed into {streams:?}, and read a timeline of {header:?}");
            truth.check_all(&done, timelines, *reader, header).await?;
            holds(
                &done,
                covers || shown == 0,
                "nothing of streams that it does not cover",
                shown,
            )?;
            covering += usize::from(covers);
            showing += shown;
        }
        let done =
            format!("pushed into {streams:?}, which {covering} timelines cover: how many took it");
        let is_right = (showing..=covering).contains(&taken);
        holds(
            done,
            is_right,
            format!("{showing}, since so many show it"),
            taken,
        )?;
    }
    Ok(())
}

pub(super) async fn an_entry_is_taken_once<T: Timelines>(timelines: &T) -> Verdict {
    let header = header([10, 11]);
    let Some(ticket) = begun(timelines, 1, &header).await? else {
        return Ok(());
    };
    for (at, entry) in entries(4).into_iter().enumerate() {
        if at == 2 {
            timelines.fill(ticket, &entries(2), ActivityId::MIN).await?;
        }
        let pushes = [vec![10, 11], vec![10], vec![11], vec![11, 10]];
        let mut taken = 0;
        for streams in &pushes {
            let streams: Vec<_> = streams.iter().copied().map(actor).collect();
            taken += timelines.push(&streams, entry).await?;
        }
        let done = "pushed an entry by two streams, several times, into one timeline";
        holds(format!("{done}: how many took it"), taken <= 1, "1", taken)?;
        if at >= 2 && is_warm(timelines, 1).await? {
            let shown = times(timelines, 1, entry).await?;
            holds(
                format!("{done}: how often it shows it"),
                shown <= 1,
                "once",
                shown,
            )?;
            same(format!("{done}: taken, and shown"), taken, shown)?;
        }
    }
    Ok(())
}

pub(super) async fn back_dated_entries_stand_in_their_place<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let header = header([10]);
    let all = entries(30);
    let mut truth = Truth::default();
    let old: Vec<_> = all.iter().skip(10).step_by(4).copied().collect();
    for entry in &old {
        truth.insert(*entry, &[actor(10)]);
    }
    let floor = old
        .iter()
        .map(|entry| entry.id)
        .min()
        .unwrap_or(ActivityId::MIN);
    let Some(ticket) = begun(timelines, 1, &header).await? else {
        return Ok(());
    };
    timelines
        .fill(ticket, &truth.pulled(&header, floor), floor)
        .await?;
    // Below the floor, above it, on top, in no order.
    for at in [29, 3, 15, 11, 28, 0, 12, 27, 9, 13, 21] {
        if let Some(entry) = all.get(at) {
            truth.insert(*entry, &[actor(10)]);
            timelines.push(&[actor(10)], *entry).await?;
            let done = format!("pushed back-dated entries, the last one number {at} of 30");
            truth.check_all(&done, timelines, 1, &header).await?;
        }
    }
    Ok(())
}

pub(super) async fn however_much_is_pushed_nothing_is_missing<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let header = header([10, 11]);
    let mut truth = Truth::default();
    let all = entries(2_000);
    let Some(ticket) = begun(timelines, 1, &header).await? else {
        return Ok(());
    };
    for (at, entry) in all.iter().enumerate() {
        let stream = if at % 3 == 0 { 10 } else { 11 };
        truth.insert(*entry, &[actor(stream)]);
        timelines.push(&[actor(stream)], *entry).await?;
        if at == 1_200 {
            let floor = all.get(900).map_or(ActivityId::MIN, |entry| entry.id);
            let pulled = truth.pulled(&header, floor);
            timelines.fill(ticket, &pulled, floor).await?;
        }
        if [1_200, 1_201, 1_500, 1_999].contains(&at) {
            let done = format!("pushed {at} entries into one timeline");
            truth.check_all(&done, timelines, 1, &header).await?;
        }
    }
    Ok(())
}
