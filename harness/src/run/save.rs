//! Values kept for later steps.

use serde_json::Value;

use crate::evidence::is_secret_path;
use crate::exchange::field::challenges;
use crate::exchange::{Exchange, Response};
use crate::fill::{self, Names};
use crate::jwt::Jwt;
use crate::scenario::model::{Save, SaveSource};
use crate::value::find_one;

/// The value that a step saves, or why there is none.
pub(super) fn extract(
    save: &Save,
    response: &Response,
    names: &dyn Names,
) -> Result<Value, String> {
    let missing = |what: String| format!("`{}` cannot be saved: {what}", save.name);
    let in_body = |path: &str| {
        let body = response.json.as_ref();
        let body = body.ok_or_else(|| missing("the answer is not JSON".to_owned()))?;
        let path = fill::path(path, names).map_err(|unfilled| missing(unfilled.to_string()))?;
        find_one(body, &path).ok_or_else(|| missing(format!("the answer has no `body.{path}`")))
    };
    let decoded = |token: &str| {
        let jwt = Jwt::decode(in_body(token)?.as_str().unwrap_or_default());
        jwt.map_err(|why| missing(format!("`body.{token}` is no JWT: {why}")))
    };
    match &save.from {
        SaveSource::Status => Ok(response.status.into()),
        SaveSource::Body(path) => in_body(path).cloned(),
        SaveSource::Header(name) => {
            let value = response.header(name).map(Value::from);
            value.ok_or_else(|| missing(format!("the answer has no header `{name}`")))
        }
        SaveSource::Query(name) => {
            let value = response.redirect_parameter(name).map(Value::from);
            value.ok_or_else(|| missing(format!("the answer redirects with no `{name}`")))
        }
        SaveSource::Challenge(name) => {
            let field = response.header("www-authenticate").unwrap_or_default();
            let challenges = challenges(&field);
            let value = challenges.iter().find_map(|one| one.parameter(name));
            let value = value.map(Value::from);
            value.ok_or_else(|| missing(format!("no challenge has a parameter `{name}`")))
        }
        SaveSource::JoseHeader { token, member } => {
            let header = Value::Object(decoded(token)?.header);
            let value = find_one(&header, member).cloned();
            value.ok_or_else(|| missing(format!("the header of `body.{token}` has no `{member}`")))
        }
        SaveSource::Claim { token, claim } => {
            let claims = Value::Object(decoded(token)?.claims);
            let value = find_one(&claims, claim).cloned();
            value.ok_or_else(|| missing(format!("`body.{token}` has no claim `{claim}`")))
        }
    }
}

/// Where a saved `Location` leads: it may be relative to the address that was asked (RFC 9110 §10.2.2).
pub(super) fn resolved(save: &Save, answer: &Exchange) -> Option<Value> {
    let SaveSource::Header(name) = &save.from else {
        return None;
    };
    let leads_to = (name == "location").then(|| answer.redirects_to())?;
    leads_to.map(Value::from)
}

/// What evidence must not show of a saved value, wherever it turns up later.
pub(super) fn secrets(save: &Save, value: &Value) -> Vec<String> {
    let Some(text) = value.as_str() else {
        return Vec::new();
    };
    let path = match &save.from {
        SaveSource::Body(path)
        | SaveSource::Header(path)
        | SaveSource::Query(path)
        | SaveSource::Challenge(path) => path.as_str(),
        SaveSource::Claim { .. } | SaveSource::JoseHeader { .. } | SaveSource::Status => "",
    };
    if path.ends_with("interaction_uri") {
        let query = text.split_once('?').map_or("", |(_, query)| query);
        let values = form_urlencoded::parse(query.as_bytes());
        return values.map(|(_, value)| value.into_owned()).collect();
    }
    if is_secret_path(path) || Jwt::decode(text).is_ok() {
        return vec![text.to_owned()];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Party, RequestSpec};
    use crate::fill::sample::Table;

    fn save(from: SaveSource) -> Save {
        Save {
            name: "x".into(),
            from,
            optional: false,
            place: strict_yaml::Place::START,
        }
    }

    fn response() -> Response {
        let body = r#"{"id_token":"eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMHUxIn0.","a":{"b":[1,2]},"secret":"s"}"#;
        let challenge = "Bearer realm=\"r\", resource_metadata=\"https://x/.well-known\"";
        let headers = [
            ("location", "http://x/cb?code=c0de"),
            ("etag", "e"),
            ("www-authenticate", challenge),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Response::new(200, headers.into(), body.as_bytes())
    }

    #[test]
    fn values_come_from_every_part_of_an_answer() {
        let from = |source| extract(&save(source), &response(), &Table::default());
        assert_eq!(from(SaveSource::Status), Ok(200.into()));
        assert_eq!(from(SaveSource::Body("a.b.1".into())), Ok(2.into()));
        assert_eq!(from(SaveSource::Header("etag".into())), Ok("e".into()));
        assert_eq!(from(SaveSource::Query("code".into())), Ok("c0de".into()));
        assert_eq!(
            from(SaveSource::Challenge("resource_metadata".into())),
            Ok("https://x/.well-known".into())
        );
        let claim = SaveSource::Claim {
            token: "id_token".into(),
            claim: "sub".into(),
        };
        assert_eq!(from(claim), Ok("00u1".into()));
        let member = SaveSource::JoseHeader {
            token: "id_token".into(),
            member: "alg".into(),
        };
        assert_eq!(from(member), Ok("none".into()));
    }

    #[test]
    fn a_relative_location_is_saved_as_the_address_it_leads_to() {
        let answer = |location: &str| {
            let headers = vec![("location".to_owned(), location.to_owned())];
            Exchange {
                request: RequestSpec::new(Party::Org, "POST", "https://a.example/sign-in?x=1"),
                response: Response::new(303, headers, b""),
                elapsed: std::time::Duration::ZERO,
            }
        };
        let saved = |location: &str| {
            let save = save(SaveSource::Header("location".into()));
            resolved(&save, &answer(location))
        };
        let absolute = "https://a.example/resume?state=s";
        assert_eq!(saved("/resume?state=s"), Some(absolute.into()));
        assert_eq!(saved(absolute), Some(absolute.into()));
        let other = save(SaveSource::Header("etag".into()));
        assert_eq!(resolved(&other, &answer("/x")), None);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let from = |source| extract(&save(source), &response(), &Table::default()).unwrap_err();
        assert_eq!(
            from(SaveSource::Body("access_token".into())),
            "`x` cannot be saved: the answer has no `body.access_token`"
        );
        let claim = SaveSource::Claim {
            token: "secret".into(),
            claim: "sub".into(),
        };
        assert!(from(claim).contains("`body.secret` is no JWT: it does not have three parts"));
    }

    #[test]
    fn secrets_are_kept_in_mind() {
        let secrets =
            |path: &str, value: &str| secrets(&save(SaveSource::Body(path.into())), &value.into());
        assert_eq!(secrets("vaulted_secret.apikey", "k"), ["k"]);
        assert_eq!(
            secrets("interaction_uri", "https://o/x?dataHandle=h%20i"),
            ["h i"]
        );
        assert!(secrets("error", "invalid_grant").is_empty());
        assert_eq!(secrets("anything", "eyJhbGciOiJub25lIn0.e30.").len(), 1);
    }
}
