//! Writes wait here for a leader: one of those who wait commits for itself and, where commits are
//! shared, for all the others.
//!
//! Nobody leads while nothing waits. Whoever comes then leads; when its own write is done it hands
//! the lead on, so that no caller works for others for long. A caller on a thread of its own sleeps until it is
//! done or leads; a caller inside tokio does not sleep, and a thread of tokio's pool leads in its place.
//!
//! All threads of that pool may be busy, perhaps even sleep here. So a thread that sleeps is told to lead before the
//! pool is, and one that comes while the lead waits for the pool takes it over.

use std::collections::VecDeque;
#[cfg(feature = "tokio")]
use std::sync::Weak;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::super::key_value::{Outcome, RowsMut};
use super::damage::Attempt;
use super::seat::{Seat, Turn};
use super::write::{Waiting, Write};
use crate::error::Result;
use crate::wait::wait;

/// Does writes in one transaction, each as soon as it comes, and gives them back with what came of them.
pub(super) trait Commit: Send + Sync + 'static {
    fn commit(
        &self,
        comers: &mut dyn Iterator<Item = Box<dyn Waiting>>,
    ) -> Vec<(Box<dyn Waiting>, Attempt<()>)>;
}

pub(super) struct Queue<C> {
    pub(super) under: C,
    /// How many share a commit.
    most: usize,
    state: Mutex<State>,
    bell: Arc<Bell>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Box<dyn Waiting>>,
    /// How many of those are threads that sleep: the others need not be searched for one.
    sleepers: usize,
    is_led: bool,
    /// Whether whoever leads waits for a thread of the pool: then anybody else may.
    is_pooled: bool,
    /// How many the present or last commit is made for.
    served: usize,
    /// Those, and who came meanwhile. All of them are likely to come again.
    crowd: usize,
}

impl State {
    fn push(&mut self, write: Box<dyn Waiting>) {
        self.sleepers += usize::from(write.sleeps());
        self.waiting.push_back(write);
    }

    fn pop(&mut self) -> Option<Box<dyn Waiting>> {
        let next = self.waiting.pop_front()?;
        self.sleepers -= usize::from(next.sleeps());
        Some(next)
    }

    /// The first thread of those who wait: it sleeps, and can lead at once. The pool, which may be busy for long, only
    /// where there is none.
    fn next_to_lead(&self) -> Option<Summons> {
        let next = match self.sleepers {
            0 => self.waiting.front(),
            _ => self.waiting.iter().find(|write| write.sleeps()),
        };
        next.map(|next| next.summons())
    }
}

/// How often a leader lets others run, and nobody comes, before it commits without them.
const PATIENCE: usize = 150;
/// In all, if somebody comes now and then: so that nobody is kept by those who come late.
const MOST_TURNS: usize = 4 * PATIENCE;

/// How a caller is told to lead.
#[derive(Clone)]
pub(super) enum Summons {
    Thread(Arc<dyn Turn>),
    #[cfg(feature = "tokio")]
    Pool(tokio::runtime::Handle),
}

impl<C> Queue<C> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those whose turn it is.
    fn comers(&self) -> Comers<'_, C> {
        self.state().served = 0;
        Comers {
            queue: self,
            turns: 0,
        }
    }
}

impl<C: Commit> Queue<C> {
    pub(super) fn new(under: C, most: usize) -> Arc<Self> {
        Arc::new(Self {
            under,
            most,
            state: Mutex::default(),
            bell: Arc::default(),
        })
    }

    #[cfg(test)]
    pub(super) const fn most(&self) -> usize {
        self.most
    }

    /// How many wait to be committed, those that are being so not among them.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.state().waiting.len()
    }

    #[cfg(test)]
    pub(super) fn is_led(&self) -> bool {
        self.state().is_led
    }

    /// Does a write, and gives its answer once it is committed. The write may be done twice, of which
    /// only one is kept.
    pub(super) async fn write<A: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnMut(&mut dyn RowsMut) -> Result<Outcome<A>> + Send + 'static,
    ) -> Attempt<A> {
        let seat = Arc::new(Seat::new());
        #[cfg(feature = "tokio")]
        if let Some(runtime) = runtime() {
            let summons = Summons::Pool(runtime.clone());
            let write = Write::new(act, &seat, summons);
            let mut place = Place {
                queue: self,
                seat: &seat,
                is_done: false,
            };
            if self.join(Box::new(write), true) {
                self.call_pool(&runtime);
            }
            let answer = seat.done().await;
            place.is_done = true;
            return answer;
        }
        let summons = Summons::Thread(Arc::clone(&seat) as Arc<dyn Turn>);
        let write = Write::new(act, &seat, summons);
        let leads = self.join(Box::new(write), false);
        let mut lead = leads.then(|| Lead::of(Arc::clone(self)));
        loop {
            if let Some(lead) = lead.take() {
                lead.serve();
            }
            // Asleep: one who had to be polled to lead could keep all others waiting.
            let turn = match self.most {
                1 => wait(seat.turn()),
                _ => self.bell.wait(|| seat.take()),
            };
            match turn {
                Some(answer) => return answer,
                None => lead = Some(Lead::of(Arc::clone(self))),
            }
        }
    }

    /// Waits with the others; whether the caller has to see to it that they are led, by itself or by the pool.
    fn join(&self, write: Box<dyn Waiting>, by_pool: bool) -> bool {
        let mut state = self.state();
        state.push(write);
        if !state.is_led {
            (state.is_led, state.is_pooled) = (true, by_pool);
            return true;
        }
        !by_pool && std::mem::take(&mut state.is_pooled)
    }

    /// Has a thread of the pool lead, unless another thread has taken over by then.
    #[cfg(feature = "tokio")]
    fn call_pool(self: &Arc<Self>, runtime: &tokio::runtime::Handle) {
        let call = Call(Arc::downgrade(self));
        drop(runtime.spawn_blocking(move || call.answer()));
    }
}

