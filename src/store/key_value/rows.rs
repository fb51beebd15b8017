//! What stands in the rows: the bytes of values. Types of their own, so that no change of the model
//! changes what is on disks. `docs/format.md` describes them, and golden files pin them.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::activity::{Activity, InReplyTo};
use crate::actor::Actor;
use crate::audience::Audience;
use crate::entry::Interval;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::object::{Object, Reference};
use crate::relation::{Edge, Follow, Relation, RelationKind};
use crate::store::List;
use crate::verb::Verb;

/// The first byte of each value.
const VERSION: u8 = 1;

type Id = [u8; 16];
type Text<'a> = Cow<'a, str>;

/// What is in the row of an activity's id.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Live(Arc<Activity>, Vec<List>),
    Deleted(ActorId),
}

#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are of the large one, and none is kept"
)]
#[derive(Serialize, Deserialize)]
enum BodyRow<'a> {
    #[serde(borrow)]
    Live(ActivityRow<'a>),
    Deleted(Id),
}

#[derive(Serialize, Deserialize)]
struct ActivityRow<'a> {
    actor: Id,
    #[serde(borrow)]
    verb: Text<'a>,
    object: Option<ObjectRow<'a>>,
    to: Vec<Id>,
    audience: AudienceRow,
    notify: Vec<Id>,
    in_reply_to: Option<(Id, Id)>,
    key: Option<Text<'a>>,
    /// Unix milliseconds, like all instants.
    updated: Option<i64>,
    /// JSON text, like all free JSON.
    data: Option<Text<'a>>,
    /// Where it is not in the outboxes of its streams alone.
    lists: Option<Vec<ListRow>>,
}

#[derive(Serialize, Deserialize)]
struct ObjectRow<'a> {
    #[serde(borrow)]
    reference: Option<ReferenceRow<'a>>,
    properties: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
enum ReferenceRow<'a> {
    #[serde(borrow)]
    Text(Text<'a>),
    Activity(Id),
}

#[derive(Serialize, Deserialize)]
enum AudienceRow {
    Public,
    Followers,
    Members(Id),
    Only(Vec<Id>),
}

#[derive(Serialize, Deserialize)]
enum ListRow {
    Outbox(Id),
    Replies(Id),
    Reactions(Id),
    Responses(Id),
}

#[derive(Serialize, Deserialize)]
struct EdgeRow<'a> {
    made: i64,
    #[serde(borrow)]
    relation: RelationRow<'a>,
}

#[derive(Serialize, Deserialize)]
enum RelationRow<'a> {
    #[serde(borrow)]
    Follow(FollowRow<'a>),
    Request(FollowRow<'a>),
    Member,
    Mute(Option<i64>),
    Block,
    Approval,
}

#[derive(Serialize, Deserialize)]
struct FollowRow<'a> {
    /// None is the lowest place of all.
    since: Option<Id>,
    until: Option<Id>,
    #[serde(borrow)]
    except: Vec<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
struct ActorRow<'a> {
    #[serde(borrow)]
    kind: Text<'a>,
    name: Option<Text<'a>>,
    data: Option<Text<'a>>,
}

pub(super) fn id(bytes: Id) -> ActivityId {
    Uuid::from_bytes(bytes).into()
}

pub(super) fn actor(bytes: Id) -> ActorId {
    Uuid::from_bytes(bytes).into()
}

pub(super) fn id_bytes(id: ActivityId) -> Id {
    *id.as_uuid().as_bytes()
}

pub(super) fn actor_bytes(actor: ActorId) -> Id {
    *actor.as_uuid().as_bytes()
}

/// The actor or the activity whose list it is.
pub(super) fn holder_bytes(list: &List) -> Id {
    match list {
        List::Outbox(actor) | List::Responses(actor) => actor_bytes(*actor),
        List::Replies(id) | List::Reactions(id) => id_bytes(*id),
    }
}

pub(super) const fn byte_of_kind(kind: RelationKind) -> u8 {
    match kind {
        RelationKind::Follow => 0,
        RelationKind::Request => 1,
        RelationKind::Member => 2,
        RelationKind::Mute => 3,
        RelationKind::Block => 4,
        RelationKind::Approval => 5,
    }
}

/// The lists that an activity is in unless its row says otherwise.
fn usual_lists(activity: &Activity) -> impl Iterator<Item = List> {
    activity.streams().map(List::Outbox)
}

pub(super) fn deleted_bytes(by: ActorId) -> Result<Vec<u8>> {
    to_bytes(&BodyRow::Deleted(actor_bytes(by)))
}

