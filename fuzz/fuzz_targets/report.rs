//! What becomes of an input is in `tests/support/fuzz/report.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| conformance_tests::fuzz::run("report", input));
