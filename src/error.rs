//! What can go wrong, by kind (contract 10.1).

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation did not happen: a kind to branch on, the operation, and a message that
/// says what was wrong and what to do.
///
/// Absence is not an error where it is an ordinary answer (`Option`), nor is "nothing
/// changed" (`bool`).
///
/// ```
/// use anabranch::{ActorId, ErrorKind, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// let anna = ActorId::named("anna");
/// let error = wait(feeds.follow(anna, anna)).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Invalid);
/// assert!(!error.is_retryable());
/// assert_eq!(error.to_string(), "follow: an actor cannot follow itself");
/// ```
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    operation: &'static str,
    message: Box<str>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl Error {
    /// An error of `kind` in `operation`; the message says what was wrong and what to do.
    /// Hosts need this only to write a store or timelines of their own.
    ///
    /// ```
    /// use anabranch::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Unavailable, "put", "the disk is full; free some space");
    /// assert!(error.is_retryable());
    /// ```
    #[must_use]
    pub fn new(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            operation,
            message: message.into().into_boxed_str(),
            source: None,
        }
    }

    /// The same error, with what brought it about.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// The same error, in the operation that it turned out to be part of.
    #[cfg(feature = "key-value")]
    pub(crate) fn during(mut self, operation: &'static str) -> Self {
        self.operation = operation;
        self
    }

    /// The same error, in other words.
    #[cfg(feature = "disk")]
    pub(crate) fn saying(mut self, message: String) -> Self {
        self.message = message.into();
        self
    }

    /// What kind of error it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The operation that did not happen, by the name of its method.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    /// What was wrong and what to do, without the operation's name.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the same call may succeed later: for `unavailable` only. Publishing again is
    /// safe where the activity has a key (contract 2.2).
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self.kind, ErrorKind::Unavailable)
    }
}

/// Writes kind, operation and message, as an answer to a client has them; what brought it about
/// stays inside.
///
/// ```
/// use anabranch::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Gone, "publish", "use another key");
/// let json = serde_json::json!({"kind": "gone", "operation": "publish", "message": "use another key"});
/// assert_eq!(serde_json::to_value(error)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Error", 3)?;
        fields.serialize_field("kind", &self.kind)?;
        fields.serialize_field("operation", self.operation)?;
        fields.serialize_field("message", &self.message)?;
        fields.end()
    }
}

/// The kinds of error (contract 10.1). `serde` and [`Display`](fmt::Display) use the
/// contract's words.
///
/// ```
/// assert_eq!(anabranch::ErrorKind::NotFound.to_string(), "not_found");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call makes no sense, whatever the state: a limit of 0, following oneself.
    Invalid,
    /// What was named does not exist, or is not for this actor to see (contract 4.5).
    NotFound,
    /// The actor may not do this.
    Forbidden,
    /// A block stands between the two actors.
    Blocked,
    /// It was here and is deleted: the key of a deleted activity.
    Gone,
    /// The cursor is damaged, of another kind of list, or expired.
    Cursor,
    /// Something else happened at the same time, and the two do not go together.
    Conflict,
    /// This store, or this version, cannot do that.
    Unsupported,
    /// What is stored does not make sense.
    Corrupt,
    /// The store cannot be reached or written now; the call can be repeated.
    Unavailable,
}

impl ErrorKind {
    /// The contract's word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Blocked => "blocked",
            Self::Gone => "gone",
            Self::Cursor => "cursor",
            Self::Conflict => "conflict",
            Self::Unsupported => "unsupported",
            Self::Corrupt => "corrupt",
            Self::Unavailable => "unavailable",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
