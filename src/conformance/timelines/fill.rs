//! Beginning and filling.

use super::promise::{Truth, begun, entries, header, is_warm, times};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{DOWNWARDS, UPWARDS, actor};
use crate::id::ActivityId;
use crate::timelines::{Header, Reading, Timelines};

pub(super) async fn a_timeline_is_cold_until_it_is_filled<T: Timelines>(timelines: &T) -> Verdict {
    begun(timelines, 1, &header([2])).await?;
    for entry in entries(3) {
        timelines.push(&[actor(2)], entry).await?;
        for range in [DOWNWARDS, UPWARDS] {
            let reading = timelines.read(actor(1), range, 9, true).await?;
            let is_warm = matches!(reading, Reading::Warm { .. });
            let done = "began a timeline, pushed into it, and read it before it was filled";
            holds(done, !is_warm, "that it is cold", reading)?;
        }
    }
    Ok(())
}

pub(super) async fn a_beginning_takes_the_place_of_what_was_there<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let (old, new) = (header([2]), header([3]));
    let all = entries(3);
    let [first, second, third] = match <[_; 3]>::try_from(all) {
        Ok(all) => all,
        Err(_) => return Ok(()),
    };
    let mut truth = Truth::default();
    if let Some(ticket) = begun(timelines, 1, &old).await? {
        timelines.fill(ticket, &[], ActivityId::MIN).await?;
        truth.insert(first, &[actor(2)]);
        timelines.push(&[actor(2)], first).await?;
    }
    let ticket = begun(timelines, 1, &new).await?;
    let done = "began a timeline anew that was warm, with another header";
    same(
        format!("{done}: whether it is warm"),
        is_warm(timelines, 1).await?,
        false,
    )?;
    truth.insert(second, &[actor(2)]);
    let taken = timelines.push(&[actor(2)], second).await?;
    same(
        format!("{done}, and pushed into a stream of the old one"),
        taken,
        0,
    )?;
    if let Some(ticket) = ticket {
        truth.insert(third, &[actor(3)]);
        timelines.push(&[actor(3)], third).await?;
        timelines.fill(ticket, &[], ActivityId::MIN).await?;
        truth.check_all(done, timelines, 1, &new).await?;
        for old in [first, second] {
            let shown = times(timelines, 1, old).await?;
            same(
                format!("{done}: how often it shows what the old one had"),
                shown,
                0,
            )?;
        }
    }
    Ok(())
}

pub(super) async fn tickets_are_never_given_twice<T: Timelines>(timelines: &T) -> Verdict {
    let mut tickets = Vec::new();
    for round in 0..20_u64 {
        for reader in [1, 2] {
            tickets.extend(begun(timelines, reader, &header([3])).await?);
        }
        if round % 3 == 0 {
            timelines.forget(actor(1)).await?;
        }
    }
    let given = tickets.len();
    tickets.sort_unstable_by_key(|ticket| (ticket.reader, ticket.serial));
    tickets.dedup();
    let done = "began timelines of two readers again and again: distinct tickets";
    same(done, tickets.len(), given)
}

pub(super) async fn a_ticket_is_void_once_its_timeline_was_forgotten<T: Timelines>(
    timelines: &T,
) -> Verdict {
    if let Some(ticket) = begun(timelines, 1, &header([2])).await? {
        timelines.forget(actor(1)).await?;
        let done = "filled a timeline that was forgotten since its beginning";
        let filled = timelines.fill(ticket, &entries(2), ActivityId::MIN).await?;
        same(done, filled, false)?;
        same(
            format!("{done}: is it warm"),
            is_warm(timelines, 1).await?,
            false,
        )?;
    }
    Ok(())
}

