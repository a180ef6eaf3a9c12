//! Refusals of what the kit does not do itself, but a setting of an org can bring about: SAML subjects, client ID metadata
//! documents, encrypted tokens, step-up between web apps.

super::part! {
    "invalid_subject_token_saml_signature_invalid" 400 "invalid_request" Exchange AppSignOn ["saml"]
        "the assertion is not signed with the certificate of the source app" =>
        "compare the signing certificate of the source app";
    "invalid_subject_token_saml_source_app_audience_missing" 400 "invalid_request" Exchange AppSignOn ["saml"]
        "the source app has no audience" =>
        "set the audience URI of the source app";
    "invalid_subject_token_saml_source_app_instance_missing" 400 "invalid_request" Exchange AgentUsers ["saml"]
        "no SAML app is bound to the agent" =>
        "bind the SAML app to the agent";
    "invalid_subject_token_saml_source_app_not_saml" 400 "invalid_request" Exchange AgentUsers ["saml"]
        "the app that is bound to the agent is no SAML app" =>
        "bind the SAML app to the agent, or sign in by OpenID Connect";
    "invalid_subject_token_saml_source_app_signing_cert_missing" 400 "invalid_request" Exchange AppSignOn ["saml"]
        "the source app has no signing certificate" =>
        "generate one and activate it";
    "invalid_subject_token_saml_expired" 400 "invalid_request" Exchange AppSignOn ["saml"]
        "the assertion has expired" =>
        "sign in again";
    "invalid_subject_token_saml_issuer_missing" 400 "invalid_request" Exchange AppSignOn ["saml"]
        "the assertion names no issuer" =>
        "set the issuer of the source app";
    "invalid_subject_token_saml_nameid_missing" 400 "invalid_request" Exchange AppSignOn ["saml"]
        "the assertion has no NameID" =>
        "set the application username of the source app";
    "invalid_subject_token_saml_nameid_not_unique" 400 "invalid_request" Exchange AppSignOn ["saml"]
        "several users have this NameID" =>
        "choose an application username that is unique";
    "invalid_subject_token_saml_subject_confirmation_missing" 400 "invalid_request" Exchange AppSignOn ["saml"]
        "the assertion has no subject confirmation" =>
        "set the recipient of the source app";
    "saml_assertion_auth_denied_mfa" 400 "invalid_grant" Any Authentication ["saml"]
        "the policy asks for a second factor, which an assertion does not show" =>
        "let the policy accept one factor for the test user";
    "saml_assertion_auth_denied_policy" 400 "invalid_grant" Any Authentication ["saml"]
        "a policy refuses the user" =>
        "see which rule of the authentication policy applies";
    "password_auth_denied_mfa" 400 "invalid_grant" Any Authentication ["password"]
        "the policy asks for a second factor, which a password grant does not show" =>
        "sign in with a browser";
    "password_auth_denied_policy" 400 "invalid_grant" Any Authentication ["password"]
        "a policy refuses the user" =>
        "see which rule of the authentication policy applies";
    "expired_password_credentials" 400 "invalid_grant" Any People ["password"]
        "the user's password has expired" =>
        "let the user set a new password";
    "invalid_password_credentials" 400 "invalid_grant" Any People ["password"]
        "login or password is wrong" =>
        "correct `users.ada`";
    "oie_not_enabled_for_interact" 400 "access_denied" SignIn Features ["identity engine"]
        "the org is not on Identity Engine" =>
        "have it upgraded; the kit does not need this grant";
    "cimd_client_id_mismatch" 400 "invalid_client_metadata" Any AgentClient ["client_id"]
        "the client's metadata document names another client id than its own address" =>
        "write its address into `client_id`, letter by letter";
    "cimd_client_id_not_matching_entity" 400 "invalid_client_metadata" Any AgentClient ["client_id"]
        "no agent is registered for this client id" =>
        "register the agent with this address";
    "cimd_document_requirement_failure" 400 "invalid_client_metadata" Any AgentClient ["requirement"]
        "the client's metadata document lacks something that is required" =>
        "give it client_id, redirect_uris and jwks or jwks_uri";
    "cimd_invalid_client_details" 400 "invalid_client_metadata" Any AgentClient ["details"]
        "the client's metadata document has a wrong value" =>
        "correct the document";
    "cimd_invalid_metadata_json" 400 "invalid_client_metadata" Any AgentClient ["json"]
        "the client's metadata document is not JSON" =>
        "correct the document";
    "cimd_missing_redirect_uris" 400 "invalid_client_metadata" Any AgentClient ["redirect"]
        "the client's metadata document has no redirect URIs" =>
        "add `redirect_uris`";
    "cimd_throttled_invalid_client" 400 "invalid_client_metadata" Any AgentClient ["throttled"]
        "the client's metadata document was wrong too often" =>
        "correct the document, and wait";
    "invalid_client_metadata" 400 "invalid_client_metadata" Any AgentClient []
        "the client is registered with a wrong value" =>
        "correct the client's registration";
    "token_encryption_no_encryption_key" 401 "invalid_client" Any AppGeneral ["encryption"]
        "ID tokens are to be encrypted, and the client has no key for that" =>
        "register an encryption key, or switch encryption off";
    "token_encryption_no_active_encryption_key" 401 "invalid_client" Any AppGeneral ["encryption"]
        "ID tokens are to be encrypted, and the client's key for that is inactive" =>
        "activate the key, or switch encryption off";
    "token_encryption_invalid_encryption_key_client" 401 "invalid_client" Any AppGeneral ["encryption"]
        "the client's encryption key cannot be used" =>
        "register another one, or switch encryption off";
    "token_encryption_jwks_uri_no_encryption_key" 401 "invalid_client" Any AppGeneral ["encryption"]
        "the client's JWKS URI has no encryption key" =>
        "publish one with `use: enc`, or switch encryption off";
    "token_encryption_jwks_uri_multiple_encryption_keys" 401 "invalid_client" Any AppGeneral ["encryption"]
        "the client's JWKS URI has several encryption keys" =>
        "publish one";
    "token_encryption_no_encryption_key_auth_server" 400 "invalid_request" Any Server ["encryption"]
        "access tokens are to be encrypted, and the server has no key for that" =>
        "register an encryption key, or switch encryption off";
    "token_encryption_invalid_encryption_key_auth_server" 400 "invalid_request" Any Server ["encryption"]
        "the server's encryption key cannot be used" =>
        "register another one, or switch encryption off";
    "token_encryption_jwks_uri_no_encryption_key_auth_server" 400 "invalid_request" Any Server ["encryption"]
        "the server's JWKS URI has no encryption key" =>
        "publish one with `use: enc`, or switch encryption off";
    "token_encryption_jwks_uri_multiple_encryption_keys_auth_server" 400 "invalid_request" Any Server ["encryption"]
        "the server's JWKS URI has several encryption keys" =>
        "publish one";
    "jwks_uri_error_auth_server" 400 "invalid_request" Any Server ["jwks"]
        "the key set at the server's JWKS URI cannot be fetched" =>
        "let the address answer 200 with a key set";
    "invalid_callout_response" 500 "server_error" Any ServerClaims ["hook", "callout"]
        "an inline hook gave an answer that cannot be used" =>
        "correct the hook (Workflow > Inline Hooks), or switch it off for this server";
    "unsupported_api_resource" 400 "unsupported_api_resource" SignIn Server []
        "the server issues no tokens for this resource" =>
        "correct `authorization_servers.custom_as.resource`";
    "web_sso_app_assurance_not_met" 400 "invalid_grant" Exchange Authentication ["assurance"]
        "the sign-in is weaker than the app's policy asks for" =>
        "sign in with what the policy of the app asks for";
    "web_sso_client_not_permitted" 400 "invalid_grant" Exchange AppGeneral ["permitted"]
        "the client may not start a session of another app" =>
        "allow the client this kind of single sign-on";
    "unsupported_saml_assertion" 400 "invalid_grant" Any AppSignOn ["saml"]
        "the org takes no SAML assertions from this app" =>
        "configure the identity provider for the SAML assertion grant";
}
