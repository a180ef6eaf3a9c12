//! The command `atx`.

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::cli::main().into()
}
