//! The first page of a ranked read, and those after it.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{RankedItem, RankedPage, RankedRead};
use crate::entry::Entry;
use crate::error::Result;
use crate::feeds::collect::{Collect, Items};
use crate::feeds::features::Asked;
use crate::feeds::limit::{MOST_ITEMS, check_limit};
use crate::id::{ActivityId, publishable};
use crate::page::Item;
use crate::rank::{
    Candidates, Context, Displacement, Explanation, Feature, MOST_CANDIDATES, Ranked, Ranking,
    Session, Treatment,
};
use crate::store::Store;
use crate::timelines::Timelines;

const RANKED: &str = "ranked";

impl<'a, S: Store, T: Timelines> RankedRead<'a, S, T> {
    pub(super) async fn page(self) -> Result<RankedPage> {
        check_limit(RANKED, "a page", "items", self.limit, MOST_ITEMS)?;
        check_limit(RANKED, "a window", "items", self.window, MOST_CANDIDATES)?;
        match &self.after {
            None => self.first().await,
            Some(cursor) => {
                let parts = &self.feeds.0;
                let session = Session::verified(cursor, &parts.signing_key)?;
                let now = self.feeds.now();
                let other = self.other.map(|(other, _)| other);
                let ranking = match other {
                    Some(other) if other.digest() == session.ranking => other,
                    _ => self.ranking,
                };
                let digest = ranking.digest();
                session.check(self.reader, digest, now, parts.sessions_live)?;
                self.further(session, ranking, now).await
            }
        }
    }

    /// Ranks the window, and shows the best of it.
    async fn first(&self) -> Result<RankedPage> {
        let now = self.feeds.now();
        // What is made from here on is above it.
        let began = self.feeds.0.ids.make(publishable(now, RANKED)?);
        let mut items = Items {
            items: Vec::new(),
            explain: self.explain,
        };
        let window = self.window;
        self.home.collect(&mut items, window, window, now).await?;
        let mut candidates = Candidates::new(items.items());
        let (ranking, observed) = match self.other {
            None | Some((_, Treatment::Off)) => (self.ranking, None),
            Some((other, Treatment::Observe)) => (self.ranking, Some(other)),
            Some((other, Treatment::Ranked)) => (other, None),
        };
        self.know(&mut candidates, [Some(ranking), observed], began)
            .await?;
        let ranked = self.rank(&candidates, ranking, began);
        let observed = observed.map(|other| {
            let other = other.rank(&candidates, &self.context(began));
            let ids = |ranked: &Ranked| -> Vec<ActivityId> {
                let rows = ranked.order().iter().map(|placed| placed.row);
                rows.map(|row| candidates.id(row)).collect()
            };
            Displacement::between(&ids(&ranked), &ids(&other), self.limit)
        });
        let order = ranked.order();
        let rows = order.iter().take(self.limit).map(|placed| placed.row);
        let item = |row| {
            Some(RankedItem {
                activity: Arc::clone(candidates.activity(row)?),
                why: ranked.explain(&candidates, row),
            })
        };
        let items: Vec<RankedItem> = rows.filter_map(item).collect();
        let placed: HashSet<usize> = order.iter().map(|placed| placed.row).collect();
        let dropped: Vec<usize> = (0..candidates.len())
            .filter(|row| !placed.contains(row))
            .collect();
        let next = match order.len() > self.limit {
            true => {
                let all = order.iter().map(|placed| placed.row);
                // Explanations of later pages rank all of it again.
                let (rows, shown, unplaced): (Vec<usize>, _, _) = match self.explain {
                    true => (
                        all.chain(dropped.iter().copied()).collect(),
                        self.limit,
                        dropped.len(),
                    ),
                    false => (all.skip(self.limit).collect(), 0, 0),
                };
                let session = Session {
                    reader: self.reader,
                    began,
                    ranking: ranking.digest(),
                    order: rows.into_iter().map(|row| candidates.id(row)).collect(),
                    shown: short(shown),
                    dropped: short(unplaced),
                };
                Some(session.signed(&self.feeds.0.signing_key)?)
            }
            false => None,
        };
        let dropped = dropped.into_iter();
        let dropped = dropped.filter_map(|row| ranked.explain(&candidates, row));
        Ok(RankedPage {
            items,
            next,
            dropped: dropped.collect(),
            ranking: ranking.name().into(),
            observed,
        })
    }

