//! What ranked cursors are signed with.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;

use hmac_sha256::{HMAC, Hash};

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
    /// randomness of the operating system, 128 bits of it. On a system without any, give a key of your own.
    #[must_use]
    pub fn random() -> Self {
        // Each table's hash has secrets of its own, which its values do not tell; hashed again, they are even.
        let mut drawn = Hash::new();
        for number in 0..8_u8 {
            drawn.update(RandomState::new().hash_one(number).to_be_bytes());
        }
        Self(drawn.finalize())
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; SIGN] {
        let mut sign = HMAC::new(self.0);
        sign.update(OF_CURSORS);
        sign.update(bytes);
        sign.finalize().first_chunk().copied().unwrap_or_default()
    }

    /// In a time that does not tell how much of the sign is right: what is compared are the signs of both signs, of which
    /// nobody without the key knows which bytes are alike.
    pub(super) fn has_signed(&self, bytes: &[u8], sign: &[u8; SIGN]) -> bool {
        HMAC::mac(self.sign(bytes), self.0) == HMAC::mac(sign, self.0)
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
