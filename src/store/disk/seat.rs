//! Where a caller waits for its answer, or for its turn to lead.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::damage::Attempt;

#[derive(Debug)]
pub(super) struct Seat<A>(Mutex<State<A>>);

#[derive(Debug)]
enum State<A> {
    Waits(Option<Waker>),
    Leads,
    Done(Attempt<A>),
}

/// A seat whose caller can be told to lead.
pub(super) trait Turn: Send + Sync {
    fn lead(&self);
}

impl<A> Seat<A> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(State::Waits(None)))
    }

    fn state(&self) -> MutexGuard<'_, State<A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State<A>) {
        let was = std::mem::replace(&mut *self.state(), state);
        // The lock is free again: whoever wakes up takes it at once.
        if let State::Waits(Some(waker)) = was {
            waker.wake();
        }
    }

    pub(super) fn finish(&self, answer: Attempt<A>) {
        self.set(State::Done(answer));
    }

    /// The answer, if there is one yet; or `None` where the caller shall lead.
    pub(super) fn take(&self) -> Option<Option<Attempt<A>>> {
        let mut state = self.state();
        match std::mem::replace(&mut *state, State::Waits(None)) {
            State::Waits(_) => None,
            State::Leads => Some(None),
            State::Done(answer) => Some(Some(answer)),
        }
    }

    /// The same for one who waits by itself.
    pub(super) async fn turn(&self) -> Option<Attempt<A>> {
        poll_fn(|context| {
            let mut state = self.state();
            let waits = State::Waits(Some(context.waker().clone()));
            match std::mem::replace(&mut *state, waits) {
                State::Waits(_) => Poll::Pending,
                State::Leads => Poll::Ready(None),
                State::Done(answer) => Poll::Ready(Some(answer)),
            }
        })
        .await
    }

    /// The answer of one who is never told to lead.
    #[cfg(feature = "tokio")]
    pub(super) async fn done(&self) -> Attempt<A> {
        loop {
            if let Some(answer) = self.turn().await {
                return answer;
            }
        }
    }
}

impl<A: Send> Turn for Seat<A> {
    fn lead(&self) {
        self.set(State::Leads);
    }
}
