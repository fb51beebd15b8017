//! Reactions and ranked reads among the driven steps.

use super::{Drive, actor};
use crate::feeds::RankedRead;
use crate::id::ActivityId;
use crate::naive::{What, Who};
use crate::rank::{Candidates, Context, Feature, Ranking};
use crate::store::AnyStore;
use crate::timelines::AnyTimelines;
use crate::verb::Verb;
use crate::wait::wait;

/// In the order of their words.
pub(super) const KINDS: [&str; 2] = ["Like", "thanks"];

pub(super) type ARankedRead<'a> = RankedRead<'a, AnyStore, AnyTimelines>;

/// The ranking of the model.
pub(super) fn ranking() -> Ranking {
    let no_shares = |candidates: &Candidates, _: &Context, kept: &mut [bool]| {
        for (item, kept) in candidates.items().iter().zip(kept) {
            *kept = item.activity.shared().is_none();
        }
    };
    Ranking::new("model")
        .filter("no shares", no_shares)
        .term("reactions", 2.0, Feature::Reactions(None, None))
        .term("replies", 1.0, Feature::Replies(None))
        .term("followers", 0.1, Feature::Followers)
        .term("groups", 0.5, Feature::CommonGroups)
        .term("posts", -0.25, Feature::Posts)
        .term("age", -1.0, Feature::Age)
}

impl Drive {
    /// That of one activity, asked for together with one that is not there.
    pub(super) fn reactions(
        &self,
        at: &dyn std::fmt::Debug,
        what: What,
        id: ActivityId,
        viewer: Option<Who>,
    ) {
        let expected = self.naive.reactions(what, viewer);
        self.agree(at, &expected, |feeds| {
            let asked = [ActivityId::MIN, id];
            let found = wait(feeds.reactions(&asked, viewer.map(actor))).unwrap();
            let number = |kind: &Verb| {
                let kinds = KINDS.iter().position(|of| *of == kind.as_str());
                kinds.unwrap() as u8
            };
            assert_eq!((found.len(), &found[0]), (2, &None));
            found[1].as_ref().map(|found| {
                let count = |(kind, count): &(Verb, usize)| (number(kind), *count);
                (
                    found.counts.iter().map(count).collect(),
                    found.own.iter().map(number).collect(),
                    found.replies,
                )
            })
        });
    }

    /// Reads a page of a session that has this order before it, with these scores where they are known; what is left becomes
    /// a session.
    pub(super) fn ranked(
        &mut self,
        at: &dyn std::fmt::Debug,
        (reader, order): (Who, &[What]),
        scores: Option<&[f64]>,
        limit: usize,
        begin: impl Fn(ARankedRead<'_>) -> ARankedRead<'_>,
    ) {
        let naive = &self.naive;
        let visible = order.iter().enumerate();
        let mut visible = visible.filter(|(_, what)| naive.is_in_home(reader, **what));
        let page: Vec<(usize, What)> = visible
            .by_ref()
            .take(limit)
            .map(|(at, what)| (at, *what))
            .collect();
        let goes_on = visible.next().is_some();
        let expected: Vec<ActivityId> = page.iter().map(|(_, what)| self.ids[*what]).collect();
        let mut cursors = Vec::new();
        for (name, feeds) in &self.feeds {
            for explain in [false, true] {
                // The same moment for both, as ids are made for each that begins.
                let mut read = begin(feeds.ranked(actor(reader), &self.ranking)).limit(limit);
                if explain {
                    read = read.explain();
                }
                let page = wait(read).unwrap();
                let ids: Vec<ActivityId> = page.items.iter().map(|item| item.activity.id).collect();
                assert_eq!(ids, expected, "{name}: {at:?}");
                assert_eq!(page.next.is_some(), goes_on, "{name}: {at:?}");
                for (place, item) in page.items.iter().enumerate() {
                    assert_eq!(item.why.is_some(), explain);
                    if let Some(why) = &item.why {
                        let sum: f64 = why.terms.iter().map(|term| term.score).sum();
                        assert_eq!(sum, why.score, "{name}: {at:?}");
                        if let Some(scores) = scores {
                            let told = (why.score, why.place);
                            assert_eq!(told, (scores[place], Some(place)), "{name}: {at:?}");
                        }
                    }
                }
                cursors.push(page.next);
            }
        }
        if let (Some(cursor), Some((last, _))) = (cursors.pop().flatten(), page.last()) {
            let rest = order[last + 1..].to_vec();
            self.sessions.push((cursor, reader, rest));
        }
    }
}
