//! Refusals of an exchange at the org authorization server: the subject, the connection, the scopes, and what the org has
//! bought.

super::part! {
    "invalid_grant_type_or_token_exchange_sku_not_enabled" 400 "invalid_grant" Exchange Features ["sku", "subscription", "not enabled"]
        "the org has no subscription for AI agents" =>
        "an Integrator Free org gets ID-JAGs by asking Okta Developer Support; everything else needs Okta for AI Agents (okta.md (h))";
    "unsupported_token_exchange_flow" 403 "access_denied" Exchange AgentProfile ["exchange"]
        "the client is no AI agent, or this kind of exchange is not open to it" =>
        "name an agent (`wlp…`) in `clients.agent`; kinds beside the ID-JAG need Okta for AI Agents";
    "unsupported_grant_type_token_exchange" 400 "unsupported_grant_type" Exchange Server []
        "the server that is asked does not exchange tokens" =>
        "exchange at the org authorization server: its issuer has no path";
    "interclient_relationship_not_configured" 403 "access_denied" Exchange AgentConnections ["relationship", "interclient"]
        "no connection leads from this client to the audience" =>
        "add a resource connection for the audience";
    "interclient_token_exchange_requesting_client_invalid" 403 "access_denied" Exchange AgentConnections ["requesting client"]
        "the client that asks has no relation to the one that the token is for" =>
        "add a resource connection, or name the client that has one";
    "associated_server_not_exists" 403 "access_denied" Exchange Server ["authorization server"]
        "the authorization server of the audience no longer exists" =>
        "connect the agent with a server that exists";
    "associated_server_not_trusted" 403 "access_denied" Exchange Server ["trust"]
        "the authorization server of the audience is not trusted by this one" =>
        "add it under Trusted servers";
    "invalid_requested_token_type" 400 "invalid_request" Exchange Features ["requested_token_type"]
        "the server does not issue this type: a custom authorization server issues no ID-JAG, and an org without the product no secrets" =>
        "see that `authorization_servers.org.issuer` is the org itself, and that the org has the product for this type";
    "invalid_subject_token" 400 "invalid_request" Exchange AgentUsers ["subject_token", "subject token"]
        "the token was not issued to this agent or to its bound app, or is not this org's" =>
        "sign in as the agent itself and use that ID token";
    "invalid_subject_token_issuer_not_allowed" 400 "invalid_request" Exchange TargetFile ["issuer"]
        "the subject token comes from an issuer that is not accepted" =>
        "take an ID token of the org authorization server";
    "invalid_subject_token_authorization_server" 400 "invalid_request" Exchange TargetFile ["authorization server"]
        "an access token of the org authorization server was sent as subject" =>
        "send an ID token, or an access token of a custom authorization server";
    "token_exchange_subject_token_expired" 400 "invalid_grant" Exchange TargetFile ["expired"]
        "the subject token has expired; an ID token lives for an hour" =>
        "sign in again";
    "invalid_subject_token_client_not_registered" 400 "invalid_request" Exchange AppGeneral ["registered", "not exist"]
        "the app that the subject token was issued to was deleted" =>
        "sign in as an app that exists";
    "invalid_subject_token_client_inactive" 400 "invalid_request" Exchange AppGeneral ["client", "inactive"]
        "the app that the subject token was issued to is inactive; an app that is bound to an agent begins so" =>
        "activate the app";
    "invalid_subject_token_no_delegation_link" 400 "invalid_request" Exchange AgentMachines ["delegation"]
        "the client that the subject token was issued to may not delegate to the agent" =>
        "add it as a caller of the agent";
    "invalid_subject_token_user_inactive" 400 "invalid_request" Exchange People ["user", "suspended"]
        "the user of the subject token is suspended or deactivated" =>
        "activate the user, or sign in as another one";
    "invalid_subject_token_user_not_assigned" 400 "invalid_request" Exchange AgentUsers ["assigned"]
        "the user of the subject token is not assigned to the agent or to its bound app" =>
        "assign the user";
    "invalid_subject_token_session_expired" 400 "invalid_request" Exchange Sessions ["session"]
        "the session in which the user signed in has ended" =>
        "sign in again; a token that was refreshed may not do (`sign_in: {with: given}`)";
    "invalid_subject_token_act_claim_depth" 400 "invalid_request" Exchange AgentMachines ["act"]
        "the chain of agents is longer than five" =>
        "let fewer agents call each other";
    "invalid_subject_token_type" 400 "invalid_request" Exchange Features ["subject_token_type"]
        "this type of subject token is not open to the client" =>
        "use an ID token; access tokens as subject need Okta for AI Agents with machine access";
    "oauth_sts_user_subject_required" 400 "invalid_request" Exchange TargetFile ["user"]
        "a third party's token is given for users only" =>
        "use the ID token of a user";
    "token_exchange_invalid_audience" 400 "invalid_target" Exchange AgentConnections ["audience"]
        "the agent has no active connection with this authorization server, or the audience is not its issuer letter by letter" =>
        "add or activate the connection; copy the issuer into `authorization_servers.custom_as.issuer`";
    "token_exchange_invalid_resource" 400 "invalid_target" Exchange AgentConnections ["resource"]
        "the agent has no active connection with this resource" =>
        "copy the ORN or resource indicator of the connection into `resource` of the target file; activate the connection";
    "token_exchange_incomplete_resource_configuration" 400 "invalid_target" Exchange AgentConnections ["incomplete", "configuration", "not active"]
        "the connection is inactive, or what it leads to is not set up to its end" =>
        "activate the connection, and finish the resource (for a third party: authorize URL, token URL, client credentials)";
    "unsupported_resource" 400 "invalid_target" Exchange AgentConnections ["resource"]
        "the resource is not one for which this server issues tokens" =>
        "copy the resource indicator of the connection";
    "too_many_resources" 400 "invalid_target" Exchange TargetFile ["resources"]
        "several resources were named" =>
        "name one";
    "invalid_target" 400 "invalid_target" Exchange AgentConnections []
        "the agent has no active connection with what was asked for" =>
        "add or activate the connection, and copy its name into the target file";
    "invalid_scope" 400 "invalid_scope" Any TargetFile ["malformed"]
        "`scope` is not a list of scopes with one space between them" =>
        "correct `authorization_servers.custom_as.scope`";
    "missing_scopes" 400 "invalid_scope" Exchange TargetFile ["scope"]
        "no scope was asked for" =>
        "write `authorization_servers.custom_as.scope`";
    "illegal_scope" 400 "invalid_scope" Exchange AgentConnections ["not allowed", "connection"]
        "a scope is not on the agent's connection; the server's own policy does not matter here" =>
        "add the scope to the connection (Only allow), or choose Allow all";
    "illegal_custom_scope" 400 "invalid_scope" Exchange AgentConnections ["custom scope"]
        "a scope may not be asked for over this connection" =>
        "add the scope to the connection";
    "illegal_scopes" 400 "invalid_scope" Exchange TargetFile ["no scopes"]
        "scopes were asked for where none are given: secrets, service accounts and third parties have none in the request" =>
        "ask without `scope`";
    "no_matching_scope" 400 "invalid_scope" Exchange ServerScopes ["not exist", "not configured", "unknown", "not defined"]
        "a scope is not defined at the custom authorization server" =>
        "add the scope to the server, or correct `authorization_servers.custom_as.scope`";
    "openid_not_allowed_token_exchange" 400 "invalid_scope" Exchange TargetFile ["openid"]
        "`scope` holds scopes of OpenID Connect" =>
        "leave openid, profile, email and offline_access out of `authorization_servers.custom_as.scope`";
    "interclient_access_scope_not_permitted" 400 "invalid_scope" Exchange TargetFile ["interclient_access"]
        "`scope` holds interclient_access" =>
        "leave it out";
    "consent_required_token_exchange" 400 "consent_required" Exchange ServerScopes []
        "a scope needs the user's consent, which an exchange cannot ask for" =>
        "set the scope's consent to implicit";
    "access_denied" 403 "access_denied" Exchange Vault ["entitled", "entitlement"]
        "the user is not entitled to the resource" =>
        "entitle the user to the secret or service account by a policy of the vault";
    "oauth_sts_interaction_required" 400 "interaction_required" Exchange ResourceServers []
        "the user has not consented at the third party, or the consent has ended" =>
        "let the user follow the link once, and ask again";
    "on_behalf_invalid_client_type" 400 "invalid_request" Exchange AgentProfile ["client type"]
        "the client is of a kind that may not act for users" =>
        "name an agent";
}
