//! The rules that a document can have.

use std::sync::Arc;

use serde::Serialize;

use super::fields::{Fields, count, each, name, number};
use crate::error::Result;
use crate::rank::formula::{Place, Tree, plain};
use crate::rank::select::{self, By, Source};
use crate::rank::{Condition, Selector};

/// What a rule does, with its settings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Select {
    /// So many of the best are left: `{"top": 100}`.
    Top(usize),
    /// What one actor did sinks, the more of it is above.
    AuthorDecay {
        /// What the part above the floor is multiplied by with each further one: 0 to 1.
        #[serde(serialize_with = "plain")]
        factor: f64,
        /// The part of a score that is left to all: 0 to 1.
        #[serde(serialize_with = "plain")]
        floor: f64,
    },
    /// No more than so many in a row of so many have the same actor, object, conversation or root.
    Cap {
        /// What they may not share.
        by: By,
        /// How many may: one at least.
        most: usize,
        /// Among how many: no fewer than `most`.
        of: usize,
    },
    /// Like is not followed by like (maximal marginal relevance).
    Mmr {
        /// What the score counts for against being different: 0 to 1.
        #[serde(serialize_with = "plain")]
        lambda: f64,
        /// How many of the best are ordered so.
        of: usize,
    },
    /// Sorts of candidates get a share each.
    Mix(Vec<Portion>),
    /// Some places of the best go to others by lot.
    Explore {
        /// How many of those places: 0 to 1.
        #[serde(serialize_with = "plain")]
        share: f64,
        /// Of how many.
        of: usize,
    },
}

/// A sort of candidates, and how many of all it is to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Portion {
    /// What it is called.
    pub name: Box<str>,
    /// What is true of them; without it, all that none before takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// How many of all, against the other shares.
    #[serde(serialize_with = "plain")]
    pub share: f64,
}

/// What candidates can have in common, by name.
pub(super) const BY: [&str; 4] = ["actor", "object", "conversation", "root"];

fn by(tree: &Tree, place: &Place<'_>) -> Result<By> {
    match tree {
        Tree::Text(text) if &**text == "actor" => Ok(By::Actor),
        Tree::Text(text) if &**text == "object" => Ok(By::Object),
        Tree::Text(text) if &**text == "conversation" => Ok(By::Conversation),
        Tree::Text(text) if &**text == "root" => Ok(By::Root),
        other => Err(other.is_not(&format!("one of {}", BY.join(", ")), place)),
    }
}

impl Portion {
    fn of(tree: &Tree, place: &Place<'_>) -> Result<Self> {
        let fields = Fields::of(tree, &["name", "when", "share"], place)?;
        Ok(Self {
            name: fields.read("name", name)?,
            when: fields.read_or("when", None, |tree, place| {
                Condition::of(tree.clone(), place).map(Some)
            })?,
            share: fields.read("share", number)?,
        })
    }
}

