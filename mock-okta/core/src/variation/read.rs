//! What comes back in a varied form is brought into the common one before it is judged.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Map, Value, json};

use super::tokens::BEHIND;
use super::{Variation, Variations};
use crate::org::Org;
use crate::request::Request;
use crate::tokens::id_jag::TYP;
use crate::tokens::jwt::Jwt;

/// Begins an opaque access token.
const OPAQUE: &str = "oat_";

/// A token as only the org can read it. That it holds the token itself is the org's own business.
pub(crate) fn conceal(token: &str) -> String {
    format!("{OPAQUE}{}", B64.encode(token))
}

/// The JWT behind what was presented.
pub(crate) fn reveal(on: Variations, text: &str) -> Cow<'_, str> {
    let opaque = on.has(Variation::AccessTokenOpaque) || on.has(Variation::OrgAccessTokenOpaque);
    let inside = || {
        let encoded = text.strip_prefix(OPAQUE)?;
        String::from_utf8(B64.decode(encoded).ok()?).ok()
    };
    match opaque.then(inside).flatten() {
        Some(token) => Cow::Owned(token),
        None => Cow::Borrowed(text),
    }
}

/// Brings a token of the org into the form that its rules know. Its signature was verified before.
pub(crate) fn canonical(on: Variations, org: &Org, jwt: &mut Jwt) {
    if on.is_empty() {
        return;
    }
    let id_jag = jwt.header_str("typ") == Some(TYP);
    // No ID token names a client by one of these.
    let names_client = ["cid", "client_id"].map(|name| jwt.claims.contains_key(name));
    let access = !id_jag && names_client.contains(&true);
    for variation in on.iter() {
        of_every_kind(variation, id_jag, access, &mut jwt.claims);
        if id_jag && variation == Variation::IdJagResourceList {
            only_item(&mut jwt.claims, "resource");
        }
        if access {
            typ(variation, jwt);
            access_token(variation, org, &mut jwt.claims);
        }
    }
}

fn of_every_kind(
    variation: Variation,
    id_jag: bool,
    access: bool,
    claims: &mut Map<String, Value>,
) {
    match variation {
        Variation::JtiUuid => {
            let kind = match (id_jag, access) {
                (true, _) => "IDAAG.",
                (_, true) => "AT.",
                _ => "ID.",
            };
            // One that names its kind was written by somebody else.
            if let Some(Value::String(jti)) = claims.get_mut("jti")
                && !jti.contains('.')
                && !jti.is_empty()
            {
                jti.insert_str(0, kind);
            }
        }
        Variation::TimesEarly => {
            if let Some(at) = claims.get("auth_time").and_then(Value::as_i64) {
                claims.insert("auth_time".to_owned(), json!(at + BEHIND));
            }
        }
        Variation::TimesFractional => {
            for name in ["iat", "exp", "nbf"] {
                whole(claims, name);
            }
        }
        _ => {}
    }
}

/// A time in whole seconds, rounded down.
fn whole(claims: &mut Map<String, Value>, name: &str) {
    let at = claims.get(name).and_then(Value::as_f64);
    if let Some(at) = at {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a saturating cast keeps far dates far"
        )]
        let seconds = at.floor() as i64;
        claims.insert(name.to_owned(), json!(seconds));
    }
}

/// RFC 9068 §4: whoever is given an access token looks at its `typ`. The rules know tokens without one.
fn typ(variation: Variation, jwt: &mut Jwt) {
    if !matches!(
        variation,
        Variation::AccessTokenAtJwt | Variation::AccessTokenApplication
    ) {
        return;
    }
    match jwt.header_str("typ") {
        Some("at+jwt" | "application/at+jwt") => drop(jwt.header.shift_remove("typ")),
        Some(_) => {}
        None => drop(jwt.header.insert("typ".to_owned(), json!("none"))),
    }
}

fn access_token(variation: Variation, org: &Org, claims: &mut Map<String, Value>) {
    match variation {
        Variation::AccessTokenScope if !claims.contains_key("scp") => {
            let scope = claims.get("scope").and_then(Value::as_str);
            let scopes = scope.map(|scope| scope.split(' ').collect::<Vec<_>>());
            claims.extend(scopes.map(|scopes| ("scp".to_owned(), json!(scopes))));
        }
        Variation::AccessTokenClient if !claims.contains_key("cid") => {
            let client = claims.get("client_id").cloned();
            claims.extend(client.map(|client| ("cid".to_owned(), client)));
        }
        Variation::AccessTokenNoUid if !claims.contains_key("uid") => {
            let login = claims.get("sub").and_then(Value::as_str);
            let user = login.and_then(|login| org.user_by_login(login));
            claims.extend(user.map(|user| ("uid".to_owned(), json!(user.id.as_str()))));
        }
        _ => {}
    }
}

/// A list of one becomes its item.
fn only_item(claims: &mut Map<String, Value>, name: &str) {
    if let Some(value) = claims.get_mut(name)
        && let Value::Array(items) = value
        && items.len() == 1
    {
        *value = items.remove(0);
    }
}

/// Takes the members of a JSON body for a form.
pub(crate) fn json_body(on: Variations, body: &[u8], request: &mut Request) {
    let is_json = |request: &Request| {
        let media = request.header(http::header::CONTENT_TYPE)?;
        let media = media.split(';').next()?.trim();
        Some(media.eq_ignore_ascii_case("application/json"))
    };
    if !on.has(Variation::JsonBodies) || is_json(request) != Some(true) {
        return;
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        return;
    };
    let pairs = members.into_iter().flat_map(|(name, value)| {
        let values = match value {
            Value::Array(items) => items,
            one => vec![one],
        };
        let texts = values.into_iter().filter_map(|value| match value {
            Value::String(text) => Some(text),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        });
        texts.map(move |text| (name.clone(), text))
    });
    request.take_for_form(pairs.collect());
}
