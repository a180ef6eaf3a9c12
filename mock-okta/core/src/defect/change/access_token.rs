//! Changes of access tokens: for ID-JAGs, for codes, of refreshes, for machines.

use super::edit::Edit::{Add, Push, Replace, Set};
use super::edit::Of::{Id, Login};
use super::edit::Source::{After, Json, OtherClient, OtherUser};
use super::table::changes;

changes! {
    "access-token-uid-of-another" = RedeemedToken: AccessToken "uid" => Replace(OtherUser(Id)); "The uid of the access token is another user than its sub.";
    "access-token-client-id-of-another" = RedeemedToken:
        AccessToken "client_id" => Set(OtherClient);
        "The client_id of the access token is another client than the one that redeemed.";
    "access-token-azp-of-another" = RedeemedToken:
        AccessToken "azp" => Set(OtherClient);
        "The azp of the access token is another client than the one that redeemed.";
    "access-token-email-of-another" = RedeemedToken: AccessToken "email" => Set(OtherUser(Login)); "The access token has the email address of another user.";
    "access-token-auth-time-ahead" = RedeemedToken: AccessToken "auth_time" => Add(3600); "The auth_time of the access token lies an hour ahead.";
    "access-token-nbf-ahead" = RedeemedToken: AccessToken "nbf" => Set(After(7200)); "The nbf of the access token lies after its exp.";
    "access-token-iat-ahead" = RedeemedToken: AccessToken "iat" => Add(1800); "The access token says that it was issued half an hour from now.";
    "access-token-scope-claim-wider" = RedeemedToken:
        AccessToken "scope" => Set(Json(r#""chat.read everything""#));
        "The scope of the access token, beside its scp, has one more that was not granted.";
    "access-token-sub-profile-other" = RedeemedToken: AccessToken "sub_profile" => Replace(Json(r#""service""#)); "The access token calls its user a service.";
    "access-token-act-of-another" = RedeemedTokenWithActor:
        AccessToken "act.sub" => Replace(OtherClient);
        "The access token says that another client acts for the user than the ID-JAG does.";
    "access-token-iss-mistyped" = RedeemedToken: AccessToken "iss" => Replace(Json("7")); "The iss of the access token is a number.";
    "access-token-aud-mistyped" = RedeemedToken: AccessToken "aud" => Replace(Json("7")); "The aud of the access token is a number.";
    "access-token-sub-mistyped" = RedeemedToken: AccessToken "sub" => Replace(Json("7")); "The sub of the access token is a number.";
    "access-token-jti-mistyped" = RedeemedToken: AccessToken "jti" => Replace(Json("7")); "The jti of the access token is a number.";
    "access-token-exp-mistyped" = RedeemedToken: AccessToken "exp" => Replace(Json(r#""tomorrow""#)); "The exp of the access token is a string.";
    "access-token-iat-mistyped" = RedeemedToken: AccessToken "iat" => Replace(Json(r#""now""#)); "The iat of the access token is a string.";
    "access-token-nbf-mistyped" = RedeemedToken: AccessToken "nbf" => Set(Json(r#""now""#)); "The nbf of the access token is a string.";
    "access-token-auth-time-mistyped" = RedeemedToken:
        AccessToken "auth_time" => Replace(Json(r#""yesterday""#));
        "The auth_time of the access token is a string.";
    "access-token-cid-mistyped" = RedeemedToken: AccessToken "cid" => Replace(Json(r#"["a-client"]"#)); "The cid of the access token is a list.";
    "access-token-client-id-mistyped" = RedeemedToken: AccessToken "client_id" => Set(Json("7")); "The client_id of the access token is a number.";
    "access-token-uid-mistyped" = RedeemedToken: AccessToken "uid" => Replace(Json("7")); "The uid of the access token is a number.";
    "access-token-ver-mistyped" = RedeemedToken: AccessToken "ver" => Replace(Json(r#""one""#)); "The ver of the access token is a string.";
    "access-token-scope-claim-mistyped" = RedeemedToken: AccessToken "scope" => Set(Json(r#"["chat.read"]"#)); "The scope of the access token is a list.";
    "access-token-act-mistyped" = RedeemedTokenWithActor: AccessToken "act" => Replace(Json(r#""an-agent""#)); "The act of the access token is a string.";
    "access-token-sub-profile-mistyped" = RedeemedToken:
        AccessToken "sub_profile" => Replace(Json(r#"["user"]"#));
        "The sub_profile of the access token is a list.";
    "access-token-authorization-details-mistyped" = RedeemedToken:
        AccessToken "authorization_details" => Set(Json(r#"{"type":"account"}"#));
        "The authorization_details of the access token is an object.";
    "access-token-optional-strings-mistyped" = RedeemedToken:
        AccessToken "acr|azp|idp|email|name|sid" => Set(Json("7"));
        "Claims that an access token may have, and that are strings, are numbers.";
    "access-token-optional-objects-mistyped" = RedeemedToken:
        AccessToken "may_act|cnf|sub_id" => Set(Json(r#""an-agent""#));
        "Claims that an access token may have, and that are objects, are strings.";
    "access-token-optional-lists-mistyped" = RedeemedToken:
        AccessToken "amr|groups|roles|entitlements" => Set(Json(r#""everyone""#));
        "Claims that an access token may have, and that are lists, are strings.";
    "code-access-token-iss-other" = CodeToken:
        AccessToken "iss" => Replace(Json(r#""https://another.example.com""#));
        "The access token for a code names another issuer.";
    "code-access-token-sub-of-another" = CodeToken: AccessToken "sub" => Replace(OtherUser(Login)); "The sub of the access token for a code is another user.";
    "code-access-token-uid-of-another" = CodeToken: AccessToken "uid" => Replace(OtherUser(Id)); "The uid of the access token for a code is another user.";
    "code-access-token-cid-of-another" = CodeToken: AccessToken "cid" => Replace(OtherClient); "The cid of the access token for a code is another client.";
    "code-access-token-scope-wider" = CodeToken: AccessToken "scp" => Push(r#""everything""#); "The access token for a code has a scope that was not granted.";
    "code-access-token-exp-contradicts-expires-in" = CodeToken:
        AccessToken "exp" => Add(3600);
        "The access token for a code lives an hour longer than expires_in says.";
    "code-access-token-exp-mistyped" = CodeToken: AccessToken "exp" => Replace(Json(r#""tomorrow""#)); "The exp of the access token for a code is a string.";
    "code-access-token-auth-time-ahead" = CodeToken: AccessToken "auth_time" => Add(3600); "The auth_time of the access token for a code lies an hour ahead.";
    "code-access-token-scp-mistyped" = CodeToken: AccessToken "scp" => Replace(Json("7")); "The scp of the access token for a code is a number.";
    "refreshed-access-token-iss-other" = RefreshedToken:
        AccessToken "iss" => Replace(Json(r#""https://another.example.com""#));
        "The access token of a refresh names another issuer.";
    "refreshed-access-token-sub-of-another" = RefreshedToken:
        AccessToken "sub" => Replace(OtherUser(Login));
        "The sub of the access token of a refresh is another user.";
    "refreshed-access-token-uid-of-another" = RefreshedToken:
        AccessToken "uid" => Replace(OtherUser(Id));
        "The uid of the access token of a refresh is another user.";
    "refreshed-access-token-cid-of-another" = RefreshedToken:
        AccessToken "cid" => Replace(OtherClient);
        "The cid of the access token of a refresh is another client.";
    "refreshed-access-token-scope-wider" = RefreshedToken:
        AccessToken "scp" => Push(r#""everything""#);
        "The access token of a refresh has a scope that was not granted.";
    "refreshed-access-token-exp-contradicts-expires-in" = RefreshedToken:
        AccessToken "exp" => Add(3600);
        "The access token of a refresh lives an hour longer than expires_in says.";
    "refreshed-access-token-exp-mistyped" = RefreshedToken:
        AccessToken "exp" => Replace(Json(r#""tomorrow""#));
        "The exp of the access token of a refresh is a string.";
    "refreshed-access-token-auth-time-ahead" = RefreshedToken:
        AccessToken "auth_time" => Add(3600);
        "The auth_time of the access token of a refresh lies an hour ahead.";
    "refreshed-access-token-scp-mistyped" = RefreshedToken: AccessToken "scp" => Replace(Json("7")); "The scp of the access token of a refresh is a number.";
    "refreshed-access-token-auth-time-new" = RefreshedToken:
        AccessToken "auth_time" => Replace(After(0));
        "The access token of a refresh says that the user signed in just now.";
    "machine-access-token-iss-other" = MachineToken:
        AccessToken "iss" => Replace(Json(r#""https://another.example.com""#));
        "A machine's access token names another issuer.";
    "machine-access-token-aud-client" = MachineToken: AccessToken "aud" => Replace(OtherClient); "A machine's access token is addressed to a client.";
    "machine-access-token-sub-of-user" = MachineToken: AccessToken "sub" => Replace(OtherUser(Login)); "A machine's access token is about a user.";
    "machine-access-token-uid-of-user" = MachineToken: AccessToken "uid" => Set(OtherUser(Id)); "A machine's access token has the uid of a user.";
    "machine-access-token-cid-of-another" = MachineToken:
        AccessToken "cid" => Replace(OtherClient);
        "A machine's access token names another client than the one that asked.";
    "machine-access-token-scope-wider" = MachineToken:
        AccessToken "scp" => Push(r#""chat.delete""#);
        "A machine's access token has a scope that was not granted.";
    "machine-access-token-exp-contradicts-expires-in" = MachineToken:
        AccessToken "exp" => Add(3600);
        "A machine's access token lives an hour longer than expires_in says.";
    "machine-access-token-exp-mistyped" = MachineToken: AccessToken "exp" => Replace(Json(r#""tomorrow""#)); "The exp of a machine's access token is a string.";
    "machine-access-token-auth-time" = MachineToken: AccessToken "auth_time" => Set(After(0)); "A machine's access token says that somebody signed in.";
}