impl Select {
    /// What they are called.
    pub(super) const KINDS: [&'static str; 6] =
        ["top", "author_decay", "cap", "mmr", "mix", "explore"];

    /// The rule among the fields of an object at a place.
    pub(super) fn of(fields: &Fields<'_>, place: &Place<'_>) -> Result<Self> {
        let (kind, tree) = fields.one_of(&Self::KINDS)?;
        let at = place.field(kind);
        let select = match kind {
            "top" => Self::Top(count(tree, &at)?),
            "author_decay" => {
                let fields = Fields::of(tree, &["factor", "floor"], &at)?;
                Self::AuthorDecay {
                    factor: fields.read("factor", number)?,
                    floor: fields.read("floor", number)?,
                }
            }
            "cap" => {
                let fields = Fields::of(tree, &["by", "most", "of"], &at)?;
                Self::Cap {
                    by: fields.read("by", by)?,
                    most: fields.read("most", count)?,
                    of: fields.read("of", count)?,
                }
            }
            "mmr" => {
                let fields = Fields::of(tree, &["lambda", "of"], &at)?;
                Self::Mmr {
                    lambda: fields.read("lambda", number)?,
                    of: fields.read("of", count)?,
                }
            }
            "mix" => Self::Mix(each(tree, &at, Portion::of)?),
            _ => {
                let fields = Fields::of(tree, &["share", "of"], &at)?;
                Self::Explore {
                    share: fields.read("share", number)?,
                    of: fields.read("of", count)?,
                }
            }
        };
        select.check(place)?;
        Ok(select)
    }

    /// Refuses numbers that make no sense.
    pub(super) fn check(&self, place: &Place<'_>) -> Result<()> {
        match self {
            Self::Top(most) => at_least_one(*most, &place.field("top")),
            Self::AuthorDecay { factor, floor } => {
                let place = place.field("author_decay");
                from_0_to_1(*factor, &place.field("factor"))?;
                from_0_to_1(*floor, &place.field("floor"))
            }
            Self::Cap { most, of, .. } => {
                let place = place.field("cap");
                at_least_one(*most, &place.field("most"))?;
                if of < most {
                    return Err(place.field("of").error(format!(
                        "this is to be no less than most, which is {most}, and it is {of}"
                    )));
                }
                Ok(())
            }
            Self::Mmr { lambda, of } => {
                let place = place.field("mmr");
                from_0_to_1(*lambda, &place.field("lambda"))?;
                at_least_one(*of, &place.field("of"))
            }
            Self::Mix(shares) => {
                let place = place.field("mix");
                for (index, Portion { share, .. }) in shares.iter().enumerate() {
                    if !(share.is_finite() && *share >= 0.0) {
                        return Err(place
                            .index(index)
                            .field("share")
                            .error(format!("a share is 0 or above, and this is {share}")));
                    }
                }
                match shares.iter().any(|Portion { share, .. }| *share > 0.0) {
                    true => Ok(()),
                    false => Err(place.error("at least one share is to be above 0")),
                }
            }
            Self::Explore { share, of } => {
                let place = place.field("explore");
                from_0_to_1(*share, &place.field("share"))?;
                at_least_one(*of, &place.field("of"))
            }
        }
    }

    /// What does it.
    pub(super) fn selector(&self) -> Result<Arc<dyn Selector>> {
        Ok(match self {
            Self::Top(most) => Arc::new(select::Top { most: *most }),
            Self::AuthorDecay { factor, floor } => {
                Arc::new(select::AuthorDecay::try_new(*factor, *floor)?)
            }
            Self::Cap { by, most, of } => Arc::new(select::Cap {
                by: *by,
                most: *most,
                of: *of,
            }),
            Self::Mmr { lambda, of } => {
                Arc::new(select::Mmr::try_new(*lambda, *of, select::by_default)?)
            }
            Self::Mix(shares) => {
                // Shares count against each other.
                let all: f64 = shares.iter().map(|Portion { share, .. }| share).sum();
                let sources = shares
                    .iter()
                    .map(|Portion { name, when, share }| match when {
                        Some(when) => Source::new(name.clone(), share / all, when.clone()),
                        None => Source::rest(name.clone(), share / all),
                    });
                Arc::new(select::Mix::try_new(sources)?)
            }
            Self::Explore { share, of } => Arc::new(select::Explore::try_new(*share, *of)?),
        })
    }
}

fn from_0_to_1(number: f64, place: &Place<'_>) -> Result<()> {
    match (0.0..=1.0).contains(&number) {
        true => Ok(()),
        false => Err(place.error(format!(
            "a number from 0 to 1 is wanted here, and this is {number}"
        ))),
    }
}

fn at_least_one(number: usize, place: &Place<'_>) -> Result<()> {
    match number {
        0 => Err(place.error("a whole number from 1 up is wanted here, and this is 0")),
        _ => Ok(()),
    }
}
