//! Changes of userinfo, introspection and revocation.

use super::edit::Edit::{Add, Negate, Remove, Replace, Set};
use super::edit::Of::{Id, Login, Profile};
use super::edit::Source::{After, Json, OtherClient, OtherUser};
use super::table::changes;

changes! {
    "userinfo-email-of-another" = UserInfo: Body "email" => Replace(OtherUser(Login)); "Userinfo has the email address of another user.";
    "userinfo-name-of-another" = UserInfo: Body "name" => Replace(OtherUser(Profile("name"))); "Userinfo has the name of another user.";
    "userinfo-username-of-another" = UserInfo:
        Body "preferred_username" => Replace(OtherUser(Login));
        "The preferred_username of userinfo is the login of another user.";
    "userinfo-email-verified-inverted" = UserInfo: Body "email_verified" => Negate; "Userinfo says that a verified email address is not verified.";
    "userinfo-sub-mistyped" = UserInfo: Body "sub" => Replace(Json("7")); "The sub of userinfo is a number.";
    "userinfo-name-mistyped" = UserInfo: Body "name" => Replace(Json("7")); "The name of userinfo is a number.";
    "userinfo-given-name-mistyped" = UserInfo: Body "given_name" => Replace(Json(r#"["Ada"]"#)); "The given_name of userinfo is a list.";
    "userinfo-family-name-mistyped" = UserInfo: Body "family_name" => Replace(Json(r#"{"value":"Lovelace"}"#)); "The family_name of userinfo is an object.";
    "userinfo-preferred-username-mistyped" = UserInfo:
        Body "preferred_username" => Replace(Json(r#"["ada@example.com"]"#));
        "The preferred_username of userinfo is a list.";
    "userinfo-email-mistyped" = UserInfo: Body "email" => Replace(Json(r#"["ada@example.com"]"#)); "The email of userinfo is a list.";
    "userinfo-email-verified-mistyped" = UserInfo: Body "email_verified" => Replace(Json(r#""true""#)); "The email_verified of userinfo is a string.";
    "userinfo-zoneinfo-mistyped" = UserInfo: Body "zoneinfo" => Replace(Json("7")); "The zoneinfo of userinfo is a number.";
    "userinfo-locale-mistyped" = UserInfo: Body "locale" => Replace(Json(r#"["en-GB"]"#)); "The locale of userinfo is a list.";
    "userinfo-updated-at-mistyped" = UserInfo: Body "updated_at" => Set(Json(r#""2026-10-01T00:00:00Z""#)); "The updated_at of userinfo is a string.";
    "userinfo-birthdate-mistyped" = UserInfo: Body "birthdate" => Set(Json("18151210")); "The birthdate of userinfo is a number.";
    "userinfo-phone-number-verified-mistyped" = UserInfo:
        Body "phone_number_verified" => Set(Json(r#""true""#));
        "The phone_number_verified of userinfo is a string.";
    "userinfo-address-mistyped" = UserInfo: Body "address" => Set(Json(r#""1 Example Street""#)); "The address of userinfo is a string.";
    "userinfo-optional-strings-mistyped" = UserInfo:
        Body "middle_name|nickname|profile|picture|website|gender|phone_number" => Set(Json("7"));
        "Claims that userinfo may have, and that are strings, are numbers.";
    "userinfo-html" = UserInfo: Header "content-type" => Set(Json(r#""text/html""#)); "The media type of userinfo is text/html.";
    "introspection-username-of-another" = ActiveToken:
        Body "username" => Replace(OtherUser(Login));
        "Introspection describes a token with the username of another user.";
    "introspection-sub-of-another" = ActiveToken: Body "sub" => Replace(OtherUser(Login)); "Introspection describes a token with the sub of another user.";
    "introspection-uid-of-another" = ActiveToken: Body "uid" => Replace(OtherUser(Id)); "Introspection describes a token with the uid of another user.";
    "introspection-iss-foreign" = ActiveToken:
        Body "iss" => Replace(Json(r#""https://another.example.com""#));
        "Introspection describes a token with another issuer.";
    "introspection-aud-of-another" = ActiveToken: Body "aud" => Replace(OtherClient); "Introspection describes a token with another audience.";
    "introspection-exp-contradicts-token" = ActiveToken: Body "exp" => Add(3600); "Introspection describes a token that lives an hour longer than it does.";
    "introspection-exp-past" = ActiveToken: Body "exp" => Add(-86400); "Introspection describes an active token that has expired.";
    "introspection-iat-contradicts-token" = ActiveToken: Body "iat" => Add(-3600); "Introspection describes a token that was issued an hour earlier.";
    "introspection-nbf-ahead" = ActiveToken: Body "nbf" => Set(After(3600)); "Introspection describes an active token that is not valid yet.";
    "introspection-jti-other" = ActiveToken: Body "jti" => Replace(Json(r#""AT.another""#)); "Introspection describes a token with another jti.";
    "introspection-token-type-other" = ActiveToken: Body "token_type" => Replace(Json(r#""N_A""#)); "Introspection describes a token whose type is not one.";
    "introspection-scope-narrower" = ActiveToken: Body "scope" => Replace(Json(r#""""#)); "Introspection describes a token without its scopes.";
    "introspection-exp-mistyped" = ActiveToken: Body "exp" => Replace(Json(r#""tomorrow""#)); "The exp of an introspection is a string.";
    "introspection-iat-mistyped" = ActiveToken: Body "iat" => Replace(Json(r#""now""#)); "The iat of an introspection is a string.";
    "introspection-aud-mistyped" = ActiveToken: Body "aud" => Replace(Json("7")); "The aud of an introspection is a number.";
    "introspection-scope-mistyped" = ActiveToken: Body "scope" => Replace(Json(r#"["openid"]"#)); "The scope of an introspection is a list.";
    "introspection-client-id-mistyped" = ActiveToken: Body "client_id" => Replace(Json(r#"["a-client"]"#)); "The client_id of an introspection is a list.";
    "introspection-username-mistyped" = ActiveToken: Body "username" => Replace(Json(r#"["ada@example.com"]"#)); "The username of an introspection is a list.";
    "introspection-sub-mistyped" = ActiveToken: Body "sub" => Replace(Json("7")); "The sub of an introspection is a number.";
    "introspection-iss-mistyped" = ActiveToken: Body "iss" => Replace(Json("7")); "The iss of an introspection is a number.";
    "introspection-jti-mistyped" = ActiveToken: Body "jti" => Replace(Json("7")); "The jti of an introspection is a number.";
    "introspection-token-type-mistyped" = ActiveToken: Body "token_type" => Replace(Json("7")); "The token_type of an introspection is a number.";
    "introspection-uid-mistyped" = ActiveToken: Body "uid" => Replace(Json("7")); "The uid of an introspection is a number.";
    "introspection-act-mistyped" = ActiveToken: Body "act" => Set(Json(r#""an-agent""#)); "The act of an introspection is a string.";
    "introspection-nbf-mistyped" = ActiveToken: Body "nbf" => Set(Json(r#""now""#)); "The nbf of an introspection is a string.";
    "introspection-active-missing" = ActiveToken: Body "active" => Remove; "Introspection does not say whether a token is active.";
    "introspection-inactive-text" = InactiveToken:
        Body "active" => Replace(Json(r#""false""#));
        "The active of an introspection of an inactive token is a string.";
    "introspection-inactive-missing" = InactiveToken: Body "active" => Remove; "Introspection of an inactive token has no active.";
    "introspection-inactive-error" = InactiveToken: Body "error" => Set(Json(r#""invalid_token""#)); "Introspection of an inactive token has an error.";
    "introspection-inactive-status-400" = InactiveToken: Status "status" => Set(Json("400")); "Introspection of an inactive token has the status 400.";
    "introspection-html" = ActiveToken: Header "content-type" => Set(Json(r#""text/html""#)); "The media type of an introspection is text/html.";
    "revocation-status-503" = Revocation: Status "status" => Set(Json("503")); "Revocation answers that the service is unavailable.";
    "revocation-status-302" = Revocation:
        Status "status" => Set(Json("302")), Header "location" => Set(Json(r#""https://another.example.com""#));
        "Revocation redirects to another host.";
}
