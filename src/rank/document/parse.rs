//! Trees as documents.

use super::fields::{Fields, each, name, number, text};
use super::select::Select;
use super::{Document, Filter, MODEL, RANKING, Rule, Term, Value};
use crate::error::Result;
use crate::rank::formula::{Place, Tree};
use crate::rank::{Condition, Formula};

impl Document {
    pub(super) fn of(tree: Tree) -> Result<Self> {
        const KNOWN: [&str; 5] = ["name", "about", "filters", "terms", "rules"];
        let root = Place::root(RANKING);
        let fields = Fields::of(&tree, &KNOWN, &root)?;
        Ok(Self {
            name: fields.read("name", name)?,
            about: fields.read_or("about", Box::default(), text)?,
            filters: fields.read_or("filters", Vec::new(), |list, place| {
                each(list, place, Filter::of)
            })?,
            terms: fields.read_or("terms", Vec::new(), |list, place| {
                each(list, place, Term::of)
            })?,
            rules: fields.read_or("rules", Vec::new(), |list, place| {
                each(list, place, Rule::of)
            })?,
        })
    }
}

impl Filter {
    fn of(tree: &Tree, place: &Place<'_>) -> Result<Self> {
        let fields = Fields::of(tree, &["name", "keep"], place)?;
        Ok(Self {
            name: fields.read("name", name)?,
            keep: fields.read("keep", |tree, place| Condition::of(tree.clone(), place))?,
        })
    }
}

impl Term {
    fn of(tree: &Tree, place: &Place<'_>) -> Result<Self> {
        let fields = Fields::of(tree, &["name", "weight", "value"], place)?;
        Ok(Self {
            name: fields.read("name", name)?,
            weight: fields.read_or("weight", 1.0, number)?,
            value: fields.read("value", Value::of)?,
        })
    }
}

impl Value {
    fn of(tree: &Tree, place: &Place<'_>) -> Result<Self> {
        match tree {
            Tree::Fields(fields) if fields.iter().any(|(key, _)| **key == *MODEL) => {
                let fields = Fields::of(tree, &[MODEL], place)?;
                let model = fields.read(MODEL, name)?;
                Ok(Self::Model { model })
            }
            _ => Formula::of(tree.clone(), place).map(Self::Formula),
        }
    }
}

impl Rule {
    fn of(tree: &Tree, place: &Place<'_>) -> Result<Self> {
        let known: Vec<&str> = ["name"].into_iter().chain(Select::KINDS).collect();
        let fields = Fields::of(tree, &known, place)?;
        Ok(Self {
            name: fields.read("name", name)?,
            select: Select::of(&fields, place)?,
        })
    }
}

/// Weights in JSON are finite; others can be set afterwards.
pub(super) fn check_weight(weight: f64, place: &Place<'_>) -> Result<()> {
    match weight.is_finite() {
        true => Ok(()),
        false => Err(place.error(format!("a weight is to be finite, and this is {weight}"))),
    }
}
