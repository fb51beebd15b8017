//! Free JSON of the host's: kept, and handed back unchanged.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};

/// How many arrays and objects may stand within one another: each store, and each line of an export, can
/// hold as many.
const DEEPEST: usize = 100;

/// Reads a field that is there as `Some`, also where it is `null`: free JSON is handed back
/// unchanged.
pub(crate) fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

/// Refuses what nests too deeply to be kept.
pub(crate) fn check(data: Option<&Value>, operation: &'static str) -> Result<()> {
    refuse_unless(data.is_none_or(|data| fits(data, DEEPEST)), operation)
}

/// Refuses properties that nest too deeply to be kept.
pub(crate) fn check_properties(of: &Map<String, Value>, operation: &'static str) -> Result<()> {
    refuse_unless(of.values().all(|value| fits(value, DEEPEST - 1)), operation)
}

fn refuse_unless(fits: bool, operation: &'static str) -> Result<()> {
    if fits {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Invalid,
        operation,
        format!("free JSON nests up to {DEEPEST} deep, and this is deeper; make it flatter"),
    ))
}

fn fits(value: &Value, deep: usize) -> bool {
    match (value, deep.checked_sub(1)) {
        (Value::Array(values), Some(deep)) => values.iter().all(|value| fits(value, deep)),
        (Value::Object(fields), Some(deep)) => fields.values().all(|value| fits(value, deep)),
        (Value::Array(_) | Value::Object(_), None) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(deep: usize) -> Value {
        (0..deep).fold(Value::Null, |inner, _| Value::Array(vec![inner]))
    }

    #[test]
    fn json_nests_so_deep_and_no_deeper() {
        assert!(check(Some(&nested(DEEPEST)), "publish").is_ok());
        let error = check(Some(&nested(DEEPEST + 1)), "publish").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        let properties = |deep| Map::from_iter([("a".to_owned(), nested(deep))]);
        assert!(check_properties(&properties(DEEPEST - 1), "publish").is_ok());
        assert!(check_properties(&properties(DEEPEST), "publish").is_err());
    }
}
