//! The laws of ARCHITECTURE.md, kept by reading the source: a sentence in a document does not fail, these do.

mod aspects;
mod cycles;
mod dependencies;
mod documents;
mod files;
mod imports;
mod layers;
mod promises;
mod source;
