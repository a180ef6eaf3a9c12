//! The programs of the workspace, as cargo builds them beside these tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::SystemTime;
use std::{env, fs};

/// Tests that find a program out of date build it one after the other.
static BUILDING: Mutex<()> = Mutex::new(());

/// A program by its name, built from the sources as they are now.
///
/// `cargo test` of the whole workspace has built it already; `cargo test -p conformance-tests` may not have.
pub fn path(name: &str) -> PathBuf {
    let program = beside_tests().join(format!("{name}{}", env::consts::EXE_SUFFIX));
    let _turn = BUILDING.lock().expect("no build panics");
    if !is_up_to_date(&program) {
        build();
    }
    program
}

/// `target/debug` or `target/release`: tests and benches lie in `deps` below it.
fn beside_tests() -> PathBuf {
    let own = env::current_exe().expect("a path");
    let folder = own.parent().and_then(Path::parent);
    folder.expect("it lies in deps").to_owned()
}

/// Whether no source that it was made of is newer. Cargo lists them in a file beside it: `program: source source …`.
fn is_up_to_date(program: &Path) -> bool {
    let Some(built) = modified(program) else {
        return false;
    };
    let Ok(list) = fs::read_to_string(program.with_extension("d")) else {
        return false;
    };
    let sources = list.split_once(": ").map_or("", |(_, sources)| sources);
    // A blank in a path is written with a backslash.
    let sources = sources.replace("\\ ", "\0");
    let mut sources = sources.split_whitespace();
    sources.all(|source| {
        modified(Path::new(&source.replace('\0', " "))).is_some_and(|changed| changed <= built)
    })
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

/// Builds what `cargo test` builds, so that its programs and these are the same and nothing is built twice.
fn build() {
    let folder = beside_tests();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["test", "--workspace", "--no-run", "--target-dir"])
        .arg(folder.parent().expect("target"))
        .current_dir(crate::repo::root());
    if folder.ends_with("release") {
        command.arg("--release");
    }
    let built = command.status().expect("cargo runs");
    assert!(built.success(), "the programs cannot be built");
}