pub(super) fn live_bytes(activity: &Activity, lists: &[List]) -> Result<Vec<u8>> {
    let list_row = |list: &List| match list {
        List::Outbox(actor) => ListRow::Outbox(actor_bytes(*actor)),
        List::Replies(id) => ListRow::Replies(id_bytes(*id)),
        List::Reactions(id) => ListRow::Reactions(id_bytes(*id)),
        List::Responses(actor) => ListRow::Responses(actor_bytes(*actor)),
    };
    let object = match &activity.object {
        None => None,
        Some(object) => Some(ObjectRow {
            reference: object.reference.as_ref().map(|reference| match reference {
                Reference::Text(text) => ReferenceRow::Text(Cow::Borrowed(text)),
                Reference::Activity(id) => ReferenceRow::Activity(id_bytes(*id)),
            }),
            properties: match object.properties.is_empty() {
                true => None,
                false => Some(Cow::Owned(json_text(&object.properties)?)),
            },
        }),
    };
    to_bytes(&BodyRow::Live(ActivityRow {
        actor: actor_bytes(activity.actor),
        verb: Cow::Borrowed(activity.verb.as_str()),
        object,
        to: activity.to.iter().copied().map(actor_bytes).collect(),
        audience: match &activity.audience {
            Audience::Public => AudienceRow::Public,
            Audience::Followers => AudienceRow::Followers,
            Audience::Members(group) => AudienceRow::Members(actor_bytes(*group)),
            Audience::Only(actors) => {
                AudienceRow::Only(actors.iter().copied().map(actor_bytes).collect())
            }
        },
        notify: activity.notify.iter().copied().map(actor_bytes).collect(),
        in_reply_to: activity
            .in_reply_to
            .map(|reply| (id_bytes(reply.activity), actor_bytes(reply.actor))),
        key: activity.key.as_deref().map(Cow::Borrowed),
        updated: activity.updated.map(|at| at.timestamp_millis()),
        data: activity
            .data
            .as_ref()
            .map(json_text)
            .transpose()?
            .map(Cow::Owned),
        lists: match usual_lists(activity).eq(lists.iter().copied()) {
            true => None,
            false => Some(lists.iter().map(list_row).collect()),
        },
    }))
}

pub(super) fn body(of: ActivityId, bytes: &[u8]) -> Result<Body> {
    let row = match from_bytes(bytes)? {
        BodyRow::Deleted(by) => return Ok(Body::Deleted(actor(by))),
        BodyRow::Live(row) => row,
    };
    let object = match row.object {
        None => None,
        Some(object) => Some(Object {
            reference: object.reference.map(|reference| match reference {
                ReferenceRow::Text(text) => Reference::Text(text.into()),
                ReferenceRow::Activity(bytes) => Reference::Activity(id(bytes)),
            }),
            properties: match object.properties {
                None => Map::new(),
                Some(text) => json(&text)?,
            },
        }),
    };
    let activity = Activity {
        id: of,
        actor: actor(row.actor),
        verb: Verb::from(&*row.verb),
        object,
        to: row.to.into_iter().map(actor).collect(),
        audience: match row.audience {
            AudienceRow::Public => Audience::Public,
            AudienceRow::Followers => Audience::Followers,
            AudienceRow::Members(group) => Audience::Members(actor(group)),
            AudienceRow::Only(actors) => Audience::Only(actors.into_iter().map(actor).collect()),
        },
        notify: row.notify.into_iter().map(actor).collect(),
        in_reply_to: row.in_reply_to.map(|(activity, by)| InReplyTo {
            activity: id(activity),
            actor: actor(by),
        }),
        key: row.key.map(Into::into),
        updated: row.updated.map(instant).transpose()?,
        data: row.data.map(|text| json::<Value>(&text)).transpose()?,
    };
    let lists = match row.lists {
        None => usual_lists(&activity).collect(),
        Some(lists) => lists
            .into_iter()
            .map(|row| match row {
                ListRow::Outbox(of) => List::Outbox(actor(of)),
                ListRow::Replies(of) => List::Replies(id(of)),
                ListRow::Reactions(of) => List::Reactions(id(of)),
                ListRow::Responses(of) => List::Responses(actor(of)),
            })
            .collect(),
    };
    Ok(Body::Live(Arc::new(activity), lists))
}

pub(super) fn edge_bytes(edge: &Edge) -> Result<Vec<u8>> {
    fn follow_row(follow: &Follow) -> FollowRow<'_> {
        let Interval { since, until } = follow.interval;
        FollowRow {
            since: (since != ActivityId::MIN).then(|| id_bytes(since)),
            until: until.map(id_bytes),
            except: (follow.left_out().iter())
                .map(|verb| Cow::Borrowed(verb.as_str()))
                .collect(),
        }
    }
    to_bytes(&EdgeRow {
        made: edge.made.timestamp_millis(),
        relation: match &edge.relation {
            Relation::Follow(follow) => RelationRow::Follow(follow_row(follow)),
            Relation::Request(follow) => RelationRow::Request(follow_row(follow)),
            Relation::Member => RelationRow::Member,
            Relation::Mute { until } => {
                RelationRow::Mute(until.map(|until| until.timestamp_millis()))
            }
            Relation::Block => RelationRow::Block,
            Relation::Approval => RelationRow::Approval,
        },
    })
}

pub(super) fn edge(from: ActorId, to: ActorId, bytes: &[u8]) -> Result<Edge> {
    let row: EdgeRow<'_> = from_bytes(bytes)?;
    Ok(Edge {
        from,
        to,
        made: instant(row.made)?,
        relation: relation_of(row.relation)?,
    })
}

