//! Each check, broken on purpose in the stand-in, and found.

use std::collections::BTreeSet;

use harness::doctor::{Check, Checked, Status};
use harness::scenario::model::{ClientRole, ServerRole};
use harness::secret::Secret;
use harness::targets::{ClientKey, Deployment, ManagementToken, RegisteredAuth};
use serde_json::{Value, json};

use super::{AGENT, Org, examine, given, org, org_at, set, shown};

const CHAT: &str = "auschat0000000000001";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// How an org is broken.
enum Broken {
    /// A member of its file.
    Org(Value),
    /// The target file.
    File(fn(&mut Deployment)),
}

/// Whom a row is seen by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SeenBy {
    /// The management API, and requests alone.
    Both,
    /// The management API; by requests alone another check has the problem, or none.
    Settings,
}

/// A row: its name, what is broken, the check that finds it, for which client or resource, and words of the cure.
type Row = (
    &'static str,
    Broken,
    SeenBy,
    Check,
    Option<&'static str>,
    &'static str,
);

fn agent(members: Value) -> Broken {
    let mut agent = json!({ "id": AGENT });
    merge(&mut agent, members);
    Broken::Org(json!({ "agents": [agent] }))
}

fn server(members: Value) -> Broken {
    let mut server = json!({ "id": CHAT });
    merge(&mut server, members);
    Broken::Org(json!({ "authorization_servers": [server] }))
}

fn connection(id: &str, members: Value) -> Broken {
    let mut connection = json!({ "id": id });
    merge(&mut connection, members);
    Broken::Org(json!({ "connections": [connection] }))
}

fn merge(into: &mut Value, members: Value) {
    let (Value::Object(into), Value::Object(members)) = (into, members) else {
        panic!("objects");
    };
    into.extend(members);
}

/// The public half of a key that others hold: that of RFC 7515, appendix A.3.
fn another_key() -> Value {
    json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    })
}

fn rule(grant: &str, scopes: &[&str], client: &str) -> Value {
    json!({ "policies": [{ "name": "P", "clients": [client], "rules": [
        { "name": "R", "grant_types": [grant], "scopes": scopes }
    ]}]})
}

