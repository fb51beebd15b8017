//! Leaves that are not one value but a line through the row's values.

use super::parse::Section;
use crate::error::Result;

/// The lines of a tree's leaves.
#[derive(Debug)]
pub(super) struct Linear {
    constants: Box<[f64]>,
    /// Where in `terms` each leaf's begin, and where the last end.
    starts: Box<[usize]>,
    terms: Box<[Term]>,
}

#[derive(Clone, Copy, Debug)]
struct Term {
    feature: u32,
    factor: f64,
}

impl Linear {
    /// What a leaf gives to a row: `value_of_leaf` if a value that it needs is missing.
    pub(super) fn score(&self, leaf: usize, value_of_leaf: f64, value: impl Fn(u32) -> f64) -> f64 {
        let mut score = self.constant(leaf);
        for term in self.terms(leaf) {
            let value = value(term.feature);
            if value.is_nan() {
                return value_of_leaf;
            }
            score += term.factor * value;
        }
        score
    }

    /// Adds what the features of a leaf's line make of it beyond the leaf's value, and returns what is nobody's.
    ///
    /// A feature gets its term. What the constant is off the leaf's value is the negative of the terms at their means,
    /// roughly; the features bear it alike.
    pub(super) fn contribute(
        &self,
        leaf: usize,
        value_of_leaf: f64,
        value: impl Fn(u32) -> f64,
        mut add: impl FnMut(u32, f64) -> f64,
    ) -> f64 {
        let terms = self.terms(leaf);
        if terms.iter().any(|term| value(term.feature).is_nan()) {
            return 0.0;
        }
        let off = self.constant(leaf) - value_of_leaf;
        // Counts of features are far below 2⁵²: exact as floats.
        #[allow(clippy::cast_precision_loss)]
        let share = off / terms.len() as f64;
        let mut rest = if terms.is_empty() { off } else { 0.0 };
        for term in terms {
            rest += add(term.feature, term.factor * value(term.feature) + share);
        }
        rest
    }

    fn constant(&self, leaf: usize) -> f64 {
        self.constants.get(leaf).copied().unwrap_or_default()
    }

    fn terms(&self, leaf: usize) -> &[Term] {
        match self.starts.get(leaf..) {
            Some([from, to, ..]) => self.terms.get(*from..*to).unwrap_or_default(),
            _ => &[],
        }
    }

    pub(super) fn read(section: &Section<'_>, leaves: usize, features: usize) -> Result<Self> {
        let constants = section.reals("leaf_const", leaves, "leaves")?;
        let counts: Vec<usize> = section.numbers("num_features", leaves, "leaves")?;
        let mut starts = vec![0_usize];
        let mut end = 0_usize;
        for count in counts {
            end = end.saturating_add(count);
            starts.push(end);
        }
        let of: Vec<u32> = section.numbers("leaf_features", end, "`num_features`")?;
        let factors = section.reals("leaf_coeff", end, "`num_features`")?;
        if let Some(beyond) = of
            .iter()
            .find(|feature| usize::try_from(**feature).is_ok_and(|feature| feature >= features))
        {
            return Err(section.damaged(format_args!(
                "`leaf_features` has {beyond}, and there are {features} features"
            )));
        }
        let terms = of.into_iter().zip(factors);
        Ok(Self {
            constants: constants.into_boxed_slice(),
            starts: starts.into_boxed_slice(),
            terms: terms
                .map(|(feature, factor)| Term { feature, factor })
                .collect(),
        })
    }
}
