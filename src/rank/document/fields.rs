//! The fields of an object, and what may stand in them.

use crate::error::Result;
use crate::rank::formula::{Place, Tree, did_you_mean, quoted};

/// The fields of an object, each of which is known and there once.
#[derive(Clone, Copy)]
pub(super) struct Fields<'t> {
    fields: &'t [(Box<str>, Tree)],
    place: &'t Place<'t>,
}

impl<'t> Fields<'t> {
    /// # Errors
    /// `invalid` if this is no object, or has a field that is none of these, or one twice.
    pub(super) fn of(tree: &'t Tree, known: &[&str], place: &'t Place<'t>) -> Result<Self> {
        let Tree::Fields(fields) = tree else {
            return Err(tree.is_not(&format!("an object with {}", known.join(", ")), place));
        };
        for (index, (name, _)) in fields.iter().enumerate() {
            if !known.contains(&&**name) {
                return Err(place.error(format!(
                    "there is no {} here{}; there may be {}",
                    quoted(name),
                    did_you_mean(name, known.iter().copied()),
                    known.join(", ")
                )));
            }
            let before = fields.iter().take(index);
            if before.clone().any(|(earlier, _)| earlier == name) {
                return Err(place.error(format!("{name:?} stands here twice; leave one out")));
            }
        }
        Ok(Self { fields, place })
    }

    pub(super) fn get(&self, name: &str) -> Option<&'t Tree> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(known, _)| **known == *name);
        found.map(|(_, tree)| tree)
    }

    /// What is in a field, by something that reads it.
    ///
    /// # Errors
    /// `invalid` if it is not there, and whatever reading it fails with.
    pub(super) fn read<T>(
        &self,
        name: &str,
        as_what: impl FnOnce(&'t Tree, &Place<'_>) -> Result<T>,
    ) -> Result<T> {
        match self.get(name) {
            Some(tree) => as_what(tree, &self.place.field(name)),
            None => Err(self.place.error(format!("{name:?} is missing here"))),
        }
    }

    /// The same, and something else where the field is not there.
    pub(super) fn read_or<T>(
        &self,
        name: &str,
        or: T,
        as_what: impl FnOnce(&'t Tree, &Place<'_>) -> Result<T>,
    ) -> Result<T> {
        match self.get(name) {
            Some(tree) => as_what(tree, &self.place.field(name)),
            None => Ok(or),
        }
    }

    /// The one of these that is there, with what is in it.
    ///
    /// # Errors
    /// `invalid` if none is there, or several are.
    pub(super) fn one_of(&self, names: &[&'static str]) -> Result<(&'static str, &'t Tree)> {
        let there: Vec<_> = names
            .iter()
            .filter_map(|name| Some((*name, self.get(name)?)))
            .collect();
        match there.as_slice() {
            [one] => Ok(*one),
            [] => Err(self
                .place
                .error(format!("one of {} is missing here", names.join(", ")))),
            [(one, _), (other, _), ..] => Err(self.place.error(format!(
                "{one:?} and {other:?} are two rules; give each its own object and name"
            ))),
        }
    }
}

pub(super) fn text(tree: &Tree, place: &Place<'_>) -> Result<Box<str>> {
    match tree {
        Tree::Text(text) => Ok(text.clone()),
        other => Err(other.is_not("a text", place)),
    }
}

pub(super) fn name(tree: &Tree, place: &Place<'_>) -> Result<Box<str>> {
    match text(tree, place)? {
        name if name.trim().is_empty() => {
            Err(place.error("a name is empty; explanations want to call it something"))
        }
        name => Ok(name),
    }
}

pub(super) fn number(tree: &Tree, place: &Place<'_>) -> Result<f64> {
    match tree {
        Tree::Number(number) => Ok(*number),
        other => Err(other.is_not("a number", place)),
    }
}

/// A whole number from 1 up to 2³².
pub(super) fn count(tree: &Tree, place: &Place<'_>) -> Result<usize> {
    const MOST: f64 = 4_294_967_295.0;
    match tree {
        Tree::Number(number) if number.fract() == 0.0 && (1.0..=MOST).contains(number) =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is whole and in the range"
            )]
            Ok(*number as usize)
        }
        other => Err(other.is_not("a whole number from 1 up", place)),
    }
}

pub(super) fn each<T>(
    tree: &Tree,
    place: &Place<'_>,
    of: impl Fn(&Tree, &Place<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let Tree::List(list) = tree else {
        return Err(tree.is_not("a list", place));
    };
    let list = list.iter().enumerate();
    list.map(|(index, tree)| of(tree, &place.index(index)))
        .collect()
}
