use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;

mod damage;
mod naive;

/// A model's text, and its rows with what LightGBM itself predicted of them (see `testdata/make.py`).
macro_rules! models {
    ($($name:literal)*) => {
        [$((
            $name,
            include_str!(concat!("testdata/", $name, ".txt")),
            include_str!(concat!("testdata/", $name, ".csv")),
        )),*]
    };
}

const MODELS: [(&str, &str, &str); 30] = models! {
    "v4/binary" "v4/categories" "v4/cross_entropy" "v4/cross_entropy_lambda" "v4/custom" "v4/dart" "v4/forest"
    "v4/forest_binary" "v4/huber" "v4/l1_sqrt" "v4/lambdarank" "v4/linear" "v4/linear_holes" "v4/missing_nan"
    "v4/missing_unused" "v4/missing_zero" "v4/poisson" "v4/quantile" "v4/rank_xendcg" "v4/regression"
    "v4/regression_sqrt" "v4/stumps" "v4/tweedie"
    "v3/binary" "v3/categories" "v3/cross_entropy_lambda" "v3/forest" "v3/linear_holes" "v3/missing_zero" "v3/stumps"
};

/// The rows of a table, the raw score and the prediction of each.
struct Table {
    rows: Vec<Vec<f64>>,
    raw: Vec<f64>,
    predicted: Vec<f64>,
}

impl Table {
    fn read(csv: &str) -> Self {
        let (mut rows, mut raw, mut predicted) = (Vec::new(), Vec::new(), Vec::new());
        for line in csv.lines() {
            let mut row: Vec<f64> = line.split(',').map(|word| word.parse().unwrap()).collect();
            predicted.push(row.pop().unwrap());
            raw.push(row.pop().unwrap());
            rows.push(row);
        }
        Self {
            rows,
            raw,
            predicted,
        }
    }
}

fn columns_of(rows: &[Vec<f64>], features: usize) -> Vec<Vec<f64>> {
    let column = |feature: usize| rows.iter().map(|row| row[feature]).collect();
    (0..features).map(column).collect()
}

fn scores_of(trees: &Trees, rows: &[Vec<f64>], by: fn(&Trees, &[&[f64]], &mut [f64])) -> Vec<f64> {
    let columns = columns_of(rows, trees.features().len());
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let mut scores = vec![f64::NAN; rows.len()];
    by(trees, &columns, &mut scores);
    scores
}

/// Bits, but that one NaN is as good as another.
fn is_same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn is_near(a: f64, b: f64, scale: f64) -> bool {
    is_same(a, b) || a == b || (a - b).abs() <= scale.max(1.0) * 1e-12
}