    /// Shows what comes next in the session.
    async fn further(
        &self,
        mut session: Session,
        ranking: &Ranking,
        now: DateTime<Utc>,
    ) -> Result<RankedPage> {
        let left = session.order.len() - usize::from(session.dropped).min(session.order.len());
        let order = session.order.get(..left).unwrap_or_default();
        let rest = order.get(usize::from(session.shown)..).unwrap_or_default();
        // All of it, whatever this page is told: the session is what the first one made it.
        let home = self.feeds.home(self.reader);
        let (mut items, mut passed, mut goes_on) = (Vec::new(), 0, false);
        // One more tells whether the session goes on.
        for some in rest.chunks(self.limit + 1) {
            let entries: Vec<Entry> = some.iter().copied().map(Entry::new).collect();
            for (activity, _) in home.judge(&entries, now).await? {
                goes_on = items.len() == self.limit;
                if goes_on {
                    break;
                }
                items.push(activity);
            }
            if goes_on {
                break;
            }
        }
        if let Some(last) = items.last() {
            let at = rest.iter().position(|id| *id == last.id);
            passed = at.map_or(rest.len(), |at| at + 1);
        }
        let why = match self.explain {
            true => self.explain_again(&session, ranking, now).await?,
            false => HashMap::new(),
        };
        let items = items.into_iter().map(|activity| RankedItem {
            why: why.get(&activity.id).cloned(),
            activity,
        });
        let next = match goes_on {
            true => {
                if session.shown == 0 {
                    session.order.drain(..passed);
                } else {
                    session.shown += short(passed);
                }
                Some(session.signed(&self.feeds.0.signing_key)?)
            }
            false => None,
        };
        Ok(RankedPage {
            items: items.collect(),
            next,
            dropped: Vec::new(),
            ranking: ranking.name().into(),
            observed: None,
        })
    }

    /// Why the items of a session stand where they stand: ranked once more, as of when it began.
    async fn explain_again(
        &self,
        session: &Session,
        ranking: &Ranking,
        now: DateTime<Utc>,
    ) -> Result<HashMap<ActivityId, Explanation>> {
        // Newest first, as candidates are.
        let mut ids = session.order.clone();
        ids.sort_unstable_by_key(|id| Reverse(*id));
        let entries: Vec<Entry> = ids.into_iter().map(Entry::new).collect();
        let home = self.feeds.home(self.reader);
        let items = home.judge(&entries, now).await?.into_iter();
        let items = items.map(|(activity, via)| Item {
            activity,
            via: via.into_vec(),
        });
        let mut candidates = Candidates::new(items.collect());
        self.know(&mut candidates, [Some(ranking), None], session.began)
            .await?;
        let ranked = self.rank(&candidates, ranking, session.began);
        let all = (0..candidates.len()).filter_map(|row| ranked.explain(&candidates, row));
        let mut all: HashMap<ActivityId, Explanation> =
            all.map(|why| (why.activity, why)).collect();
        // Where things stand was decided when the session began.
        for (place, id) in session.order.iter().enumerate() {
            if let Some(why) = all.get_mut(id) {
                let is_left = place + usize::from(session.dropped) < session.order.len();
                why.place = is_left.then_some(place);
            }
        }
        Ok(all)
    }

    fn rank(&self, candidates: &Candidates, ranking: &Ranking, began: ActivityId) -> Ranked {
        match self.explain {
            true => ranking.rank_and_trace(candidates, &self.context(began)),
            false => ranking.rank(candidates, &self.context(began)),
        }
    }

    fn context(&self, began: ActivityId) -> Context {
        Context::new(self.reader, began.published()).seed(self.seed)
    }

    /// Gathers what the rankings look at.
    async fn know(
        &self,
        candidates: &mut Candidates,
        rankings: [Option<&Ranking>; 2],
        began: ActivityId,
    ) -> Result<()> {
        let features = rankings.into_iter().flatten().flat_map(Ranking::features);
        let features: BTreeSet<&Feature> = features.collect();
        if features.is_empty() {
            return Ok(());
        }
        let reader = self.feeds.store().relations(self.reader).await?;
        let asked = Asked {
            reader: &reader,
            began,
            told: &self.told,
        };
        self.feeds.know(candidates, &features, &asked).await
    }
}

/// There are no more than ten thousand of anything here.
fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
