//! Bends of JSON answers: members missing, wrong, mistyped, or there when they should not be.

use serde_json::{Map, Value, json};

use super::Bend;
use super::tokens::OUTLIVES_BY;
use crate::context::{Context, Members, Slot};
use crate::org::{UserId, VaultedSecret};

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
const ID_JAG_PROFILE: &str = "urn:ietf:params:oauth:grant-profile:id-jag";
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const VAULTED_SECRET: &str = "urn:okta:params:oauth:token-type:vaulted-secret";

/// Bends the members of an answer.
pub(super) fn bend(bend: Bend, cx: &Context<'_>, members: &mut Members) {
    of_sign_in(bend, members);
    of_exchange(bend, members);
    of_vault(bend, cx, members);
    of_metadata(bend, members);
    of_keys(bend, members);
    of_token_state(bend, cx, members);
}

fn of_sign_in(bend: Bend, members: &mut Members) {
    match bend {
        Bend::CodeTypeMissing => remove(members, "token_type"),
        Bend::CodeAccessMissing => remove(members, "access_token"),
        Bend::CodeIdTokenMissing => remove(members, "id_token"),
        Bend::CodeRefreshToken | Bend::MachineRefreshToken => add_refresh_token(members),
        Bend::RefreshScopeWider => append(members, "scope", "everything"),
        _ => {}
    }
}

fn of_exchange(bend: Bend, members: &mut Members) {
    match bend {
        Bend::IdJagTypeBearer | Bend::SecretType | Bend::AccountType => {
            set(members, "token_type", json!("Bearer"));
        }
        Bend::IdJagTypeMissing | Bend::RedeemTypeMissing | Bend::BrokeredType => {
            remove(members, "token_type");
        }
        Bend::RedeemTypeOther => set(members, "token_type", json!("N_A")),
        Bend::IdJagIssuedTypeMissing => remove(members, "issued_token_type"),
        Bend::IdJagIssuedTypeOther | Bend::SecretIssuedType | Bend::BrokeredIssuedType => {
            set(members, "issued_token_type", json!(ACCESS_TOKEN));
        }
        Bend::AccountIssuedType => set(members, "issued_token_type", json!(VAULTED_SECRET)),
        Bend::IdJagExpiresText | Bend::RedeemExpiresText | Bend::BrokeredExpiresText => {
            if let Some(Slot::Value(value)) = get_mut(members, "expires_in") {
                *value = Value::String(value.to_string());
            }
        }
        Bend::IdJagExpiresLater => set(members, "expires_in", json!(3600)),
        Bend::SecretExpiresMissing => remove(members, "expires_in"),
        Bend::IdJagRefreshToken | Bend::RedeemRefreshToken | Bend::BrokeredRefreshToken => {
            add_refresh_token(members);
        }
        Bend::IdJagAnswerScope => set(members, "scope", json!("everything")),
        Bend::BrokeredScopeWider => append(members, "scope", "everything"),
        Bend::AccessOutlives => {
            if let Some(Slot::Value(value)) = get_mut(members, "expires_in") {
                *value = json!(value.as_i64().unwrap_or_default() + OUTLIVES_BY);
            }
        }
        _ => {}
    }
}

fn of_vault(bend: Bend, cx: &Context<'_>, members: &mut Members) {
    match bend {
        Bend::SecretOther => {
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
        Bend::SecretMissing => remove(members, "vaulted_secret"),
        Bend::SecretText => set(members, "vaulted_secret", json!("********")),
        Bend::SecretAccessToken | Bend::AccountAccessToken => {
            set(members, "access_token", json!("********"));
        }
        Bend::AccountOther => {
            let account = json!({ "username": "another", "password": "********" });
            set(members, "service_account", account);
        }
        Bend::AccountPasswordMissing => {
            if let Some(Slot::Value(Value::Object(account))) = get_mut(members, "service_account") {
                account.remove("password");
            }
        }
        _ => {}
    }
}

fn of_metadata(bend: Bend, members: &mut Members) {
    match bend {
        Bend::MetadataIssuer => set(members, "issuer", json!("https://another.example.com")),
        Bend::MetadataTokenEndpoint => remove(members, "token_endpoint"),
        Bend::MetadataKeys => {
            let elsewhere = json!("https://another.example.com/oauth2/v1/keys");
            set(members, "jwks_uri", elsewhere);
        }
        Bend::MetadataPkce => set(
            members,
            "code_challenge_methods_supported",
            json!(["plain"]),
        ),
        Bend::MetadataResponseTypes => remove(members, "response_types_supported"),
        Bend::MetadataIdJagAlone => {
            leave_out_grant(members, TOKEN_EXCHANGE);
            let name = "identity_chaining_requested_token_types_supported";
            set(members, name, json!([ID_JAG]));
        }
        Bend::MetadataProfileAlone => {
            leave_out_grant(members, JWT_BEARER);
            let name = "authorization_grant_profiles_supported";
            set(members, name, json!([ID_JAG_PROFILE]));
        }
        Bend::MetadataProfileText => {
            let name = "authorization_grant_profiles_supported";
            set(members, name, json!(ID_JAG_PROFILE));
        }
        _ => {}
    }
}

fn leave_out_grant(members: &mut Members, grant: &str) {
    if let Some(Slot::Value(Value::Array(grants))) = get_mut(members, "grant_types_supported") {
        grants.retain(|known| known.as_str() != Some(grant));
    }
}

fn of_keys(bend: Bend, members: &mut Members) {
    let Some(Slot::Value(Value::Array(keys))) = get_mut(members, "keys") else {
        return;
    };
    let mut each = |change: fn(&mut Map<String, Value>)| {
        for key in keys.iter_mut().filter_map(Value::as_object_mut) {
            change(key);
        }
    };
    match bend {
        // Not a real key's: what is shown here is shown to anyone.
        Bend::KeysPrivate => each(|key| drop(key.insert("d".to_owned(), json!("c2VjcmV0")))),
        Bend::KeysKid => each(|key| drop(key.remove("kid"))),
        Bend::KeysUse => each(|key| drop(key.insert("use".to_owned(), json!("enc")))),
        Bend::KeysEmpty => keys.clear(),
        Bend::KeysNewMissing => drop(keys.remove(0)),
        Bend::KeysOldMissing => keys.truncate(1),
        _ => {}
    }
}

fn of_token_state(bend: Bend, cx: &Context<'_>, members: &mut Members) {
    match bend {
        Bend::UserInfoSubject => {
            let own = match get_mut(members, "sub") {
                Some(Slot::Value(value)) => value.as_str().map(str::to_owned),
                _ => None,
            };
            let mut ids = cx.org.users.keys().map(UserId::as_str);
            let other = ids.find(|id| own.as_deref() != Some(id));
            set(members, "sub", json!(other));
        }
        Bend::UserInfoSubjectMissing => remove(members, "sub"),
        Bend::ActiveMistyped => set(members, "active", json!("true")),
        Bend::ActiveScopeWider => append(members, "scope", "everything"),
        Bend::ActiveClientOther => set(members, "client_id", json!("0oaanother0000000001")),
        Bend::InactiveTells => {
            set(members, "reason", json!("expired"));
            set(members, "username", json!("someone@example.com"));
        }
        _ => {}
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

fn add_refresh_token(members: &mut Members) {
    set(
        members,
        "refresh_token",
        json!("a-refresh-token-that-nobody-asked-for"),
    );
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
