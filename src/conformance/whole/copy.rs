//! What a store answers, to be compared with what another one answers.

use super::world::{ACTORS, World, mark};
use crate::conformance::asked::listed;
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{actor, outbox};
use crate::conformance::relations::KINDS;
use crate::store::{End, Store};

/// That two stores which hold the world answer everything alike.
pub(in crate::conformance) async fn answers_alike<S: Store>(
    done: &str,
    world: &World,
    one: &S,
    other: &S,
) -> Verdict {
    for of in ACTORS {
        let (list, id) = (outbox(of), actor(of));
        let done = |asked: &str| format!("{done}, and asked for the {asked} of actor {of}");
        same(
            done("outbox"),
            listed(other, list).await?,
            listed(one, list).await?,
        )?;
        same(
            done("count"),
            other.count(&[list]).await?,
            one.count(&[list]).await?,
        )?;
        same(
            done("relations"),
            other.relations(id).await?,
            one.relations(id).await?,
        )?;
        for kind in KINDS {
            for end in [End::From, End::To] {
                let came = other.roster(id, kind, end, None, 100).await?;
                let expected = one.roster(id, kind, end, None, 100).await?;
                same(done(&format!("{kind:?} {end:?}")), came, expected)?;
            }
        }
        for key in ["kept", "gone", "unused"] {
            let came = other.keyed(id, key).await?;
            same(
                done(&format!("key {key:?}")),
                came,
                one.keyed(id, key).await?,
            )?;
        }
        let marks = ["seen", "read"].map(|name| mark(of, name));
        same(
            done("marks"),
            other.marks(&marks).await?,
            one.marks(&marks).await?,
        )?;
        same(
            done("record"),
            other.actors(&[id]).await?,
            one.actors(&[id]).await?,
        )?;
    }
    let [first, second] = world.own;
    let ids = [
        world.deleted,
        second,
        world.of_another,
        first,
        world.deleted_of_another,
    ];
    let done = format!("{done}, and got all activities");
    same(done, other.get(&ids).await?, one.get(&ids).await?)
}
