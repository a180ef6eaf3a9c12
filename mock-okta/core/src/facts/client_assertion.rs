//! A client assertion and what its signature is worth, by the client's secret, its registered keys, or the keys that
//! it publishes.

use aws_lc_rs::hmac;
use serde_json::{Map, Value};

use super::{Outside, embedded, verifies_as_it_says};
use crate::defect::Bend;
use crate::documents::NeedsDocument;
use crate::keys::{PublicKey, fits};
use crate::org::{AuthMethod, Client, ClientKeySpec, KeyAlg, Status};
use crate::request::Params;
use crate::tokens::jwt::{Flaw, Jwt, verifies};
use crate::variation::Variation;

/// `client_assertion`, read and verified.
#[derive(Debug, Clone)]
pub struct ClientAssertion {
    /// Header and claims.
    pub jwt: Jwt,
    /// `client_secret_jwt` or `private_key_jwt`.
    pub method: AuthMethod,
    /// What the signature is worth.
    pub proof: Proof,
    /// Whether the client has more than one active key that it could have signed with.
    pub has_several_keys: bool,
}

/// What the signature of a client assertion is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It verifies.
    Valid,
    /// It verifies, under an RSA key that is too short.
    SmallKey,
    /// It does not.
    Invalid,
    /// `alg` is none, unknown, or not the one of the key.
    Algorithm,
    /// It is symmetric, and the client has no secret.
    NoSecret,
    /// It is symmetric, and the secret is shorter than the hash (RFC 7518 §3.2).
    ShortSecret,
    /// The client is unknown or has registered no key.
    NoKeys,
    /// No active key has the `kid`.
    UnknownKid,
    /// `use` of the key is neither `sig` nor `enc`.
    KeyUse,
    /// The key is for encryption.
    NotASigningKey,
    /// `jku` is not the client's `jwks_uri`.
    JkuMismatch,
    /// The keys at `jwks_uri` could not be had.
    NoDocument,
    /// There is no key at `jwks_uri`.
    NoPublishedKey,
    /// Two keys at `jwks_uri` have the same `kid`, or one of several has none.
    AmbiguousKeys,
    /// No key at `jwks_uri` is for this `alg`.
    NoPublishedAlgorithm,
    /// `use` of the published key is not `sig`.
    PublishedKeyUse,
    /// What was published under the `kid` is not a public key.
    BrokenKey,
}

/// Reads the assertion of a form; an address comes with it when the client's keys must be fetched first.
pub(super) fn read(
    outside: &Outside<'_>,
    form: &Params,
) -> (Option<ClientAssertion>, Option<NeedsDocument>) {
    let read = form
        .get("client_assertion")
        .and_then(|text| Some((text, outside.jwt(text)?)));
    let Some((text, mut jwt)) = read else {
        return (None, None);
    };
    let id = form
        .get("client_id")
        .or_else(|| jwt.claim_str("sub"))
        .or_else(|| jwt.claim_str("iss"));
    let client = id.and_then(|id| outside.snapshot.org.clients.get(id));
    let (method, proof, needs) = match client {
        Some(client) => prove(outside, client, &jwt, text),
        None => (AuthMethod::PrivateKeyJwt, Proof::NoKeys, None),
    };
    let proof = match proof {
        Proof::SmallKey => {
            jwt.flaws.push(Flaw::SmallKey);
            Proof::Valid
        }
        _ if embedded::verifies(outside, &jwt, text) => Proof::Valid,
        proof => proof,
    };
    let has_several_keys = client.is_some_and(|client| signing_keys(outside, client) > 1);
    let assertion = ClientAssertion {
        jwt,
        method,
        proof,
        has_several_keys,
    };
    (Some(assertion), needs)
}

/// How many keys of a client may sign: registered ones that are active, or those at its `jwks_uri`.
fn signing_keys(outside: &Outside<'_>, client: &Client) -> usize {
    if let Some(url) = &client.jwks_uri {
        let lifetime = outside.snapshot.org.behaviours.jwks_uri_cache_seconds();
        let published = outside.documents.keys(url, outside.now, lifetime);
        let signs = |key: &&Map<String, Value>| {
            matches!(key.get("use").and_then(Value::as_str), None | Some("sig"))
        };
        return published.map_or(0, |keys| keys.iter().filter(signs).count());
    }
    let signs = |spec: &&ClientKeySpec| spec.status == Status::Active && spec.usage == "sig";
    client.keys.iter().filter(signs).count()
}

fn prove(
    outside: &Outside<'_>,
    client: &Client,
    jwt: &Jwt,
    text: &str,
) -> (AuthMethod, Proof, Option<NeedsDocument>) {
    // A client that has a secret and no key can mean the secret only, whether it may or not.
    let secret_only =
        client.client_secret.is_some() && client.keys.is_empty() && client.jwks_uri.is_none();
    let symmetric = secret_only || client.auth_methods.contains(&AuthMethod::ClientSecretJwt);
    if let (true, Some(alg)) = (symmetric, mac(jwt)) {
        return (
            AuthMethod::ClientSecretJwt,
            by_secret(client, alg, text),
            None,
        );
    }
    let (proof, needs) = match &client.jwks_uri {
        Some(url) => by_published_keys(outside, url, jwt, text),
        None => (by_registered_keys(outside, client, jwt, text), None),
    };
    (AuthMethod::PrivateKeyJwt, proof, needs)
}

