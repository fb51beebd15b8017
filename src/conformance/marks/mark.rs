//! Marks: compared and set, and asked for.

use crate::conformance::bench::Bench;
use crate::conformance::failure::{Verdict, answered, holds, same};
use crate::conformance::given::{LENGTHS, actor, ids};
use crate::conformance::leave_off::leave_off;
use crate::id::ActivityId;
use crate::store::{MarkKey, MarkStore};

fn key(actor_number: u64, name: &str) -> MarkKey {
    MarkKey {
        actor: actor(actor_number),
        name: name.into(),
    }
}

async fn set<S: MarkStore>(store: &S, key: &MarkKey, now: ActivityId) -> Verdict {
    let was = store.marks(std::slice::from_ref(key)).await?;
    let was = was.into_iter().next().flatten();
    same(
        format!("set {key:?}, which is {was:?}, to {now}"),
        store.set_mark(key, was, Some(now)).await?,
        true,
    )
}

pub(super) async fn marks_are_answered_in_order_with_none_for_what_is_absent<S: MarkStore>(
    store: &S,
) -> Verdict {
    let keys = [key(1, "seen"), key(1, "read"), key(2, "seen")];
    let places = [
        ActivityId::MAX,
        ActivityId::MIN,
        ids(1).into_iter().max().unwrap_or(ActivityId::MAX),
    ];
    for (key, place) in keys.iter().zip(places) {
        set(store, key, place).await?;
    }
    let [first, second, third] = keys;
    let asked = [
        third.clone(),
        key(9, "seen"),
        second,
        first,
        key(2, "read"),
        third,
    ];
    let [one, two, three] = places;
    same(
        "asked for marks backwards, with absent ones between, and one twice",
        store.marks(&asked).await?,
        [Some(three), None, Some(two), Some(one), None, Some(three)],
    )
}

pub(super) async fn marks_takes_batches_of_any_length<S: MarkStore>(store: &S) -> Verdict {
    set(store, &key(7, "seen"), ActivityId::MAX).await?;
    for length in LENGTHS {
        let keys: Vec<MarkKey> = (0..length as u64).map(|actor| key(actor, "seen")).collect();
        let done = format!("asked for {length} marks at once (answers, and which is there)");
        let came = answered(&done, store.marks(&keys).await)?;
        let found = came.iter().position(Option::is_some);
        let expected = (keys.len(), (length > 7).then_some(7));
        same(done, (came.len(), found), expected)?;
    }
    Ok(())
}

pub(super) async fn a_mark_is_set_only_where_it_is_as_expected<S: MarkStore>(store: &S) -> Verdict {
    let key = key(1, "seen");
    let places: Vec<Option<ActivityId>> = ids(2).into_iter().map(Some).chain([None]).collect();
    for is in &places {
        for was in &places {
            for now in &places {
                // Brings it to `is`, whatever it was.
                let before = store.marks(std::slice::from_ref(&key)).await?;
                let before = before.into_iter().next().flatten();
                let done = format!("set a mark from {before:?} to {is:?}");
                same(done, store.set_mark(&key, before, *is).await?, true)?;
                let done = format!("a mark is {is:?}: set it from {was:?} to {now:?}");
                let came = store.set_mark(&key, *was, *now).await?;
                same(&done, came, is == was)?;
                let expected = if is == was { *now } else { *is };
                let came = store.marks(std::slice::from_ref(&key)).await?;
                same(format!("{done} and asked for it"), came, [expected])?;
            }
        }
    }
    Ok(())
}

pub(super) async fn a_repeated_set_mark_answers_false<S: MarkStore>(store: &S) -> Verdict {
    let key = key(1, "seen");
    let mut was = None;
    for now in ids(3).into_iter().map(Some).chain([None]) {
        for expected in [true, false] {
            let done = format!("set a mark from {was:?} to {now:?}, twice");
            same(done, store.set_mark(&key, was, now).await?, expected)?;
        }
        was = now;
    }
    same("asked for it", store.marks(&[key]).await?, [None])
}

pub(super) async fn marks_belong_to_their_actor_and_name_to_the_letter<S: MarkStore>(
    store: &S,
) -> Verdict {
    let names = [
        "", " ", "a", "A", "a ", "a\u{0}", "\u{0}", "ab", "é", "e\u{301}", "%", "seen",
    ];
    let keys: Vec<MarkKey> = [1, 2]
        .into_iter()
        .flat_map(|actor| names.map(|name| key(actor, name)))
        .collect();
    let places = ids(24);
    for (key, place) in keys.iter().zip(&places) {
        let done = format!("set {key:?}, which nobody set before");
        same(done, store.set_mark(key, None, Some(*place)).await?, true)?;
    }
    let expected: Vec<_> = places.into_iter().map(Some).collect();
    same("asked for all marks", store.marks(&keys).await?, expected)
}

pub(super) async fn a_set_mark_left_off_has_happened_or_not<S: MarkStore>(store: &S) -> Verdict {
    let key = key(1, "seen");
    let mut was = None;
    for (polls, now) in (0..6).zip(ids(6)) {
        let done = format!("dropped, after {polls} polls, setting a mark from {was:?} to {now}");
        drop(leave_off(polls, store.set_mark(&key, was, Some(now))).await);
        let came = store.marks(std::slice::from_ref(&key)).await?;
        let is_whole = came == [was] || came == [Some(now)];
        holds(&done, is_whole, "one of the two", came)?;
        // Whichever comes first, the other one answers `false`.
        store.set_mark(&key, was, Some(now)).await?;
        let came = store.marks(std::slice::from_ref(&key)).await?;
        same(format!("{done}, and repeated it"), came, [Some(now)])?;
        was = Some(now);
    }
    Ok(())
}

pub(super) fn of_threads_that_set_one_mark_one_wins<S: MarkStore>(bench: &Bench<S>) -> Verdict {
    const THREADS: u64 = 4;
    let store = &bench.empty();
    let key = &key(1, "seen");
    let places = &ids(THREADS * 25);
    let mut was = None;
    for round in 0..25 {
        let answers = bench.in_threads(THREADS, |thread| async move {
            let at = usize::try_from(round * THREADS + thread).unwrap_or(0);
            let now = places.get(at).copied();
            let won = store.set_mark(key, was, now).await?;
            Ok(now.filter(|_| won))
        })?;
        let winners: Vec<ActivityId> = answers.into_iter().flatten().collect();
        let done = format!("set one mark from {THREADS} threads at once");
        same(
            format!("{done}: how many answered `true`"),
            winners.len(),
            1,
        )?;
        let came = bench.run(async { Ok(store.marks(std::slice::from_ref(key)).await?) })?;
        was = winners.first().copied();
        same(format!("{done}: the mark"), came, [was])?;
    }
    Ok(())
}
