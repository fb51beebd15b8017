//! What can be known of a candidate, by name.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::verb::Verb;

/// Something that is known of an activity, or of the reader and whoever did it, as a number.
///
/// | name | what it is |
/// |---|---|
/// | `age` | seconds since it was published; 0 for what is dated ahead |
/// | `reactions`, `reactions:like` | how many reactions it has, of all kinds or of one |
/// | `reactions@6h`, `reactions:like@6h` | the same, each counting half after six hours, a quarter after twelve |
/// | `replies`, `replies@6h` | how many replies, of those that the reader may see |
/// | `affinity@30d`, `affinity` | how often the reader has reacted to its actor, or replied, among its 1,000 newest responses, with that half-life; a week unless said |
/// | `followers`, `following` | how many follow its actor, and how many its actor follows |
/// | `posts` | how many of the candidates are by its actor |
/// | `common_groups` | of how many groups both the reader and its actor are members |
/// | `seen` | how often the reader has been shown it ([`Feeds::saw`](crate::Feeds::saw)) |
/// | `is_own`, `is_reply`, `is_share` | 1 if the reader did it, it answers something, it has another activity as its object; else 0 |
/// | `host:NAME` | what the host says it is |
///
/// Names are to the letter. Half-lives are whole numbers of `s`, `m`, `h`, `d` or `w`. In the name of a kind of reactions, `@` is
/// written `%40`, and `%` is `%25`.
///
/// ```
/// use anabranch::rank::Feature;
///
/// let likes: Feature = "reactions:like@36h".parse()?;
/// assert_eq!(likes.to_string(), "reactions:like@36h");
/// let error = "reaction".parse::<Feature>().unwrap_err();
/// assert!(error.to_string().contains("\"reaction\" is no feature"));
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Feature {
    /// `age`
    Age,
    /// `reactions`, with a kind or all, and a half-life or none.
    Reactions(Option<Verb>, Option<HalfLife>),
    /// `replies`, with a half-life or none.
    Replies(Option<HalfLife>),
    /// `affinity`
    Affinity(HalfLife),
    /// `followers`
    Followers,
    /// `following`
    Following,
    /// `posts`
    Posts,
    /// `common_groups`
    CommonGroups,
    /// `seen`
    Seen,
    /// `is_own`
    IsOwn,
    /// `is_reply`
    IsReply,
    /// `is_share`
    IsShare,
    /// `host:NAME`
    Host(Box<str>),
}

/// After how long something counts half: a whole number of seconds.
///
/// ```
/// use anabranch::rank::HalfLife;
///
/// let day: HalfLife = "24h".parse()?;
/// assert_eq!(day.to_string(), "1d");
/// assert_eq!(day.left_after(48.0 * 3_600.0), 0.25);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HalfLife(NonZeroU64);

const FEATURE: &str = "feature";
const UNITS: [(char, u64); 5] = [
    ('w', 604_800),
    ('d', 86_400),
    ('h', 3_600),
    ('m', 60),
    ('s', 1),
];

impl HalfLife {
    /// A week.
    pub const WEEK: Self = Self(NonZeroU64::new(604_800).unwrap());

    /// In seconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "beyond 285 million years")]
    pub const fn seconds(self) -> f64 {
        self.0.get() as f64
    }

    /// How much is left after so many seconds: a half after one half-life; all of it where the time is not over yet.
    #[must_use]
    pub fn left_after(self, seconds: f64) -> f64 {
        (-seconds.max(0.0) / self.seconds()).exp2()
    }
}

impl FromStr for HalfLife {
    type Err = Error;

    /// Reads a whole number and its unit: `90s`, `15m`, `6h`, `1d`, `2w`.
    ///
    /// # Errors
    /// `invalid` for anything else, and for nothing at all: 0.
    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            let unit = text.chars().last()?;
            let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
            let number: u64 = text.get(..text.len() - unit.len_utf8())?.parse().ok()?;
            NonZeroU64::new(number.checked_mul(*seconds)?).map(Self)
        };
        parse().ok_or_else(|| {
            let said = format!(
                "{text:?} is no half-life; give a whole number and a unit: 90s, 15m, 6h, 1d, 2w"
            );
            Error::new(ErrorKind::Invalid, FEATURE, said)
        })
    }
}

impl fmt::Display for HalfLife {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.get();
        let divides = |(_, unit): &&(char, u64)| seconds.is_multiple_of(*unit);
        let (name, unit) = UNITS.iter().find(divides).unwrap_or(&('s', 1));
        write!(f, "{}{name}", seconds / unit)
    }
}

