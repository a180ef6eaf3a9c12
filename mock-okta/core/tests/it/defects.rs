//! Every bend shows: somewhere on a tour of the org an answer differs, and the journal says where that can be.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};

use crate::support::{
    ACCOUNT, ADA, AGENT, Authorize, CHAT, CHAT_TOKEN, Client, GRACE, ID_JAG, OAUTH_STS,
    OTHER_AGENT, SECRET, SERVICE_APP, SERVICE_APP_SECRET, Signer, TOKEN, TRACKER, WEB_APP,
    WEB_APP_SECRET, encode, rich_org,
};
use mock_okta_core::control::{Call, parse};
use mock_okta_core::keys::ServerName;
use mock_okta_core::org::{ClientId, ConnectionId};
use mock_okta_core::{Bend, Defect};

const VAULTED_SECRET: &str = crate::support::VAULTED_SECRET;

/// Stations of the tour. Each begins anew, so that what goes wrong at one leaves the others alone.
const STATIONS: &[fn(&Client)] = &[
    metadata,
    sign_in,
    refresh,
    exchange,
    redeem,
    redeem_list,
    by_get,
    api,
    vault,
    brokered,
    shared_consent,
    tokens,
    revocation,
    refusals,
    rotation,
    machine,
    embedded_key,
    embedded_certificate,
    duplicate_claim,
    another_algorithm,
    unusual_and_right,
];

fn client() -> Client {
    Client::of("rich", rich_org)
}

fn metadata(client: &Client) {
    for path in [
        "/.well-known/openid-configuration",
        "/oauth2/auschat0000000000001/.well-known/openid-configuration",
        "/oauth2/v1/keys",
    ] {
        client.get(path);
    }
}

fn sign_in(client: &Client) {
    let code = Authorize::new().with("scope", "openid").code(client, ADA);
    client.redeem_code(AGENT, TOKEN, &code);
    client.redeem_code(AGENT, TOKEN, &code);
    Authorize::new().with("prompt", "none").ask(client);
}

fn refresh(client: &Client) {
    let token = client.sign_in().text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &token)];
    client.post_as(AGENT, TOKEN, &form);
}

