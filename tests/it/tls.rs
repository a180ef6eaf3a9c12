//! Targets that speak https: a handshake that fails says which setting of the target file is wrong, and is never reported as
//! a fault of the org.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use harness::result::{Incomplete, Misconfiguration, StopCause, Verdict};
use harness::run::RunOptions;
use harness::scenario::model::Edition;
use harness::targets::config::{self, Sources};
use harness::targets::{Deployment, Limits, Target};
use mock_okta::MockOkta;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tempfile::TempDir;

use crate::support::harness_run::{run_on, scenarios};

const SETTING_OF_ORG: &str = "authorization_servers.org.issuer";

fn org() -> MockOkta {
    let builder = MockOkta::builder().tls().seed(1028).keys_ahead(false);
    builder.start_blocking().expect("the org starts")
}

fn read(text: &str, folder: &Path) -> Result<Deployment, String> {
    let sources = Sources {
        folder,
        environment: &|_| None,
    };
    config::parse("target.yaml", text, &sources).map_err(|problems| problems.to_string())
}

/// The org's target file with another `ca`.
fn with_ca(okta: &MockOkta, ca: &str) -> String {
    let text = okta.target_file();
    let (before, rest) = text.split_once("ca:\n").expect("it names its authority");
    let (_, after) = rest.split_once("edition:").expect("what follows");
    format!("{before}{ca}edition:{after}")
}

async fn run(text: &str, folder: &Path, preflight: bool) -> (Vec<Verdict>, Option<Incomplete>) {
    let deployment = read(text, folder).unwrap_or_else(|problems| panic!("{problems}"));
    let target = Target::with(deployment, Limits::default(), None).expect("an HTTP client");
    let options = RunOptions {
        preflight,
        ..RunOptions::new(Edition::E2026_10)
    };
    let some = scenarios().iter().filter(|one| one.id == "secret/who");
    let run = run_on(some.cloned().collect(), &target, &options).await;
    let verdicts = run.results.iter().map(|result| result.verdict).collect();
    (verdicts, run.incomplete)
}

/// The one mistake that ends the run before its first case.
async fn mistake(text: &str, folder: &Path) -> Misconfiguration {
    let (_, incomplete) = run(text, folder, true).await;
    let incomplete = incomplete.expect("the run does not begin");
    assert_eq!(incomplete.cause, StopCause::Preflight, "{incomplete}");
    let [mistake] = incomplete.mistakes.as_slice() else {
        panic!("{:?}", incomplete.mistakes);
    };
    mistake.clone()
}

/// Without a mistake of the file: nothing can be judged, and nothing has failed.
async fn is_trouble(text: &str, folder: &Path, preflight: bool, parts: [&str; 2]) {
    let (verdicts, incomplete) = run(text, folder, preflight).await;
    let incomplete = incomplete.expect("the run does not begin");
    assert_eq!(
        incomplete.cause,
        StopCause::TargetUnreachable,
        "{incomplete}"
    );
    for part in parts {
        assert!(incomplete.reason.contains(part), "{incomplete}");
    }
    assert!(verdicts.contains(&Verdict::Error), "{verdicts:?}");
    assert!(!verdicts.contains(&Verdict::Failed), "{verdicts:?}");
}

#[tokio::test]
async fn a_file_that_names_the_authority_is_right_in_either_form() {
    let okta = org();
    let folder = tempfile::tempdir().expect("a folder");
    let ca = okta.ca_pem().expect("an authority");
    fs::write(folder.path().join("ca.pem"), ca).expect("written");
    let by_path = with_ca(&okta, "ca: { file: ca.pem }\n");
    for text in [okta.target_file(), by_path] {
        let (verdicts, incomplete) = run(&text, folder.path(), true).await;
        assert_eq!(incomplete, None);
        assert!(verdicts.contains(&Verdict::Passed), "{verdicts:?}");
        assert!(!verdicts.contains(&Verdict::Error), "{verdicts:?}");
    }
}

#[tokio::test]
async fn an_authority_that_is_missing_or_another_is_the_setting_ca() {
    let okta = org();
    let folder = tempfile::tempdir().expect("a folder");
    let missing = with_ca(&okta, "");
    let mistake_of = mistake(&missing, folder.path()).await;
    assert_eq!(mistake_of.setting, "ca");
    assert!(
        mistake_of
            .what
            .contains("signed by an authority that is not trusted here")
    );
    assert!(
        mistake_of.cure.ends_with("`ca: { file: ca.pem }`"),
        "{mistake_of:?}"
    );
    let parts = ["not trusted here", "`ca: { file: ca.pem }`"];
    is_trouble(&missing, folder.path(), false, parts).await;

    let (other, _) = signed(&folder, Validity::Now, false);
    fs::write(folder.path().join("other.pem"), other).expect("written");
    // The server's own certificate does not say whom to trust.
    let own = okta.tls_identity().expect("an identity").certificate_pem();
    fs::write(folder.path().join("own.pem"), own).expect("written");
    for file in ["other.pem", "own.pem"] {
        let text = with_ca(&okta, &format!("ca: {{ file: {file} }}\n"));
        let mistake = mistake(&text, folder.path()).await;
        assert_eq!(mistake.setting, "ca");
        assert!(
            mistake
                .cure
                .starts_with("`ca` in the target file is another"),
            "{mistake:?}"
        );
    }
}

