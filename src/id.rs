//! Ids: who acts, and what was done. Both are 16 bytes, so that a host's own keys
//! and other processes agree on them.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Result};

/// The last millisecond that fits into an id: 10889-08-02T05:31:50.655Z.
const LAST_MILLI: u64 = (1 << 48) - 1;
/// Low bits of an id that tell one [`Ids`] from another.
const NODE_BITS: u32 = 26;
/// How many ids one opening of a store makes before it meets those of the next.
const NUMBERS_AN_OPENING: u64 = 1 << 28;
/// Bits of an id that count the activities one [`Ids`] has named.
const SEQUENCE_BITS: u32 = 48;

/// Whoever acts or can be followed: a person, group, topic, document or application
/// (contract 1.1).
///
/// It is made from the key that the host already has, and needs no registration.
/// Ids of numbers order as the numbers do; [`Display`](fmt::Display) and
/// [`FromStr`] use the hyphenated form of a UUID.
///
/// ```
/// use anabranch::ActorId;
///
/// let from_a_row = ActorId::from(42);
/// let from_a_name = ActorId::named("anna@example.org");
/// assert_eq!(from_a_name, ActorId::named("anna@example.org"));
/// assert!(from_a_row < ActorId::from(43));
/// assert_eq!(from_a_name.to_string().parse::<ActorId>()?, from_a_name);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActorId(Uuid);

impl ActorId {
    /// The namespace of [`ActorId::named`]; fixed for ever, since hosts store what comes of it.
    const NAMES: Uuid = Uuid::from_u128(0x6f1b_9a52_3c0e_5d47_9a7e_2f5d_11c8_40b3);

    /// The id of a host's string: a name-based UUID (version 5, RFC 9562 section 5.5).
    /// The same string gives the same id, everywhere and for ever.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(Uuid::new_v5(&Self::NAMES, name.as_bytes()))
    }

    /// The UUID behind the id.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl From<Uuid> for ActorId {
    fn from(key: Uuid) -> Self {
        Self(key)
    }
}

impl From<u64> for ActorId {
    /// The id of a host's number: a UUID of version 8 that holds it, in its order.
    ///
    /// Number 42 of one table and number 42 of another are the same actor here. Where actors come
    /// from several tables, name them: [`ActorId::named`]`("group:42")`.
    fn from(key: u64) -> Self {
        const LOW_BITS: u32 = 52;
        const VERSION_8: u128 = 0x8 << 76;
        const VARIANT: u128 = 0b10 << 62;
        let high = u128::from(key >> LOW_BITS) << 64;
        let low = u128::from(key & ((1 << LOW_BITS) - 1));
        Self(Uuid::from_u128(VERSION_8 | VARIANT | high | low))
    }
}

impl FromStr for ActorId {
    type Err = Error;

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// `invalid` if the text is no UUID. A name is not an id: see [`ActorId::named`].
    fn from_str(text: &str) -> Result<Self> {
        parse(text, "actor").map(Self)
    }
}

/// What an activity is called, and its place in time (contract 1.3).
///
/// The layout is that of a UUID of version 7 (RFC 9562 section 5.7): 48 bits of Unix
/// milliseconds, then a sequence number of 48 bits, then 26 bits that tell apart the
/// processes that publish. Ids compare as bytes; the order of a feed is their descending order.
///
/// ```
/// use anabranch::{ActivityId, Ids};
///
/// let ids = Ids::new(1);
/// let (first, second) = (ids.make(1_700_000_000_000), ids.make(1_700_000_000_000));
/// assert!(first < second);
/// assert_eq!(first.published().to_rfc3339(), "2023-11-14T22:13:20+00:00");
/// assert_eq!(first.to_string().parse::<ActivityId>()?, first);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActivityId(Uuid);

impl ActivityId {
    /// Not above any id.
    pub const MIN: Self = Self(Uuid::nil());
    /// Not below any id.
    pub const MAX: Self = Self(Uuid::max());

    /// The lowest place at `instant`: everything published then or later is at or above it,
    /// everything older below. Instants that no id can have give [`MIN`](Self::MIN) or
    /// [`MAX`](Self::MAX).
    ///
    /// ```
    /// use anabranch::{ActivityId, Ids};
    ///
    /// let id = Ids::new(1).make(1_700_000_000_000);
    /// assert!(ActivityId::first_at(id.published()) <= id);
    /// ```
    #[must_use]
    pub fn first_at(instant: DateTime<Utc>) -> Self {
        match u64::try_from(instant.timestamp_millis()) {
            Err(_) => Self::MIN,
            Ok(millis) if millis > LAST_MILLI => Self::MAX,
            Ok(millis) => Self(Uuid::from_u128(u128::from(millis) << 80)),
        }
    }

