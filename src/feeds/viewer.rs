//! Who looks, and what decides what they see.

use std::sync::Arc;

use crate::error::Result;
use crate::id::ActorId;
use crate::relation::Relations;
use crate::store::RelationStore;
use crate::timelines::{Aside, Header};

/// A viewer as they were at one moment.
pub(super) struct Viewer {
    /// `None` where it is nobody in particular.
    relations: Option<Arc<Relations>>,
    /// The store's number for these relations, if it has one.
    stamp: Option<u64>,
}

impl Viewer {
    pub(super) async fn look(store: &impl RelationStore, actor: Option<ActorId>) -> Result<Self> {
        let Some(actor) = actor else {
            return Ok(Self {
                relations: None,
                stamp: None,
            });
        };
        let stamp = store.stamp(actor).await?;
        let relations = store.relations(actor).await?;
        // If it is the same afterwards, it is that of the relations in between.
        let stamp = match stamp {
            Some(before) => store.stamp(actor).await?.filter(|after| *after == before),
            None => None,
        };
        Ok(Self {
            relations: Some(relations),
            stamp,
        })
    }

    pub(super) fn relations(&self) -> Option<&Relations> {
        self.relations.as_deref()
    }

    /// Whether plain activities can be judged shortly: all streams are followed wholly, and the store says when
    /// that changes.
    pub(super) fn is_short(&self) -> bool {
        let relations = self.relations();
        self.stamp.is_some() && relations.is_some_and(|relations| relations.partly.is_empty())
    }

    /// What makes judging plain activities short: whom the viewer hides, while the stamp is the same.
    pub(super) fn short(&self) -> Option<Header> {
        let relations = self.relations.as_ref().filter(|_| self.is_short())?;
        let blocks = relations.blocks.iter().chain(&relations.blocked_by);
        let blocks = blocks.map(|actor| (*actor, None));
        let hidden: Vec<_> = relations.mutes.iter().copied().chain(blocks).collect();
        let aside = (!hidden.is_empty()).then(|| Aside {
            hidden,
            ..Aside::default()
        });
        Some(Header {
            stamp: self.stamp,
            aside: aside.map(Arc::new),
            ..Header::default()
        })
    }
}
