//! Feeds driven by lines of JSON: one object a line in, one line of JSON out for each.
//!
//! It is how a bug report is replayed, how stores and strategies are compared, and how a program
//! in another language tries feeds out. Each answer is written before the next line is read.
//!
//! ```text
//! cargo run --release --example scenario -- --strategy hybrid:100 <<'END'
//! {"op": "follow", "actor": "ben", "target": "anna"}
//! {"op": "publish", "actor": "anna", "as": "hello"}
//! {"op": "home", "actor": "ben", "explain": true}
//! END
//! ```

#[path = "scenario/fields.rs"]
mod fields;
#[path = "scenario/names.rs"]
mod names;
#[path = "scenario/ranked.rs"]
mod ranked;
#[path = "scenario/setup.rs"]
mod setup;
#[cfg(test)]
#[path = "scenario/tests.rs"]
mod tests;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use anabranch::store::AnyStore;
use anabranch::timelines::AnyTimelines;
use anabranch::{
    Activity, Actor, ActorId, Audience, Clock, Edge, ErrorKind, Feeds, Follow, Item, ManualClock,
    Object, Page, Read, Reference, Replies, Revision, RosterRead, Scope, fanout, wait,
};
use clap::Parser;
use serde_json::{Map, Value, json};

use fields::{Failure, Fields};
use names::Names;
use setup::{Place, Setup};

/// When scenarios begin, in Unix milliseconds.
const START: i64 = 1_700_000_000_000;

/// The last of them at which something can be published.
const LAST: i64 = (1 << 48) - 1;

