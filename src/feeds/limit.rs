//! How much may be asked for at once.

use crate::error::{Error, ErrorKind, Result};

/// The most items of a page (contract 5.4).
pub(super) const MOST_ITEMS: usize = 1_000;

/// Refuses what is not 1 to `most`: "a page holds 1 to 1000 items, not 0".
pub(super) fn check_limit(
    operation: &'static str,
    holder: &str,
    held: &str,
    limit: usize,
    most: usize,
) -> Result<()> {
    match (1..=most).contains(&limit) {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Invalid,
            operation,
            format!("{holder} holds 1 to {most} {held}, not {limit}"),
        )),
    }
}
