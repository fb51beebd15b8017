//! The instant at which an edge was made, in five bytes.

use chrono::{DateTime, Utc};

/// Milliseconds from the beginning of an [`Era`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Made([u8; 5]);

/// The 34.8 years that five bytes can tell.
///
/// They begin 17.4 years before the first instant that the graph meets, so that no date is built
/// in after which it would cost more. Four bytes would tell 49 days, and the follows of one actor
/// span years.
#[derive(Clone, Copy, Debug)]
pub(super) struct Era {
    begin: i64,
}

impl Era {
    const MILLIS: u64 = 1 << 40;

    pub(super) fn around(instant: DateTime<Utc>) -> Self {
        let half = Self::MILLIS.cast_signed() / 2;
        Self {
            begin: instant.timestamp_millis().saturating_sub(half),
        }
    }

    /// The instant in short; `None` where it is of another era, or not whole milliseconds.
    pub(super) fn shorten(self, instant: DateTime<Utc>) -> Option<Made> {
        let millis = instant.timestamp_millis();
        let since = u64::try_from(millis.checked_sub(self.begin)?).ok()?;
        let is_exact = since < Self::MILLIS && self.instant_at(millis) == Some(instant);
        let [a, b, c, d, e, ..] = since.to_le_bytes();
        is_exact.then_some(Made([a, b, c, d, e]))
    }

    pub(super) fn millis(self, made: Made) -> i64 {
        let [a, b, c, d, e] = made.0;
        let low = u32::from_le_bytes([a, b, c, d]);
        self.begin + (i64::from(e) << 32 | i64::from(low))
    }

    pub(super) fn instant(self, made: Made) -> Option<DateTime<Utc>> {
        self.instant_at(self.millis(made))
    }

    fn instant_at(self, millis: i64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_of_an_era_come_back_and_no_others_are_taken() {
        let millis = |millis| DateTime::from_timestamp_millis(millis).unwrap();
        let first = millis(1_700_000_000_000);
        let era = Era::around(first);
        let end = era.begin + (1 << 40);
        for taken in [era.begin, first.timestamp_millis(), end - 1] {
            let made = era.shorten(millis(taken)).unwrap();
            assert_eq!(era.millis(made), taken);
            assert_eq!(era.instant(made), Some(millis(taken)));
        }
        let between = first + chrono::TimeDelta::microseconds(1);
        let extremes = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];
        for other in [millis(era.begin - 1), millis(end), between]
            .into_iter()
            .chain(extremes)
        {
            assert_eq!(era.shorten(other), None, "{other}");
        }
        for extreme in extremes {
            assert_eq!(Era::around(extreme).shorten(first), None);
        }
    }
}
