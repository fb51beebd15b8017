//! Where in a document something is.

use std::fmt;

use crate::error::{Error, ErrorKind};

/// A path from the root: `terms[0].value.ln.+[2]`. Only keys that are known are in it.
#[derive(Clone, Copy)]
pub(in crate::rank) struct Place<'a> {
    within: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    /// Whose errors they are.
    Root(&'static str),
    Field(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    pub(in crate::rank) const fn root(operation: &'static str) -> Self {
        Self {
            within: None,
            step: Step::Root(operation),
        }
    }

    pub(in crate::rank) const fn field(&'a self, name: &'a str) -> Self {
        Self {
            within: Some(self),
            step: Step::Field(name),
        }
    }

    pub(in crate::rank) const fn index(&'a self, index: usize) -> Self {
        Self {
            within: Some(self),
            step: Step::Index(index),
        }
    }

    /// That something is wrong here.
    pub(in crate::rank) fn error(&self, said: impl fmt::Display) -> Error {
        self.error_of(ErrorKind::Invalid, said)
    }

    pub(in crate::rank) fn error_of(&self, kind: ErrorKind, said: impl fmt::Display) -> Error {
        let message = match self.within {
            Some(_) => format!("{self}: {said}"),
            None => said.to_string(),
        };
        Error::new(kind, self.operation(), message)
    }

    fn operation(&self) -> &'static str {
        let mut place = self;
        while let Some(within) = place.within {
            place = within;
        }
        match place.step {
            Step::Root(operation) => operation,
            Step::Field(_) | Step::Index(_) => "ranking",
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(within) = self.within else {
            return Ok(());
        };
        within.fmt(f)?;
        match self.step {
            Step::Field(name) if within.within.is_some() => write!(f, ".{name}"),
            Step::Field(name) => f.write_str(name),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Root(_) => Ok(()),
        }
    }
}
