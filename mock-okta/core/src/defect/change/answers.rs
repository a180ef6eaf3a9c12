//! Changes of successful answers of the token endpoint.

use super::edit::Edit::{Pop, Push, Remove, Replace, Set};
use super::edit::Source::Json;
use super::table::changes;

changes! {
    "code-answer-cacheable" = CodeAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer to a code may be cached.";
    "refresh-answer-cacheable" = RefreshAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer to a refresh may be cached.";
    "machine-answer-cacheable" = MachineAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer to a machine may be cached.";
    "redeem-answer-cacheable" = RedeemAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer to an ID-JAG may be cached.";
    "brokered-answer-cacheable" = BrokeredAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer with a third party's token may be cached.";
    "id-jag-answer-cacheable" = IdJagAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer with an ID-JAG may be cached.";
    "secret-answer-cacheable" = SecretAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer with a vaulted secret may be cached.";
    "service-account-answer-cacheable" = ServiceAccountAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer with a service account may be cached.";
    "code-answer-at-custom-server-cacheable" = CustomCodeAnswer:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "The answer of a custom authorization server to a code may be cached.";
    "token-answer-cache-control-missing" = AnyTokenAnswer:
        Header "cache-control" => Remove, Header "pragma" => Remove;
        "Answers with tokens have no Cache-Control.";
    "token-answer-text-plain" = AnyTokenAnswer: Header "content-type" => Set(Json(r#""text/plain""#)); "The media type of answers with tokens is text/plain.";
    "machine-answer-html" = MachineAnswer: Header "content-type" => Set(Json(r#""text/html""#)); "The media type of the answer to a machine is text/html.";
    "brokered-answer-html" = BrokeredAnswer:
        Header "content-type" => Set(Json(r#""text/html""#));
        "The media type of the answer with a third party's token is text/html.";
    "secret-answer-html" = SecretAnswer:
        Header "content-type" => Set(Json(r#""text/html""#));
        "The media type of the answer with a vaulted secret is text/html.";
    "service-account-answer-html" = ServiceAccountAnswer:
        Header "content-type" => Set(Json(r#""text/html""#));
        "The media type of the answer with a service account is text/html.";
    "token-answer-with-error" = AnyTokenAnswer: Body "error" => Set(Json(r#""invalid_grant""#)); "Answers with tokens have an error as well.";
    "code-expires-in-text" = CodeAnswer: Body "expires_in" => Replace(Json(r#""3600""#)); "The expires_in of the answer to a code is a string.";
    "refresh-expires-in-text" = RefreshAnswer: Body "expires_in" => Replace(Json(r#""3600""#)); "The expires_in of the answer to a refresh is a string.";
    "machine-expires-in-text" = MachineAnswer: Body "expires_in" => Replace(Json(r#""3600""#)); "The expires_in of the answer to a machine is a string.";
    "code-scope-list" = CodeAnswer: Body "scope" => Replace(Json(r#"["everything"]"#)); "The scope of the answer to a code is a list.";
    "refresh-scope-list" = RefreshAnswer: Body "scope" => Replace(Json(r#"["everything"]"#)); "The scope of the answer to a refresh is a list.";
    "machine-scope-list" = MachineAnswer: Body "scope" => Replace(Json(r#"["everything"]"#)); "The scope of the answer to a machine is a list.";
    "redeem-scope-list" = RedeemAnswer: Body "scope" => Replace(Json(r#"["everything"]"#)); "The scope of the answer to an ID-JAG is a list.";
    "brokered-scope-list" = BrokeredAnswer: Body "scope" => Replace(Json(r#"["everything"]"#)); "The scope of the answer with a third party's token is a list.";
    "refresh-token-type-missing" = RefreshAnswer: Body "token_type" => Remove; "The answer to a refresh has no token_type.";
    "machine-token-type-missing" = MachineAnswer: Body "token_type" => Remove; "The answer to a machine has no token_type.";
    "code-token-type-list" = CodeAnswer: Body "token_type" => Replace(Json(r#"["Bearer"]"#)); "The token_type of the answer to a code is a list.";
    "machine-token-type-list" = MachineAnswer: Body "token_type" => Replace(Json(r#"["Bearer"]"#)); "The token_type of the answer to a machine is a list.";
    "brokered-token-type-list" = BrokeredAnswer:
        Body "token_type" => Replace(Json(r#"["Bearer"]"#));
        "The token_type of the answer with a third party's token is a list.";
    "redeem-expires-in-negative" = RedeemAnswer: Body "expires_in" => Replace(Json("-1")); "The expires_in of the answer to an ID-JAG is negative.";
    "brokered-expires-in-negative" = BrokeredAnswer:
        Body "expires_in" => Replace(Json("-1"));
        "The expires_in of the answer with a third party's token is negative.";
    "id-jag-expires-in-negative" = IdJagAnswer: Body "expires_in" => Replace(Json("-1")); "The expires_in of the answer with an ID-JAG is negative.";
    "secret-expires-in-negative" = SecretAnswer: Body "expires_in" => Replace(Json("-1")); "The expires_in of the answer with a vaulted secret is negative.";
    "service-account-expires-in-negative" = ServiceAccountAnswer:
        Body "expires_in" => Replace(Json("-1"));
        "The expires_in of the answer with a service account is negative.";
    "brokered-issued-token-type-list" = BrokeredAnswer:
        Body "issued_token_type" => Replace(Json(r#"["urn:ietf:params:oauth:token-type:access_token"]"#));
        "The issued_token_type of the answer with a third party's token is a list.";
    "id-jag-issued-token-type-list" = IdJagAnswer:
        Body "issued_token_type" => Replace(Json(r#"["urn:ietf:params:oauth:token-type:access_token"]"#));
        "The issued_token_type of the answer with an ID-JAG is a list.";
    "secret-issued-token-type-list" = SecretAnswer:
        Body "issued_token_type" => Replace(Json(r#"["urn:ietf:params:oauth:token-type:access_token"]"#));
        "The issued_token_type of the answer with a vaulted secret is a list.";
    "service-account-issued-token-type-list" = ServiceAccountAnswer:
        Body "issued_token_type" => Replace(Json(r#"["urn:ietf:params:oauth:token-type:access_token"]"#));
        "The issued_token_type of the answer with a service account is a list.";
    "code-refresh-token-number" = CodeAnswer: Body "refresh_token" => Replace(Json("7")); "The refresh token of the answer to a code is a number.";
    "code-id-token-null" = CodeAnswerWithIdToken: Body "id_token" => Replace(Json("null")); "The ID token of the answer to a code is null.";
    "code-access-token-empty" = CodeAnswer: Body "access_token" => Replace(Json(r#""""#)); "The access token of the answer to a code is empty.";
    "refresh-access-token-missing" = RefreshAnswer: Body "access_token" => Remove; "The answer to a refresh has no access token.";
    "machine-access-token-number" = MachineAnswer: Body "access_token" => Replace(Json("7")); "The access token of the answer to a machine is a number.";
    "brokered-access-token-object" = BrokeredAnswer: Body "access_token" => Replace(Json(r#"{"token":"x"}"#)); "The third party's token is an object.";
    "secret-lives-a-day" = SecretAnswer: Body "expires_in" => Replace(Json("86400")); "A vaulted secret may be used for a day.";
    "service-account-lives-a-day" = ServiceAccountAnswer: Body "expires_in" => Replace(Json("86400")); "A service account may be used for a day.";
    "secret-expires-in-text" = SecretAnswer: Body "expires_in" => Replace(Json(r#""300""#)); "The expires_in of the answer with a vaulted secret is a string.";
    "service-account-expires-in-text" = ServiceAccountAnswer:
        Body "expires_in" => Replace(Json(r#""300""#));
        "The expires_in of the answer with a service account is a string.";
    "secret-part-number" = SecretAnswer: Body "vaulted_secret.*" => Replace(Json("7")); "The parts of a vaulted secret are numbers.";
    "service-account-username-list" = ServiceAccountAnswer:
        Body "service_account.username" => Replace(Json(r#"["svc-warehouse"]"#));
        "The username of a service account is a list.";
    "secret-refresh-token" = SecretAnswer:
        Body "refresh_token" => Set(Json(r#""a-refresh-token-that-nobody-asked-for""#));
        "The answer with a vaulted secret has a refresh token.";
    "id-jag-id-token" = IdJagAnswer: Body "id_token" => Set(Json(r#""a-token-that-nobody-asked-for""#)); "The answer with an ID-JAG has an ID token.";
    "machine-id-token" = MachineAnswer: Body "id_token" => Set(Json(r#""a-token-that-nobody-asked-for""#)); "A machine that asks for itself gets an ID token.";
    "redeem-scope-wider-unsaid" = RedeemAnswer:
        AccessToken "scp" => Push(r#""everything""#), Body "scope" => Remove;
        "The answer to an ID-JAG omits scope, though the token has one more than was asked for.";
    "redeem-scope-narrower-unsaid" = RedeemAnswer:
        AccessToken "scp" => Pop, Body "scope" => Remove;
        "The answer to an ID-JAG omits scope, though the token lacks one that was asked for.";
    "machine-scope-wider-unsaid" = MachineAnswer:
        AccessToken "scp" => Push(r#""everything""#), Body "scope" => Remove;
        "The answer to a machine omits scope, though the token has one more than was asked for.";
    "machine-scope-narrower-unsaid" = MachineAnswer:
        AccessToken "scp" => Pop, Body "scope" => Remove;
        "The answer to a machine omits scope, though the token lacks one that was asked for.";
    "code-scope-wider-unsaid" = CodeAnswer:
        AccessToken "scp" => Push(r#""everything""#), Body "scope" => Remove;
        "The answer to a code omits scope, though the token has one more than was asked for.";
    "code-scope-narrower-unsaid" = CodeAnswer:
        AccessToken "scp" => Pop, Body "scope" => Remove;
        "The answer to a code omits scope, though the token lacks one that was asked for.";
}
