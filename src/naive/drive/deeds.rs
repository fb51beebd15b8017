//! Activities among the driven steps: how they are published, and what a single read shows of them.

use super::{Drive, actor, instant, kind, verb};
use crate::activity::{Activity, Draft};
use crate::audience::Audience;
use crate::id::{ActivityId, ActorId};
use crate::naive::step::Step;
use crate::naive::{Deed, For, State, Thing, What};
use crate::object::Object;
use crate::wait::wait;

impl Drive {
    pub(super) fn publish(&mut self, number: usize, step: &Step) {
        let Step::Publish {
            actor: who,
            verb: word,
            object,
            to,
            audience,
            reply,
            key,
            shift,
        } = step.clone()
        else {
            return;
        };
        let published = shift.map(|shift| self.naive.now + shift);
        let deed = Deed {
            place: (
                published.unwrap_or(self.naive.now),
                self.naive.deeds.len() as u128,
            ),
            actor: who,
            verb: word,
            object: self.aim(object),
            to: to.clone(),
            audience,
            reply: reply.map(|number| self.pick(number).0),
            data: Some(0),
            updated: None,
            state: State::There,
        };
        let draft = self.draft(&deed, key, published);
        let expected = self.naive.publish(deed, key);
        for (index, (name, feeds)) in self.feeds.iter().enumerate() {
            let published =
                kind(wait(feeds.publish(draft.clone())).map(|it| (it.activity.id, it.is_new)));
            if let (Ok((what, true)), Ok((id, true)), 0) = (expected, published, index) {
                assert_eq!(what, self.ids.len());
                self.ids.push(id);
                self.made += 1;
            }
            let expected = expected.map(|(what, is_new)| (self.ids[what], is_new));
            assert_eq!(published, expected, "{name}: {:?}", (number, step));
        }
    }

    fn draft(&self, deed: &Deed, key: Option<u8>, published: Option<i64>) -> Draft {
        let mut draft = Activity::by(actor(deed.actor))
            .verb(verb(deed.verb))
            .to(deed.to.iter().copied().map(actor))
            .audience(match deed.audience {
                For::Everybody => Audience::Public,
                For::Followers => Audience::Followers,
                For::Members(group) => Audience::Members(actor(group)),
                For::Only(who) => Audience::Only(vec![actor(who)]),
            })
            .data(0);
        if let Some(object) = self.object(&deed.object) {
            draft = draft.object(object);
        }
        if let Some(what) = deed.reply {
            draft = draft.in_reply_to(self.pick(what).1);
        }
        if let Some(key) = key {
            draft = draft.key(key.to_string());
        }
        if let Some(millis) = published {
            draft = draft.published(instant(millis));
        }
        draft
    }

    pub(super) fn object(&self, thing: &Thing) -> Option<Object> {
        match thing {
            Thing::Nothing => None,
            Thing::Text(text) => Some(text.to_string().into()),
            Thing::Activity(what) => Some(self.pick(*what).1.into()),
        }
    }

    /// What a single read shows of an activity.
    pub(super) fn content(&self, what: What) -> Content {
        let deed = &self.naive.deeds[what];
        (
            actor(deed.actor),
            deed.place.0,
            self.object(&deed.object),
            deed.data.map(serde_json::Value::from),
            deed.updated,
            deed.reply.map(|what| self.ids[what]),
        )
    }
}

pub(super) type Content = (
    ActorId,
    i64,
    Option<Object>,
    Option<serde_json::Value>,
    Option<i64>,
    Option<ActivityId>,
);

pub(super) fn content_of(activity: &Activity) -> Content {
    (
        activity.actor,
        activity.published().timestamp_millis(),
        activity.object.clone(),
        activity.data.clone(),
        activity.updated.map(|at| at.timestamp_millis()),
        activity.in_reply_to.map(|reply| reply.activity),
    )
}
