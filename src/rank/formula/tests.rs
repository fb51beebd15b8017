//! Formulas against a naive reading of them.
