//! Everything that decides what one actor sees.

use super::swap::of_every_kind;
use crate::conformance::asked::swap;
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{actor, edge, ended, follow, instant, make, replace, unmake};
use crate::id::ActorId;
use crate::relation::{Edge, Relation, RelationKind, Relations};
use crate::store::{Change, RelationStore};

/// What the snapshot of an actor is, given all edges that there are.
pub(in crate::conformance) fn expected<'a>(
    of: ActorId,
    edges: impl Iterator<Item = &'a Edge> + Clone,
) -> Relations {
    let own = edges.clone().filter(|edge| edge.from == of);
    let blocks = edges.filter(|edge| edge.to == of && edge.relation.kind() == RelationKind::Block);
    Relations::of(of, own, blocks.map(|edge| edge.from))
}

pub(super) async fn relations_hold_what_decides_what_an_actor_sees<S: RelationStore>(
    store: &S,
) -> Verdict {
    let mut all = of_every_kind();
    // In no order: lists of a snapshot are in ascending order of ids.
    for other in [90, 20, 55, 33] {
        all.extend([
            follow(1, other, 1),
            edge(1, Relation::Member, other, 1),
            edge(1, Relation::Mute { until: None }, other, 1),
            edge(1, Relation::Block, other, 1),
            edge(other, Relation::Block, 1, 1),
        ]);
    }
    for edge in &all {
        swap(store, &[make(edge)]).await?;
    }
    for of in [1, 2, 6, 90] {
        same(
            format!("made edges of every kind, and asked for the relations of actor {of}"),
            &*store.relations(actor(of)).await?,
            &expected(actor(of), all.iter()),
        )?;
    }
    Ok(())
}

pub(super) async fn relations_of_who_has_none_are_empty<S: RelationStore>(store: &S) -> Verdict {
    let ask = || store.relations(actor(1));
    let none = Relations::none(actor(1));
    let done = "asked for the relations of an actor that nobody knows";
    same(done, &*ask().await?, &none)?;
    let back_and_forth = [follow(1, 2, 10), edge(2, Relation::Block, 1, 11)];
    for edge in back_and_forth {
        swap(store, &[make(&edge)]).await?;
        swap(store, &[unmake(&edge)]).await?;
    }
    let done = "asked for the relations of an actor who has none any more";
    same(done, &*ask().await?, &none)?;
    // What others have with it, blocks apart, decides nothing of what it sees.
    swap(store, &[make(&follow(2, 1, 12))]).await?;
    let done = "asked for the relations of an actor who is followed only";
    same(done, &*ask().await?, &none)
}

/// All that can become of what two actors and a third have to do with each other.
fn steps() -> Vec<Change> {
    let (open, ended) = (follow(1, 2, 10), ended(1, 2, 10));
    let mute = edge(1, Relation::Mute { until: None }, 2, 12);
    let longer = edge(
        1,
        Relation::Mute {
            until: Some(instant(9)),
        },
        2,
        13,
    );
    let (block, blocked) = (
        edge(1, Relation::Block, 3, 14),
        edge(2, Relation::Block, 1, 15),
    );
    let member = edge(1, Relation::Member, 3, 16);
    vec![
        make(&open),
        make(&mute),
        replace(&open, &ended),
        make(&blocked),
        replace(&mute, &longer),
        make(&block),
        make(&member),
        unmake(&blocked),
        replace(&ended, &open),
        unmake(&longer),
        unmake(&member),
        unmake(&open),
        unmake(&block),
    ]
}

/// What stamps were given, each with the relations that it stood for.
#[derive(Default)]
pub(in crate::conformance) struct Stamps(Vec<(ActorId, u64, Relations)>);

impl Stamps {
    /// Looks at the stamps of the actors after something was done.
    pub(in crate::conformance) async fn look<S: RelationStore>(
        &mut self,
        done: &str,
        store: &S,
        actors: &[ActorId],
    ) -> Verdict {
        for of in actors {
            let relations = (*store.relations(*of).await?).clone();
            let Some(stamp) = store.stamp(*of).await? else {
                continue;
            };
            let seen = || self.0.iter().filter(|(actor, ..)| actor == of);
            let of_this = seen().find(|(_, known, _)| *known == stamp);
            same(
                format!(
                    "{done}, and stamped the relations of {of}: those that the stamp {stamp} stood for before"
                ),
                of_this.map_or(&relations, |(.., known)| known),
                &relations,
            )?;
            for (_, before, _) in seen() {
                same(
                    format!("{done}, and asked whether stamp {before} of {of} stands"),
                    store.stands(*of, *before).await?,
                    *before == stamp,
                )?;
            }
            self.0.push((*of, stamp, relations));
        }
        Ok(())
    }

    /// The same after each of the steps.
    pub(in crate::conformance) async fn follow<S: RelationStore>(
        &mut self,
        store: &S,
        steps: impl IntoIterator<Item = Change>,
    ) -> Verdict {
        for step in steps {
            swap(store, std::slice::from_ref(&step)).await?;
            let done = format!("did {step:?}");
            self.look(&done, store, &[1, 2, 3].map(actor)).await?;
        }
        Ok(())
    }
}

/// All steps in turn, and then all of them back, so that what was before comes again.
pub(in crate::conformance) fn there_and_back() -> (Vec<Change>, Vec<Change>) {
    let back = steps().into_iter().rev().map(|step| Change {
        was: step.now,
        now: step.was,
        ..step
    });
    (steps(), back.collect())
}

pub(super) async fn stamps_tell_relations_apart<S: RelationStore>(store: &S) -> Verdict {
    let mut stamps = Stamps::default();
    let (there, back) = there_and_back();
    stamps.follow(store, there).await?;
    stamps.follow(store, back).await
}

pub(super) async fn relations_follow_each_change<S: RelationStore>(store: &S) -> Verdict {
    let mut all: Vec<Edge> = Vec::new();
    for step in steps() {
        // Asked for before each step too, so that what is kept ready is kept right.
        for of in [1, 2, 3] {
            store.relations(actor(of)).await?;
        }
        swap(store, std::slice::from_ref(&step)).await?;
        all.retain(|edge| edge.key() != step.key);
        all.extend(step.now.clone());
        for of in [1, 2, 3] {
            same(
                format!("asked for the relations of actor {of} after {step:?}"),
                &*store.relations(actor(of)).await?,
                &expected(actor(of), all.iter()),
            )?;
        }
    }
    Ok(())
}
