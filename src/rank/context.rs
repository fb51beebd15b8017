//! What a ranking is told besides the candidates.

use chrono::{DateTime, Utc};

use crate::id::ActorId;

/// For whom, when, and by which lot.
///
/// ```
/// use anabranch::ActorId;
/// use anabranch::rank::Context;
///
/// let context = Context::new(ActorId::named("anna"), "2024-05-01T08:00:00Z".parse()?).seed(7);
/// assert_eq!(context.seed, 7);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Context {
    /// Who reads.
    pub reader: ActorId,
    /// The clock of the read.
    pub now: DateTime<Utc>,
    /// What selectors that draw lots draw them from: the same seed, the same lots.
    pub seed: u64,
}

impl Context {
    /// Of this reader at this instant, with seed 0.
    #[must_use]
    pub const fn new(reader: ActorId, now: DateTime<Utc>) -> Self {
        Self {
            reader,
            now,
            seed: 0,
        }
    }

    /// The same with another seed.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}
