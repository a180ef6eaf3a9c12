//! A library of one scenario that uses most of the language, for the tests of commands.

use std::fs;

use super::load::{self, Library};

const SCENARIO: &str = r#"
id: authorization-server/exchange
title: An agent trades a user's ID token for an ID-JAG and redeems it for an access token
about: |
  The two legs of the guide's first resource type.

  The agent must really use what it got.
resource_type: authorization-server
covers: [exch.idjag-from-idtoken, redeem.positive]
steps:
  - sign_in: { as: user_client, user: ada, scope: openid profile email }
    save: { id_token: body.id_token }
  - exchange:
      subject_token: ${id_token}
      requested_token_type: urn:ietf:params:oauth:token-type:id-jag
      audience: ${custom_as.issuer}
      scope: ${custom_as.scope}
    expect:
      - covers: [idjag.typ]
        status: 200
        headers: { cache-control: { contains: no-store } }
        body: { token_type: N_A, expires_in: { at_most: 300 }, refresh_token: { absent: true } }
        jwt:
          - at: body.access_token
            signed_by: org
            header: { typ: oauth-id-jag+jwt }
            claims: { aud: "${custom_as.issuer}", exp: { within: 300s, of: iat } }
    save: { id_jag: body.access_token }
  - redeem: { at: custom_as, assertion: "${id_jag}" }
    expect: { status: 200 }
    save: { access_token: body.access_token }
  - call: { url: "${custom_as.api}", bearer: "${access_token}" }
    expect: { status: 200 }
cases:
  - id: bent
    title: Everything that can be wrong with a client assertion is refused
    covers: [scope.none-left]
    editions: [2026-10]
    at: exchange
    change:
      $as: other_agent
      $client_auth: private_key_jwt
      $method: PUT
      $headers: { x-extra: "1" }
      scope: { drop: true }
      audience: { double: "${org.issuer}" }
      requested_token_type: { append: x }
      client_assertion:
        jwt:
          header: { typ: none }
          claims: { aud: "${org.issuer}", exp: { in: -61m }, jti: { drop: true } }
          sign_with: unknown-key
          signature: flip
    expect: { status: [400, 401], body: { error: { one_of: [invalid_client, invalid_grant] } }, code: [invalid_client, id_jag_expired] }
  - id: replayed
    title: An ID-JAG is accepted once
    at: redeem
    change: {}
    before: [{ redeem: { at: custom_as, assertion: "${id_jag}" } }]
    expect: { status: 400, body: { error: invalid_grant }, code: id_jag_replayed }
    then: [{ advance_clock: 3601s }]
"#;

pub(super) fn library() -> Library {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authorization-server/exchange.yaml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, SCENARIO).unwrap();
    let mut library =
        load::library(Some(folder.path())).unwrap_or_else(|trouble| panic!("{trouble}"));
    for scenario in &mut library.scenarios {
        scenario.source.name = "scenarios/authorization-server/exchange.yaml".to_owned();
    }
    library
}