    /// The instant at which the activity was published, to the millisecond.
    #[must_use]
    pub fn published(&self) -> DateTime<Utc> {
        // 48 bits of milliseconds are always an instant that chrono can hold.
        i64::try_from(self.millis())
            .ok()
            .and_then(DateTime::from_timestamp_millis)
            .unwrap_or_default()
    }

    /// The published instant in Unix milliseconds.
    #[must_use]
    pub const fn millis(&self) -> u64 {
        self.0.as_u64_pair().0 >> 16
    }

    /// During which opening of its store it was named, if [`Ids`] did so.
    #[cfg(feature = "disk")]
    pub(crate) const fn opening(&self) -> u64 {
        let (high, low) = self.0.as_u64_pair();
        let high = (high & 0xfff) << (SEQUENCE_BITS - 12);
        let low = (low >> NODE_BITS) & ((1 << (SEQUENCE_BITS - 12)) - 1);
        (high | low) / NUMBERS_AN_OPENING
    }

    /// The place right above this one; the highest has none.
    #[must_use]
    pub const fn successor(&self) -> Option<Self> {
        match self.0.as_u128().checked_add(1) {
            Some(next) => Some(Self(Uuid::from_u128(next))),
            None => None,
        }
    }

    /// The place right below this one; that of the lowest is itself.
    pub(crate) const fn predecessor(self) -> Self {
        Self(Uuid::from_u128(self.0.as_u128().saturating_sub(1)))
    }

    /// The UUID behind the id.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl From<Uuid> for ActivityId {
    /// Takes any UUID: one that names nothing is simply not found.
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<u128> for ActivityId {
    /// The id of these 128 bits, the highest first.
    fn from(bits: u128) -> Self {
        Self(Uuid::from_u128(bits))
    }
}

impl FromStr for ActivityId {
    type Err = Error;

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// `invalid` if the text is no UUID.
    fn from_str(text: &str) -> Result<Self> {
        parse(text, "activity").map(Self)
    }
}

fn parse(text: &str, of: &'static str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|source| {
        Error::new(
            ErrorKind::Invalid,
            "parse",
            format!("{text:?} is no {of} id: expected a UUID"),
        )
        .because(source)
    })
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActorId({})", self.0)
    }
}

impl fmt::Display for ActivityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ActivityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActivityId({})", self.0)
    }
}

/// Names activities, in the order of publishing within each millisecond (contract 1.3).
///
/// One counter serves every instant, so that back-dated activities of one millisecond
/// keep their order too. Making an id is one addition to an atomic counter, a few
/// nanoseconds; the counter comes round after 2⁴⁸ ids.
///
/// Processes that publish into one store need different nodes: [`Ids::random`] sees to
/// that, [`Ids::new`] makes runs that can be repeated to the byte (contract 1.5).
///
/// ```
/// use anabranch::Ids;
///
/// let (one, same) = (Ids::new(7), Ids::new(7));
/// assert_eq!(one.make(0), same.make(0));
/// ```
#[derive(Debug)]
pub struct Ids {
    made: AtomicU64,
    node: u64,
}

impl Ids {
    /// Ids of the given node, of which the low 26 bits count.
    #[must_use]
    pub fn new(node: u32) -> Self {
        Self {
            made: AtomicU64::new(0),
            node: u64::from(node) & ((1 << NODE_BITS) - 1),
        }
    }

    /// Ids of a node that the operating system's randomness picks.
    #[must_use]
    pub fn random() -> Self {
        let bits = RandomState::new().build_hasher().finish();
        Self {
            made: AtomicU64::new(0),
            node: bits & ((1 << NODE_BITS) - 1),
        }
    }

    /// Ids that come, within each millisecond, after those of earlier openings of a store that
    /// outlives the process, of which there were `openings`. Each opening has 2²⁸ numbers before it
    /// meets those of the next.
    ///
    /// ```
    /// use anabranch::Ids;
    ///
    /// let before = Ids::new(1).make(0);
    /// assert!(before < Ids::new(1).after_openings(1).make(0));
    /// ```
    #[must_use]
    pub fn after_openings(self, openings: u64) -> Self {
        let first = openings.wrapping_mul(NUMBERS_AN_OPENING);
        Self {
            made: AtomicU64::new(first),
            ..self
        }
    }

    /// The next id, at `millis` Unix milliseconds, of which the low 48 bits count.
    pub fn make(&self, millis: u64) -> ActivityId {
        self.id(millis, self.made.fetch_add(1, Ordering::SeqCst))
    }

    /// Ids as they go on after so many.
    #[cfg(test)]
    pub(crate) fn continued(node: u32, made: u64) -> Self {
        Self {
            made: AtomicU64::new(made),
            ..Self::new(node)
        }
    }

