//! The JSON Schema of an org file, for editors. What refers to what is known only to the reader.

use serde_json::{Map, Value, json};

use super::connections::{SCOPE_CONDITIONS, TYPES};
use super::people::PROFILE;
use super::resources::CREDENTIALS;
use super::servers::REDEEM_SCOPE;
use crate::behaviour::Behaviours;
use crate::faults::{FaultKind, ParameterForm};
use crate::org::target::{CLIENT_ROLES, RESOURCE_ROLES, SERVER_ROLES, USER_ROLES};
use crate::org::{
    ApplicationType, AuthMethod, ConsentMethod, GrantType, KeyAlg, Org, Status, UserStatus,
};

impl Org {
    /// JSON Schema (2020-12) of the file that [`Org::from_yaml`] reads.
    #[must_use]
    pub fn schema() -> Value {
        let mut schema = object(
            "An org of mock-okta",
            &["org"],
            [
                ("org", about()),
                ("users", each(&user())),
                ("apps", each(&app())),
                ("agents", each(&agent())),
                ("authorization_servers", each(&server())),
                ("vault", vault()),
                ("third_parties", each(&third_party())),
                ("connections", each(&connection())),
                ("protected_resources", each(&protected_resource())),
                ("behaviours", behaviours()),
                ("faults", each(&fault())),
                ("target", target()),
            ],
        );
        if let Value::Object(schema) = &mut schema {
            schema.insert(
                "$schema".to_owned(),
                "https://json-schema.org/draft/2020-12/schema".into(),
            );
        }
        schema
    }
}

fn about() -> Value {
    object(
        "The org itself",
        &["id", "name"],
        [
            ("id", id("00o")),
            ("name", text("Its name")),
            (
                "ai_agents",
                flag("Whether it has the feature for AI agents"),
            ),
            ("session_idle", duration("How long a session may be idle")),
            ("session_lifetime", duration("How long a session may last")),
            (
                "trusted_origins",
                texts("Origins whose pages may read its answers"),
            ),
            (
                "private_key_pem",
                text("The key that it signs with, as PKCS#8 PEM; made at start otherwise"),
            ),
        ],
    )
}

fn user() -> Value {
    let claims = PROFILE.map(|name| (name, text("A claim of OpenID Connect")));
    let status = names(&UserStatus::ALL);
    let status = word("users who are not ACTIVE cannot sign in", status);
    object(
        "A user",
        &["id", "login", "password"],
        [
            ("id", id("00u")),
            (
                "login",
                text("An e-mail address, which is the user name as well"),
            ),
            ("password", text("What the user types")),
            ("status", status),
            ("profile", object("Further claims", &[], claims)),
        ],
    )
}

fn app() -> Value {
    let own = [
        ("id", id("0oa")),
        ("name", text("Its name")),
        (
            "application_type",
            word("What sort of app it is", names(&ApplicationType::ALL)),
        ),
        ("status", status()),
    ];
    object(
        "An app",
        &["id", "name", "application_type"],
        own.into_iter().chain(client()),
    )
}

fn agent() -> Value {
    let own = [
        ("id", id("wlp")),
        ("name", text("Its name")),
        ("status", word("Whether it may act", names(&Status::ALL))),
        (
            "linked_apps",
            texts("Apps whose ID tokens it may exchange, by id"),
        ),
    ];
    object("An agent", &["id", "name"], own.into_iter().chain(client()))
}

/// What apps and agents have in common.
fn client() -> Vec<(&'static str, Value)> {
    vec![
        (
            "grant_types",
            words("Grants that it may use", names(&GrantType::ALL)),
        ),
        ("redirect_uris", texts("Where a sign-in may end")),
        (
            "post_logout_redirect_uris",
            texts("Where a sign-out may end"),
        ),
        (
            "token_endpoint_auth_methods",
            words("How it authenticates", names(&AuthMethod::ALL)),
        ),
        ("client_secret", text("Its secret")),
        ("keys", each(&key())),
        (
            "jwks_uri",
            text("Where it publishes its keys, in place of `keys`"),
        ),
        ("pkce_required", flag("Whether a sign-in needs PKCE")),
        ("assigned_users", users("Who may sign in with it")),
        (
            "consent_method",
            word(
                "Whether users are asked for their consent",
                names(&ConsentMethod::ALL),
            ),
        ),
        ("reauthenticate_after", duration("How old a sign-in may be")),
        (
            "org_authorization_server_only",
            flag("Whether custom authorization servers refuse it"),
        ),
    ]
}