fn exchange(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    for scope in [
        "chat.read",
        "chat.read chat.history",
        "chat.read chat.write",
    ] {
        client.exchange(&id_token, ID_JAG, &[("audience", CHAT), ("scope", scope)]);
    }
    let chosen = [
        ("audience", CHAT),
        ("scope", "chat.read"),
        ("act", r#"{"sub":"wlpintruder000000000"}"#),
    ];
    client.exchange(&id_token, ID_JAG, &chosen);
    let chat = "https://chat.example.com";
    client.edit(|org| {
        let own = org
            .connections
            .values_mut()
            .find(|one| one.id.as_str() == "mcnchat0000000000001");
        own.expect("the connection").resource_indicator = Some(chat.to_owned());
    });
    let bound = [
        ("audience", CHAT),
        ("scope", "chat.read"),
        ("resource", chat),
    ];
    client.exchange(&id_token, ID_JAG, &bound);
}

fn redeem(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    let target = [("audience", CHAT), ("scope", "chat.read chat.history")];
    let id_jag = client
        .exchange(&id_token, ID_JAG, &target)
        .text("access_token");
    client.redeem(&id_jag);
    client.redeem(&id_jag);
}

/// An ID-JAG whose audience is a list of one.
fn redeem_list(client: &Client) {
    let id_jag = client.reopened(&client.id_jag(), &ServerName::Org);
    client.redeem(&id_jag.claim("aud", vec![CHAT]).compact());
}

/// Everything that a POST would carry, in the address.
fn by_get(client: &Client) {
    let form = [("grant_type", "client_credentials"), ("scope", "chat.read")];
    let credentials = [
        ("client_id", SERVICE_APP),
        ("client_secret", SERVICE_APP_SECRET),
    ];
    client.get(&format!(
        "{CHAT_TOKEN}?{}",
        encode(&[form, credentials].concat())
    ));
}

fn api(client: &Client) {
    client.get("/resources/chat");
}

fn vault(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    client.exchange(&id_token, VAULTED_SECRET, &[("resource", SECRET)]);
    client.exchange(
        &id_token,
        crate::support::SERVICE_ACCOUNT,
        &[("resource", ACCOUNT)],
    );
}

fn control(client: &Client, path: &str, body: &str) {
    let method = if path.ends_with("defects") {
        "PUT"
    } else {
        "POST"
    };
    match parse(method, path, "", body.as_bytes()) {
        Ok(Call::Command(command)) => drop(client.core.control(command, client.instant())),
        other => panic!("{other:?}"),
    }
}

fn brokered(client: &Client) {
    let id_token = client.sign_in().text("id_token");
    client.exchange(&id_token, OAUTH_STS, &[("resource", TRACKER)]);
    client.consent(ADA.0, AGENT);
    client.exchange(&id_token, OAUTH_STS, &[("resource", TRACKER)]);
}

fn shared_consent(client: &Client) {
    client.edit(|org| {
        let mut other = org
            .connections
            .values()
            .find(|one| one.id.as_str() == "mcntracker0000000001")
            .expect("the connection")
            .clone();
        other.id = ConnectionId::new("mcntracker0000000003");
        other.agent = ClientId::new(OTHER_AGENT);
        org.connections.insert(other.id.clone(), other);
    });
    client.consent(GRACE.0, AGENT);
    client.consent(ADA.0, OTHER_AGENT);
    let id_token = client.sign_in().text("id_token");
    client.exchange(&id_token, OAUTH_STS, &[("resource", TRACKER)]);
}

fn tokens(client: &Client) {
    let token = client.sign_in().text("access_token");
    client.get_as_bearer("/oauth2/v1/userinfo", &token);
    client.get_as_bearer("/oauth2/v1/userinfo", "nonsense");
    for token in [token.as_str(), "nonsense"] {
        client.post_as(AGENT, "/oauth2/v1/introspect", &[("token", token)]);
    }
}

fn revocation(client: &Client) {
    let signed_in = client.sign_in();
    let (token, refresh) = (
        signed_in.text("access_token"),
        signed_in.text("refresh_token"),
    );
    let introspect = || {
        client.post_as(AGENT, "/oauth2/v1/introspect", &[("token", &token)]);
    };
    client.post_basic(
        WEB_APP,
        WEB_APP_SECRET,
        "/oauth2/v1/revoke",
        &[("token", &refresh)],
    );
    client.post_basic(
        WEB_APP,
        WEB_APP_SECRET,
        "/oauth2/v1/revoke",
        &[("token", &token)],
    );
    introspect();
    client.post_as(AGENT, "/oauth2/v1/revoke", &[("token", &token)]);
    introspect();
    client.post_as(AGENT, "/oauth2/v1/revoke", &[("token", &refresh)]);
}

fn refusals(client: &Client) {
    client.post_basic(
        WEB_APP,
        "wrong",
        TOKEN,
        &[("grant_type", "client_credentials")],
    );
    client.post_as(AGENT, CHAT_TOKEN, &[("grant_type", "nonsense")]);
}

fn rotation(client: &Client) {
    let id_jag = client.id_jag();
    control(
        client,
        "/_mock/keys/rotate",
        &format!(r#"{{"issuer":"{}"}}"#, crate::support::BASE),
    );
    control(
        client,
        "/_mock/keys/rotate",
        &format!(r#"{{"issuer":"{CHAT}"}}"#),
    );
    client.get("/oauth2/v1/keys");
    client.redeem(&id_jag);
}

fn machine(client: &Client) {
    client.machine(&[("scope", "chat.read")]);
}

/// A stranger signs for the agent and shows its own key.
fn embedded_key(client: &Client) {
    let (kid, stranger) = client.server_signer(&ServerName::Org);
    let snapshot = client.core.snapshot();
    let keys = snapshot.keys.server(&ServerName::Org).expect("keys");
    let jwk = serde_json::Value::Object(keys.active.public.jwk.clone());
    assert_eq!(jwk["kid"], kid);
    let assertion = client.assertion(AGENT, TOKEN).header("jwk", jwk);
    client.post_proving(&assertion.signed_by(stranger), TOKEN, &[]);
}

/// The same with a certificate of that key.
fn embedded_certificate(client: &Client) {
    let snapshot = client.core.snapshot();
    let keys = snapshot.keys.server(&ServerName::Org).expect("keys");
    let jwk = &keys.active.public.jwk;
    let number = |name: &str| {
        B64.decode(jwk[name].as_str().expect("text"))
            .expect("base64url")
    };
    let integer = |bytes: Vec<u8>| der(2, &[&[0][..], &bytes].concat());
    let key = der(0x30, &[integer(number("n")), integer(number("e"))].concat());
    let bits = der(3, &[&[0][..], &key].concat());
    let algorithm = der(0x30, &der(6, &[42, 134, 72, 134, 247, 13, 1, 1, 1]));
    let info = der(0x30, &[algorithm.clone(), bits].concat());
    let (version, serial, empty) = (der(0xa0, &der(2, &[2])), der(2, &[1]), der(0x30, &[]));
    let fields = [
        version,
        serial,
        algorithm.clone(),
        empty.clone(),
        empty.clone(),
        empty,
        info,
    ];
    let signature = der(3, &[0]);
    let certificate = [der(0x30, &fields.concat()), algorithm, signature];
    let x5c = vec![STANDARD.encode(der(0x30, &certificate.concat()))];
    let (_, stranger) = client.server_signer(&ServerName::Org);
    let assertion = client.assertion(AGENT, TOKEN).header("x5c", x5c);
    client.post_proving(&assertion.signed_by(stranger), TOKEN, &[]);
}

/// A value in DER (X.690 §10.1).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let [high, low] = u16::try_from(length).expect("short").to_be_bytes();
    let length = match length {
        0..128 => vec![low],
        128..256 => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [&[tag][..], &length, content].concat()
}

/// The audience of the endpoint, and then another.
fn duplicate_claim(client: &Client) {
    let assertion = client.assertion(AGENT, TOKEN);
    let mut claims = assertion.claims.to_string();
    claims.insert_str(claims.len() - 1, r#","aud":"https://elsewhere.example""#);
    let assertion = assertion.with_text(&assertion.header.to_string(), claims);
    client.post_showing(&assertion, TOKEN, &[]);
}

/// A key that is registered for RS256 signs with another algorithm of its kind.
fn another_algorithm(client: &Client) {
    for alg in ["RS512", "PS256"] {
        let assertion = client.assertion(AGENT, TOKEN).header("alg", alg);
        let Signer::Private(_, key) = assertion.signer.clone() else {
            unreachable!("a client's own key")
        };
        let signer = Signer::Private(alg.to_owned(), key);
        client.post_proving(&assertion.signed_by(signer), TOKEN, &[]);
    }
}

/// An assertion with a header parameter of its own, and one that ends between two seconds.
fn unusual_and_right(client: &Client) {
    let assertion = client.assertion(AGENT, TOKEN).header("urn:x", 1);
    client.post_proving(&assertion, TOKEN, &[]);
    let ends = f64::from(i32::try_from(client.now.get() + 60).expect("a date")) + 0.5;
    let assertion = client.assertion(AGENT, TOKEN).claim("exp", ends);
    client.post_proving(&assertion, TOKEN, &[]);
}

#[test]
fn every_bend_changes_an_answer_that_the_journal_says_it_can_change() {
    let mut at = std::collections::BTreeMap::<String, BTreeSet<usize>>::new();
    let clean: Vec<Vec<String>> = STATIONS
        .iter()
        .enumerate()
        .map(|(index, station)| {
            let client = client();
            station(&client);
            let touched = client.core.with_state(|state| {
                let entries = state.journal.entries();
                let entries = entries.map(|entry| serde_json::to_value(entry).expect("JSON"));
                entries.collect::<Vec<_>>()
            });
            for entry in &touched {
                for bend in entry["bends"].as_array().expect("a list") {
                    at.entry(bend.as_str().expect("an id").to_owned())
                        .or_default()
                        .insert(index);
                }
            }
            client.told.take()
        })
        .collect();
    let mut wrong = Vec::new();
    for bend in Bend::ALL.iter().map(|bend| Defect::Bend(*bend)) {
        let Some(touched) = at.get(&bend.to_string()) else {
            wrong.push(format!("{bend}: nothing on the tour can be touched by it"));
            continue;
        };
        let shows = touched.iter().any(|index| {
            let client = client();
            client.core.set_defects([bend].into_iter().collect());
            // A station may break off over what it misses: what it was told until then counts.
            let _ = catch_unwind(AssertUnwindSafe(|| STATIONS[*index](&client)));
            client.told.take() != clean[*index]
        });
        if !shows {
            wrong.push(format!("{bend}: changes nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn defects_are_switched_on_and_off_while_the_org_runs() {
    let client = client();
    let id_jag = client.id_jag();
    client.redeem(&id_jag);
    control(
        &client,
        "/_mock/defects",
        r#"{"on":["mute/id_jag_replayed"]}"#,
    );
    assert_eq!(client.redeem(&id_jag).status, 200);
    control(&client, "/_mock/defects", r#"{"on":[]}"#);
    assert_eq!(
        client.redeem(&id_jag).refusal(),
        "400 invalid_grant id_jag_replayed"
    );
}

#[test]
fn a_reset_leaves_defects_on() {
    let client = client();
    control(
        &client,
        "/_mock/defects",
        r#"{"on":["bend/id-jag-typ-missing"]}"#,
    );
    control(&client, "/_mock/reset", "");
    let snapshot = client.core.snapshot();
    assert!(snapshot.defects.bends(Bend::IdJagTypMissing));
}

#[test]
fn who_forgot_a_check_stumbles_over_what_is_not_there() {
    let client = client();
    control(
        &client,
        "/_mock/defects",
        r#"{"on":["mute/token_request_missing_grant_type"]}"#,
    );
    let answer = client.post_as(AGENT, TOKEN, &[]);
    assert_eq!(answer.refusal(), "500 E0000009 -");
}
