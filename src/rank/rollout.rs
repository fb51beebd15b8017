//! Who gets a ranking, while it is brought to all step by step.

use hmac_sha256::Hash;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::id::ActorId;

#[cfg(test)]
mod tests;

/// Which readers get a ranking. As a setting: `"off"`, `"observe"`, `{"share": 0.05}`,
/// `{"share_and_observe": 0.05}`, `"all"`.
///
/// ```
/// use anabranch::ActorId;
/// use anabranch::rank::{Rollout, Treatment};
///
/// let anna = ActorId::named("anna@example.org");
/// let rollout: Rollout = serde_json::from_str(r#"{"share": 0.05}"#)?;
/// assert_eq!(rollout, Rollout::share(0.05)?);
/// assert_eq!(rollout.decide(anna, "likes-2"), Treatment::Off);
/// assert_eq!(Rollout::All.decide(anna, "likes-2"), Treatment::Ranked);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rollout {
    /// Nobody, and nothing is ranked.
    #[default]
    Off,
    /// Nobody, but it is ranked for everybody, to be compared with what they see.
    Observe,
    /// A share of the readers; the others have nothing ranked.
    Share(Share),
    /// A share of the readers; for the others it is ranked to be compared. That costs as much as
    /// [`All`](Self::All).
    ShareAndObserve(Share),
    /// Everybody.
    All,
}

impl Rollout {
    /// A share of the readers.
    ///
    /// # Errors
    /// `invalid` outside 0..=1.
    pub fn share(share: f64) -> Result<Self> {
        share.try_into().map(Self::Share)
    }

    /// A share of the readers, with the others observed.
    ///
    /// # Errors
    /// `invalid` outside 0..=1.
    pub fn share_and_observe(share: f64) -> Result<Self> {
        share.try_into().map(Self::ShareAndObserve)
    }

    /// What a reader gets in the experiment of that name.
    ///
    /// The reader's place in the experiment is the first 53 bits of the SHA-256 of a fixed text, the reader's 16
    /// bytes and the name, as a fraction; it is in if that is below the share. So the answer is the same on every
    /// machine and for ever, whoever is in stays in as the share grows, and who is in one experiment says nothing
    /// about who is in another.
    #[must_use]
    pub fn decide(&self, reader: ActorId, experiment: &str) -> Treatment {
        match self {
            Self::Off => Treatment::Off,
            Self::Observe => Treatment::Observe,
            Self::Share(share) if share.has(reader, experiment) => Treatment::Ranked,
            Self::Share(_) => Treatment::Off,
            Self::ShareAndObserve(share) if share.has(reader, experiment) => Treatment::Ranked,
            Self::ShareAndObserve(_) => Treatment::Observe,
            Self::All => Treatment::Ranked,
        }
    }
}

/// A share of all readers: a number from 0 to 1.
///
/// ```
/// use anabranch::rank::Share;
///
/// assert_eq!(f64::from(Share::try_from(0.2)?), 0.2);
/// assert!(Share::try_from(f64::NAN).is_err());
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share(f64);

impl Share {
    fn has(self, reader: ActorId, experiment: &str) -> bool {
        place(reader, experiment) < self.0
    }
}

impl TryFrom<f64> for Share {
    type Error = Error;

    /// # Errors
    /// `invalid` outside 0..=1, and for what is no number.
    fn try_from(share: f64) -> Result<Self> {
        if (0.0..=1.0).contains(&share) {
            return Ok(Self(share));
        }
        let message = format!(
            "a share of {share} of the readers makes no sense; give one from 0 to 1, as 0.05 for 5 %"
        );
        Err(Error::new(ErrorKind::Invalid, "rollout", message))
    }
}

impl From<Share> for f64 {
    fn from(share: Share) -> Self {
        share.0
    }
}

/// What one reader gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// What there was before; nothing else is ranked.
    Off,
    /// What there was before; the new order is made too, to be compared.
    Observe,
    /// The new order.
    Ranked,
}

/// Where a reader stands in an experiment, from 0 to below 1. Fixed for ever, since it decides who sees what.
fn place(reader: ActorId, experiment: &str) -> f64 {
    const BITS: u32 = 53;
    let mut hash = Hash::new();
    hash.update(b"anabranch rollout\n");
    // It is always as long, so that no two pairs are hashed as the same bytes.
    hash.update(reader.as_uuid().as_bytes());
    hash.update(experiment);
    let hash = hash.finalize();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    let bits = u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> (u64::BITS - BITS);
    // As many bits as a float holds: exact, and so is the division by a power of two.
    #[allow(clippy::cast_precision_loss)]
    let place = bits as f64 / (1_u64 << BITS) as f64;
    place
}
