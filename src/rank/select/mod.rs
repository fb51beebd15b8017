//! Ready selectors: which of the scored are shown, and in which order.
//!
//! | selector | what it does | time |
//! |---|---|---|
//! | [`Top`] | leaves the first so many | O(1) |
//! | [`AuthorDecay`] | each further item of an actor counts less | O(*n* log *n*) |
//! | [`Cap`] | few of a kind among so many places in a row | O(*n* log *n*) |
//! | [`Mmr`] | next is what is good and unlike what stands above it | O(*m*²) for the first *m* |
//! | [`Mix`] | sources take turns by their shares | O(*n* *s*) for *s* sources |
//! | [`Explore`] | some places are filled by lot, with known chances | O(*n*) |
//!
//! None but [`Top`] drops anything: what the others do is an order of the same candidates. All are pure; lots come
//! from [`Context::seed`](super::Context::seed) alone. Where a rule does not decide between two candidates, the one that
//! stood further up stays further up: a ranking hands them over in an order whose ties end at the id (contract 8.4), and
//! so do theirs.
//!
//! The order of selectors matters. [`AuthorDecay`] orders by scores and forgets what was arranged before; [`Cap`] keeps its
//! promise only where nothing is arranged after it. `AuthorDecay`, `Mmr`, `Mix`, `Explore`, `Cap`, `Top` is an order
//! in which each has its say.

mod author_decay;
mod cap;
mod explore;
mod lots;
mod mix;
mod mmr;
mod similar;
#[cfg(test)]
pub(super) mod tests;
mod top;

pub use author_decay::AuthorDecay;
pub use cap::{By, Cap};
pub use explore::{Explore, Pick};
pub use mix::{Mix, Source};
pub use mmr::Mmr;
pub use similar::by_default;
pub use top::{Top, best};

use crate::error::{Error, ErrorKind, Result};

/// A part of a whole, or what is wrong with it.
fn share(operation: &'static str, name: &str, value: f64) -> Result<f64> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    let said = format!("{name} is {value}; give a number from 0 to 1");
    Err(Error::new(ErrorKind::Invalid, operation, said))
}

/// How many, as a number to reckon with.
#[expect(
    clippy::cast_precision_loss,
    reason = "nobody ranks 2^52 candidates at once"
)]
const fn float(count: usize) -> f64 {
    count as f64
}
