//! Whether there is a browser to test the HTML report with, as `tests/browser/install.sh` says, and what the guides in
//! docs/ call. Without them those tests are ignored with their reason, because a test that did not run must not count as
//! passed.

use std::process::Command;
use std::{env, fs};

fn main() {
    tools();
    browser();
}

/// The programs that the guides call and that not every machine has.
fn tools() {
    println!("cargo::rustc-check-cfg=cfg(has_guides_tools)");
    println!("cargo::rerun-if-env-changed=PATH");
    let is_there = |(program, argument): (&str, &str)| {
        let asked = Command::new(program).arg(argument).output();
        asked.is_ok_and(|output| output.status.success())
    };
    let tools = [
        ("bash", "--version"),
        ("curl", "--version"),
        ("openssl", "version"),
    ];
    if env::consts::FAMILY == "unix" && tools.into_iter().all(is_there) {
        println!("cargo::rustc-cfg=has_guides_tools");
    }
}

fn browser() {
    println!("cargo::rustc-check-cfg=cfg(has_browser)");
    // The folder, because the file may not be there: a missing file would make every build a fresh one.
    println!("cargo::rerun-if-changed=browser");
    println!("cargo::rerun-if-changed=build.rs");
    let Ok(installed) = fs::read_to_string("browser/installed.env") else {
        return;
    };
    let mut found = 0;
    for (name, value) in installed.lines().filter_map(|line| line.split_once('=')) {
        println!("cargo::rustc-env=BROWSER_{name}={value}");
        found += usize::from(fs::metadata(value).is_ok());
    }
    if found == 3 && env::consts::FAMILY == "unix" {
        println!("cargo::rustc-cfg=has_browser");
    }
}
