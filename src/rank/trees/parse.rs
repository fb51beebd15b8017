//! LightGBM's text: lines of `key=value`, a header first and then a section a tree.

use std::fmt;
use std::str::{FromStr, Lines};

use super::tree::Tree;
use super::{Output, Trees};
use crate::error::{Error, ErrorKind, Result};

/// What is read of it; whatever else a section has is passed over.
const KEYS: [&str; 22] = [
    "version",
    "num_tree_per_iteration",
    "max_feature_idx",
    "objective",
    "average_output",
    "feature_names",
    "num_leaves",
    "split_feature",
    "threshold",
    "decision_type",
    "left_child",
    "right_child",
    "leaf_value",
    "internal_value",
    "num_cat",
    "cat_boundaries",
    "cat_threshold",
    "is_linear",
    "leaf_const",
    "num_features",
    "leaf_features",
    "leaf_coeff",
];

/// Reads a model. O(*n*) for *n* bytes, in memory of a small multiple of them.
pub(super) fn model(text: &str) -> Result<Trees> {
    let mut lines = text.lines();
    let (header, mut end) = Section::read(&mut lines, None)?;
    match header.get("version") {
        Some("v2" | "v3" | "v4") => {}
        Some(other) => {
            return Err(invalid(format!(
                "the model's version is {}, and v2, v3 and v4 can be read; save it with LightGBM 3 or 4",
                Quoted(other)
            )));
        }
        None => {
            return Err(invalid(
                "there is no `version=`, so this is not LightGBM's text; write it with `save_model`",
            ));
        }
    }
    if end == End::Text {
        return Err(cut_off());
    }
    if header.get("num_tree_per_iteration").is_some()
        && header.number::<u64>("num_tree_per_iteration")? != 1
    {
        return Err(classes());
    }
    let output = Output::asked_for(&header)?;
    let names = header.text("feature_names")?.split(' ');
    let features: Box<[Box<str>]> = names
        .filter(|name| !name.is_empty())
        .map(Box::from)
        .collect();
    if header.get("max_feature_idx").is_some() {
        let last = header.number::<i64>("max_feature_idx")?;
        if usize::try_from(last.saturating_add(1)) != Ok(features.len()) {
            return Err(damaged(
                None,
                format!(
                    "`feature_names` has {} names, and `max_feature_idx` is {last}",
                    features.len()
                ),
            ));
        }
    }
    let mut trees = Vec::new();
    while end == End::Tree {
        let (section, next) = Section::read(&mut lines, Some(trees.len()))?;
        if next == End::Text {
            return Err(cut_off());
        }
        trees.push(Tree::read(&section, features.len())?);
        end = next;
    }
    Ok(Trees {
        features,
        trees: trees.into_boxed_slice(),
        output,
        averages: header.get("average_output").is_some(),
    })
}

/// What a section ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The next tree.
    Tree,
    /// What comes after the last tree.
    Trees,
    /// Nothing: the text is cut off.
    Text,
}

/// The lines of the header, or of one tree.
pub(super) struct Section<'a> {
    tree: Option<usize>,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Section<'a> {
    fn read(lines: &mut Lines<'a>, tree: Option<usize>) -> Result<(Self, End)> {
        let pairs = Vec::new();
        let mut section = Self { tree, pairs };
        for line in lines {
            let line = line.trim_end();
            if line.starts_with("Tree=") {
                return Ok((section, End::Tree));
            }
            // Before version 2.2 there was no such line, and this one came next.
            if line == "end of trees" || line == "feature importances:" {
                return Ok((section, End::Trees));
            }
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            if KEYS.contains(&key) {
                if section.get(key).is_some() {
                    return Err(section.damaged(format_args!("`{key}` is there twice")));
                }
                section.pairs.push((key, value));
            }
        }
        Ok((section, End::Text))
    }

    /// The value of a key, as it is written.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        let mut pairs = self.pairs.iter();
        pairs.find_map(|(is, value)| (*is == key).then_some(*value))
    }

    fn text(&self, key: &str) -> Result<&'a str> {
        self.get(key)
            .ok_or_else(|| self.damaged(format_args!("`{key}` is missing")))
    }

    /// The one number of a key.
    pub(super) fn number<T: FromStr>(&self, key: &str) -> Result<T> {
        self.parsed(key, self.text(key)?)
    }

    /// The numbers of a key: as many as there are of `what`.
    pub(super) fn numbers<T: FromStr>(
        &self,
        key: &str,
        count: usize,
        what: &str,
    ) -> Result<Vec<T>> {
        let words = self.text(key)?.split_ascii_whitespace();
        let numbers = words
            .map(|word| self.parsed(key, word))
            .collect::<Result<Vec<T>>>()?;
        if numbers.len() == count {
            return Ok(numbers);
        }
        let has = numbers.len();
        Err(self.damaged(format_args!("`{key}` has {has} values for {count} {what}")))
    }

    /// The same, where NaN is no answer.
    pub(super) fn reals(&self, key: &str, count: usize, what: &str) -> Result<Vec<f64>> {
        let reals: Vec<f64> = self.numbers(key, count, what)?;
        match reals.iter().position(|real| real.is_nan()) {
            None => Ok(reals),
            Some(at) => Err(self.damaged(format_args!("value {at} of `{key}` is NaN"))),
        }
    }

    fn parsed<T: FromStr>(&self, key: &str, word: &str) -> Result<T> {
        word.parse().map_err(|_| {
            let word = Quoted(word);
            self.damaged(format_args!("`{key}` has {word}, which cannot stand there"))
        })
    }

    /// An error of this section.
    pub(super) fn damaged(&self, what: impl fmt::Display) -> Error {
        damaged(self.tree, what)
    }
}

/// A word of the text in a message: the beginning is enough to find it by.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 40;
        match self.0.char_indices().nth(SHOWN) {
            None => write!(f, "{:?}", self.0),
            Some((end, _)) => write!(f, "{:?}…", self.0.get(..end).unwrap_or_default()),
        }
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Invalid, "trees", message)
}

/// What is not as LightGBM writes it.
pub(super) fn damaged(tree: Option<usize>, what: impl fmt::Display) -> Error {
    let wrong = match tree {
        None => format!("the header: {what}"),
        Some(tree) => format!("tree {tree}: {what}"),
    };
    invalid(wrong + "; the text is damaged, so save the model again")
}

fn cut_off() -> Error {
    invalid("the text ends before `end of trees`: it is cut off, so copy it again")
}

pub(super) fn classes() -> Error {
    invalid(
        "the model gives a score for each of several classes, and a ranking needs one score; \
         train it for a ranking, a regression or a binary objective",
    )
}

pub(super) fn unknown_objective(name: &str) -> Error {
    invalid(format!(
        "the objective {} is not known, so neither is what the scores mean; \
         `objective=none` takes them as they are",
        Quoted(name)
    ))
}
