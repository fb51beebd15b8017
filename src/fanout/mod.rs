//! Push or pull: which followed streams are copied into a reader's timeline at writing, and
//! which are gathered at reading.
//!
//! A strategy is a pure function of figures. It is asked for each followed stream when a
//! timeline is filled, and decides what feeds cost, never what they hold: switching it while
//! running changes later fills only.

use std::fmt::Debug;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};

mod rate;
#[cfg(test)]
mod tests;

pub use rate::Rate;

/// How one stream reaches one reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fanout {
    /// Copied into the reader's timeline when something is published.
    Push,
    /// Gathered from the stream's outbox when the reader reads.
    Pull,
}

/// What is known of a followed stream and its reader when a timeline is filled.
///
/// ```
/// let mut figures = anabranch::fanout::Figures::default();
/// figures.published = 12.5;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Figures {
    /// Timelines into which the stream is pushed already.
    pub subscribers: usize,
    /// Timelines that there are.
    pub timelines: usize,
    /// Activities that come into the stream in a day.
    pub published: f64,
    /// Reads of the reader's home in a day.
    pub read: f64,
}

/// Decides how streams reach readers.
///
/// ```
/// use anabranch::fanout::{Fanout, Figures, Strategy};
///
/// /// Pushes what is read more often than it is written.
/// #[derive(Debug)]
/// struct ReadMostly;
///
/// impl Strategy for ReadMostly {
///     fn name(&self) -> String {
///         "read-mostly".into()
///     }
///
///     fn decide(&self, figures: &Figures) -> Fanout {
///         if figures.read > figures.published { Fanout::Push } else { Fanout::Pull }
///     }
/// }
/// ```
pub trait Strategy: Send + Sync + Debug + 'static {
    /// What it is called, with its settings: `hybrid:500`.
    fn name(&self) -> String;

    /// Push or pull.
    fn decide(&self, figures: &Figures) -> Fanout;

    /// Whether any reader is to have a timeline; `true` unless said. One that would push nothing into any need not
    /// be asked time and again.
    fn keeps_timelines(&self) -> bool {
        true
    }
}

impl<S: Strategy + ?Sized> Strategy for Arc<S> {
    fn name(&self) -> String {
        (**self).name()
    }

    fn decide(&self, figures: &Figures) -> Fanout {
        (**self).decide(figures)
    }

    fn keeps_timelines(&self) -> bool {
        (**self).keeps_timelines()
    }
}

/// Pushes everything: the cheapest reads, and publishes that cost as much as an actor has
/// readers.
///
/// ```
/// use anabranch::fanout::{AllPush, Fanout, Figures, Strategy};
///
/// assert_eq!(AllPush.decide(&Figures::default()), Fanout::Push);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AllPush;

impl Strategy for AllPush {
    fn name(&self) -> String {
        "push".into()
    }

    fn decide(&self, _: &Figures) -> Fanout {
        Fanout::Push
    }
}

/// Pulls everything: publishes that cost the same whoever follows, and reads that cost as much
/// as a reader follows streams. No timeline is kept.
///
/// ```
/// use anabranch::fanout::{AllPull, Fanout, Figures, Strategy};
///
/// assert_eq!(AllPull.decide(&Figures::default()), Fanout::Pull);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AllPull;

impl Strategy for AllPull {
    fn name(&self) -> String {
        "pull".into()
    }

    fn decide(&self, _: &Figures) -> Fanout {
        Fanout::Pull
    }

    fn keeps_timelines(&self) -> bool {
        false
    }
}

/// Pushes a stream into the timelines of its first readers, up to a number, and lets the others
/// pull it: the rule of thumb that many feeds in production run on.
///
/// ```
/// use anabranch::fanout::{Fanout, Figures, Hybrid, Strategy};
///
/// let mut figures = Figures::default();
/// figures.subscribers = 500;
/// assert_eq!(Hybrid { max_subscribers: 500 }.decide(&figures), Fanout::Pull);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hybrid {
    /// The most timelines that a stream is pushed into.
    pub max_subscribers: usize,
}

impl Strategy for Hybrid {
    fn name(&self) -> String {
        format!("hybrid:{}", self.max_subscribers)
    }

    fn decide(&self, figures: &Figures) -> Fanout {
        if figures.subscribers < self.max_subscribers {
            Fanout::Push
        } else {
            Fanout::Pull
        }
    }
}

/// Weighs each edge: pushes a stream unless it publishes much more often than this reader
/// reads, and caps how many timelines one publish can reach.
///
/// The linear rule per edge is that of A. Silberstein, J. Terrace, B. F. Cooper and
/// R. Ramakrishnan, "Feeding Frenzy: Selectively Materializing Users' Event Feeds", SIGMOD
/// 2010. The cap is this crate's.
///
/// ```
/// use anabranch::fanout::{Adaptive, Fanout, Figures, Strategy};
///
/// let mut figures = Figures::default();
/// (figures.published, figures.read) = (40.0, 3.0);
/// assert_eq!(Adaptive::default().decide(&figures), Fanout::Pull);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adaptive {
    /// How many pushes one pull costs: a stream is pushed while it publishes at most this many
    /// times for each read.
    pub pushes_a_read: f64,
    /// The largest share of all timelines that a stream is pushed into.
    pub max_share: f64,
    /// A number of timelines to which the cap does not apply.
    pub always: usize,
}

impl Default for Adaptive {
    /// Ten pushes a read, a fifth of the timelines, and no cap below a thousand.
    fn default() -> Self {
        Self {
            pushes_a_read: 10.0,
            max_share: 0.2,
            always: 1_000,
        }
    }
}

impl Strategy for Adaptive {
    fn name(&self) -> String {
        "adaptive".into()
    }

    fn decide(&self, figures: &Figures) -> Fanout {
        // Counts of timelines are far below 2⁵²: exact as floats.
        #[allow(clippy::cast_precision_loss)]
        let (subscribers, timelines) = (figures.subscribers as f64, figures.timelines as f64);
        let within_cap =
            figures.subscribers < self.always || subscribers < self.max_share * timelines;
        if within_cap && figures.published <= self.pushes_a_read * figures.read {
            Fanout::Push
        } else {
            Fanout::Pull
        }
    }
}

/// The strategy of a name, as configurations have it: `push`, `pull`, `hybrid:N` with N the
/// number of subscribers up to which a stream is pushed, or `adaptive`.
///
/// # Errors
/// `invalid` for any other name.
///
/// ```
/// use anabranch::fanout;
///
/// assert_eq!(fanout::named("hybrid:500")?.name(), "hybrid:500");
/// # use anabranch::fanout::Strategy;
/// # Ok::<(), anabranch::Error>(())
/// ```
pub fn named(name: &str) -> Result<Arc<dyn Strategy>> {
    Ok(match name.split_once(':') {
        None if name == "push" => Arc::new(AllPush),
        None if name == "pull" => Arc::new(AllPull),
        None if name == "adaptive" => Arc::new(Adaptive::default()),
        Some(("hybrid", number)) => Arc::new(Hybrid {
            max_subscribers: number
                .parse()
                .map_err(|source| unknown(name).because(source))?,
        }),
        _ => return Err(unknown(name)),
    })
}

fn unknown(name: &str) -> Error {
    Error::new(
        ErrorKind::Invalid,
        "strategy",
        format!("{name:?} is no strategy; give push, pull, hybrid:N or adaptive"),
    )
}
