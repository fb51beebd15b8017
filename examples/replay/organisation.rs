//! A made-up organisation.
use super::mail::Line;
pub fn lines(_seed: u64) -> Vec<Line> {
    Vec::new()
}