impl FromStr for Feature {
    type Err = Error;

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// `invalid` for a name that is none, or a half-life that is none or where there can be none.
    fn from_str(text: &str) -> Result<Self> {
        if let Some(name) = text.strip_prefix("host:") {
            return Ok(Self::Host(name.into()));
        }
        let (name, half_life) = match text.rsplit_once('@') {
            Some((name, half_life)) => (name, Some(half_life.parse()?)),
            None => (text, None),
        };
        let found = match (name, half_life) {
            ("age", None) => Self::Age,
            ("reactions", _) => Self::Reactions(None, half_life),
            ("replies", _) => Self::Replies(half_life),
            ("affinity", _) => Self::Affinity(half_life.unwrap_or(HalfLife::WEEK)),
            ("followers", None) => Self::Followers,
            ("following", None) => Self::Following,
            ("posts", None) => Self::Posts,
            ("common_groups", None) => Self::CommonGroups,
            ("seen", None) => Self::Seen,
            ("is_own", None) => Self::IsOwn,
            ("is_reply", None) => Self::IsReply,
            ("is_share", None) => Self::IsShare,
            _ => match name.strip_prefix("reactions:") {
                Some(kind) if !kind.is_empty() => {
                    let kind = kind.replace("%40", "@").replace("%25", "%");
                    Self::Reactions(Some(kind.as_str().into()), half_life)
                }
                _ => {
                    let said = format!(
                        "{text:?} is no feature; there are age, reactions[:KIND][@HALF-LIFE], \
                         replies[@HALF-LIFE], affinity[@HALF-LIFE], followers, following, posts, \
                         common_groups, seen, is_own, is_reply, is_share and host:NAME"
                    );
                    return Err(Error::new(ErrorKind::Invalid, FEATURE, said));
                }
            },
        };
        Ok(found)
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, half_life) = match self {
            Self::Age => ("age", None),
            Self::Reactions(kind, half_life) => {
                f.write_str("reactions")?;
                if let Some(kind) = kind {
                    let kind = kind.as_str().replace('%', "%25").replace('@', "%40");
                    write!(f, ":{kind}")?;
                }
                ("", *half_life)
            }
            Self::Replies(half_life) => ("replies", *half_life),
            Self::Affinity(half_life) => (
                "affinity",
                Some(*half_life).filter(|half| *half != HalfLife::WEEK),
            ),
            Self::Followers => ("followers", None),
            Self::Following => ("following", None),
            Self::Posts => ("posts", None),
            Self::CommonGroups => ("common_groups", None),
            Self::Seen => ("seen", None),
            Self::IsOwn => ("is_own", None),
            Self::IsReply => ("is_reply", None),
            Self::IsShare => ("is_share", None),
            Self::Host(name) => return write!(f, "host:{name}"),
        };
        f.write_str(name)?;
        match half_life {
            Some(half_life) => write!(f, "@{half_life}"),
            None => Ok(()),
        }
    }
}

macro_rules! as_text {
    ($($kind:ty),+) => {$(
        impl TryFrom<String> for $kind {
            type Error = Error;

            fn try_from(text: String) -> Result<Self> {
                text.parse()
            }
        }

        impl From<$kind> for String {
            fn from(of: $kind) -> Self {
                of.to_string()
            }
        }
    )+};
}

as_text!(Feature, HalfLife);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_feature_is_read_as_it_is_written(
            kind in prop_oneof!["[a-z@%0-9:]{1,6}", ".{1,4}"],
            half in prop::option::of(1..10_000_000_u64),
        ) {
            let half_life = half.and_then(NonZeroU64::new).map(HalfLife);
            let mut features = vec![
                Feature::Reactions(Some(kind.as_str().into()), half_life),
                Feature::Reactions(None, half_life),
                Feature::Replies(half_life),
                Feature::Host(kind.into()),
            ];
            features.extend(half_life.map(Feature::Affinity));
            for feature in features {
                prop_assert_eq!(feature.to_string().parse::<Feature>().unwrap(), feature);
            }
        }

        #[test]
        fn any_text_is_a_feature_or_an_error(text: String) {
            if let Ok(feature) = text.parse::<Feature>() {
                prop_assert_eq!(feature.to_string().parse::<Feature>().unwrap(), feature);
            }
        }
    }
}
