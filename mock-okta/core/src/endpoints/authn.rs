//! Primary authentication (`POST /api/v1/authn`, Okta's Authentication API): a login and a password for a session token,
//! which the authorize endpoint takes once.

use serde_json::{Value, json};

use crate::behaviour::SessionTokenUse;
use crate::context::{Context, Outcome};
use crate::management::timestamp;
use crate::org::{User, UserStatus};

/// Seconds for which a session token counts, and a transaction that is not finished.
const LIFETIME: i64 = 300;

/// Answers with a session token, with what else is asked for, or 401. Who has no right password learns nothing of the user.
pub(super) fn answer(cx: &mut Context<'_>) -> Outcome {
    if !cx.request.is_json() {
        return error(
            400,
            "E0000021",
            "Bad request. Accept and/or Content-Type headers likely do not match supported values.",
        );
    }
    let Some(body) = cx.request.json.as_ref().filter(|body| body.is_object()) else {
        return error(400, "E0000003", "The request body was not well-formed.");
    };
    let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty());
    let (Some(login), Some(password)) = (text("username"), text("password")) else {
        return incomplete();
    };
    let org = cx.org;
    let user = org
        .user_by_login(login)
        .filter(|user| user.password.reveal() == password);
    let Some(user) = user else {
        return refused();
    };
    cx.user = Some(user.id.clone());
    match user.status {
        UserStatus::Suspended => refused(),
        UserStatus::LockedOut => locked_out(),
        UserStatus::PasswordExpired => unfinished(cx, user, "PASSWORD_EXPIRED"),
        UserStatus::Active => {
            if cx.behaviours().session_token == SessionTokenUse::MfaRequired {
                unfinished(cx, user, "MFA_REQUIRED")
            } else {
                success(cx, user)
            }
        }
    }
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

/// A transaction that goes on with another request, which the mock does not take.
fn unfinished(cx: &mut Context<'_>, user: &User, status: &str) -> Outcome {
    let state = cx.state.token("00");
    done(json!({
        "stateToken": state,
        "expiresAt": timestamp(cx.now + LIFETIME),
        "status": status,
        "_embedded": { "user": shown(user) },
    }))
}

/// Without a state token: nothing goes on from here but an unlock.
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

fn refused() -> Outcome {
    error(401, "E0000004", "Authentication failed")
}

fn incomplete() -> Outcome {
    Outcome::ApiError {
        status: 400,
        code: "E0000001",
        summary: "Api validation failed: authRequest".to_owned(),
        causes: vec![
            "The 'username' and 'password' attributes are required in this context.".to_owned(),
        ],
        allow: None,
        refusal: None,
    }
}

fn error(status: u16, code: &'static str, summary: &str) -> Outcome {
    Outcome::ApiError {
        status,
        code,
        summary: summary.to_owned(),
        causes: Vec::new(),
        allow: None,
        refusal: None,
    }
}
