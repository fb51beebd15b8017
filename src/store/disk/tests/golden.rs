//! Bytes that must never change.
