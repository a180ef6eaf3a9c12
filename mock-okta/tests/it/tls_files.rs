//! A certificate and key of the user's own, and every mistake that can be made with them.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mock_okta::{MockOkta, StartError, TlsError};

use crate::client::send;
use crate::tls::{org, trusting_client};

/// The certificate, key and authority of an org that made them, by the host of its issuer.
struct Made {
    ca: String,
    certificate: String,
    key: String,
}

fn made(host: &str) -> Made {
    let okta = org(MockOkta::builder().issuer(format!("https://{host}")));
    let identity = okta.tls_identity().expect("an identity");
    Made {
        ca: identity.ca_pem().to_owned(),
        certificate: identity.certificate_pem().to_owned(),
        key: identity.private_key_pem().to_owned(),
    }
}

fn start(certificate: &Path, key: &Path) -> Result<MockOkta, StartError> {
    MockOkta::builder()
        .tls_files(certificate, key)
        .start_blocking()
}

#[tokio::test]
async fn a_chain_and_its_key_are_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = made("own.test");
    let (chain, key) = (
        folder.path().join("cert.pem"),
        folder.path().join("key.pem"),
    );
    let text = format!("# my own\r\n{}{}", own.certificate, own.ca);
    std::fs::write(&chain, text).expect("written");
    std::fs::write(&key, &own.key).expect("written");
    let okta = start(&chain, &key).expect("an org");
    assert_eq!(
        okta.ca_pem(),
        Some(own.ca.as_str()),
        "the last of the chain"
    );
    let keys = format!("{}/oauth2/v1/keys", okta.base_url());
    assert_eq!(send(trusting_client(&okta).get(keys)).await.status(), 200);
    let identity = okta.tls_identity().expect("an identity");
    assert!(identity.is_for("own.test") && !identity.is_for("okta.test"));
}

/// A certificate and its key in a folder of their own.
struct Files {
    folder: tempfile::TempDir,
    own: Made,
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let own = made("own.test");
        let (certificate, key) = (
            folder.path().join("cert.pem"),
            folder.path().join("key.pem"),
        );
        std::fs::write(&certificate, &own.certificate).expect("written");
        std::fs::write(&key, &own.key).expect("written");
        Self {
            folder,
            own,
            certificate,
            key,
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// The message says this, names the file and shows nothing of the key.
    fn judge(&self, error: &StartError, path: &Path, part: &str) {
        let message = error.to_string();
        assert!(error.is_wrong_input(), "{message}");
        assert!(message.contains(part), "{message}");
        assert!(message.contains(&path.display().to_string()), "{message}");
        let key = self.own.key.lines();
        for secret in key.filter(|line| line.len() > 20 && !line.starts_with('-')) {
            assert!(!message.contains(secret), "{message}");
        }
    }
}

fn der(pem: &str) -> Vec<u8> {
    let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(lines).expect("base64")
}

#[test]
fn every_mistake_with_a_certificate_names_its_file_and_what_to_do() {
    let files = Files::new();
    let own = &files.own;
    let cut = &own.certificate[..own.certificate.len() / 2];
    let certificates = [
        ("empty", "".into(), "the file is empty"),
        (
            "text",
            b"hello\n".to_vec(),
            "it is not PEM: no line begins with `-----BEGIN `",
        ),
        (
            "der",
            der(&own.certificate),
            "it is binary (DER), not PEM; convert it: openssl x509 -inform DER",
        ),
        ("binary", vec![0xFF, 0xFE, 0], "it is binary, not PEM"),
        (
            "key",
            own.key.clone().into(),
            "contains only: PRIVATE KEY; give the certificate here and the key",
        ),
        (
            "cut",
            cut.as_bytes().to_vec(),
            "a block is cut off or is not base64",
        ),
        (
            "nonsense",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec(),
            "certificate 1 of 1 cannot be read",
        ),
    ];
    for (name, bytes, part) in certificates {
        let path = files.write(&format!("certificate-{name}"), &bytes);
        files.judge(&start(&path, &files.key).expect_err(name), &path, part);
    }
    let missing = files.folder.path().join("none.pem");
    let error = start(&missing, &files.key).expect_err("missing");
    files.judge(&error, &missing, "cannot read");
}

#[test]
fn every_mistake_with_a_key_names_its_file_and_what_to_do() {
    let files = Files::new();
    let (own, other) = (&files.own, made("another.test"));
    let old_way = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END EC PRIVATE KEY-----\n";
    let keys = [
        ("empty", b" \n".to_vec(), "the file is empty"),
        ("text", b"hello\n".to_vec(), "it is not PEM"),
        ("der", der(&own.key), "it is binary"),
        (
            "certificate",
            own.certificate.clone().into(),
            "contains only: CERTIFICATE; give the certificate as",
        ),
        (
            "encrypted",
            b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
                .to_vec(),
            "it is encrypted with a passphrase; decrypt it: openssl pkey",
        ),
        ("old", old_way.into(), "it is encrypted with a passphrase"),
        (
            "two",
            [own.key.as_str(), &other.key].concat().into(),
            "contains 2 private keys",
        ),
        (
            "nonsense",
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_vec(),
            "it is broken, or of a kind that TLS does not use here",
        ),
        (
            "public",
            b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".to_vec(),
            "contains only: PUBLIC KEY",
        ),
    ];
    for (name, bytes, part) in keys {
        let path = files.write(&format!("key-{name}"), &bytes);
        files.judge(
            &start(&files.certificate, &path).expect_err(name),
            &path,
            part,
        );
    }
    let folder = files.folder.path();
    let error = start(&files.certificate, folder).expect_err("a folder");
    files.judge(&error, folder, "it is a directory");
}

#[test]
fn a_key_that_belongs_to_another_certificate_is_noticed() {
    let files = Files::new();
    let foreign = files.write("foreign-key.pem", made("another.test").key.as_bytes());
    let error = start(&files.certificate, &foreign).expect_err("another's key");
    assert!(
        matches!(error, StartError::Tls(TlsError::OtherKey { .. })),
        "{error:?}"
    );
    files.judge(&error, &foreign, "does not belong to the certificate");
    // The authority first: a common mistake of order.
    let reversed = [files.own.ca.as_str(), &files.own.certificate].concat();
    let reversed = files.write("reversed.pem", reversed.as_bytes());
    let error = start(&reversed, &files.key).expect_err("the wrong order");
    files.judge(
        &error,
        &reversed,
        "in the certificate file the server's own certificate first",
    );
}
