//! What was decided for a stream, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How one stream reaches one reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fanout {
    /// Copied into the reader's timeline when something is published.
    #[default]
    Push,
    /// Gathered from the stream's outbox when the reader reads.
    Pull,
}

impl fmt::Display for Fanout {
    /// `push` or `pull`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Push => "push",
            Self::Pull => "pull",
        })
    }
}

/// What a strategy decides for one stream of a reader.
///
/// ```
/// use anabranch::fanout::{Choice, Fanout, Why};
///
/// let choice = Choice::pull(Why::Told("it is the company's bulletin"));
/// assert_eq!(choice.fanout, Fanout::Pull);
/// assert_eq!(choice.why.to_string(), "it is the company's bulletin");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Push or pull.
    pub fanout: Fanout,
    /// For what reason.
    pub why: Why,
}

impl Choice {
    /// The stream is pushed.
    #[must_use]
    pub const fn push(why: Why) -> Self {
        let fanout = Fanout::Push;
        Self { fanout, why }
    }

    /// The stream is pulled.
    #[must_use]
    pub const fn pull(why: Why) -> Self {
        let fanout = Fanout::Pull;
        Self { fanout, why }
    }
}

/// Why a stream is pushed or pulled. Shown, it is one plain sentence without its full stop.
///
/// ```
/// use anabranch::fanout::Why;
///
/// assert_eq!(Why::AllPushed.to_string(), "the strategy pushes everything");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The strategy has given no reason.
    #[default]
    Untold,
    /// What a strategy of the host's own says.
    Told(&'static str),
    /// Pushed: the strategy pushes everything.
    AllPushed,
    /// Pulled: the strategy pulls everything.
    AllPulled,
    /// Pushed: it is pushed into fewer timelines than the strategy allows.
    FewSubscribers,
    /// Pulled: it is pushed into as many timelines as the strategy allows.
    ManySubscribers,
    /// Pushed: keeping what is published costs no more than pulling it at each read.
    ReadOften,
    /// Pulled: keeping what is published costs more than pulling it at each read, the fixed cost of pulling
    /// at all included.
    PublishedOften,
    /// Pulled: other streams are pulled in any case, and one more costs less than keeping it.
    PulledAnyway,
    /// Pushed: pulling it would cost less than keeping it, but all such streams of the reader together do not
    /// save the fixed cost of pulling at all.
    SavesTooLittle,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Untold => "the strategy does not say",
            Self::Told(reason) => reason,
            Self::AllPushed => "the strategy pushes everything",
            Self::AllPulled => "the strategy pulls everything",
            Self::FewSubscribers => "it reaches fewer timelines than are allowed",
            Self::ManySubscribers => "it reaches as many timelines as are allowed",
            Self::ReadOften => "it is read often for what it publishes",
            Self::PublishedOften => "it publishes more often than its copies are worth",
            Self::PulledAnyway => "others are pulled anyway, and one more costs little",
            Self::SavesTooLittle => "pulling it would save less than pulling at all costs",
        })
    }
}
