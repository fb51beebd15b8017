//! JSON as it stands there, before anybody knows whether it makes sense.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::place::Place;
use crate::error::{Error, Result};

/// How many lists and objects may stand within one another. Below what a reader of JSON text endures, and whoever
/// walks a tree may call itself as often.
pub(in crate::rank) const DEEPEST: usize = 100;

/// How many values there may be, in all.
pub(in crate::rank) const MOST: usize = 10_000;

/// By this key `serde_json` hands over numbers where a crate of the host's has it keep their digits.
const DIGITS: &str = "$serde_json::private::Number";

/// A value with all that was written: a key that stands there twice is in it twice, and what nests too deeply is
/// marked, so that whoever checks the tree can say where.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::rank) enum Tree {
    Null,
    Truth(bool),
    /// Finite.
    Number(f64),
    Text(Box<str>),
    List(Vec<Self>),
    Fields(Vec<(Box<str>, Self)>),
    TooDeep,
}

impl Tree {
    /// What was found here, for an error.
    pub(in crate::rank) fn shown(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Truth(truth) => truth.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => quoted(text),
            Self::List(list) => format!("a list of {}", list.len()),
            Self::Fields(fields) => match fields.as_slice() {
                [] => "an empty object".into(),
                [(key, _)] => format!("an object with the key {}", quoted(key)),
                [(key, _), ..] => {
                    format!(
                        "an object with {} keys, {} first",
                        fields.len(),
                        quoted(key)
                    )
                }
            },
            Self::TooDeep => "one more list or object".into(),
        }
    }

    /// The error of a value that is not what is wanted here.
    pub(in crate::rank) fn is_not(&self, wanted: &str, place: &Place<'_>) -> Error {
        match self {
            Self::TooDeep => place.error(format!(
                "lists and objects may stand {DEEPEST} deep within one another, and this is deeper; make it flatter"
            )),
            _ => place.error(format!("{wanted} is wanted here, and this is {}", self.shown())),
        }
    }
}

/// A text in quotes, and not all of a long one.
pub(in crate::rank) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}

/// The tree of a text.
pub(in crate::rank) fn read(text: &str, place: &Place<'_>) -> Result<Tree> {
    serde_json::from_str(text).map_err(|source| {
        let said = format!("this JSON cannot be read: {source}");
        place.error(said).because(source)
    })
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let left = Cell::new(MOST);
        let whole = Part {
            left: &left,
            deep: DEEPEST,
        };
        whole.deserialize(from)
    }
}

/// What is allowed of a value within others.
#[derive(Clone, Copy)]
struct Part<'a> {
    left: &'a Cell<usize>,
    deep: usize,
}

impl Part<'_> {
    fn within(self) -> Option<Self> {
        let deep = self.deep.checked_sub(1)?;
        Some(Self { deep, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Tree, D::Error> {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Err(D::Error::custom(format!(
                "there may be {MOST} values, and here are more; make it smaller"
            )));
        };
        self.left.set(left);
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Tree, E> {
        Ok(Tree::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        #[expect(clippy::cast_precision_loss, reason = "as every reader of JSON does")]
        Ok(Tree::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        #[expect(clippy::cast_precision_loss, reason = "as every reader of JSON does")]
        Ok(Tree::Number(number as f64))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Tree, E> {
        match number.is_finite() {
            true => Ok(Tree::Number(number)),
            false => Err(E::custom("a number is beyond what a double holds")),
        }
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let Some(part) = self.within() else {
            while from.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Tree::TooDeep);
        };
        let mut list = Vec::new();
        while let Some(value) = from.next_element_seed(part)? {
            list.push(value);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let Some(part) = self.within() else {
            while from.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Tree::TooDeep);
        };
        let mut fields = Vec::new();
        while let Some(key) = from.next_key::<Box<str>>()? {
            fields.push((key, from.next_value_seed(part)?));
        }
        if let [(key, Tree::Text(digits))] = fields.as_slice()
            && &**key == DIGITS
        {
            let number = digits.parse().map_err(A::Error::custom)?;
            return self.visit_f64(number);
        }
        Ok(Tree::Fields(fields))
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null | Self::TooDeep => to.serialize_unit(),
            Self::Truth(truth) => to.serialize_bool(*truth),
            Self::Number(number) => plain(number, to),
            Self::Text(text) => to.serialize_str(text),
            Self::List(list) => list.serialize(to),
            Self::Fields(fields) => {
                let mut map = to.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// Writes a number as people do: 2, not 2.0.
pub(in crate::rank) fn plain<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.trunc().to_bits() == number.to_bits() && number.abs() < EXACT;
    // -0.0 is no integer.
    if is_whole && (*number != 0.0 || number.is_sign_positive()) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole, and below 2⁵³"
        )]
        return to.serialize_i64(*number as i64);
    }
    to.serialize_f64(*number)
}
