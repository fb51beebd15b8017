//! Putting: lists, what is handed back, repeating.

use chrono::TimeDelta;
use serde_json::json;

use crate::activity::{Activity, InReplyTo, Revision};
use crate::audience::Audience;
use crate::conformance::asked::{count, get, listed, put};
use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{DOWNWARDS, START, activity, actor, ids, instant, keyed, outbox};
use crate::conformance::json;
use crate::conformance::leave_off::leave_off;
use crate::id::{ActorId, Ids};
use crate::object::Object;
use crate::store::{ActivityStore, Keyed, List, Put};
use crate::verb::Verb;

pub(super) async fn a_put_is_found_in_all_its_lists_and_no_other<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let id = Ids::new(1).make(START);
    let given = activity(id, 1);
    let lists = [outbox(1), outbox(2), outbox(3)];
    let stored = put(store, given.clone(), &lists).await?;
    same("put an activity", &*stored, &given)?;
    same(
        "got the activity that was put",
        get(store, id).await?.as_deref(),
        Some(&given),
    )?;
    for list in lists {
        let done = format!("listed {list:?}, into which it was put");
        same(done, listed(store, list).await?, [id])?;
    }
    same(
        "listed the outbox of somebody else",
        listed(store, outbox(4)).await?,
        [],
    )
}

pub(super) async fn lists_of_all_kinds_are_apart<S: ActivityStore>(store: &S) -> Verdict {
    let ids = Ids::new(1);
    let about = ids.make(START);
    // All of one name, so that only their kinds tell them apart.
    let holder = ActorId::from(*about.as_uuid());
    let lists = [
        List::Outbox(holder),
        List::Replies(about),
        List::Reactions(about),
        List::Responses(holder),
    ];
    let all = lists.map(|list| (ids.make(START), list));
    for (id, list) in all {
        put(store, activity(id, 1), &[outbox(1), list]).await?;
    }
    for (id, list) in all {
        let done = format!("put one activity into each list of {about}, and listed {list:?}");
        same(done, listed(store, list).await?, [id])?;
    }
    let [(in_outbox, _), ..] = all;
    store.delete(in_outbox).await?;
    same(
        "deleted the one in the outbox, and counted them all",
        store.count(&lists).await?,
        [0, 1, 1, 1],
    )
}

pub(super) async fn an_activity_is_handed_back_with_everything_it_has<S: ActivityStore>(
    store: &S,
) -> Verdict {
    let audiences = [
        Audience::Public,
        Audience::Followers,
        Audience::Members(actor(7)),
        Audience::Only(vec![actor(9), actor(8), actor(9)]),
        Audience::Only(vec![]),
    ];
    let ids = ids(5);
    let mut given = Vec::new();
    for (id, audience) in ids.iter().zip(audiences) {
        let full = Activity {
            verb: Verb::from("deploy ✓"),
            object: Some(
                Object::from("https://example.org/7?a=b#c")
                    .property("type", json!(["Note", "Image"]))
                    .property("", json!(null)),
            ),
            to: vec![actor(3), actor(2), actor(3)],
            audience,
            notify: vec![actor(5), actor(4)],
            in_reply_to: Some(InReplyTo {
                activity: *id,
                actor: actor(6),
            }),
            key: Some(format!("key of {id}").into()),
            updated: Some(instant(1_700_000_000_123) + TimeDelta::days(1)),
            data: Some(json!({"title": "Minutes"})),
            ..activity(*id, 1)
        };
        put(store, full.clone(), &[outbox(1), outbox(2), outbox(3)]).await?;
        given.push(full);
    }
    // What is there and holds nothing is not what is not there.
    let bare = activity(Ids::new(9).make(0), 1);
    put(store, bare.clone(), &[outbox(1)]).await?;
    given.push(bare);
    for given in given {
        same(
            "put an activity and got it",
            get(store, given.id).await?.as_deref(),
            Some(&given),
        )?;
    }
    Ok(())
}

pub(super) async fn free_json_is_handed_back_unchanged<S: ActivityStore>(store: &S) -> Verdict {
    let values = json::values();
    for ((name, value), id) in values.iter().zip(ids(100)) {
        let given = Activity {
            data: Some(value.clone()),
            object: Some(Object::from("o").property("p", value.clone())),
            ..activity(id, 1)
        };
        let stored = put(store, given, &[outbox(1)]).await?;
        json::unchanged("put", name, stored.data.as_ref(), value)?;
        let came = get(store, id).await?;
        let data = came.as_ref().and_then(|came| came.data.as_ref());
        json::unchanged("put and got", name, data, value)?;
        let object = came.as_ref().and_then(|came| came.object.as_ref());
        let property = object.and_then(|object| object.properties.get("p"));
        json::unchanged("put and got, in the object,", name, property, value)?;
        let revision = Revision::new().data(value.clone());
        store.update(id, &revision, instant(5)).await?;
        let came = get(store, id).await?;
        let data = came.as_ref().and_then(|came| came.data.as_ref());
        json::unchanged("updated and got", name, data, value)?;
    }
    Ok(())
}

