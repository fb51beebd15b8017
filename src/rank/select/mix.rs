//! Sources take turns by their shares.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::{float, share};
use crate::error::Result;
use crate::rank::{Candidates, Context, Feature, Filter, Placed, Selector};

/// Mixes sources so that each has its share of the places, at every length of the feed.
///
/// A candidate belongs to the first source whose filter keeps it; one without a filter takes whatever is left. What no source
/// takes belongs to a last one with no name and share 0. The order within a source is kept, and nothing is dropped.
///
/// Each place goes by the quota method: of the sources that are below their share of the places so far, this one
/// included, to that with the highest share / (taken + 1); ties to the one named first. As long as no source runs out,
/// each has after *n* places its share of *n*, rounded up or down, but for the rounding of floats; shares count in
/// proportion to their sum. M. L. Balinski and H. P. Young, "The Quota Method of Apportionment", American Mathematical Monthly 82
/// (1975), prove it. (To give each place to whoever lacks most does not do: of five sources one can lack more than 1.)
///
/// When a source runs out, the others share its places in proportion, and counting begins anew. Sources of share 0 wait
/// until all others have run out, and then come one after the other.
///
/// O(*n* *s*) for *n* candidates and *s* sources besides their filters; a few words a candidate.
///
/// ```
/// use anabranch::rank::{Candidates, Context, Ranking, select::{Mix, Source}};
///
/// let shares = |candidates: &Candidates, _: &Context, kept: &mut [bool]| {
///     for (item, kept) in candidates.items().iter().zip(kept) {
///         *kept &= item.activity.shared().is_some();
///     }
/// };
/// let mix = Mix::try_new([Source::new("shares", 0.2, shares), Source::rest("others", 0.8)])?;
/// let ranking = Ranking::new("mixed").select("one share in five", mix);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mix {
    sources: Vec<Source>,
}

/// Where candidates come from, for a [`Mix`].
#[derive(Clone)]
#[non_exhaustive]
pub struct Source {
    /// What it is called.
    pub name: Box<str>,
    /// Which part of the places it has, from 0 to 1.
    pub share: f64,
    /// Keeps what belongs to it; `None` takes whatever no earlier source takes.
    pub filter: Option<Arc<dyn Filter>>,
}

impl Source {
    /// What a filter keeps.
    #[must_use]
    pub fn new(name: impl Into<Box<str>>, share: f64, filter: impl Filter + 'static) -> Self {
        Self {
            name: name.into(),
            share,
            filter: Some(Arc::new(filter)),
        }
    }

    /// Whatever no earlier source takes.
    #[must_use]
    pub fn rest(name: impl Into<Box<str>>, share: f64) -> Self {
        Self {
            name: name.into(),
            share,
            filter: None,
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("share", &self.share)
            .finish_non_exhaustive()
    }
}

impl Mix {
    /// Of these sources, in the order in which they choose. Shares need not add up to 1.
    ///
    /// # Errors
    /// `invalid` if a share is not between 0 and 1.
    pub fn try_new(sources: impl IntoIterator<Item = Source>) -> Result<Self> {
        let sources: Vec<Source> = sources.into_iter().collect();
        for source in &sources {
            share(
                "mix",
                &format!("the share of {:?}", source.name),
                source.share,
            )?;
        }
        Ok(Self { sources })
    }

    /// The sources, in the order in which they choose.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// To which source each row belongs; beyond the last, to none.
    fn belongs(&self, candidates: &Candidates, context: &Context, order: &[Placed]) -> Vec<usize> {
        let nobody = self.sources.len();
        let mut belongs = vec![nobody; candidates.len()];
        let mut is_free = vec![false; candidates.len()];
        for placed in order {
            if let Some(free) = is_free.get_mut(placed.row) {
                *free = true;
            }
        }
        let mut kept = Vec::with_capacity(is_free.len());
        for (number, source) in self.sources.iter().enumerate() {
            kept.clone_from(&is_free);
            if let Some(filter) = &source.filter {
                filter.filter(candidates, context, &mut kept);
            }
            for ((free, kept), belongs) in is_free.iter_mut().zip(&kept).zip(&mut belongs) {
                if *free && *kept {
                    *free = false;
                    *belongs = number;
                }
            }
        }
        belongs
    }
}

impl Selector for Mix {
    fn select(&self, candidates: &Candidates, context: &Context, order: &mut Vec<Placed>) {
        let belongs = self.belongs(candidates, context, order);
        let mut queues: Vec<Queue> = self.sources.iter().map(Queue::of).collect();
        let mut rest = Vec::new();
        for placed in order.drain(..) {
            let source = belongs.get(placed.row).copied();
            match source.and_then(|source| queues.get_mut(source)) {
                Some(queue) => queue.left.push_back(placed),
                None => rest.push(placed),
            }
        }
        let (mut sharing, waiting): (Vec<Queue>, Vec<Queue>) =
            queues.into_iter().partition(|queue| queue.share > 0.0);
        loop {
            sharing.retain(|queue| !queue.left.is_empty());
            if sharing.is_empty() {
                break;
            }
            take_turns(&mut sharing, order);
        }
        order.extend(waiting.into_iter().flat_map(|queue| queue.left));
        order.append(&mut rest);
    }

    fn features(&self) -> Vec<Feature> {
        let filters = self
            .sources
            .iter()
            .filter_map(|source| source.filter.as_ref());
        filters.flat_map(|filter| filter.features()).collect()
    }
}

/// What is left of a source.
struct Queue {
    share: f64,
    taken: f64,
    left: VecDeque<Placed>,
}

impl Queue {
    const fn of(source: &Source) -> Self {
        Self {
            share: source.share,
            taken: 0.0,
            left: VecDeque::new(),
        }
    }
}

/// Until one of them, none of which is empty, has nothing left.
fn take_turns(sharing: &mut [Queue], order: &mut Vec<Placed>) {
    let whole: f64 = sharing.iter().map(|queue| queue.share).sum();
    for queue in &mut *sharing {
        queue.taken = 0.0;
    }
    for places in 1.. {
        let places = float(places);
        let turn = |queue: &Queue| {
            let is_below = queue.taken * whole < places * queue.share;
            (is_below, queue.share / (queue.taken + 1.0))
        };
        // With shares so small that reckoning with them is no longer exact, it may be that none is below.
        let next = sharing.iter_mut().reduce(
            |best, next| {
                if turn(next) > turn(best) { next } else { best }
            },
        );
        let Some(queue) = next else {
            return;
        };
        queue.taken += 1.0;
        order.extend(queue.left.pop_front());
        if queue.left.is_empty() {
            return;
        }
    }
}
