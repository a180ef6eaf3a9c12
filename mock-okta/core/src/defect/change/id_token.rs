//! Changes of ID tokens.

use serde_json::{Value, json};

use super::edit::Edit::{Add, Negate, Remove, Replace, Set, With};
use super::edit::Of::{Id, Login, Profile};
use super::edit::Source::{After, Json, OtherClient, OtherUser};
use super::table::changes;

changes! {
    "id-token-name-of-another" = IdToken: IdToken "name" => Replace(OtherUser(Profile("name"))); "The ID token has the name of another user.";
    "id-token-username-of-another" = IdToken:
        IdToken "preferred_username" => Replace(OtherUser(Login));
        "The preferred_username of the ID token is the login of another user.";
    "id-token-email-of-another" = IdToken: IdToken "email" => Replace(OtherUser(Login)); "The ID token has the email address of another user.";
    "id-token-email-verified-inverted" = IdToken: IdToken "email_verified" => Negate; "The ID token says that a verified email address is not verified.";
    "id-token-azp-of-another" = IdToken: IdToken "azp" => Set(OtherClient); "The azp of the ID token is another client than the one that asked.";
    "id-token-auth-time-ahead" = IdToken: IdToken "auth_time" => Add(3600); "The auth_time of the ID token lies an hour ahead.";
    "id-token-iat-ahead" = IdToken: IdToken "iat" => Add(1800); "The ID token says that it was issued half an hour from now.";
    "id-token-nbf-ahead" = IdToken: IdToken "nbf" => Set(After(3600)); "The ID token is not valid for another hour: its nbf lies ahead.";
    "id-token-optional-strings-mistyped" = IdToken:
        IdToken "middle_name|nickname|profile|picture|website|gender|phone_number|acr|sid" => Set(Json("7"));
        "Claims that an ID token may have, and that are strings, are numbers.";
    "id-token-optional-objects-mistyped" = IdToken:
        IdToken "act|may_act|cnf|sub_jwk" => Set(Json(r#""an-agent""#));
        "Claims that an ID token may have, and that are objects, are strings.";
    "id-token-groups-mistyped" = IdToken: IdToken "groups" => Set(Json(r#""everyone""#)); "The groups of the ID token are a string, not a list.";
    "id-token-name-mistyped" = IdToken: IdToken "name" => Replace(Json("7")); "The name of the ID token is a number.";
    "id-token-given-name-mistyped" = IdToken: IdToken "given_name" => Replace(Json(r#"["Ada"]"#)); "The given_name of the ID token is a list.";
    "id-token-family-name-mistyped" = IdToken:
        IdToken "family_name" => Replace(Json(r#"{"value":"Lovelace"}"#));
        "The family_name of the ID token is an object.";
    "id-token-preferred-username-mistyped" = IdToken:
        IdToken "preferred_username" => Replace(Json(r#"["ada@example.com"]"#));
        "The preferred_username of the ID token is a list.";
    "id-token-email-mistyped" = IdToken: IdToken "email" => Replace(Json(r#"["ada@example.com"]"#)); "The email of the ID token is a list.";
    "id-token-email-verified-mistyped" = IdToken: IdToken "email_verified" => Replace(Json(r#""true""#)); "The email_verified of the ID token is a string.";
    "id-token-zoneinfo-mistyped" = IdToken: IdToken "zoneinfo" => Replace(Json("7")); "The zoneinfo of the ID token is a number.";
    "id-token-locale-mistyped" = IdToken: IdToken "locale" => Replace(Json(r#"["en-GB"]"#)); "The locale of the ID token is a list.";
    "id-token-updated-at-mistyped" = IdToken: IdToken "updated_at" => Replace(Json(r#""2026-10-01T00:00:00Z""#)); "The updated_at of the ID token is a string.";
    "id-token-birthdate-mistyped" = IdToken: IdToken "birthdate" => Set(Json("18151210")); "The birthdate of the ID token is a number.";
    "id-token-phone-number-verified-mistyped" = IdToken:
        IdToken "phone_number_verified" => Set(Json(r#""true""#));
        "The phone_number_verified of the ID token is a string.";
    "id-token-address-mistyped" = IdToken: IdToken "address" => Set(Json(r#""1 Example Street""#)); "The address of the ID token is a string.";
    "id-token-amr-mistyped" = IdToken: IdToken "amr" => Replace(Json(r#""pwd""#)); "The amr of the ID token is a string.";
    "id-token-auth-time-mistyped" = IdToken: IdToken "auth_time" => Replace(Json(r#""yesterday""#)); "The auth_time of the ID token is a string.";
    "id-token-azp-mistyped" = IdToken: IdToken "azp" => Set(Json("7")); "The azp of the ID token is a number.";
    "id-token-nbf-mistyped" = IdToken: IdToken "nbf" => Set(Json(r#""now""#)); "The nbf of the ID token is a string.";
    "id-token-jti-mistyped" = IdToken: IdToken "jti" => Replace(Json("7")); "The jti of the ID token is a number.";
    "id-token-idp-mistyped" = IdToken: IdToken "idp" => Replace(Json("7")); "The idp of the ID token is a number.";
    "id-token-ver-mistyped" = IdToken: IdToken "ver" => Replace(Json(r#""one""#)); "The ver of the ID token is a string.";
    "id-token-iss-mistyped" = IdToken: IdToken "iss" => Replace(Json("7")); "The iss of the ID token is a number.";
    "id-token-sub-mistyped" = IdToken: IdToken "sub" => Replace(Json("7")); "The sub of the ID token is a number.";
    "id-token-aud-mistyped" = IdToken: IdToken "aud" => Replace(Json("7")); "The aud of the ID token is a number.";
    "id-token-iat-mistyped" = IdToken: IdToken "iat" => Replace(Json(r#""now""#)); "The iat of the ID token is a string.";
    "id-token-nonce-mistyped" = IdTokenWithNonce: IdToken "nonce" => Replace(Json("7")); "The nonce of the ID token is a number.";
    "id-token-aud-empty" = IdToken: IdToken "aud" => Replace(Json("[]")); "The aud of the ID token is an empty list.";
    "id-token-iss-other" = IdToken: IdToken "iss" => Replace(Json(r#""https://another.example.com""#)); "The ID token is that of another issuer.";
    "id-token-sub-missing" = IdToken: IdToken "sub" => Remove; "The ID token has no sub.";
    "id-token-sub-empty" = IdToken: IdToken "sub" => Replace(Json(r#""""#)); "The sub of the ID token is empty.";
    "id-token-aud-also-another" = IdToken: IdToken "aud" => With(also_for_another); "The ID token is addressed to the client and to somebody else.";
    "refreshed-id-token-auth-time-new" = RefreshedIdToken:
        IdToken "auth_time" => Replace(After(0));
        "A refreshed ID token says that the user signed in just now.";
    "refreshed-id-token-iss-other" = RefreshedIdToken:
        IdToken "iss" => Replace(Json(r#""https://another.example.com""#));
        "A refreshed ID token names another issuer than the first one.";
    "refreshed-id-token-sub-of-another" = RefreshedIdToken:
        IdToken "sub" => Replace(OtherUser(Id));
        "A refreshed ID token is about another user than the first one.";
    "refreshed-id-token-aud-of-another" = RefreshedIdToken:
        IdToken "aud" => Replace(OtherClient);
        "A refreshed ID token is addressed to another client than the first one.";
    "refreshed-id-token-azp-added" = RefreshedIdToken: IdToken "azp" => Set(OtherClient); "A refreshed ID token has an azp that the first one did not have.";
    "refreshed-id-token-nonce-other" = RefreshedIdToken:
        IdToken "nonce" => Replace(Json(r#""another-nonce""#));
        "A refreshed ID token has another nonce than the first one.";
    "refreshed-id-token-iat-old" = RefreshedIdToken: IdToken "iat" => Add(-600); "A refreshed ID token says that it was issued ten minutes ago.";
}

/// A list of the audience and a stranger.
fn also_for_another(audience: &mut Value) {
    *audience = json!([audience.take(), "https://another.example.com"]);
}
