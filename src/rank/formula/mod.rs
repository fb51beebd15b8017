//! Formulas and conditions over what is known of candidates, written in JSON.
//!
//! [The page about rankings](crate::ranking) describes the language.

mod near;
mod node;
mod operator;
mod place;
mod program;
mod run;
#[cfg(test)]
pub(in crate::rank) mod tests;
mod tree;

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub(in crate::rank) use near::did_you_mean;
use node::Reader;
pub(in crate::rank) use operator::Kind;
#[cfg(any(feature = "schema", test))]
pub(in crate::rank) use operator::{OPERATORS, Takes};
pub(in crate::rank) use place::Place;
use program::Program;
pub(in crate::rank) use tree::{Tree, plain, quoted, read};

use super::{Candidates, Context, Feature, Filter, Scorer};
use crate::error::{Error, Result};

/// An expression that has been read: what was written, and what runs.
#[derive(Clone)]
struct Compiled {
    source: Tree,
    features: Vec<Feature>,
    program: Program,
}

impl Compiled {
    fn new(source: Tree, kind: Kind, place: &Place<'_>) -> Result<Self> {
        let mut reader = Reader::default();
        let node = reader.read(&source, kind, place)?;
        Ok(Self {
            program: Program::new(&node),
            features: reader.features,
            source,
        })
    }

    fn run(&self, candidates: &Candidates, rows: usize, each: impl FnMut(usize, &[f64])) {
        let features = self.features.iter();
        let columns: Vec<Option<&[f64]>> =
            features.map(|feature| candidates.column(feature)).collect();
        self.program.run(&columns, rows, each);
    }
}

macro_rules! expression {
    ($name:ident, $kind:ident, $operation:literal) => {
        impl $name {
            /// Reads a value that is JSON already, as [`FromStr`] reads a text.
            ///
            /// # Errors
            /// `invalid` if it is none, with the place in the value.
            pub fn parse(value: &Value) -> Result<Self> {
                let root = Place::root($operation);
                let tree = Tree::deserialize(value)
                    .map_err(|source| root.error(source.to_string()).because(source))?;
                Self::of(tree, &root)
            }

            pub(in crate::rank) fn of(tree: Tree, place: &Place<'_>) -> Result<Self> {
                Compiled::new(tree, Kind::$kind, place).map(Self)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            /// Reads JSON.
            ///
            /// # Errors
            /// `invalid` if the text is no JSON or no such expression, with the place.
            fn from_str(text: &str) -> Result<Self> {
                let root = Place::root($operation);
                Self::of(read(text, &root)?, &root)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let tree = Tree::deserialize(from)?;
                Self::of(tree, &Place::root($operation)).map_err(D::Error::custom)
            }
        }

        /// Writes what was read.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.0.source.serialize(to)
            }
        }

        /// The JSON that was read.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let json = serde_json::to_string(self).map_err(|_| fmt::Error)?;
                f.write_str(&json)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        /// Two are equal if they are written alike.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.source == other.0.source
            }
        }
    };
}

/// A number for each candidate, by an expression in [the language of rankings](crate::ranking).
///
/// What is not known stays so: where a feature is NaN, so is what depends on it, and the candidate ranks last, unless
/// `default` or `known` says what then. That goes for `min`, `max` and `clamp` too. A value that does not exist, such as
/// the logarithm of -1, is not known either.
///
/// It is read once and checked, and then runs by columns: O(*s* *n*) for *s* operators and *n* candidates, with two
/// allocations a call.
///
/// ```
/// use anabranch::rank::{Formula, Ranking};
///
/// let talked_about: Formula = r#"{"ln": {"+": [1, "reactions@6h", {"*": [2, "replies@6h"]}]}}"#.parse()?;
/// let ranking = Ranking::new("lively").term("talked about", 2.0, talked_about);
/// assert_eq!(ranking.features().len(), 2);
///
/// let error = r#"{"ln": {"+": [1, "reaction"]}}"#.parse::<Formula>().unwrap_err();
/// assert!(error.to_string().starts_with(
///     r#"formula: ln.+[1]: "reaction" is no feature (did you mean "reactions"?)"#
/// ));
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone)]
pub struct Formula(Compiled);

/// Whether a candidate stays, by an expression in [the language of rankings](crate::ranking).
///
/// A comparison with what is not known does not hold, so that `{"<": ["age", "14d"]}` and
/// `{"not": {">=": ["age", "14d"]}}` differ where there is no age.
///
/// ```
/// use anabranch::rank::{Condition, Ranking};
///
/// let unseen: Condition = r#"{"==": [{"default": ["seen", 0]}, 0]}"#.parse()?;
/// let ranking = Ranking::new("new to you").filter("seen before", unseen);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone)]
pub struct Condition(Compiled);

expression!(Formula, Number, "formula");
expression!(Condition, Condition, "condition");

impl Scorer for Formula {
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        self.0.run(candidates, scores.len(), |start, values| {
            let scores = scores.iter_mut().skip(start);
            for (score, value) in scores.zip(values) {
                *score = *value;
            }
        });
    }

    fn features(&self) -> Vec<Feature> {
        self.0.features.clone()
    }
}

impl Filter for Condition {
    fn filter(&self, candidates: &Candidates, _: &Context, kept: &mut [bool]) {
        self.0.run(candidates, kept.len(), |start, values| {
            let kept = kept.iter_mut().skip(start);
            for (kept, value) in kept.zip(values) {
                *kept &= *value != 0.0;
            }
        });
    }

    fn features(&self) -> Vec<Feature> {
        self.0.features.clone()
    }
}
