//! Many threads at once.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::promise::{Truth, begun, entries, header, times};
use crate::conformance::bench::{Bench, End};
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{DOWNWARDS, actor};
use crate::entry::Entry;
use crate::id::ActivityId;
use crate::timelines::Timelines;

/// What of these entries the store has, and what was pushed by now: the first so many.
struct Published {
    entries: Vec<Entry>,
    stored: AtomicUsize,
    pushed: AtomicUsize,
}

impl Published {
    fn first(&self, count: usize) -> Truth {
        let mut truth = Truth::default();
        for entry in self.entries.iter().take(count) {
            truth.insert(*entry, &[actor(2)]);
        }
        truth
    }
}

/// One thread publishes as feeds do: first into the store, then into timelines. The others fill
/// timelines as feeds do: subscribe, then read the store.
pub(super) fn pushes_that_race_with_fills_lose_nothing<T: Timelines>(bench: &Bench<T>) -> Verdict {
    let timelines = &bench.empty();
    let published = &Published {
        entries: entries(600),
        stored: AtomicUsize::new(0),
        pushed: AtomicUsize::new(0),
    };
    let whole = &published.first(usize::MAX);
    let header = &header([2]);
    let end = &End::default();
    bench.in_threads(4, move |thread| async move {
        if thread == 0 {
            let _end = end.comes_with_this();
            for entry in &published.entries {
                published.stored.fetch_add(1, Ordering::SeqCst);
                timelines.push(&[actor(2)], *entry).await?;
                published.pushed.fetch_add(1, Ordering::SeqCst);
            }
            return Ok(());
        }
        loop {
            let last = end.has_come();
            if let Some(ticket) = begun(timelines, thread, header).await? {
                let stored = published.first(published.stored.load(Ordering::SeqCst));
                let pulled = stored.pulled(header, ActivityId::MIN);
                timelines.fill(ticket, &pulled, ActivityId::MIN).await?;
            }
            // What was pushed by now must be there; what comes later may.
            let must = published.pushed.load(Ordering::SeqCst);
            let reading = timelines
                .read(actor(thread), DOWNWARDS, 10_000, true)
                .await?;
            let done = "filled a timeline while another thread published, and read it";
            whole.check_order(done, header, (DOWNWARDS, 10_000), &reading)?;
            published
                .first(must)
                .check_missing(done, header, (DOWNWARDS, 10_000), &reading)?;
            if last {
                return Ok(());
            }
        }
    })?;
    Ok(())
}

/// Timelines that are there all along, among others that come and go.
pub(super) fn a_push_passes_no_subscribed_timeline_over<T: Timelines>(bench: &Bench<T>) -> Verdict {
    const STAYING: u64 = 40;
    let timelines = &bench.empty();
    let header = &header([2, 3]);
    bench.run(async {
        for reader in 0..STAYING {
            if let Some(ticket) = begun(timelines, reader, header).await? {
                timelines.fill(ticket, &[], ActivityId::MIN).await?;
            }
        }
        Ok(())
    })?;
    let all = &entries(200);
    bench.in_threads(4, move |thread| async move {
        for (at, entry) in (0..).zip(all) {
            if thread < 2 {
                // Both push everything: each entry is to be taken once.
                timelines.push(&[actor(2 + thread)], *entry).await?;
            } else {
                let reader = STAYING + thread * 100 + at % 30;
                begun(timelines, reader, header).await?;
                timelines
                    .forget(actor(STAYING + thread * 100 + at % 17))
                    .await?;
            }
        }
        Ok(())
    })?;
    let mut truth = Truth::default();
    for entry in all {
        truth.insert(*entry, &[actor(2), actor(3)]);
    }
    bench.run(async {
        for reader in 0..STAYING {
            let done = "pushed from two threads while timelines came and went";
            truth.check_all(done, timelines, reader, header).await?;
            if let Some(newest) = all.last() {
                let shown = times(timelines, reader, *newest).await?.max(1);
                same(format!("{done}: how often it shows the newest"), shown, 1)?;
            }
        }
        Ok(())
    })
}
