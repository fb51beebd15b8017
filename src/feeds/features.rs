//! What a ranking wants to know of its candidates, gathered from the store.

use std::collections::{BTreeSet, HashMap};

use super::Feeds;
use super::responses::Responses;
use crate::activity::{Activity, InReplyTo};
use crate::entry::{Interval, Order, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::rank::{Candidates, Feature, HalfLife};
use crate::relation::{RelationKind, Relations};
use crate::store::{End, List, Store};
use crate::timelines::Timelines;

/// So many of the reader's newest responses tell whom it deals with.
const MOST_DEEDS: usize = 1_000;

/// What the host says of an activity.
pub(super) type Told<'a> = Box<dyn Fn(&Activity) -> f64 + Send + Sync + 'a>;

/// For whom features are gathered, and as of when.
pub(super) struct Asked<'a> {
    pub(super) reader: &'a Relations,
    /// Nothing that was made later counts, and its published instant is the clock.
    pub(super) began: ActivityId,
    pub(super) told: &'a [(Box<str>, Told<'a>)],
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Sets a column for each of the features. What nobody asks for costs nothing; of what is asked for:
    ///
    /// * reactions and replies: one read, whatever the number of candidates, and where replies share something one for each
    ///   step down the longest line;
    /// * affinity: two reads;
    /// * followers, following, common groups: a read for each actor.
    pub(super) async fn know(
        &self,
        candidates: &mut Candidates,
        features: &BTreeSet<&Feature>,
        asked: &Asked<'_>,
    ) -> Result<()> {
        let is_of_responses =
            |of: &&Feature| matches!(of, Feature::Reactions(..) | Feature::Replies(_));
        let responses = match features.iter().any(is_of_responses) {
            true => {
                let items = candidates.items().iter();
                let ids: Vec<ActivityId> = items.map(|item| item.activity.id).collect();
                Some(self.responses(&ids).await?)
            }
            false => None,
        };
        let deeds = match features.iter().any(|of| matches!(of, Feature::Affinity(_))) {
            true => self.deeds(asked).await?,
            false => Vec::new(),
        };
        for feature in features.iter().copied() {
            let column = match feature {
                Feature::Followers | Feature::Following | Feature::CommonGroups => {
                    self.of_actors(candidates, feature, asked.reader).await?
                }
                Feature::Seen => self.seen(candidates, asked.reader.actor),
                Feature::Affinity(half_life) => affinities(candidates, &deeds, *half_life),
                of_rows => of_each(candidates, of_rows, responses.as_ref(), asked),
            };
            candidates.set(feature.clone(), column);
        }
        Ok(())
    }

    /// Notes that a reader has been shown these activities: the feature `seen` counts it.
    ///
    /// The counts are estimates, in memory that is bounded: 8 bytes each, 32 MB at most, of which those counted least
    /// give way. They are of this process, and gone with it.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let anna = ActorId::named("anna");
    /// let note = wait(feeds.publish(Activity::by(anna)))?.activity;
    /// feeds.saw(anna, &[note.id]);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn saw(&self, reader: ActorId, activities: &[ActivityId]) {
        for activity in activities {
            self.0.rates.count_seen(reader, *activity);
        }
    }

    fn seen(&self, candidates: &Candidates, reader: ActorId) -> Vec<f64> {
        let items = candidates.items().iter();
        items
            .map(|item| f64::from(self.0.rates.seen(reader, item.activity.id)))
            .collect()
    }

    /// Whom the reader has reacted to or answered, and how many seconds ago, newest first.
    async fn deeds(&self, asked: &Asked<'_>) -> Result<Vec<(ActorId, f64)>> {
        let (store, reader) = (self.store(), asked.reader.actor);
        let range = Range {
            interval: Interval {
                since: ActivityId::MIN,
                until: Some(asked.began),
            },
            order: Order::NewestFirst,
        };
        let lists = [List::Responses(reader)];
        let found = store.contents(&lists, range, MOST_DEEDS).await?;
        let deeds = found.into_iter().flatten();
        let deeds: Vec<(InReplyTo, f64)> = deeds
            .filter_map(|deed| {
                let to = deed.in_reply_to.filter(|to| to.actor != reader)?;
                Some((to, seconds_between(deed.id, asked.began)))
            })
            .collect();
        // What vanished has never been answered.
        let answered: Vec<ActivityId> = deeds.iter().map(|(to, _)| to.activity).collect();
        let is_there = store.get(&answered).await?.into_iter();
        let there = deeds.into_iter().zip(is_there.map(|found| found.is_some()));
        Ok(there
            .filter(|(_, is_there)| *is_there)
            .map(|((to, seconds), _)| (to.actor, seconds))
            .collect())
    }

    /// What there is to be known of the actor of each candidate, asked once for each.
    async fn of_actors(
        &self,
        candidates: &Candidates,
        feature: &Feature,
        reader: &Relations,
    ) -> Result<Vec<f64>> {
        let mut known: HashMap<ActorId, f64> = HashMap::new();
        let mut column = Vec::with_capacity(candidates.len());
        for item in candidates.items() {
            let actor = item.activity.actor;
            let value = match (known.get(&actor), feature) {
                (Some(value), _) => *value,
                (None, Feature::Followers) => self.follows(actor, End::To).await?,
                (None, Feature::Following) => self.follows(actor, End::From).await?,
                (None, _) => self.common_groups(reader, actor).await?,
            };
            known.insert(actor, value);
            column.push(value);
        }
        Ok(column)
    }

    async fn follows(&self, actor: ActorId, end: End) -> Result<f64> {
        let roster = self
            .store()
            .roster(actor, RelationKind::Follow, end, None, 0);
        let (_, count) = roster.await?;
        Ok(float(count))
    }

    async fn common_groups(&self, reader: &Relations, actor: ActorId) -> Result<f64> {
        if actor == reader.actor {
            return Ok(float(reader.groups.len()));
        }
        let relations = self.store().relations(actor).await?;
        let groups = relations.groups.iter();
        Ok(float(
            groups.filter(|group| reader.is_member(**group)).count(),
        ))
    }
}

