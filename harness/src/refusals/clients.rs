//! Refusals of client authentication: how the client is registered, and what the target file says of it.

super::part! {
    "invalid_client_id" 401 "invalid_client" Any AgentClient ["client_id", "client id", "unknown client"]
        "no client of the org has this client id" =>
        "copy the client id into `clients.agent.client_id`; it begins with `wlp` for an agent";
    "workload_principal_not_found" 401 "workload_principal_not_found" Any AgentProfile []
        "no agent of the org has this client id, or it was deleted" =>
        "copy the id of an agent that exists into `clients.agent.client_id`";
    "invalid_client" 401 "invalid_client" Any AgentProfile ["not active", "inactive", "deactivated", "staged"]
        "the agent or app is STAGED or INACTIVE" =>
        "activate it; an agent needs an owner before";
    "invalid_client_secret" 401 "invalid_client" Any AgentClient ["client secret", "client_secret"]
        "the secret is not one of the client's, or was deactivated" =>
        "put a current secret where `client_secret` of the target file points to";
    "invalid_basic_auth_creds" 401 "invalid_client" Any AgentClient ["basic"]
        "the secret holds characters that HTTP Basic cannot carry as they are" =>
        "make a new secret, or write `auth: client_secret_post`";
    "invalid_token_endpoint_auth_method" 401 "invalid_client" Any AgentClient ["authentication method", "auth method"]
        "the client is registered for another way of authentication" =>
        "write in `auth` what the client is registered for: of client secret, public/private key and client ID only one is active";
    "missing_client_credentials" 401 "invalid_client" Any AgentClient ["no client credentials"]
        "the client must show a credential, and the target file gives none" =>
        "give `auth` and the credential that the client is registered with";
    "multiple_client_credentials" 401 "invalid_request" Any TargetFile []
        "two credentials came at once; a proxy may have added one" =>
        "see what a proxy on the way adds to requests";
    "client_assertion_jwks_not_configured" 401 "invalid_client" Any AgentClient ["jwks", "key set", "no registered key"]
        "no public key is registered for the client" =>
        "register the public key that belongs to the private key of the target file";
    "client_assertion_invalid_jwks" 401 "invalid_client" Any AgentClient ["jwks", "key set"]
        "the registered key set holds no usable public key under this `kid`" =>
        "register the public JWK again, with `kty`, `kid`, `alg` and `use: sig`";
    "client_assertion_invalid_kid" 401 "invalid_client" Any AgentClient ["kid"]
        "no active key of the client has the `kid` of the assertion" =>
        "copy the `kid` of an active key into `key.kid`, or activate the key";
    "client_assertion_invalid_key_use" 401 "invalid_client" Any AgentClient ["use"]
        "the registered key is not for signatures" =>
        "register the key with `use: sig`";
    "client_assertion_not_signed_with_signing_key" 401 "invalid_client" Any AgentClient ["signing key", "encryption"]
        "the `kid` names a key that is registered for encryption" =>
        "name the `kid` of the signing key in `key.kid`";
    "client_assertion_invalid_signature" 401 "invalid_client" Any AgentClient ["signature"]
        "the registered public key is not that of the private key of the target file" =>
        "register the public half of that private key, or give the private key that belongs to the registered one";
    "client_assertion_invalid_signature_algorithm" 401 "invalid_client" Any AgentClient ["algorithm", "alg"]
        "the key is registered for another algorithm than `alg`" =>
        "write the algorithm of the registered key in `key.alg`";
    "client_assertion_invalid_no_secret" 401 "invalid_client" Any AgentClient ["secret"]
        "the assertion is signed with a secret, and the client has none" =>
        "use the public/private key of the client";
    "client_assertion_invalid_secret_length" 401 "invalid_client" Any AgentClient ["length", "too short"]
        "the secret is shorter than its algorithm needs" =>
        "make a longer secret: 32 bytes for HS256, 48 for HS384, 64 for HS512";
    "client_assertion_invalid_audience" 401 "invalid_client" Any Server ["aud", "audience"]
        "the endpoint that is asked has another URL than the org gives it, for instance behind a proxy or under a custom domain" =>
        "write issuer and endpoints as the org's metadata has them";
    "client_assertion_invalid_issuer" 401 "invalid_client" Any TargetFile ["iss"]
        "`client_id` is not the client whose key signs" =>
        "correct `client_id`";
    "client_assertion_invalid_subject" 401 "invalid_client" Any TargetFile ["sub"]
        "`client_id` is not the client whose key signs" =>
        "correct `client_id`";
    "client_assertion_expired_token" 401 "invalid_client" Any TargetFile ["expired"]
        "this machine's clock is behind the org's" =>
        "set the clock of this machine";
    "client_assertion_expires_too_far_in_future" 401 "invalid_client" Any TargetFile ["too far", "one hour", "future"]
        "this machine's clock is ahead of the org's" =>
        "set the clock of this machine";
    "client_assertion_issued_at_in_future" 401 "invalid_client" Any TargetFile ["iat", "issued", "future"]
        "this machine's clock is ahead of the org's" =>
        "set the clock of this machine";
    "jwks_uri_error" 401 "invalid_client" Any AgentClient ["jwks_uri", "jwks uri"]
        "the key set at the client's JWKS URI cannot be fetched by Okta" =>
        "let the address answer 200 with a key set, over https, to requests from Okta";
    "jwks_uri_no_key" 401 "invalid_client" Any AgentClient ["jwks_uri", "jwks uri"]
        "the key set at the client's JWKS URI holds no key" =>
        "publish the public key there";
    "jwks_uri_ambiguous_keys" 401 "invalid_client" Any AgentClient ["jwks_uri", "jwks uri"]
        "keys at the client's JWKS URI cannot be told apart" =>
        "give each key there a `kid` of its own";
    "jwks_uri_algorithm_required" 401 "invalid_client" Any AgentClient ["jwks_uri", "jwks uri"]
        "no key at the client's JWKS URI is for the algorithm" =>
        "add `alg` to the key there";
    "jwks_uri_invalid_key_use" 401 "invalid_client" Any AgentClient ["jwks_uri", "jwks uri"]
        "the key at the client's JWKS URI is not for signatures" =>
        "publish it with `use: sig`";
    "jwks_uri_jku_mismatch_error" 401 "invalid_client" Any AgentClient ["jku"]
        "the client has another JWKS URI than the assertion names" =>
        "register the address where the keys are";
    "unauthorized_client" 400 "unauthorized_client" Any AgentClient []
        "the client is not registered for this grant type" =>
        "allow the client the grant; agents have token exchange and JWT Bearer";
    "confidential_client_required" 400 "unauthorized_client" Any AgentClient ["confidential"]
        "the client shows no credential, and this grant needs one" =>
        "register a client secret or a key, and write it in the target file";
    "org_authorization_server_only_client" 400 "unauthorized_client" Any AgentClient ["org authorization server"]
        "the client may use the org authorization server only" =>
        "use a client that may use custom authorization servers";
    "disallowed_network_zone" 403 "access_denied" Any Networks ["network", "zone"]
        "the client may not ask from this network" =>
        "run from an allowed network, or allow this one for the client";
    "feature_not_enabled" 403 "server_error" Any Features []
        "the org lacks a feature that the request needs" =>
        "switch the feature on, or ask Okta Support";
    "feature_not_enabled_access_denied" 400 "access_denied" Any Features ["feature"]
        "the org lacks a feature that the request needs" =>
        "switch the feature on, or ask Okta Support";
    "user_rate_limited" 429 "invalid_grant" Any Features []
        "the user or the org was asked too often" =>
        "write a lower `max_requests_per_minute`, or wait for a minute";
    "dpop_proof_required_for_token" 400 "invalid_request" Any AgentClient ["dpop"]
        "the client is set to require DPoP, which the kit does not send" =>
        "switch off \"Require DPoP\" for the client";
    "use_dpop_nonce" 400 "use_dpop_nonce" Any AgentClient []
        "the client is set to require DPoP, which the kit does not send" =>
        "switch off \"Require DPoP\" for the client";
    "invalid_authorization_server" 400 "invalid_request" Any Server ["authorization server"]
        "the authorization server does not exist or is inactive" =>
        "activate it, or correct `authorization_servers.custom_as.issuer`";
    "unsupported_grant_type" 400 "unsupported_grant_type" Any Server []
        "this authorization server does not know the grant type" =>
        "see which server the endpoint belongs to: ID-JAGs come from the org, and are redeemed at a custom authorization server";
}
