//! Where a reader stopped, as text that can be handed to a client (contract 5.5).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};

/// The last place that a page has shown.
///
/// To a host it is opaque text: it survives restarts and moves of the store, and grants
/// nothing, since every read judges anew what the viewer may see. Text that was damaged on
/// the way is the error `cursor`.
///
/// ```
/// use anabranch::{Cursor, ErrorKind};
///
/// let damaged = "0101".parse::<Cursor>().unwrap_err();
/// assert_eq!(damaged.kind(), ErrorKind::Cursor);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor(Place);

/// What a cursor names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// A place in a feed.
    Activity(ActivityId),
    /// A place in a list of edges: the instant at which one was made, and its other end.
    Edge {
        /// Unix milliseconds.
        made: i64,
        /// The other end.
        other: ActorId,
    },
}

/// The first byte, so that a later layout is told apart.
const LAYOUT: u8 = 1;
const ACTIVITY: u8 = 1;
const EDGE: u8 = 2;
/// How many bytes of a name-based UUID of the rest stand at the end, against damage.
const CHECK: usize = 6;
/// The longest layout: head, edge, check.
const LONGEST: usize = 2 + 24 + CHECK;

impl Cursor {
    /// The place in a feed that it names.
    pub(crate) fn activity(self, operation: &'static str) -> Result<ActivityId> {
        match self.0 {
            Place::Activity(id) => Ok(id),
            Place::Edge { .. } => Err(mismatch(operation, "a list of actors")),
        }
    }

    /// The place in a list of edges that it names.
    pub(crate) fn edge(self, operation: &'static str) -> Result<(i64, ActorId)> {
        match self.0 {
            Place::Edge { made, other } => Ok((made, other)),
            Place::Activity(_) => Err(mismatch(operation, "a feed")),
        }
    }

    fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(LONGEST);
        bytes.push(LAYOUT);
        match self.0 {
            Place::Activity(id) => {
                bytes.push(ACTIVITY);
                bytes.extend_from_slice(id.as_uuid().as_bytes());
            }
            Place::Edge { made, other } => {
                bytes.push(EDGE);
                bytes.extend_from_slice(&made.to_be_bytes());
                bytes.extend_from_slice(other.as_uuid().as_bytes());
            }
        }
        let check = check(&bytes);
        bytes.extend_from_slice(&check);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rest, end) = bytes.split_last_chunk::<CHECK>()?;
        if *end != check(rest) {
            return None;
        }
        let place = match rest {
            [LAYOUT, ACTIVITY, id @ ..] => {
                Place::Activity(Uuid::from_bytes(id.try_into().ok()?).into())
            }
            [LAYOUT, EDGE, edge @ ..] => {
                let (made, other) = edge.split_first_chunk()?;
                Place::Edge {
                    made: i64::from_be_bytes(*made),
                    other: Uuid::from_bytes(other.try_into().ok()?).into(),
                }
            }
            _ => return None,
        };
        Some(Self(place))
    }
}

impl From<ActivityId> for Cursor {
    fn from(id: ActivityId) -> Self {
        Self(Place::Activity(id))
    }
}

impl From<Place> for Cursor {
    fn from(place: Place) -> Self {
        Self(place)
    }
}

fn check(bytes: &[u8]) -> [u8; CHECK] {
    const CURSORS: Uuid = Uuid::from_u128(0x2c64_77e9_80f1_5f0a_b3a5_61c4_7d1e_95d6);
    let [a, b, c, d, e, f, ..] = Uuid::new_v5(&CURSORS, bytes).into_bytes();
    [a, b, c, d, e, f]
}

fn mismatch(operation: &'static str, of: &str) -> Error {
    Error::new(
        ErrorKind::Cursor,
        operation,
        format!("this cursor is of {of}; give one of a page of this list, or none"),
    )
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cursor({self})")
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// Reads what [`Display`](fmt::Display) writes, and nothing else.
    ///
    /// # Errors
    /// `cursor` if the text is damaged or was never a cursor.
    fn from_str(text: &str) -> Result<Self> {
        unhex(text.as_bytes())
            .and_then(|bytes| Self::from_bytes(&bytes))
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Cursor,
                    "cursor",
                    "the cursor is damaged; begin again without one",
                )
            })
    }
}

/// The bytes that lower-case hexadecimal text stands for.
fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    fn digit(character: u8) -> Option<u8> {
        match character {
            b'0'..=b'9' => Some(character - b'0'),
            b'a'..=b'f' => Some(character - b'a' + 10),
            _ => None,
        }
    }
    // What is too long is refused before anything is set aside for it.
    if text.len() > 2 * LONGEST {
        return None;
    }
    let (pairs, rest) = text.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect()
}

impl TryFrom<String> for Cursor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = Place> {
        prop_oneof![
            any::<u128>().prop_map(|id| Place::Activity(Uuid::from_u128(id).into())),
            (any::<i64>(), any::<u128>()).prop_map(|(made, other)| Place::Edge {
                made,
                other: Uuid::from_u128(other).into(),
            }),
        ]
    }

    proptest! {
        #[test]
        fn a_cursor_survives_its_text(place in places()) {
            let cursor = Cursor::from(place);
            prop_assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
            let json = serde_json::to_string(&cursor).unwrap();
            prop_assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
        }

        /// contract 5.5
        #[test]
        fn a_damaged_cursor_is_an_error(place in places(), at in any::<prop::sample::Index>(), with in 1..=255_u8) {
            let mut text = Cursor::from(place).to_string().into_bytes();
            let at = at.index(text.len());
            text[at] ^= with;
            let text = String::from_utf8_lossy(&text);
            prop_assert_eq!(text.parse::<Cursor>().unwrap_err().kind(), ErrorKind::Cursor);
        }

        /// contract 5.5
        #[test]
        fn a_truncated_cursor_is_an_error(place in places(), at in any::<prop::sample::Index>()) {
            let text = Cursor::from(place).to_string();
            let text = &text[..at.index(text.len())];
            prop_assert_eq!(text.parse::<Cursor>().unwrap_err().kind(), ErrorKind::Cursor);
        }

        #[test]
        fn garbage_is_an_error(text: String) {
            prop_assert_eq!(text.parse::<Cursor>().unwrap_err().kind(), ErrorKind::Cursor);
        }
    }
}
