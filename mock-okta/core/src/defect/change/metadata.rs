//! Changes of the metadata documents.

use super::edit::Edit::{Append, AsList, AsText, Elsewhere, Path, Remove, Replace, Set};
use super::edit::Source::Json;
use super::table::changes;

changes! {
    "metadata-response-types-text" = Metadata:
        Body "response_types_supported" => AsText;
        "The response_types_supported of the metadata is a string, not a list.";
    "metadata-response-modes-text" = Metadata:
        Body "response_modes_supported" => AsText;
        "The response_modes_supported of the metadata is a string, not a list.";
    "metadata-grant-types-text" = Metadata: Body "grant_types_supported" => AsText; "The grant_types_supported of the metadata is a string, not a list.";
    "metadata-subject-types-text" = Metadata: Body "subject_types_supported" => AsText; "The subject_types_supported of the metadata is a string, not a list.";
    "metadata-scopes-text" = Metadata: Body "scopes_supported" => AsText; "The scopes_supported of the metadata is a string, not a list.";
    "metadata-code-challenge-methods-text" = Metadata:
        Body "code_challenge_methods_supported" => AsText;
        "The code_challenge_methods_supported of the metadata is a string, not a list.";
    "metadata-token-endpoint-auth-methods-text" = Metadata:
        Body "token_endpoint_auth_methods_supported" => AsText;
        "The token_endpoint_auth_methods_supported of the metadata is a string, not a list.";
    "metadata-introspection-endpoint-auth-methods-text" = Metadata:
        Body "introspection_endpoint_auth_methods_supported" => AsText;
        "The introspection_endpoint_auth_methods_supported of the metadata is a string, not a list.";
    "metadata-revocation-endpoint-auth-methods-text" = Metadata:
        Body "revocation_endpoint_auth_methods_supported" => AsText;
        "The revocation_endpoint_auth_methods_supported of the metadata is a string, not a list.";
    "metadata-request-object-signing-alg-values-text" = Metadata:
        Body "request_object_signing_alg_values_supported" => AsText;
        "The request_object_signing_alg_values_supported of the metadata is a string, not a list.";
    "metadata-id-token-signing-alg-values-text" = OpenIdMetadata:
        Body "id_token_signing_alg_values_supported" => AsText;
        "The id_token_signing_alg_values_supported of the metadata is a string, not a list.";
    "metadata-claims-text" = OpenIdMetadata: Body "claims_supported" => AsText; "The claims_supported of the metadata is a string, not a list.";
    "metadata-chaining-text" = OrgMetadata:
        Body "identity_chaining_requested_token_types_supported" => Set(Json(r#""urn:ietf:params:oauth:token-type:id-jag""#));
        "The identity_chaining_requested_token_types_supported of the metadata is a string, not a list.";
    "metadata-request-parameter-text" = Metadata:
        Body "request_parameter_supported" => Set(Json(r#""true""#));
        "The request_parameter_supported of the metadata is a string, not a boolean.";
    "metadata-request-uri-parameter-text" = Metadata:
        Body "request_uri_parameter_supported" => Set(Json(r#""true""#));
        "The request_uri_parameter_supported of the metadata is a string, not a boolean.";
    "metadata-claims-parameter-text" = Metadata:
        Body "claims_parameter_supported" => Set(Json(r#""true""#));
        "The claims_parameter_supported of the metadata is a string, not a boolean.";
    "metadata-authorization-response-iss-parameter-text" = Metadata:
        Body "authorization_response_iss_parameter_supported" => Set(Json(r#""true""#));
        "The authorization_response_iss_parameter_supported of the metadata is a string, not a boolean.";
    "metadata-issuer-list" = Metadata: Body "issuer" => AsList; "The issuer of the metadata is a list.";
    "metadata-token-endpoint-list" = Metadata: Body "token_endpoint" => AsList; "The token_endpoint of the metadata is a list.";
    "metadata-jwks-uri-list" = Metadata: Body "jwks_uri" => AsList; "The jwks_uri of the metadata is a list.";
    "metadata-authorization-endpoint-list" = Metadata: Body "authorization_endpoint" => AsList; "The authorization_endpoint of the metadata is a list.";
    "metadata-authorization-endpoint-elsewhere" = Metadata:
        Body "authorization_endpoint" => Elsewhere;
        "The authorization_endpoint of the metadata lies at another host.";
    "metadata-token-endpoint-elsewhere" = Metadata: Body "token_endpoint" => Elsewhere; "The token_endpoint of the metadata lies at another host.";
    "metadata-token-endpoint-relative" = Metadata: Body "token_endpoint" => Path; "The token_endpoint of the metadata has no scheme and host.";
    "metadata-userinfo-endpoint-elsewhere" = Metadata: Body "userinfo_endpoint" => Elsewhere; "The userinfo_endpoint of the metadata lies at another host.";
    "metadata-end-session-endpoint-elsewhere" = Metadata:
        Body "end_session_endpoint" => Elsewhere;
        "The end_session_endpoint of the metadata lies at another host.";
    "metadata-introspection-endpoint-elsewhere" = Metadata:
        Body "introspection_endpoint" => Elsewhere;
        "The introspection_endpoint of the metadata lies at another host.";
    "metadata-revocation-endpoint-elsewhere" = Metadata:
        Body "revocation_endpoint" => Elsewhere;
        "The revocation_endpoint of the metadata lies at another host.";
    "metadata-registration-endpoint-elsewhere" = Metadata:
        Body "registration_endpoint" => Elsewhere;
        "The registration_endpoint of the metadata lies at another host.";
    "metadata-jwks-uri-relative" = Metadata: Body "jwks_uri" => Path; "The jwks_uri of the metadata has no scheme and host.";
    "metadata-issuer-with-query" = Metadata: Body "issuer" => Append("?org=1"); "The issuer of the metadata has a query.";
    "metadata-issuer-with-slash" = Metadata: Body "issuer" => Append("/"); "The issuer of the metadata ends in a slash, unlike the one that was asked for.";
    "metadata-scopes-empty" = Metadata: Body "scopes_supported" => Replace(Json("[]")); "The scopes_supported of the metadata is an empty list.";
    "metadata-grant-types-empty" = Metadata: Body "grant_types_supported" => Replace(Json("[]")); "The grant_types_supported of the metadata is an empty list.";
    "metadata-response-types-empty" = Metadata:
        Body "response_types_supported" => Replace(Json("[]"));
        "The response_types_supported of the metadata is an empty list.";
    "metadata-code-challenge-methods-empty" = Metadata:
        Body "code_challenge_methods_supported" => Replace(Json("[]"));
        "The code_challenge_methods_supported of the metadata is an empty list.";
    "metadata-token-endpoint-auth-methods-empty" = Metadata:
        Body "token_endpoint_auth_methods_supported" => Replace(Json("[]"));
        "The token_endpoint_auth_methods_supported of the metadata is an empty list.";
    "metadata-issuer-missing" = Metadata: Body "issuer" => Remove; "The metadata have no issuer.";
    "metadata-jwks-uri-missing" = Metadata: Body "jwks_uri" => Remove; "The metadata have no jwks_uri.";
    "metadata-authorization-endpoint-missing" = Metadata: Body "authorization_endpoint" => Remove; "The metadata have no authorization endpoint.";
    "metadata-subject-types-missing" = OpenIdMetadata: Body "subject_types_supported" => Remove; "The OpenID metadata have no subject types.";
    "metadata-subject-types-unknown" = OpenIdMetadata:
        Body "subject_types_supported" => Replace(Json(r#"["anonymous"]"#));
        "The OpenID metadata have a subject type that does not exist.";
    "metadata-signing-alg-missing" = OpenIdMetadata:
        Body "id_token_signing_alg_values_supported" => Remove;
        "The OpenID metadata do not say how ID tokens are signed.";
    "metadata-signing-alg-other" = OpenIdMetadata:
        Body "id_token_signing_alg_values_supported" => Replace(Json(r#"["ES256"]"#));
        "The OpenID metadata announce another algorithm than ID tokens are signed with.";
    "metadata-auth-signing-alg-none" = Metadata:
        Body "token_endpoint_auth_signing_alg_values_supported" => Set(Json(r#"["none"]"#));
        "The metadata announce client assertions without signature.";
    "metadata-iss-announced" = Metadata:
        Body "authorization_response_iss_parameter_supported" => Set(Json("true"));
        "The metadata announce an iss in authorization responses, which then have none.";
    "oauth-metadata-missing" = OauthMetadata: Status "status" => Set(Json("404")); "The document of RFC 8414 is not there.";
    "oauth-metadata-issuer-other" = OauthMetadata:
        Body "issuer" => Replace(Json(r#""https://another.example.com""#));
        "The document of RFC 8414 names another issuer than that of OpenID Connect.";
    "oauth-metadata-token-endpoint-other" = OauthMetadata:
        Body "token_endpoint" => Append("s");
        "The document of RFC 8414 names another token endpoint than that of OpenID Connect.";
    "oauth-metadata-jwks-uri-other" = OauthMetadata:
        Body "jwks_uri" => Append("/old");
        "The document of RFC 8414 names other keys than that of OpenID Connect.";
    "oauth-metadata-grants-other" = OauthMetadata:
        Body "grant_types_supported" => Replace(Json(r#"["implicit"]"#));
        "The document of RFC 8414 lists other grants than that of OpenID Connect.";
}
