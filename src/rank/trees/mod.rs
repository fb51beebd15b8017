//! Scores by a model that was trained elsewhere: gradient-boosted trees, as LightGBM writes them.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

mod linear;
mod output;
mod parse;
mod scorer;
#[cfg(test)]
mod tests;
mod tree;

pub use output::Output;
pub use scorer::TreesScorer;
use tree::Tree;

/// As much as this, or less, is 0 to LightGBM, wherever it looks at a value.
const ZERO: f64 = 1e-35_f32 as f64;

/// A model of gradient-boosted trees: reads the text that LightGBM 3 and 4 write (`booster.save_model()`), and gives
/// the scores that LightGBM gives.
///
/// All trees in the text count, so save a model with the best iteration only, if it was stopped early. What can be
/// read: splits by number and by category, with what they do about missing values; forests (`average_output`), trees
/// with linear leaves, and all objectives that give one score.
///
/// Values come in columns, one a feature in the order of [`features`](Self::features); a row is what stands at one
/// index of all of them. NaN is a missing value. As in LightGBM's own predictions, what is at most 1e-35 from 0 is 0.
///
/// ```
/// use anabranch::rank::{Output, Trees};
///
/// let text = "version=v4\nobjective=lambdarank\nfeature_names=age likes\n\nTree=0\nnum_leaves=2\nsplit_feature=1\n\
///     threshold=9.5\ndecision_type=2\nleft_child=-1\nright_child=-2\nleaf_value=-0.25 0.75\ninternal_value=0\n\
///     \nend of trees\n";
/// let trees: Trees = text.parse()?;
/// let mut scores = [0.0; 3];
/// trees.predict(&[&[1.0, 2.0, 3.0], &[4.0, 40.0, f64::NAN]], &mut scores);
/// assert_eq!(scores, [-0.25, 0.75, -0.25]);
/// assert_eq!(trees.output(), Output::Identity);
/// # Ok::<(), anabranch::Error>(())
/// ```
pub struct Trees {
    features: Box<[Box<str>]>,
    trees: Box<[Tree]>,
    output: Output,
    averages: bool,
}

impl fmt::Debug for Trees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trees")
            .field("features", &self.features.len())
            .field("trees", &self.trees.len())
            .field("output", &self.output)
            .field("averages", &self.averages)
            .finish()
    }
}

/// Reads a model's text. O(*n*) for *n* bytes, in memory of a small multiple of them; neither line ends, nor the
/// order of lines, nor `tree_sizes` matter, and what is not known is passed over.
///
/// # Errors
/// `invalid` if the text is no such model, of another version, cut off or damaged, with the tree and the key; and for
/// a model of several classes, since a ranking needs one score.
impl FromStr for Trees {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse::model(text)
    }
}

impl Trees {
    /// The names of the features, in the order of columns; LightGBM writes `_` where a name had a space.
    #[must_use]
    pub fn features(&self) -> &[Box<str>] {
        &self.features
    }

    /// What becomes of the sum of the trees.
    #[must_use]
    pub fn output(&self) -> Output {
        self.output
    }

    /// How many trees there are.
    #[must_use]
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    /// Whether the sum is divided by the number of trees before [`output`](Self::output): a random forest.
    #[must_use]
    pub fn averages(&self) -> bool {
        self.averages
    }

    /// Scores the rows at the indices of `scores`, as `booster.predict` does. A column that is not there, and what a
    /// column is short of, is missing values; columns beyond the features are passed over.
    ///
    /// O(*r* · (*f* + *t* · *d*)) for *r* rows, *f* features and *t* trees of depth *d*, in one buffer of 64 KiB, or
    /// of a row if that is more.
    pub fn predict(&self, columns: &[&[f64]], scores: &mut [f64]) {
        self.predict_raw(columns, scores);
        // Counts of trees are far below 2⁵²: exact as floats.
        #[allow(clippy::cast_precision_loss)]
        let trees = self.trees.len().max(1) as f64;
        for score in scores {
            if self.averages {
                *score /= trees;
            }
            *score = self.output.of(*score);
        }
    }

    /// The sums of the trees alone, as `booster.predict` gives them with `raw_score=True`: neither averaged nor
    /// transformed. Otherwise as [`predict`](Self::predict).
    pub fn predict_raw(&self, columns: &[&[f64]], scores: &mut [f64]) {
        const BUFFER: usize = 8 * 1024;
        scores.fill(0.0);
        // One value at least, so that there are rows also without features.
        let width = self.features.len().max(1);
        let rows = (BUFFER / width).max(1).min(scores.len());
        // The rows of a part of the scores, so that what a row's walk looks at lies together.
        let mut buffer = vec![f64::NAN; rows.saturating_mul(width)];
        for (part, scores) in scores.chunks_mut(rows.max(1)).enumerate() {
            let first = part * rows;
            for (feature, column) in columns.iter().enumerate().take(self.features.len()) {
                let column = column.get(first..).unwrap_or_default();
                let values = column.iter().map(|value| flushed(*value));
                let values = values.chain(std::iter::repeat(f64::NAN));
                for (row, value) in buffer.chunks_exact_mut(width).zip(values) {
                    if let Some(slot) = row.get_mut(feature) {
                        *slot = value;
                    }
                }
            }
            for tree in &self.trees {
                // Row by row: to take several through a tree at once was slower, as the deepest holds up the others.
                for (score, row) in scores.iter_mut().zip(buffer.chunks_exact(width)) {
                    *score += tree.score(|feature| at(row, feature).unwrap_or(f64::NAN));
                }
            }
        }
    }

    /// What each feature adds to the raw score of a row, and, returned, what the score is without any: they add up to
    /// the [raw](Self::predict_raw) score within rounding. `into` is as long as there are features; what it is short of
    /// is in the returned rest.
    ///
    /// Each split on the row's way credits its feature with the change from what the split is worth to what the next
    /// node is worth, by the means that training saw (A. Saabas, "Interpreting random forests", 2014). It is cheap,
    /// O(*t* · *d*) as one score, and favours splits near the leaves; SHAP values would not, at several times the
    /// cost.
    pub fn contributions(&self, row: &[f64], into: &mut [f64]) -> f64 {
        into.fill(0.0);
        let value = |feature: u32| at(row, feature).map_or(f64::NAN, flushed);
        self.trees
            .iter()
            .map(|tree| tree.contribute(value, into))
            .sum()
    }
}

#[inline]
fn at(row: &[f64], feature: u32) -> Option<f64> {
    row.get(usize::try_from(feature).ok()?).copied()
}

fn flushed(value: f64) -> f64 {
    if value.abs() <= ZERO { 0.0 } else { value }
}
