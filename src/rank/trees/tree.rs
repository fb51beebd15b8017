//! One tree: where a row leads, and what it gets there.

use super::linear::Linear;
use super::parse::Section;
use crate::error::Result;

/// A split that a row is led by; or a leaf, which leads to itself. 32 bytes, so that two share a cache line.
#[derive(Clone, Copy, Debug)]
struct Node {
    threshold: f64,
    /// Where the row goes if not, and if, its value is at most the threshold, or one of the categories.
    next: [u32; 2],
    feature: u32,
    /// Which categories go left, in `Tree::sets`; only where `by` says so.
    set: u32,
    by: By,
}

/// How a split decides.
#[derive(Clone, Copy, Debug)]
enum By {
    /// By the threshold. What NaN, and 0, is to be turned round: comparisons with NaN are false.
    Number { nan: bool, zero: bool },
    /// By a set of categories.
    Category,
}

/// Splits come first and leaves after them, at the indices that LightGBM gives them.
///
/// Every node but the root has one parent: a walk visits no split twice, so it ends.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Box<[Node]>,
    /// What each node is worth: the mean that training saw there, and for leaves what they add.
    values: Box<[f64]>,
    /// How many nodes are splits.
    splits: usize,
    /// Where in `bits` each set of categories begins, and where the last ends.
    sets: Box<[usize]>,
    bits: Box<[u32]>,
    linear: Option<Linear>,
}

impl Tree {
    /// What a row of values adds up from this tree. `value` tells the row's values by the feature's index.
    #[inline]
    pub(super) fn score(&self, value: impl Fn(u32) -> f64 + Copy) -> f64 {
        let mut at = 0;
        while let Some(next) = self.step(at, value) {
            at = next;
        }
        self.worth(at, value)
    }

    /// Adds to `into` what each feature adds to the row's score, and returns the rest (Saabas): the split's feature
    /// gets the change of worth from node to node, and the rest is what the root is worth.
    pub(super) fn contribute(&self, value: impl Fn(u32) -> f64 + Copy, into: &mut [f64]) -> f64 {
        let mut add = |feature: u32, amount: f64| {
            let slot = usize::try_from(feature)
                .ok()
                .and_then(|at| into.get_mut(at));
            match slot {
                Some(slot) => {
                    *slot += amount;
                    0.0
                }
                None => amount,
            }
        };
        let mut at = 0;
        let mut rest = self.value(0);
        while let Some(next) = self.step(at, value) {
            if let Some(node) = self.node(at) {
                rest += add(node.feature, self.value(next) - self.value(at));
            }
            at = next;
        }
        match &self.linear {
            None => rest,
            Some(linear) => rest + linear.contribute(self.leaf(at), self.value(at), value, add),
        }
    }

    fn node(&self, at: u32) -> Option<&Node> {
        self.nodes.get(usize::try_from(at).ok()?)
    }

    fn value(&self, at: u32) -> f64 {
        let at = usize::try_from(at).ok();
        at.and_then(|at| self.values.get(at))
            .copied()
            .unwrap_or_default()
    }

    fn leaf(&self, at: u32) -> usize {
        usize::try_from(at)
            .unwrap_or_default()
            .saturating_sub(self.splits)
    }

    #[inline]
    fn worth(&self, at: u32, value: impl Fn(u32) -> f64) -> f64 {
        match &self.linear {
            None => self.value(at),
            Some(linear) => linear.score(self.leaf(at), self.value(at), value),
        }
    }

    fn step(&self, at: u32, value: impl Fn(u32) -> f64) -> Option<u32> {
        let next = self.next(at, value);
        (next != at).then_some(next)
    }

    #[inline]
    fn next(&self, at: u32, value: impl Fn(u32) -> f64) -> u32 {
        let Some(node) = self.node(at) else {
            return at;
        };
        let value = value(node.feature);
        let goes_left = match node.by {
            By::Number { nan, zero } => {
                (value <= node.threshold) ^ (nan & value.is_nan()) ^ (zero & (value == 0.0))
            }
            By::Category => self.has(node.set, value),
        };
        let [right, left] = node.next;
        if goes_left { left } else { right }
    }

