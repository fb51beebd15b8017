//! A ranking that is data.
//!
//! A [`Document`] is what a host writes, stores and changes without a new build: JSON, whose language
//! [`ranking`](crate::ranking) describes. It is checked when it is read, and errors name the place.

mod fields;
mod parse;
#[cfg(feature = "schema")]
mod schema;
mod select;
#[cfg(test)]
mod tests;

use std::str::FromStr;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

pub use select::{Portion, Select};

use super::formula::{Place, Tree, plain, read};
use super::{Candidates, Condition, Context, Feature, Formula, Ranking, Scorer, Selector};
use crate::error::{Error, Result};

/// Whose errors they are.
const RANKING: &str = "ranking";

/// By this key a term has a scorer of the host's.
const MODEL: &str = "model";

/// How a feed is ranked, in JSON.
///
/// ```
/// use anabranch::rank::Document;
///
/// let document: Document = r#"{
///     "name": "new and liked",
///     "filters": [{"name": "a fortnight", "keep": {"<": ["age", "14d"]}}],
///     "terms": [
///         {"name": "new", "weight": 2, "value": {"exponential": ["age", "6h"]}},
///         {"name": "liked", "value": {"ln": {"+": [1, "reactions:like"]}}}
///     ],
///     "rules": [{"name": "a hundred", "top": 100}]
/// }"#.parse()?;
/// assert_eq!(document.ranking()?.name(), "new and liked");
///
/// let error = r#"{"name": "new", "terms": [{"name": "new", "value": "aeg"}]}"#.parse::<Document>().unwrap_err();
/// assert!(error.to_string().starts_with(r#"ranking: terms[0].value: "aeg" is no feature (did you mean "age"?)"#));
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Document {
    /// What it is called.
    pub name: Box<str>,
    /// What it does, for people.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub about: Box<str>,
    /// What stays, one condition after another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// What a score is made of. Without any, the newest come first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// What is done with the scored, one rule after another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

/// What stays.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Filter {
    /// What explanations call it.
    pub name: Box<str>,
    /// What is true of what stays.
    pub keep: Condition,
}

/// A part of the score.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Term {
    /// What explanations call it.
    pub name: Box<str>,
    /// What the value is multiplied by; 1 unless said.
    #[serde(serialize_with = "plain")]
    pub weight: f64,
    /// What is added to the score.
    pub value: Value,
}

/// What gives a number for each candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Value {
    /// An expression.
    Formula(Formula),
    /// A scorer of the host's, by the name that it is [resolved](Document::ranking_with) by: `{"model": "NAME"}`.
    Model {
        /// Its name. Give a model that works otherwise another one: sessions go on under rankings that are written alike.
        model: Box<str>,
    },
}

/// What is done with the scored.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// What explanations call it.
    pub name: Box<str>,
    /// What it does.
    #[serde(flatten)]
    pub select: Select,
}

impl FromStr for Document {
    type Err = Error;

    /// Reads JSON.
    ///
    /// # Errors
    /// `invalid` if the text is no JSON or no such document, with the place.
    fn from_str(text: &str) -> Result<Self> {
        let root = Place::root(RANKING);
        Self::of(read(text, &root)?)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::of(Tree::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl Document {
    /// What ranks as it says.
    ///
    /// # Errors
    /// `invalid` if a number in it has been changed to one that makes no sense, or it names a model: give that to
    /// [`ranking_with`](Self::ranking_with).
    pub fn ranking(&self) -> Result<Ranking> {
        self.ranking_with(|_| None)
    }

    /// What ranks as it says, with scorers of the host's by name.
    ///
    /// # Errors
    /// `invalid` if a number in it has been changed to one that makes no sense, or `resolve` does not know a model that it
    /// names.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use anabranch::rank::{Document, Feature};
    ///
    /// let document: Document = r#"{"name": "learnt", "terms": [{"name": "clicks", "value": {"model": "clicks-7"}}]}"#.parse()?;
    /// let ranking = document.ranking_with(|name| match name {
    ///     "clicks-7" => Some(Arc::new(Feature::Followers)),
    ///     _ => None,
    /// })?;
    /// assert_eq!(ranking.features(), [Feature::Followers]);
    /// assert!(document.ranking().is_err());
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn ranking_with(
        &self,
        resolve: impl Fn(&str) -> Option<Arc<dyn Scorer>>,
    ) -> Result<Ranking> {
        let root = Place::root(RANKING);
        let mut ranking = Ranking::new(self.name.clone());
        for Filter { name, keep } in &self.filters {
            ranking = ranking.filter(name.clone(), keep.clone());
        }
        let place = root.field("terms");
        for (index, term) in self.terms.iter().enumerate() {
            let place = place.index(index);
            parse::check_weight(term.weight, &place.field("weight"))?;
            let name = term.name.clone();
            ranking = match &term.value {
                Value::Formula(formula) => ranking.term(name, term.weight, formula.clone()),
                Value::Model { model } => {
                    let scorer = resolve(model).ok_or_else(|| {
                        let place = place.field("value");
                        place.field("model").error(format!(
                            "no model is called {model:?} here; give the ranking one by that name"
                        ))
                    })?;
                    ranking.term(name, term.weight, Shared(scorer))
                }
            };
        }
        let place = root.field("rules");
        for (index, Rule { name, select }) in self.rules.iter().enumerate() {
            let place = place.index(index);
            select.check(&place)?;
            ranking = ranking.select(name.clone(), Shared(select.selector()?));
        }
        // What is said about it changes nothing of it.
        let what_it_does = Self {
            about: Box::default(),
            ..self.clone()
        };
        let written = serde_json::to_vec(&what_it_does).map_err(|source| {
            let said = format!("it cannot be written as JSON: {source}");
            root.error(said).because(source)
        })?;
        ranking.tell_apart(&written);
        Ok(ranking)
    }
}

impl Ranking {
    /// The ranking of a [document](Document) in JSON.
    ///
    /// # Errors
    /// `invalid` if the text is no JSON or no such document, with the place.
    ///
    /// ```
    /// use anabranch::rank::Ranking;
    ///
    /// let ranking = Ranking::from_json(r#"{"name": "liked", "terms": [{"name": "likes", "value": "reactions:like@1d"}]}"#)?;
    /// assert_eq!(ranking.name(), "liked");
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self> {
        text.parse::<Document>()?.ranking()
    }

    /// The same, with scorers of the host's for terms of the value `{"model": "NAME"}`.
    ///
    /// # Errors
    /// `invalid` if the text is no JSON or no such document, or names a model that `resolve` does not know, with the
    /// place.
    pub fn from_json_with(
        text: &str,
        resolve: impl Fn(&str) -> Option<Arc<dyn Scorer>>,
    ) -> Result<Self> {
        text.parse::<Document>()?.ranking_with(resolve)
    }
}

/// What was made elsewhere.
struct Shared<T: ?Sized>(Arc<T>);

impl Scorer for Shared<dyn Scorer> {
    fn score(&self, candidates: &Candidates, context: &Context, scores: &mut [f64]) {
        self.0.score(candidates, context, scores);
    }

    fn features(&self) -> Vec<Feature> {
        self.0.features()
    }
}

impl Selector for Shared<dyn Selector> {
    fn chances(&self, before: &[super::Placed], after: &[super::Placed]) -> Option<Vec<f64>> {
        self.0.chances(before, after)
    }

    fn select(&self, candidates: &Candidates, context: &Context, order: &mut Vec<super::Placed>) {
        self.0.select(candidates, context, order);
    }

    fn features(&self) -> Vec<Feature> {
        self.0.features()
    }
}
