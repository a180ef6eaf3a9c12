//! Files that are not UTF-8, wherever `atx` reads one: each is refused, with the encoding or with line and byte.

use std::fs;
use std::path::Path;

use super::atx;

const TARGET: &str = "\
target: mock
name: Zoë's org
authorization_servers: { org: { issuer: 'http://127.0.0.1:9' } }
clients:
  agent:
    client_id: wlp1
    auth: client_secret_post
    client_secret: { file: secret.txt }
";

fn utf16(text: &str, little_endian: bool) -> Vec<u8> {
    let order = |unit: u16| {
        if little_endian {
            unit.to_le_bytes()
        } else {
            unit.to_be_bytes()
        }
    };
    text.encode_utf16().flat_map(order).collect()
}

fn latin_1(text: &str) -> Vec<u8> {
    let byte = |one: char| u8::try_from(u32::from(one)).expect("a character of Latin-1");
    text.chars().map(byte).collect()
}

/// A text in each wrong encoding, and what is said about it.
fn wrong(text: &str) -> Vec<(Vec<u8>, &'static str)> {
    let marked = format!("\u{feff}{text}");
    vec![
        (
            utf16(text, true),
            "the file is UTF-16 (little endian), not UTF-8",
        ),
        (
            utf16(text, false),
            "the file is UTF-16 (big endian), not UTF-8",
        ),
        (
            utf16(&marked, true),
            "the file is UTF-16 (little endian), not UTF-8",
        ),
        (
            utf16(&marked, false),
            "the file is UTF-16 (big endian), not UTF-8",
        ),
        (
            latin_1(text),
            "the file is not UTF-8: line 2 has the byte 0xEB",
        ),
    ]
}

/// Writes `text` in every wrong encoding to a file, and as UTF-8 with a byte order mark, and runs a command.
fn check(path: &Path, text: &str, arguments: &[&str], with_mark: Option<i32>) {
    for (bytes, said) in wrong(text) {
        fs::write(path, bytes).expect("it can be written");
        let (code, _, stderr) = atx(arguments);
        // What is said may be broken into lines.
        let stderr = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code, Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {said}: {stderr}");
    }
    fs::write(path, format!("\u{feff}{text}")).expect("it can be written");
    let (code, _, stderr) = atx(arguments);
    assert_eq!(code, with_mark, "{arguments:?} with a mark: {stderr}");
    assert!(!stderr.contains("UTF-"), "{stderr}");
}

#[test]
fn target_files_and_the_secrets_beside_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("target.yaml");
    let secret = folder.path().join("secret.txt");
    let out = folder.path().join("out");
    let run = [
        "run",
        "metadata/org",
        "--target",
        target.to_str().expect("a path"),
        "--out",
        out.to_str().expect("a path"),
    ];
    fs::write(&secret, "s3cret-of-the-agent").expect("it can be written");
    // With a mark it is read, and nobody listens at its address.
    check(&target, TARGET, &run, Some(3));
    check(&secret, "s3cret-of-the-agent\nZoë", &run, Some(3));
    fs::write(&secret, [0x30, 0x82, 0x04, 0xbd, 0x02, 0x01]).expect("it can be written");
    let (code, _, stderr) = atx(&run);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("it is binary (DER), not text"), "{stderr}");
    assert!(stderr.contains("openssl pkey -inform DER"), "{stderr}");
}

#[test]
fn scenarios_and_what_stands_beside_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let list = ["list", "--scenarios", root.to_str().expect("a path")];
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/metadata/org.yaml");
    let shipped = fs::read_to_string(shipped).expect("a scenario");
    let (first, rest) = shipped.split_once('\n').expect("two lines");
    // A comment in the second line, in which something is wrong.
    let scenario = format!("{first}\n# Zoë\n{rest}");
    fs::create_dir(root.join("metadata")).expect("a folder");
    let file = root.join("metadata/org.yaml");
    check(&file, &scenario, &list, Some(0));
    fs::write(&file, &shipped).expect("it can be written");
    for (name, text) in [
        ("shared.yaml", "# one\n# Zoë\n{}\n"),
        ("excluded.yaml", "# one\n# Zoë\n[]\n"),
        ("invariants.yaml", "# one\n# Zoë\nrules: []\n"),
    ] {
        let file = root.join(name);
        for (bytes, said) in wrong(text) {
            fs::write(&file, bytes).expect("it can be written");
            let (code, _, stderr) = atx(&list);
            assert_eq!(code, Some(2), "{name}: {stderr}");
            assert!(stderr.contains(said), "{name}: {said}: {stderr}");
        }
        fs::remove_file(&file).expect("it can be removed");
    }
}

#[test]
fn baselines_and_stored_reports() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (baseline, report, out) = (path("known.yaml"), path("report.json"), path("out"));
    let run = [
        "run",
        "metadata/org",
        "--baseline",
        &baseline,
        "--out",
        &out,
    ];
    for (bytes, said) in wrong("# one\n# Zoë\n") {
        fs::write(&baseline, bytes).expect("it can be written");
        let (code, _, stderr) = atx(&run);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains(said), "{said}: {stderr}");
        assert!(!stderr.contains("makes one from the last run"), "{stderr}");
    }
    let (code, _, stderr) = atx(&["run", "metadata/org", "--out", &out]);
    assert_eq!(code, Some(0), "{stderr}");
    let written = fs::read_to_string(Path::new(&out).join("report.json")).expect("a report");
    let (first, rest) = written.split_once('\n').expect("two lines");
    let spoilt = format!("{first}\n  \"note\": \"Zoë\",\n{rest}");
    let from = ["report", "--from", &report, "--format", "json"];
    for (bytes, said) in wrong(&spoilt) {
        fs::write(&report, bytes).expect("it can be written");
        let (code, _, stderr) = atx(&from);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains(said), "{said}: {stderr}");
    }
    fs::write(&report, format!("\u{feff}{written}")).expect("it can be written");
    let (code, _, stderr) = atx(&from);
    assert_eq!(code, Some(0), "{stderr}");
}
