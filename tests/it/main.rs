//! One integration binary of many modules.
