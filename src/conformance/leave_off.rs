//! Futures that are dropped before they are ready.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Polls the future so many times, and drops it then; what it gave, if it was ready by then. In
/// between, others get their turn.
pub(super) async fn leave_off<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    })
    .await
}