#[test]
fn scores_are_those_of_lightgbm() -> Result<()> {
    for (name, text, csv) in MODELS {
        let trees: Trees = text.parse()?;
        let table = Table::read(csv);
        assert_eq!(trees.features().len(), table.rows[0].len(), "{name}");
        let raw = scores_of(&trees, &table.rows, Trees::predict_raw);
        let predicted = scores_of(&trees, &table.rows, Trees::predict);
        for (at, row) in table.rows.iter().enumerate() {
            let (is, wanted) = (raw[at], table.raw[at]);
            assert!(
                is_same(is, wanted),
                "{name}, raw: {is} for {wanted} of {row:?}"
            );
            // `exp` and `log1p` are the platform's.
            let (is, wanted) = (predicted[at], table.predicted[at]);
            assert!(
                is_near(is, wanted, wanted.abs()),
                "{name}: {is} for {wanted} of {row:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn what_an_objective_asks_for_is_told() -> Result<()> {
    let output = |name: &str| -> Result<Output> {
        let (_, text, _) = MODELS.iter().find(|(is, ..)| *is == name).unwrap();
        Ok(text.parse::<Trees>()?.output())
    };
    assert_eq!(output("v4/binary")?, Output::Sigmoid(0.7));
    assert_eq!(output("v4/cross_entropy")?, Output::Sigmoid(1.0));
    assert_eq!(output("v4/cross_entropy_lambda")?, Output::Log1pExp);
    assert_eq!(output("v4/tweedie")?, Output::Exp);
    assert_eq!(output("v4/l1_sqrt")?, Output::SignedSquare);
    assert_eq!(output("v4/custom")?, Output::Identity);
    Ok(())
}

#[test]
fn contributions_add_up_to_the_raw_score() -> Result<()> {
    for (name, text, csv) in MODELS {
        let trees: Trees = text.parse()?;
        let table = Table::read(csv);
        let mut into = vec![f64::NAN; trees.features().len()];
        for (row, raw) in table.rows.iter().zip(table.raw) {
            let rest = trees.contributions(row, &mut into);
            let sum = rest + into.iter().sum::<f64>();
            let scale = into
                .iter()
                .fold(rest.abs(), |most, add| most.max(add.abs()));
            // Infinite values of a linear leaf add up to NaN where they have both signs.
            assert!(
                is_near(sum, raw, scale) || !scale.is_finite(),
                "{name}: {sum} for {raw} of {row:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn a_feature_gets_what_its_splits_change() -> Result<()> {
    let trees: Trees = naive::model(
        "a b c",
        "num_leaves=3\nsplit_feature=2 0\nthreshold=1 2\ndecision_type=2 2\nleft_child=1 -1\nright_child=-2 -3\n\
         leaf_value=10 20 40\ninternal_value=18 25",
    )
    .parse()?;
    let mut into = [f64::NAN; 3];
    assert_eq!(trees.contributions(&[3.0, 9.0, 0.0], &mut into), 18.0);
    assert_eq!(into, [15.0, 0.0, 7.0]);
    assert_eq!(trees.contributions(&[3.0, 9.0, 4.0], &mut into), 18.0);
    assert_eq!(into, [0.0, 0.0, 2.0]);
    // What there is no room for is not lost.
    assert_eq!(trees.contributions(&[3.0, 9.0, 0.0], &mut into[..1]), 25.0);
    assert_eq!(into[0], 15.0);
    Ok(())
}

#[test]
fn a_line_of_a_leaf_credits_its_features() -> Result<()> {
    let trees: Trees = naive::model(
        "a b",
        "num_leaves=1\nleaf_value=10\nis_linear=1\nleaf_const=4\nnum_features=2\nleaf_features=0 1 \nleaf_coeff=2 -1 ",
    )
    .parse()?;
    let mut into = [0.0; 2];
    assert_eq!(trees.contributions(&[5.0, 1.0], &mut into), 10.0);
    assert_eq!(into, [7.0, -4.0]);
    assert_eq!(trees.contributions(&[f64::NAN, 1.0], &mut into), 10.0);
    assert_eq!(into, [0.0, 0.0]);
    Ok(())
}

#[test]
fn what_columns_are_short_of_is_missing() -> Result<()> {
    let (_, text, csv) = MODELS[13];
    let trees: Trees = text.parse()?;
    let rows = Table::read(csv).rows;
    let columns = columns_of(&rows, trees.features().len());
    let mut short: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    short.truncate(3);
    short[1] = &short[1][..10];
    let mut scores = vec![0.0; rows.len()];
    trees.predict(&short, &mut scores);

    let holes = |(at, row): (usize, &Vec<f64>)| {
        let second = if at < 10 { row[1] } else { f64::NAN };
        vec![row[0], second, row[2], f64::NAN, f64::NAN]
    };
    let holes: Vec<Vec<f64>> = rows.iter().enumerate().map(holes).collect();
    assert_eq!(scores, scores_of(&trees, &holes, Trees::predict));
    assert_ne!(scores, scores_of(&trees, &rows, Trees::predict));

    // More columns than features, longer than there are scores.
    let mut long: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    long.push(&[1.0]);
    let mut few = [0.0; 3];
    trees.predict(&long, &mut few);
    assert_eq!(few[..], scores_of(&trees, &rows, Trees::predict)[..3]);
    Ok(())
}

#[test]
fn a_model_of_no_trees_gives_nothing() -> Result<()> {
    let text = "version=v3\nobjective=binary sigmoid:1\naverage_output\nfeature_names=\nmax_feature_idx=-1\n\
                end of trees\n";
    let trees: Trees = text.parse()?;
    assert!(trees.features().is_empty());
    assert_eq!(trees.trees(), 0);
    let mut scores = [9.0; 2];
    trees.predict(&[], &mut scores);
    assert_eq!(scores, [0.5; 2]);
    trees.predict(&[], &mut []);
    Ok(())
}

#[test]
fn line_ends_the_order_of_keys_and_unknown_keys_do_not_matter() -> Result<()> {
    let (_, text, csv) = MODELS[1];
    let rows = Table::read(csv).rows;
    let expected = scores_of(&text.parse()?, &rows, Trees::predict);
    let windows = text.replace('\n', "\r\n");
    let mut turned = String::new();
    for section in text.split_inclusive("\n\n") {
        let mut lines: Vec<&str> = section.lines().collect();
        let starts = lines.iter().position(|line| line.starts_with("Tree="));
        let first = starts.map(|at| lines.remove(at));
        lines.reverse();
        let lines = first.into_iter().chain(["news=1 2 x"]).chain(lines);
        lines.for_each(|line| turned.extend([line, "\n"]));
    }
    for other in [windows, turned] {
        assert_ne!(other, text);
        assert_eq!(scores_of(&other.parse()?, &rows, Trees::predict), expected);
    }
    Ok(())
}

#[test]
fn trees_go_from_thread_to_thread() {
    fn goes<T: Send + Sync>() {}
    goes::<Trees>();
}
