//! What ranked cursors are signed with.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::SIGN;

/// Put before what is signed, so that a sign made for something else with the same key is none of a cursor.
const OF_CURSORS: &[u8] = b"anabranch ranked cursor\n";

/// The secret that [ranked cursors](super::RankedCursor) are signed with: clients hold them, and cannot alter them
/// without it.
///
/// Processes that serve the same clients share one key, and whoever gives none gets a [random](Self::random) one,
/// with which sessions end with the process. A key that changes ends all sessions: their readers begin again, and
/// nothing is lost but their place.
///
/// Signs are HMAC-SHA256 (RFC 2104), the first 16 bytes of it.
///
/// ```
/// use anabranch::rank::SigningKey;
///
/// let key = SigningKey::from([7; 32]);
/// assert_eq!(format!("{key:?}"), "SigningKey(..)");
/// ```
pub struct SigningKey([u8; 32]);

impl SigningKey {
    /// A key that nobody knows, from where the standard library draws the secrets of its hash tables: the
    /// randomness of the operating system, 128 bits of it.
    #[must_use]
    pub fn random() -> Self {
        // Each table's hash has secrets of its own, which its values do not tell; hashed again, they are even.
        let drawn = (0..8_u8).fold(Sha256::new(), |drawn, number| {
            drawn.chain_update(RandomState::new().hash_one(number).to_be_bytes())
        });
        Self(drawn.finalize().into())
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; SIGN] {
        let whole: [u8; 32] = self.begin(bytes).finalize().into_bytes().into();
        whole.first_chunk().copied().unwrap_or_default()
    }

    /// In a time that does not tell how much of the sign is right.
    pub(super) fn has_signed(&self, bytes: &[u8], sign: &[u8; SIGN]) -> bool {
        self.begin(bytes).verify_truncated_left(sign).is_ok()
    }

    fn begin(&self, bytes: &[u8]) -> Hmac<Sha256> {
        // A key shorter than a block of the hash is filled up with zeros: RFC 2104 section 2.
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(self.0) {
            *to = from;
        }
        Hmac::<Sha256>::new(&block.into())
            .chain_update(OF_CURSORS)
            .chain_update(bytes)
    }
}

impl From<[u8; 32]> for SigningKey {
    /// The key of these bytes, which should be as random as those of any other secret.
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for SigningKey {
    /// Not the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}