#[expect(clippy::too_many_lines, reason = "a row for each setting")]
fn table() -> Vec<Row> {
    use SeenBy::{Both, Settings};
    let all = ["chat.read", "chat.history", "chat.write"];
    let inactive = || json!({ "status": "INACTIVE" });
    let (agent_role, as_role) = (Some("agent"), Some("authorization-server"));
    vec![
        (
            "no subscription",
            Broken::Org(json!({ "org": { "ai_agents": false } })),
            Both,
            Check::AgentsFeature,
            None,
            "Okta for AI Agents",
        ),
        (
            "no subscription, the plan",
            Broken::Org(json!({ "org": { "ai_agents": false } })),
            Both,
            Check::Licence,
            None,
            "Integrator Free",
        ),
        (
            "the agent is inactive",
            agent(inactive()),
            Both,
            Check::ClientActive,
            agent_role,
            "activate",
        ),
        (
            "the client id",
            Broken::File(|file| {
                file.clients
                    .get_mut(&ClientRole::Agent)
                    .expect("the file describes it")
                    .client_id = "wlpnobody00000000001".into();
            }),
            Both,
            Check::ClientActive,
            agent_role,
            "client id",
        ),
        (
            "the kid",
            Broken::File(|file| key(file, |key| key.kid = Some("nobody-1".into()))),
            Both,
            Check::ClientKey,
            agent_role,
            "kid",
        ),
        (
            "the alg",
            Broken::File(|file| key(file, |key| key.alg = "ES256".into())),
            Both,
            Check::ClientKey,
            agent_role,
            "alg: RS256",
        ),
        (
            "a key that was rotated out",
            agent(json!({ "keys": [
                { "kid": "agent-rsa-1", "alg": "RS256", "status": "INACTIVE" }, { "kid": "agent-ec-9", "alg": "ES256", "public_jwk": another_key() }
            ]})),
            Both,
            Check::ClientKey,
            agent_role,
            "activate the key",
        ),
        (
            "another client's key",
            Broken::File(|file| {
                let client = file
                    .clients
                    .get_mut(&ClientRole::OtherAgent)
                    .expect("the file describes it");
                let RegisteredAuth::PrivateKeyJwt(key) = &mut client.auth else {
                    panic!("it has a key")
                };
                key.kid = Some("nobody-2".into());
            }),
            Both,
            Check::ClientKey,
            Some("other_agent"),
            "kid",
        ),
        (
            "the redirect URI",
            agent(json!({ "redirect_uris": ["http://localhost:9/other"] })),
            Both,
            Check::RedirectUri,
            None,
            "redirect URI",
        ),
        (
            "the user is suspended",
            Broken::Org(
                json!({ "users": [{ "id": "00uada00000000000001", "status": "SUSPENDED" }] }),
            ),
            Settings,
            Check::UserActive,
            None,
            "activate or unlock",
        ),
        (
            "the user is not assigned",
            agent(json!({ "assigned_users": [] })),
            Both,
            Check::UserAssigned,
            None,
            "assign",
        ),
        (
            "the password",
            Broken::File(|file| {
                for user in file.users.values_mut() {
                    user.password = Some(Secret::new("not-the-password"));
                }
            }),
            Both,
            Check::SignIn,
            None,
            "password",
        ),
        (
            "an ID token of somebody else",
            Broken::File(|file| given(file, "opaque")),
            Both,
            Check::IdToken,
            None,
            "sign in again",
        ),
        (
            "the server is inactive",
            server(inactive()),
            Both,
            Check::CustomServer,
            None,
            "Authorization Servers",
        ),
        (
            "a policy for others",
            server(rule(JWT_BEARER, &all, "wlpagentec0000000001")),
            Both,
            Check::Policy,
            None,
            "policy",
        ),
        (
            "a rule without JWT Bearer",
            server(rule("client_credentials", &["chat.read"], AGENT)),
            Both,
            Check::Policy,
            None,
            "JWT Bearer",
        ),
        (
            "a scope that no rule allows",
            server(rule(JWT_BEARER, &["chat.read"], AGENT)),
            Settings,
            Check::Scopes,
            None,
            "rule",
        ),
        (
            "a scope that the connection lacks",
            connection("mcnchat0000000000001", json!({ "scopes": ["chat.read"] })),
            Both,
            Check::Scopes,
            None,
            "connection",
        ),
        (
            "a scope that nobody defines",
            Broken::File(|file| {
                let server = file
                    .servers
                    .get_mut(&ServerRole::CustomAs)
                    .expect("the file describes it");
                server.facts.insert("scope", "chat.histori".into());
            }),
            Both,
            Check::Scopes,
            None,
            "scope",
        ),
        (
            "the connection with the server",
            connection("mcnchat0000000000001", inactive()),
            Both,
            Check::Resource,
            as_role,
            "activate",
        ),
        (
            "the connection with the secret",
            connection("mcnsecret00000000001", inactive()),
            Both,
            Check::Resource,
            Some("secret"),
            "activate the connection",
        ),
        (
            "the connection with the account",
            connection("mcnsvcacct0000000001", inactive()),
            Both,
            Check::Resource,
            Some("service_account"),
            "activate the connection",
        ),
        (
            "the connection with the third party",
            connection("mcntracker0000000001", inactive()),
            Both,
            Check::Resource,
            Some("resource_server"),
            "activate the connection",
        ),
        (
            "a resource that is misspelt",
            Broken::File(|file| {
                file.resources
                    .get_mut("secret")
                    .expect("the file describes it")
                    .resource = "orn:okta:pam:00o1:secrets:wrong".into();
            }),
            Both,
            Check::Resource,
            Some("secret"),
            "copy the",
        ),
        (
            "the vault",
            Broken::Org(json!({ "vault": { "secrets": [
                { "id": "5a3c1f0e-0000-4000-8000-000000000001", "entitled_users": [] }
            ]}})),
            Both,
            Check::Entitlement,
            Some("secret"),
            "entitle",
        ),
        (
            "no consent",
            Broken::File(|file| file.consent_page = false),
            Both,
            Check::Consent,
            None,
            "interaction_uri",
        ),
        (
            "no such host",
            Broken::File(|file| org_at(file, "https://nowhere.invalid")),
            Both,
            Check::Name,
            None,
            "DNS",
        ),
        (
            "nobody listens",
            Broken::File(|file| org_at(file, "https://127.0.0.1:1")),
            Both,
            Check::Connection,
            None,
            "firewall",
        ),
        (
            "an authority that nobody trusts",
            Broken::File(|file| file.ca = None),
            Both,
            Check::Tls,
            None,
            "ca",
        ),
        (
            "an issuer by another name",
            Broken::File(|file| {
                let issuer = file.servers[&ServerRole::Org]
                    .issuer
                    .replace("127.0.0.1", "localhost");
                org_at(file, &issuer);
            }),
            Both,
            Check::Issuer,
            None,
            "write `https://127.0.0.1",
        ),
        (
            "an issuer that is a custom server's",
            Broken::File(|file| {
                let issuer = file.servers[&ServerRole::CustomAs].issuer.clone();
                org_at(file, &issuer);
            }),
            Both,
            Check::Issuer,
            None,
            "without a path",
        ),
        (
            "the address of the keys",
            Broken::File(|file| {
                let server = file
                    .servers
                    .get_mut(&ServerRole::Org)
                    .expect("the file describes it");
                server
                    .endpoints
                    .insert("jwks_uri", format!("{}/oauth2/v1/nothing", server.issuer));
            }),
            Both,
            Check::Keys,
            None,
            "jwks_uri",
        ),
        (
            "the API token",
            Broken::File(|file| {
                if file.management.is_some() {
                    file.management = Some(ManagementToken::Api(Secret::new("00wrong")));
                }
            }),
            Settings,
            Check::Management,
            None,
            "make a new one",
        ),
    ]
}

