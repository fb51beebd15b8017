//! Texts that are no models.

use super::*;

const TREE: &str = "num_leaves=4\nnum_cat=1\nsplit_feature=0 1 0\nthreshold=1 0 3\ndecision_type=2 1 2\n\
                    left_child=1 -1 -2\nright_child=2 -3 -4\nleaf_value=1 2 3 4\ninternal_value=1 2 3\n\
                    cat_boundaries=0 1\ncat_threshold=5\nis_linear=1\nleaf_const=1 2 3 4\nnum_features=0 1 2 0\n\
                    leaf_features=0  0 1\nleaf_coeff=1 2 3";

fn refused(text: &str) -> String {
    let error = text.parse::<Trees>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    error.to_string()
}

#[test]
fn what_is_wrong_is_told_with_the_tree_and_the_key() -> Result<()> {
    let whole = naive::model("a b", TREE);
    whole.parse::<Trees>()?;
    for (from, to, wrong) in [
        (
            "num_leaves=4",
            "num_leaves=5",
            "tree 0: `leaf_value` has 4 values for 5 leaves",
        ),
        ("num_leaves=4", "num_leaves=0", "tree 0: `num_leaves` is 0"),
        (
            "num_leaves=4",
            "num_leaves=-4",
            "tree 0: `num_leaves` has \"-4\", which cannot stand there",
        ),
        ("num_leaves=4\n", "", "tree 0: `num_leaves` is missing"),
        (
            "num_leaves=4",
            "num_leaves=4\nnum_leaves=4",
            "tree 0: `num_leaves` is there twice",
        ),
        (
            "threshold=1 0 3",
            "threshold=1 0",
            "tree 0: `threshold` has 2 values for 3 splits",
        ),
        (
            "threshold=1 0 3",
            "threshold=1 0 x",
            "tree 0: `threshold` has \"x\", which cannot stand there",
        ),
        (
            "threshold=1 0 3",
            "threshold=1 0 nan",
            "tree 0: value 2 of `threshold` is NaN",
        ),
        (
            "threshold=1 0 3",
            "threshold=1 1 3",
            "tree 0: value 1 of `threshold` names the set of categories 1, and there are 1",
        ),
        (
            "threshold=1 0 3",
            "threshold=1 -1 3",
            "tree 0: value 1 of `threshold` names the set",
        ),
        (
            "threshold=1 0 3",
            "threshold=1 0.5 3",
            "tree 0: value 1 of `threshold` names the set",
        ),
        (
            "num_cat=1\n",
            "",
            "tree 0: value 1 of `threshold` names the set of categories 0, and there are 0",
        ),
        (
            "leaf_value=1 2 3 4",
            "leaf_value=1 2 -nan 4",
            "tree 0: value 2 of `leaf_value` is NaN",
        ),
        (
            "split_feature=0 1 0",
            "split_feature=0 2 0",
            "tree 0: value 1 of `split_feature` is 2, and there are 2 features",
        ),
        (
            "split_feature=0 1 0",
            "split_feature=0 -1 0",
            "tree 0: `split_feature` has \"-1\"",
        ),
        (
            "decision_type=2 1 2",
            "decision_type=2 1 12",
            "tree 0: value 2 of `decision_type` is 12, which has no meaning",
        ),
        (
            "left_child=1 -1 -2",
            "left_child=3 -1 -2",
            "tree 0: value 0 of `left_child` is 3, and there are 3 splits",
        ),
        (
            "left_child=1 -1 -2",
            "left_child=1 -1 -5",
            "tree 0: value 2 of `left_child` is -5, and there are 3 splits",
        ),
        (
            "left_child=1 -1 -2",
            "left_child=1 -1 -2147483648",
            "tree 0: value 2 of `left_child` is -2147483648",
        ),
        (
            "left_child=1 -1 -2",
            "left_child=0 -1 -2",
            "lead to split 0 twice",
        ),
        (
            "left_child=1 -1 -2",
            "left_child=1 0 -2",
            "lead to split 0 twice",
        ),
        (
            "left_child=1 -1 -2",
            "left_child=1 -1 -1",
            "lead to leaf 0 twice",
        ),
        (
            "left_child=1 -1 -2",
            "left_child=-1 1 -2",
            "never lead to split 1",
        ),
        (
            "cat_boundaries=0 1",
            "cat_boundaries=1 1",
            "tree 0: `cat_boundaries` does not rise from 0",
        ),
        (
            "cat_boundaries=0 1",
            "cat_boundaries=0",
            "tree 0: `cat_boundaries` has 1 values for 2 ends",
        ),
        (
            "cat_threshold=5",
            "cat_threshold=5 5",
            "tree 0: `cat_threshold` has 2 values for 1 words",
        ),
        (
            "cat_boundaries=0 1",
            "cat_boundaries=0 9",
            "tree 0: `cat_threshold` has 1 values for 9 words",
        ),
        (
            "num_cat=1",
            "num_cat=18446744073709551615",
            "tree 0: `cat_boundaries` has 2 values",
        ),
        (
            "num_features=0 1 2 0",
            "num_features=0 1 3 0",
            "tree 0: `leaf_features` has 3 values for 4",
        ),
        (
            "num_features=0 1 2 0",
            "num_features=0 18446744073709551615 9 0",
            "tree 0: `leaf_features` has 3 values",
        ),
        (
            "leaf_features=0  0 1",
            "leaf_features=0  0 2",
            "tree 0: `leaf_features` has 2, and there are 2 features",
        ),
        (
            "leaf_coeff=1 2 3",
            "leaf_coeff=1 2 3 4",
            "tree 0: `leaf_coeff` has 4 values for 3",
        ),
        (
            "version=v4",
            "version=v1",
            "trees: the model's version is \"v1\", and v2, v3 and v4 can be read",
        ),
        (
            "version=v4",
            "vision=v4",
            "trees: there is no `version=`, so this is not LightGBM's text",
        ),
        (
            "num_class=1",
            "num_tree_per_iteration=3",
            "trees: the model gives a score for each of several classes",
        ),
        (
            "=regression",
            "=multiclass num_class:3",
            "trees: the model gives a score for each of several classes",
        ),
        (
            "=regression",
            "=binary",
            "trees: the header: `objective=binary` has no `sigmoid` above 0",
        ),
        (
            "=regression",
            "=binary sigmoid:-1",
            "trees: the header: `objective=binary` has no `sigmoid` above 0",
        ),
        (
            "=regression",
            "=cats",
            "trees: the objective \"cats\" is not known",
        ),
        (
            "num_class=1",
            "max_feature_idx=2",
            "trees: the header: `feature_names` has 2 names, and `max_feature_idx` is 2",
        ),
        (
            "feature_names=a b\n",
            "",
            "trees: the header: `feature_names` is missing",
        ),
        (
            "end of trees",
            "Tree=1\nnum_leaves=1\n\nend of trees",
            "tree 1: `leaf_value` is missing",
        ),
        (
            "end of trees",
            "end of",
            "trees: the text ends before `end of trees`: it is cut off",
        ),
    ] {
        assert!(whole.contains(from), "{from}");
        let error = refused(&whole.replacen(from, to, 1));
        assert!(error.contains(wrong), "{from} as {to}: {error}");
    }
    Ok(())
}

