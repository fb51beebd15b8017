//! What something was done to.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::ActivityId;

/// The object of an activity: a reference, embedded properties, or both (contract 1.2).
///
/// ```
/// use anabranch::Object;
/// use serde_json::json;
///
/// let note = Object::from("https://example.org/notes/1")
///     .property("type", "Note")
///     .property("content", "The kettle is broken.");
/// assert!(note.object_types().eq(["Note"]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// What it points to, if it points to anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// What is known of it on the spot, in the words of Activity Streams 2.0 or the host's.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub properties: Map<String, Value>,
}

/// What an object points to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// An IRI or any other text of the host's; not looked into.
    Text(Box<str>),
    /// Another activity. Whoever may not see that one does not see this one either
    /// (contract 4.6).
    Activity(ActivityId),
}

impl Object {
    /// The same object with one more property.
    #[must_use]
    pub fn property(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.properties.insert(name.into(), value.into());
        self
    }

    /// The activity that it is, if it is one.
    #[must_use]
    pub fn activity(&self) -> Option<ActivityId> {
        match self.reference {
            Some(Reference::Activity(id)) => Some(id),
            _ => None,
        }
    }

    /// Its types: the property `type`, which holds one text or a list of them (`Note`, `Image`,
    /// `Event`).
    pub fn object_types(&self) -> impl Iterator<Item = &str> {
        let types = match self.properties.get("type") {
            Some(Value::Array(types)) => types.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        types.iter().filter_map(Value::as_str)
    }
}

impl From<&str> for Object {
    fn from(reference: &str) -> Self {
        Reference::Text(reference.into()).into()
    }
}

impl From<String> for Object {
    fn from(reference: String) -> Self {
        Reference::Text(reference.into()).into()
    }
}

impl From<ActivityId> for Object {
    fn from(activity: ActivityId) -> Self {
        Reference::Activity(activity).into()
    }
}

impl From<Reference> for Object {
    fn from(reference: Reference) -> Self {
        Self {
            reference: Some(reference),
            properties: Map::new(),
        }
    }
}

impl From<Map<String, Value>> for Object {
    /// An object that is embedded and points nowhere.
    fn from(properties: Map<String, Value>) -> Self {
        Self {
            reference: None,
            properties,
        }
    }
}
