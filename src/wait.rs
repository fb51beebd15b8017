//! The bridge for hosts without an async runtime.

use std::cell::Cell;
use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Runs a future to its end on this thread, and parks the thread while it waits.
///
/// With the stores and timelines of this crate that keep everything in memory a future is
/// ready at once, so that this costs a few nanoseconds. Do not call it inside an async
/// task: it would block the runtime's thread.
///
/// ```
/// use anabranch::{Activity, ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// let published = wait(feeds.publish(Activity::by(ActorId::named("anna")).object("hello")))?;
/// assert!(published.is_new);
/// # Ok::<(), anabranch::Error>(())
/// ```
pub fn wait<F: IntoFuture>(future: F) -> F::Output {
    let _waiting = Waiting::begin();
    let mut future = pin!(future.into_future());
    // Nobody needs to be woken for what is ready at once.
    if let Poll::Ready(output) = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        return output;
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// Whether this thread waits for a future: then it may as well do what blocks by itself.
#[cfg(feature = "tokio")]
pub(crate) fn is_waiting() -> bool {
    WAITS.get() > 0
}

thread_local! {
    /// How many waits are under way on this thread, one within the other.
    static WAITS: Cell<usize> = const { Cell::new(0) };
}

struct Waiting;

impl Waiting {
    fn begin() -> Self {
        WAITS.set(WAITS.get() + 1);
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITS.set(WAITS.get().saturating_sub(1));
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::task::Poll;

    use super::*;

    #[test]
    fn it_waits_for_a_future_that_another_thread_wakes() {
        let (to_waker, wakers) = mpsc::channel::<Waker>();
        let other = thread::spawn(move || wakers.into_iter().for_each(Waker::wake));
        let mut polls = 0;
        let answer = wait(std::future::poll_fn(|context| {
            polls += 1;
            if polls > 3 {
                return Poll::Ready("done");
            }
            to_waker.send(context.waker().clone()).unwrap();
            Poll::Pending
        }));
        drop(to_waker);
        other.join().unwrap();
        assert_eq!((answer, polls), ("done", 4));
    }
}
