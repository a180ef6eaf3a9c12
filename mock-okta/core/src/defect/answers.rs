//! Changes of JSON answers: members missing, wrong, mistyped, or there when they should not be.

#![deny(clippy::wildcard_enum_match_arm)]

use serde_json::{Map, Value, json};

use crate::context::{Context, Members, Slot};
use crate::org::{UserId, VaultedSecret};

pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
pub(super) const ID_JAG_PROFILE: &str = "urn:ietf:params:oauth:grant-profile:id-jag";
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
pub(super) const VAULTED_SECRET: &str = "urn:okta:params:oauth:token-type:vaulted-secret";

/// What is different in a JSON answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum AnswerChange {
    /// It lacks a member.
    Remove(&'static str),
    /// A member has this text.
    Set(&'static str, &'static str),
    /// It has a refresh token.
    RefreshToken,
    /// `scope` has one scope more.
    ScopeWider,
    /// `expires_in` is a string.
    ExpiresAsText,
    /// `expires_in` is an hour.
    ExpiresInAnHour,
    /// `expires_in` is so many seconds longer.
    ExpiresLaterBy(i64),
    /// It has the value of another secret of the vault.
    SecretOther,
    /// It has another service account.
    AccountOther,
    /// The service account has no password.
    PasswordMissing,
    /// PKCE is announced with the method `plain` only.
    PkcePlain,
    /// ID-JAGs are announced without the grant that issues them.
    IdJagWithoutGrant,
    /// The profile of ID-JAGs is announced without the grant that redeems them.
    ProfileWithoutGrant,
    /// The published keys are different.
    Keys(KeysChange),
    /// `sub` is another user.
    SubjectOther,
    /// It says why a token is not active, and whose it was.
    ReasonAndUser,
}

/// What is different in the published keys.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeysChange {
    /// Each has its private part.
    Private,
    /// None has a `kid`.
    KidMissing,
    /// Each is for encryption.
    UseEncryption,
    /// There is none.
    Empty,
    /// The first is missing.
    FirstMissing,
    /// All but the first are missing.
    OnlyFirst,
}

/// Changes the members of an answer.
pub(super) fn apply(change: AnswerChange, cx: &Context<'_>, members: &mut Members) {
    match change {
        AnswerChange::Remove(name) => remove(members, name),
        AnswerChange::Set(name, text) => set(members, name, json!(text)),
        AnswerChange::RefreshToken => set(
            members,
            "refresh_token",
            json!("a-refresh-token-that-nobody-asked-for"),
        ),
        AnswerChange::ScopeWider => append(members, "scope", "everything"),
        AnswerChange::ExpiresAsText => {
            if let Some(Slot::Value(value)) = get_mut(members, "expires_in") {
                *value = Value::String(value.to_string());
            }
        }
        AnswerChange::ExpiresInAnHour => set(members, "expires_in", json!(3600)),
        AnswerChange::ExpiresLaterBy(seconds) => {
            if let Some(Slot::Value(value)) = get_mut(members, "expires_in") {
                *value = json!(value.as_i64().unwrap_or_default() + seconds);
            }
        }
        AnswerChange::SecretOther => replace_secret(cx, members),
        AnswerChange::AccountOther => {
            let account = json!({ "username": "another", "password": "********" });
            set(members, "service_account", account);
        }
        AnswerChange::PasswordMissing => {
            if let Some(Slot::Value(Value::Object(account))) = get_mut(members, "service_account") {
                account.remove("password");
            }
        }
        AnswerChange::PkcePlain => {
            let name = "code_challenge_methods_supported";
            set(members, name, json!(["plain"]));
        }
        AnswerChange::IdJagWithoutGrant => {
            leave_out_grant(members, TOKEN_EXCHANGE);
            let name = "identity_chaining_requested_token_types_supported";
            set(members, name, json!([ID_JAG]));
        }
        AnswerChange::ProfileWithoutGrant => {
            leave_out_grant(members, JWT_BEARER);
            let name = "authorization_grant_profiles_supported";
            set(members, name, json!([ID_JAG_PROFILE]));
        }
        AnswerChange::Keys(change) => change_keys(change, members),
        AnswerChange::SubjectOther => {
            let own = if let Some(Slot::Value(value)) = get_mut(members, "sub") {
                value.as_str().map(str::to_owned)
            } else {
                None
            };
            let mut ids = cx.org.users.keys().map(UserId::as_str);
            let other = ids.find(|id| own.as_deref() != Some(id));
            set(members, "sub", json!(other));
        }
        AnswerChange::ReasonAndUser => {
            set(members, "reason", json!("expired"));
            set(members, "username", json!("someone@example.com"));
        }
    }
}

fn replace_secret(cx: &Context<'_>, members: &mut Members) {
    let other = other_secret(cx).and_then(|other| other.value.values().next());
    if let (Some(other), Some(Slot::Value(Value::Object(value)))) =
        (other, get_mut(members, "vaulted_secret"))
    {
        // In the same form, so that only who uses it notices.
        for part in value.values_mut() {
            *part = Value::from(other.reveal());
        }
    }
}

fn leave_out_grant(members: &mut Members, grant: &str) {
    if let Some(Slot::Value(Value::Array(grants))) = get_mut(members, "grant_types_supported") {
        grants.retain(|known| known.as_str() != Some(grant));
    }
}

fn change_keys(change: KeysChange, members: &mut Members) {
    let Some(Slot::Value(Value::Array(keys))) = get_mut(members, "keys") else {
        return;
    };
    let mut each = |change: fn(&mut Map<String, Value>)| {
        for key in keys.iter_mut().filter_map(Value::as_object_mut) {
            change(key);
        }
    };
    match change {
        // Not a real key's: what is shown here is shown to anyone.
        KeysChange::Private => each(|key| drop(key.insert("d".to_owned(), json!("c2VjcmV0")))),
        KeysChange::KidMissing => each(|key| drop(key.remove("kid"))),
        KeysChange::UseEncryption => each(|key| drop(key.insert("use".to_owned(), json!("enc")))),
        KeysChange::Empty => keys.clear(),
        KeysChange::FirstMissing => drop(keys.remove(0)),
        KeysChange::OnlyFirst => keys.truncate(1),
    }
}

/// A secret of the vault that was not asked for.
fn other_secret<'a>(cx: &Context<'a>) -> Option<&'a VaultedSecret> {
    let asked = cx.form().get("resource");
    cx.org
        .secrets
        .values()
        .find(|secret| asked != Some(secret.orn.as_str()))
}

fn append(members: &mut Members, name: &str, word: &str) {
    if let Some(Slot::Value(Value::String(text))) = get_mut(members, name) {
        text.push(' ');
        text.push_str(word);
    }
}

fn get_mut<'m>(members: &'m mut Members, name: &str) -> Option<&'m mut Slot> {
    members
        .iter_mut()
        .find_map(|(known, slot)| (known == name).then_some(slot))
}

fn set(members: &mut Members, name: &str, value: Value) {
    match get_mut(members, name) {
        Some(slot) => *slot = Slot::Value(value),
        None => members.push((name.to_owned(), Slot::Value(value))),
    }
}

fn remove(members: &mut Members, name: &str) {
    members.retain(|(known, _)| known != name);
}
