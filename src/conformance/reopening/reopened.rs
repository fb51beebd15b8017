//! What is there after a store was opened again.

use crate::activity::Activity;
use crate::conformance::asked::{count, get, listed, put};
use crate::conformance::bench::Bench;
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{activity, actor, ids, keyed, outbox};
use crate::conformance::json;
use crate::conformance::relations::{Stamps, there_and_back};
use crate::conformance::whole::copy::answers_alike;
use crate::conformance::whole::world::{records, written};
use crate::store::{Deletion, Keyed, Put, Store};

pub(super) fn everything_is_there_after_reopening<S: Store>(bench: &Bench<S>) -> Verdict {
    let mut store = bench.empty();
    let world = bench.run(written(&store))?;
    for times in 1..=2 {
        store = bench.reopened(store);
        let done = format!("opened a store again, {times} times, and read all records");
        same(done, &bench.run(records(&store))?, &world.records)?;
    }
    Ok(())
}

pub(super) fn a_reopened_store_answers_as_before<S: Store>(bench: &Bench<S>) -> Verdict {
    let (one, other) = (bench.empty(), bench.empty());
    let world = bench.run(written(&one))?;
    bench.run(written(&other))?;
    let other = bench.reopened(other);
    let done = "wrote the same into two stores, and opened one of them again";
    bench.run(answers_alike(done, &world, &one, &other))
}

pub(super) fn free_json_is_unchanged_after_reopening<S: Store>(bench: &Bench<S>) -> Verdict {
    let store = bench.empty();
    let values = json::values();
    let ids = ids(100);
    bench.run(async {
        for ((_, value), id) in values.iter().zip(&ids) {
            let given = Activity {
                data: Some(value.clone()),
                ..activity(*id, 1)
            };
            put(&store, given, &[outbox(1)]).await?;
        }
        Ok(())
    })?;
    let store = bench.reopened(store);
    bench.run(async {
        for ((name, value), id) in values.iter().zip(&ids) {
            let came = get(&store, *id).await?;
            let data = came.as_ref().and_then(|came| came.data.as_ref());
            json::unchanged("put, reopened, and got", name, data, value)?;
        }
        Ok(())
    })
}

pub(super) fn a_reopened_store_goes_on_where_it_was<S: Store>(bench: &Bench<S>) -> Verdict {
    let store = bench.empty();
    let world = bench.run(async {
        let world = written(&store).await?;
        store.erase(actor(1)).await?;
        Ok(world)
    })?;
    let store = bench.reopened(store);
    bench.run(async {
        for key in ["kept", "gone"] {
            let done = format!("opened again, and put with the key {key:?} of an erased actor");
            let given = keyed(world.deleted, 1, key);
            let came = store.put(given, &[outbox(1)]).await?;
            same(done, came, Put::Keyed(Keyed::Gone))?;
        }
        let taken = activity(world.deleted_of_another, 3);
        same(
            "opened again, and put with the id of a deleted activity",
            store.put(taken.clone(), &[outbox(3)]).await?,
            Put::Taken(Box::new(taken)),
        )?;
        same(
            "opened again, and deleted what was deleted before",
            store.delete(world.deleted_of_another).await?,
            Deletion::Already,
        )?;
        for id in ids(1) {
            put(&store, activity(id, 2), &[outbox(2), outbox(1)]).await?;
            let done = "opened again, put one more, and listed it with what was there";
            let mut expected = [id, world.of_another];
            expected.sort_unstable_by(|one, other| other.cmp(one));
            same(done, listed(&store, outbox(1)).await?, expected)?;
            same(done, count(&store, outbox(1)).await?, 2)?;
        }
        Ok(())
    })
}

pub(super) fn stamps_tell_relations_apart_after_reopening<S: Store>(bench: &Bench<S>) -> Verdict {
    let store = bench.empty();
    let mut stamps = Stamps::default();
    let (there, back) = there_and_back();
    bench.run(stamps.follow(&store, there))?;
    let store = bench.reopened(store);
    bench.run(stamps.follow(&store, back))
}
