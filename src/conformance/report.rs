//! What came of running all cases.

use std::fmt;

use super::failure::Failure;

/// What came of running all cases, in their order. [`Display`](fmt::Display) writes it as a table,
/// with the reasons below it.
///
/// ```
/// use anabranch::{conformance, store::Memory};
///
/// let report = conformance::marks(Memory::new).run();
/// assert!(report.is_ok(), "{report}");
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) outcomes: Vec<Outcome>,
}

/// What came of one case.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub(super) case: &'static str,
    pub(super) rule: &'static str,
    pub(super) failure: Option<Failure>,
}

impl Report {
    /// Whether every case passed.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.failures().next().is_none()
    }

    /// What came of each case.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter()
    }

    /// Why those failed that did.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.outcomes().filter_map(Outcome::failure)
    }
}

impl Outcome {
    /// The name of the case.
    #[must_use]
    pub const fn case(&self) -> &'static str {
        self.case
    }

    /// The rule of the trait's docs that it proves.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        self.rule
    }

    /// Why it failed; `None` where it passed.
    #[must_use]
    pub const fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = |text: fn(&Outcome) -> &str, title: &str| {
            let widths = self.outcomes().map(|outcome| text(outcome).chars().count());
            widths.chain([title.len()]).max().unwrap_or(0)
        };
        let (case, rule) = (
            widest(|one| one.case, "case"),
            widest(|one| one.rule, "rule"),
        );
        writeln!(f, "{:case$}  {:rule$}  outcome", "case", "rule")?;
        for outcome in self.outcomes() {
            let came = match outcome.failure() {
                Some(_) => "FAILED",
                None => "passed",
            };
            writeln!(f, "{:case$}  {:rule$}  {came}", outcome.case, outcome.rule)?;
        }
        for failure in self.failures() {
            writeln!(f, "\n{failure}")?;
        }
        let (all, failed) = (self.outcomes.len(), self.failures().count());
        write!(f, "\n{} of {all} cases passed", all - failed)
    }
}
