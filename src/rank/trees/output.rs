//! From what the trees add up to, to what the model was trained to tell.

use super::parse::{Section, damaged};
use crate::error::Result;

/// What becomes of the sum of a model's trees: the transform that its objective asks for.
///
/// All of them keep the order of the raw scores; a ranking needs none, and a threshold or a weighted sum with other
/// scores does.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Output {
    /// The sum itself: rankings, most regressions, and objectives of one's own.
    Identity,
    /// 1 / (1 + exp(-*k* · sum)), a probability: `binary` with its `sigmoid` *k*, and `cross_entropy` with 1.
    Sigmoid(f64),
    /// exp(sum): `poisson`, `gamma`, `tweedie`.
    Exp,
    /// The square, with the sum's sign: a regression that was trained with `reg_sqrt`.
    SignedSquare,
    /// ln(1 + exp(sum)): `cross_entropy_lambda`.
    Log1pExp,
}

impl Output {
    /// What a raw score comes to.
    ///
    /// ```
    /// use anabranch::rank::Output;
    ///
    /// assert_eq!(Output::Sigmoid(1.0).of(0.0), 0.5);
    /// assert_eq!(Output::SignedSquare.of(-3.0), -9.0);
    /// ```
    #[must_use]
    pub fn of(self, raw: f64) -> f64 {
        match self {
            Self::Identity => raw,
            Self::Sigmoid(k) => 1.0 / (1.0 + (-k * raw).exp()),
            Self::Exp => raw.exp(),
            Self::SignedSquare if raw < 0.0 => -raw * raw,
            Self::SignedSquare => raw * raw,
            Self::Log1pExp => raw.exp().ln_1p(),
        }
    }

    /// What the header's `objective` asks for; a model trained for an objective of one's own has none.
    pub(super) fn asked_for(header: &Section<'_>) -> Result<Self> {
        let mut words = header.get("objective").unwrap_or("none").split(' ');
        let name = words.next().unwrap_or_default();
        match name {
            "regression" | "regression_l1" | "fair" | "quantile" | "mape" => {
                Ok(if words.any(|word| word == "sqrt") {
                    Self::SignedSquare
                } else {
                    Self::Identity
                })
            }
            "huber" | "lambdarank" | "rank_xendcg" | "none" | "null" | "custom" | "na" => {
                Ok(Self::Identity)
            }
            "poisson" | "gamma" | "tweedie" => Ok(Self::Exp),
            "cross_entropy" | "xentropy" => Ok(Self::Sigmoid(1.0)),
            "cross_entropy_lambda" | "xentlambda" => Ok(Self::Log1pExp),
            "binary" => words
                .find_map(|word| word.strip_prefix("sigmoid:")?.parse().ok())
                .filter(|k: &f64| *k > 0.0 && k.is_finite())
                .map(Self::Sigmoid)
                .ok_or_else(|| damaged(None, "`objective=binary` has no `sigmoid` above 0")),
            "multiclass" | "multiclassova" => Err(super::parse::classes()),
            _ => Err(super::parse::unknown_objective(name)),
        }
    }
}
