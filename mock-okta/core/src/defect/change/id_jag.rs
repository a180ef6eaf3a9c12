//! Changes of ID-JAGs.

use super::edit::Edit::{Add, Replace, Set};
use super::edit::Of::{Id, Login};
use super::edit::Source::{After, Json, OtherClient, OtherUser};
use super::table::changes;

changes! {
    "id-jag-cid-of-another" = IdJag: AccessToken "cid" => Set(OtherClient); "The cid of the ID-JAG is another client than its client_id.";
    "id-jag-uid-of-another" = IdJag: AccessToken "uid" => Set(OtherUser(Id)); "The uid of the ID-JAG is another user than its sub.";
    "id-jag-auth-time-other" = IdJag: AccessToken "auth_time" => Add(-86400); "The ID-JAG says that the user signed in a day earlier than the ID token says.";
    "id-jag-auth-time-ahead" = IdJag: AccessToken "auth_time" => Add(3600); "The auth_time of the ID-JAG lies an hour ahead.";
    "id-jag-sub-profile-other" = IdJag: AccessToken "sub_profile" => Replace(Json(r#""service""#)); "The ID-JAG calls its user a service.";
    "id-jag-username-of-another" = IdJag:
        AccessToken "preferred_username" => Set(OtherUser(Login));
        "The preferred_username of the ID-JAG is the login of another user.";
    "id-jag-email-unasked-of-another" = IdJag: AccessToken "email" => Set(OtherUser(Login)); "Every ID-JAG has the email address of another user.";
    "id-jag-nbf-ahead" = IdJag: AccessToken "nbf" => Set(After(600)); "The nbf of the ID-JAG lies after its exp.";
    "id-jag-iat-ahead" = IdJag: AccessToken "iat" => Add(240); "The ID-JAG says that it was issued four minutes from now.";
    "id-jag-act-actor-profile-other" = IdJagWithActor: AccessToken "act.sub_profile" => Replace(Json(r#""user""#)); "The ID-JAG calls its actor a user.";
    "id-jag-act-iss-foreign" = IdJagWithActor:
        AccessToken "act.iss" => Set(Json(r#""https://another.example.com""#));
        "The actor in the ID-JAG is said to come from another issuer.";
    "id-jag-iss-mistyped" = IdJag: AccessToken "iss" => Replace(Json("7")); "The iss of the ID-JAG is a number.";
    "id-jag-aud-mistyped" = IdJag: AccessToken "aud" => Replace(Json("7")); "The aud of the ID-JAG is a number.";
    "id-jag-sub-mistyped" = IdJag: AccessToken "sub" => Replace(Json("7")); "The sub of the ID-JAG is a number.";
    "id-jag-client-id-mistyped" = IdJag: AccessToken "client_id" => Replace(Json(r#"["a-client"]"#)); "The client_id of the ID-JAG is a list.";
    "id-jag-jti-mistyped" = IdJag: AccessToken "jti" => Replace(Json("7")); "The jti of the ID-JAG is a number.";
    "id-jag-iat-mistyped" = IdJag: AccessToken "iat" => Replace(Json(r#""now""#)); "The iat of the ID-JAG is a string.";
    "id-jag-scope-mistyped" = IdJag: AccessToken "scope" => Replace(Json(r#"["chat.read"]"#)); "The scope of the ID-JAG is a list.";
    "id-jag-nbf-mistyped" = IdJag: AccessToken "nbf" => Set(Json(r#""now""#)); "The nbf of the ID-JAG is a string.";
    "id-jag-auth-time-mistyped" = IdJag: AccessToken "auth_time" => Replace(Json(r#""yesterday""#)); "The auth_time of the ID-JAG is a string.";
    "id-jag-sub-profile-mistyped" = IdJag: AccessToken "sub_profile" => Replace(Json(r#"["user"]"#)); "The sub_profile of the ID-JAG is a list.";
    "id-jag-email-verified-mistyped" = IdJag: AccessToken "email_verified" => Set(Json(r#""true""#)); "The email_verified of the ID-JAG is a string.";
    "id-jag-email-mistyped" = IdJag: AccessToken "email" => Set(Json(r#"["ada@example.com"]"#)); "The email of the ID-JAG is a list.";
    "id-jag-act-mistyped" = IdJagWithActor: AccessToken "act" => Replace(Json(r#""an-agent""#)); "The act of the ID-JAG is a string.";
    "id-jag-authorization-details-mistyped" = IdJag:
        AccessToken "authorization_details" => Set(Json(r#"{"type":"account"}"#));
        "The authorization_details of the ID-JAG is an object.";
    "id-jag-optional-strings-mistyped" = IdJag:
        AccessToken "acr|cid|uid|azp|idp|tenant|aud_tenant|aud_sub|name|preferred_username" => Set(Json("7"));
        "Claims that an ID-JAG may have, and that are strings, are numbers.";
    "id-jag-optional-objects-mistyped" = IdJag:
        AccessToken "may_act|cnf|sub_id" => Set(Json(r#""an-agent""#));
        "Claims that an ID-JAG may have, and that are objects, are strings.";
    "id-jag-optional-lists-mistyped" = IdJag:
        AccessToken "amr|groups" => Set(Json(r#""pwd""#));
        "Claims that an ID-JAG may have, and that are lists, are strings.";
    "id-jag-resource-mistyped" = IdJagWithResource: AccessToken "resource" => Replace(Json("7")); "The resource of the ID-JAG is a number.";
    "id-jag-resource-other" = IdJagWithResource:
        AccessToken "resource" => Replace(Json(r#""https://another.example.com/api""#));
        "The ID-JAG is bound to another resource than was asked for.";
    "id-jag-act-sub-mistyped" = IdJagWithActor: AccessToken "act.sub" => Replace(Json("7")); "The sub of the actor in the ID-JAG is a number.";
}