    /// Whether a value, without its fraction, is one of a set of categories; what is no category never is.
    fn has(&self, set: u32, value: f64) -> bool {
        // As C casts to `int`: towards 0, so that -0.5 is category 0.
        if !(value > -1.0 && value < 2_147_483_648.0) {
            return false;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let category = value as u32;
        let sets = usize::try_from(set)
            .ok()
            .and_then(|set| self.sets.get(set..));
        let Some([from, to, ..]) = sets else {
            return false;
        };
        let word = usize::try_from(category / 32).ok();
        let bits = self.bits.get(*from..*to).unwrap_or_default();
        word.and_then(|word| bits.get(word))
            .is_some_and(|bits| bits >> (category % 32) & 1 == 1)
    }

    /// Reads a tree over so many features.
    pub(super) fn read(section: &Section<'_>, features: usize) -> Result<Self> {
        let leaves: usize = section.number("num_leaves")?;
        let Some(splits) = leaves.checked_sub(1) else {
            return Err(section.damaged("`num_leaves` is 0"));
        };
        let leaf_values = section.reals("leaf_value", leaves, "leaves")?;
        let linear = match section.get("is_linear") {
            None | Some("0") => None,
            Some(_) => Some(Linear::read(section, leaves, features)?),
        };
        let mut tree = Self {
            nodes: Box::default(),
            values: Box::default(),
            splits,
            sets: Box::default(),
            bits: Box::default(),
            linear,
        };
        let mut nodes = Vec::new();
        let mut values = Vec::new();
        if splits > 0 {
            let (sets, bits) = categories(section)?;
            nodes = read_splits(section, splits, features, sets.len().saturating_sub(1))?;
            (tree.sets, tree.bits) = (sets.into_boxed_slice(), bits.into_boxed_slice());
            values = section.numbers("internal_value", splits, "splits")?;
            // They only explain, so that one without sense spoils no score.
            values
                .iter_mut()
                .filter(|value: &&mut f64| !value.is_finite())
                .for_each(|value| *value = 0.0);
        }
        for leaf in splits..splits.saturating_add(leaves) {
            let itself = index(section, leaf)?;
            nodes.push(Node {
                threshold: 0.0,
                next: [itself; 2],
                feature: 0,
                set: 0,
                by: By::Number {
                    nan: false,
                    zero: false,
                },
            });
        }
        values.extend(leaf_values);
        tree.nodes = nodes.into_boxed_slice();
        tree.values = values.into_boxed_slice();
        tree.check_that_walks_end(section)?;
        Ok(tree)
    }

    /// Refuses what is no tree: nodes with two parents, in a circle, or out of reach.
    fn check_that_walks_end(&self, section: &Section<'_>) -> Result<()> {
        let mut is_reached = vec![false; self.nodes.len()];
        let mut ahead = vec![0_u32];
        while let Some(at) = ahead.pop() {
            let slot = usize::try_from(at)
                .ok()
                .and_then(|at| is_reached.get_mut(at));
            match slot {
                Some(slot) if !*slot => *slot = true,
                _ => {
                    let node = self.name(at);
                    return Err(section.damaged(format_args!(
                        "`left_child` and `right_child` lead to {node} twice"
                    )));
                }
            }
            if let Some(Node { next, .. }) = self.node(at)
                && *next != [at; 2]
            {
                ahead.extend(next);
            }
        }
        let Some(lost) = is_reached.iter().position(|is_reached| !is_reached) else {
            return Ok(());
        };
        let node = self.name(index(section, lost)?);
        Err(section.damaged(format_args!(
            "`left_child` and `right_child` never lead to {node}"
        )))
    }

    fn name(&self, at: u32) -> String {
        match usize::try_from(at) {
            Ok(at) if at >= self.splits => format!("leaf {}", at - self.splits),
            _ => format!("split {at}"),
        }
    }
}

fn index(section: &Section<'_>, at: usize) -> Result<u32> {
    u32::try_from(at).map_err(|_| section.damaged("`num_leaves` is too large"))
}

/// Where each set of categories begins, and the bits of all of them.
fn categories(section: &Section<'_>) -> Result<(Vec<usize>, Vec<u32>)> {
    let count: usize = match section.get("num_cat") {
        None => 0,
        Some(_) => section.number("num_cat")?,
    };
    if count == 0 {
        return Ok((Vec::new(), Vec::new()));
    }
    let sets: Vec<usize> = section.numbers(
        "cat_boundaries",
        count.saturating_add(1),
        "ends of the `num_cat` sets",
    )?;
    if sets.first() != Some(&0) || !sets.is_sorted() {
        return Err(section.damaged("`cat_boundaries` does not rise from 0"));
    }
    let words = sets.last().copied().unwrap_or_default();
    let bits = section.numbers("cat_threshold", words, "words of `cat_boundaries`")?;
    Ok((sets, bits))
}

fn read_splits(
    section: &Section<'_>,
    splits: usize,
    features: usize,
    sets: usize,
) -> Result<Vec<Node>> {
    let features_of: Vec<u32> = section.numbers("split_feature", splits, "splits")?;
    let thresholds = section.reals("threshold", splits, "splits")?;
    let decisions: Vec<u8> = section.numbers("decision_type", splits, "splits")?;
    let left: Vec<i32> = section.numbers("left_child", splits, "splits")?;
    let right: Vec<i32> = section.numbers("right_child", splits, "splits")?;
    let child = |key: &str, at: usize, child: i32| {
        let (is_leaf, number) = if child < 0 {
            (true, usize::try_from(!child))
        } else {
            (false, usize::try_from(child))
        };
        let number = number.ok().filter(|number| {
            // There is one leaf more than there are splits.
            *number < splits || (is_leaf && *number == splits)
        });
        let Some(number) = number else {
            return Err(section.damaged(format_args!(
                "value {at} of `{key}` is {child}, and there are {splits} splits"
            )));
        };
        index(section, if is_leaf { splits + number } else { number })
    };
    let rows = features_of.into_iter().zip(thresholds).zip(decisions);
    let rows = rows.zip(left.into_iter().zip(right)).enumerate();
    rows.map(|(at, (((feature, threshold), decision), (left, right)))| {
        if usize::try_from(feature).is_ok_and(|feature| feature >= features) {
            return Err(section.damaged(format_args!(
                "value {at} of `split_feature` is {feature}, and there are {features} features"
            )));
        }
        let next = [
            child("right_child", at, right)?,
            child("left_child", at, left)?,
        ];
        let (by, set) = if decision & 1 == 1 {
            (By::Category, read_set(section, at, threshold, sets)?)
        } else {
            let by = by_number(decision, threshold).ok_or_else(|| {
                section.damaged(format_args!(
                    "value {at} of `decision_type` is {decision}, which has no meaning"
                ))
            })?;
            (by, 0)
        };
        Ok(Node {
            threshold,
            next,
            feature,
            set,
            by,
        })
    })
    .collect()
}

/// The set of a split by category stands where others have their threshold.
fn read_set(section: &Section<'_>, at: usize, threshold: f64, sets: usize) -> Result<u32> {
    let is_one = threshold >= 0.0 && threshold.fract() == 0.0 && threshold <= f64::from(u32::MAX);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let set = threshold as u32;
    if is_one && usize::try_from(set).is_ok_and(|set| set < sets) {
        return Ok(set);
    }
    Err(section.damaged(format_args!(
        "value {at} of `threshold` names the set of categories {threshold}, and there are {sets}"
    )))
}

/// What LightGBM's bits ask for: bit 1 where what is missing goes, bits 2 and 3 what counts as missing: nothing, in
/// which case NaN is taken for 0; 0 and NaN; or NaN.
fn by_number(decision: u8, threshold: f64) -> Option<By> {
    let missing_goes_left = decision & 2 == 2;
    let zero_goes_left = 0.0 <= threshold;
    match decision >> 2 {
        0 => Some(By::Number {
            nan: zero_goes_left,
            zero: false,
        }),
        1 => Some(By::Number {
            nan: missing_goes_left,
            zero: missing_goes_left != zero_goes_left,
        }),
        2 => Some(By::Number {
            nan: missing_goes_left,
            zero: false,
        }),
        _ => None,
    }
}
