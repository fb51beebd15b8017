//! Each further item of an actor counts less.

use std::collections::HashMap;

use super::share;
use crate::error::Result;
use crate::hash::Keyed;
use crate::id::ActorId;
use crate::rank::order::sort;
use crate::rank::{Candidates, Context, Placed, Selector};

/// Takes more off the score of each further item of an actor, so that whoever publishes much does not fill the page, and
/// orders anew by [`by_score`](crate::rank::by_score).
///
/// Of the items of an actor, best first, the *k*-th (from 0) counts *w* = (1 − `floor`) · `factor`^*k* + `floor` of
/// its score. With a `factor` of 0.5 and a `floor` of 0.1 that is all of the best, 0.55 of the second, 0.325 of the third,
/// and never less than a tenth. A score below 0 falls by as much as one above 0 would: by (1 − *w*) of what it is
/// without its sign. So no item rises, and the items of an actor keep their order among themselves. What is no number
/// stays what it is, after all numbers.
///
/// Geometric decay with a floor is what the author diversity of x-algorithm does; the rule for scores below 0 is this
/// crate's.
///
/// Ties end at the id. O(*n* log *n*), and a table of the actors. Scores are changed: what follows sees the new ones.
///
/// ```
/// use anabranch::rank::{Candidates, Placed, Selector, Context, select::AuthorDecay};
/// # use anabranch::{Activity, ActorId, Feeds, wait};
/// # let feeds = Feeds::in_memory();
/// # let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
/// # wait(feeds.follow(anna, ben))?;
/// # for actor in [ben, anna, anna] {
/// #     wait(feeds.publish(Activity::by(actor)))?;
/// # }
/// # let candidates = Candidates::new(wait(feeds.home(anna).limit(3))?.items);
/// # let context = Context::new(anna, Default::default());
///
/// // Two of Anna's, then one of Ben's.
/// let mut order = vec![Placed::new(0, 9.0), Placed::new(1, 8.0), Placed::new(2, 7.0)];
/// AuthorDecay::try_new(0.5, 0.0)?.select(&candidates, &context, &mut order);
/// assert_eq!(order, [Placed::new(0, 9.0), Placed::new(2, 7.0), Placed::new(1, 4.0)]);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AuthorDecay {
    factor: f64,
    floor: f64,
}

impl AuthorDecay {
    /// With a factor for each further item, and what counts of a score however many there are.
    ///
    /// # Errors
    /// `invalid` if one of them is not between 0 and 1.
    pub fn try_new(factor: f64, floor: f64) -> Result<Self> {
        const OPERATION: &str = "author_decay";
        Ok(Self {
            factor: share(OPERATION, "factor", factor)?,
            floor: share(OPERATION, "floor", floor)?,
        })
    }

    fn decayed(&self, score: f64, power: f64) -> f64 {
        let counts = (1.0 - self.floor) * power + self.floor;
        if score >= 0.0 {
            score * counts
        } else {
            // What falls out of the range of numbers would come after what is none.
            (score * (2.0 - counts)).max(f64::MIN)
        }
    }
}

impl Selector for AuthorDecay {
    fn select(&self, candidates: &Candidates, _: &Context, order: &mut Vec<Placed>) {
        sort(candidates, order);
        let mut powers: HashMap<ActorId, f64, Keyed> = HashMap::default();
        for placed in order.iter_mut().filter(|placed| placed.score.is_finite()) {
            let Some(actor) = candidates.actor(placed.row) else {
                continue;
            };
            let power = powers.entry(actor).or_insert(1.0);
            placed.score = self.decayed(placed.score, *power);
            *power *= self.factor;
        }
        sort(candidates, order);
    }
}
