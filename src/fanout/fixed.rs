//! Strategies that ask for no rates.

use super::{Choice, Reader, Strategy, Stream, Why};

/// Pushes everything: the cheapest reads, and publishes that cost as much as an actor has
/// readers.
///
/// ```
/// use anabranch::fanout::{AllPush, Choice, Fanout, Reader, Strategy, Stream};
///
/// let mut choices = [Choice::default()];
/// AllPush.decide(&Reader::default(), &[Stream::default()], &mut choices);
/// assert_eq!(choices[0].fanout, Fanout::Push);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AllPush;

impl Strategy for AllPush {
    fn name(&self) -> String {
        "push".into()
    }

    fn decide(&self, _: &Reader, _: &[Stream], choices: &mut [Choice]) {
        choices.fill(Choice::push(Why::AllPushed));
    }
}

/// Pulls everything: publishes that cost the same whoever follows, and reads that cost as much
/// as a reader follows streams. No timeline is kept.
///
/// ```
/// use anabranch::fanout::{AllPull, Choice, Fanout, Reader, Strategy, Stream};
///
/// let mut choices = [Choice::default()];
/// AllPull.decide(&Reader::default(), &[Stream::default()], &mut choices);
/// assert_eq!(choices[0].fanout, Fanout::Pull);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AllPull;

impl Strategy for AllPull {
    fn name(&self) -> String {
        "pull".into()
    }

    fn decide(&self, _: &Reader, _: &[Stream], choices: &mut [Choice]) {
        choices.fill(Choice::pull(Why::AllPulled));
    }

    fn keeps_timelines(&self) -> bool {
        false
    }
}

/// Pushes a stream into the timelines of its first readers, up to a number, and lets the others
/// pull it: the rule of thumb that many feeds in production run on.
///
/// ```
/// use anabranch::fanout::{Choice, Fanout, Hybrid, Reader, Strategy, Stream};
///
/// let mut stream = Stream::default();
/// stream.subscribers = 500;
/// let mut choices = [Choice::default()];
/// Hybrid { max_subscribers: 500 }.decide(&Reader::default(), &[stream], &mut choices);
/// assert_eq!(choices[0].fanout, Fanout::Pull);
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

    fn decide(&self, _: &Reader, streams: &[Stream], choices: &mut [Choice]) {
        for (stream, choice) in streams.iter().zip(choices) {
            *choice = if stream.subscribers < self.max_subscribers {
                Choice::push(Why::FewSubscribers)
            } else {
                Choice::pull(Why::ManySubscribers)
            };
        }
    }
}
