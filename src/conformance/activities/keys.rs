//! Keys, by which repeating a publish does nothing.

use crate::activity::Revision;
use crate::conformance::asked::{get, listed, put};
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{actor, ids, instant, keyed, outbox};
use crate::store::{ActivityStore, Keyed, Put};

pub(super) async fn a_used_key_gives_the_first_activity<S: ActivityStore>(store: &S) -> Verdict {
    let mut first = None;
    for id in ids(3) {
        let put = store.put(keyed(id, 1, "k"), &[outbox(1)]).await?;
        match (&first, put) {
            (None, Put::Stored(stored)) => first = Some(stored),
            (Some(first), came) => same(
                "put another activity with a key that its actor has used",
                came,
                Put::Keyed(Keyed::Known(first.clone())),
            )?,
            (None, came) => same("put with a new key", Some(came), None)?,
        }
    }
    same(
        "listed what was put, once with a new and twice with a used key",
        listed(store, outbox(1)).await?.len(),
        1,
    )
}

pub(super) async fn keys_belong_to_their_actor_to_the_letter<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let long = "k".repeat(3_000);
    let longer = format!("{long}k");
    let keys = [
        "",
        " ",
        "a",
        "A",
        "a ",
        "a\u{0}",
        "\u{0}",
        "a\u{0}b",
        "ab",
        "é",
        "e\u{301}",
        "%",
        "_",
        "👩‍👩‍👧",
        &long,
        &longer,
    ];
    let mut ids = ids(100).into_iter();
    for by in [1, 2] {
        for (key, id) in keys.iter().zip(ids.by_ref()) {
            let answer = store.put(keyed(id, by, key), &[outbox(by)]).await?;
            let is_stored = matches!(answer, Put::Stored(_));
            let done = format!("put with the key {key:?}, which actor {by} did not use before");
            same(done, is_stored, true)?;
        }
    }
    for by in [1, 2] {
        for (key, id) in keys
            .iter()
            .zip(listed(store, outbox(by)).await?.iter().rev())
        {
            let known = get(store, *id).await?.map(Keyed::Known);
            let done = format!("asked what actor {by} used the key {key:?} for");
            same(done, store.keyed(actor(by), key).await?, known)?;
        }
    }
    Ok(())
}

pub(super) async fn keys_stay_taken_after_delete<S: ActivityStore>(store: &S) -> Verdict {
    let ids = ids(2);
    for id in &ids {
        let answer = store.put(keyed(*id, 1, "k"), &[outbox(1)]).await?;
        match answer {
            Put::Stored(_) => drop(store.delete(*id).await?),
            came => same(
                "put with the key of a deleted activity",
                came,
                Put::Keyed(Keyed::Gone),
            )?,
        }
    }
    same(
        "asked for the key of a deleted activity",
        store.keyed(actor(1), "k").await?,
        Some(Keyed::Gone),
    )?;
    same("listed the outbox", listed(store, outbox(1)).await?, [])
}

pub(super) async fn keyed_tells_what_a_key_was_used_for<S: ActivityStore>(store: &S) -> Verdict {
    let ask = || store.keyed(actor(1), "k");
    same("asked for a key that was not used", ask().await?, None)?;
    for id in ids(1) {
        let stored = put(store, keyed(id, 1, "k"), &[outbox(1)]).await?;
        let done = "asked for a key that was used";
        same(done, ask().await?, Some(Keyed::Known(stored)))?;
        let revision = Revision::new().object("corrected");
        let updated = store.update(id, &revision, instant(7)).await?;
        let done = "asked for the key of an activity that was updated";
        same(done, ask().await?, updated.map(Keyed::Known))?;
        store.delete(id).await?;
        let done = "asked for the key of an activity that was deleted";
        same(done, ask().await?, Some(Keyed::Gone))?;
    }
    same(
        "asked for the same key of somebody else",
        store.keyed(actor(2), "k").await?,
        None,
    )
}
