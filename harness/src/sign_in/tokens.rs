//! Whether a token response is the one of a sign-in (OIDC Core section 3.1.3.7): nothing else gets into the token cache.

use serde_json::Value;

use super::error::SignInError;
use crate::exchange::Response;
use crate::jwks::Jwks;
use crate::jwt::Jwt;
use crate::scenario::model::UserRole;
use crate::secret::Secret;
use crate::targets::User;

/// Seconds by which two clocks may differ.
const LEEWAY: f64 = 300.0;

/// What an ID token must say.
#[derive(Debug)]
pub struct Claims<'c> {
    /// The org's issuer.
    pub issuer: &'c str,
    /// The client that signed the user in.
    pub client_id: &'c str,
    /// `nonce` of the request; a refreshed ID token need not have one (OIDC Core section 12.2).
    pub nonce: Option<&'c str>,
    /// Who shall have signed in, as far as the target file says.
    pub user: Option<(UserRole, &'c User)>,
    /// `sub` of the ID token before it, which a refreshed one must repeat (OIDC Core section 12.2).
    pub subject: Option<&'c str>,
    /// What was asked for.
    pub scope: &'c str,
    /// Now, in seconds since the epoch.
    pub now: i64,
}

/// Tokens that were validated.
#[derive(Debug)]
pub struct Tokens {
    /// The ID token.
    pub id_token: Secret,
    /// The access token.
    pub access_token: Option<Secret>,
    /// The refresh token.
    pub refresh_token: Option<Secret>,
    /// Who signed in.
    pub person: String,
    /// What was granted.
    pub scopes: Vec<String>,
    /// When the first of ID token and access token expires.
    pub expires_at: i64,
}

/// The ID token of a token response.
///
/// # Errors
/// When the response is none that grants something.
pub fn id_token_of(response: &Response) -> Result<Jwt, SignInError> {
    let body = response.json.as_ref();
    let member = |name: &str| body.and_then(|body| body.get(name)?.as_str());
    if response.status != 200 {
        return Err(SignInError::TokensRefused {
            status: response.status,
            error: member("error").or(member("errorCode")).map(str::to_owned),
            description: member("error_description")
                .or(member("errorSummary"))
                .map(str::to_owned),
        });
    }
    let token = member("id_token");
    let token = token
        .ok_or_else(|| invalid("the token response has no ID token; ask for the scope openid"))?;
    Jwt::decode(token).map_err(|why| invalid(&format!("the ID token is not a JWT: {why}")))
}

/// Validates a token response.
///
/// # Errors
/// With the first thing that is not right.
pub fn validate(
    response: &Response,
    keys: &Jwks,
    claims: &Claims<'_>,
) -> Result<Tokens, SignInError> {
    let jwt = id_token_of(response)?;
    keys.verify(&jwt).map_err(|why| {
        invalid(&format!(
            "the signature of the ID token does not count: {why}"
        ))
    })?;
    let text = |name: &str| jwt.claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(claims.issuer) {
        let said = text("iss").unwrap_or("nobody");
        let issuer = claims.issuer;
        return Err(invalid(&format!(
            "the ID token is issued by `{said}`, not by `{issuer}`"
        )));
    }
    audience(&jwt, claims.client_id)?;
    let expires = jwt.claims.get("exp").and_then(Value::as_f64);
    let expires = expires.ok_or_else(|| invalid("the ID token does not say when it expires"))?;
    #[expect(clippy::cast_precision_loss, reason = "seconds since the epoch")]
    let now = claims.now as f64;
    if expires <= now {
        return Err(invalid(
            "the ID token has expired already; compare the clock of this machine",
        ));
    }
    let issued = jwt.claims.get("iat").and_then(Value::as_f64);
    if issued.is_some_and(|issued| issued > now + LEEWAY) {
        return Err(invalid(
            "the ID token is issued in the future; compare the clock of this machine",
        ));
    }
    if let Some(nonce) = claims.nonce
        && text("nonce") != Some(nonce)
    {
        return Err(invalid("the ID token has another nonce than the request"));
    }
    let subject = text("sub").filter(|subject| !subject.is_empty());
    let subject = subject.ok_or_else(|| invalid("the ID token does not say whose it is"))?;
    let person = ["preferred_username", "email"].into_iter().find_map(text);
    if claims.subject.is_some_and(|earlier| earlier != subject) {
        return Err(invalid(
            "the refreshed ID token is of another subject than the one before it",
        ));
    }
    if let Some((role, user)) = claims.user {
        let is_same = is_of(user, subject, person);
        if is_same == Some(false) {
            return Err(SignInError::AnotherPerson {
                expected: user.login.clone(),
                found: person.unwrap_or(subject).to_owned(),
            });
        }
        if is_same.is_none() && claims.subject.is_none() {
            return Err(SignInError::Unidentified(role));
        }
    }
    tokens(response, claims, person.unwrap_or(subject))
}

