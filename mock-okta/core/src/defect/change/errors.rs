//! Changes of error answers.

use super::edit::Edit::{Remove, Replace, Set, Swap};
use super::edit::Source::Json;
use super::table::changes;

changes! {
    "error-description-number" = OauthError: Error "error_description" => Set(Json("7")); "The error_description of an error answer is a number.";
    "error-description-quoted" = OauthError:
        Error "error_description" => Set(Json(r#""the \\\"scope\\\" is wrong""#));
        "The error_description of an error answer has characters that RFC 6749 excludes.";
    "error-uri-number" = OauthError: Error "error_uri" => Set(Json("7")); "The error_uri of an error answer is a number.";
    "error-uri-no-address" = OauthError: Error "error_uri" => Set(Json(r#""see the manual""#)); "The error_uri of an error answer is not a URI.";
    "error-list" = OauthError: Error "error" => Replace(Json(r#"["invalid_request"]"#)); "The error of an error answer is a list.";
    "error-code-unknown" = OauthError:
        Error "error" => Replace(Json(r#""something_went_wrong""#));
        "Every error answer has an error code that no specification knows.";
    "error-code-not-ascii" = OauthError:
        Error "error" => Replace(Json(r#""request_ \u00fcbel""#));
        "The error code of an error answer has characters that RFC 6749 excludes.";
    "error-with-refresh-token" = OauthError: Error "refresh_token" => Set(Json(r#""a-token-beside-an-error""#)); "An error answer has a refresh token.";
    "error-with-secret" = OauthError: Error "vaulted_secret" => Set(Json(r#"{"apikey":"a-secret-beside-an-error"}"#)); "An error answer has a vaulted secret.";
    "error-status-403" = TokenError: Status "status" => Swap("400", "403"); "Errors of the token endpoint that must have the status 400 have 403.";
    "error-status-500" = TokenError: Status "status" => Swap("400", "500"); "Errors of the token endpoint that must have the status 400 have 500.";
    "basic-failure-status-400" = BasicChallenge:
        Status "status" => Set(Json("400")), Header "www-authenticate" => Remove;
        "A failed Basic authentication gets the status 400.";
    "basic-challenge-other-scheme" = BasicChallenge:
        Header "www-authenticate" => Set(Json(r#""Bearer realm=\"Okta\"""#));
        "A failed Basic authentication gets a challenge for another scheme.";
    "error-invalid-grant-for-invalid-scope" = OauthError:
        Error "error" => Swap("invalid_scope", "invalid_grant");
        "Where the error is invalid_scope, the answer says invalid_grant.";
    "error-invalid-request-for-invalid-grant" = OauthError:
        Error "error" => Swap("invalid_grant", "invalid_request");
        "Where the error is invalid_grant, the answer says invalid_request.";
    "error-invalid-client-for-invalid-grant" = OauthError:
        Error "error" => Swap("invalid_grant", "invalid_client");
        "Where the error is invalid_grant, the answer says invalid_client.";
    "error-invalid-request-for-invalid-client" = OauthError:
        Error "error" => Swap("invalid_client", "invalid_request");
        "Where the error is invalid_client, the answer says invalid_request.";
    "error-invalid-request-for-unsupported-grant-type" = OauthError:
        Error "error" => Swap("unsupported_grant_type", "invalid_request");
        "Where the error is unsupported_grant_type, the answer says invalid_request.";
    "error-unauthorized-client-for-unsupported-grant-type" = OauthError:
        Error "error" => Swap("unsupported_grant_type", "unauthorized_client");
        "Where the error is unsupported_grant_type, the answer says unauthorized_client.";
    "error-invalid-client-for-unauthorized-client" = OauthError:
        Error "error" => Swap("unauthorized_client", "invalid_client");
        "Where the error is unauthorized_client, the answer says invalid_client.";
    "error-invalid-grant-for-invalid-request" = OauthError:
        Error "error" => Swap("invalid_request", "invalid_grant");
        "Where the error is invalid_request, the answer says invalid_grant.";
    "error-server-error-for-invalid-request" = OauthError:
        Error "error" => Swap("invalid_request", "server_error");
        "Where the error is invalid_request, the answer says server_error.";
    "error-invalid-request-for-invalid-target" = OauthError:
        Error "error" => Swap("invalid_target", "invalid_request");
        "Where the error is invalid_target, the answer says invalid_request.";
    "error-invalid-scope-for-invalid-target" = OauthError:
        Error "error" => Swap("invalid_target", "invalid_scope");
        "Where the error is invalid_target, the answer says invalid_scope.";
    "error-access-denied-for-interaction-required" = OauthError:
        Error "error" => Swap("interaction_required", "access_denied");
        "Where the error is interaction_required, the answer says access_denied.";
    "custom-error-html" = CustomTokenError:
        Header "content-type" => Set(Json(r#""text/html""#));
        "The media type of errors of a custom authorization server is text/html.";
    "custom-error-cacheable" = CustomTokenError:
        Header "cache-control" => Set(Json(r#""public, max-age=3600""#)), Header "pragma" => Remove;
        "Errors of a custom authorization server may be cached.";
    "error-cache-control-missing" = TokenError:
        Header "cache-control" => Remove, Header "pragma" => Remove;
        "Errors of the token endpoint have no Cache-Control.";
    "interaction-uri-mistyped" = Interaction: Error "interaction_uri" => Replace(Json(r#"["https://another.example.com"]"#)); "The interaction_uri is a list.";
    "interaction-uri-relative" = Interaction:
        Error "interaction_uri" => Replace(Json(r#""/oauth2/v1/sts/redirect?dataHandle=x""#));
        "The interaction_uri has no scheme and host.";
}