#[tokio::test]
async fn a_host_that_the_certificate_does_not_name_is_the_address() {
    let okta = MockOkta::builder().tls().host([127, 0, 0, 1].into());
    let okta = okta.start_blocking().expect("an org");
    let identity = okta.tls_identity().expect("an identity");
    assert!(!identity.is_for("127.0.0.2"));
    // Listens everywhere, and its certificate names this machine only.
    let everywhere = MockOkta::builder().tls().host([0, 0, 0, 0].into());
    let everywhere = everywhere.start_blocking().expect("an org");
    let port = everywhere.address().port();
    let text = everywhere.target_file().replace(
        &format!("https://localhost:{port}"),
        &format!("https://127.0.0.2:{port}"),
    );
    let mistake = mistake(&text, Path::new(".")).await;
    assert_eq!(mistake.setting, SETTING_OF_ORG);
    assert!(mistake.what.contains("127.0.0.2"), "{mistake:?}");
    assert!(
        mistake.cure.contains("a host that its certificate names"),
        "{mistake:?}"
    );
}

#[tokio::test]
async fn the_wrong_scheme_is_the_address() {
    let okta = org();
    let plain = with_ca(&okta, "").replace("https://127.0.0.1", "http://127.0.0.1");
    let wrong = mistake(&plain, Path::new(".")).await;
    assert_eq!(wrong.setting, SETTING_OF_ORG);
    assert!(
        wrong.what.ends_with("speaks https and refuses plain HTTP"),
        "{wrong:?}"
    );
    assert!(
        wrong.cure.contains(&format!("write `{}`", okta.base_url())),
        "{wrong:?}"
    );

    let okta = MockOkta::start().await.expect("an org");
    let secure = okta
        .target_file()
        .replace("http://127.0.0.1", "https://127.0.0.1");
    let wrong = mistake(&secure, Path::new(".")).await;
    assert_eq!(wrong.setting, SETTING_OF_ORG);
    assert!(
        wrong.cure.starts_with("write http:// in place of https://"),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn a_certificate_that_is_wrong_itself_is_trouble_on_the_way() {
    let folder = tempfile::tempdir().expect("a folder");
    for (validity, is_ca, parts) in [
        (
            Validity::Past,
            false,
            ["has expired", "renew the server's certificate"],
        ),
        (
            Validity::Now,
            true,
            ["is that of an authority", "`basicConstraints = CA:FALSE`"],
        ),
    ] {
        let (_, okta) = signed(&folder, validity, is_ca);
        is_trouble(&okta.target_file(), folder.path(), true, parts).await;
    }
    let (_, okta) = signed(&folder, Validity::Future, false);
    let mistake = mistake(&okta.target_file(), folder.path()).await;
    assert_eq!(mistake.setting, "the clock");
    assert!(
        mistake.what.ends_with("its certificate is not valid yet"),
        "{mistake:?}"
    );
}

#[derive(Debug, Clone, Copy)]
enum Validity {
    Past,
    Now,
    Future,
}

/// An org with a certificate that was valid then, and its authority; or one that shows the authority's as its own.
fn signed(folder: &TempDir, validity: Validity, is_ca: bool) -> (String, MockOkta) {
    const DAY: Duration = Duration::from_hours(24);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time");
    let now = date_time_ymd(1970, 1, 1) + now;
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).expect("names");
    (params.not_before, params.not_after) = match validity {
        Validity::Past => (now - 2 * DAY, now - DAY),
        Validity::Now => (now - DAY, now + DAY),
        Validity::Future => (now + DAY, now + 2 * DAY),
    };
    let mut authority = CertificateParams::new(["127.0.0.1".to_owned()]).expect("names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let issuer_key = KeyPair::generate().expect("a key");
    let issuer_der = issuer_key.serialize_der();
    let issuer = CertifiedIssuer::self_signed(authority, issuer_key).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let own = params.signed_by(&key, &issuer).expect("a certificate");
    let ca = pem("CERTIFICATE", issuer.der());
    let (chain, key) = if is_ca {
        (ca.clone(), issuer_der)
    } else {
        (
            pem("CERTIFICATE", own.der()) + ca.as_str(),
            key.serialize_der(),
        )
    };
    let (certificate, private) = (
        folder.path().join("cert.pem"),
        folder.path().join("key.pem"),
    );
    fs::write(&certificate, chain).expect("written");
    fs::write(&private, pem("PRIVATE KEY", &key)).expect("written");
    let builder = MockOkta::builder()
        .tls_files(certificate, private)
        .keys_ahead(false);
    (ca, builder.start_blocking().expect("the org starts"))
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

#[test]
fn a_ca_that_cannot_be_used_is_a_mistake_at_its_place() {
    let okta = org();
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("written");
    write("empty.pem", b"");
    write("binary.pem", &[0x30, 0x82, 0xFF, 0]);
    write(
        "key.pem",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    );
    write(
        "nonsense.pem",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    write("cut.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n");
    for (ca, part) in [
        ("ca.pem", "a certificate authority is a map with one key"),
        (
            "{ file: none.pem }",
            "cannot read the certificate in `none.pem`",
        ),
        ("{ file: empty.pem }", "it is empty"),
        ("{ file: binary.pem }", "openssl x509 -inform DER"),
        (
            "{ file: key.pem }",
            "it contains no certificate, only: PRIVATE KEY",
        ),
        ("{ file: nonsense.pem }", "it is not an X.509 certificate"),
        ("{ file: cut.pem }", "a block is cut off or is not base64"),
        ("{ path: ca.pem }", "unknown kind of certificate `path`"),
        ("{ value: hello }", "it is not PEM: no line begins with"),
    ] {
        let text = with_ca(&okta, &format!("ca: {ca}\n"));
        let problems = read(&text, folder.path()).expect_err(ca);
        assert!(problems.contains(part), "{ca}: {problems}");
        assert!(problems.contains("target.yaml:4:"), "{problems}");
    }
}
