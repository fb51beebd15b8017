//! The kit that proves a store, or timelines: every rule of their docs as a case that can fail.
//!
//! Whoever writes an adapter enables the feature `conformance` for tests, and writes one line:
//!
//! ```
//! use anabranch::store::Memory;
//!
//! anabranch::conformance!(memory, Memory::new);
//! # fn main() {}
//! ```
//!
//! That makes a module `memory` with one test for each case, so that `cargo test` names what is
//! wrong. [`conformance!`](crate::conformance!) has the other forms: each trait by itself,
//! timelines, a runtime, stores that last. The functions here run the same cases in one go and give
//! a [`Report`]. [`adapters`](crate::adapters) tells how to write a store that passes.
//!
//! A case that fails says what was done, what was expected, what came, which rule that breaks, and
//! what people would notice. Cases take no time from a clock and sleep nowhere; those of threads
//! find a race only if it happens, so a failure that comes and goes is one.
//!
//! The cases of a store need nothing but its traits. Those that leave futures off, and those with
//! threads, drive the futures by `block_on`, like all others.

mod activities;
mod asked;
mod bench;
mod failure;
mod faulty;
mod given;
mod json;
mod leave_off;
mod macros;
mod marks;
pub(crate) mod numbers;
mod relations;
mod reopening;
mod report;
mod suite;
#[cfg(test)]
mod tests;
mod timelines;
mod whole;

pub use self::bench::Job;
pub use self::failure::Failure;
pub use self::faulty::{Calls, Fault, Faulty};
pub use self::report::{Outcome, Report};
pub use self::suite::{Suite, activities, marks, relations, store, timelines};
