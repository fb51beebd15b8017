//! Documents, good and bad.
