//! The standard org with clients that it has no need of: agents that sign with every algorithm or publish their keys,
//! machines of every kind.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::Org;

pub const EVERY_ALGORITHM: &str = "wlpalgorithms0000001";
pub const PUBLISHER: &str = "wlppublisher00000001";
pub const MACHINE: &str = "0oamachinekey0000001";
pub const PUBLIC_MACHINE: &str = "0oamachinepublic0001";
pub const KEYS_AT: &str = "https://agent.example/keys";
pub const SERVICE_APP: &str = "0oaserviceapp0000001";
pub const SERVICE_APP_SECRET: &str =
    "service-app secret:for-tests-only-100%+ü-it-is-as-long-as-hs512-needs-it";

const AGENTS: &str = r"agents:
  - id: wlpalgorithms0000001
    name: Polyglot
    redirect_uris: [http://localhost:8787/callback]
    keys:
      - { kid: rs256, alg: RS256 }
      - { kid: rs384, alg: RS384 }
      - { kid: rs512, alg: RS512 }
      - { kid: es256, alg: ES256 }
      - { kid: es384, alg: ES384 }
      - { kid: es512, alg: ES512 }
      - { kid: old, alg: ES256, status: INACTIVE }
      - { kid: enc, alg: ES256, use: enc }
      - { kid: odd, alg: ES256, use: tls }
  - id: wlppublisher00000001
    name: Publisher
    redirect_uris: [http://localhost:8787/callback]
    jwks_uri: https://agent.example/keys
";

const APPS: &str = r"apps:
  - id: 0oamachinekey0000001
    name: Machine with a key
    application_type: service
    grant_types: [client_credentials]
    token_endpoint_auth_methods: [private_key_jwt]
    keys: [{ kid: machine, alg: ES256 }]
  - id: 0oamachinepublic0001
    name: Machine without anything
    application_type: service
    grant_types: [client_credentials]
    token_endpoint_auth_methods: [none]
";

/// The standard org and more.
pub fn rich_org() -> Org {
    let yaml = Org::default_yaml()
        .replacen("agents:\n", AGENTS, 1)
        .replacen("apps:\n", APPS, 1);
    Org::from_yaml("rich.yaml", &yaml, Edition::E2026_10).expect("a right org")
}
