//! What is wrong with a file, and what errors come of it.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::head::FORMAT;
use crate::error::{Error, ErrorKind};

/// What is wrong with the bytes of a file.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Damage {
    #[error(
        "this is no file of feeds, or its beginning is damaged; give the path of one, or of a file that does not exist yet, or restore it from a backup"
    )]
    NotOurs,
    #[error(
        "the file has format {0} and this version knows format {FORMAT}; open it with a newer version"
    )]
    Newer(u32),
    #[error(
        "the file has format {0} and this version knows format {FORMAT}; export it with the version that wrote it, and import that here"
    )]
    Older(u32),
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

/// An error of this store, made of those of redb and the system. Its source, if it has one of those, says
/// that redb must be opened again before it can be used.
#[derive(Clone, Debug)]
pub(super) struct Fault(Error);

pub(super) type Attempt<T> = Result<T, Fault>;

impl Fault {
    /// What it happened to is added by whoever knows it.
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Error::new(kind, "open", message))
    }

    /// A file that cannot even be opened.
    pub(super) fn of_file(path: &Path, error: io::Error) -> Self {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let missing = folder.filter(|folder| !folder.exists());
        if let (io::ErrorKind::NotFound, Some(folder)) = (error.kind(), missing) {
            let message = format!("there is no folder {}; make it first", folder.display());
            return Self::new(ErrorKind::Unavailable, message)
                .because(error)
                .in_file(path);
        }
        Self::from(error).in_file(path)
    }

    /// The same, with the path that whoever reads it has to look at.
    pub(super) fn in_file(self, path: &Path) -> Self {
        let Self(error) = self;
        let message = format!("{}: {}", path.display(), error.message());
        Self(error.saying(message))
    }

    fn because(self, source: impl StdError + Send + Sync + 'static) -> Self {
        Self(self.0.because(source))
    }

    /// Whether somebody else has the file.
    pub(super) fn is_open_already(&self) -> bool {
        let source = self.0.source();
        let error = source.and_then(|source| source.downcast_ref());
        matches!(error, Some(redb::Error::DatabaseAlreadyOpen))
    }

    pub(super) fn is_lasting(&self) -> bool {
        let source = self.0.source();
        source.is_some_and(|source| source.is::<io::Error>() || source.is::<redb::Error>())
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        fault.0
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        let damage = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Damage>());
        let fault = match (damage, error.kind()) {
            (Some(Damage::Newer(_) | Damage::Older(_)), _) => {
                Self::new(ErrorKind::Unsupported, error.to_string())
            }
            (Some(_), _) => Self::new(ErrorKind::Corrupt, error.to_string()),
            (None, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => Self::new(
                ErrorKind::Unavailable,
                format!("the disk is full ({error}); free some space and try again"),
            ),
            (None, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
                Self::new(
                    ErrorKind::Unavailable,
                    format!(
                        "this cannot be read and written ({error}); make it readable and writable"
                    ),
                )
            }
            (None, _) => Self::new(
                ErrorKind::Unavailable,
                format!("the file cannot be read or written ({error}); see to it and try again"),
            ),
        };
        fault.because(error)
    }
}

impl From<redb::Error> for Fault {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(error) => error.into(),
            redb::Error::DatabaseAlreadyOpen => Self::new(
                ErrorKind::Unavailable,
                "the file is open already, here or in another process; close it there first",
            )
            .because(error),
            redb::Error::PreviousIo | redb::Error::DatabaseClosed => Self::new(
                ErrorKind::Unavailable,
                "the file failed a moment ago and is opened anew; try again",
            )
            .because(error),
            redb::Error::ValueTooLarge(_) => Self::new(
                ErrorKind::Invalid,
                "this is too large for the file; keep what is large elsewhere, and refer to it",
            ),
            error => Self::new(
                ErrorKind::Corrupt,
                format!("{error}; restore the file from a backup"),
            )
            .because(error),
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