/// What an edge is, without anything else of it.
pub(super) fn relation(bytes: &[u8]) -> Result<Relation> {
    let row: EdgeRow<'_> = from_bytes(bytes)?;
    relation_of(row.relation)
}

fn relation_of(row: RelationRow<'_>) -> Result<Relation> {
    fn follow(row: FollowRow<'_>) -> Follow {
        let mut follow = Follow::everything();
        follow.interval = Interval {
            since: row.since.map_or(ActivityId::MIN, id),
            until: row.until.map(id),
        };
        follow.except(row.except.iter().map(|verb| Verb::from(&**verb)))
    }
    Ok(match row {
        RelationRow::Follow(row) => Relation::Follow(follow(row)),
        RelationRow::Request(row) => Relation::Request(follow(row)),
        RelationRow::Member => Relation::Member,
        RelationRow::Mute(until) => Relation::Mute {
            until: until.map(instant).transpose()?,
        },
        RelationRow::Block => Relation::Block,
        RelationRow::Approval => Relation::Approval,
    })
}

pub(super) fn record_bytes(record: &Actor) -> Result<Vec<u8>> {
    to_bytes(&ActorRow {
        kind: Cow::Borrowed(&record.kind),
        name: record.name.as_deref().map(Cow::Borrowed),
        data: record
            .data
            .as_ref()
            .map(json_text)
            .transpose()?
            .map(Cow::Owned),
    })
}

pub(super) fn record(of: ActorId, bytes: &[u8]) -> Result<Actor> {
    let row: ActorRow<'_> = from_bytes(bytes)?;
    let mut record = Actor::new(of).kind(row.kind);
    record.name = row.name.map(Cow::into_owned);
    record.data = row.data.map(|text| json::<Value>(&text)).transpose()?;
    Ok(record)
}

/// The newest entries of a list, in ascending order, and how many it has in all.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tail {
    pub(super) count: u64,
    pub(super) entries: Vec<Line>,
}

/// An activity in a list, and who did it: whoever erases an actor need not look at what others sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) id: ActivityId,
    pub(super) by: ActorId,
}

impl Tail {
    /// Whether there are older entries.
    pub(super) fn has_more(&self) -> bool {
        self.count > self.entries.len() as u64
    }
}

/// What follows the id of an entry: nothing, as its actor is the one whose list it is; or its actor.
const OWN: u8 = 0;
const OTHERS: u8 = 1;

/// By hand, since it is written with each publish and read with each list: the count, and then each entry.
pub(super) fn tail_bytes(list: &List, tail: &Tail) -> Vec<u8> {
    let of = actor(holder_bytes(list));
    let mut bytes = Vec::with_capacity(9 + 17 * tail.entries.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&tail.count.to_le_bytes());
    for line in &tail.entries {
        bytes.extend_from_slice(&id_bytes(line.id));
        if line.by == of {
            bytes.push(OWN);
        } else {
            bytes.push(OTHERS);
            bytes.extend_from_slice(&actor_bytes(line.by));
        }
    }
    bytes
}

pub(super) fn tail(list: &List, bytes: &[u8]) -> Result<Tail> {
    let of = actor(holder_bytes(list));
    let (head, mut rest) = bytes.split_first_chunk::<9>().ok_or_else(senseless)?;
    let [VERSION, count @ ..] = *head else {
        return Err(senseless());
    };
    let mut entries = Vec::with_capacity(rest.len() / 17);
    while let Some((place, more)) = rest.split_first_chunk() {
        let by = match more.split_first() {
            Some((&OWN, more)) => {
                rest = more;
                of
            }
            Some((&OTHERS, more)) => {
                let (by, more) = more.split_first_chunk().ok_or_else(senseless)?;
                rest = more;
                actor(*by)
            }
            _ => return Err(senseless()),
        };
        let id = id(*place);
        entries.push(Line { id, by });
    }
    if !rest.is_empty() {
        return Err(senseless());
    }
    let count = u64::from_le_bytes(count);
    Ok(Tail { count, entries })
}

/// A count, or an id: values that will never change their form have no version.
pub(super) fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| senseless())
}

fn to_bytes(row: &impl Serialize) -> Result<Vec<u8>> {
    postcard::to_extend(row, vec![VERSION]).map_err(|_| senseless())
}

fn from_bytes<'a, R: Deserialize<'a>>(bytes: &'a [u8]) -> Result<R> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => match postcard::take_from_bytes(rest) {
            Ok((row, [])) => Ok(row),
            _ => Err(senseless()),
        },
        _ => Err(senseless()),
    }
}

fn json_text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| senseless())
}

fn json<V: DeserializeOwned>(text: &str) -> Result<V> {
    serde_json::from_str(text).map_err(|_| senseless())
}

fn instant(millis: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis).ok_or_else(senseless)
}

pub(super) fn senseless() -> Error {
    corrupt("a row makes no sense; restore the store from a backup")
}

pub(super) fn low_count() -> Error {
    corrupt("a count is too low; restore the store from a backup")
}

/// The operation is added by whoever knows it.
fn corrupt(message: &str) -> Error {
    Error::new(ErrorKind::Corrupt, "read", message)
}