fn main() -> ExitCode {
    match run(Setup::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scenario: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(setup: Setup) -> Result<(), Box<dyn std::error::Error>> {
    let mut run = Run::new(setup)?;
    Ok(run.converse(io::stdin().lock(), io::stdout().lock())?)
}

/// One scenario while it runs.
struct Run {
    /// None while a store that was closed could not be opened again.
    feeds: Option<Feeds<AnyStore, AnyTimelines>>,
    setup: Setup,
    clock: ManualClock,
    names: Names,
    line: u64,
}

type Answer = Result<Value, Failure>;

impl Run {
    fn new(setup: Setup) -> anabranch::Result<Self> {
        let clock = ManualClock::at_millis(START);
        Ok(Self {
            feeds: Some(setup.feeds(&clock)?),
            setup,
            clock,
            names: Names::default(),
            line: 0,
        })
    }

    /// Answers line by line until the input ends.
    fn converse(&mut self, mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line)? > 0 {
            let answer = self.answer(&line);
            serde_json::to_writer(&mut output, &answer)?;
            output.write_all(b"\n")?;
            output.flush()?;
            line.clear();
        }
        Ok(())
    }

    fn answer(&mut self, line: &[u8]) -> Value {
        self.line += 1;
        let answer = serde_json::from_slice::<Map<String, Value>>(line)
            .map_err(|error| Failure::invalid(format!("this line is no JSON object: {error}")))
            .and_then(|fields| self.perform(&Fields(fields)));
        match answer {
            Ok(ok) => json!({ "ok": ok }),
            Err(Failure { kind, message }) => {
                json!({"error": {"kind": kind.as_str(), "message": message}})
            }
        }
    }

    fn perform(&mut self, fields: &Fields) -> Answer {
        if let Some(now) = fields.instant("now")? {
            if now < self.clock.now() {
                return Err(Failure::invalid(
                    "`now` lies in the past; the clock never goes back",
                ));
            }
            if now.timestamp_millis() > LAST {
                return Err(Failure::invalid(
                    "`now` lies beyond 10889-08-02, where nothing can be published",
                ));
            }
            self.clock.set_millis(now.timestamp_millis());
        }
        match fields.text("op")? {
            "actor" => self.actor(fields),
            "publish" => self.publish(fields),
            "update" => self.update(fields),
            "delete" => self.delete(fields),
            "get" => self.get(fields),
            "erase" => {
                let actor = self.names.actor(fields.text("actor")?);
                Ok(json!({"activities": wait(self.feeds()?.erase(actor))?}))
            }
            "follow" => self.follow(fields),
            "unfollow" => {
                let (actor, target) = self.pair(fields, "target")?;
                Ok(changed(if fields.flag("keep_history")?.unwrap_or(false) {
                    wait(self.feeds()?.unfollow_and_keep_history(actor, target))?
                } else {
                    wait(self.feeds()?.unfollow(actor, target))?
                }))
            }
            "approval" => {
                let actor = self.names.actor(fields.text("actor")?);
                let required = fields.flag("required")?;
                let required = required.ok_or_else(|| Failure::lacking("required"))?;
                Ok(changed(wait(self.feeds()?.set_approval(actor, required))?))
            }
            "accept" => {
                let (actor, follower) = self.pair(fields, "follower")?;
                wait(self.feeds()?.accept(actor, follower))?;
                Ok(changed(true))
            }
            "reject" => {
                let (actor, follower) = self.pair(fields, "follower")?;
                wait(self.feeds()?.reject(actor, follower))?;
                Ok(changed(true))
            }
            "join" => {
                let (actor, group) = self.pair(fields, "group")?;
                Ok(changed(wait(self.feeds()?.join(actor, group))?))
            }
            "leave" => {
                let (actor, group) = self.pair(fields, "group")?;
                Ok(changed(wait(self.feeds()?.leave(actor, group))?))
            }
            "mute" => {
                let (actor, target) = self.pair(fields, "target")?;
                Ok(changed(match fields.instant("until")? {
                    None => wait(self.feeds()?.mute(actor, target))?,
                    Some(until) => wait(self.feeds()?.mute_until(actor, target, until))?,
                }))
            }
            "unmute" => {
                let (actor, target) = self.pair(fields, "target")?;
                Ok(changed(wait(self.feeds()?.unmute(actor, target))?))
            }
            "block" => {
                let (actor, target) = self.pair(fields, "target")?;
                Ok(changed(wait(self.feeds()?.block(actor, target))?))
            }
            "unblock" => {
                let (actor, target) = self.pair(fields, "target")?;
                Ok(changed(wait(self.feeds()?.unblock(actor, target))?))
            }
            "followers" => {
                let actor = self.names.actor(fields.text("actor")?);
                self.roster(fields, self.feeds()?.followers(actor), |edge| edge.from)
            }
            "following" => {
                let actor = self.names.actor(fields.text("actor")?);
                self.roster(fields, self.feeds()?.following(actor), |edge| edge.to)
            }
            "requests" => {
                let actor = self.names.actor(fields.text("actor")?);
                self.roster(fields, self.feeds()?.requests(actor), |edge| edge.from)
            }
            "home" => {
                let actor = self.names.actor(fields.text("actor")?);
                let own = fields.flag("own")?.unwrap_or(true);
                self.feed(fields, self.feeds()?.home(actor).own(own))
            }
            "outbox" => {
                let actor = self.names.actor(fields.text("actor")?);
                let viewer = self.optional_actor(fields, "viewer")?;
                self.feed(fields, self.feeds()?.outbox(actor).viewer(viewer))
            }
            "feed" => {
                let viewer = self.names.actor(fields.text("viewer")?);
                let streams = fields
                    .texts("streams")?
                    .ok_or_else(|| Failure::lacking("streams"))?;
                let streams = self.names.actors(streams);
                self.feed(fields, self.feeds()?.feed(viewer, streams))
            }
            "strategy" => {
                self.setup.strategy = fanout::named(fields.text("strategy")?)?;
                self.feeds()?.set_strategy(self.setup.strategy.clone());
                Ok(json!({"strategy": self.feeds()?.strategy().name()}))
            }
            "reopen" => self.reopen(),
            "react" => {
                let (actor, kind, activity) = self.reaction(fields)?;
                Ok(changed(wait(self.feeds()?.react(actor, kind, activity))?))
            }
            "unreact" => {
                let (actor, kind, activity) = self.reaction(fields)?;
                Ok(changed(wait(self.feeds()?.unreact(actor, kind, activity))?))
            }
            "reactions" => self.reactions(fields),
            "ranked" => self.ranked(fields),
            op @ ("grouped" | "notifications" | "seen" | "read" | "audit") => Err(Failure {
                kind: ErrorKind::Unsupported,
                message: format!("this version has no {op:?}"),
            }),
            op => Err(Failure::invalid(format!("there is no op {op:?}"))),
        }
    }

    fn feeds(&self) -> Result<&Feeds<AnyStore, AnyTimelines>, Failure> {
        self.feeds.as_ref().ok_or_else(|| Failure {
            kind: ErrorKind::Unavailable,
            message: "the store is closed; `reopen` it".into(),
        })
    }

    fn reopen(&mut self) -> Answer {
        if matches!(self.setup.store, Place::Memory) {
            return Err(Failure {
                kind: ErrorKind::Unsupported,
                message: "what is kept in memory alone cannot be closed and opened again".into(),
            });
        }
        // Closed first: a file is open once.
        self.feeds = None;
        self.feeds = Some(self.setup.feeds(&self.clock)?);
        Ok(json!({"reopened": true}))
    }

    fn actor(&mut self, fields: &Fields) -> Answer {
        let mut record = Actor::new(self.names.actor(fields.text("actor")?));
        if let Some(kind) = fields.optional_text("kind")? {
            record = record.kind(kind);
        }
        if let Some(name) = fields.optional_text("name")? {
            record = record.name(name);
        }
        if let Some(data) = fields.any("data") {
            record = record.data(data.clone());
        }
        Ok(changed(wait(self.feeds()?.set_actor(record))?))
    }

    fn publish(&mut self, fields: &Fields) -> Answer {
        let mut draft = Activity::by(self.names.actor(fields.text("actor")?));
        if let Some(verb) = fields.optional_text("verb")? {
            draft = draft.verb(verb);
        }
        if let Some(object) = self.object(fields)? {
            draft = draft.object(object);
        }
        if let Some(to) = fields.texts("to")? {
            draft = draft.to(self.names.actors(to));
        }
        if let Some(audience) = fields.any("audience") {
            draft = draft.audience(self.audience(audience)?);
        }
        if let Some(notify) = fields.texts("notify")? {
            draft = draft.notify(self.names.actors(notify));
        }
        if let Some(label) = fields.optional_text("in_reply_to")? {
            draft = draft.in_reply_to(self.names.activity(label));
        }
        if let Some(key) = fields.optional_text("key")? {
            draft = draft.key(key);
        }
        if let Some(published) = fields.instant("published")? {
            draft = draft.published(published);
        }
        if let Some(data) = fields.any("data") {
            draft = draft.data(data.clone());
        }
        let label = match fields.optional_text("as")? {
            Some(label) => label.to_owned(),
            None => format!("#{}", self.line),
        };
        let published = wait(self.feeds()?.publish(draft))?;
        let label = self.names.label(published.activity.id, label);
        Ok(json!({"activity": label, "created": published.is_new}))
    }

    fn update(&mut self, fields: &Fields) -> Answer {
        let id = self.names.activity(fields.text("activity")?);
        let mut revision = Revision::new();
        if let Some(object) = self.object(fields)? {
            revision = revision.object(object);
        }
        if let Some(data) = fields.any("data") {
            revision = revision.data(data.clone());
        }
        wait(self.feeds()?.update(id, revision))?;
        Ok(json!({"updated": true}))
    }

    fn delete(&mut self, fields: &Fields) -> Answer {
        let id = self.names.activity(fields.text("activity")?);
        Ok(json!({"deleted": wait(self.feeds()?.delete(id))?}))
    }

    fn get(&mut self, fields: &Fields) -> Answer {
        let label = fields.text("activity")?;
        let viewer = self.optional_actor(fields, "viewer")?;
        let found = wait(self.feeds()?.get(self.names.activity(label), viewer))?;
        let Some(activity) = found else {
            return Err(Failure {
                kind: ErrorKind::NotFound,
                message: format!("there is no activity {label:?} to be seen"),
            });
        };
        let mut shown = json!({
            "activity": self.names.label_of(activity.id),
            "actor": self.names.name_of(activity.actor),
            "verb": activity.verb,
            "audience": self.show_audience(&activity.audience),
            "published": activity.published().timestamp_millis(),
        });
        if let Some(object) = &activity.object {
            shown["object"] = self.show_object(object);
        }
        if !activity.to.is_empty() {
            shown["to"] = self.names.names_of(&activity.to).into();
        }
        if let Some(updated) = activity.updated {
            shown["updated"] = updated.timestamp_millis().into();
        }
        if let Some(data) = &activity.data {
            shown["data"] = data.clone();
        }
        if let Some(answered) = activity.in_reply_to {
            shown["in_reply_to"] = self.names.label_of(answered.activity).into();
        }
        Ok(shown)
    }

    fn follow(&mut self, fields: &Fields) -> Answer {
        let (actor, target) = self.pair(fields, "target")?;
        let mut way = match fields.instant("since")? {
            Some(since) => Follow::since(since),
            None => Follow::everything(),
        };
        if let Some(verbs) = fields.texts("except")? {
            way = way.except(verbs.into_iter().map(Into::into));
        }
        let followed = wait(self.feeds()?.follow_with(actor, target, way))?;
        let mut answer = changed(followed.changed);
        if followed.requested {
            answer["requested"] = true.into();
        }
        Ok(answer)
    }

    /// The actor of the line, and the other one that it names.
    fn pair(&mut self, fields: &Fields, other: &str) -> Result<(ActorId, ActorId), Failure> {
        let (actor, other) = (fields.text("actor")?, fields.text(other)?);
        Ok((self.names.actor(actor), self.names.actor(other)))
    }

    fn optional_actor(&mut self, fields: &Fields, field: &str) -> Result<Option<ActorId>, Failure> {
        let name = fields.optional_text(field)?;
        Ok(name.map(|name| self.names.actor(name)))
    }

    /// An object as lines have it: text, a reference to an activity, or properties.
    fn object(&self, fields: &Fields) -> Result<Option<Object>, Failure> {
        Ok(match fields.any("object") {
            None => None,
            Some(Value::String(text)) => Some(Object::from(text.as_str())),
            Some(Value::Object(properties)) => {
                let mut properties = properties.clone();
                Some(match properties.remove("activity") {
                    None => Object::from(properties),
                    Some(Value::String(label)) => Object {
                        reference: Some(Reference::Activity(self.names.activity(&label))),
                        properties,
                    },
                    Some(_) => return Err(Failure::mistyped("object.activity", "a label")),
                })
            }
            Some(_) => return Err(Failure::mistyped("object", "text or an object")),
        })
    }

    fn show_object(&self, object: &Object) -> Value {
        match &object.reference {
            Some(Reference::Text(text)) => (**text).into(),
            Some(Reference::Activity(id)) => {
                let mut shown = object.properties.clone();
                shown.insert("activity".into(), self.names.label_of(*id).into());
                shown.into()
            }
            None => object.properties.clone().into(),
        }
    }

    fn audience(&mut self, audience: &Value) -> Result<Audience, Failure> {
        let wrong = || {
            Failure::mistyped(
                "audience",
                r#""public", "followers", {"members": group} or {"only": [actor]}"#,
            )
        };
        match audience {
            Value::String(word) if word == "public" => Ok(Audience::Public),
            Value::String(word) if word == "followers" => Ok(Audience::Followers),
            Value::Object(fields) if fields.len() == 1 => {
                let fields = Fields(fields.clone());
                if let Ok(group) = fields.text("members") {
                    return Ok(Audience::Members(self.names.actor(group)));
                }
                match fields.texts("only") {
                    Ok(Some(only)) => Ok(Audience::Only(self.names.actors(only))),
                    _ => Err(wrong()),
                }
            }
            _ => Err(wrong()),
        }
    }

    fn show_audience(&self, audience: &Audience) -> Value {
        match audience {
            Audience::Public => "public".into(),
            Audience::Followers => "followers".into(),
            Audience::Members(group) => json!({"members": self.names.name_of(*group)}),
            Audience::Only(actors) => json!({"only": self.names.names_of(actors)}),
        }
    }

    /// One page of a feed, as all ops that show feeds give it.
    fn feed<W: Scope>(
        &self,
        fields: &Fields,
        mut read: Read<'_, AnyStore, AnyTimelines, W>,
    ) -> Answer {
        read = read
            .limit(fields.limit(20)?)
            .after(fields.cursor("after")?)
            .newer_than(fields.cursor("newer_than")?);
        if let Some(verbs) = fields.texts("verbs")? {
            read = read.verbs(verbs.into_iter().map(Into::into));
        }
        if let Some(replies) = fields.optional_text("replies")? {
            read = read.replies(match replies {
                "all" => Replies::All,
                "followed" => Replies::Followed,
                "none" => Replies::None,
                _ => return Err(Failure::mistyped("replies", "all, followed or none")),
            });
        }
        if let Some(since) = fields.instant("since")? {
            read = read.since(since);
        }
        if let Some(until) = fields.instant("until")? {
            read = read.until(until);
        }
        let explain = fields.flag("explain")?.unwrap_or(false);
        if explain {
            read = read.explain();
        }
        let page: Page<Item> = wait(read)?;
        let items: Vec<Value> = page
            .items
            .iter()
            .map(|item| {
                let label = self.names.label_of(item.activity.id);
                if explain {
                    let mut via = self.names.names_of(&item.via);
                    via.sort_unstable();
                    json!({"activity": label, "via": via})
                } else {
                    label.into()
                }
            })
            .collect();
        Ok(json!({"items": items, "next": page.next, "newer": page.newer}))
    }

    fn roster(
        &self,
        fields: &Fields,
        read: RosterRead<'_, AnyStore, AnyTimelines>,
        other: impl Fn(&Edge) -> ActorId,
    ) -> Answer {
        let read = read.limit(fields.limit(50)?).after(fields.cursor("after")?);
        let page = wait(read)?;
        let others: Vec<_> = page.edges.iter().map(other).collect();
        Ok(json!({
            "items": self.names.names_of(&others),
            "count": page.count,
            "next": page.next,
        }))
    }
}

fn changed(changed: bool) -> Value {
    json!({ "changed": changed })
}