/// What the activity itself tells, and what was done about it.
fn of_each(
    candidates: &Candidates,
    feature: &Feature,
    responses: Option<&Responses>,
    asked: &Asked<'_>,
) -> Vec<f64> {
    let reader = asked.reader;
    let counted = |done: &mut dyn Iterator<Item = &Activity>, half_life: Option<HalfLife>| {
        let before = done.filter(|done| done.id < asked.began);
        match half_life {
            None => float(before.count()),
            Some(half_life) => before
                .map(|done| half_life.left_after(seconds_between(done.id, asked.began)))
                .sum(),
        }
    };
    let told = match feature {
        Feature::Host(name) => asked.told.iter().find(|(of, _)| of == name),
        _ => None,
    };
    let mut posts: HashMap<ActorId, usize> = HashMap::new();
    if *feature == Feature::Posts {
        for item in candidates.items() {
            *posts.entry(item.activity.actor).or_default() += 1;
        }
    }
    let value = |at: usize, activity: &Activity| match feature {
        Feature::Age => seconds_between(activity.id, asked.began),
        Feature::Reactions(kind, half_life) => responses.map_or(f64::NAN, |responses| {
            let all = responses.reactions(at, Some(reader));
            let is_of = |done: &&Activity| kind.as_ref().is_none_or(|kind| done.verb == *kind);
            counted(&mut all.filter(is_of), *half_life)
        }),
        Feature::Replies(half_life) => responses.map_or(f64::NAN, |responses| {
            counted(&mut responses.replies(at, Some(reader)), *half_life)
        }),
        Feature::Posts => float(posts.get(&activity.actor).copied().unwrap_or(0)),
        Feature::IsOwn => f64::from(u8::from(activity.actor == reader.actor)),
        Feature::IsReply => f64::from(u8::from(activity.in_reply_to.is_some())),
        Feature::IsShare => f64::from(u8::from(activity.shared().is_some())),
        Feature::Host(_) => told.map_or(f64::NAN, |(_, tell)| tell(activity)),
        _ => f64::NAN,
    };
    let items = candidates.items().iter().enumerate();
    items.map(|(at, item)| value(at, &item.activity)).collect()
}

/// How much of what the reader did for each actor is left.
fn affinities(candidates: &Candidates, deeds: &[(ActorId, f64)], half_life: HalfLife) -> Vec<f64> {
    let mut left: HashMap<ActorId, f64> = HashMap::new();
    for (actor, seconds) in deeds {
        *left.entry(*actor).or_default() += half_life.left_after(*seconds);
    }
    let items = candidates.items().iter();
    let of = |actor| left.get(&actor).copied().unwrap_or(0.0);
    items.map(|item| of(item.activity.actor)).collect()
}

/// From the one published instant to the other; 0 where that is before it.
#[expect(clippy::cast_precision_loss, reason = "milliseconds have 48 bits")]
const fn seconds_between(from: ActivityId, to: ActivityId) -> f64 {
    to.millis().saturating_sub(from.millis()) as f64 / 1_000.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nothing here is counted beyond 2^53"
)]
const fn float(count: usize) -> f64 {
    count as f64
}
