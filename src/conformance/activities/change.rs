//! Getting, updating, deleting.

use serde_json::json;

use crate::activity::{Activity, Revision};
use crate::conformance::asked::{count, get, listed, put};
use crate::conformance::failure::{Verdict, answered, holds, same};
use crate::conformance::given::{
    DOWNWARDS, LENGTHS, LONG, activity, actor, ids, instant, keyed, outbox,
};
use crate::conformance::leave_off::leave_off;
use crate::id::{ActivityId, Ids};
use crate::object::Object;
use crate::store::{ActivityStore, Deletion, List, Put};

pub(super) async fn get_answers_in_order_with_none_for_what_is_absent<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let ids = ids(4);
    for id in &ids {
        put(store, activity(*id, 1), &[outbox(1)]).await?;
    }
    let unknown = Ids::new(2).make(3);
    let mut asked = vec![ActivityId::MAX, unknown, ActivityId::MIN];
    for id in ids.iter().rev() {
        asked.extend([*id, unknown, *id]);
    }
    if let Some(id) = ids.first() {
        store.delete(*id).await?;
    }
    let expected: Vec<Option<ActivityId>> = asked
        .iter()
        .map(|id| Some(*id).filter(|id| ids.iter().skip(1).any(|there| there == id)))
        .collect();
    let came = store.get(&asked).await?;
    let came: Vec<Option<ActivityId>> = came.iter().map(|one| Some(one.as_ref()?.id)).collect();
    same(
        "got ids backwards, each twice, with unknown ones and a deleted one in between",
        came,
        expected,
    )
}

pub(super) async fn get_takes_batches_of_any_length<S: ActivityStore>(store: &S) -> Verdict {
    let ids = ids(LONG as u64);
    for id in ids.iter().take(3) {
        put(store, activity(*id, 1), &[outbox(1)]).await?;
    }
    for length in LENGTHS {
        let asked: Vec<ActivityId> = ids.iter().rev().take(length).copied().collect();
        let done = format!("got {length} ids at once (answers, those that are there)");
        let there = answered(&done, store.get(&asked).await)?;
        let expected = (length, length.saturating_sub(LONG - 3));
        same(
            done,
            (there.len(), there.iter().flatten().count()),
            expected,
        )?;
    }
    Ok(())
}

pub(super) async fn an_update_replaces_object_and_data_and_sets_updated<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let revisions = [
        Revision::new()
            .object(Object::from("o").property("a", 1))
            .data(json!({"b": 2})),
        Revision::new().data(json!(null)),
        Revision::new().object("another object"),
        Revision::new(),
    ];
    for id in ids(2) {
        let mut expected = Activity {
            to: vec![actor(2)],
            data: Some(json!("as published")),
            ..keyed(id, 1, &id.to_string())
        };
        put(store, expected.clone(), &[outbox(1), outbox(2)]).await?;
        let both = [outbox(1), outbox(2)];
        let lists = || store.list(&both, DOWNWARDS, 10);
        let before = lists().await?;
        for (revision, at) in revisions.iter().zip([4, 3, 2, 1]) {
            revision.apply(&mut expected, instant(at));
            let done = format!("updated an activity with {revision:?}");
            let came = store.update(id, revision, instant(at)).await?;
            same(&done, came.as_deref(), Some(&expected))?;
            let done = format!("{done} and got it");
            same(done, get(store, id).await?.as_deref(), Some(&expected))?;
        }
        same("listed it after updates", lists().await?, before)?;
    }
    Ok(())
}

pub(super) async fn a_repeated_update_changes_nothing_more<S: ActivityStore>(store: &S) -> Verdict {
    for id in ids(1) {
        put(store, activity(id, 1), &[outbox(1)]).await?;
        let revision = Revision::new().object("corrected");
        let first = store.update(id, &revision, instant(9)).await?;
        let again = store.update(id, &revision, instant(9)).await?;
        same("repeated an update", &again, &first)?;
        same("got it", get(store, id).await?, again)?;
    }
    Ok(())
}