/// Takes those who wait, one after the other, and waits for those who are likely to come: what the first ones want is done
/// meanwhile.
struct Comers<'a, C> {
    queue: &'a Queue<C>,
    /// How often others were let run, and nobody had come.
    turns: usize,
}

impl<C> Iterator for Comers<'_, C> {
    type Item = Box<dyn Waiting>;

    fn next(&mut self) -> Option<Self::Item> {
        let last_turn = (self.turns + PATIENCE).min(MOST_TURNS);
        loop {
            let mut state = self.queue.state();
            if state.served == self.queue.most {
                return None;
            }
            if let Some(next) = state.pop() {
                state.served += 1;
                return Some(next);
            }
            if state.served >= state.crowd || self.turns == last_turn {
                return None;
            }
            drop(state);
            self.turns += 1;
            thread::yield_now();
        }
    }
}

/// The lead of a queue: whatever becomes of it, somebody else has it then, or nobody waits.
struct Lead<C: Commit> {
    of: Arc<Queue<C>>,
    has_served: bool,
    rings: Option<Ring>,
}

impl<C: Commit> Lead<C> {
    fn of(queue: Arc<Queue<C>>) -> Self {
        Self {
            rings: Some(Ring(Arc::clone(&queue.bell))),
            of: queue,
            has_served: false,
        }
    }

    fn serve(mut self) {
        self.has_served = true;
        let served = self.of.under.commit(&mut self.of.comers());
        let _rings_at_the_end = self.rings.take();
        // Let go of first: who is told may close the file and open it again.
        drop(self);
        for (write, outcome) in served {
            write.finish(outcome);
        }
    }
}

impl<C: Commit> Drop for Lead<C> {
    fn drop(&mut self) {
        // Nobody else may come to do it: then all is done here.
        while !self.has_served {
            let served = self.of.under.commit(&mut self.of.comers());
            self.has_served = self.of.state().waiting.is_empty();
            for (write, outcome) in served {
                write.finish(outcome);
            }
        }
        let mut state = self.of.state();
        let next = state.next_to_lead();
        state.is_led = next.is_some();
        #[cfg(feature = "tokio")]
        {
            state.is_pooled = matches!(next, Some(Summons::Pool(_)));
        }
        state.crowd = state.served + state.waiting.len();
        drop(state);
        match next {
            Some(Summons::Thread(seat)) => seat.lead(),
            #[cfg(feature = "tokio")]
            Some(Summons::Pool(runtime)) => self.of.call_pool(&runtime),
            None => {}
        }
    }
}

/// A lead that waits for a thread of the pool. It keeps no file open: who waits for it does.
#[cfg(feature = "tokio")]
struct Call<C: Commit>(Weak<Queue<C>>);

#[cfg(feature = "tokio")]
impl<C: Commit> Call<C> {
    fn answer(mut self) {
        if let Some(lead) = self.take() {
            lead.serve();
        }
    }

    /// The lead, if nobody has taken it over.
    fn take(&mut self) -> Option<Lead<C>> {
        let queue = std::mem::take(&mut self.0).upgrade()?;
        let is_there = std::mem::take(&mut queue.state().is_pooled);
        is_there.then(|| Lead::of(queue))
    }
}

/// A runtime that shuts down drops what it was to run: then all is done here.
#[cfg(feature = "tokio")]
impl<C: Commit> Drop for Call<C> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// Wakes all threads that share a commit by one call: with one call for each the leader took as long again
/// as for their work. Where nobody shares, each is woken by itself.
#[derive(Default)]
struct Bell {
    lock: Mutex<()>,
    rung: Condvar,
}

/// Rings when it is let go of.
struct Ring(Arc<Bell>);

impl Drop for Ring {
    fn drop(&mut self) {
        self.0.ring();
    }
}

impl Bell {
    fn ring(&self) {
        // Whoever holds it has looked and does not sleep yet.
        drop(self.lock());
        self.rung.notify_all();
    }

    /// Sleeps until there is something.
    fn wait<A>(&self, mut look: impl FnMut() -> Option<A>) -> A {
        let mut lock = self.lock();
        loop {
            if let Some(found) = look() {
                return found;
            }
            lock = self.rung.wait(lock).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue of one who does not sleep there.
#[cfg(feature = "tokio")]
struct Place<'a, C: Commit, A> {
    queue: &'a Queue<C>,
    seat: &'a Arc<Seat<A>>,
    is_done: bool,
}

/// Who leaves takes the write along. If it is just being committed, it is waited for: it is not left open
/// whether it happens after all.
#[cfg(feature = "tokio")]
impl<C: Commit, A> Drop for Place<'_, C, A> {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let taken_along = {
            let mut state = self.queue.state();
            let seat = Arc::as_ptr(self.seat).cast();
            let place = state.waiting.iter().position(|write| write.is_of(seat));
            place.and_then(|place| state.waiting.remove(place))
        };
        if taken_along.is_none() {
            drop(wait(self.seat.done()));
        }
    }
}

/// The runtime whose thread this is, unless the caller has given the thread away for the time being.
#[cfg(feature = "tokio")]
fn runtime() -> Option<tokio::runtime::Handle> {
    if crate::wait::is_waiting() {
        return None;
    }
    tokio::runtime::Handle::try_current().ok()
}
