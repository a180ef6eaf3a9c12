//! The programs of the workspace, as cargo builds them beside these tests.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

/// Whether cargo was asked for the programs.
static BUILT: Once = Once::new();

/// A program by its name, built from the sources as they are now.
///
/// `cargo test` of the whole workspace has built it already; `cargo test -p conformance-tests` may not have. Only cargo
/// knows: beside a program that was built for a test it leaves no list of sources.
///
/// Where `PROGRAMS` names a folder, the programs in it are tried instead: those of a release, for what they cost.
pub fn path(name: &str) -> PathBuf {
    if let Some(folder) = env::var_os("PROGRAMS") {
        return crate::repo::root()
            .join(folder)
            .join(format!("{name}{}", env::consts::EXE_SUFFIX));
    }
    BUILT.call_once(build);
    beside_tests().join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// `target/debug` or `target/release`: tests and benches lie in `deps` below it.
fn beside_tests() -> PathBuf {
    let own = env::current_exe().expect("a path");
    let folder = own.parent().and_then(Path::parent);
    folder.expect("it lies in deps").to_owned()
}

/// Builds what `cargo test` builds, so that its programs and these are the same and nothing is built twice.
fn build() {
    let folder = beside_tests();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["test", "--quiet", "--workspace", "--no-run", "--target-dir"])
        .arg(folder.parent().expect("target"))
        .current_dir(crate::repo::root());
    if folder.ends_with("release") {
        command.arg("--release");
    }
    let built = command.status().expect("cargo runs");
    assert!(built.success(), "the programs cannot be built");
}
