//! A model as a term of a ranking.

use std::fmt;
use std::sync::Arc;

use super::Trees;
use crate::error::{Error, ErrorKind, Result};
use crate::rank::{Candidates, Context, Feature, Scorer};

/// Scores candidates by a model: a [`Scorer`] made by [`Trees::scorer`].
///
/// Each feature of the model is read from the column of the same name, or from what was [told](Self::input). One
/// prediction is made of all candidates at once; O(*n* · *f*) values are set aside for it.
#[derive(Clone)]
pub struct TreesScorer {
    trees: Arc<Trees>,
    inputs: Vec<Arc<dyn Scorer>>,
}

impl Trees {
    /// The model as a term of a ranking. A feature of the model that is called as one of the [features](Feature) here
    /// is that one; any other is the host's (`host:NAME`).
    ///
    /// ```
    /// use anabranch::rank::{Feature, Ranking, Trees};
    ///
    /// # let text = "version=v4\nobjective=lambdarank\nfeature_names=age likes\n\nTree=0\nnum_leaves=2\nsplit_feature=1\n\
    /// #     threshold=9.5\ndecision_type=2\nleft_child=-1\nright_child=-2\nleaf_value=-0.25 0.75\ninternal_value=0\n\
    /// #     \nend of trees\n";
    /// let trees: Trees = text.parse()?;
    /// let likes: Feature = "reactions:like".parse()?;
    /// let ranking = Ranking::new("learnt").term("clicks", 1.0, trees.scorer().input("likes", likes.clone())?);
    /// assert_eq!(ranking.features(), [Feature::Age, likes]);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    #[must_use]
    pub fn scorer(self) -> TreesScorer {
        let inputs = self.features.iter().map(|name| {
            let feature = name.parse().unwrap_or_else(|_| Feature::Host(name.clone()));
            Arc::new(feature) as Arc<dyn Scorer>
        });
        TreesScorer {
            inputs: inputs.collect(),
            trees: Arc::new(self),
        }
    }
}

impl TreesScorer {
    /// The same, with what the scorer gives as the value of this feature of the model: a [`Feature`] of another name, a
    /// [`Formula`](crate::rank::Formula) of several.
    ///
    /// # Errors
    /// `invalid` if the model has no such feature.
    pub fn input(mut self, name: &str, scorer: impl Scorer + 'static) -> Result<Self> {
        let named = self.trees.features.iter().zip(&mut self.inputs);
        let mut inputs = named.filter(|(of, _)| &***of == name);
        match inputs.next() {
            Some((_, input)) => *input = Arc::new(scorer),
            None => {
                let said = format!(
                    "the model has no feature {name:?}; it has {}",
                    self.trees.features.join(", ")
                );
                return Err(Error::new(ErrorKind::Invalid, "trees", said));
            }
        }
        drop(inputs);
        Ok(self)
    }

    /// The model.
    #[must_use]
    pub fn trees(&self) -> &Trees {
        &self.trees
    }
}

impl Scorer for TreesScorer {
    fn score(&self, candidates: &Candidates, context: &Context, scores: &mut [f64]) {
        let columns = self.inputs.iter().map(|input| {
            let mut column = vec![f64::NAN; scores.len()];
            input.score(candidates, context, &mut column);
            column
        });
        let columns: Vec<Vec<f64>> = columns.collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        self.trees.predict(&columns, scores);
    }

    fn features(&self) -> Vec<Feature> {
        let inputs = self.inputs.iter();
        inputs.flat_map(|input| input.features()).collect()
    }
}

impl fmt::Debug for TreesScorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TreesScorer").field(&self.trees).finish()
    }
}
