//! What cases run on: new stores, a way to run futures, threads.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::failure::{Finding, Verdict};
use crate::wait::wait;

/// A piece of work to be run to its end, as a host's runtime takes it.
pub type Job<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

type BlockOn = dyn Fn(Job<'_>) + Send + Sync;

/// Makes stores (or timelines), and runs what is done with them.
pub(super) struct Bench<S> {
    make: Box<dyn Fn() -> S>,
    pub(super) block_on: Box<BlockOn>,
    pub(super) reopen: Option<Box<dyn Fn(S) -> S>>,
}

impl<S> Bench<S> {
    pub(super) fn new(make: impl Fn() -> S + 'static) -> Self {
        Self {
            make: Box::new(make),
            block_on: Box::new(|job| wait(job)),
            reopen: None,
        }
    }

    /// A new one, with nothing in it.
    pub(super) fn empty(&self) -> S {
        (self.make)()
    }

    /// The same one, closed and opened again.
    pub(super) fn reopened(&self, store: S) -> S {
        match &self.reopen {
            Some(reopen) => reopen(store),
            None => store,
        }
    }

    pub(super) fn run<T: Send>(&self, work: impl Future<Output = Verdict<T>> + Send) -> Verdict<T> {
        run(&self.block_on, work)
    }

    /// Does the work in so many threads at once, each with its number.
    pub(super) fn in_threads<T: Send, F: Future<Output = Verdict<T>> + Send>(
        &self,
        threads: u64,
        work: impl Fn(u64) -> F + Sync,
    ) -> Verdict<Vec<T>> {
        let (block_on, work) = (&self.block_on, &work);
        // They begin together, so that they meet.
        let start = &Barrier::new(usize::try_from(threads).unwrap_or(usize::MAX));
        thread::scope(|scope| {
            let begin = |number| {
                move || {
                    start.wait();
                    run(block_on, work(number))
                }
            };
            let all: Vec<_> = (0..threads)
                .map(|number| scope.spawn(begin(number)))
                .collect();
            // All are joined, also where an early one failed.
            let verdicts: Vec<_> = all.into_iter().map(|thread| thread.join()).collect();
            verdicts
                .into_iter()
                .map(|verdict| verdict.unwrap_or_else(|panic| Err(panicked(&*panic))))
                .collect()
        })
    }
}

impl<S> fmt::Debug for Bench<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench").finish_non_exhaustive()
    }
}

fn run<T: Send>(block_on: &BlockOn, work: impl Future<Output = Verdict<T>> + Send) -> Verdict<T> {
    let mut verdict = None;
    block_on(Box::pin(async { verdict = Some(work.await) }));
    verdict.unwrap_or_else(|| {
        Err(Finding::new(
            "`block_on` was given a future",
            "that it returns once the future is ready",
            "it returned before",
        ))
    })
}

/// What the work comes to; a panic is a finding like any other.
pub(super) fn caught(work: impl FnOnce() -> Verdict) -> Verdict {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

fn panicked(panic: &(dyn Any + Send)) -> Finding {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    Finding::new(
        "the case was run",
        "that nothing panics",
        format_args!("a panic: {}", text.unwrap_or_default()),
    )
}

/// Tells others that a thread has come to its end, be it by an error or a panic.
#[derive(Debug, Default)]
pub(super) struct End(AtomicBool);

impl End {
    pub(super) fn has_come(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// To be held for as long as there is something to do.
    pub(super) const fn comes_with_this(&self) -> impl Drop + '_ {
        struct Comes<'a>(&'a AtomicBool);
        impl Drop for Comes<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        Comes(&self.0)
    }
}

/// Counts the looks of those who watch somebody write.
#[derive(Debug, Default)]
pub(super) struct Looks(AtomicUsize);

impl Looks {
    pub(super) fn begin(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// Gives the others the time to begin one, so that whoever writes fast is not done before they have looked. Not
    /// for ever: they may have found something already.
    pub(super) fn let_begin(&self) {
        const PATIENCE: usize = 100;
        let before = self.0.load(Ordering::SeqCst);
        for _ in 0..PATIENCE {
            if self.0.load(Ordering::SeqCst) != before {
                break;
            }
            thread::yield_now();
        }
    }
}
