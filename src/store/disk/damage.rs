//! What is wrong with a file, and what errors come of it.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::head::FORMAT;
use crate::error::{Error, ErrorKind};

/// What is wrong with the bytes of a file.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Damage {
    #[error("this is no file of feeds; give the path of one, or of a file that does not exist yet")]
    NotOurs,
    #[error(
        "the file has format {0} and this version knows format {FORMAT}; open it with a newer version"
    )]
    Format(u32),
    #[error("{0}; restore the file from a backup")]
    Block(Arc<str>),
}

impl Damage {
    pub(super) fn new(what: impl Into<Arc<str>>) -> Self {
        Self::Block(what.into())
    }
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        Self::new(io::ErrorKind::InvalidData, damage)
    }
}

/// Why something was not done: an error before it is known of which operation. Many may have to be
/// told.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    kind: ErrorKind,
    message: Arc<str>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    /// Whether redb must be opened again before it can be used.
    is_lasting: bool,
}

pub(super) type Attempt<T> = Result<T, Fault>;

impl Fault {
    pub(super) fn new(kind: ErrorKind, message: impl Into<Arc<str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
            is_lasting: false,
        }
    }

    /// What is stored makes no sense.
    pub(super) fn corrupt(message: impl Into<Arc<str>>) -> Self {
        Self::new(ErrorKind::Corrupt, message)
    }

    /// A file that cannot even be opened.
    pub(super) fn of_file(path: &Path, error: io::Error) -> Self {
        let fault = Self::from(error);
        let message = format!("{}: {}", path.display(), fault.message);
        Self {
            message: message.into(),
            ..fault
        }
    }

    pub(super) fn low_count() -> Self {
        Self::corrupt("a count is too low; restore the file from a backup")
    }

    pub(super) fn short_key() -> Self {
        Self::corrupt("a key is too short; restore the file from a backup")
    }

    fn because(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    fn lasting(mut self) -> Self {
        self.is_lasting = true;
        self
    }

    pub(super) const fn is_lasting(&self) -> bool {
        self.is_lasting
    }

    pub(super) fn of(self, operation: &'static str) -> Error {
        let error = Error::new(self.kind, operation, &*self.message);
        match self.source {
            Some(source) => error.because(Source(source)),
            None => error,
        }
    }
}

#[derive(Debug)]
struct Source(Arc<dyn StdError + Send + Sync>);

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Source {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        let damage = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Damage>());
        let fault = match (damage, error.kind()) {
            (Some(Damage::Format(_)), _) => Self::new(ErrorKind::Unsupported, error.to_string()),
            (Some(_), _) => Self::corrupt(error.to_string()),
            (None, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => Self::new(
                ErrorKind::Unavailable,
                format!("the disk is full ({error}); free some space and try again"),
            ),
            (None, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
                Self::new(
                    ErrorKind::Unavailable,
                    format!("the file cannot be written ({error}); make it writable"),
                )
            }
            (None, _) => Self::new(
                ErrorKind::Unavailable,
                format!("the file cannot be read or written ({error}); see to it and try again"),
            ),
        };
        fault.because(error).lasting()
    }
}

impl From<redb::Error> for Fault {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(error) => error.into(),
            redb::Error::DatabaseAlreadyOpen => Self::new(
                ErrorKind::Unavailable,
                "the file is open already, here or in another process; close it there first",
            ),
            redb::Error::PreviousIo | redb::Error::DatabaseClosed => Self::new(
                ErrorKind::Unavailable,
                "the file failed a moment ago and is opened anew; try again",
            )
            .because(error)
            .lasting(),
            redb::Error::ValueTooLarge(_) => Self::new(
                ErrorKind::Invalid,
                "this is too large for the file; keep what is large elsewhere, and refer to it",
            ),
            error => Self::corrupt(format!("{error}; restore the file from a backup"))
                .because(error)
                .lasting(),
        }
    }
}

macro_rules! faults {
    ($($error:ty),+) => {$(
        impl From<$error> for Fault {
            fn from(error: $error) -> Self {
                redb::Error::from(error).into()
            }
        }
    )+};
}

faults!(
    redb::CommitError,
    redb::DatabaseError,
    redb::StorageError,
    redb::TableError,
    redb::TransactionError
);
