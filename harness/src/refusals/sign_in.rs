//! Refusals of a sign-in: the client's registration, the user, and policies.

super::part! {
    "illegal_redirect_uri" 400 "invalid_request" SignIn AgentUsers ["redirect_uri", "redirect uri"]
        "`redirect_uri` is not registered for the client" =>
        "add `clients.agent.redirect_uri` to the sign-in redirect URIs, letter by letter";
    "illegal_redirect_uri_enhanced" 400 "invalid_request" SignIn AgentUsers ["redirect_uri", "redirect uri"]
        "`redirect_uri` is not registered for the client" =>
        "add `clients.agent.redirect_uri` to the sign-in redirect URIs, letter by letter";
    "invalid_redirect_uri" 400 "invalid_redirect_uri" SignIn AgentUsers []
        "`redirect_uri` is not registered for the client" =>
        "add `clients.agent.redirect_uri` to the sign-in redirect URIs, letter by letter";
    "missing_redirect_uri" 400 "missing_redirect_uri" SignIn TargetFile []
        "the target file gives the client no `redirect_uri`" =>
        "write one of the registered sign-in redirect URIs in `clients.agent.redirect_uri`";
    "mismatched_redirect_uri" 400 "invalid_grant" SignIn AgentUsers ["redirect_uri", "redirect uri"]
        "`redirect_uri` is another one than the code was asked for with" =>
        "sign in again; use one redirect URI";
    "invalid_client_application_type" 400 "invalid_request" SignIn AppGeneral ["application type"]
        "the client is a service app, which signs no user in" =>
        "name the agent, or its OIDC web app, as the client that signs users in";
    "unsupported_response_type" 400 "unsupported_response_type" SignIn AppGeneral []
        "the client may not use the authorization code grant" =>
        "allow it the grant type Authorization Code";
    "invalid_response_type" 400 "invalid_response_type" SignIn AppGeneral []
        "the client may not use the authorization code grant" =>
        "allow it the grant type Authorization Code";
    "user_not_assigned" 400 "access_denied" SignIn AgentUsers ["not assigned"]
        "the user is not assigned to the client" =>
        "assign the user to the agent, or to the app that is bound to it";
    "invalid_user_status_error" 403 "access_denied" SignIn People ["not active", "suspended", "deactivated", "locked"]
        "the user is suspended, deactivated or locked out" =>
        "activate or unlock the user";
    "login_failed" 403 "access_denied" SignIn People ["login", "sign in", "sign-in"]
        "login or password is wrong, or the user is locked out" =>
        "correct `users.ada`, or unlock the user";
    "login_required" 400 "login_required" SignIn Sessions []
        "the org wants the user to sign in again" =>
        "sign in again; the session policy says how long a session lasts";
    "no_existing_session" 400 "login_required" SignIn Sessions ["session"]
        "no session of the user exists" =>
        "sign in; without a browser the session policy must accept a password alone (okta.md (h))";
    "app_sign_on_required" 400 "login_required" SignIn Authentication ["policy", "re-authenticate"]
        "the app's policy wants more, or a more recent sign-in" =>
        "let the app's authentication policy accept what the session has; a new bound app asks for two factors";
    "request_expired" 400 "login_required" SignIn Sessions ["expired"]
        "the sign-in was not finished in time" =>
        "sign in again, faster";
    "unmet_authentication_requirements" 400 "unmet_authentication_requirements" SignIn Authentication []
        "the user cannot authenticate as strongly as is asked for" =>
        "enrol the user in the authenticators that the policy asks for";
    "insufficient_user_authentication" 401 "insufficient_user_authentication" SignIn Authentication []
        "the user's authentication is too weak or too old" =>
        "sign in again with what the authentication policy asks for";
    "mfa_required" 403 "mfa_required" SignIn Authentication []
        "the policy asks for a second factor" =>
        "sign in with a browser, or let the policy accept one factor for the test user";
    "resource_app_assurance_not_met" 400 "invalid_request" Exchange Authentication ["assurance"]
        "the sign-in is weaker than the resource app's policy asks for" =>
        "sign in with what the policy of the resource app asks for";
    "consent_required" 400 "consent_required" SignIn ServerScopes []
        "a scope needs the user's consent, which was not given" =>
        "let the user consent once, or set the scope's consent to implicit";
    "consent_required_ropf" 400 "consent_required" SignIn ServerScopes ["password"]
        "a scope needs the user's consent, which this grant cannot ask for" =>
        "set the scope's consent to implicit";
    "interaction_required" 400 "interaction_required" SignIn Authentication []
        "the policy wants something of the user that needs a page" =>
        "sign in with a browser";
    "user_canceled_request" 403 "access_denied" SignIn People ["canceled", "cancelled", "refused"]
        "the user refused" =>
        "sign in again and accept";
    "pkce_challenge_required" 400 "invalid_request" SignIn AppGeneral ["pkce", "code_challenge"]
        "the client requires PKCE" =>
        "that is right: leave it on; the kit always sends a challenge";
    "pkce_missing_challenge" 400 "invalid_request" SignIn AppGeneral ["pkce", "code_challenge"]
        "the client requires PKCE" =>
        "that is right: leave it on; the kit always sends a challenge";
    "openid_scope_required" 400 "invalid_scope" SignIn TargetFile ["openid"]
        "the sign-in lacked the scope openid" =>
        "sign in with `openid profile email`";
    "invalid_refresh_token" 400 "invalid_grant" SignIn AgentUsers ["refresh token"]
        "the refresh token is expired, revoked, used up, or of another client" =>
        "sign in again with offline_access and put the new refresh token there";
    "refresh_scopes_denied" 400 "access_denied" SignIn TargetFile ["scope"]
        "the refresh token was not given for all scopes that are asked for" =>
        "sign in again with `openid profile email offline_access`";
    "mismatched_client" 400 "invalid_grant" SignIn TargetFile ["client"]
        "the refresh token or code was issued to another client" =>
        "sign in as the client that the target file names";
    "invalid_authorization_code" 400 "invalid_grant" SignIn TargetFile ["code"]
        "the code was used, is older than five minutes, or is of another client" =>
        "sign in again";
    "illegal_origin_browser_request" 400 "invalid_request" SignIn TrustedOrigins ["origin"]
        "the page that asks is not of an origin that the client registered" =>
        "add the origin, or ask from the origin of a redirect URI";
    "not_trusted_origin_browser_request" 400 "invalid_request" SignIn TrustedOrigins ["origin"]
        "the page that asks is not of a trusted origin" =>
        "add the origin to the trusted origins";
    "illegal_scope_combination" 400 "invalid_scope" SignIn TargetFile ["combination"]
        "the scopes that were asked for exclude each other" =>
        "ask for `openid profile email`";
    "required_scope_combination" 400 "invalid_scope" SignIn TargetFile ["combination"]
        "a scope was asked for without another that it needs" =>
        "ask for `openid profile email`";
    "at_least_one_required_scope_combination" 400 "invalid_scope" SignIn TargetFile ["combination"]
        "a scope was asked for without another that it needs" =>
        "ask for `openid profile email`";
    "mismatched_user_in_cache_and_session" 403 "access_denied" SignIn Sessions ["session"]
        "another user is signed in in this browser" =>
        "sign out, or use a private window";
    "authorize_request_uri_mismatched_client" 401 "invalid_client" SignIn TargetFile ["request_uri"]
        "the pushed request was made by another client" =>
        "use one client for both";
    "too_many_groups_in_groups_claim" 400 "server_error" SignIn ServerClaims ["group"]
        "the groups claim of the token would be too long" =>
        "narrow the filter of the groups claim";
    "system_claim_evaluation_failure" 400 "server_error" SignIn ServerClaims ["claim"]
        "a claim of the token could not be made from the user's profile" =>
        "correct the claim, or the user's profile";
    "user_claim_evaluation_failure" 400 "server_error" SignIn ServerClaims ["claim"]
        "the expression of a claim fails for this user" =>
        "correct the expression of the claim, or the user's profile";
}
