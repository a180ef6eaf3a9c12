//! Refusals where an ID-JAG is redeemed: the custom authorization server, its policy and its rules.

super::part! {
    "no_matching_policy" 401 "access_denied" Redeem ServerPolicies ["policy evaluation failed", "policy"]
        "no access policy of the server names the agent, or no rule of it allows JWT Bearer for this user and these scopes" =>
        "name the agent in an access policy, with a rule that allows the grant JWT Bearer, the user and the scopes; the server `default` of an Integrator Free org has no policy at first";
    "no_scope_allowed" 400 "access_denied" Redeem ServerPolicies ["scope"]
        "the rule allows none of the scopes" =>
        "add the scopes to the rule";
    "scope_denied" 400 "access_denied" Redeem ServerPolicies ["scope"]
        "the rule does not allow one of the scopes" =>
        "add the scope to the rule";
    "mismatched_authorization_server" 400 "invalid_request" Redeem Server ["another authorization server", "authorization server"]
        "the ID-JAG was redeemed at the org authorization server" =>
        "write a custom authorization server in `authorization_servers.custom_as.issuer`: `https://…/oauth2/…`";
    "jwt_bearer_grant_invalid_audience" 400 "invalid_grant" Redeem Server ["audience", "aud"]
        "the ID-JAG is for another issuer than this server has" =>
        "copy the Issuer URI of the server into `authorization_servers.custom_as.issuer`";
    "jwt_bearer_grant_invalid_issuer" 401 "invalid_token" Redeem Server ["issuer"]
        "the server does not trust the issuer of the ID-JAG" =>
        "use a custom authorization server of the same org, or let it trust this org";
    "id_jag_untrusted_issuer" 400 "invalid_grant" Redeem Server ["issuer"]
        "the server does not trust the issuer of the ID-JAG" =>
        "use a custom authorization server of the same org, or let it trust this org";
    "id_jag_client_mismatch" 400 "invalid_grant" Redeem AgentConnections ["client"]
        "the connection names another client of the resource than the one that redeems" =>
        "correct the agent's client ID on the connection, or redeem as that client";
    "id_jag_invalid_subject" 400 "invalid_grant" Redeem People ["subject"]
        "the user of the ID-JAG is not known to the server" =>
        "create or activate the user there";
    "id_jag_lacking_scopes" 400 "invalid_grant" Redeem TargetFile ["scope"]
        "the ID-JAG was asked for without a scope" =>
        "write `authorization_servers.custom_as.scope`";
    "id_jag_resource_mismatch" 400 "invalid_grant" Redeem TargetFile ["resource"]
        "another `resource` was sent than the ID-JAG was asked for" =>
        "send the same `resource` both times";
    "id_jag_resource_not_allowed_for_as" 400 "invalid_grant" Redeem AgentConnections ["resource"]
        "the server issues no tokens for the `resource` of the ID-JAG" =>
        "register the resource with this server, or correct `authorization_servers.custom_as.resource`";
    "id_jag_issued_in_future" 400 "invalid_grant" Redeem TargetFile ["future"]
        "the clocks of the two authorization servers differ" =>
        "set the clock of the server that redeems";
    "id_jag_expired" 400 "invalid_grant" Redeem TargetFile ["expired"]
        "more than five minutes passed, or the clocks of the two authorization servers differ" =>
        "redeem at once; set the clock of the server that redeems";
    "id_jag_scopes_in_request" 400 "invalid_request" Redeem Server ["scope"]
        "the server refuses `scope` where an ID-JAG is redeemed" =>
        "redeem without `scope`, as the kit does";
    "unsupported_grant_type_client_creds_org_as" 400 "unsupported_grant_type" Machine Server []
        "a machine asked the org authorization server" =>
        "let it ask a custom authorization server";
    "unsupported_auth_method_client_creds" 401 "invalid_client" Machine AppGeneral ["private_key_jwt"]
        "at the org authorization server a machine needs a key" =>
        "register a public key for the service app";
    "unsupported_auth_method_client_creds_oauth_integration" 401 "invalid_client" Machine AppGeneral ["method"]
        "this integration may not authenticate so" =>
        "use the authentication method that the integration is registered for";
    "invalid_application_type_client_credentials" 401 "invalid_client" Machine AppGeneral ["application type", "service"]
        "the client is no service app; agents may not use client credentials" =>
        "name a service app in `clients.service_app`";
    "no_default_scopes" 400 "invalid_scope" Machine ServerScopes ["default"]
        "no scope was asked for, and the server has no default scopes" =>
        "mark a scope as default, or ask for one";
    "consent_required_client_credentials" 400 "consent_required" Machine ServerScopes []
        "a scope needs the consent of a user" =>
        "set the scope's consent to implicit";
    "no_org_scopes_granted" 400 "consent_required" Machine AppScopes ["org"]
        "the app was granted none of the scopes of Okta's APIs that it asks for" =>
        "grant them";
    "openid_not_allowed_client_creds" 400 "invalid_scope" Machine TargetFile ["openid"]
        "a machine asked for scopes of OpenID Connect" =>
        "leave them out";
    "access_token_insufficient_scopes" 403 "insufficient_scope" Resource ServerScopes []
        "the access token lacks the scope that the API asks for" =>
        "add the scope to `authorization_servers.custom_as.scope`, to the connection and to the rule";
    "insufficient_scope" 403 "insufficient_scope" Resource ServerScopes []
        "the access token lacks the scope that is asked for" =>
        "add the scope to `authorization_servers.custom_as.scope`, to the connection and to the rule";
    "openid_scope_required_access_token" 403 "access_denied" Resource TargetFile []
        "the sign-in lacked the scope openid" =>
        "sign in with `openid profile email`";
    "access_token_invalid_audience" 401 "invalid_token" Resource Server ["aud"]
        "the API expects another audience than the server has" =>
        "set the server's audience to what the API expects, or send `resource`";
    "access_token_invalid_issuer" 401 "invalid_token" Resource Server ["iss"]
        "the API trusts another issuer" =>
        "let the API trust `authorization_servers.custom_as.issuer`";
    "access_token_not_dpop_bound" 401 "invalid_token" Resource AppGeneral ["dpop"]
        "the API wants DPoP, and the client is not set to it" =>
        "let the API accept bearer tokens: the kit sends no DPoP";
    "token_expired" 401 "invalid_token" Resource ServerPolicies ["expired"]
        "the rule's access token lifetime is short, or a clock is wrong" =>
        "set the clock, or a longer access token lifetime in the rule";
    "token_timestamp_invalid" 401 "invalid_token" Resource TargetFile ["time"]
        "the clock of the API is behind" =>
        "set the clock";
}
