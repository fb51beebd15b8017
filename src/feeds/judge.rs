//! Which of the candidates are to be shown: by all the rules, or shortly.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use super::bodies::leads;
use super::collect::Collect;
use super::read::Read;
use super::scope::Scope;
use super::scope::sealed::{Context, Via};
use crate::activity::Activity;
use crate::entry::{Entry, Glance};
use crate::error::Result;
use crate::id::ActorId;
use crate::relation::Relations;
use crate::store::Store;
use crate::timelines::{Header, Timelines};
use crate::visibility;

impl<S: Store, T: Timelines, W: Scope> Read<'_, S, T, W> {
    /// Those of the entries that are to be shown, by all the rules.
    pub(super) async fn judge(
        &self,
        entries: &[Entry],
        now: DateTime<Utc>,
    ) -> Result<Vec<(Arc<Activity>, Via)>> {
        let store = self.feeds.store();
        let bodies = store.fetch(entries).await?;
        let leads = leads(store, &bodies).await?;
        // Asked now, so that nobody is judged by what held before there was anything to see.
        let viewer = self.relations().await?;
        let context = Context {
            viewer: viewer.as_deref(),
            now,
            leads: &leads,
        };
        let shown = bodies.into_iter().flatten().filter_map(|body| {
            let via = self.via(&body, &context);
            (!via.is_empty()).then_some((body, via))
        });
        Ok(shown.collect())
    }

    /// Collects those of the entries that are to be shown, the plain ones by their actors alone. `false`, and
    /// nothing is collected, where the viewer's relations or an activity have changed since, so that
    /// this will not do: also where there is nothing, as there may be something after a follow.
    ///
    /// `changes` are those of the book before the entries were read.
    pub(super) async fn tell<C: Collect>(
        &self,
        entries: &mut [Entry],
        header: &Header,
        (into, most): (&mut C, usize),
        (changes, now): (u64, DateTime<Utc>),
    ) -> Result<bool> {
        let (store, Some(book)) = (self.feeds.store(), &self.feeds.0.book) else {
            return Ok(false);
        };
        let mut bodies = Vec::new();
        if C::BODIES {
            bodies = store.fetch(entries).await?;
            let was_plain = |entry: &Entry| entry.glance == Glance::Plain;
            let is_plain = |body: &Option<Arc<Activity>>| {
                let body = body.as_deref();
                body.is_none_or(Activity::is_plain)
            };
            let mut both = entries.iter().zip(&bodies);
            // Looking at each waits for each; so only if there is something to be seen.
            if book.changes() != changes
                && both.any(|(entry, body)| was_plain(entry) && !is_plain(body))
            {
                return Ok(false);
            }
        }
        let hides: SmallVec<[ActorId; 8]> = header.hidden(now).collect();
        if !hides.is_empty() {
            book.hide(entries, &hides);
        }
        let mut judged = Vec::new();
        let looks = entries.iter().filter(|entry| entry.glance == Glance::Look);
        let looks: Vec<Entry> = looks.copied().collect();
        if !looks.is_empty() {
            judged = self.judge(&looks, now).await?;
        }
        // Asked last, so that nobody is judged by what held before there was anything to see.
        let stands = match self.scope.viewer().zip(header.stamp) {
            Some((viewer, stamp)) => store.stands(viewer, stamp).await?,
            None => false,
        };
        if !stands {
            return Ok(false);
        }
        let (mut bodies, mut judged) = (bodies.into_iter(), judged.into_iter().peekable());
        let is_plain = |entry: &&Entry| entry.glance == Glance::Plain;
        let mut rest = &*entries;
        while let [first, others @ ..] = rest
            && into.len() < most
        {
            if is_plain(&first) {
                // What is gone by now leaves room for others.
                let alike = rest.iter().take(most - into.len()).take_while(is_plain);
                let (next, later) = rest.split_at(alike.count());
                into.told(next, &mut bodies);
                rest = later;
                continue;
            }
            bodies.next();
            if let Some((body, via)) = judged.next_if(|(body, _)| body.id == first.id) {
                into.judged(body, via);
            }
            rest = others;
        }
        Ok(true)
    }

    /// The viewer's relations at this moment.
    async fn relations(&self) -> Result<Option<Arc<Relations>>> {
        Ok(match self.scope.viewer() {
            Some(viewer) => Some(self.feeds.store().relations(viewer).await?),
            None => None,
        })
    }

    /// By which streams the activity came; none where it is not to be shown.
    fn via(&self, activity: &Activity, context: &Context<'_>) -> Via {
        let is_shown = self.filter.admits(activity, context.viewer)
            && visibility::may_see(context.viewer, activity, |id| context.leads.find(id));
        if is_shown {
            self.scope.via(activity, context)
        } else {
            Via::new()
        }
    }
}
