//! The kit run on what is built in, and on what is built wrong.

mod built_in;
mod named;
mod report;
mod wrong_store;
mod wrong_timelines;
