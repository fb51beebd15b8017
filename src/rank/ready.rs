//! Rankings that are ready: documents to begin with, to read, and to change.
//!
//! ```
//! use anabranch::rank::Document;
//! use anabranch::rank::ready;
//!
//! for text in [ready::CHRONOLOGICAL, ready::LIVELY, ready::CLOSE] {
//!     let document: Document = text.parse()?;
//!     assert!(!document.about.is_empty());
//! }
//! # Ok::<(), anabranch::Error>(())
//! ```

/// The newest first, and nobody fills the page.
pub const CHRONOLOGICAL: &str = include_str!("../../rankings/chronological.json");

/// What is talked about now, above all by people one deals with.
pub const LIVELY: &str = include_str!("../../rankings/lively.json");

/// What people and groups that are close do, and what has been seen sinks.
pub const CLOSE: &str = include_str!("../../rankings/close.json");
