//! Order by worth: what of a home is shown first, and how a ranking is brought to readers (contract 8).

mod displacement;
mod rollout;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the reads that begin sessions come after them")
)]
mod session;

pub use displacement::Displacement;
pub use rollout::{Rollout, Share, Treatment};
pub use session::{RankedCursor, SigningKey};
