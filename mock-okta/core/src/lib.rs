//! The mock org without I/O.
