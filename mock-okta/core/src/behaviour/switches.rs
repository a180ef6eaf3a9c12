//! The switches, in the order in which a request meets them.

use super::{BehaviourError, Edition, Switch};

macro_rules! behaviours {
    ($(
        $(#[$doc:meta])*
        $field:ident: $type:ident { $($(#[$choice_doc:meta])* $variant:ident = $text:literal),+ }
        default $default:ident, questions $questions:literal, source $source:literal;
        $question:literal
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $type { $($(#[$choice_doc])* $variant),+ }
        )+

        /// The position of every switch.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Behaviours {
            /// The edition whose defaults apply.
            pub edition: Edition,
            $($(#[$doc])* pub $field: $type,)+
        }

        impl Behaviours {
            /// Every switch, in the order in which a request meets them.
            pub const SWITCHES: &'static [Switch] = &[$(Switch {
                name: stringify!($field),
                questions: $questions,
                question: $question,
                choices: &[$($text),+],
                default: {
                    const DEFAULT: $type = $type::$default;
                    match DEFAULT { $($type::$variant => $text),+ }
                },
                source: $source,
            }),+];

            pub(super) const fn plain() -> Self {
                Self { edition: Edition::E2026_10, $($field: $type::$default),+ }
            }

            /// Sets a switch by name.
            ///
            /// # Errors
            /// When there is no such switch or no such choice.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), BehaviourError> {
                match name {
                    $(stringify!($field) => {
                        self.$field = match value {
                            $($text => $type::$variant,)+
                            _ => return Err(BehaviourError::UnknownChoice {
                                name: stringify!($field),
                                value: value.to_owned(),
                                choices: &[$($text),+],
                            }),
                        };
                        Ok(())
                    })+
                    _ => Err(BehaviourError::UnknownSwitch(name.to_owned())),
                }
            }

            /// The position of a switch by name.
            pub fn get(&self, name: &str) -> Option<&'static str> {
                match name {
                    $(stringify!($field) => Some(match self.$field { $($type::$variant => $text),+ }),)+
                    _ => None,
                }
            }
        }
    };
}

behaviours! {
    /// Who signs the user in.
    user_sign_in: UserSignIn {
        /// The agent's own client.
        Agent = "agent",
        /// A web app that is linked with the agent.
        LinkedApp = "linked_app"
    }
    default Agent, questions "3, 4", source "guide, editions 2025-10 and 2026-10";
    "Which client obtains the ID token: the agent's own, or a linked app that hands it over?"

    /// Client authentication that agents may use.
    agent_client_authentication: AgentClientAuthentication {
        /// As configured for the agent.
        Configured = "configured",
        /// `private_key_jwt` whatever is configured.
        PrivateKeyJwt = "private_key_jwt"
    }
    default Configured, questions "26", source "guide, editions 2025-10 and 2026-10";
    "Which client authentication methods may an agent use?"

    /// What a client assertion's `aud` may be.
    client_assertion_audience: ClientAssertionAudience {
        /// The URL of the endpoint called, nothing else.
        Endpoint = "endpoint",
        /// The issuer as well.
        EndpointOrIssuer = "endpoint_or_issuer"
    }
    default Endpoint, questions "24", source "refusal text of real orgs";
    "May `aud` of a client assertion be the issuer instead of the endpoint's URL?"

    /// Whether a client assertion needs a `jti`.
    client_assertion_jti: ClientAssertionJti {
        /// Used when there.
        Optional = "optional",
        /// Refused without.
        Required = "required"
    }
    default Optional, questions "25", source "client authentication reference";
    "Is `jti` demanded of a client assertion?"

    /// Whether a client assertion must name its key.
    client_assertion_kid: ClientAssertionKid {
        /// Without `kid` every active key is tried.
        Optional = "optional",
        /// Refused without.
        Required = "required"
    }
    default Optional, questions "25", source "RFC 7515 section 4.1.4; the reference says `should`";
    "Is `kid` demanded in the header of a client assertion?"

    /// How long the keys at a client's `jwks_uri` serve before they are fetched again.
    jwks_uri_cache: JwksUriCache {
        /// An hour.
        Hour = "1h",
        /// Not at all.
        None = "0s"
    }
    default Hour, questions "51", source "nothing public; an unknown kid is looked up again after a minute";
    "How long are the keys at a client's `jwks_uri` kept?"

    /// How an unknown `client_id` is answered at OAuth endpoints.
    unknown_client: UnknownClient {
        /// 401 in the Okta API envelope.
        Envelope401 = "envelope_401",
        /// 400 in the Okta API envelope.
        Envelope400 = "envelope_400",
        /// 401 in the OAuth envelope.
        Oauth401 = "oauth_401"
    }
    default Oauth401, questions "27", source "catalogue (401), observations (envelope, 400 and 401)";
    "Which status and envelope answer an unknown client id?"

    /// Clock tolerance for `iat` and `nbf` that lie ahead.
    future_skew: FutureSkew {
        /// None.
        Zero = "0s",
        /// Five seconds.
        Five = "5s",
        /// A minute.
        Sixty = "60s"
    }
    default Five, questions "15", source "nothing public; small, so that two honest clocks agree";
    "How far ahead may `iat` lie?"

    /// `resource` at the authorize endpoint of the org authorization server.
    org_authorize_resource: OrgAuthorizeResource {
        /// It is ignored.
        Ignore = "ignore",
        /// It is refused.
        Refuse = "refuse"
    }
    default Ignore, questions "56", source "nothing public; MCP clients send it everywhere";
    "Is `resource` ignored or refused when a user signs in at the org authorization server?"

    /// How long a code lives.
    code_lifetime: CodeLifetime {
        /// Five minutes.
        Seconds300 = "300s",
        /// One minute.
        Seconds60 = "60s"
    }
    default Seconds300, questions "34", source "PKCE guide (300 s), older reference (60 s)";
    "How long does an authorization code live?"

    /// What reuse of a code does to tokens issued from it.
    code_reuse: CodeReuse {
        /// They are revoked.
        Revokes = "revokes",
        /// They stay.
        Keeps = "keeps"
    }
    default Revokes, questions "35", source "RFC 6749 section 4.1.2 (SHOULD)";
    "Does the reuse of a code revoke what was issued from it?"

    /// How a custom authorization server answers a token exchange.
    exchange_at_custom_server: ExchangeAtCustomServer {
        /// It knows the grant, and issues none of the requested types.
        RequestedType = "invalid_requested_token_type",
        /// It does not know the grant.
        GrantType = "unsupported_grant_type"
    }
    default RequestedType, questions "52", source "one observation";
    "Does a custom authorization server refuse a token exchange for its grant or for its requested type?"

    /// Which authorization servers' ID tokens an exchange takes.
    subject_token_issuer: SubjectTokenIssuer {
        /// The org's and the custom ones'.
        OrgOrCustom = "org_or_custom",
        /// The org's only.
        Org = "org"
    }
    default OrgOrCustom, questions "3", source "guide, edition 2026-10";
    "May the ID token of a custom authorization server be a subject token?"

    /// `token_type` of the answer that carries an ID-JAG.
    id_jag_token_type: IdJagTokenType {
        /// As RFC 8693 asks.
        NotApplicable = "N_A",
        /// As one sample shows.
        Bearer = "Bearer"
    }
    default NotApplicable, questions "1", source "RFC 8693 section 2.2.1, live captures";
    "Which `token_type` accompanies an ID-JAG?"

    /// Whether the answer that carries an ID-JAG has a `scope`.
    id_jag_response_scope: IdJagResponseScope {
        /// No.
        Omit = "omit",
        /// Yes.
        Echo = "echo"
    }
    default Omit, questions "2", source "live captures; the guide of 2025-10 shows it";
    "Does the first response carry `scope`?"

    /// The actor chain that Okta writes.
    actor_chain: ActorChain {
        /// The agent, and below it the app that signed the user in when that is another client.
        ByClient = "by_client",
        /// The agent alone.
        AgentOnly = "agent_only",
        /// Nothing.
        None = "none"
    }
    default ByClient, questions "5, 6", source "observations of 2026";
    "Which `act` does an ID-JAG carry?"

    /// What becomes of an `actor_token` in a request.
    actor_token: ActorToken {
        /// It is ignored.
        Ignore = "ignore",
        /// It is refused.
        Refuse = "refuse"
    }
    default Ignore, questions "10", source "no request of the guide has one";
    "Is `actor_token` ignored or refused?"

    /// Which values of `resource` name a connection.
    connection_resource: ConnectionResource {
        /// The ORN or the connection's resource indicator.
        OrnOrIndicator = "orn_or_indicator",
        /// The ORN only, where there is one.
        Orn = "orn"
    }
    default OrnOrIndicator, questions "33", source "both are seen in public samples";
    "Must `resource` be the ORN, or may it be the connection's resource indicator?"

    /// `scope` where what is requested has none.
    vault_scope: VaultScope {
        /// It is ignored.
        Ignore = "ignore",
        /// It is refused.
        Refuse = "refuse"
    }
    default Ignore, questions "53", source "the guide sends none; catalogue: illegal_scopes";
    "Is `scope` refused in an exchange for a vaulted secret, a service account or a third party's token?"

    /// Whether a subject token outlives its user's session and standing.
    subject_token_user: SubjectTokenUser {
        /// A suspended user's token is refused at once.
        Checked = "checked",
        /// Only its signature and times count.
        Unchecked = "unchecked"
    }
    default Checked, questions "11", source "catalogue: invalid_subject_token_user_inactive";
    "Does the suspension of a user end the subject tokens issued before?"

    /// Whether an ID token stands for its user when the session has ended.
    subject_token_session: SubjectTokenSession {
        /// After a logout it is refused.
        Checked = "checked",
        /// The end of the session does not matter.
        Unchecked = "unchecked"
    }
    default Checked, questions "11", source "catalogue: invalid_subject_token_session_expired";
    "Does the end of a session end the subject tokens issued in it?"

    /// Whether an ID token that came by a refresh, without a session, stands for its user.
    refreshed_id_token: RefreshedIdToken {
        /// It does.
        Accepted = "accepted",
        /// It is refused.
        Refused = "refused"
    }
    default Accepted, questions "12", source "nothing public; it decides whether a machine can test without a browser";
    "Is a refreshed ID token a valid subject?"

    /// `scope` sent when an ID-JAG is redeemed.
    redeem_scope: RedeemScope {
        /// Refused.
        Refuse = "refuse",
        /// Ignored.
        Ignore = "ignore"
    }
    default Refuse, questions "17", source "catalogue: id_jag_scopes_in_request";
    "Is `scope` refused when an ID-JAG is redeemed?"

    /// How an assertion that is no ID-JAG is answered.
    jwt_bearer_other_jwt: JwtBearerOtherJwt {
        /// As an invalid grant.
        InvalidGrant = "invalid_grant",
        /// As one of an issuer that may not use the grant.
        InvalidIssuer = "invalid_issuer"
    }
    default InvalidGrant, questions "54", source "RFC 7521 section 4.1.1; catalogue: jwt_bearer_grant_invalid_issuer (401)";
    "Is a JWT that is no ID-JAG an invalid grant, or one whose issuer may not use the grant?"

    /// How often an ID-JAG may be redeemed.
    id_jag_reuse: IdJagReuse {
        /// Once.
        Single = "single_use",
        /// Until it expires.
        UntilExpiry = "until_expiry"
    }
    default Single, questions "17", source "catalogue: id_jag_replayed; the draft would allow reuse";
    "May a client redeem the same ID-JAG twice?"

    /// What a rule does that lacks some of the scopes asked for.
    policy_scope_miss: PolicyScopeMiss {
        /// It does not match.
        NoMatch = "no_match",
        /// It matches, and denies the scopes.
        Denied = "denied"
    }
    default NoMatch, questions "55", source "observations; catalogue: scope_denied, no_scope_allowed";
    "Does an access rule that lacks a scope not match, or does it deny the scope?"

    /// Status of a policy miss when an ID-JAG is redeemed.
    policy_denied: PolicyDenied {
        /// 401.
        Status401 = "401",
        /// 403.
        Status403 = "403",
        /// 400.
        Status400 = "400"
    }
    default Status401, questions "22", source "catalogue and observations";
    "Which status answers a policy miss?"

    /// Whether a refresh token changes when it is used.
    refresh_token_rotation: RefreshTokenRotation {
        /// It stays.
        Off = "off",
        /// A new one each time; reuse of the old one revokes the family.
        On = "on"
    }
    default Off, questions "38", source "refresh token guide: both can be set";
    "Do refresh tokens rotate?"

    /// Whether discovery announces what agents use.
    metadata_announces_agents: MetadataAnnouncesAgents {
        /// As captured from a live org: no.
        No = "no",
        /// Token exchange, jwt-bearer and the ID-JAG profile are listed.
        Yes = "yes"
    }
    default No, questions "40", source "live capture of September 2026";
    "Do metadata documents list token exchange, jwt-bearer and the ID-JAG profile?"
}
