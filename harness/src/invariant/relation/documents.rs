//! Metadata documents (RFC 8414, OIDC Discovery).

use crate::result::Aspect;
use std::collections::BTreeSet;

use serde_json::{Map, Value};
use url::Url;

use super::{Said, View, value, words};
use crate::value::same;

/// What two documents of one issuer both say, they say alike. Lists are sets: nothing orders them. Only documents that one
/// case reads are compared: so the count does not depend on what ran before, or in another part of the run.
pub(super) fn agree(view: &View<'_>) -> Vec<Said> {
    let (Some(role), Some(Value::Object(document))) = (view.class.role, view.body()) else {
        return Vec::new();
    };
    let url = &view.exchange.request.url;
    let others = view.names.lineage.documents(role, url);
    // RFC 8414 §2.1: a signed copy of the members, and each document signs its own.
    let members = document
        .iter()
        .filter(|(name, _)| *name != "signed_metadata");
    let compared = members.filter_map(|(name, here)| {
        let mut there = others.iter().filter_map(|other| other.get(name)).peekable();
        there.peek()?;
        let differs = there.any(|there| !alike(here, there));
        Some(Said::new(
            Aspect::Member(name.to_owned()),
            "what the other document of this issuer says",
            differs.then(|| value(name, here)),
        ))
    });
    compared.collect()
}

fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            let set = |items: &[Value]| -> BTreeSet<String> {
                items.iter().map(Value::to_string).collect()
            };
            set(a) == set(b)
        }
        _ => same(a, b),
    }
}

/// Every endpoint has the scheme, host and port of the issuer that was asked for.
pub(super) fn issuer_origin(view: &View<'_>) -> Vec<Said> {
    let origin = view
        .names
        .server()
        .and_then(|server| Url::parse(&server.issuer).ok())
        .map(|issuer| issuer.origin());
    let Some(origin) = origin else {
        return Vec::new();
    };
    let is_address = |name: &str| name.ends_with("_endpoint") || name == "jwks_uri";
    members(view)
        .filter(|(name, _)| is_address(name))
        .filter_map(|(name, there)| {
            let url = Url::parse(there.as_str()?).ok()?;
            let broken = url.origin() != origin;
            Some(Said::new(
                Aspect::Member(name.to_owned()),
                "at the origin of the issuer",
                broken.then(|| value(name, there)),
            ))
        })
        .collect()
}

/// RFC 8414 §3.2: a list without anything in it is left out.
pub(super) fn no_empty_lists(view: &View<'_>) -> Vec<Said> {
    members(view)
        .filter_map(|(name, there)| {
            let items = there.as_array()?;
            Some(Said::new(
                Aspect::Member(name.to_owned()),
                "a list with something in it",
                items.is_empty().then(|| value(name, there)),
            ))
        })
        .collect()
}

/// What OIDC Discovery §3 requires.
pub(super) fn openid_members(view: &View<'_>) -> Vec<Said> {
    let is_openid = view
        .exchange
        .request
        .url
        .ends_with("/.well-known/openid-configuration");
    if !is_openid {
        return Vec::new();
    }
    let required = [
        "issuer",
        "authorization_endpoint",
        "jwks_uri",
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
    ];
    let mut said: Vec<Said> = required
        .into_iter()
        .map(|name| {
            let broken = view.member(name).is_none();
            Said::new(
                Aspect::Member(name.to_owned()),
                "present",
                broken.then_some(crate::check::Seen::Absent),
            )
        })
        .collect();
    if let Some(algorithms) = view.member("id_token_signing_alg_values_supported") {
        let lists = algorithms
            .as_array()
            .is_some_and(|items| items.contains(&"RS256".into()));
        said.push(Said::new(
            Aspect::Member("id_token_signing_alg_values_supported".to_owned()),
            "a list with RS256 in it",
            (!lists).then(|| value("id_token_signing_alg_values_supported", algorithms)),
        ));
    }
    if let Some(kinds) = view
        .member("subject_types_supported")
        .and_then(Value::as_array)
    {
        let known = |kind: &Value| matches!(kind.as_str(), Some("public" | "pairwise"));
        let unknown = kinds.iter().find(|kind| !known(kind));
        said.push(Said::new(
            Aspect::Member("subject_types_supported".to_owned()),
            "public, pairwise, or both",
            unknown.map(|unknown| words(format!("among them {unknown}"))),
        ));
    }
    said
}

fn members<'v>(view: &'v View<'_>) -> impl Iterator<Item = (&'v String, &'v Value)> {
    view.body()
        .and_then(Value::as_object)
        .map(Map::iter)
        .into_iter()
        .flatten()
}