fn tokens(response: &Response, claims: &Claims<'_>, person: &str) -> Result<Tokens, SignInError> {
    let body = response.json.as_ref();
    let member = |name: &str| body.and_then(|body| body.get(name)?.as_str());
    let is_bearer = member("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    if member("access_token").is_some() && !is_bearer {
        return Err(invalid("the access token is not a bearer token"));
    }
    let expires_at = expiry(response, claims.now)
        .ok_or_else(|| invalid("the ID token does not say when it expires"))?;
    let secret = |name: &str| member(name).map(Secret::new);
    let granted = member("scope").unwrap_or(claims.scope);
    Ok(Tokens {
        id_token: secret("id_token").unwrap_or_else(|| Secret::new("")),
        access_token: secret("access_token"),
        refresh_token: secret("refresh_token"),
        person: person.to_owned(),
        scopes: granted.split_whitespace().map(str::to_owned).collect(),
        expires_at,
    })
}

/// An ID token for several names the client as the party it was issued to (OIDC Core section 3.1.3.7, steps 3 to 5).
fn audience(jwt: &Jwt, client_id: &str) -> Result<(), SignInError> {
    let audiences: Vec<&str> = match jwt.claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let authorized = jwt.claims.get("azp").and_then(Value::as_str);
    let is_meant = audiences.contains(&client_id)
        && authorized.is_none_or(|party| party == client_id)
        && (audiences.len() == 1 || authorized.is_some());
    if is_meant {
        return Ok(());
    }
    let said = audiences.join("`, `");
    Err(invalid(&format!(
        "the ID token is for `{said}`, not for `{client_id}`"
    )))
}

/// Whether the person is the one of the target file: by the id where the file has it, else by the name. `None` where there is
/// nothing to compare.
fn is_of(user: &User, subject: &str, person: Option<&str>) -> Option<bool> {
    match (&user.id, person) {
        (Some(id), _) => Some(id == subject),
        (None, Some(person)) => Some(person.eq_ignore_ascii_case(&user.login)),
        (None, None) => None,
    }
}

/// When the first of ID token and access token of a token response expires, in seconds since the epoch, if it says so.
#[must_use]
pub fn expiry(response: &Response, now: i64) -> Option<i64> {
    let body = response.json.as_ref()?;
    let of_id_token = body
        .get("id_token")
        .and_then(Value::as_str)
        .and_then(|token| Jwt::decode(token).ok())
        .and_then(|jwt| jwt.claims.get("exp").and_then(seconds));
    let lifetime = body.get("expires_in").and_then(Value::as_i64);
    let of_access_token = lifetime.map(|seconds| now.saturating_add(seconds));
    [of_id_token, of_access_token].into_iter().flatten().min()
}

/// A number of seconds, which may have a fraction (RFC 7519 section 2).
fn seconds(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "seconds since the epoch")]
    let whole = |number: f64| number as i64;
    value.as_i64().or_else(|| value.as_f64().map(whole))
}