pub(super) async fn an_update_of_what_is_absent_gives_none<S: ActivityStore>(store: &S) -> Verdict {
    let revision = Revision::new().object("corrected");
    for (id, name) in ids(2).into_iter().zip(["unknown", "deleted"]) {
        if name == "deleted" {
            put(store, activity(id, 1), &[outbox(1)]).await?;
            store.delete(id).await?;
        }
        let came = store.update(id, &revision, instant(1)).await?;
        same(format!("updated an {name} activity"), came, None)?;
        let done = format!("got an {name} activity after an update");
        same(done, get(store, id).await?, None)?;
    }
    same("counted its outbox", count(store, outbox(1)).await?, 0)
}

pub(super) async fn a_delete_removes_it_from_every_list_and_its_content<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let ids = ids(3);
    let [about, gone, _] = ids[..] else {
        return Ok(());
    };
    let lists = [
        outbox(1),
        outbox(2),
        List::Responses(actor(1)),
        List::Replies(about),
        List::Reactions(about),
    ];
    for id in &ids {
        put(store, activity(*id, 1), &lists).await?;
    }
    store.delete(gone).await?;
    same("got a deleted activity", get(store, gone).await?, None)?;
    let left: Vec<_> = ids
        .iter()
        .rev()
        .filter(|id| **id != gone)
        .copied()
        .collect();
    for list in lists {
        let done = format!("listed {list:?}, of whose activities the middle one was deleted");
        same(done, listed(store, list).await?, &*left)?;
        let done = format!("counted {list:?}, of whose three activities one was deleted");
        same(done, count(store, list).await?, 2)?;
    }
    Ok(())
}

pub(super) async fn a_delete_tells_deleted_already_and_unknown<S: ActivityStore>(
    store: &S,
) -> Verdict {
    for id in ids(1) {
        for expected in [Deletion::Unknown, Deletion::Deleted, Deletion::Already] {
            if expected == Deletion::Deleted {
                put(store, activity(id, 1), &[outbox(1)]).await?;
            }
            same(
                "deleted an activity before it was put, after, and once more",
                store.delete(id).await?,
                expected,
            )?;
        }
    }
    Ok(())
}

pub(super) async fn the_id_of_a_deleted_activity_stays_taken<S: ActivityStore>(
    store: &S,
) -> Verdict {
    for id in ids(1) {
        put(store, activity(id, 1), &[outbox(1)]).await?;
        store.delete(id).await?;
        let again = activity(id, 2);
        same(
            "put an activity of the id of a deleted one",
            store.put(again.clone(), &[outbox(2)]).await?,
            Put::Taken(Box::new(again)),
        )?;
        same("got it", get(store, id).await?, None)?;
    }
    same("listed it", listed(store, outbox(2)).await?, [])
}

pub(super) async fn changes_left_off_have_happened_or_not<S: ActivityStore>(store: &S) -> Verdict {
    let lists = [outbox(1), outbox(2)];
    let ids = ids(24);
    for (step, id) in ids.iter().enumerate() {
        let given = activity(*id, 1);
        put(store, given.clone(), &lists).await?;
        let polls = u32::try_from(step / 4).unwrap_or(0);
        let revision = Revision::new().object("corrected");
        let mut corrected = given.clone();
        revision.apply(&mut corrected, instant(3));
        let done = format!("dropped an update after {polls} polls");
        drop(leave_off(polls, store.update(*id, &revision, instant(3))).await);
        let came = get(store, *id).await?;
        let is_whole = came
            .as_deref()
            .is_some_and(|came| *came == given || *came == corrected);
        holds(
            &done,
            is_whole,
            "the activity as before or as corrected",
            &came,
        )?;
        let repeated = store.update(*id, &revision, instant(3)).await?;
        let done = format!("{done} and repeated it");
        same(done, repeated.as_deref(), Some(&corrected))?;

        let done = format!("dropped a delete after {polls} polls");
        drop(leave_off(polls, store.delete(*id)).await);
        let in_lists = store.list(&lists, DOWNWARDS, usize::MAX).await?;
        let holding = in_lists.iter().filter(|list| !list.is_empty()).count();
        holds(
            &done,
            holding == 0 || holding == lists.len(),
            "the activity in both lists or in none",
            holding,
        )?;
        let repeated = store.delete(*id).await?;
        let done = format!("{done} and repeated it");
        let is_gone = matches!(repeated, Deletion::Deleted | Deletion::Already);
        holds(&done, is_gone, "`Deleted` or `Already`", repeated)?;
        same(&done, store.count(&lists).await?, [0, 0])?;
        same(&done, get(store, *id).await?, None)?;
    }
    Ok(())
}