pub(super) async fn a_ticket_is_void_once_the_timeline_was_begun_anew<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let (old, new) = (header([2]), header([2, 3]));
    let Some(first) = begun(timelines, 1, &old).await? else {
        return Ok(());
    };
    let second = begun(timelines, 1, &new).await?;
    let done = "filled a timeline by the ticket of its first beginning, of two";
    let filled = timelines.fill(first, &entries(2), ActivityId::MIN).await?;
    same(done, filled, false)?;
    same(
        format!("{done}: is it warm"),
        is_warm(timelines, 1).await?,
        false,
    )?;
    if let Some(second) = second {
        let mut truth = Truth::default();
        for entry in entries(2) {
            truth.insert(entry, &[actor(3)]);
        }
        let pulled = truth.pulled(&new, ActivityId::MIN);
        timelines.fill(second, &pulled, ActivityId::MIN).await?;
        truth.check_all(done, timelines, 1, &new).await?;
    }
    Ok(())
}

pub(super) async fn what_was_pushed_before_the_fill_is_kept<T: Timelines>(
    timelines: &T,
) -> Verdict {
    pushed_and_pulled(timelines, 6, 6).await
}

pub(super) async fn what_was_pulled_and_pushed_stands_once<T: Timelines>(timelines: &T) -> Verdict {
    pushed_and_pulled(timelines, 3, 9).await
}

/// Pushes entries from number `from` on, pulls those before number `to`, and reads.
async fn pushed_and_pulled<T: Timelines>(timelines: &T, from: usize, to: usize) -> Verdict {
    let header = header([2, 3]);
    let Some(ticket) = begun(timelines, 1, &header).await? else {
        return Ok(());
    };
    let all = entries(12);
    let mut truth = Truth::default();
    for entry in &all {
        truth.insert(*entry, &[actor(2)]);
    }
    for entry in all.iter().skip(from) {
        timelines.push(&[actor(2)], *entry).await?;
    }
    let pulled: Vec<_> = all.iter().take(to).rev().copied().collect();
    timelines.fill(ticket, &pulled, ActivityId::MIN).await?;
    let done = format!(
        "began, pushed entries {from} to 11 of 12, and filled with entries 0 to {}",
        to.saturating_sub(1)
    );
    truth.check_all(&done, timelines, 1, &header).await
}

pub(super) async fn a_filled_timeline_is_complete_down_to_its_floor<T: Timelines>(
    timelines: &T,
) -> Verdict {
    let header = header([2]);
    let mut truth = Truth::default();
    let all = entries(20);
    for entry in &all {
        truth.insert(*entry, &[actor(2)]);
    }
    let floors = all.iter().step_by(6).map(|entry| entry.id);
    for floor in floors.chain([ActivityId::MIN, ActivityId::MAX]) {
        if let Some(ticket) = begun(timelines, 1, &header).await? {
            let pulled = truth.pulled(&header, floor);
            timelines.fill(ticket, &pulled, floor).await?;
            let done = format!("filled a timeline down to {floor}");
            truth.check_all(&done, timelines, 1, &header).await?;
        }
    }
    Ok(())
}

pub(super) async fn a_reading_has_the_header_of_its_beginning<T: Timelines>(
    timelines: &T,
) -> Verdict {
    for streams in [vec![], vec![2], vec![2, 3, u64::MAX]] {
        let header = header(streams);
        if let Some(ticket) = begun(timelines, 1, &header).await? {
            timelines.fill(ticket, &[], ActivityId::MIN).await?;
            let done = "began and filled a timeline";
            Truth::default()
                .check_all(done, timelines, 1, &header)
                .await?;
            let unstamped = Header {
                stamp: None,
                ..header.clone()
            };
            for header in [header, unstamped] {
                let Some(ticket) = begun(timelines, 1, &header).await? else {
                    continue;
                };
                timelines.fill(ticket, &[], ActivityId::MIN).await?;
                let reading = timelines.read(actor(1), DOWNWARDS, 1, false).await?;
                if let Reading::Warm { header: came, .. } = reading {
                    // Its stamp stands for the streams.
                    let without = Header {
                        pushed: Vec::new(),
                        ..header.clone()
                    };
                    let is_right = came == header || header.stamp.is_some() && came == without;
                    let done = format!("{done}, and did not ask for the streams of its header");
                    holds(done, is_right, format!("{header:?}"), came)?;
                }
            }
        }
    }
    Ok(())
}
