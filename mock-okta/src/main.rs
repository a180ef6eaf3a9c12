//! The server `mock-okta`.

mod cli;

/// Under a flood entries of many lengths come and go. With the system's allocator a request cost a tenth more after a
/// million requests than at first: it searches the holes that they leave.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
