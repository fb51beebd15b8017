//! What people get to read.

use std::future::pending;

use crate::conformance;
use crate::error::{Error, ErrorKind, Result};
use crate::id::ActivityId;
use crate::store::{MarkKey, MarkStore, Memory};

/// Marks that fail in every way there is.
struct Bad(Memory);

impl MarkStore for Bad {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Option<ActivityId>>> {
        assert!(keys.len() != 999, "the adapter gave up");
        self.0.marks(keys).await
    }

    async fn set_mark(
        &self,
        key: &MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Result<bool> {
        if now.is_none() {
            let message = "marks cannot be taken back";
            return Err(Error::new(ErrorKind::Unsupported, "set_mark", message));
        }
        self.0.set_mark(key, was, now).await
    }
}

#[test]
fn a_report_survives_panics_and_says_what_is_wrong() {
    let report = conformance::marks(|| Bad(Memory::new())).run();
    let failed: Vec<&str> = report.failures().map(conformance::Failure::case).collect();
    assert_eq!(
        failed,
        [
            "marks_takes_batches_of_any_length",
            "a_mark_is_set_only_where_it_is_as_expected",
            "a_repeated_set_mark_answers_false",
        ]
    );
    assert!(!report.is_ok());
    let text = report.to_string();
    for part in [
        "  outcome\n",
        "marks_are_answered_in_order_with_none_for_what_is_absent  ",
        "  passed\n",
        "  FAILED\n",
        "came:     a panic: the adapter gave up\n",
        "came:     the error `unsupported`: set_mark: marks cannot be taken back\n",
        "  rule:     marks: one answer for each\n",
        "\n4 of 7 cases passed",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn a_block_on_that_returns_too_early_is_a_failure() {
    let report = conformance::marks(Memory::new)
        .block_on(|job| drop(job))
        .run();
    assert_eq!(report.failures().count(), report.outcomes().count());
}

#[test]
fn a_future_that_is_never_ready_can_be_left_off() {
    let suite = conformance::marks(Memory::new);
    let left = crate::wait(crate::conformance::leave_off::leave_off(3, pending::<()>()));
    assert_eq!(left, None);
    assert!(suite.check("no such case").is_err());
}
