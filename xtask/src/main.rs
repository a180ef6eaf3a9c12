//! Chores of the repository. `cargo xtask` lists them.
//!
//! It depends on nothing of ours and builds in seconds: it runs cargo and `atx`, and writes or judges what they say.

mod deny;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

/// A generated file: where it stands and the command that prints it.
const GENERATED: [(&str, &str, &[&str]); 6] = [
    // `atx` contains this one, so it comes first.
    ("schemas/org.json", "mock-okta", &["schema"]),
    ("schemas/target.json", "atx", &["schema", "target"]),
    ("scenarios/schema.json", "atx", &["schema", "scenario"]),
    (
        "scenarios/invariants.schema.json",
        "atx",
        &["schema", "invariants"],
    ),
    ("reports/schema.json", "atx", &["schema", "report"]),
    ("reports/doctor.schema.json", "atx", &["schema", "doctor"]),
];

const USAGE: &str = "\
Usage: cargo xtask <CHORE>

  ci                 everything that CI runs (.ci/run)
  generate           write the generated files again
  generate --check   fail when one of them is not current
  deny               fail when a dependency is not what deny.toml allows: licences, bans, sources
  accept             take the snapshots of this run of the tests as right; look at `git diff` afterwards
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["ci"] => run(&mut Command::new(root().join(".ci/run"))),
        ["generate"] => generate(false),
        ["generate", "--check"] => generate(true),
        ["deny"] => deny(),
        ["accept"] => run(cargo()
            .arg("test")
            .env("INSTA_UPDATE", "always")
            .env("INSTA_FORCE_PASS", "1")),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nobody is left to be told when this fails.
            let _ = writeln!(io::stderr(), "{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// Writes each generated file, or says which differ.
fn generate(check: bool) -> Result<(), String> {
    let mut stale = String::new();
    for (file, name, arguments) in GENERATED {
        let current = output(Command::new(program(name)?).args(arguments))?;
        let path = root().join(file);
        if check {
            let written = fs::read(&path).map_err(|error| shown(&path, &error))?;
            if written != current {
                let _ = writeln!(stale, "{file} is not current: run `cargo xtask generate`");
            }
        } else {
            fs::write(&path, current).map_err(|error| shown(&path, &error))?;
        }
    }
    if stale.is_empty() { Ok(()) } else { Err(stale) }
}

/// Says which dependencies are not what deny.toml allows.
fn deny() -> Result<(), String> {
    let path = root().join("deny.toml");
    let rules = fs::read_to_string(&path).map_err(|error| shown(&path, &error))?;
    let metadata = output(cargo().args(deny::METADATA))?;
    let failures = deny::check(&metadata, &rules)?;
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures.join("\n"))
    }
}

/// Builds a program beside us, of the same parts as `cargo test` does.
fn program(name: &str) -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| format!("no path of our own: {error}"))?;
    let mut command = cargo();
    // There are no examples, but whoever names them gets the dependencies with the features that tests ask for. Without
    // it cargo would build most of them once more, with fewer.
    command.args(["build", "--quiet", "--bin", name, "--examples"]);
    // Wherever we lie, the program that is asked is the one that was built now.
    if let Some(folder) = own.parent() {
        if folder.ends_with("release") {
            command.arg("--release");
        }
        if let Some(target) = folder.parent() {
            command.arg("--target-dir").arg(target);
        }
    }
    run(&mut command)?;
    Ok(own.with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// What a command prints on stdout.
fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("{command:?} failed"))
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?} failed"))
    }
}

/// The cargo that runs us, in the root of the repository.
fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

fn shown(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
