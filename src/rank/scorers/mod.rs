//! Ready scorers: what formulas reckon often, by name and with its features known.
//!
//! | scorer | what it gives |
//! |---|---|
//! | [`Chronological`] | the instant of publishing |
//! | [`Decay`] | a feature that counts less the larger it is |
//! | [`Hot`], [`HotScaled`] | what is talked about and new, by the clock or by the stream's own time |
//! | [`Wilson`] | how good votes say that it is, as far as few can tell |
//! | [`Logistic`] | a probability, of weights that were learnt elsewhere |
//! | [`Weighted`] | other scorers, weighted and added |
//!
//! Where a feature that a scorer needs is not known (NaN), so is the score, and the candidate comes after all that have
//! one. Each takes O(*n*) for *n* candidates and allocates nothing for any of them.

mod chronological;
mod decay;
mod hot;
mod logistic;
#[cfg(test)]
mod tests;
mod weighted;
mod wilson;

pub use chronological::Chronological;
pub use decay::{Curve, Decay};
pub use hot::{Hot, HotScaled};
pub use logistic::Logistic;
pub use weighted::Weighted;
pub use wilson::Wilson;

use super::{Candidates, Context, Feature, Scorer};
use crate::error::{Error, ErrorKind, Result};

/// Scores of one feature.
fn map(candidates: &Candidates, of: &Feature, scores: &mut [f64], score: impl Fn(f64) -> f64) {
    map_two(candidates, [of, of], scores, |value, _| score(value));
}

/// Scores of two features.
fn map_two(
    candidates: &Candidates,
    [one, other]: [&Feature; 2],
    scores: &mut [f64],
    score: impl Fn(f64, f64) -> f64,
) {
    let columns = candidates.column(one).zip(candidates.column(other));
    let Some((ones, others)) = columns else {
        scores.fill(f64::NAN);
        return;
    };
    for (to, (one, other)) in scores.iter_mut().zip(ones.iter().zip(others)) {
        *to = if one.is_nan() || other.is_nan() {
            f64::NAN
        } else {
            score(*one, *other)
        };
    }
}

/// A number above 0, or what is wrong with it.
fn above_zero(operation: &'static str, name: &str, value: f64) -> Result<f64> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    let said = format!("{name} is {value}; give a finite number above 0");
    Err(Error::new(ErrorKind::Invalid, operation, said))
}

/// A number that is not below 0, or what is wrong with it.
fn not_below_zero(operation: &'static str, name: &str, value: f64) -> Result<f64> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    let said = format!("{name} is {value}; give a finite number of at least 0");
    Err(Error::new(ErrorKind::Invalid, operation, said))
}