/// The algorithm of `client_secret_jwt`, with the least length of a secret in bytes.
fn mac(jwt: &Jwt) -> Option<(hmac::Algorithm, usize)> {
    match jwt.header_str("alg")? {
        "HS256" => Some((hmac::HMAC_SHA256, 32)),
        "HS384" => Some((hmac::HMAC_SHA384, 48)),
        "HS512" => Some((hmac::HMAC_SHA512, 64)),
        _ => None,
    }
}

fn by_secret(client: &Client, (alg, least): (hmac::Algorithm, usize), text: &str) -> Proof {
    let Some(secret) = &client.client_secret else {
        return Proof::NoSecret;
    };
    let secret = secret.reveal().as_bytes();
    if secret.len() < least {
        return Proof::ShortSecret;
    }
    let key = hmac::Key::new(alg, secret);
    let right = verifies(text, |message, signature| {
        hmac::verify(&key, message, signature).is_ok()
    });
    if right { Proof::Valid } else { Proof::Invalid }
}

fn by_registered_keys(outside: &Outside<'_>, client: &Client, jwt: &Jwt, text: &str) -> Proof {
    let keys = outside.snapshot.keys.client(&client.id);
    if keys.is_empty() {
        return Proof::NoKeys;
    }
    if outside.bends(Bend::TokenAlgorithm)
        && verifies_as_it_says(jwt, text, keys.iter().map(|key| &key.public))
    {
        return Proof::Valid;
    }
    if jwt.is_unsigned_or_unknown() {
        return Proof::Algorithm;
    }
    let registered = |kid: &str| client.keys.iter().find(|spec| spec.kid == kid);
    // RFC 7515 §4.1.4: a kid is a hint, which a server may ignore when it knows none such.
    let hint = outside.snapshot.variations.has(Variation::AssertionKid);
    let is_known = |kid: &&str| keys.iter().any(|key| key.public.kid == *kid);
    let kid = jwt.header_str("kid").filter(|kid| !hint || is_known(kid));
    let mut proof = Proof::UnknownKid;
    // Without a kid every active key is tried: RFC 7515 makes the member optional.
    for key in keys {
        let named = kid.is_none_or(|kid| key.public.kid == kid);
        let spec = registered(&key.public.kid).filter(|spec| spec.status == Status::Active);
        if let (true, Some(spec)) = (named, spec) {
            proof = by_registered_key(&key.public, spec, jwt, text);
        }
        if proof == Proof::Valid {
            break;
        }
    }
    proof
}

fn by_registered_key(key: &PublicKey, spec: &ClientKeySpec, jwt: &Jwt, text: &str) -> Proof {
    match spec.usage.as_str() {
        "sig" if jwt.fits(key.alg) => by_key(key, text),
        "sig" => Proof::Algorithm,
        "enc" => Proof::NotASigningKey,
        _ => Proof::KeyUse,
    }
}

fn by_key(key: &PublicKey, text: &str) -> Proof {
    match (key.verifies(text), key.is_small()) {
        (true, false) => Proof::Valid,
        (true, true) => Proof::SmallKey,
        (false, _) => Proof::Invalid,
    }
}

fn by_published_keys(
    outside: &Outside<'_>,
    url: &str,
    jwt: &Jwt,
    text: &str,
) -> (Proof, Option<NeedsDocument>) {
    let ignored = outside.snapshot.variations.has(Variation::AssertionJku);
    if !ignored && jwt.header.get("jku").is_some_and(|jku| jku != url) {
        return (Proof::JkuMismatch, None);
    }
    let lifetime = outside.snapshot.org.behaviours.jwks_uri_cache_seconds();
    let (documents, now) = (outside.documents, outside.now);
    let needs = documents
        .wanted(url, jwt.header_str("kid"), now, lifetime)
        .then(|| NeedsDocument {
            url: url.to_owned(),
        });
    let proof = documents
        .keys(url, now, lifetime)
        .map_or(Proof::NoDocument, |keys| published(keys, jwt, text));
    (proof, needs)
}

fn published(keys: &[Map<String, Value>], jwt: &Jwt, text: &str) -> Proof {
    if keys.is_empty() {
        return Proof::NoPublishedKey;
    }
    let member = |key: &Map<String, Value>, name: &str| -> Option<String> {
        key.get(name).and_then(Value::as_str).map(str::to_owned)
    };
    let mut kids: Vec<_> = keys.iter().map(|key| member(key, "kid")).collect();
    kids.sort();
    let distinct = kids.windows(2).all(|pair| pair[0] != pair[1]);
    let nameless = kids.iter().any(Option::is_none);
    if !distinct || (nameless && keys.len() > 1) {
        return Proof::AmbiguousKeys;
    }
    let Some(alg) = jwt.header_str("alg").and_then(KeyAlg::parse) else {
        return Proof::Algorithm;
    };
    let for_alg = |key: &&Map<String, Value>| {
        member(key, "alg").is_none_or(|own| own == alg.as_str()) && fits(alg, key)
    };
    let mut candidates = keys.iter().filter(for_alg).peekable();
    if candidates.peek().is_none() {
        return Proof::NoPublishedAlgorithm;
    }
    let kid = jwt.header_str("kid");
    let mut proof = Proof::UnknownKid;
    for key in candidates.filter(|key| kid.is_none() || member(key, "kid").as_deref() == kid) {
        proof = match member(key, "use").as_deref() {
            None | Some("sig") => PublicKey::from_jwk("a client", "", alg, key)
                .map_or(Proof::BrokenKey, |key| by_key(&key, text)),
            Some(_) => Proof::PublishedKeyUse,
        };
        if proof == Proof::Valid {
            break;
        }
    }
    proof
}