pub(super) async fn a_taken_id_hands_the_activity_back<S: ActivityStore>(store: &S) -> Verdict {
    let id = Ids::new(1).make(START);
    let (first, second) = (activity(id, 1), keyed(id, 2, "k"));
    put(store, first.clone(), &[outbox(1)]).await?;
    same(
        "put another activity of the same id",
        store.put(second.clone(), &[outbox(2), outbox(1)]).await?,
        Put::Taken(Box::new(second)),
    )?;
    same("got the id", get(store, id).await?.as_deref(), Some(&first))?;
    same(
        "listed where the other one was to go",
        listed(store, outbox(2)).await?,
        [],
    )?;
    same(
        "asked for the key of the other one",
        store.keyed(actor(2), "k").await?,
        None,
    )
}

pub(super) async fn a_repeated_put_writes_nothing<S: ActivityStore>(store: &S) -> Verdict {
    let ids = ids(2);
    for (id, key) in ids.iter().zip([Some("k"), None]) {
        let given = Activity {
            key: key.map(Into::into),
            ..activity(*id, 1)
        };
        let stored = put(store, given.clone(), &[outbox(1)]).await?;
        let expected = match key {
            Some(_) => Put::Keyed(Keyed::Known(stored)),
            None => Put::Taken(Box::new(given.clone())),
        };
        same(
            format!("repeated a put with the key {key:?}"),
            store.put(given, &[outbox(1), outbox(2)]).await?,
            expected,
        )?;
    }
    same("counted its list", count(store, outbox(1)).await?, 2)?;
    same(
        "listed what only the repeated put named",
        listed(store, outbox(2)).await?,
        [],
    )
}

pub(super) async fn a_list_named_twice_holds_it_once<S: ActivityStore>(store: &S) -> Verdict {
    let id = Ids::new(1).make(START);
    put(store, activity(id, 1), &[outbox(1), outbox(2), outbox(1)]).await?;
    same(
        "listed what was named twice in one put",
        listed(store, outbox(1)).await?,
        [id],
    )?;
    same("counted it", count(store, outbox(1)).await?, 1)?;
    store.delete(id).await?;
    same(
        "counted it after the activity was deleted",
        count(store, outbox(1)).await?,
        0,
    )
}

pub(super) async fn a_put_left_off_has_happened_or_not<S: ActivityStore>(store: &S) -> Verdict {
    let lists = [outbox(1), outbox(2)];
    for (polls, id) in ids(24).into_iter().enumerate() {
        let key = format!("k{polls}");
        let given = keyed(id, 1, &key);
        let polls = u32::try_from(polls / 4).unwrap_or(0);
        let done = format!("dropped a put after {polls} polls");
        let answer = leave_off(polls, store.put(given.clone(), &lists)).await;
        let in_lists = store.list(&lists, DOWNWARDS, usize::MAX).await?;
        let is_in = in_lists
            .iter()
            .filter(|list| list.iter().any(|entry| entry.id == id))
            .count();
        holds(
            &done,
            is_in == 0 || is_in == lists.len(),
            "the activity in both lists or in none",
            is_in,
        )?;
        if is_in > 0 || answer.is_some() {
            let found = get(store, id).await?;
            same(&done, found.as_deref(), Some(&given))?;
            let known = store.keyed(actor(1), &key).await?;
            holds(&done, known.is_some(), "its key taken", &known)?;
        }
        // Repeating it tells for good what became of it, and the store goes on.
        let repeated = store.put(given.clone(), &lists).await?;
        let is_known = match &repeated {
            Put::Stored(known) | Put::Keyed(Keyed::Known(known)) => **known == given,
            _ => false,
        };
        let done = format!("{done}, and repeated it");
        holds(&done, is_known, "`Stored` or `Keyed` with it", &repeated)?;
        let came = listed(store, outbox(2)).await?;
        let times = came.iter().filter(|one| **one == id).count();
        same(format!("{done}, and listed it"), times, 1)?;
    }
    Ok(())
}
