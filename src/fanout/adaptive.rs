//! What is cheapest for all streams of a reader together.

use super::{Choice, Reader, Strategy, Stream, Why};

/// Finds what costs least for a reader, by the [costs](super::Costs) and rates that it is told, and bounds how many
/// timelines one publish can reach.
///
/// A stream that reaches its bound is pulled. Of the others, keeping one costs a day what is delivered of it and
/// what it is charged for memory; pulling it costs a little at each read. But the first stream that is
/// pulled brings a fixed cost with it, which all pulled streams share, so that they cannot be weighed one by one:
///
/// 1. Those that cost less when pulled are candidates.
/// 2. If some stream reaches its bound, the fixed cost is paid anyway: all candidates are pulled.
/// 3. Otherwise they are pulled if together they save more than the fixed cost; else none is.
///
/// No other division of the streams within their bounds costs less: the cost of all is the fixed one, if any is
/// pulled, and a sum over the streams. Ties are pushed. O(*s*) for *s* streams, without allocating.
///
/// The rule for one edge is that of [`Linear`](super::Linear). The fixed cost, the charge for memory and the bound
/// are this crate's.
///
/// ```
/// use anabranch::fanout::{Adaptive, Choice, Fanout, Reader, Strategy, Stream, Why};
///
/// let (mut reader, mut busy, mut calm) = (Reader::default(), Stream::default(), Stream::default());
/// (reader.read, busy.published, calm.published) = (20.0, 4_000.0, 0.1);
/// let mut choices = [Choice::default(); 2];
/// Adaptive::default().decide(&reader, &[busy, calm], &mut choices);
/// assert_eq!(choices, [Choice::pull(Why::PublishedOften), Choice::push(Why::ReadOften)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adaptive {
    /// The largest share of all timelines that a stream is pushed into.
    pub max_share: f64,
    /// A number of timelines that each stream may reach, whatever its share.
    pub always: usize,
    /// How many entries a timeline begins with at most. Most readers look at a page or two; entries that nobody
    /// looks at are most of what timelines take.
    pub entries_a_fill: usize,
}

impl Default for Adaptive {
    /// 45 in a thousand of the timelines, and no bound below a thousand; a hundred entries.
    fn default() -> Self {
        Self {
            max_share: 0.045,
            always: 1_000,
            entries_a_fill: 100,
        }
    }
}

impl Adaptive {
    fn is_at_bound(&self, reader: &Reader, stream: &Stream) -> bool {
        // Counts of timelines are far below 2⁵²: exact as floats.
        #[allow(clippy::cast_precision_loss)]
        let (subscribers, timelines) = (stream.subscribers as f64, reader.timelines as f64);
        stream.subscribers >= self.always && subscribers >= self.max_share * timelines
    }
}

impl Strategy for Adaptive {
    fn name(&self) -> String {
        "adaptive".into()
    }

    fn decide(&self, reader: &Reader, streams: &[Stream], choices: &mut [Choice]) {
        let Reader { read, costs, .. } = reader;
        let saved_by_pulling = |stream: &Stream| costs.kept(stream.published) - read * costs.pull;
        let mut is_paid = false;
        let mut saved = 0.0;
        for stream in streams {
            if self.is_at_bound(reader, stream) {
                is_paid = true;
            } else {
                saved += saved_by_pulling(stream).max(0.0);
            }
        }
        let candidates = if is_paid {
            Choice::pull(Why::PulledAnyway)
        } else if saved > read * costs.pull_at_all {
            Choice::pull(Why::PublishedOften)
        } else {
            Choice::push(Why::SavesTooLittle)
        };
        for (stream, choice) in streams.iter().zip(choices) {
            *choice = if self.is_at_bound(reader, stream) {
                Choice::pull(Why::ManySubscribers)
            } else if saved_by_pulling(stream) > 0.0 {
                candidates
            } else {
                Choice::push(Why::ReadOften)
            };
        }
    }

    fn entries_a_fill(&self) -> usize {
        self.entries_a_fill
    }
}
