//! Behaviour tests live in `it/`; this package has no library of its own.