fn invalid(why: &str) -> SignInError {
    SignInError::InvalidTokens(why.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample::Org;
    use super::*;

    const NOW: i64 = 1_000_000;

    impl Org {
        fn validated(&self, response: &Response) -> Result<Tokens, SignInError> {
            self.validated_as(None, None, response)
        }

        fn validated_as(
            &self,
            id: Option<&str>,
            subject: Option<&str>,
            response: &Response,
        ) -> Result<Tokens, SignInError> {
            let user = User {
                id: id.map(str::to_owned),
                login: "ada@example.com".to_owned(),
                password: None,
            };
            let claims = Claims {
                issuer: "https://org.example",
                client_id: "wlpagent",
                nonce: Some("n"),
                user: Some((UserRole::Ada, &user)),
                subject,
                scope: "openid",
                now: NOW,
            };
            validate(response, &self.keys, &claims)
        }
    }

    #[test]
    fn a_token_that_names_nobody_is_of_ada_only_by_her_id_or_by_the_token_before_it() {
        let org = Org::new();
        let nameless = org.answer(NOW, &json!({"preferred_username": null}), &json!({}));
        let error = org.validated(&nameless).unwrap_err();
        assert_eq!(error, SignInError::Unidentified(UserRole::Ada));
        let cure = error.cure();
        assert!(
            cure.contains("`profile`") && cure.contains("users.ada.id"),
            "{cure}"
        );
        assert!(org.validated_as(Some("00uada"), None, &nameless).is_ok());
        assert!(org.validated_as(None, Some("00uada"), &nameless).is_ok());
    }

    #[test]
    fn a_refreshed_token_has_the_subject_of_the_one_before_it() {
        let org = Org::new();
        let answer = org.answer(NOW, &json!({}), &json!({}));
        assert!(org.validated_as(None, Some("00uada"), &answer).is_ok());
        let error = org
            .validated_as(None, Some("00uroot"), &answer)
            .unwrap_err();
        assert!(error.to_string().contains("another subject"), "{error}");
    }

    #[test]
    fn the_right_tokens_are_taken() {
        let org = Org::new();
        let tokens = org
            .validated(&org.answer(NOW, &json!({}), &json!({})))
            .unwrap();
        assert_eq!(tokens.person, "ada@example.com");
        assert_eq!(tokens.scopes, ["openid", "profile"]);
        assert_eq!(tokens.expires_at, NOW + 1800);
        assert!(tokens.access_token.is_some() && tokens.refresh_token.is_none());
        let several = json!({"aud": ["wlpagent", "other"], "azp": "wlpagent"});
        assert!(
            org.validated(&org.answer(NOW, &several, &json!({})))
                .is_ok()
        );
    }

    #[test]
    fn a_wrong_claim_is_named() {
        let org = Org::new();
        for (claims, part) in [
            (
                json!({"iss": "https://evil.example"}),
                "issued by `https://evil.example`",
            ),
            (json!({"aud": "other"}), "is for `other`"),
            (
                json!({"aud": ["wlpagent", "other"]}),
                "is for `wlpagent`, `other`",
            ),
            (json!({"azp": "other"}), "not for `wlpagent`"),
            (json!({"nonce": "other"}), "another nonce"),
            (json!({"nonce": null}), "another nonce"),
            (json!({"exp": NOW}), "expired already"),
            (json!({"exp": null}), "when it expires"),
            (json!({"iat": NOW + 301}), "in the future"),
            (json!({"sub": ""}), "whose it is"),
            (
                json!({"preferred_username": "root@example.com"}),
                "root@example.com",
            ),
        ] {
            let error = org
                .validated(&org.answer(NOW, &claims, &json!({})))
                .unwrap_err();
            assert!(error.to_string().contains(part), "{claims}: {error}");
        }
    }

    #[test]
    fn a_signature_of_somebody_else_does_not_count() {
        let (org, other) = (Org::new(), Org::new());
        let forged = other.answer(NOW, &json!({}), &json!({}));
        let error = org.validated(&forged).unwrap_err();
        assert!(error.to_string().contains("signature"), "{error}");
        let unsigned = json!({"id_token": "eyJhbGciOiJub25lIn0.e30."});
        let error = org
            .validated(&org.answer(NOW, &json!({}), &unsigned))
            .unwrap_err();
        assert!(error.to_string().contains("signature"), "{error}");
    }

    #[test]
    fn another_answer_is_no_sign_in() {
        let org = Org::new();
        let body = br#"{"error":"invalid_grant","error_description":"Too late."}"#;
        let refused = Response::new(400, Vec::new(), body);
        let error = org.validated(&refused).unwrap_err();
        assert!(error.to_string().contains("invalid_grant"), "{error}");
        for members in [json!({"id_token": null}), json!({"token_type": "N_A"})] {
            assert!(
                org.validated(&org.answer(NOW, &json!({}), &members))
                    .is_err(),
                "{members}"
            );
        }
    }
}
