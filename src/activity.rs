//! What somebody did.

use chrono::{DateTime, Utc};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use smallvec::SmallVec;

use crate::audience::Audience;
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::json::{self, present};
use crate::object::Object;
use crate::verb::Verb;

/// What an actor did, as it is published and handed back (contract 1.2).
///
/// Activities are made by [`Feeds::publish`](crate::Feeds::publish) from a [`Draft`]. `serde`
/// writes the published instant beside the id that holds it, for whoever shows it; reading
/// takes it from the id.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Activity {
    /// Its name, and its place in every feed.
    pub id: ActivityId,
    /// Who did it.
    pub actor: ActorId,
    /// What was done.
    #[serde(default)]
    pub verb: Verb,
    /// What it was done to.
    #[serde(default)]
    pub object: Option<Object>,
    /// The streams that it is in, besides that of its actor.
    #[serde(default)]
    pub to: Vec<ActorId>,
    /// Who may see it.
    #[serde(default)]
    pub audience: Audience,
    /// Who is told of it.
    #[serde(default)]
    pub notify: Vec<ActorId>,
    /// What it answers.
    #[serde(default)]
    pub in_reply_to: Option<InReplyTo>,
    /// The host's word for this publish, by which repeating it does nothing (contract 2.2).
    #[serde(default)]
    pub key: Option<Box<str>>,
    /// When object or data were last replaced.
    #[serde(default)]
    pub updated: Option<DateTime<Utc>>,
    /// The host's free JSON.
    #[serde(default, deserialize_with = "present")]
    pub data: Option<Value>,
}

/// The activity that another one answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InReplyTo {
    /// What is answered; it may be deleted by now.
    pub activity: ActivityId,
    /// Whose it is: known for good, so that replies can be told apart after a deletion.
    pub actor: ActorId,
}

impl Activity {
    /// Begins an activity of `actor`: a public [`Verb::Create`] of nothing, until the
    /// [`Draft`] says more.
    pub fn by(actor: ActorId) -> Draft {
        Draft {
            actor,
            verb: Verb::default(),
            object: None,
            to: Vec::new(),
            audience: Audience::default(),
            notify: Vec::new(),
            in_reply_to: None,
            key: None,
            published: None,
            data: None,
        }
    }

    /// The instant at which it was published, to the millisecond.
    #[must_use]
    pub fn published(&self) -> DateTime<Utc> {
        self.id.published()
    }

    /// The streams in whose outboxes it is: its actor and everyone in `to`, each once
    /// (contract 1.4).
    pub fn streams(&self) -> impl Iterator<Item = ActorId> + '_ {
        let mut streams: SmallVec<[ActorId; 4]> = SmallVec::with_capacity(1 + self.to.len());
        streams.push(self.actor);
        streams.extend_from_slice(&self.to);
        if streams.len() > 1 {
            streams.sort_unstable();
            streams.dedup();
        }
        streams.into_iter()
    }

    /// The activity that this one has as its object, if it has one: what is shared, liked, undone.
    #[must_use]
    pub fn shared(&self) -> Option<ActivityId> {
        self.object.as_ref()?.activity()
    }

    /// Whether it is for everybody, in the stream of its actor alone, and about no other activity: then its
    /// actor decides who sees it, and nothing else of it needs to be known.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.audience == Audience::Public
            && self.shared().is_none()
            && self.to.iter().all(|stream| *stream == self.actor)
    }
}

impl Serialize for Activity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Activity", 12)?;
        fields.serialize_field("id", &self.id)?;
        fields.serialize_field("published", &self.published())?;
        fields.serialize_field("actor", &self.actor)?;
        fields.serialize_field("verb", &self.verb)?;
        fields.serialize_field("to", &self.to)?;
        fields.serialize_field("audience", &self.audience)?;
        fields.serialize_field("notify", &self.notify)?;
        optional(&mut fields, "object", self.object.as_ref())?;
        optional(&mut fields, "in_reply_to", self.in_reply_to.as_ref())?;
        optional(&mut fields, "key", self.key.as_ref())?;
        optional(&mut fields, "updated", self.updated.as_ref())?;
        optional(&mut fields, "data", self.data.as_ref())?;
        fields.end()
    }
}

fn optional<S: SerializeStruct, T: Serialize>(
    fields: &mut S,
    name: &'static str,
    value: Option<&T>,
) -> Result<(), S::Error> {
    match value {
        Some(value) => fields.serialize_field(name, value),
        None => fields.skip_field(name),
    }
}

/// An activity that is not published yet. Begun by [`Activity::by`].
///
/// ```
/// use anabranch::{Activity, ActorId, Audience, Verb};
/// use serde_json::json;
///
/// let (anna, release) = (ActorId::named("anna"), ActorId::named("project:release"));
/// let draft = Activity::by(anna)
///     .verb(Verb::Add)
///     .object("https://example.org/documents/7")
///     .to([release])
///     .audience(Audience::Members(release))
///     .key("upload-7")
///     .data(json!({"title": "Minutes"}));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[must_use = "a draft does nothing until it is published"]
pub struct Draft {
    pub(crate) actor: ActorId,
    #[serde(default)]
    pub(crate) verb: Verb,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) object: Option<Object>,
    #[serde(default)]
    pub(crate) to: Vec<ActorId>,
    #[serde(default)]
    pub(crate) audience: Audience,
    #[serde(default)]
    pub(crate) notify: Vec<ActorId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) in_reply_to: Option<ActivityId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<DateTime<Utc>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub(crate) data: Option<Value>,
}

