//! The section `protected_resources`.

use std::collections::BTreeMap;

use strict_yaml::{MapReader, Problem};

use super::resolve::{KnownNames, RecordKind};
use super::words::items;
use crate::org::{CustomServerId, ProtectedResource, Takes, ThirdPartyId, uri};

#[derive(Clone, Copy)]
pub(super) enum Credential {
    AccessToken,
    VaultedSecret,
    ServiceAccount,
    ThirdPartyToken,
}

pub(super) const CREDENTIALS: [(&str, Credential); 4] = [
    ("access_token", Credential::AccessToken),
    ("vaulted_secret", Credential::VaultedSecret),
    ("service_account", Credential::ServiceAccount),
    ("third_party_token", Credential::ThirdPartyToken),
];

/// Where the org itself answers.
const RESERVED: [&str; 10] = [
    "/api/v1",
    "/governance/api/v1",
    "/resource-servers/api/v1",
    "/workload-principals",
    "/health",
    "/oauth2",
    "/.well-known",
    "/_mock",
    "/signin",
    "/third-party",
];

pub(super) fn resources(
    top: &mut MapReader<'_, '_>,
    known: &KnownNames,
    secrets: &BTreeMap<String, crate::org::VaultedSecret>,
) -> Vec<ProtectedResource> {
    let mut paths: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for item in items(top, "protected_resources") {
        let mut resource = MapReader::new(item, top.problems(), "a protected resource");
        let path = path(&mut resource, &mut paths);
        let takes = takes(&mut resource, known, secrets);
        resource.finish();
        if let (Some(path), Some(takes)) = (path, takes) {
            all.push(ProtectedResource { path, takes });
        }
    }
    all
}

/// RFC 3986 §3.3, `pchar` without percent-encoding, and the slash.
fn is_in_paths(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte)
}

fn path(resource: &mut MapReader<'_, '_>, paths: &mut BTreeMap<String, usize>) -> Option<String> {
    let path = resource.required_str("path")?;
    let text = &path.value;
    let problem = |message: String| Problem::new(path.place, message);
    if !text.starts_with('/') || text.len() < 2 || !text.bytes().all(is_in_paths) {
        resource.problems().push(
            problem(format!("`{}` is no path", uri::shown(text)))
                .expected("a plain path such as /resources/chat"),
        );
    }
    let below = |root: &str| {
        text.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if let Some(root) = RESERVED.iter().find(|root| below(root)) {
        resource.problems().push(
            problem(format!("the org itself answers below `{root}`"))
                .help("choose another path, such as /resources/chat"),
        );
    }
    let first = *paths.entry(text.clone()).or_insert(path.place.line);
    if first != path.place.line {
        resource.problems().push(problem(format!(
            "the path `{text}` stands on line {first} already"
        )));
    }
    Some(path.value)
}

fn takes(
    resource: &mut MapReader<'_, '_>,
    known: &KnownNames,
    secrets: &BTreeMap<String, crate::org::VaultedSecret>,
) -> Option<Takes> {
    match resource.required_one_of("takes", &CREDENTIALS)?.value {
        Credential::AccessToken => {
            let scope = resource.required_str("scope");
            let server = resource.required_str("authorization_server")?;
            let server = known.find(RecordKind::Server, &server, resource.problems())?;
            let scope = scope?;
            known.check_scopes(
                RecordKind::Server,
                &server,
                std::slice::from_ref(&scope),
                &[],
                resource.problems(),
            );
            Some(Takes::AccessToken {
                server: CustomServerId::new(server),
                scope: scope.value,
            })
        }
        Credential::VaultedSecret => {
            let header = header(resource);
            let field = resource.required_str("field");
            let secret = resource.required_str("secret")?;
            let secret = known.find(RecordKind::Secret, &secret, resource.problems())?;
            let field = field?;
            if let Some(entry) = secrets.get(&secret)
                && !entry.value.contains_key(&field.value)
            {
                let fields: Vec<&str> = entry.value.keys().map(String::as_str).collect();
                let mut problem = strict_yaml::unknown(field.place, "field", &field.value, fields);
                problem.message = format!(
                    "the vaulted secret `{secret}` has no field `{}`",
                    field.value
                );
                resource.problems().push(problem);
            }
            Some(Takes::VaultedSecret {
                secret,
                field: field.value,
                header: header?,
            })
        }
        Credential::ServiceAccount => {
            let account = resource.required_str("service_account")?;
            let service_account =
                known.find(RecordKind::ServiceAccount, &account, resource.problems())?;
            Some(Takes::ServiceAccount { service_account })
        }
        Credential::ThirdPartyToken => {
            let party = resource.required_str("third_party")?;
            let party = known.find(RecordKind::ThirdParty, &party, resource.problems())?;
            Some(Takes::ThirdPartyToken {
                third_party: ThirdPartyId::new(party),
            })
        }
    }
}

fn header(resource: &mut MapReader<'_, '_>) -> Option<String> {
    let header = resource.required_str("header")?;
    if http::HeaderName::try_from(header.value.as_str()).is_err() {
        resource.problems().push(
            Problem::new(
                header.place,
                format!("`{}` is no header field", header.value),
            )
            .expected("a name such as X-Api-Key"),
        );
    }
    Some(header.value)
}
