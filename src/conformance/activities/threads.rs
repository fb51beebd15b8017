//! Many threads at once.

use crate::conformance::asked::{get, listed, put};
use crate::conformance::bench::{Bench, End, Looks};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{DOWNWARDS, START, activity, ids, keyed, outbox};
use crate::id::Ids;
use crate::store::{ActivityStore, Keyed, Put};

const THREADS: u64 = 4;

pub(super) fn readers_find_a_put_in_all_lists_or_none<S: ActivityStore>(
    bench: &Bench<S>,
) -> Verdict {
    in_all_or_none(bench, false)
}

pub(super) fn readers_find_a_delete_in_all_lists_or_none<S: ActivityStore>(
    bench: &Bench<S>,
) -> Verdict {
    in_all_or_none(bench, true)
}

/// One thread writes into three lists, and the others look at the three at once.
fn in_all_or_none<S: ActivityStore>(bench: &Bench<S>, deletes: bool) -> Verdict {
    let store = &bench.empty();
    let lists = &[outbox(1), outbox(2), outbox(3)];
    let ids = &ids(150);
    let (end, looks) = (&End::default(), &Looks::default());
    if deletes {
        bench.run(async {
            for id in ids {
                put(store, activity(*id, 1), lists).await?;
            }
            Ok(())
        })?;
    }
    bench.in_threads(THREADS, move |thread| async move {
        if thread == 0 {
            let _end = end.comes_with_this();
            for id in ids {
                if deletes {
                    store.delete(*id).await?;
                } else {
                    store.put(activity(*id, 1), lists).await?;
                }
                looks.let_begin();
            }
            return Ok(());
        }
        loop {
            let last = end.has_come();
            looks.begin();
            let came = store.list(lists, DOWNWARDS, usize::MAX).await?;
            let done = "listed three lists at once while one thread wrote into all three";
            let is_same = came.windows(2).all(|two| two.first() == two.last());
            let lengths: Vec<_> = came.iter().map(Vec::len).collect();
            holds(done, is_same, "the same entries in all three", lengths)?;
            // Over and over, so that who counts one after the other is met by the writer.
            let over_and_over: Vec<_> = lists.iter().cycle().take(24).copied().collect();
            let counts = store.count(&over_and_over).await?;
            let is_same = counts.windows(2).all(|two| two.first() == two.last());
            let counted = "counted three lists, each eight times in one call, while one thread wrote into all three";
            holds(counted, is_same, "the same number for all", counts)?;
            // What is listed is there, unless it was deleted since.
            if !deletes && let Some(newest) = came.first().and_then(|list| list.first()) {
                let found = get(store, newest.id).await?;
                holds(
                    done,
                    found.is_some(),
                    "that what is listed can be got",
                    found,
                )?;
            }
            if last {
                return Ok(());
            }
        }
    })?;
    Ok(())
}

const KEYS: u64 = 300;

pub(super) fn of_threads_that_put_with_one_key_one_stores<S: ActivityStore>(
    bench: &Bench<S>,
) -> Verdict {
    let store = &bench.empty();
    for round in 0..KEYS {
        let key = &format!("k{round}");
        let answers = bench.in_threads(THREADS, |thread| async move {
            let ids = Ids::new(u32::try_from(thread).unwrap_or(0));
            let given = keyed(ids.make(START + round), 1, key);
            Ok(store.put(given, &[outbox(1)]).await?)
        })?;
        let stored: Vec<_> = answers
            .iter()
            .filter_map(|answer| match answer {
                Put::Stored(stored) => Some(stored.id),
                _ => None,
            })
            .collect();
        let done = format!("put from {THREADS} threads at once with one key");
        same(format!("{done}: how many were stored"), stored.len(), 1)?;
        for answer in &answers {
            if let Put::Keyed(Keyed::Known(known)) = answer {
                same(&done, Some(&known.id), stored.first())?;
            } else {
                let is_stored = matches!(answer, Put::Stored(_));
                holds(&done, is_stored, "`Keyed` for all but one", answer)?;
            }
        }
    }
    let came = bench.run(listed(store, outbox(1)))?;
    same(
        format!("listed what {KEYS} keys were used for"),
        came.len() as u64,
        KEYS,
    )
}

pub(super) fn of_threads_that_put_with_one_id_one_stores<S: ActivityStore>(
    bench: &Bench<S>,
) -> Verdict {
    let store = &bench.empty();
    for id in ids(25) {
        let answers = bench.in_threads(THREADS, |thread| async move {
            Ok(store.put(activity(id, thread), &[outbox(thread)]).await?)
        })?;
        let done = format!("put {THREADS} activities of one id at once");
        let mut stored = Vec::new();
        for (by, answer) in (0..).zip(&answers) {
            match answer {
                Put::Stored(_) => stored.push(by),
                Put::Taken(back) => same(&done, &**back, &activity(id, by))?,
                Put::Keyed(_) => holds(&done, false, "`Stored` or `Taken`", answer)?,
            }
        }
        same(format!("{done}: how many were stored"), stored.len(), 1)?;
        let came = bench.run(get(store, id))?.map(|came| came.actor);
        let expected = stored.first().map(|by| activity(id, *by).actor);
        same(format!("{done}: whose it is"), came, expected)?;
    }
    let lists: Vec<_> = (0..THREADS).map(outbox).collect();
    let counts = bench.run(async { Ok(store.count(&lists).await?) })?;
    same("counted all lists", counts.iter().sum::<usize>(), 25)
}

pub(super) fn what_one_thread_wrote_another_one_reads<S: ActivityStore>(
    bench: &Bench<S>,
) -> Verdict {
    let store = &bench.empty();
    for id in ids(60) {
        bench.in_threads(1, |_| async move {
            put(store, activity(id, 1), &[outbox(1)]).await
        })?;
        bench.run(async {
            let done = "put in one thread, and read in another one afterwards";
            let found = get(store, id).await?.map(|found| found.id);
            same(done, found, Some(id))?;
            let newest = listed(store, outbox(1)).await?.first().copied();
            same(done, newest, Some(id))
        })?;
        bench.in_threads(1, |_| async move { Ok(store.delete(id).await?) })?;
        let done = "deleted in one thread, and read in another one afterwards";
        same(done, bench.run(get(store, id))?, None)?;
    }
    Ok(())
}

pub(super) fn counts_are_exact_after_many_threads<S: ActivityStore>(bench: &Bench<S>) -> Verdict {
    const EACH: u64 = 60;
    let store = &bench.empty();
    bench.in_threads(THREADS, |thread| async move {
        let ids = Ids::new(u32::try_from(thread).unwrap_or(0));
        for at in 0..EACH {
            let id = ids.make(START + at);
            put(store, activity(id, thread), &[outbox(thread), outbox(100)]).await?;
            if at % 3 == 0 {
                store.delete(id).await?;
            }
        }
        Ok(())
    })?;
    let each = usize::try_from(EACH - EACH.div_ceil(3)).unwrap_or(0);
    bench.run(async {
        for (list, expected) in [(outbox(0), each), (outbox(100), 4 * each)] {
            let done = format!("put and deleted from {THREADS} threads at once, counted {list:?}");
            same(&done, store.count(&[list]).await?, [expected])?;
            let entries = listed(store, list).await?.len();
            same(format!("{done} and listed it"), entries, expected)?;
        }
        Ok(())
    })
}