impl Draft {
    /// What is done; [`Verb::Create`] unless said.
    pub fn verb(mut self, verb: impl Into<Verb>) -> Self {
        self.verb = verb.into();
        self
    }

    /// What it is done to: text such as an IRI, an [`ActivityId`], or an [`Object`] with
    /// properties.
    pub fn object(mut self, object: impl Into<Object>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// The streams that it also belongs to: groups, topics, the people addressed. Being in a
    /// stream grants nobody sight of it; that is the audience's part.
    pub fn to(mut self, streams: impl IntoIterator<Item = ActorId>) -> Self {
        self.to = streams.into_iter().collect();
        self
    }

    /// Who may see it; everybody unless said.
    pub fn audience(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// Who is told of it.
    pub fn notify(mut self, actors: impl IntoIterator<Item = ActorId>) -> Self {
        self.notify = actors.into_iter().collect();
        self
    }

    /// The activity that it answers.
    pub fn in_reply_to(mut self, activity: ActivityId) -> Self {
        self.in_reply_to = Some(activity);
        self
    }

    /// A word that this actor uses for this publish only: with it, publishing again after a
    /// lost answer finds the first activity and writes nothing (contract 2.2).
    pub fn key(mut self, key: impl Into<Box<str>>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// When it happened; now unless said. What is finer than a millisecond is cut off.
    pub fn published(mut self, instant: DateTime<Utc>) -> Self {
        self.published = Some(instant);
        self
    }

    /// Refuses free JSON that cannot be kept.
    pub(crate) fn check(&self, operation: &'static str) -> Result<()> {
        check(self.object.as_ref(), self.data.as_ref(), operation)
    }

    /// Free JSON that is handed back unchanged.
    pub fn data(mut self, data: impl Into<Value>) -> Self {
        self.data = Some(data.into());
        self
    }
}

/// What an update puts in place of an activity's object and data (contract 2.4): both are
/// replaced, so that what a revision does not name is gone.
///
/// ```
/// use anabranch::Revision;
/// use serde_json::json;
///
/// let corrected = Revision::new()
///     .object("https://example.org/documents/8")
///     .data(json!({"title": "Minutes, corrected"}));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[must_use = "a revision does nothing until it is given to `update`"]
pub struct Revision {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object: Option<Object>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    data: Option<Value>,
}

impl Revision {
    /// No object and no data, until more is said.
    pub fn new() -> Self {
        Self::default()
    }

    /// The new object.
    pub fn object(mut self, object: impl Into<Object>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// The new free JSON.
    pub fn data(mut self, data: impl Into<Value>) -> Self {
        self.data = Some(data.into());
        self
    }

    /// Refuses free JSON that cannot be kept.
    pub(crate) fn check(&self, operation: &'static str) -> Result<()> {
        check(self.object.as_ref(), self.data.as_ref(), operation)
    }

    /// The activity that the object would become, if that is one.
    pub(crate) fn shared(&self) -> Option<ActivityId> {
        self.object.as_ref()?.activity()
    }

    /// Makes the change, as of the instant `updated`. For stores.
    pub fn apply(&self, activity: &mut Activity, updated: DateTime<Utc>) {
        activity.object.clone_from(&self.object);
        activity.data.clone_from(&self.data);
        activity.updated = Some(updated);
    }
}

fn check(object: Option<&Object>, data: Option<&Value>, operation: &'static str) -> Result<()> {
    if let Some(object) = object {
        json::check_properties(&object.properties, operation)?;
    }
    json::check(data, operation)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::id::Ids;

    fn activity() -> Activity {
        Activity {
            id: Ids::new(1).make(1_700_000_000_000),
            actor: ActorId::from(1),
            verb: Verb::from("deploy"),
            object: Some(Object::from("https://example.org/7")),
            to: vec![ActorId::from(2)],
            audience: Audience::Only(vec![ActorId::from(3)]),
            notify: vec![],
            in_reply_to: None,
            key: Some("k".into()),
            updated: None,
            data: Some(Value::Null),
        }
    }

    /// contract 1.2: free JSON is handed back unchanged, `null` included.
    #[test]
    fn an_activity_survives_json() -> Result<(), serde_json::Error> {
        let before = activity();
        let text = serde_json::to_string(&before)?;
        assert_eq!(serde_json::from_str::<Activity>(&text)?, before);
        Ok(())
    }

    /// contract 1.2: to the last bit of a number, too.
    #[test]
    fn the_numbers_of_an_activity_survive_json() -> Result<(), serde_json::Error> {
        let number = 1_845.983_059_999_999_8;
        let before = Activity {
            data: Some(json!(number)),
            ..activity()
        };
        let text = serde_json::to_string(&before)?;
        let after = serde_json::from_str::<Activity>(&text)?;
        assert_eq!(after.data.and_then(|data| data.as_f64()), Some(number));
        Ok(())
    }

    #[test]
    fn its_json_shows_when_it_was_published() -> Result<(), serde_json::Error> {
        let json = serde_json::to_value(activity())?;
        assert_eq!(json["published"], json!("2023-11-14T22:13:20Z"));
        assert_eq!(json["verb"], json!("deploy"));
        Ok(())
    }

    /// contract 1.4
    #[test]
    fn its_streams_are_distinct() {
        let mut twice = activity();
        twice.to = vec![ActorId::from(2), ActorId::from(1), ActorId::from(2)];
        assert!(twice.streams().eq([ActorId::from(1), ActorId::from(2)]));
    }
}
