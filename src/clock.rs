//! Time, as something that is handed in (contract 1.5).

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, Utc};

/// Tells the time. Everything that depends on "now" asks one of these: the instant of an
/// activity that names none, whether a mute has ended, when an edge was made.
///
/// ```
/// use anabranch::Clock;
/// use chrono::{DateTime, Utc};
///
/// #[derive(Debug)]
/// struct OfTheRequest(DateTime<Utc>);
///
/// impl Clock for OfTheRequest {
///     fn now(&self) -> DateTime<Utc> {
///         self.0
///     }
/// }
/// ```
pub trait Clock: Send + Sync + Debug + 'static {
    /// The present instant. Feeds count in milliseconds; what is finer is cut off.
    fn now(&self) -> DateTime<Utc>;

    /// The same by a clock that is never set, for feeds to take the time of what they do and learn what it
    /// costs. `None`, unless said: then nothing is learned, and the same calls have the same effects each time.
    fn instant(&self) -> Option<Instant> {
        None
    }
}

/// The clock of the operating system: the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn instant(&self) -> Option<Instant> {
        Some(Instant::now())
    }
}

/// A clock that stands still until it is set: for tests, replays and simulations. Clones
/// show the same time.
///
/// ```
/// use anabranch::{Clock, ManualClock};
///
/// let clock = ManualClock::at_millis(1_700_000_000_000);
/// clock.set_millis(1_700_000_060_000);
/// assert_eq!(clock.now().timestamp_millis(), 1_700_000_060_000);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `millis` Unix milliseconds.
    #[must_use]
    pub fn at_millis(millis: i64) -> Self {
        Self(Arc::new(AtomicI64::new(millis)))
    }

    /// Shows `millis` Unix milliseconds from now on.
    pub fn set_millis(&self, millis: i64) {
        self.0.store(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    /// What was set, or the nearest instant that can be told.
    fn now(&self) -> DateTime<Utc> {
        let millis = self.0.load(Ordering::SeqCst);
        DateTime::from_timestamp_millis(millis).unwrap_or(if millis < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }
}
