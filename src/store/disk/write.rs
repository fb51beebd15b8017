//! One write that waits to be committed, together with its caller.

use std::sync::Arc;

use super::super::key_value::{Outcome, RowsMut};
use super::damage::{Attempt, Fault};
use super::queue::Summons;
use super::seat::Seat;
use crate::error::{ErrorKind, Result};

/// A write, whatever it answers.
pub(super) trait Waiting: Send {
    /// Does it; whether there is anything to commit. Doing it again begins anew.
    fn act(&mut self, rows: &mut dyn RowsMut) -> Attempt<bool>;

    /// Hands the answer to the caller; or why there is none.
    fn finish(self: Box<Self>, outcome: Attempt<()>);

    /// How the caller is told to lead.
    fn summons(&self) -> Summons;

    /// Whether the caller is a thread that sleeps meanwhile.
    fn sleeps(&self) -> bool;

    /// Whether it is that of the caller who sits there.
    #[cfg(feature = "tokio")]
    fn is_of(&self, seat: *const ()) -> bool;
}

pub(super) struct Write<A, F> {
    act: F,
    answer: Option<A>,
    seat: Option<Arc<Seat<A>>>,
    summons: Summons,
}

impl<A, F> Write<A, F> {
    pub(super) fn new(act: F, seat: &Arc<Seat<A>>, summons: Summons) -> Self {
        Self {
            act,
            answer: None,
            seat: Some(Arc::clone(seat)),
            summons,
        }
    }

    fn answer(&mut self, outcome: Attempt<()>) {
        let Some(seat) = self.seat.take() else {
            return;
        };
        let answer = self.answer.take();
        seat.finish(outcome.and_then(|()| answer.ok_or_else(left_off)));
    }
}

impl<A, F> Waiting for Write<A, F>
where
    A: Send + 'static,
    F: FnMut(&mut dyn RowsMut) -> Result<Outcome<A>> + Send + 'static,
{
    fn act(&mut self, rows: &mut dyn RowsMut) -> Attempt<bool> {
        let (answer, is_changed) = match (self.act)(rows)? {
            Outcome::Same(answer) => (answer, false),
            Outcome::Changed(answer) => (answer, true),
        };
        self.answer = Some(answer);
        Ok(is_changed)
    }

    fn finish(mut self: Box<Self>, outcome: Attempt<()>) {
        self.answer(outcome);
    }

    fn summons(&self) -> Summons {
        self.summons.clone()
    }

    fn sleeps(&self) -> bool {
        matches!(self.summons, Summons::Thread(_))
    }

    #[cfg(feature = "tokio")]
    fn is_of(&self, seat: *const ()) -> bool {
        let own = self.seat.as_ref().map(Arc::as_ptr);
        own.is_some_and(|own| own.cast() == seat)
    }
}

/// Nobody waits for ever, whatever happens to a write.
impl<A, F> Drop for Write<A, F> {
    fn drop(&mut self) {
        self.answer(Err(left_off()));
    }
}

fn left_off() -> Fault {
    Fault::new(
        ErrorKind::Unavailable,
        "the write was left off; nobody knows whether it happened, so do it again",
    )
}
