//! Primary authentication (`POST /api/v1/authn`, Okta's Authentication API): a login and a password for a session token,
//! which the authorize endpoint takes once.

use serde_json::{Value, json};

use crate::api_error::ApiError;
use crate::behaviour::SessionTokenUse;
use crate::context::{Context, Outcome};
use crate::journal::SignInResult;
use crate::management::timestamp;
use crate::org::{User, UserStatus};

/// Seconds for which a session token is valid, and an unfinished transaction.
const LIFETIME: i64 = 300;

/// Answers with a session token, with a transaction that is not finished, or 401. Without the right password nothing is
/// revealed about the user.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    if !cx.request.is_json() {
        return ApiError::MediaType(400).outcome();
    }
    let Some(body) = cx.request.json.as_ref().filter(|body| body.is_object()) else {
        return ApiError::Body.outcome();
    };
    let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty());
    let (Some(login), Some(password)) = (text("username"), text("password")) else {
        let cause = "The 'username' and 'password' attributes are required in this context.";
        return ApiError::Required("authRequest", cause).outcome();
    };
    let org = cx.org;
    let user = org
        .user_by_login(login)
        .filter(|user| user.password.reveal() == password);
    let Some(user) = user else {
        cx.sign_in = Some(SignInResult::WRONG_CREDENTIALS);
        return ApiError::Authentication.outcome();
    };
    cx.user = Some(user.id.clone());
    let status = user.status.as_str();
    cx.sign_in = match user.status {
        // Whoever still owes a second factor has neither signed in nor failed.
        UserStatus::Active if wants_mfa(cx) => None,
        UserStatus::Active => Some(SignInResult::Success),
        _ => Some(SignInResult::Failure(status)),
    };
    match user.status {
        UserStatus::Suspended => ApiError::Authentication.outcome(),
        UserStatus::LockedOut => locked_out(),
        UserStatus::PasswordExpired => unfinished(cx, user, status),
        UserStatus::Active if wants_mfa(cx) => unfinished(cx, user, "MFA_REQUIRED"),
        UserStatus::Active => success(cx, user),
    }
}

fn wants_mfa(cx: &Context<'_>) -> bool {
    cx.behaviours().session_token == SessionTokenUse::MfaRequired
}

fn success(cx: &mut Context<'_>, user: &User) -> Outcome {
    let token = cx.state.token("20111");
    let expires_at = cx.now + LIFETIME;
    cx.state
        .session_tokens
        .insert(&token, expires_at, user.id.clone(), cx.now);
    done(json!({
        "expiresAt": timestamp(expires_at),
        "status": "SUCCESS",
        "sessionToken": token,
        "_embedded": { "user": shown(user) },
    }))
}

/// A transaction that continues with further requests, which the mock does not support.
fn unfinished(cx: &mut Context<'_>, user: &User, status: &str) -> Outcome {
    let state = cx.state.token("00");
    done(json!({
        "stateToken": state,
        "expiresAt": timestamp(cx.now + LIFETIME),
        "status": status,
        "_embedded": { "user": shown(user) },
    }))
}

/// Without a state token: only unlocking the account is possible next.
fn locked_out() -> Outcome {
    done(json!({ "status": "LOCKED_OUT", "_embedded": {} }))
}

fn shown(user: &User) -> Value {
    let claim = |name: &str| user.profile.get(name);
    json!({
        "id": user.id.as_str(),
        "profile": {
            "login": user.login,
            "firstName": claim("given_name"),
            "lastName": claim("family_name"),
            "locale": claim("locale"),
            "timeZone": claim("zoneinfo"),
        },
    })
}

fn done(body: Value) -> Outcome {
    Outcome::Api {
        status: 200,
        body,
        links: Vec::new(),
    }
}
