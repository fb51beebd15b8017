//! Reactions, and homes in the order of their worth.

use anabranch::rank::{Explanation, Ranking};
use anabranch::{ActivityId, ActorId, ErrorKind, wait};
use serde_json::{Map, Value, json};

use super::{Answer, Run};
use crate::fields::{Failure, Fields};

impl Run {
    pub fn reaction<'a>(
        &mut self,
        fields: &'a Fields,
    ) -> Result<(ActorId, &'a str, ActivityId), Failure> {
        let (actor, kind) = (fields.text("actor")?, fields.text("kind")?);
        let activity = self.names.activity(fields.text("activity")?);
        Ok((self.names.actor(actor), kind, activity))
    }

    pub fn reactions(&mut self, fields: &Fields) -> Answer {
        let label = fields.text("activity")?;
        let viewer = self.optional_actor(fields, "viewer")?;
        let activity = self.names.activity(label);
        let found = wait(self.feeds()?.reactions(&[activity], viewer))?;
        let reactions = found.into_iter().flatten().next().ok_or_else(|| Failure {
            kind: ErrorKind::NotFound,
            message: format!("there is no activity {label:?} to be seen"),
        })?;
        let counts = reactions.counts.iter();
        let counts: Map<String, Value> = counts
            .map(|(kind, count)| (kind.as_str().to_owned(), (*count).into()))
            .collect();
        Ok(json!({"counts": counts, "own": reactions.own}))
    }

    pub fn ranked(&mut self, fields: &Fields) -> Answer {
        let actor = self.names.actor(fields.text("actor")?);
        let rank = fields.any("rank").ok_or_else(|| Failure::lacking("rank"))?;
        let ranking = Ranking::from_json(&rank.to_string())?;
        let explain = fields.flag("explain")?.unwrap_or(false);
        let mut read = self
            .feeds()?
            .ranked(actor, &ranking)
            .limit(fields.limit(20)?)
            .window(fields.window(500)?)
            .after(fields.ranked_cursor("after")?);
        if explain {
            read = read.explain();
        }
        let page = wait(read)?;
        let items: Vec<Value> = page
            .items
            .iter()
            .map(|item| {
                let label = self.names.label_of(item.activity.id);
                match &item.why {
                    Some(why) => self.show_why(&label, why),
                    None => label.into(),
                }
            })
            .collect();
        let mut answer = json!({"items": items, "next": page.next, "newer": null});
        if explain {
            let dropped = page.dropped.iter();
            let dropped: Vec<Value> = dropped
                .map(|why| self.show_why(&self.names.label_of(why.activity), why))
                .collect();
            answer["dropped"] = dropped.into();
        }
        Ok(answer)
    }

    fn show_why(&self, label: &str, why: &Explanation) -> Value {
        let terms: Vec<Value> = why
            .terms
            .iter()
            .map(|term| {
                json!({
                    "name": term.name,
                    "value": term.value,
                    "weight": term.weight,
                    "score": term.score,
                })
            })
            .collect();
        let name = |actor| self.names.name_of(actor).to_string();
        let mut via = self.names.names_of(&why.via);
        via.sort_unstable();
        json!({
            "activity": label,
            "score": why.score,
            "terms": terms,
            "rules": why.rules,
            "via": via,
            "why": why.sentence(name),
        })
    }
}
