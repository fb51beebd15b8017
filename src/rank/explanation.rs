//! Why a candidate stands where it stands (contract 8.3).

use serde::{Deserialize, Serialize};

use super::Feature;
use crate::id::{ActivityId, ActorId};

/// Why an item stands where it stands, or why a candidate is not shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// Of which activity.
    pub activity: ActivityId,
    /// Who did it.
    pub actor: ActorId,
    /// Whose home it is.
    pub reader: ActorId,
    /// What the terms add up to, before any selector. NaN, which JSON writes as null, where a term has no value.
    #[serde(with = "number")]
    pub score: f64,
    /// What the score is made of, in the order of the ranking.
    pub terms: Vec<Term>,
    /// What filtered it, moved it or dropped it, in the order in which that happened.
    pub rules: Vec<Rule>,
    /// Its place among what is shown, 0 at the top; `None` where it was dropped.
    pub place: Option<usize>,
    /// With which probability it came to its place, given those above it, where lots decided: what was shown with it
    /// weighs 1 / propensity when another ranking is judged by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propensity: Option<f64>,
    /// Through which streams it came, in the order of their ids (contract 5.6).
    pub via: Vec<ActorId>,
}

/// A part of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Term {
    /// What the ranking calls it.
    pub name: Box<str>,
    /// What its scorer gave.
    #[serde(with = "number")]
    pub value: f64,
    /// What that is multiplied by.
    #[serde(with = "number")]
    pub weight: f64,
    /// The product, which is what it adds to the score.
    #[serde(with = "number")]
    pub score: f64,
    /// The features that it looks at, with what was known of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<(Feature, Option<f64>)>,
}

/// What a filter or a selector did to a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rule {
    /// What the ranking calls it.
    pub name: Box<str>,
    /// Its place before, 0 at the top; `None` where there was no order yet.
    pub from: Option<usize>,
    /// Its place afterwards; `None` where it was dropped.
    pub to: Option<usize>,
    /// Whether the rule moved others, and this one only made way.
    #[serde(default, skip_serializing_if = "is_false")]
    pub made_way: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Explanation {
    /// In one plain sentence why it is here, or why not. `name` tells how actors are called.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, rank::Ranking, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let anna = ActorId::named("anna");
    /// wait(feeds.publish(Activity::by(anna).object("a note")))?;
    /// let fresh = Ranking::new("fresh").term("new", -1.0, anabranch::rank::Feature::Age);
    /// let page = wait(feeds.ranked(anna, &fresh).explain())?;
    /// assert_eq!(
    ///     page.items[0].why.as_ref().map(|why| why.sentence(|_| "Anna".into())),
    ///     Some("It is your own.".into()),
    /// );
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    #[must_use]
    pub fn sentence(&self, name: impl Fn(ActorId) -> String) -> String {
        let from = match self.via.as_slice() {
            _ if self.actor == self.reader => "It is your own".to_owned(),
            [] => format!("It is by {}", name(self.actor)),
            [only] if *only == self.actor => format!("You follow {}", name(*only)),
            [only] => format!(
                "It is by {} in {}, which you follow",
                name(self.actor),
                name(*only)
            ),
            [first, rest @ ..] => {
                let others = match rest.len() {
                    1 => "one more stream".to_owned(),
                    more => format!("{more} more streams"),
                };
                format!("You follow {} and {others} that it is in", name(*first))
            }
        };
        if self.place.is_none() {
            let dropped = self.rules.last().map_or("the ranking", |rule| &rule.name);
            return format!("{from}, but “{dropped}” leaves it out.");
        }
        let mut reasons = Vec::new();
        let most = self
            .terms
            .iter()
            .filter(|term| term.score.is_finite() && term.score > 0.0)
            .reduce(|best, term| if term.score > best.score { term } else { best });
        if let Some(term) = most {
            reasons.push(format!("“{}” counts most for it", term.name));
        }
        let moved = self.rules.iter().rev().find(|rule| !rule.made_way);
        if let Some(Rule {
            name,
            from: Some(from),
            to: Some(to),
            ..
        }) = moved
        {
            let way = if to < from { "up" } else { "down" };
            reasons.push(format!("“{name}” moved it {way}"));
        }
        match reasons.as_slice() {
            [] => format!("{from}."),
            [one] => format!("{from}, and {one}."),
            [first, second, ..] => format!("{from}; {first}, and {second}."),
        }
    }
}

/// Numbers in JSON, which has no NaN and no infinities: those are null, and null is NaN.
mod number {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        match number.is_finite() {
            true => to.serialize_f64(*number),
            false => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
    }
}
