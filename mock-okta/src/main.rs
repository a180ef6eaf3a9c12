//! The server `mock-okta`.

mod cli;

/// Every request makes and drops hundreds of small values: an exchange costs a twentieth less than with the allocator of
/// the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