fn key() -> Value {
    object(
        "A key; without a key of its own one is made at start",
        &["kid", "alg"],
        [
            ("kid", text("`kid` of what it signs")),
            ("alg", word("The algorithm", names(&KeyAlg::ALL))),
            ("private_key_pem", text("The private key as PKCS#8 PEM")),
            (
                "public_jwk",
                json!({ "description": "The public key as a JWK", "type": "object" }),
            ),
            ("status", status()),
            ("use", text("`sig` unless it says otherwise")),
        ],
    )
}

fn server() -> Value {
    let rule = object(
        "A rule of an access policy",
        &["name", "grant_types", "scopes"],
        [
            ("name", text("Its name")),
            (
                "grant_types",
                words("Grants that it allows", names(&GrantType::ALL)),
            ),
            ("users", users("Whom it allows them")),
            ("scopes", texts("Scopes that it allows")),
            ("access_token_lifetime", duration("From 5m to 24h")),
            (
                "refresh_token_lifetime",
                duration("Without it, a refresh token has no end"),
            ),
            (
                "refresh_token_idle",
                duration("How long a refresh token may be idle"),
            ),
        ],
    );
    let policy = object(
        "An access policy",
        &["name", "clients", "rules"],
        [
            ("name", text("Its name")),
            ("clients", texts("Clients that it is for, by id")),
            ("rules", each(&rule)),
        ],
    );
    object(
        "A custom authorization server",
        &["id", "name", "audience"],
        [
            (
                "id",
                text("`default`, or 20 letters and digits that begin with `aus`"),
            ),
            ("name", text("Its name")),
            ("audience", text("`aud` of its access tokens")),
            ("scopes", texts("Scopes that it defines")),
            ("status", status()),
            (
                "private_key_pem",
                text("The key that it signs with, as PKCS#8 PEM; made at start otherwise"),
            ),
            (
                "default_scopes",
                texts("Scopes that are granted where none is asked for"),
            ),
            (
                "consent_required_scopes",
                texts("Scopes for which users are asked"),
            ),
            ("resources", texts("Resources that a request may name")),
            (
                "redeem_scope",
                word(
                    "What becomes of `scope` beside an ID-JAG",
                    names(&REDEEM_SCOPE),
                ),
            ),
            ("policies", each(&policy)),
        ],
    )
}

fn vault() -> Value {
    let identified = || {
        [
            ("id", text("A UUID in lower case")),
            ("orn", text("Its Okta resource name")),
            ("name", text("Its name")),
            ("entitled_users", users("Who is handed it")),
        ]
    };
    let secret = object(
        "A vaulted secret",
        &["id", "orn", "name", "value", "entitled_users"],
        identified().into_iter().chain([(
            "value",
            json!({
                "description": "Its fields",
                "type": "object",
                "additionalProperties": { "type": "string" },
                "minProperties": 1,
            }),
        )]),
    );
    let account = object(
        "A service account",
        &[
            "id",
            "orn",
            "name",
            "username",
            "password",
            "entitled_users",
        ],
        identified().into_iter().chain([
            ("username", text("Its user name")),
            ("password", text("Its password")),
        ]),
    );
    object(
        "What Okta Privileged Access holds",
        &[],
        [
            ("secrets", each(&secret)),
            ("service_accounts", each(&account)),
        ],
    )
}

fn third_party() -> Value {
    object(
        "A third party, whose tokens OAuth STS brokers",
        &["id", "name"],
        [
            ("id", text("Lower-case letters, digits and hyphens")),
            ("name", text("Its name")),
            ("scopes", texts("Scopes that it defines")),
            (
                "access_token_lifetime",
                duration("How long its access tokens are good"),
            ),
            ("refresh", flag("Whether it gives refresh tokens")),
        ],
    )
}

fn connection() -> Value {
    object(
        "A resource connection of an agent",
        &["id", "agent", "type"],
        [
            ("id", id("mcn")),
            ("agent", text("The agent, by id")),
            ("type", word("What it leads to", names(&TYPES))),
            (
                "authorization_server",
                text("A custom authorization server, by id"),
            ),
            (
                "scope_condition",
                word("Which scopes the agent may have", names(&SCOPE_CONDITIONS)),
            ),
            (
                "scopes",
                texts("The scopes of the condition, or those that a third party is asked for"),
            ),
            ("secret", text("A vaulted secret, by id or ORN")),
            ("service_account", text("A service account, by id or ORN")),
            ("third_party", text("A third party, by id")),
            ("resource_indicator", text("What `resource` names it by")),
            ("status", status()),
        ],
    )
}

