//! Why a sign-in by password came to no end. Okta's authentication API answers in one of its transaction states, of which only
//! `SUCCESS` has a session token; the authorization endpoint then asks the policies of the org (okta.md (e) and (h) 2).

use super::error::SignInError;
use crate::exchange::{Exchange, Response};
use crate::scenario::model::UserRole;
use crate::targets::AUTHN;

/// Whether an exchange is one with the authentication API, which counts wrong passwords.
#[must_use]
pub fn is_authn(exchange: &Exchange) -> bool {
    let url = exchange.request.url.as_str();
    let path = url.split('?').next().unwrap_or_default();
    path.ends_with(AUTHN)
}

/// What the org must allow, in a sentence.
const POLICIES: &str = "a sign-in by password alone needs a global session policy and an app policy of the org that ask for the password and no second factor; for other policies use `sign_in: {with: browser}` or `{with: cache}`";

/// The session token of an answer, where there is one.
#[must_use]
pub fn session_token(answer: &Response) -> Option<&str> {
    let body = answer.json.as_ref()?;
    let is_success = body.get("status")?.as_str() == Some("SUCCESS");
    let token = body.get("sessionToken")?.as_str();
    token.filter(|token| answer.status == 200 && is_success && !token.is_empty())
}

/// What the last exchange of a sign-in says, if it was refused or led nowhere. `None` where it says nothing of the sign-in: a
/// server that is overloaded or broken.
#[must_use]
pub fn refusal(last: &Exchange, user: UserRole) -> Option<SignInError> {
    let response = &last.response;
    if matches!(response.status, 429 | 500..) {
        return None;
    }
    let Refusal {
        setting,
        what,
        cure,
    } = if is_authn(last) {
        authn_refusal(response, user)?
    } else if last.request.by_browser {
        authorize_refusal(response)?
    } else {
        return None;
    };
    Some(SignInError::NoSession {
        setting,
        what: format!("{user} cannot sign in by password: {what}"),
        cure,
    })
}

/// Why a user gets no code.
struct Refusal {
    /// The key of the target file that is probably wrong.
    setting: String,
    what: String,
    cure: String,
}

fn authn_refusal(response: &Response, user: UserRole) -> Option<Refusal> {
    let member = |name: &str| response.json.as_ref()?.get(name)?.as_str();
    let password = format!("users.{user}.password");
    let refusal = |setting: &str, what: String, cure: &str| {
        Some(Refusal {
            setting: setting.to_owned(),
            what,
            cure: cure.to_owned(),
        })
    };
    let said = member("errorSummary").map_or_else(String::new, |words| format!(": {words}"));
    match (response.status, member("errorCode"), member("status")) {
        (200, _, Some("SUCCESS")) if session_token(response).is_some() => None,
        (401, Some("E0000004"), _) => refusal(
            &password,
            format!("the org does not know this user name with this password (401 E0000004{said})"),
            "compare login and password; an org may answer the same for a locked user: see Directory > People",
        ),
        (403, Some(code), _) => refusal(
            "sign_in",
            format!("the org does not let this user sign in here (403 {code}{said})"),
            POLICIES,
        ),
        (404 | 405, ..) => refusal(
            "authorization_servers.org.issuer",
            format!("{AUTHN} is not there ({})", response.status),
            "write the org's URL without a path; where the org has no authentication API, use `sign_in: {with: browser}`",
        ),
        (200, _, Some("LOCKED_OUT")) => refusal(
            &password,
            "the user is locked out".to_owned(),
            "unlock the user in the Admin Console: Directory > People",
        ),
        (200, _, Some("PASSWORD_EXPIRED" | "PASSWORD_WARN" | "PASSWORD_RESET")) => refusal(
            &password,
            "the password has expired or is about to".to_owned(),
            "sign in once at a browser and choose another password",
        ),
        (
            200,
            _,
            Some(state @ ("MFA_REQUIRED" | "MFA_CHALLENGE" | "MFA_ENROLL" | "MFA_ENROLL_ACTIVATE")),
        ) => refusal(
            "sign_in",
            format!("the org asks for a second factor ({state})"),
            POLICIES,
        ),
        (200, _, state) => refusal(
            "sign_in",
            format!(
                "the authentication API ends in the state {}",
                state.unwrap_or("(none)")
            ),
            POLICIES,
        ),
        (status, code, _) => refusal(
            "sign_in",
            format!(
                "the authentication API answers {status}{}{said}",
                code.map_or_else(String::new, |code| format!(" {code}"))
            ),
            "compare login and password of the user and the URL of the org",
        ),
    }
}

