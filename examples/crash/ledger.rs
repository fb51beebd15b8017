//! What was done, as the child was told; and what therefore must be in the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anabranch::store::{ActivityStore, Disk, Keyed};
use anabranch::timelines::Local;
use anabranch::{ActivityId, ActorId, Feeds, wait};

use super::Outcome;
use super::act::{ACTORS, Act, Word};

/// The feeds as plainly as they can be written down.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What is there, with its actor, the stream it is also in, and its key.
    published: BTreeMap<ActivityId, (u64, Option<u64>, String)>,
    deleted: BTreeMap<ActivityId, (u64, String)>,
    /// Who follows whom.
    follows: BTreeSet<(u64, u64)>,
    /// What each thread was about to do when it was last heard of.
    under_way: BTreeMap<u64, Act>,
    done: u64,
    last_under_way: u64,
}

impl Ledger {
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Whether the child has said anything since the last crash.
    pub fn has_heard(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// How many acts were under way at the last crash.
    pub fn last_under_way(&self) -> u64 {
        self.last_under_way
    }

    /// Takes down a word of the child. The last one may have been cut short by its death.
    pub fn hear(&mut self, line: &str) -> Outcome<()> {
        match serde_json::from_str(line) {
            Ok(Word::Begins(thread, act)) => {
                self.under_way.insert(thread, act);
            }
            Ok(Word::Done(thread, id)) => {
                let act = self
                    .under_way
                    .remove(&thread)
                    .ok_or("done without a beginning")?;
                self.write(act, id);
                self.done += 1;
            }
            Err(error) if error.is_eof() => {}
            Err(error) => return Err(format!("the child said {line:?}: {error}").into()),
        }
        Ok(())
    }

    fn write(&mut self, act: Act, id: Option<ActivityId>) {
        match (act, id) {
            (Act::Publish { actor, key, to }, Some(id)) => {
                self.published.insert(id, (actor, to, key));
            }
            (Act::Publish { .. }, None) => {}
            (Act::Follow { actor, target }, _) => {
                self.follows.insert((actor, target));
            }
            (Act::Unfollow { actor, target }, _) => {
                self.follows.remove(&(actor, target));
            }
            (Act::Delete { id }, _) => {
                if let Some((actor, _, key)) = self.published.remove(&id) {
                    self.deleted.insert(id, (actor, key));
                }
            }
        }
    }

    /// Opens the file after a crash, finds out which of the acts under way have happened, and audits
    /// everything.
    pub fn settle(&mut self, path: &Path) -> Outcome<()> {
        let feeds = Feeds::open(path)?;
        let under_way = std::mem::take(&mut self.under_way);
        self.last_under_way = under_way.len() as u64;
        for act in under_way.into_values() {
            let (has_happened, id) = happened(&feeds, &act)?;
            if has_happened {
                self.write(act, id);
            }
        }
        self.audit(&feeds)
    }

    fn audit(&self, feeds: &Feeds<Disk, Local>) -> Outcome<()> {
        for (id, (actor, _, key)) in &self.published {
            let found = wait(feeds.store().keyed((*actor).into(), key))?;
            let is_it = matches!(&found, Some(Keyed::Known(activity)) if activity.id == *id && activity.data == Some(key.as_str().into()));
            if !is_it {
                return Err(
                    format!("{id}, which was published with key {key:?}, is not there").into(),
                );
            }
        }
        for (id, (actor, key)) in &self.deleted {
            if wait(feeds.store().keyed((*actor).into(), key))? != Some(Keyed::Gone) {
                return Err(
                    format!("{id}, which was deleted, has left no trace of its key").into(),
                );
            }
        }
        for actor in 0..ACTORS {
            let follows = |stream: &u64| self.follows.contains(&(actor, *stream));
            self.compare(feeds, actor, "home", |by, to| {
                by == actor || follows(&by) || to.is_some_and(|to| follows(&to))
            })?;
            self.compare(feeds, actor, "outbox", |by, to| {
                by == actor || to == Some(actor)
            })?;
            let expected: BTreeSet<ActorId> =
                (0..ACTORS).filter(follows).map(ActorId::from).collect();
            let following = wait(feeds.following(actor.into()).limit(1_000))?;
            let found: BTreeSet<ActorId> = following.edges.iter().map(|edge| edge.to).collect();
            if found != expected || following.count != expected.len() {
                return Err(format!(
                    "whom {actor} follows differs: {found:?} instead of {expected:?}"
                )
                .into());
            }
            let expected = (0..ACTORS)
                .filter(|from| self.follows.contains(&(*from, actor)))
                .count();
            let counts = wait(feeds.counts(actor.into()))?;
            if counts.followers != expected {
                return Err(format!(
                    "{actor} has {} followers instead of {expected}",
                    counts.followers
                )
                .into());
            }
        }
        Ok(())
    }

    /// Compares one feed with all that belongs to it, newest first.
    fn compare(
        &self,
        feeds: &Feeds<Disk, Local>,
        actor: u64,
        what: &str,
        belongs: impl Fn(u64, Option<u64>) -> bool,
    ) -> Outcome<()> {
        let belongs = |(id, (by, to, _)): (&ActivityId, &(u64, Option<u64>, String))| {
            belongs(*by, *to).then_some(*id)
        };
        let expected: Vec<ActivityId> = self.published.iter().rev().filter_map(belongs).collect();
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = match what {
                "home" => wait(feeds.home(actor.into()).limit(300).after(cursor).ids())?,
                _ => wait(feeds.outbox(actor.into()).limit(300).after(cursor).ids())?,
            };
            found.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        if found == expected {
            return Ok(());
        }
        let (expected_set, found_set): (BTreeSet<_>, BTreeSet<_>) =
            (expected.iter().collect(), found.iter().collect());
        Err(format!(
            "the {what} of {actor} differs: it lacks {:?} and has {:?} too much",
            expected_set.difference(&found_set).collect::<Vec<_>>(),
            found_set.difference(&expected_set).collect::<Vec<_>>(),
        )
        .into())
    }
}

/// Whether an act that was under way has happened.
fn happened(feeds: &Feeds<Disk, Local>, act: &Act) -> Outcome<(bool, Option<ActivityId>)> {
    Ok(match act {
        Act::Publish { actor, key, .. } => match wait(feeds.store().keyed((*actor).into(), key))? {
            Some(Keyed::Known(activity)) => (true, Some(activity.id)),
            _ => (false, None),
        },
        Act::Follow { actor, target } => (is_following(feeds, *actor, *target)?, None),
        Act::Unfollow { actor, target } => (!is_following(feeds, *actor, *target)?, None),
        Act::Delete { id } => (wait(feeds.get(*id, None))?.is_none(), None),
    })
}

fn is_following(feeds: &Feeds<Disk, Local>, actor: u64, target: u64) -> Outcome<bool> {
    let following = wait(feeds.following(actor.into()).limit(1_000))?;
    Ok(following
        .edges
        .iter()
        .any(|edge| edge.to == ActorId::from(target)))
}
