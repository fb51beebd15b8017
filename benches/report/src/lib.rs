//! Makes `BENCHMARKS.md` of what the measurements have left behind, and is what they share: numbers as text,
//! tables, charts, and what the peers write down.
//!
//! ```text
//! benches/report/run.sh            # measures everything, then writes the page
//! benches/report/run.sh --help
//! ```

pub mod about;
pub mod charts;
pub mod page;
pub mod peers;
pub mod scaling;
pub mod text;

mod criterion;
mod sections;
