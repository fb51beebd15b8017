//! Where a reader stopped in a ranked home, as text that can be handed to a client (contract 8.2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BESIDE, MOST_CANDIDATES, refused, text};
use crate::error::{Error, Result};

/// The longest text.
const LONGEST: usize = text::length(BESIDE + 16 * MOST_CANDIDATES);

/// What a ranked read has not shown yet, and everything it needs to go on.
///
/// To a host it is opaque text, of characters that need no escape in a URL. It is signed with the host's
/// [`SigningKey`](super::SigningKey) and kept nowhere but with the client, so that a session costs no memory here
/// and outlives restarts, if the key does. It is not secret: the ids of what is still to be shown can be read from
/// it. It grants nothing either, since every page judges anew what the reader may see.
///
/// It has some hundred characters, and some 8 for each item that is left, or of all where the read is explained: 4,200 for 500. The longest, of 10,000 ids
/// that have nothing in common, has 213,418. Many servers take no URL of more than 8,000: send it in a body, or
/// rank windows of a few hundred.
///
/// ```
/// use anabranch::ErrorKind;
/// use anabranch::rank::RankedCursor;
///
/// let damaged = "no cursor".parse::<RankedCursor>().unwrap_err();
/// assert_eq!(damaged.kind(), ErrorKind::Cursor);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RankedCursor(Box<str>);

impl RankedCursor {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(text::encode(bytes).into_boxed_str())
    }

    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        text::decode(&self.0)
    }

    fn check(text: &str) -> Result<()> {
        if text.len() > LONGEST {
            return Err(refused(&format!(
                "text of {} bytes is no ranked cursor, which has at most {LONGEST}",
                text.len()
            )));
        }
        let is_one = |character| text::digit(character).is_some();
        if text.is_empty() || !text.bytes().all(is_one) {
            return Err(refused("the text is no ranked cursor"));
        }
        Ok(())
    }
}

impl fmt::Display for RankedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RankedCursor {
    /// How long it is, and not all of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RankedCursor({} characters)", self.0.len())
    }
}

impl FromStr for RankedCursor {
    type Err = Error;

    /// Takes text that could be a cursor. Whether it is one, and whose, shows when it is used.
    ///
    /// # Errors
    /// `cursor` if a character is none of base64url (RFC 4648 section 5), or there are more than a cursor has.
    fn from_str(text: &str) -> Result<Self> {
        Self::check(text)?;
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for RankedCursor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::check(&text)?;
        Ok(Self(text.into_boxed_str()))
    }
}

impl From<RankedCursor> for String {
    fn from(cursor: RankedCursor) -> Self {
        cursor.0.into_string()
    }
}
