//! Random trees, walked as LightGBM's documentation has it, one row and one branch at a time.

use std::fmt::Write;

use super::*;

/// The text of a model of one or more trees.
pub(super) fn model(features: &str, tree: &str) -> String {
    format!(
        "tree\nversion=v4\nnum_class=1\nobjective=regression\nfeature_names={features}\n\nTree=0\n{tree}\n\nend of trees\n"
    )
}

#[derive(Clone, Debug)]
enum Naive {
    Leaf {
        value: f64,
        constant: f64,
        terms: Vec<(usize, f64)>,
    },
    Number {
        feature: usize,
        threshold: f64,
        missing: u8,
        goes_left: bool,
        sides: Box<[Naive; 2]>,
    },
    Category {
        feature: usize,
        set: Vec<u32>,
        sides: Box<[Naive; 2]>,
    },
}

const FEATURES: usize = 4;

impl Naive {
    fn score(&self, row: &[f64], is_linear: bool) -> f64 {
        // Predictions see tiny values as 0.
        let value = |feature: usize| {
            let value = row[feature];
            if (-ZERO..=ZERO).contains(&value) {
                0.0
            } else {
                value
            }
        };
        let side = |is_left: bool, sides: &[Self; 2]| {
            let side = if is_left { &sides[0] } else { &sides[1] };
            side.score(row, is_linear)
        };
        match self {
            Self::Leaf {
                value: leaf,
                constant,
                terms,
            } => {
                if !is_linear || terms.iter().any(|(feature, _)| value(*feature).is_nan()) {
                    return *leaf;
                }
                let mut score = *constant;
                for (feature, factor) in terms {
                    score += factor * value(*feature);
                }
                score
            }
            Self::Number {
                feature,
                threshold,
                missing,
                goes_left,
                sides,
            } => {
                let mut value = value(*feature);
                if value.is_nan() && *missing != 2 {
                    value = 0.0;
                }
                let is_missing =
                    (*missing == 1 && value == 0.0) || (*missing == 2 && value.is_nan());
                side(
                    if is_missing {
                        *goes_left
                    } else {
                        value <= *threshold
                    },
                    sides,
                )
            }
            Self::Category {
                feature,
                set,
                sides,
            } => {
                let value = value(*feature).trunc();
                side(set.iter().any(|one| f64::from(*one) == value), sides)
            }
        }
    }
}

/// The lists of a tree's text.
#[derive(Default)]
struct Lists {
    splits: usize,
    leaves: usize,
    lists: Vec<(&'static str, Vec<String>)>,
    sets: Vec<Vec<u32>>,
}

impl Lists {
    fn set(&mut self, key: &'static str, at: usize, value: impl ToString) {
        if !self.lists.iter().any(|(is, _)| *is == key) {
            self.lists.push((key, Vec::new()));
        }
        let (_, list) = self.lists.iter_mut().find(|(is, _)| *is == key).unwrap();
        list.resize(list.len().max(at + 1), String::new());
        list[at] = value.to_string();
    }

    /// Puts a node down, and tells what its parent calls it.
    fn put(&mut self, node: &Naive) -> i64 {
        let (feature, threshold, decision, sides) = match node {
            Naive::Leaf {
                value,
                constant,
                terms,
            } => {
                let leaf = self.leaves;
                self.leaves += 1;
                self.set("leaf_value", leaf, value);
                self.set("leaf_const", leaf, constant);
                self.set("num_features", leaf, terms.len());
                let joined = |words: Vec<String>| words.join(" ");
                let features = terms.iter().map(|(feature, _)| feature.to_string());
                self.set("leaf_features", leaf, joined(features.collect()));
                let factors = terms.iter().map(|(_, factor)| factor.to_string());
                self.set("leaf_coeff", leaf, joined(factors.collect()));
                return !i64::try_from(leaf).unwrap();
            }
            Naive::Number {
                feature,
                threshold,
                missing,
                goes_left,
                sides,
            } => (
                feature,
                *threshold,
                missing << 2 | u8::from(*goes_left) << 1,
                sides,
            ),
            Naive::Category {
                feature,
                set,
                sides,
            } => {
                self.sets.push(set.clone());
                let at = u32::try_from(self.sets.len() - 1).unwrap();
                (feature, f64::from(at), 9, sides)
            }
        };
        let split = self.splits;
        self.splits += 1;
        self.set("split_feature", split, feature);
        self.set("threshold", split, threshold);
        self.set("decision_type", split, decision);
        self.set("internal_value", split, 0.5);
        let left = self.put(&sides[0]);
        self.set("left_child", split, left);
        let right = self.put(&sides[1]);
        self.set("right_child", split, right);
        i64::try_from(split).unwrap()
    }

