//! Cases, and how they are run.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use super::bench::{Bench, Job, caught};
use super::failure::{Failure, Finding, Verdict};
use super::reopening;
use super::report::{Outcome, Report};
use crate::store::{ActivityStore, MarkStore, RelationStore, Store};
use crate::timelines::Timelines;

pub(super) type Pending<'a> = Pin<Box<dyn Future<Output = Verdict> + Send + 'a>>;

/// One behaviour that is tried.
pub(super) struct Case<S> {
    pub(super) name: &'static str,
    /// The rule that it proves.
    pub(super) rule: &'static str,
    /// What breaks where the rule does not hold.
    pub(super) seen: &'static str,
    pub(super) run: Run<S>,
}

/// How a case is run.
pub(super) enum Run<S> {
    /// On one new store.
    Async(for<'a> fn(&'a S) -> Pending<'a>),
    /// By itself: with threads, with several stores.
    Alone(fn(&Bench<S>) -> Verdict),
}

/// The cases for one kind of store or timelines, and how to run them.
///
/// ```
/// use anabranch::{conformance, store::Memory, wait};
///
/// let report = conformance::relations(Memory::new).block_on(|future| wait(future)).run();
/// assert!(report.is_ok(), "{report}");
/// ```
#[must_use = "a suite does nothing until it is run"]
pub struct Suite<S> {
    bench: Bench<S>,
    cases: Vec<Case<S>>,
}

/// The cases of a whole [`Store`]. `make` gives a new one each time, with nothing in it.
///
/// ```
/// use anabranch::{conformance, store::Memory};
///
/// let suite = conformance::store(Memory::new);
/// assert!(suite.cases().count() > 90);
/// ```
pub fn store<S: Store>(make: impl Fn() -> S + 'static) -> Suite<S> {
    let mut cases = super::activities::cases();
    cases.extend(super::relations::cases());
    cases.extend(super::marks::cases());
    cases.extend(super::whole::cases());
    Suite::new(make, cases)
}

/// The cases of an [`ActivityStore`] by itself.
pub fn activities<S: ActivityStore>(make: impl Fn() -> S + 'static) -> Suite<S> {
    Suite::new(make, super::activities::cases())
}

/// The cases of a [`RelationStore`] by itself.
pub fn relations<S: RelationStore>(make: impl Fn() -> S + 'static) -> Suite<S> {
    Suite::new(make, super::relations::cases())
}

/// The cases of a [`MarkStore`] by itself.
pub fn marks<S: MarkStore>(make: impl Fn() -> S + 'static) -> Suite<S> {
    Suite::new(make, super::marks::cases())
}

/// The cases of [`Timelines`]. `make` gives new ones each time, with nothing in them.
pub fn timelines<T: Timelines>(make: impl Fn() -> T + 'static) -> Suite<T> {
    Suite::new(make, super::timelines::cases())
}

impl<S> Suite<S> {
    fn new(make: impl Fn() -> S + 'static, cases: Vec<Case<S>>) -> Self {
        Self {
            bench: Bench::new(make),
            cases,
        }
    }

    /// How to run a future to its end, for adapters that need a runtime; [`wait`](crate::wait())
    /// unless said. It is called from several threads at once.
    pub fn block_on(mut self, block_on: impl Fn(Job<'_>) + Send + Sync + 'static) -> Self {
        self.bench.block_on = Box::new(block_on);
        self
    }

    /// The names of the cases, in the order in which they run.
    pub fn cases(&self) -> impl Iterator<Item = &'static str> {
        self.cases.iter().map(|case| case.name)
    }

    /// Runs all cases. A case that panics has failed, and the next one is run.
    #[must_use]
    pub fn run(&self) -> Report {
        let outcomes = self.cases.iter().map(|case| Outcome {
            case: case.name,
            rule: case.rule,
            failure: self.run_case(case).err(),
        });
        Report {
            outcomes: outcomes.collect(),
        }
    }

    /// Runs one case, found by its name: what each test of the macro does.
    ///
    /// # Errors
    /// Why it failed, or that there is no such case.
    pub fn check(&self, name: &'static str) -> Result<(), Failure> {
        match self.cases.iter().find(|case| case.name == name) {
            Some(case) => self.run_case(case),
            None => Err(Failure {
                case: name,
                rule: "each test names a case",
                seen: "nothing was tried",
                finding: Finding::new("looked for the case", "that there is one", "none"),
            }),
        }
    }

    fn run_case(&self, case: &Case<S>) -> Result<(), Failure> {
        let verdict = caught(|| match case.run {
            Run::Async(run) => {
                let store = self.bench.empty();
                let job: Pin<Box<dyn Future<Output = Verdict> + Send + '_>> = run(&store);
                self.bench.run(job)
            }
            Run::Alone(run) => run(&self.bench),
        });
        verdict.map_err(|finding| Failure {
            case: case.name,
            rule: case.rule,
            seen: case.seen,
            finding,
        })
    }
}

impl<S: Store> Suite<S> {
    /// Adds the cases of stores that last: `reopen` closes the store and opens it again.
    ///
    /// ```
    /// use anabranch::{conformance, store::Memory};
    ///
    /// let suite = conformance::store(Memory::new);
    /// let before = suite.cases().count();
    /// assert!(suite.reopen(|store| store).cases().count() > before);
    /// ```
    pub fn reopen(mut self, reopen: impl Fn(S) -> S + 'static) -> Self {
        self.bench.reopen = Some(Box::new(reopen));
        self.cases.extend(reopening::cases());
        self
    }
}

impl<S> fmt::Debug for Suite<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite")
            .field("cases", &self.cases.len())
            .finish_non_exhaustive()
    }
}
