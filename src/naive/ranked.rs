//! Reactions and ranked reads, as plainly.

use std::collections::BTreeMap;

use super::{Asked, Feed, Naive, Outcome, Reacted, Roster, Thing, What, Who, step};
use crate::error::ErrorKind;

impl Naive {
    // 7. Reactions

    pub fn react(&mut self, who: Who, kind: u8, what: What) -> Outcome<bool> {
        match self.sees(Some(who), what) {
            true => Ok(self.reactions.insert((what, kind, who))),
            false => Err(ErrorKind::NotFound),
        }
    }

    pub fn unreact(&mut self, who: Who, kind: u8, what: What) -> Outcome<bool> {
        match self.sees(Some(who), what) {
            true => Ok(self.reactions.remove(&(what, kind, who))),
            false => Err(ErrorKind::NotFound),
        }
    }

    /// Counts by kind, the viewer's own kinds, and the replies.
    pub fn reactions(&self, what: What, viewer: Option<Who>) -> Option<Reacted> {
        if !self.sees(viewer, what) {
            return None;
        }
        let mut counts = BTreeMap::new();
        let mut own = Vec::new();
        for (_, kind, who) in self.reactions.iter().filter(|(of, ..)| *of == what) {
            if viewer.is_some_and(|viewer| self.is_apart(viewer, *who)) {
                continue;
            }
            *counts.entry(*kind).or_insert(0) += 1;
            if viewer == Some(*who) {
                own.push(*kind);
            }
        }
        let replies = (0..self.deeds.len())
            .filter(|reply| self.deeds[*reply].reply == Some(what) && self.sees(viewer, *reply));
        Some((counts.into_iter().collect(), own, replies.count()))
    }

    // 8. Ranked reads

    /// The newest of a home by a score of what is known of each: twice its reactions, its replies, a tenth of who
    /// follows its actor, a half of its actor's groups that are the reader's, too, less a quarter of what else its
    /// actor has among these, and its age. Shares are left out.
    pub fn rank(&self, reader: Who, window: usize) -> Vec<(What, f64)> {
        let (shown, ..) = self.read(Feed::Home { reader, own: true }, &Asked::of(window));
        let shown: Vec<What> = shown.into_iter().map(|(what, _)| what).collect();
        let mut scored: Vec<(f64, What)> = Vec::new();
        for what in &shown {
            let deed = &self.deeds[*what];
            if matches!(deed.object, Thing::Activity(_)) {
                continue;
            }
            let is_by_one_apart = |who: &Who| self.is_apart(reader, *who);
            let reactions = self.reactions.iter();
            let reactions = reactions.filter(|(of, _, who)| of == what && !is_by_one_apart(who));
            let replies = (0..self.deeds.len()).filter(|reply| {
                let of = &self.deeds[*reply];
                of.reply == Some(*what) && of.place.0 <= self.now && self.sees(Some(reader), *reply)
            });
            let followers = self.roster(Roster::Followers, deed.actor).len();
            let is_member = |who, group| self.members.contains_key(&(who, group));
            let groups = (0..step::ACTORS)
                .filter(|group| is_member(reader, *group) && is_member(deed.actor, *group));
            let posts = shown
                .iter()
                .filter(|of| self.deeds[**of].actor == deed.actor);
            let age = (self.now - deed.place.0).max(0) as f64 / 1_000.0;
            let parts = [
                2.0 * reactions.count() as f64,
                replies.count() as f64,
                0.1 * followers as f64,
                0.5 * groups.count() as f64,
                -0.25 * posts.count() as f64,
                -age,
            ];
            scored.push((parts.iter().sum(), *what));
        }
        scored.sort_by(|(score, what), (other_score, other)| {
            other_score
                .total_cmp(score)
                .then_with(|| self.deeds[*other].place.cmp(&self.deeds[*what].place))
        });
        scored
            .into_iter()
            .map(|(score, what)| (what, score))
            .collect()
    }

    /// Whether it is in the reader's home at this moment.
    pub fn is_in_home(&self, reader: Who, what: What) -> bool {
        !self.via(Feed::Home { reader, own: true }, what).is_empty()
    }
}
