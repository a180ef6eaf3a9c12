//! The repository that the tests belong to, as files.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold no source of ours, from the root. (`harness/src/target` is ours.)
const NOT_OURS: [&str; 4] = ["target", "fuzz/target", ".git", "reports/out"];

/// Its root.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("tests/ is in the root").to_owned()
}

/// A file of it.
pub fn read(relative: &str) -> String {
    let path = root().join(relative);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The Rust files below a folder (`.` is the root), relative to the root, with `/`, in order.
pub fn rust_files(below: &str) -> Vec<String> {
    let mut found = Vec::new();
    let folder = if below == "." {
        root()
    } else {
        root().join(below)
    };
    collect(&folder, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            if !NOT_OURS.iter().any(|name| path == root().join(name)) {
                collect(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path.strip_prefix(root()).expect("below the root");
            found.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
}
