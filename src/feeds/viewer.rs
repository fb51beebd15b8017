//! Who looks, and what decides what they see.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::id::ActorId;
use crate::relation::Relations;
use crate::store::RelationStore;

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

    /// That of the viewer's relations, where all streams are followed wholly: while it stands, plain activities
    /// can be judged shortly.
    pub(super) fn stamp(&self) -> Option<u64> {
        let relations = self.relations().filter(|of| of.partly.is_empty());
        self.stamp.filter(|_| relations.is_some())
    }

    /// Whom the viewer mutes, and until when, and with whom a block stands between.
    pub(super) fn hidden(&self) -> Vec<(ActorId, Option<DateTime<Utc>>)> {
        let Some(relations) = self.relations() else {
            return Vec::new();
        };
        let blocks = relations.blocks.iter().chain(&relations.blocked_by);
        let blocks = blocks.map(|actor| (*actor, None));
        relations.mutes.iter().copied().chain(blocks).collect()
    }
}
