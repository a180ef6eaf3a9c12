//! All variations that go together at once: a tolerant client gets through every flow.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use mock_okta_core::keys::PublicKey;
use mock_okta_core::org::KeyAlg;
use mock_okta_core::{Variation, Variations};
use serde_json::Value;

use super::tour::client;
use crate::support::{
    ACCOUNT, ADA, AGENT, Answer, CHAT_TOKEN, Client, ID_JAG, JWT_BEARER, OAUTH_STS, SECRET,
    SERVICE_ACCOUNT, TOKEN, TRACKER, VAULTED_SECRET,
};

/// One variation of each aspect: the one of this round, or the last that there is.
fn round(number: usize) -> Variations {
    let mut aspects: BTreeMap<&str, Vec<Variation>> = BTreeMap::new();
    for one in Variation::ALL {
        aspects.entry(one.aspect()).or_default().push(*one);
    }
    let of_round = aspects.values().map(|all| all[number.min(all.len() - 1)]);
    Variations::new(of_round).expect("one of each aspect")
}

/// How many rounds it takes until each was on.
fn rounds() -> usize {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in Variation::ALL {
        *counts.entry(one.aspect()).or_default() += 1;
    }
    counts.into_values().max().unwrap_or_default()
}

#[test]
fn a_tolerant_client_gets_through_every_flow_with_all_of_them_on() {
    let rounds = rounds();
    assert!(rounds > 1);
    for number in 0..rounds {
        let client = client();
        client.core.set_variations(round(number));
        walk(&client);
    }
}

fn walk(client: &Client) {
    for path in [
        "/.well-known/openid-configuration",
        "/oauth2/auschat0000000000001/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/oauth2/auschat0000000000001",
    ] {
        let metadata = client.get(path);
        assert_eq!(metadata.status, 200, "{path}");
        assert!(metadata.text("token_endpoint").ends_with("/v1/token"));
    }
    let signed_in = client.sign_in();
    assert!(signed_in.text("token_type").eq_ignore_ascii_case("bearer"));
    let id_token = signed_in.text("id_token");
    verified(client, "/oauth2/v1/keys", &id_token);

    let bearer = signed_in.text("access_token");
    let about = client.get_as_bearer("/oauth2/v1/userinfo", &bearer);
    let claims = crate::support::claims(&id_token);
    assert_eq!((about.status, &about.body["sub"]), (200, &claims["sub"]));
    assert_active(client, &bearer, true);

    exchange(client, &id_token);
    vault(client, &id_token);
    refresh(client, &signed_in);

    let machine = client.machine(&[("scope", "chat.read")]);
    assert_eq!(machine.status, 200, "{}", machine.text);
    let opened = client.get_as_bearer("/resources/chat", &machine.text("access_token"));
    assert_eq!(opened.status, 200, "{:?}", opened.challenge);
}

fn exchange(client: &Client, id_token: &str) {
    // Whatever the server calls itself.
    let metadata =
        client.get("/.well-known/oauth-authorization-server/oauth2/auschat0000000000001");
    let chat = metadata.text("issuer");
    let target = [
        ("audience", chat.as_str()),
        ("scope", "chat.read chat.history"),
    ];
    let answer = client.exchange(id_token, ID_JAG, &target);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let id_jag = answer.text("access_token");
    let (header, claims) = verified(client, "/oauth2/v1/keys", &id_jag);
    assert_eq!(header["typ"], "oauth-id-jag+jwt");
    assert_eq!(claims["client_id"], AGENT);

    let form = [("grant_type", JWT_BEARER), ("assertion", &id_jag)];
    let redeemed = client.post_as(AGENT, CHAT_TOKEN, &form);
    assert_eq!(redeemed.status, 200, "{}", redeemed.text);
    let token = redeemed.text("access_token");
    if token.contains('.') {
        let keys = "/oauth2/auschat0000000000001/v1/keys";
        verified(client, keys, &token);
    }
    let opened = client.get_as_bearer("/resources/chat", &token);
    assert_eq!(opened.status, 200, "{:?}", opened.challenge);
    assert_eq!(opened.body["client_id"], AGENT);
    // An ID-JAG opens nothing, and an access token is not to be redeemed.
    assert_eq!(client.get_as_bearer("/resources/chat", &id_jag).status, 401);
    assert_eq!(client.redeem(&token).status, 400);
}

fn vault(client: &Client, id_token: &str) {
    for (kind, resource, member) in [
        (VAULTED_SECRET, SECRET, "vaulted_secret"),
        (SERVICE_ACCOUNT, ACCOUNT, "service_account"),
    ] {
        let answer = client.exchange(id_token, kind, &[("resource", resource)]);
        assert!(answer.body[member].is_object(), "{}", answer.text);
    }
    let target = [("resource", TRACKER)];
    let refused = client.exchange(id_token, OAUTH_STS, &target);
    assert!(!refused.text("interaction_uri").is_empty());
    client.consent(ADA.0, AGENT);
    let brokered = client.exchange(id_token, OAUTH_STS, &target);
    let token = brokered.text("access_token");
    assert_eq!(
        client.get_as_bearer("/resources/tracker", &token).status,
        200
    );
}

fn refresh(client: &Client, signed_in: &Answer) {
    let token = signed_in.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &token)];
    let fresh = client.post_as(AGENT, TOKEN, &form);
    assert_eq!(fresh.status, 200, "{}", fresh.text);
    let bearer = fresh.text("access_token");
    assert_active(client, &bearer, true);
    let token = fresh.body["refresh_token"].as_str().unwrap_or(&token);
    let revoked = client.post_as(AGENT, "/oauth2/v1/revoke", &[("token", token)]);
    assert_eq!(revoked.status, 200);
    // The access token went with its refresh token.
    assert_active(client, &bearer, false);
}

fn assert_active(client: &Client, token: &str, active: bool) {
    let reply = client.post_as(AGENT, "/oauth2/v1/introspect", &[("token", token)]);
    assert_eq!(reply.body["active"], active, "{}", reply.text);
}

/// Header and claims of a token whose signature verifies under the published key that it names.
fn verified(client: &Client, keys: &str, token: &str) -> (Value, Value) {
    let set = client.get(keys);
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        panic!("no JWT: {token}")
    };
    let read = |part: &str| -> Value {
        serde_json::from_slice(&B64.decode(part).expect("base64url")).expect("JSON")
    };
    let (message, signature) = (
        format!("{header}.{claims}"),
        B64.decode(signature).expect("base64url"),
    );
    let (header, claims) = (read(header), read(claims));
    let all = set.body["keys"].as_array().expect("keys");
    let named: Vec<&Value> = all
        .iter()
        .filter(|key| key["kid"] == header["kid"])
        .collect();
    let [key] = named[..] else {
        panic!("{} keys have the kid of {header}", named.len())
    };
    let jwk = key.as_object().expect("an object");
    let key = PublicKey::from_jwk("the org", "", KeyAlg::Rs256, jwk).expect("an RSA key");
    assert!(key.verify(message.as_bytes(), &signature));
    (header, claims)
}
