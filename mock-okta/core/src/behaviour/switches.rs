//! The switches, in the order in which a request meets them.

use super::table::behaviours;
use super::{BehaviourError, Edition, Setting, Switch};

behaviours! {
    /// Whether requests are counted, and refused beyond a number in a minute.
    rate_limits: RateLimits {
        Off = "off", "However many come, they are answered.";
        Integrator = "integrator", "60 a minute for each client at the authorization endpoints; elsewhere numbers of our own, for want of public ones: 240 for keys and metadata, 120 for each other class of endpoints."
    }
    default Off, source "rate limit guide: 60 at /authorize for each client; an Integrator Free org shows the other numbers in its dashboard only";
    "How many requests does an org take in a minute?"

    /// What a body that is no form is answered with.
    wrong_media_type: WrongMediaType {
        Status400 = "400", "As Okta's API answers it, with E0000021.";
        Status415 = "415", "The same envelope with the status of HTTP."
    }
    default Status400, source "Okta's API reference: E0000021";
    "Which status answers a body that is no form?"

    /// What is judged first at the token endpoint.
    order_of_checks: OrderOfChecks {
        ClientFirst = "client_first", "The client proves itself before the grant is looked at.";
        GrantFirst = "grant_first", "Anyone learns that a grant is unknown."
    }
    default ClientFirst, source "nothing public; who proves nothing learns nothing";
    "Is an unknown `grant_type` refused before or after the client has authenticated?"

    /// Who signs the user in.
    user_sign_in: UserSignIn {
        Agent = "agent", "The agent's own client.";
        LinkedApp = "linked_app", "A web app that is linked with the agent."
    }
    default Agent, source "guide, editions 2025-10 and 2026-10";
    "Which client obtains the ID token: the agent's own, or a linked app that hands it over?"

    /// Client authentication that agents may use.
    agent_client_authentication: AgentClientAuthentication {
        Configured = "configured", "As configured for the agent.";
        PrivateKeyJwt = "private_key_jwt", "`private_key_jwt` whatever is configured."
    }
    default Configured, source "guide, editions 2025-10 and 2026-10";
    "Which client authentication methods may an agent use?"

    /// What a client assertion's `aud` may be.
    client_assertion_audience: ClientAssertionAudience {
        Endpoint = "endpoint", "The URL of the endpoint called, nothing else.";
        EndpointOrIssuer = "endpoint_or_issuer", "The issuer as well.";
        EndpointOrTokenEndpoint = "endpoint_or_token_endpoint", "At the other endpoints that of the token endpoint as well."
    }
    default Endpoint, source "support article 'The audience claim for client_assertion must be the endpoint invoked for the request': exactly the absolute URL called";
    "May `aud` of a client assertion be anything but the URL of the endpoint called?"

    /// Whether a client assertion's `aud` may be an array.
    client_assertion_audience_array: ClientAssertionAudienceArray {
        Refuse = "refuse", "It must be a string.";
        OneElement = "one_element", "An array of one element is as good as the element."
    }
    default Refuse, source "only the plain string is known to work; RFC 7519 section 4.1.3 knows both";
    "May `aud` of a client assertion be an array of one element?"

    /// Whether a client assertion needs a `jti`.
    client_assertion_jti: ClientAssertionJti {
        Optional = "optional", "Used when there.";
        Required = "required", "Refused without."
    }
    default Optional, source "client authentication reference";
    "Is `jti` demanded of a client assertion?"

    /// For whom a `jti` is used up.
    client_assertion_replay: ClientAssertionReplay {
        Client = "per_client", "Two clients may choose the same.";
        Org = "per_org", "What one client used no other may use."
    }
    default Client, source "RFC 7519 section 4.1.7 makes it unique for its issuer";
    "Is a used `jti` remembered for its client or for the whole org?"

    /// Whether a client assertion needs an `iat`.
    client_assertion_iat: ClientAssertionIat {
        Optional = "optional", "Judged when there.";
        Required = "required", "Refused without."
    }
    default Optional, source "client authentication reference";
    "Is `iat` demanded of a client assertion?"

    /// Whether a client assertion must name its key.
    client_assertion_kid: ClientAssertionKid {
        WhenSeveral = "when_several_keys", "Refused without, where the client has more than one active key.";
        Optional = "optional", "Without `kid` every active key is tried.";
        Required = "required", "Refused without."
    }
    default WhenSeveral, source "support articles on private_key_jwt with several key pairs and on an invalid key id; okta-sdk-nodejs 223, okta-sdk-python 289";
    "Is `kid` demanded in the header of a client assertion?"

    /// How long the keys at a client's `jwks_uri` serve before they are fetched again.
    jwks_uri_cache: JwksUriCache {
        Hour = "1h", "An hour.";
        None = "0s", "Not at all."
    }
    default Hour, source "nothing public; an unknown kid is looked up again after a minute";
    "How long are the keys at a client's `jwks_uri` kept?"

    /// How an unknown `client_id` is answered at OAuth endpoints.
    unknown_client: UnknownClient {
        Envelope401 = "envelope_401", "401 in the Okta API envelope.";
        Envelope400 = "envelope_400", "400 in the Okta API envelope.";
        Oauth401 = "oauth_401", "401 in the OAuth envelope."
    }
    default Oauth401, source "catalogue (401), observations (envelope, 400 and 401)";
    "Which status and envelope answer an unknown client id?"

    /// Whether a 401 of these endpoints carries a challenge.
    unauthorized_challenge: UnauthorizedChallenge {
        ToBasic = "basic_only", "When the client tried HTTP Basic.";
        Always = "always", "With every 401.";
        Never = "never", "With none."
    }
    default ToBasic, source "RFC 6749 section 5.2 (MUST)";
    "Does a 401 of the token endpoint carry `WWW-Authenticate`?"

    /// Clock tolerance for `iat` and `nbf` that lie ahead.
    future_skew: FutureSkew {
        Zero = "0s", "None.";
        Five = "5s", "Five seconds.";
        Sixty = "60s", "A minute."
    }
    default Five, source "nothing public; small, so that two honest clocks agree";
    "How far ahead may `iat` lie?"

    /// Clock tolerance for `exp` that lies behind.
    past_skew: PastSkew {
        Zero = "0s", "None.";
        Five = "5s", "Five seconds.";
        Sixty = "60s", "A minute."
    }
    default Zero, source "nothing public; one source measured 299 s of an ID-JAG's life";
    "How long after its `exp` does a client assertion, a subject token or an ID-JAG still count?"

    /// How an authorization request is refused before its redirect URI is proven.
    authorize_error: AuthorizeError {
        ByAccept = "by_accept", "A page for browsers, JSON for programs.";
        Page = "page", "A page for everyone.";
        Json = "json", "The envelope of Okta's API for everyone."
    }
    default ByAccept, source "observations";
    "Is an authorization request without a proven redirect URI refused by a page or by JSON?"

    /// Whether the answer to an authorization request says who answers.
    authorize_response_iss: AuthorizeResponseIss {
        No = "no", "As captured from a live org.";
        Yes = "yes", "As RFC 9207 asks; the metadata say so."
    }
    default No, source "no live response or metadata document has it";
    "Does an authorization response carry `iss`?"

    /// `resource` at the authorize endpoint of the org authorization server.
    org_authorize_resource: OrgAuthorizeResource {
        Ignore = "ignore", "It is ignored.";
        Refuse = "refuse", "It is refused."
    }
    default Ignore, source "nothing public; MCP clients send it everywhere";
    "Is `resource` ignored or refused when a user signs in at the org authorization server?"

    /// Whether a redirect URI may be `http` beyond the loopback interface.
    http_redirect_uri: HttpRedirectUri {
        Loopback = "loopback", "On the loopback interface only.";
        Any = "any", "Anywhere, as in a network of containers."
    }
    default Loopback, source "RFC 9700 section 2.6 (MUST NOT)";
    "May the redirect URI of an authorization request be `http` when it is not on the loopback interface?"

    /// Whether a code travels by `okta_post_message`.
    post_message_with_code: PostMessageWithCode {
        WithPkce = "with_pkce", "To a page of the client's own origin, where the request has PKCE.";
        Refuse = "refuse", "Refused."
    }
    default WithPkce, source "@okta/okta-auth-js (getWithoutPrompt, issue 461) renews tokens so in a hidden frame; catalogue: unsupported_response_mode_okta_post_message_with_code";
    "Is a code sent by `response_mode=okta_post_message`?"

    /// How long a code lives.
    code_lifetime: CodeLifetime {
        Seconds300 = "300s", "Five minutes.";
        Seconds60 = "60s", "One minute."
    }
    default Seconds300, source "PKCE guide (300 s), older reference (60 s)";
    "How long does an authorization code live?"

    /// What reuse of a code does to tokens issued from it.
    code_reuse: CodeReuse {
        Revokes = "revokes", "They are revoked.";
        Keeps = "keeps", "They stay."
    }
    default Revokes, source "RFC 6749 section 4.1.2 (SHOULD)";
    "Does the reuse of a code revoke what was issued from it?"

    /// Which claims of the profile an ID token of the code flow carries.
    code_flow_id_token: CodeFlowIdToken {
        Full = "full", "All that the scope `profile` stands for.";
        Thin = "thin", "`name` and `preferred_username`; the rest is at userinfo."
    }
    default Full, source "a live capture of 2026; the older reference describes a thin one";
    "Does an ID token of the code flow carry the whole profile?"

    /// `Cache-Control` of answers that carry tokens.
    token_cache_control: TokenCacheControl {
        NoCacheNoStore = "no_cache_no_store", "`no-cache, no-store`";
        NoStore = "no_store", "`no-store`"
    }
    default NoCacheNoStore, source "live captures; the AI guides show no-store";
    "Which `Cache-Control` does the token endpoint send?"

    /// How a custom authorization server answers a token exchange.
    exchange_at_custom_server: ExchangeAtCustomServer {
        RequestedType = "invalid_requested_token_type", "It knows the grant, and issues none of the requested types.";
        GrantType = "unsupported_grant_type", "It does not know the grant."
    }
    default RequestedType, source "one observation";
    "Does a custom authorization server refuse a token exchange for its grant or for its requested type?"

    /// Which authorization servers' ID tokens an exchange takes.
    subject_token_issuer: SubjectTokenIssuer {
        OrgOrCustom = "org_or_custom", "The org's and the custom ones'.";
        Org = "org", "The org's only."
    }
    default OrgOrCustom, source "guide, edition 2026-10";
    "May the ID token of a custom authorization server be a subject token?"

    /// How an expired subject token is answered.
    subject_token_expired: SubjectTokenExpired {
        InvalidGrant = "invalid_grant", "With a row of its own.";
        InvalidRequest = "invalid_request", "As a bad one."
    }
    default InvalidGrant, source "catalogue: token_exchange_subject_token_expired";
    "Is an expired subject token an invalid grant or an invalid request?"

    /// How an exchange for an ID-JAG without `audience` is answered.
    audience_missing: AudienceMissing {
        InvalidRequest = "invalid_request", "A parameter is missing.";
        InvalidTarget = "invalid_target", "There is no such target."
    }
    default InvalidRequest, source "catalogue: missing_token_request_parameter; RFC 8693 section 2.2.2";
    "Is a missing `audience` an invalid request or an invalid target?"

    /// What becomes of several `resource` or `audience` values.
    several_targets: SeveralTargets {
        Refuse = "refuse", "They are refused.";
        First = "first", "The first one counts."
    }
    default Refuse, source "catalogue: too_many_resources";
    "Are several values of `resource` or `audience` refused in an exchange?"

    /// What an exchange for an ID-JAG without `scope` gives.
    exchange_without_scope: ExchangeWithoutScope {
        Refuse = "refuse", "Nothing.";
        Connection = "connection", "Every scope of the server that is on the connection."
    }
    default Refuse, source "catalogue: missing_scopes";
    "Is a missing `scope` refused, or does the connection say what is granted?"

    /// `token_type` of the answer that carries an ID-JAG.
    id_jag_token_type: IdJagTokenType {
        NotApplicable = "N_A", "As RFC 8693 asks.";
        Bearer = "Bearer", "As one sample shows."
    }
    default NotApplicable, source "RFC 8693 section 2.2.1, live captures, okta-client-python's integration tests";
    "Which `token_type` accompanies an ID-JAG?"

    /// Whether the answer that carries an ID-JAG has a `scope`.
    id_jag_response_scope: IdJagResponseScope {
        Omit = "omit", "No.";
        Echo = "echo", "Yes."
    }
    default Omit, source "live captures; the guide of 2025-10 shows it";
    "Does the first response carry `scope`?"

    /// The actor chain that Okta writes.
    actor_chain: ActorChain {
        ByClient = "by_client", "The agent, and below it the app that signed the user in when that is another client.";
        AgentOnly = "agent_only", "The agent alone.";
        None = "none", "Nothing."
    }
    default ByClient, source "observations of 2026";
    "Which `act` does an ID-JAG carry?"

    /// Whether an ID-JAG carries the user's address.
    id_jag_email: IdJagEmail {
        WithScope = "with_scope", "When the subject token has it: `email` was asked for at sign-in.";
        Always = "always", "Whatever was asked for.";
        Never = "never", "It does not."
    }
    default WithScope, source "release notes of May 2026";
    "When does an ID-JAG carry `email`?"

    /// What becomes of an `actor_token` in a request.
    actor_token: ActorToken {
        Ignore = "ignore", "It is ignored.";
        Refuse = "refuse", "It is refused."
    }
    default Ignore, source "no request of the guide has one";
    "Is `actor_token` ignored or refused?"

    /// Which values of `resource` name a connection.
    connection_resource: ConnectionResource {
        OrnOrIndicator = "orn_or_indicator", "The ORN or the connection's resource indicator.";
        Orn = "orn", "The ORN only, where there is one."
    }
    default OrnOrIndicator, source "both are seen in public samples";
    "Must `resource` be the ORN, or may it be the connection's resource indicator?"

    /// `scope` where what is requested has none.
    vault_scope: VaultScope {
        Ignore = "ignore", "It is ignored.";
        Refuse = "refuse", "It is refused."
    }
    default Ignore, source "the guide sends none; catalogue: illegal_scopes";
    "Is `scope` refused in an exchange for a vaulted secret, a service account or a third party's token?"

    /// Whether the answer with a third party's token has a `scope`.
    sts_response_scope: StsResponseScope {
        Echo = "echo", "It has.";
        Omit = "omit", "It has not."
    }
    default Echo, source "guide";
    "Is `scope` always in the answer that carries a third party's token?"

    /// What revokes a stored token of a third party.
    revoke_brokered_token: RevokeBrokeredToken {
        WithHint = "with_hint", "`token_type_hint=oauth_sts` only.";
        Always = "with_or_without_hint", "Whatever the hint."
    }
    default WithHint, source "guide; RFC 7009 section 2.1 makes every hint optional";
    "Does a third party's token need `token_type_hint=oauth_sts` to be revoked?"

    /// Whether a subject token outlives its user's session and standing.
    subject_token_user: SubjectTokenUser {
        Checked = "checked", "A suspended user's token is refused at once.";
        Unchecked = "unchecked", "Only its signature and times count."
    }
    default Checked, source "catalogue: invalid_subject_token_user_inactive";
    "Does the suspension of a user end the subject tokens issued before?"

    /// Whether an ID token stands for its user when the session has ended.
    subject_token_session: SubjectTokenSession {
        Checked = "checked", "After a logout it is refused.";
        Unchecked = "unchecked", "The end of the session does not matter."
    }
    default Checked, source "catalogue: invalid_subject_token_session_expired";
    "Does the end of a session end the subject tokens issued in it?"

    /// Whether an ID token that came by a refresh, without a session, stands for its user.
    refreshed_id_token: RefreshedIdToken {
        Accepted = "accepted", "It does.";
        Refused = "refused", "It is refused."
    }
    default Accepted, source "nothing public; it decides whether a machine can test without a browser";
    "Is a refreshed ID token a valid subject?"

    /// `scope` sent when an ID-JAG is redeemed.
    redeem_scope: RedeemScope {
        Refuse = "refuse", "Refused.";
        Ignore = "ignore", "Ignored."
    }
    default Refuse, source "catalogue: id_jag_scopes_in_request; okta-client-python's integration tests, which run against real orgs, leave it out";
    "Is `scope` refused when an ID-JAG is redeemed?"

    /// Whether `resource` must come again when the ID-JAG has one.
    redeem_resource: RedeemResource {
        Optional = "optional", "It may be left out.";
        Required = "required", "It must be repeated."
    }
    default Optional, source "guide";
    "Must `resource` be repeated when an ID-JAG that has one is redeemed?"

    /// How an assertion that is no ID-JAG is answered.
    jwt_bearer_other_jwt: JwtBearerOtherJwt {
        InvalidGrant = "invalid_grant", "As an invalid grant.";
        InvalidIssuer = "invalid_issuer", "As one of an issuer that may not use the grant."
    }
    default InvalidGrant, source "RFC 7521 section 4.1.1; catalogue: jwt_bearer_grant_invalid_issuer (401)";
    "Is a JWT that is no ID-JAG an invalid grant, or one whose issuer may not use the grant?"

    /// How often an ID-JAG may be redeemed.
    id_jag_reuse: IdJagReuse {
        Single = "single_use", "Once.";
        UntilExpiry = "until_expiry", "Until it expires."
    }
    default Single, source "catalogue: id_jag_replayed; the draft would allow reuse";
    "May a client redeem the same ID-JAG twice?"

    /// What a rule does that lacks some of the scopes asked for.
    policy_scope_miss: PolicyScopeMiss {
        NoMatch = "no_match", "It does not match.";
        Denied = "denied", "It matches, and denies the scopes."
    }
    default NoMatch, source "observations; catalogue: scope_denied, no_scope_allowed";
    "Does an access rule that lacks a scope not match, or does it deny the scope?"

    /// What becomes of more ID-JAGs than a user gets for a resource in a month.
    id_jag_cap: IdJagCap {
        Off = "off", "They are issued.";
        RateLimited = "rate_limited", "429, as any request over a rate limit.";
        NotSubscribed = "sku_not_enabled", "As in an org without the subscription."
    }
    default Off, source "AI agents API, Create a resource connection: without the subscription 250 for each user, resource app and month of a connection to an app; how the next one is refused, and what a month is, nothing public says";
    "How is an ID-JAG refused that exceeds the number for a user, resource and month?"

    /// Status of a policy miss when an ID-JAG is redeemed.
    policy_denied: PolicyDenied {
        Status401 = "401", "401.";
        Status403 = "403", "403.";
        Status400 = "400", "400."
    }
    default Status401, source "catalogue and observations";
    "Which status answers a policy miss?"

    /// Whether a refresh token changes when it is used.
    refresh_token_rotation: RefreshTokenRotation {
        Off = "off", "It stays; that of a public client is a new one each time (RFC 9700 section 2.2.2).";
        On = "on", "A new one each time; reuse of the old one revokes the family."
    }
    default Off, source "refresh token guide: both can be set";
    "Do refresh tokens rotate?"

    /// What primary authentication with a password is worth.
    session_token: SessionTokenUse {
        Accepted = "accepted", "A session token, and the session that it begins is enough for every client.";
        AppPolicy = "app_policy", "A session token, but the sign-on policy of each client wants more than the session that it begins: with prompt=none the request is refused.";
        MfaRequired = "mfa_required", "No session token: a second factor is asked for (`MFA_REQUIRED`)."
    }
    default Accepted, source "support article 'Custom Sign-in/Login using AuthN API with OIDC/OAuth Authorization param sessionToken': the global session policy applies, sign-on policies of apps are not supported; the policies differ from org to org";
    "Do the policies of an org let a user in by primary authentication with a password and a session token?"

    /// Whether the org announces that it exchanges tokens.
    metadata_announces_token_exchange: MetadataAnnouncesTokenExchange {
        Yes = "yes", "The grant, and that an ID-JAG can be requested.";
        No = "no", "Neither."
    }
    default Yes, source "okta-client-python 0.3.0 (token_exchange.py) exchanges only where the grant is listed, and its integration tests run against real orgs";
    "Does the metadata of the org authorization server list token exchange?"

    /// Whether custom authorization servers announce that they redeem ID-JAGs.
    metadata_announces_id_jag_grant: MetadataAnnouncesIdJagGrant {
        No = "no", "As captured from a live server: no.";
        Yes = "yes", "The grant jwt-bearer and the ID-JAG profile are listed."
    }
    default No, source "live capture of September 2026; okta-client-python 0.3.0 (jwt_bearer.py) skips the check for an ID-JAG on purpose";
    "Does the metadata of custom authorization servers list jwt-bearer and the ID-JAG profile?"

    /// Whether discovery lists the algorithms of client assertions.
    metadata_auth_signing_algs: MetadataAuthSigningAlgs {
        List = "list", "For the token, introspection and revocation endpoints, as RFC 8414 asks.";
        Omit = "omit", "As captured from a live org: no."
    }
    default List, source "live captures have none; RFC 8414 section 2 (MUST beside private_key_jwt)";
    "Do metadata documents list the algorithms with which client assertions may be signed?"

    /// Whether the answer to a redemption names the resource.
    redeem_response_resource: RedeemResponseResource {
        Include = "include", "Where the ID-JAG is bound to one, as the draft asks.";
        Omit = "omit", "Never."
    }
    default Include, source "ID-JAG -04 section 4.4.1 (MUST); nothing public about Okta";
    "Does the answer to a redemption name the resource that the access token is for?"
}