#[test]
fn splits_in_a_circle_are_refused() {
    // Splits 1 and 2 lead to each other, and the root to neither.
    let text = TREE.replace("left_child=1 -1 -2", "left_child=-1 2 1");
    let text = text.replace("right_child=2 -3 -4", "right_child=-2 -3 -4");
    let error = refused(&naive::model("a b", &text));
    assert!(error.contains("never lead to split 1"), "{error}");
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "",
        "\n",
        "{\"learner\": {}}",
        "Tree=0\n",
        "end of trees",
        "version=v4\n",
        "=\n=\n",
    ] {
        refused(text);
    }
}

#[test]
fn an_error_quotes_the_beginning_of_a_long_word() {
    let long = format!("threshold=1 0 {}", "é".repeat(9_000));
    let error = refused(&naive::model("a b", TREE).replace("threshold=1 0 3", &long));
    assert!(error.contains("é\"…") && error.len() < 300, "{error}");
}

#[test]
fn a_model_that_is_cut_off_is_refused_wherever_that_is() {
    let (_, text, _) = MODELS[1];
    let end = text.find("end of trees").unwrap() + "end of trees".len();
    for cut in 0..end {
        refused(&text[..cut]);
    }
    assert!(text[..end].parse::<Trees>().is_ok());
}

/// Bytes that do most harm in such a text.
fn bytes() -> impl Strategy<Value = char> {
    prop_oneof![
        prop::sample::select(&b"0123456789-+.e= \n\r:n"[..]).prop_map(char::from),
        (0_u8..128).prop_map(char::from),
    ]
}

proptest! {
    /// It is refused or it scores, and neither panics nor goes on for ever.
    #[test]
    fn changed_bytes_do_no_harm(
        model in 0..MODELS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), bytes()), 1..4),
        in_trees: bool,
    ) {
        let (_, text, csv) = MODELS[model];
        let from = if in_trees { text.find("Tree=").unwrap() } else { 0 };
        let mut text: Vec<char> = text.chars().collect();
        for (at, byte) in changes {
            let at = from + at.index(text.len() - from);
            text[at] = byte;
        }
        let text: String = text.into_iter().collect();
        match text.parse::<Trees>() {
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Invalid),
            Ok(trees) => {
                let rows = Table::read(csv).rows;
                let columns = columns_of(&rows, rows[0].len());
                let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
                let mut scores = vec![0.0; rows.len()];
                trees.predict(&columns, &mut scores);
                trees.contributions(&rows[0], &mut scores);
            }
        }
    }
}
