//! What a host wants to keep of those who act.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::ActorId;
use crate::json::present;

/// A record of an actor, kept for the host and handed back unchanged (contract 1.1). Feeds
/// work without one.
///
/// ```
/// use anabranch::{Actor, ActorId};
///
/// let anna = Actor::new(ActorId::named("anna")).name("Anna").kind("Person");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// Whose record it is.
    pub id: ActorId,
    /// An actor type of Activity Streams 2.0, or the host's word; `Person` unless said.
    pub kind: String,
    /// What to show people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Free JSON.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub data: Option<Value>,
}

impl Actor {
    /// The record of a `Person` of whom nothing else is known.
    #[must_use]
    pub fn new(id: ActorId) -> Self {
        Self {
            id,
            kind: "Person".into(),
            name: None,
            data: None,
        }
    }

    /// The kind of actor.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = kind.into();
        self
    }

    /// The name to show.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The host's own JSON.
    #[must_use]
    pub fn data(mut self, data: impl Into<Value>) -> Self {
        self.data = Some(data.into());
        self
    }
}
