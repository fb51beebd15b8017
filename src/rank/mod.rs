//! The order of a feed by worth.

mod trees;

pub use trees::{Output, Trees};