fn authorize_refusal(response: &Response) -> Option<Refusal> {
    if response.redirect_parameter("code").is_some() {
        return None;
    }
    let refusal = |what: String, cure: &str| {
        Some(Refusal {
            setting: "sign_in".to_owned(),
            what,
            cure: cure.to_owned(),
        })
    };
    let Some(error) = response.redirect_parameter("error") else {
        return refusal(
            format!(
                "the authorization endpoint answers {} and sends nobody back with a code",
                response.status
            ),
            "compare `client_id` and `redirect_uri` of the client with its registration",
        );
    };
    let words = response.redirect_parameter("error_description");
    let said = words.map_or_else(String::new, |words| format!(": {words}"));
    let what = format!("the authorization endpoint refuses with `{error}`{said}");
    match error.as_str() {
        "login_required" | "interaction_required" => refusal(
            format!("{what}; the session that the password gave is not enough for a policy"),
            POLICIES,
        ),
        "consent_required" => refusal(
            what,
            "let the user consent once at a browser (atx sign-in), or switch consent off for the application",
        ),
        "access_denied" => refusal(
            what,
            "assign the user to the application of the client, and see whether a policy of the org refuses",
        ),
        _ => refusal(
            what,
            "compare the client of the target file with its registration",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::exchange::{Party, RequestSpec};

    fn authn(status: u16, body: &str) -> Exchange {
        let url = format!("https://org.example{AUTHN}");
        Exchange {
            request: RequestSpec::new(Party::Org, "POST", url),
            response: Response::new(status, Vec::new(), body.as_bytes()),
            elapsed: Duration::ZERO,
        }
    }

    fn authorize(status: u16, location: &str) -> Exchange {
        let mut request =
            RequestSpec::new(Party::Org, "GET", "https://org.example/oauth2/v1/authorize");
        request.by_browser = true;
        let location = ("location".to_owned(), location.to_owned());
        Exchange {
            request,
            response: Response::new(status, vec![location], b""),
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn only_success_has_a_session_token() {
        let token = |status, body: &str| {
            let answer = authn(status, body).response;
            session_token(&answer).map(str::to_owned)
        };
        let success = r#"{"status":"SUCCESS","sessionToken":"t"}"#;
        assert_eq!(token(200, success).as_deref(), Some("t"));
        assert_eq!(token(401, success), None);
        assert_eq!(
            token(200, r#"{"status":"MFA_REQUIRED","sessionToken":"t"}"#),
            None
        );
        assert_eq!(token(200, r#"{"status":"SUCCESS"}"#), None);
    }

    #[test]
    fn each_refusal_says_what_the_org_must_allow() {
        for (last, setting, what, cure) in [
            (
                authn(
                    401,
                    r#"{"errorCode":"E0000004","errorSummary":"Authentication failed"}"#,
                ),
                "users.ada.password",
                "E0000004: Authentication failed",
                "compare login and password",
            ),
            (
                authn(200, r#"{"status":"LOCKED_OUT"}"#),
                "users.ada.password",
                "locked out",
                "unlock",
            ),
            (
                authn(200, r#"{"status":"PASSWORD_EXPIRED","stateToken":"s"}"#),
                "users.ada.password",
                "expired",
                "another password",
            ),
            (
                authn(200, r#"{"status":"MFA_REQUIRED","stateToken":"s"}"#),
                "sign_in",
                "second factor (MFA_REQUIRED)",
                "global session policy",
            ),
            (
                authn(200, r#"{"status":"UNAUTHENTICATED"}"#),
                "sign_in",
                "UNAUTHENTICATED",
                "policy",
            ),
            (
                authn(403, r#"{"errorCode":"E0000006"}"#),
                "sign_in",
                "403 E0000006",
                "policy",
            ),
            (
                authn(404, ""),
                "authorization_servers.org.issuer",
                "is not there",
                "without a path",
            ),
            (
                authn(400, r#"{"errorCode":"E0000001"}"#),
                "sign_in",
                "400 E0000001",
                "compare",
            ),
            (
                authorize(302, "http://localhost:1/cb?error=login_required&state=s"),
                "sign_in",
                "login_required",
                "global session policy",
            ),
            (
                authorize(
                    302,
                    "http://localhost:1/cb?error=access_denied&error_description=No.&state=s",
                ),
                "sign_in",
                "access_denied`: No.",
                "assign the user",
            ),
            (
                authorize(302, "http://localhost:1/cb?error=consent_required"),
                "sign_in",
                "consent_required",
                "consent once",
            ),
            (authorize(400, ""), "sign_in", "answers 400", "redirect_uri"),
        ] {
            let error = refusal(&last, UserRole::Ada).unwrap();
            assert_eq!(error.setting(), setting, "{error}");
            assert!(error.to_string().contains(what), "{error}");
            assert!(error.cure().contains(cure), "{error}: {}", error.cure());
        }
    }

    #[test]
    fn trouble_and_success_are_no_refusal() {
        for fine in [
            authn(200, r#"{"status":"SUCCESS","sessionToken":"t"}"#),
            authn(429, "{}"),
            authn(503, ""),
            authorize(302, "http://localhost:1/cb?code=c&state=s"),
        ] {
            assert_eq!(refusal(&fine, UserRole::Ada), None);
        }
    }
}
