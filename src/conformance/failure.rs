//! Why a case failed.

use std::fmt::{self, Debug, Display};

use crate::error::Error;

/// The most of a value that a message shows, in characters: some cases write a megabyte.
const SHOWN: usize = 1_500;

/// Why one case failed: what was done, what was expected, what came, which rule that breaks and
/// what people would notice of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    pub(super) case: &'static str,
    pub(super) rule: &'static str,
    pub(super) seen: &'static str,
    pub(super) finding: Finding,
}

impl Failure {
    /// The name of the case.
    #[must_use]
    pub const fn case(&self) -> &'static str {
        self.case
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the case `{}` failed", self.case)?;
        writeln!(f, "  done:     {}", self.finding.done)?;
        writeln!(f, "  expected: {}", self.finding.expected)?;
        writeln!(f, "  came:     {}", self.finding.came)?;
        writeln!(f, "  rule:     {}", self.rule)?;
        write!(f, "  broken:   {}", self.seen)
    }
}

/// As [`Display`]: this is what the test harness shows of a test that returns an error.
impl Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}

/// What a case found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) done: String,
    pub(super) expected: String,
    pub(super) came: String,
}

/// What a case comes to.
pub(super) type Verdict<T = ()> = Result<T, Finding>;

impl Finding {
    pub(super) fn new(done: impl Display, expected: impl Display, came: impl Display) -> Self {
        Self {
            done: done.to_string(),
            expected: cut(expected.to_string()),
            came: cut(came.to_string()),
        }
    }
}

impl From<Error> for Finding {
    fn from(error: Error) -> Self {
        Self::new(
            format_args!("the call `{}`", error.operation()),
            "an answer: absence is no error",
            format_args!("the error `{}`: {error}", error.kind()),
        )
    }
}

/// That what came is what was expected.
pub(super) fn same<A: PartialEq<B> + Debug, B: Debug>(
    done: impl Display,
    came: A,
    expected: B,
) -> Verdict {
    if came == expected {
        return Ok(());
    }
    let (came, expected) = (format!("{came:?}"), format!("{expected:?}"));
    let alike = came
        .char_indices()
        .zip(expected.chars())
        .take_while(|((_, one), other)| one == other);
    // What differs is shown, with a little of what comes before it.
    let from = alike.map(|((at, _), _)| at).last().unwrap_or(0);
    Err(Finding::new(done, tail(&expected, from), tail(&came, from)))
}

/// The answer to what was done; where there is none, the message says so of it, and not of the call alone.
pub(super) fn answered<T>(done: impl Display, answer: crate::error::Result<T>) -> Verdict<T> {
    answer.map_err(|error| Finding {
        done: done.to_string(),
        ..error.into()
    })
}

/// That something holds, where no value says what was expected.
pub(super) fn holds(
    done: impl Display,
    is_so: bool,
    expected: impl Display,
    came: impl Debug,
) -> Verdict {
    if is_so {
        return Ok(());
    }
    Err(Finding::new(done, expected, format_args!("{came:?}")))
}

/// The one answer to a batch of one.
pub(super) fn only<T: Debug>(done: impl Display, mut answers: Vec<T>) -> Verdict<T> {
    match (answers.len(), answers.pop()) {
        (1, Some(answer)) => Ok(answer),
        (count, _) => Err(Finding::new(
            done,
            "one answer for one question",
            format_args!("{count} answers"),
        )),
    }
}

/// The text, without most of its first `alike` bytes where it is too long to be shown whole.
fn tail(text: &str, alike: usize) -> String {
    const BEFORE: usize = 200;
    let skipped = text
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| at + BEFORE < alike)
        .last();
    match skipped.and_then(|at| text.get(at..)) {
        Some(rest) if text.len() > SHOWN => format!("…{rest}"),
        _ => text.to_owned(),
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => {
            let shown = text.get(..end).unwrap_or_default();
            format!("{shown}… ({} bytes in all)", text.len())
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_shown_from_where_they_differ() {
        let (one, other) = (vec![7; 9_000], [vec![7; 9_000], vec![8]].concat());
        let finding = same("compared", &other, &one).unwrap_err();
        assert!(finding.expected.len() < 300, "{}", finding.expected);
        assert!(finding.came.ends_with("7, 7, 8]"), "{}", finding.came);
        let finding = same("compared", "é".repeat(5_000), "").unwrap_err();
        assert!(
            finding.came.ends_with("… (10002 bytes in all)"),
            "{}",
            finding.came
        );
    }
}
