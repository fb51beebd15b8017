//! The fields of one line, by name and type. A field that is `null` is as if it were left out.

use anabranch::rank::RankedCursor;
use anabranch::{Cursor, Error, ErrorKind};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

pub struct Fields(pub Map<String, Value>);

/// Why a line could not be done.
#[derive(Debug)]
pub struct Failure {
    pub kind: ErrorKind,
    pub message: String,
}

impl Failure {
    pub fn invalid(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Invalid,
            message: message.into(),
        }
    }

    pub fn lacking(field: &str) -> Self {
        Self::invalid(format!("the field {field:?} is missing"))
    }

    pub fn mistyped(field: &str, expected: &str) -> Self {
        Self::invalid(format!("the field {field:?} is not {expected}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            kind: error.kind(),
            message: error.to_string(),
        }
    }
}

impl Fields {
    pub fn any(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    pub fn text(&self, field: &str) -> Result<&str, Failure> {
        self.optional_text(field)?
            .ok_or_else(|| Failure::lacking(field))
    }

    pub fn optional_text(&self, field: &str) -> Result<Option<&str>, Failure> {
        self.typed(field, "text", Value::as_str)
    }

    pub fn texts(&self, field: &str) -> Result<Option<Vec<&str>>, Failure> {
        self.typed(field, "a list of texts", |value| {
            value.as_array()?.iter().map(Value::as_str).collect()
        })
    }

    pub fn flag(&self, field: &str) -> Result<Option<bool>, Failure> {
        self.typed(field, "true or false", Value::as_bool)
    }

    /// An instant in Unix milliseconds.
    pub fn instant(&self, field: &str) -> Result<Option<DateTime<Utc>>, Failure> {
        self.typed(field, "an instant in Unix milliseconds", |value| {
            DateTime::from_timestamp_millis(value.as_i64()?)
        })
    }

    /// How many items a page holds; whether that makes sense is for the feeds to say.
    pub fn limit(&self, default: usize) -> Result<usize, Failure> {
        let limit = self.number("limit", "a whole number from 1 to 1,000")?;
        Ok(limit.unwrap_or(default))
    }

    /// How many of the newest items are ranked; as above.
    pub fn window(&self, default: usize) -> Result<usize, Failure> {
        let window = self.number("window", "a whole number from 1 to 10,000")?;
        Ok(window.unwrap_or(default))
    }

    fn number(&self, field: &str, expected: &str) -> Result<Option<usize>, Failure> {
        self.typed(field, expected, |value| {
            usize::try_from(value.as_u64()?).ok()
        })
    }

    pub fn ranked_cursor(&self, field: &str) -> Result<Option<RankedCursor>, Failure> {
        match self.optional_text(field)? {
            Some(text) => Ok(Some(text.parse()?)),
            None => Ok(None),
        }
    }

    pub fn cursor(&self, field: &str) -> Result<Option<Cursor>, Failure> {
        match self.optional_text(field)? {
            Some(text) => Ok(Some(text.parse()?)),
            None => Ok(None),
        }
    }

    fn typed<'a, V>(
        &'a self,
        field: &str,
        expected: &str,
        read: impl Fn(&'a Value) -> Option<V>,
    ) -> Result<Option<V>, Failure> {
        match self.any(field) {
            None => Ok(None),
            Some(value) => match read(value) {
                Some(value) => Ok(Some(value)),
                None => Err(Failure::mistyped(field, expected)),
            },
        }
    }
}
