//! Push or pull: which followed streams are copied into a reader's timeline at writing, and
//! which are gathered at reading.
//!
//! A [`Strategy`] is a pure function of figures. It is asked once for all streams of a reader when its
//! timeline is filled, and decides what feeds cost, never what they hold: switching it while
//! running changes later fills only. [`strategies`](crate::strategies) compares those that are built in, and
//! [`Feeds::plan`](crate::Feeds::plan) tells what was decided for a reader, and why.

use std::fmt::Debug;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};

mod adaptive;
mod choice;
mod costs;
mod fixed;
mod linear;
mod rate;
#[cfg(test)]
mod tests;

pub use adaptive::Adaptive;
pub use choice::{Choice, Fanout, Why};
pub use costs::Costs;
pub use fixed::{AllPull, AllPush, Hybrid};
pub use linear::Linear;
pub use rate::Rate;

/// What is known of a reader whose timeline is to be filled.
///
/// ```
/// let mut reader = anabranch::fanout::Reader::default();
/// reader.read = 12.5;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Reader {
    /// Reads of its home in a day.
    pub read: f64,
    /// Timelines that there are, those of others included.
    pub timelines: usize,
    /// What pushing and pulling cost here.
    pub costs: Costs,
}

/// What is known of one of its streams.
///
/// ```
/// let mut stream = anabranch::fanout::Stream::default();
/// stream.published = 0.5;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Stream {
    /// Timelines into which it is pushed already.
    pub subscribers: usize,
    /// Activities that come into it in a day.
    pub published: f64,
}

/// Decides how streams reach readers.
///
/// ```
/// use anabranch::fanout::{Choice, Reader, Strategy, Stream, Why};
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
///     fn decide(&self, reader: &Reader, streams: &[Stream], choices: &mut [Choice]) {
///         for (stream, choice) in streams.iter().zip(choices) {
///             *choice = if reader.read > stream.published {
///                 Choice::push(Why::Told("it is read more often than it is written"))
///             } else {
///                 Choice::pull(Why::Told("it is written more often than it is read"))
///             };
///         }
///     }
/// }
/// ```
pub trait Strategy: Send + Sync + Debug + 'static {
    /// What it is called, with its settings: `hybrid:500`.
    fn name(&self) -> String;

    /// Push or pull, for each of the streams of a reader. The choices are as many as the streams, in their
    /// order; one that is left alone is [`Choice::default`], a push.
    fn decide(&self, reader: &Reader, streams: &[Stream], choices: &mut [Choice]);

    /// Whether any reader is to have a timeline; `true` unless said. One that would push nothing into any need not
    /// be asked time and again.
    fn keeps_timelines(&self) -> bool {
        true
    }

    /// How many entries a timeline begins with: at least one, and two hundred at the most, which is what it is unless
    /// said. Pushes grow it from there, and what lies deeper is read from the store.
    fn entries_a_fill(&self) -> usize {
        usize::MAX
    }
}

impl<S: Strategy + ?Sized> Strategy for Arc<S> {
    fn name(&self) -> String {
        (**self).name()
    }

    fn decide(&self, reader: &Reader, streams: &[Stream], choices: &mut [Choice]) {
        (**self).decide(reader, streams, choices);
    }

    fn keeps_timelines(&self) -> bool {
        (**self).keeps_timelines()
    }

    fn entries_a_fill(&self) -> usize {
        (**self).entries_a_fill()
    }
}

/// The strategy of a name, as configurations have it: `push`, `pull`, `hybrid:N` with N the
/// number of subscribers up to which a stream is pushed, `linear`, or `adaptive`.
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
        None if name == "linear" => Arc::new(Linear),
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
        format!("{name:?} is no strategy; give push, pull, hybrid:N, linear or adaptive"),
    )
}
