//! The server `mock-okta`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
