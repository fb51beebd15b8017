//! Records of actors.

use std::sync::Arc;

use serde_json::json;

use crate::actor::Actor;
use crate::conformance::failure::{Verdict, answered, only, same};
use crate::conformance::given::{LENGTHS, actor};
use crate::conformance::json;
use crate::id::ActorId;
use crate::store::Store;

pub(super) async fn actors_are_answered_in_order_with_none_for_what_is_absent<S: Store>(
    store: &S,
) -> Verdict {
    let records: Vec<Actor> = [3, 1, u64::MAX, 2]
        .into_iter()
        .map(|of| Actor::new(actor(of)).name(of.to_string()))
        .collect();
    for record in &records {
        store.set_actor(record.clone()).await?;
    }
    let asked = [2, 9, 3, u64::MAX, 3, 0, 1].map(actor);
    let expected: Vec<Option<Arc<Actor>>> = asked
        .iter()
        .map(|id| {
            records
                .iter()
                .find(|record| record.id == *id)
                .cloned()
                .map(Arc::new)
        })
        .collect();
    same(
        "asked for actors in no order, with unknown ones between, and one twice",
        store.actors(&asked).await?,
        expected,
    )
}

pub(super) async fn actors_takes_batches_of_any_length<S: Store>(store: &S) -> Verdict {
    store.set_actor(Actor::new(actor(7))).await?;
    for length in LENGTHS {
        let asked: Vec<ActorId> = (0..length as u64).map(actor).collect();
        let done = format!("asked for {length} actors at once (answers, and which is there)");
        let came = answered(&done, store.actors(&asked).await)?;
        let found = came.iter().position(Option::is_some);
        let expected = (asked.len(), (length > 7).then_some(7));
        same(done, (came.len(), found), expected)?;
    }
    Ok(())
}

pub(super) async fn a_record_takes_the_place_of_an_earlier_one<S: Store>(store: &S) -> Verdict {
    let bare = Actor::new(actor(1));
    let named = bare.clone().name("Anna");
    let group = named.clone().kind("Group");
    let with_null = group.clone().data(json!(null));
    for record in [bare.clone(), named, group, with_null, bare] {
        for expected in [true, false] {
            let done = format!("kept {record:?}, twice: whether that changed anything");
            same(done, store.set_actor(record.clone()).await?, expected)?;
        }
        let came = store.actors(&[record.id]).await?;
        same("asked for it", came, [Some(Arc::new(record))])?;
    }
    Ok(())
}

pub(super) async fn records_of_actors_are_handed_back_unchanged<S: Store>(store: &S) -> Verdict {
    for (name, value) in json::values() {
        let record = Actor::new(actor(1)).name("").kind("").data(value.clone());
        store.set_actor(record).await?;
        let came = only("asked for an actor", store.actors(&[actor(1)]).await?)?;
        let data = came.as_ref().and_then(|came| came.data.as_ref());
        json::unchanged("kept with an actor", name, data, &value)?;
    }
    Ok(())
}
