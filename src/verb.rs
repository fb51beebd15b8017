//! What was done: the activity types of Activity Streams 2.0, and the host's own words.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! verbs {
    ($($(#[$attribute:meta])? $verb:ident: $meaning:literal),+ $(,)?) => {
        /// What an activity does to its object: one of the 28 activity types of
        /// [Activity Streams 2.0](https://www.w3.org/TR/activitystreams-vocabulary/#activity-types),
        /// or the host's own word (contract 1.2).
        ///
        /// Two verbs are equal if their words are, to the letter; `serde` writes the word.
        ///
        /// ```
        /// use anabranch::Verb;
        ///
        /// assert_eq!(Verb::from("Announce"), Verb::Announce);
        /// assert_eq!(Verb::from("deploy").as_str(), "deploy");
        /// ```
        #[derive(Clone, Debug, Default, Serialize, Deserialize)]
        #[serde(from = "Box<str>", into = "String")]
        #[non_exhaustive]
        pub enum Verb {
            $(#[doc = $meaning] $(#[$attribute])? $verb,)+
            /// The host's own word, made by `Verb::from`. One that holds a word of the above is
            /// equal to it, and yet does not match it.
            Other(Box<str>),
        }

        impl Verb {
            /// The 28 activity types of Activity Streams 2.0, in alphabetic order.
            pub const ALL: [Self; 28] = [$(Self::$verb),+];

            /// The word for it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$verb => stringify!($verb),)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for Verb {
            fn from(word: &str) -> Self {
                match word {
                    $(stringify!($verb) => Self::$verb,)+
                    _ => Self::Other(word.into()),
                }
            }
        }
    };
}

verbs! {
    Accept: "The actor accepts the object, such as an offer or a request.",
    Add: "The actor adds the object to a target.",
    Announce: "The actor calls attention to the object: a share.",
    Arrive: "The actor has arrived.",
    Block: "The actor blocks the object.",
    #[default]
    Create: "The actor has created the object. The default.",
    Delete: "The actor has deleted the object.",
    Dislike: "The actor dislikes the object.",
    Flag: "The actor reports the object.",
    Follow: "The actor follows the object.",
    Ignore: "The actor ignores the object.",
    Invite: "The actor invites somebody to the object.",
    Join: "The actor has joined the object.",
    Leave: "The actor has left the object.",
    Like: "The actor likes the object.",
    Listen: "The actor has listened to the object.",
    Move: "The actor has moved the object.",
    Offer: "The actor offers the object.",
    Question: "The actor asks the object.",
    Read: "The actor has read the object.",
    Reject: "The actor rejects the object.",
    Remove: "The actor removes the object.",
    TentativeAccept: "The actor accepts the object for the time being.",
    TentativeReject: "The actor rejects the object for the time being.",
    Travel: "The actor travels to the object.",
    Undo: "The actor takes back the object.",
    Update: "The actor has updated the object.",
    View: "The actor has viewed the object.",
}

impl PartialEq for Verb {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Verb {}

impl PartialOrd for Verb {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By the words, as text.
impl Ord for Verb {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Verb {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl From<Box<str>> for Verb {
    fn from(word: Box<str>) -> Self {
        Self::from(&*word)
    }
}

impl From<String> for Verb {
    fn from(word: String) -> Self {
        Self::from(word.as_str())
    }
}

impl From<Verb> for String {
    fn from(verb: Verb) -> Self {
        verb.as_str().into()
    }
}

impl FromStr for Verb {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(word))
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
