//! `mock-okta serve --as-real`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use mock_okta::serde_json::json;
use reqwest::{Certificate, Client};

use crate::client::{json, send};
use crate::command_line::{Served, command, run};

#[tokio::test]
async fn what_is_handed_over_is_enough_to_ask_the_org() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("new").join("handed");
    let out_text = out.display().to_string();
    let served = Served::of(&mut command(&[
        "serve",
        "--port",
        "0",
        "--as-real",
        "--as-real-out",
        &out_text,
        "--rate-limit",
        "60",
        "--id-jags-per-month",
        "5",
    ]));
    assert!(served.address.starts_with("https://"), "{}", served.address);
    let read = |name: &str| fs::read_to_string(out.join(name)).expect("the file is there");
    for name in [
        "ca.pem",
        "api-token",
        "agent-key.pem",
        "user-password",
        "README.txt",
    ] {
        let file = fs::metadata(out.join(name)).expect("the file");
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let readme = read("README.txt");
    for said in [
        served.address.as_str(),
        "wlpagentrsa000000001",
        "agent-rsa-1",
        "ada@example.com",
        "--ca ca.pem --api-token-file api-token",
        "atx doctor",
    ] {
        assert!(readme.contains(said), "{said}: {readme}");
    }
    assert!(
        !readme.contains(read("api-token").trim()),
        "it stands in its own file"
    );

    let ca = Certificate::from_pem(read("ca.pem").as_bytes()).expect("a certificate");
    let client = Client::builder()
        .tls_certs_only([ca])
        .build()
        .expect("a client");
    let users = client.get(format!("{}/api/v1/users/ada", served.address));
    let token = format!("SSWS {}", read("api-token").trim());
    let user = json(send(users.header("authorization", token)).await).await;
    let sign_in = client.post(format!("{}/api/v1/authn", served.address));
    let body =
        json!({ "username": user["profile"]["login"], "password": read("user-password").trim() });
    let sign_in = sign_in
        .header("content-type", "application/json")
        .body(body.to_string());
    assert_eq!(json(send(sign_in).await).await["status"], "SUCCESS");
    assert_eq!(served.stop("-TERM").0, Some(0));
}

#[test]
fn what_contradicts_itself_is_wrong_input() {
    for arguments in [
        &["serve", "--as-real", "--target-out", "target.yaml"][..],
        &["serve", "--as-real", "--control-token", "x"],
        &["serve", "--as-real-out", "folder"],
        &["serve", "--rate-limit", "0"],
        &["serve", "--id-jags-per-month", "many"],
        &["serve", "--api-token", ""],
    ] {
        let (code, out, report) = run(arguments);
        assert_eq!(
            (code, out.as_str()),
            (Some(2), ""),
            "{arguments:?}: {report}"
        );
    }
}
