//! The JSON Schema of a target file, for editors. Which values go together is known only to the reader.

use serde_json::{Map, Value, json};

use super::clients::METHODS;
use crate::requirement::Profiles;
use crate::scenario::model::{ClientRole, Edition, RESOURCES, ServerRole, StateChange, UserRole};
use crate::signing_key::ALGORITHMS;
use crate::targets::{ENDPOINTS, Environment, SERVER_FACTS, SignInKind};

/// JSON Schema (2020-12) of a target file. Wherever it has a word, the file may have `${NAME}` as well.
#[must_use]
pub fn schema() -> Value {
    let mut schema = object(
        "A target file of atx",
        &["target", "authorization_servers", "clients"],
        [
            (
                "target",
                word(
                    "What it is: a mock org, or a real one, whose secrets never stand in the file",
                    ["mock", "okta"],
                ),
            ),
            ("name", text("What reports call it")),
            (
                "edition",
                word(
                    "The edition of Okta's guide that it follows",
                    Edition::ALL.map(Edition::as_str),
                ),
            ),
            (
                "profiles",
                list(
                    "By what it is judged; `base` is always judged, and without the key all are",
                    Profiles::CHOICE.map(|(name, _)| name),
                ),
            ),
            (
                "shows_internal_codes",
                json!({ "description": "Whether refusals carry the internal code in a header, as the mock's do", "type": "boolean" }),
            ),
            (
                "owned",
                json!({ "description": "The org belongs to whoever runs the tests", "type": "boolean" }),
            ),
            (
                "environment",
                word(
                    "What the org is for; nothing but reading is sent unless it is for tests",
                    Environment::ALL.map(|(name, _)| name),
                ),
            ),
            (
                "allow",
                list(
                    "Changes that a run may leave at the org",
                    StateChange::ALL.iter().map(|(name, _)| *name),
                ),
            ),
            (
                "id_jag_budget",
                whole("How many ID-JAGs a run may have issued for each user", 0),
            ),
            ("proxy", proxy()),
            ("client_certificate", client_certificate()),
            (
                "max_requests_per_minute",
                whole("How often the target is asked at most", 1),
            ),
            (
                "ca",
                certificate(
                    "Authorities that signed the servers' certificates, beside those that the system trusts",
                ),
            ),
            ("control", control()),
            ("management", management()),
            ("sign_in", sign_in()),
            (
                "consent",
                word(
                    "`page` where a program can drive the third party's consent page",
                    ["page"],
                ),
            ),
            ("authorization_servers", servers()),
            ("clients", clients()),
            ("users", users()),
            ("resources", resources()),
        ],
    );
    if let Value::Object(schema) = &mut schema {
        schema.insert(
            "$schema".to_owned(),
            "https://json-schema.org/draft/2020-12/schema".into(),
        );
        schema.insert("$defs".to_owned(), definitions());
    }
    schema
}

fn definitions() -> Value {
    let one_of = |description: &str, members: Value| {
        json!({
            "description": description,
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
            "properties": members,
        })
    };
    let from = json!({
        "env": text("The name of an environment variable, which may also stand in `.env` beside this file"),
        "file": text("A path; a relative one begins at the folder of this file"),
    });
    let mut secret = from.clone();
    secret["value"] = json!({
        "description": "The secret itself, or a private JWK as a map; not for a real org",
        "type": ["string", "object"],
    });
    json!({
        "secret": one_of("Where a secret is", secret),
        "certificate": one_of("Where a certificate is", json!({
            "file": from["file"],
            "value": text("The certificate itself, as PEM"),
        })),
        "variable": {
            "description": "An environment variable, which may also stand in `.env` beside this file",
            "type": "string",
            "pattern": "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}",
        },
    })
}

fn control() -> Value {
    object(
        "The test control of a mock org",
        &["url"],
        [
            (
                "url",
                text("Where it is, such as http://127.0.0.1:7070/_mock"),
            ),
            ("token", secret("The token that it asks for")),
        ],
    )
}

fn management() -> Value {
    object(
        "A token for the org's management API, which is only read; one of the two",
        &[],
        [
            ("api_token", secret("An API token")),
            (
                "oauth_token",
                secret("An OAuth access token with scopes for reading"),
            ),
        ],
    )
}

fn proxy() -> Value {
    let with_password = object(
        "A proxy that wants a password",
        &["url", "user", "password"],
        [
            ("url", text("Its address")),
            ("user", text("The user that it knows")),
            ("password", secret("The password of that user")),
        ],
    );
    json!({
        "description": "The proxy that requests go through; `none` for none, whatever the environment says",
        "anyOf": [{ "type": "string" }, with_password],
    })
}

fn client_certificate() -> Value {
    object(
        "The certificate by which this client shows the servers who it is",
        &["certificate", "private_key"],
        [
            ("certificate", certificate("The certificate, as PEM")),
            ("private_key", secret("Its private key, as PEM")),
        ],
    )
}

fn whole(description: &str, least: u64) -> Value {
    json!({ "description": description, "type": "integer", "minimum": least })
}

fn sign_in() -> Value {
    object(
        "How users sign in",
        &["with"],
        [
            (
                "with",
                word(
                    "`page` posts the mock's sign-in page, `browser` opens a browser, `cache` uses what `atx sign-in` kept, `session` signs in by password without a page, `given` uses tokens of a sign-in by hand, `refresh` a refresh token",
                    SignInKind::ALL.map(|(name, _)| name),
                ),
            ),
            ("id_token", secret("With `given`: the ID token of ada")),
            (
                "access_token",
                secret("With `given`: the access token of the same sign-in"),
            ),
            (
                "refresh_token",
                secret(
                    "With `refresh`: a refresh token of ada; in a file it is replaced by the newest",
                ),
            ),
            (
                "cache",
                text(
                    "With `browser` and `cache`: the file that keeps sign-ins, unless the one that belongs to the target file",
                ),
            ),
        ],
    )
}

