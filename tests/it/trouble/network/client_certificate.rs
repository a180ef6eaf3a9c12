//! A server that wants a certificate of the client, and gets it or not.

use std::net::SocketAddr;
use std::sync::Arc;

use harness::exchange::{Party, RequestSpec};
use harness::targets::config::{self, Sources};
use harness::targets::{Limits, Target, Trouble};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::{pem, target_at};

/// A certificate that the authority has signed, and its key, as DER.
fn signed(issuer: &CertifiedIssuer<'_, KeyPair>) -> (CertificateDer<'static>, Vec<u8>) {
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).expect("names");
    let key = KeyPair::generate().expect("a key");
    let own = params.signed_by(&key, issuer).expect("a certificate");
    (own.der().clone(), key.serialize_der())
}

/// Answers whoever shows a certificate of the authority.
async fn server(issuer: &CertifiedIssuer<'_, KeyPair>) -> SocketAddr {
    let mut roots = RootCertStore::empty();
    roots.add(issuer.der().clone()).expect("an authority");
    let (own, key) = signed(issuer);
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
    let config = ServerConfig::builder()
        .with_client_cert_verifier(verifier.expect("a verifier"))
        .with_single_cert(vec![own], PrivateKeyDer::try_from(key).expect("a key"))
        .expect("a certificate and its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Who shows none has no connection.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let _ = stream.read(&mut [0; 4096]).await;
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    address
}

async fn ask(text: &str, url: &str) -> Result<u16, Trouble> {
    let sources = Sources {
        folder: std::path::Path::new("."),
        environment: &|_| None,
    };
    let deployment = config::parse("target.yaml", text, &sources);
    let deployment = deployment.unwrap_or_else(|problems| panic!("{problems}"));
    let target = Target::with(deployment, Limits::default(), None).expect("an HTTP client");
    let answer = target
        .send(RequestSpec::new(Party::Org, "GET", url))
        .await?;
    Ok(answer.response.status)
}

fn indented(pem: &str) -> String {
    pem.lines()
        .flat_map(|line| ["      ", line, "\n"])
        .collect()
}

#[tokio::test]
async fn a_certificate_of_ones_own_opens_a_server_that_wants_one() {
    let mut authority = CertificateParams::new(["authority".to_owned()]).expect("names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let issuer = CertifiedIssuer::self_signed(authority, key).expect("an authority");
    let address = server(&issuer).await;
    let url = format!("https://{address}");
    let (own, key) = signed(&issuer);
    let ca = indented(&pem("CERTIFICATE", issuer.der()));
    let without = format!("ca:\n    value: |\n{ca}{}", target_at(&url));
    let own = indented(&pem("CERTIFICATE", &own));
    let key = indented(&pem("PRIVATE KEY", &key));
    let with = format!(
        "client_certificate:\n  certificate:\n    value: |\n{own}  private_key:\n    value: |\n{key}{without}"
    );
    let document = format!("{url}/.well-known/openid-configuration");
    let answer = ask(&with, &document).await;
    assert_eq!(answer.map_err(|trouble| trouble.to_string()), Ok(200));
    let trouble = ask(&without, &document)
        .await
        .expect_err("no certificate is shown");
    assert!(trouble.to_string().contains(&url), "{trouble}");
}
