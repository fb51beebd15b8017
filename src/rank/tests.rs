//! The whole of a ranking, on candidates that are made up.