    /// How many have been made.
    pub(crate) fn made(&self) -> u64 {
        self.made.load(Ordering::SeqCst)
    }

    /// Not above any id that is made at `now` or later, as the one after `made` others or later.
    pub(crate) fn next_at(&self, now: DateTime<Utc>, made: u64) -> ActivityId {
        match u64::try_from(now.timestamp_millis()) {
            Ok(millis) if millis <= LAST_MILLI => self.id(millis, made),
            _ => ActivityId::first_at(now),
        }
    }

    fn id(&self, millis: u64, sequence: u64) -> ActivityId {
        const VERSION_7: u64 = 0x7 << 12;
        const VARIANT: u64 = 0b10 << 62;
        const LOW_BITS: u32 = SEQUENCE_BITS - 12;
        let high = (millis << 16) | VERSION_7 | ((sequence >> LOW_BITS) & 0xfff);
        let low = VARIANT | ((sequence & ((1 << LOW_BITS) - 1)) << NODE_BITS) | self.node;
        ActivityId(Uuid::from_u64_pair(high, low))
    }
}

/// The Unix milliseconds of an instant at which something may be published (contract 2.1).
///
/// # Errors
/// `invalid` outside 1970..=10889-08-02.
pub(crate) fn publishable(instant: DateTime<Utc>, operation: &'static str) -> Result<u64> {
    match u64::try_from(instant.timestamp_millis()) {
        Ok(millis) if millis <= LAST_MILLI => Ok(millis),
        _ => Err(Error::new(
            ErrorKind::Invalid,
            operation,
            format!(
                "the published instant {instant} is outside 1970..=10889-08-02; give one inside"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[cfg(feature = "disk")]
    #[test]
    fn an_id_tells_during_which_opening_it_was_named() {
        for opening in [0, 1, 7, 0xf_ffff] {
            let ids = Ids::new(u32::MAX).after_openings(opening);
            assert_eq!(ids.make(0).opening(), opening);
            assert_eq!(ids.make(1_700_000_000_000).opening(), opening);
        }
    }

    proptest! {
        /// contract 1.3: the instant first, then the order of making, whatever the instants were.
        #[test]
        fn ids_order_by_instant_then_by_making(instants in prop::collection::vec(0..4_u64, 2..60)) {
            let ids = Ids::new(3);
            let mut made: Vec<_> = instants.iter().enumerate().map(|(at, &ms)| (ids.make(ms), ms, at)).collect();
            made.sort_unstable();
            for pair in made.windows(2) {
                prop_assert!((pair[0].1, pair[0].2) < (pair[1].1, pair[1].2));
            }
        }

        #[test]
        fn ids_of_numbers_are_distinct_and_in_order(a: u64, b: u64) {
            prop_assert_eq!(a.cmp(&b), ActorId::from(a).cmp(&ActorId::from(b)));
            prop_assert_eq!(ActorId::from(a).as_uuid().get_version_num(), 8);
        }

        #[test]
        fn an_id_holds_its_instant(millis in 0..=LAST_MILLI, node: u32) {
            let id = Ids::new(node).make(millis);
            prop_assert_eq!(id.millis(), millis);
            prop_assert_eq!(id.as_uuid().get_version_num(), 7);
            prop_assert_eq!(id.as_uuid().get_variant(), uuid::Variant::RFC4122);
            prop_assert!(ActivityId::first_at(id.published()) <= id);
            prop_assert_eq!(id.to_string().parse::<ActivityId>().unwrap(), id);
        }
    }

    #[test]
    fn the_first_place_of_an_instant_no_id_can_have_is_an_end() {
        assert_eq!(
            ActivityId::first_at(DateTime::<Utc>::MIN_UTC),
            ActivityId::MIN
        );
        assert_eq!(
            ActivityId::first_at(DateTime::<Utc>::MAX_UTC),
            ActivityId::MAX
        );
    }

    /// contract 2.1
    #[test]
    fn what_may_be_published_ends_where_an_id_ends() {
        let at = |millis: i64| DateTime::from_timestamp_millis(millis).unwrap();
        assert!(publishable(at(0), "publish").is_ok());
        assert!(publishable(at((1 << 48) - 1), "publish").is_ok());
        assert!(publishable(at(-1), "publish").is_err());
        assert!(publishable(at(1 << 48), "publish").is_err());
    }

    /// The namespace is part of what hosts store.
    #[test]
    fn the_id_of_a_name_never_changes() {
        assert_eq!(ActorId::named("anna").as_uuid().get_version_num(), 5);
        assert_eq!(
            ActorId::named("anna").to_string(),
            "7bc4716d-672f-5d4c-b813-64c40d63b256"
        );
    }
}