fn protected_resource() -> Value {
    object(
        "An API of the mock",
        &["path", "takes"],
        [
            ("path", text("Where it answers, such as /resources/chat")),
            (
                "takes",
                word("Which credential it takes", names(&CREDENTIALS)),
            ),
            ("scope", text("The scope that it asks for")),
            (
                "authorization_server",
                text("The server whose access tokens it takes, by id"),
            ),
            ("header", text("The header field that carries the secret")),
            ("field", text("The field of the secret that it takes")),
            ("secret", text("A vaulted secret, by id or ORN")),
            ("service_account", text("A service account, by id or ORN")),
            ("third_party", text("A third party, by id")),
        ],
    )
}

fn behaviours() -> Value {
    let switches = Behaviours::SWITCHES.iter().map(|switch| {
        let numbers = switch
            .choices
            .iter()
            .filter_map(|one| one.parse::<i64>().ok());
        let choices: Vec<Value> = (switch.choices.iter().map(|one| (*one).into()))
            .chain(numbers.map(Value::from))
            .collect();
        let schema = json!({ "description": switch.question, "enum": choices });
        (switch.name, schema)
    });
    object("Switches: what public sources leave open", &[], switches)
}

fn fault() -> Value {
    let kinds = FaultKind::ALL.map(FaultKind::id);
    let mut members = vec![("fault", word("What happens", kinds))];
    for parameter in FaultKind::ALL
        .into_iter()
        .flat_map(FaultKind::all_parameters)
    {
        if members.iter().any(|(name, _)| *name == parameter.name) {
            continue;
        }
        let types = match parameter.form {
            ParameterForm::Number { .. } => json!(["integer", "string"]),
            ParameterForm::Flag => json!(["boolean", "string"]),
            _ => json!(["string", "number", "boolean"]),
        };
        let schema = json!({ "description": parameter.meaning, "type": types });
        members.push((parameter.name, schema));
    }
    object("What happens to answers on their way", &["fault"], members)
}

fn target() -> Value {
    let group = |description, roles: &[&'static str]| {
        let members = roles.iter().map(|role| (*role, text("An id")));
        object(description, &[], members)
    };
    object(
        "Who plays which role in the target file",
        &[],
        [
            (
                "authorization_servers",
                group("Custom authorization servers", &SERVER_ROLES),
            ),
            ("clients", group("Agents and apps", &CLIENT_ROLES)),
            ("users", group("Users", &USER_ROLES)),
            ("resources", group("Connections", &RESOURCE_ROLES)),
        ],
    )
}

/// The names of a vocabulary.
fn names<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(name, _)| *name).collect()
}

/// A map with these keys and no others.
fn object<'m>(
    description: &str,
    required: &[&str],
    members: impl IntoIterator<Item = (&'m str, Value)>,
) -> Value {
    let members = members.into_iter();
    let properties: Map<String, Value> = members
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    let mut object = json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn each(item: &Value) -> Value {
    json!({ "type": "array", "items": item })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string" })
}

fn texts(description: &str) -> Value {
    json!({ "description": description, "type": "array", "items": { "type": "string" } })
}

fn flag(description: &str) -> Value {
    json!({ "description": description, "type": "boolean" })
}

fn id(prefix: &str) -> Value {
    let pattern = format!("^{prefix}[A-Za-z0-9]{{{}}}$", 20 - prefix.len());
    json!({ "description": format!("20 letters and digits that begin with `{prefix}`"), "type": "string", "pattern": pattern })
}

fn duration(description: &str) -> Value {
    json!({ "description": format!("{description}; as 300s, 60m or 24h"), "type": "string", "pattern": "^[0-9]+[smh]$" })
}

fn word(description: &str, words: impl IntoIterator<Item = &'static str>) -> Value {
    let words: Vec<&str> = words.into_iter().collect();
    json!({ "description": description, "enum": words })
}

fn words(description: &str, words: impl IntoIterator<Item = &'static str>) -> Value {
    let words: Vec<&str> = words.into_iter().collect();
    json!({ "description": description, "type": "array", "items": { "enum": words }, "minItems": 1 })
}

fn status() -> Value {
    word(
        "An INACTIVE one is treated as if it were not there",
        ["ACTIVE", "INACTIVE"],
    )
}

fn users(description: &str) -> Value {
    json!({
        "description": format!("{description}: `everyone`, or users by id"),
        "anyOf": [{ "const": "everyone" }, { "type": "array", "items": { "type": "string" } }],
    })
}

#[cfg(test)]
mod tests;
