//! The rule of the literature.

use super::{Choice, Reader, Strategy, Stream, Why};

/// Weighs each edge by itself: a stream is pulled if delivering what it publishes costs more than pulling it
/// at each read of this reader.
///
/// That is the linear rule of A. Silberstein, J. Terrace, B. F. Cooper and R. Ramakrishnan, "Feeding Frenzy:
/// Selectively Materializing Users' Event Feeds", SIGMOD 2010. It has no fixed cost of pulling at all and no
/// bound on how many timelines one publish reaches; it is here to be compared with
/// [`Adaptive`](super::Adaptive). A tie is pushed.
///
/// ```
/// use anabranch::fanout::{Choice, Fanout, Linear, Reader, Strategy, Stream};
///
/// let (mut reader, mut stream) = (Reader::default(), Stream::default());
/// (reader.read, stream.published) = (3.0, 40.0);
/// let mut choices = [Choice::default()];
/// Linear.decide(&reader, &[stream], &mut choices);
/// assert_eq!(choices[0].fanout, Fanout::Pull);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linear;

impl Strategy for Linear {
    fn name(&self) -> String {
        "linear".into()
    }

    fn decide(&self, reader: &Reader, streams: &[Stream], choices: &mut [Choice]) {
        let pulled = reader.read * reader.costs.pull;
        for (stream, choice) in streams.iter().zip(choices) {
            *choice = if stream.published * reader.costs.deliver > pulled {
                Choice::pull(Why::PublishedOften)
            } else {
                Choice::push(Why::ReadOften)
            };
        }
    }
}