fn key(file: &mut Deployment, change: impl FnOnce(&mut ClientKey)) {
    let client = file.clients.get_mut(&ClientRole::Agent).expect("an agent");
    let RegisteredAuth::PrivateKeyJwt(key) = &mut client.auth else {
        panic!("the agent has a key");
    };
    change(key);
}

#[tokio::test]
async fn each_check_is_broken_on_purpose_and_found() {
    let Org { org, right } = org().await;
    let mut wrong = Vec::new();
    let mut broken_checks = BTreeSet::new();
    for (name, broken, seen_by, check, of, cure) in table() {
        assert!(cure.trim().len() > 1, "{name} has no words of a cure");
        for with_settings in [true, false] {
            if !with_settings && seen_by == SeenBy::Settings {
                continue;
            }
            let mut file = right.clone();
            if !with_settings {
                file.management = None;
            }
            match &broken {
                Broken::Org(change) => set(&org, change.clone()),
                Broken::File(change) => change(&mut file),
            }
            let found = examine(file).await;
            org.reset();
            broken_checks.insert(check);
            let same = |one: &&Checked| one.check == check && one.of.as_deref() == of;
            let result = found.checks.iter().find(same);
            let is_found = result.is_some_and(|one| {
                let said = format!(
                    "{} {}",
                    one.cure.as_deref().unwrap_or_default(),
                    one.console.as_deref().unwrap_or_default()
                );
                one.status == Status::Problem && said.to_lowercase().contains(&cure.to_lowercase())
            });
            if !is_found || found.ready {
                wrong.push(format!(
                    "--- {name} (settings: {with_settings}), {} {of:?}:\n{}",
                    check.id(),
                    shown(&found)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    // Those have tests of their own.
    broken_checks.extend([Check::Proxy, Check::Clock, Check::RateLimit]);
    let never: Vec<&str> = Check::ALL
        .iter()
        .filter(|check| !broken_checks.contains(check))
        .map(|check| check.id())
        .collect();
    assert!(never.is_empty(), "never broken: {}", never.join(", "));
}
