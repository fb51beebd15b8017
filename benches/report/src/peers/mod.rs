//! What the peers (`benches/peers`) find out: written down by them, shown by them and by the page.

mod chart;
mod outcome;
mod quantiles;
mod table;

pub use self::chart::draw;
pub use self::outcome::{Cost, Figures, Memory, Mix, Outcome, Posts, Reads, Run};
pub use self::quantiles::{Quantiles, median, microseconds};
pub use self::table::{NOTES, markdown};