fn servers() -> Value {
    let mut members: Vec<(&str, Value)> = vec![(
        "issuer",
        text("The issuer, exactly as the server's metadata has it"),
    )];
    members.extend(ENDPOINTS.map(|(name, path)| {
        let description =
            format!("Where it is, unless at Okta's path, which ends with `/v1/{path}`");
        (name, text(&description))
    }));
    members.extend(SERVER_FACTS.map(|name| (name, text(meaning_of_fact(name)))));
    let server = |meaning: &str| object(meaning, &["issuer"], members.clone());
    object(
        "Authorization servers by their part in scenarios",
        &[ServerRole::Org.as_str()],
        ServerRole::ALL
            .iter()
            .map(|(name, role)| (*name, server(role.meaning()))),
    )
}

/// What one of [`SERVER_FACTS`] says.
fn meaning_of_fact(name: &str) -> &'static str {
    match name {
        "audience" => "`aud` of its access tokens",
        "resource" => "What the agent may send as `resource` beside the issuer",
        "scope" => "Scopes that the agent may have, separated by blanks",
        "one_scope" => "One of `scope` that does not open the API",
        "ungranted_scope" => "A scope that exists and is not on the agent's connection",
        "forbidden_scope" => "A scope on the connection that no access policy allows",
        "api" => "Address of an API that takes its access tokens",
        "api_needs_scope" => "The scope that the API asks for",
        _ => "",
    }
}

fn clients() -> Value {
    let key = object(
        "The key that it signs with; one of the two private forms",
        &[],
        [
            ("kid", text("`kid` of the registered key")),
            (
                "alg",
                word(
                    "`alg` of assertions, unless the key's usual one",
                    ALGORITHMS.map(|(name, ())| name),
                ),
            ),
            ("private_key_pem", secret("The private key as PEM")),
            ("private_jwk", secret("The private key as JWK")),
        ],
    );
    let methods = METHODS.map(|(name, _)| name);
    let auth = json!({
        "description": "How it authenticates; both methods with a secret where the secret works in both places",
        "anyOf": [
            { "enum": methods },
            { "type": "array", "items": { "anyOf": [{ "enum": methods }, { "$ref": "#/$defs/variable" }] }, "minItems": 1, "maxItems": 2 },
            { "$ref": "#/$defs/variable" },
        ],
    });
    let client = |meaning: &str| {
        let members = [
            ("client_id", text("Its `client_id`")),
            ("auth", auth.clone()),
            ("client_secret", secret("Its secret")),
            ("key", key.clone()),
            (
                "redirect_uri",
                text("Where the browser returns to, as registered"),
            ),
        ];
        object(meaning, &["client_id", "auth"], members)
    };
    let described = ClientRole::ALL.iter();
    let described = described.filter(|(_, role)| *role != ClientRole::UserClient);
    object(
        "Clients by their part in scenarios",
        &[ClientRole::Agent.as_str()],
        described.map(|(name, role)| (*name, client(role.meaning()))),
    )
}

fn users() -> Value {
    let user = |meaning: &str| {
        let members = [
            ("id", text("The user's id")),
            ("login", text("What the user types as user name")),
            ("password", secret("The user's password")),
        ];
        object(meaning, &["login"], members)
    };
    let all = UserRole::ALL.iter();
    object(
        "Users by their part in scenarios",
        &[],
        all.map(|(name, role)| (*name, user(role.meaning()))),
    )
}

fn resources() -> Value {
    let resource = |meaning: &str| {
        let members = [
            (
                "resource",
                text("The resource indicator or ORN of the agent's connection"),
            ),
            (
                "api",
                text("Address of an API that takes what the exchange gives"),
            ),
            (
                "field",
                text("The member of the vaulted secret that the API wants"),
            ),
            (
                "scope",
                text("The scopes that the third party grants, separated by blanks"),
            ),
        ];
        object(meaning, &["resource"], members)
    };
    let all = RESOURCES.iter();
    object(
        "What the agent is connected with, authorization servers apart",
        &[],
        all.map(|role| (role.name, resource(role.meaning))),
    )
}

/// A map with these keys and no others.
pub(super) fn object<'m>(
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

/// A string.
pub(super) fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string" })
}

/// One of these words, or a variable.
pub(super) fn word(description: &str, words: impl IntoIterator<Item = &'static str>) -> Value {
    let words: Vec<&str> = words.into_iter().collect();
    json!({ "description": description, "anyOf": [{ "enum": words }, { "$ref": "#/$defs/variable" }] })
}

/// Some of these words, or variables.
pub(super) fn list(description: &str, words: impl IntoIterator<Item = &'static str>) -> Value {
    let words: Vec<&str> = words.into_iter().collect();
    json!({
        "description": description,
        "type": "array",
        "items": { "anyOf": [{ "enum": words }, { "$ref": "#/$defs/variable" }] },
    })
}

/// A secret.
pub(super) fn secret(description: &str) -> Value {
    json!({ "description": description, "$ref": "#/$defs/secret" })
}

/// A certificate, which is no secret.
pub(super) fn certificate(description: &str) -> Value {
    json!({ "description": description, "$ref": "#/$defs/certificate" })
}

#[cfg(test)]
mod tests;