    fn text(&self, is_linear: bool) -> String {
        let mut text = format!(
            "num_leaves={}\nnum_cat={}\nis_linear={}",
            self.leaves,
            self.sets.len(),
            u8::from(is_linear)
        );
        for (key, list) in &self.lists {
            write!(text, "\n{key}={}", list.join(" ")).unwrap();
        }
        let (mut ends, mut words) = (vec!["0".to_owned()], Vec::new());
        for set in &self.sets {
            let mut bits = vec![0_u32; set.iter().max().map_or(0, |most| *most as usize / 32 + 1)];
            for one in set {
                bits[*one as usize / 32] |= 1 << (one % 32);
            }
            words.extend(bits.iter().map(u32::to_string));
            ends.push(words.len().to_string());
        }
        write!(text, "\ncat_boundaries={}", ends.join(" ")).unwrap();
        write!(text, "\ncat_threshold={}", words.join(" ")).unwrap();
        text
    }
}

/// Values at which things turn, and others.
fn values() -> impl Strategy<Value = f64> {
    const ODD: [f64; 16] = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        1e-36,
        -1e-36,
        ZERO,
        -ZERO,
        2.0 * ZERO,
        -1.0,
        -0.5,
        2_147_483_647.0,
        2_147_483_648.0,
        4_294_967_299.0,
        1e300,
    ];
    prop_oneof![
        2 => prop::sample::select(&ODD[..]),
        3 => (-4..70_i32).prop_map(f64::from),
        2 => -3.0..3.0,
    ]
}

fn trees() -> impl Strategy<Value = Naive> {
    let number = || values().prop_filter("thresholds are numbers", |value| !value.is_nan());
    let terms = prop::collection::vec((0..FEATURES, -3.0..3.0), 0..3);
    let leaf = (-9.0..9.0, -9.0..9.0, terms);
    let leaf = leaf.prop_map(|(value, constant, terms)| Naive::Leaf {
        value,
        constant,
        terms,
    });
    leaf.prop_recursive(6, 40, 2, move |node| {
        let sides = (node.clone(), node).prop_map(|(left, right)| Box::new([left, right]));
        let set = prop::collection::vec(0..70_u32, 0..9);
        prop_oneof![
            3 => (0..FEATURES, number(), 0..3_u8, any::<bool>(), sides.clone()).prop_map(
                |(feature, threshold, missing, goes_left, sides)| Naive::Number {
                    feature, threshold, missing, goes_left, sides,
                },
            ),
            1 => (0..FEATURES, set, sides)
                .prop_map(|(feature, set, sides)| Naive::Category { feature, set, sides }),
        ]
    })
}

fn rows() -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec(values(), FEATURES), 0..40)
}

proptest! {
    #[test]
    fn scores_are_those_of_a_walk_by_hand(tree in trees(), rows in rows(), is_linear: bool) {
        let mut lists = Lists::default();
        lists.put(&tree);
        let text = model("a b c d", &lists.text(is_linear));
        let trees: Trees = text.parse().map_err(|error| TestCaseError::fail(format!("{error} in {text}")))?;
        let scores = scores_of(&trees, &rows, Trees::predict_raw);
        for (row, score) in rows.iter().zip(scores) {
            let expected = 0.0 + tree.score(row, is_linear);
            prop_assert!(is_same(score, expected), "{score} for {expected} of {row:?} in {text}");
        }
    }

    /// However many rows there are, in groups and parts or not.
    #[test]
    fn a_row_scores_the_same_among_others(count in 0..40_usize, width in prop::sample::select(&[4_usize, 900, 9000][..])) {
        let names: Vec<String> = (0..width).map(|at| format!("f{at}")).collect();
        let tree = "num_leaves=2\nsplit_feature=3\nthreshold=7\ndecision_type=2\nleft_child=-1\nright_child=-2\n\
                    leaf_value=0 1\ninternal_value=0\nis_linear=1\nleaf_const=100 200\nnum_features=1 1\n\
                    leaf_features=3 2\nleaf_coeff=1 -1";
        let trees: Trees = model(&names.join(" "), tree).parse().unwrap();
        let values: Vec<f64> = (0..40_u32).map(f64::from).collect();
        let columns = vec![&values[..count]; width];
        let mut scores = vec![0.0; count];
        trees.predict(&columns, &mut scores);
        let expected = values[..count].iter().map(|x| if *x <= 7.0 { 100.0 + x } else { 200.0 - x });
        prop_assert_eq!(scores, expected.collect::<Vec<_>>());
    }
}
