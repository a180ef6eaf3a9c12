//! Reads YAML that people write.
