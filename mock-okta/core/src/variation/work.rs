//! What each variation does, and at which stage of an answer.
//!
//! Every [`Variation`] has its work here and nowhere else. A stage takes the work that is its own and leaves the rest, so
//! a variation that no line mentions does not compile, and one that is done twice is seen at once.

use http::{HeaderMap, Response};
use serde_json::Value;

use super::challenges::ChallengeChange;
use super::json_text::{Escape, Order, Space, Style};
use super::tokens::{TokenKind, TokenWork};
use super::{
    Places, Transport, Variation, access_tokens, answers, errors, headers, identity, keys,
    metadata, read, redirects, refusals, tokens, unknown,
};
use crate::behaviour::{
    AuthorizeResponseIss, Behaviours, ClientAssertionAudience, ClientAssertionAudienceArray,
    CodeLifetime, ExchangeWithoutScope, FutureSkew, IdJagEmail, IdJagReuse,
    MetadataAnnouncesIdJagGrant, PastSkew, RefreshTokenRotation,
};
use crate::context::{self, Context, Outcome};
use crate::org::Org;
use crate::refusal::Refused;
use crate::tokens::jwt::Jwt;

/// One piece of work, by the stage that does it.
#[derive(Clone, Copy)]
pub(super) enum Work {
    // --- before the decision
    /// A switch of the org is set.
    Switch(fn(&mut Behaviours)),
    /// What the org takes back in a varied form is brought into the common one.
    ReadBack(fn(TokenKind, &Org, &mut Jwt)),
    /// Asked for where the decision is taken: see the callers of `Gate::varies` and `Variations::has`.
    Decision,
    // --- the content of an answer, after the decision
    /// Another status and another code of a refusal in the envelope of OAuth.
    OauthRefusal(fn(&Context<'_>, &Refused) -> (u16, &'static str)),
    /// Another answer in place of one in the envelope of Okta's API.
    ApiRefusal(fn(&mut Outcome)),
    /// The address of a redirect; the first argument is the address of the org.
    Location(fn(&str, &mut String)),
    /// The status, wherever it is shown.
    Status(fn(u16) -> u16),
    /// An answer to a revocation, which is empty.
    Revocation(fn(&mut Outcome)),
    /// The members of a JSON answer.
    Members(fn(&Context<'_>, &mut context::Members)),
    /// The keys of a set.
    Keys(fn(&Context<'_>, &mut Vec<Value>)),
    /// The tokens of an answer, and what the answer says of them.
    Tokens(TokenWork),
    // --- the bytes of an answer
    /// The content, and the header fields that describe it.
    Content(fn(&mut Response<Vec<u8>>)),
    /// The header fields.
    Header(fn(Places, &mut HeaderMap)),
    /// How the answer travels.
    Travel(fn(&mut Transport)),
    /// A challenge.
    Challenge(ChallengeChange),
    /// How a JSON body is written.
    BodyStyle(fn(&mut Style)),
}

use TokenWork::{AccessToken, Every, IdJag, IdToken, IdTokenWithoutHash, Lifetime};
use Work::{
    ApiRefusal, BodyStyle, Challenge, Content, Decision, Header, Keys, Location, Members,
    OauthRefusal, ReadBack, Revocation, Status, Switch, Tokens, Travel,
};

impl Variation {
    /// What it does.
    #[expect(
        clippy::too_many_lines,
        reason = "a table: a line or a few for each variation"
    )]
    pub(super) fn work(self) -> &'static [Work] {
        match self {
            // --- JSON as text
            Self::JsonReversed => &[BodyStyle(|style| style.order = Order::Reversed)],
            Self::JsonSorted => &[BodyStyle(|style| style.order = Order::Sorted)],
            Self::JsonPretty => &[BodyStyle(|style| style.space = Space::Indented)],
            Self::JsonSpaced => &[BodyStyle(|style| style.space = Space::Everywhere)],
            Self::JsonSolidus => &[BodyStyle(|style| style.escape = Escape::Solidus)],
            Self::JsonUnicode => &[BodyStyle(|style| style.escape = Escape::Letters)],
            // --- members that nobody knows
            Self::UnknownInTokenAnswer
            | Self::UnknownInMetadata
            | Self::UnknownInActive
            | Self::UnknownInResource => &[Members(|_, members| unknown::add(members))],
            Self::UnknownInError => &[Content(errors::with_unknown_members)],
            Self::UnknownInKeys => &[Members(|_, members| unknown::add_to_keys(members))],
            Self::UnknownInUserInfo => &[Members(|_, members| unknown::add_claims(members))],
            Self::UnknownInInactive => &[Members(|_, members| unknown::add_node(members))],
            Self::UnknownInIdToken => &[Tokens(IdToken(unknown::add_to))],
            Self::UnknownInIdJag => &[Tokens(IdJag(unknown::add_to))],
            Self::UnknownInAccessToken => &[Tokens(AccessToken(|plan| {
                unknown::add_to(&mut plan.claims);
            }))],
            Self::UnknownInJoseHeader => {
                &[Tokens(Every(|plan| unknown::add_to(&mut plan.wire.header)))]
            }
            // --- refusals
            Self::ErrorScope => &[Content(errors::with_scope)],
            Self::ErrorDescriptionMissing => &[
                Location(|_, location| redirects::remove_description(location)),
                Content(errors::without_description),
            ],
            Self::ErrorDescriptionOther => &[
                Location(|_, location| redirects::reword_description(location)),
                Content(errors::reworded),
            ],
            Self::ErrorUri => &[
                Location(|_, location| redirects::add_error_uri(location)),
                Content(errors::with_uri),
            ],
            Self::ClientStatus400 => &[
                OauthRefusal(|_, refused| (400, refused.error())),
                ApiRefusal(|outcome| refusals::set_status(outcome, 400)),
            ],
            Self::PolicyStatus400 => &[OauthRefusal(|_, refused| (400, refused.error()))],
            Self::ClientUnnamed | Self::SeveralCredentials400 | Self::ExpiredSubject => {
                &[OauthRefusal(|_, _| (400, "invalid_request"))]
            }
            Self::PolicyInvalidGrant => &[OauthRefusal(|cx, _| refusals::denied_by_policy(cx))],
            Self::RefreshScope => &[OauthRefusal(|_, _| (400, "invalid_scope"))],
            Self::NotAnAgent => &[OauthRefusal(|_, _| (400, "unauthorized_client"))],
            Self::MediaType415 => &[ApiRefusal(|outcome| refusals::set_status(outcome, 415))],
            Self::Method404 => &[ApiRefusal(|outcome| refusals::set_status(outcome, 404))],
            Self::Method501 => &[ApiRefusal(|outcome| refusals::set_status(outcome, 501))],
            Self::MediaTypeOauth | Self::Method400 => &[ApiRefusal(refusals::as_invalid_request)],
            Self::NotFoundHtml => &[ApiRefusal(refusals::as_not_found_page)],
            Self::NotFoundEmpty => &[ApiRefusal(|outcome| *outcome = Outcome::Empty(404))],
            // --- challenges
            Self::ChallengeAlways => &[Challenge(ChallengeChange::Always)],
            Self::ChallengeLower => &[Challenge(ChallengeChange::SchemeInLowerCase)],
            Self::ChallengeUpper => &[Challenge(ChallengeChange::SchemeInUpperCase)],
            Self::ChallengeMore => &[Challenge(ChallengeChange::MoreParameters)],
            Self::ChallengeNoDescription => &[Challenge(ChallengeChange::WithoutDescription)],
            Self::ChallengeReversed => &[Challenge(ChallengeChange::Reversed)],
            Self::ChallengeNames => &[Challenge(ChallengeChange::CapitalNames)],
            Self::ChallengeUnquoted => &[Challenge(ChallengeChange::UnquotedError)],
            Self::ChallengeCompact => &[Challenge(ChallengeChange::WithoutSpace)],
            Self::ChallengeSeveral => &[Challenge(ChallengeChange::OtherInSameField)],
            Self::ChallengeFields => &[Challenge(ChallengeChange::OtherInOwnField)],
            Self::ChallengeBody => &[Challenge(ChallengeChange::Body)],
            // --- redirects
            Self::RedirectOther => &[Status(redirects::see_other)],
            Self::RedirectRelative => &[Location(redirects::make_relative)],
            Self::RedirectReversed => &[Location(|_, location| redirects::reverse(location))],
            Self::RedirectMore => &[Location(|_, location| redirects::add_unknown(location))],
            Self::RedirectEncoded => &[Location(|_, location| redirects::encode(location))],
            Self::RedirectPage => &[Content(redirects::add_page)],
            Self::RedirectIss => &[
                Switch(|switches| switches.authorize_response_iss = AuthorizeResponseIss::Yes),
                Members(|_, members| metadata::announce_issuer(members)),
            ],
            // --- header fields
            Self::KeysMediaType => &[Header(|_, headers| {
                headers::media_type(headers, "application/jwk-set+json");
            })],
            Self::MediaTypeCharset => &[Header(|_, headers| {
                headers::media_type(headers, "application/json; charset=utf-8");
            })],
            Self::MediaTypeQuoted => &[Header(|_, headers| {
                headers::media_type(headers, "application/json;charset=\"UTF-8\"");
            })],
            Self::MediaTypeUpper => &[Header(|_, headers| {
                headers::media_type(headers, "Application/JSON");
            })],
            Self::CacheMore => &[Header(|_, headers| {
                headers::cache(
                    headers,
                    &["private, no-cache, no-store, max-age=0, must-revalidate"],
                );
            })],
            Self::CacheAlone => &[Header(|_, headers| headers::cache(headers, &["no-store"]))],
            Self::CacheSplit => &[Header(|_, headers| {
                headers::cache(headers, &["no-cache", "no-store"]);
            })],
            Self::CacheUpper => &[Header(|_, headers| headers::capitalise_cache(headers))],
            Self::CacheAbsent => &[Header(|_, headers| headers::cache(headers, &[]))],
            Self::PragmaAbsent => &[Header(|_, headers| drop(headers.remove("pragma")))],
            Self::ExpiresAbsent => &[Header(|_, headers| drop(headers.remove("expires")))],
            Self::SecurityHeaders => &[Header(|_, headers| headers::add_security(headers))],
            Self::RateLimitHeaders => &[Header(|_, headers| headers::add_rate_limit(headers))],
            Self::ProxyHeaders => &[Header(headers::add_proxy)],
            Self::ProxyCookies => &[Header(|_, headers| headers::add_cookie(headers))],
            // --- answers
            Self::ScopeOmitted => &[Members(|_, members| answers::remove(members, "scope"))],
            Self::IdJagScopeTold => &[Members(|_, members| answers::add_scope(members))],
            Self::ScopeReversed => &[
                Tokens(Every(tokens::reverse_scope)),
                Members(|_, members| answers::reverse_scope(members)),
            ],
            Self::ExpiresInOmitted => &[Members(|_, members| {
                answers::remove(members, "expires_in");
            })],
            Self::TokenTypeLower => &[Members(|_, members| {
                answers::text(members, "token_type", |text| text.make_ascii_lowercase());
            })],
            Self::TokenTypeUpper => &[Members(|_, members| {
                answers::text(members, "token_type", |text| text.make_ascii_uppercase());
            })],
            Self::RefreshRotated => &[Switch(|switches| {
                switches.refresh_token_rotation = RefreshTokenRotation::On;
            })],
            Self::RefreshWithoutIdToken => &[Members(|_, members| {
                answers::remove(members, "id_token");
            })],
            Self::IntrospectionMinimal => &[Members(|_, members| {
                answers::keep_only(members, "active");
            })],
            Self::IntrospectionAudList => &[Members(|_, members| {
                answers::list_audience(members);
            })],
            Self::UserInfoMinimal => &[Members(|_, members| {
                answers::keep_only(members, "sub");
            })],
            Self::RevocationJson => &[Revocation(answers::make_empty_object)],
            Self::RevocationText => &[Content(answers::say_revoked)],
            // --- lifetimes
            Self::AccessTokenShort => &[Tokens(Lifetime(TokenKind::AccessToken, 300))],
            Self::IdTokenShort => &[Tokens(Lifetime(TokenKind::IdToken, 600))],
            Self::IdJagShort => &[Tokens(Lifetime(TokenKind::IdJag, 60))],
            Self::CodeShort => &[Switch(|switches| {
                switches.code_lifetime = CodeLifetime::Seconds60;
            })],
            // --- tokens of every kind
            Self::JtiUuid => &[
                Tokens(Every(tokens::strip_jti)),
                Members(|_, members| answers::strip_jti(members)),
                ReadBack(|kind, _, jwt| read::restore_jti(kind, jwt)),
            ],
            Self::TimesEarly => &[
                Tokens(Every(tokens::date_early)),
                ReadBack(|_, _, jwt| read::undo_early_auth_time(jwt)),
            ],
            Self::TimesFractional => &[
                Tokens(Every(tokens::add_fractions)),
                ReadBack(|_, _, jwt| read::round_times(jwt)),
            ],
            Self::NotBefore => &[Tokens(Every(tokens::add_not_before))],
            Self::TokenReversed => &[Tokens(TokenWork::Style(|style| {
                style.order = Order::Reversed;
            }))],
            Self::TokenSpaced => &[Tokens(TokenWork::Style(|style| {
                style.space = Space::Everywhere;
            }))],
            Self::TokenEscaped => &[Tokens(TokenWork::Style(|style| {
                style.escape = Escape::Solidus;
            }))],
            // --- ID tokens
            Self::IdTokenAudList => &[Tokens(IdToken(|claims| tokens::to_list(claims, "aud")))],
            Self::IdTokenAzp => &[Tokens(IdToken(identity::add_azp))],
            Self::IdTokenAcr => &[Tokens(IdToken(identity::add_acr))],
            Self::IdTokenNoAmr => &[Tokens(IdToken(|claims| tokens::remove(claims, &["amr"])))],
            Self::IdTokenNoAuthTime => &[Tokens(IdToken(|claims| {
                tokens::remove(claims, &["auth_time"]);
            }))],
            Self::IdTokenNoHash => &[Tokens(IdTokenWithoutHash)],
            Self::IdTokenPlain => &[Tokens(IdToken(|claims| {
                tokens::remove(claims, &["ver", "idp"]);
            }))],
            Self::IdTokenThin => &[Tokens(IdToken(|claims| {
                tokens::remove(claims, &identity::PROFILE);
            }))],
            // --- ID-JAGs
            Self::IdJagAudList => &[Tokens(IdJag(|claims| tokens::to_list(claims, "aud")))],
            Self::IdJagNoEmail => &[Tokens(IdJag(|claims| tokens::remove(claims, &["email"])))],
            Self::IdJagEmail => &[Switch(|switches| {
                switches.id_jag_email = IdJagEmail::Always;
            })],
            Self::IdJagNoAct => &[Tokens(IdJag(|claims| {
                tokens::remove(claims, &["act", "sub_profile"]);
            }))],
            Self::IdJagNoAuthTime => &[Tokens(IdJag(|claims| {
                tokens::remove(claims, &["auth_time"]);
            }))],
            Self::IdJagResourceList => &[
                Tokens(IdJag(|claims| tokens::to_list(claims, "resource"))),
                ReadBack(|kind, _, jwt| read::unlist_resource(kind, jwt)),
            ],
            // --- access tokens
            Self::AccessTokenOpaque | Self::OrgAccessTokenOpaque => {
                &[Tokens(AccessToken(|plan| plan.wire.opaque = true))]
            }
            Self::AccessTokenAtJwt => &[
                Tokens(AccessToken(|plan| access_tokens::set_typ(plan, "at+jwt"))),
                ReadBack(|kind, _, jwt| read::remove_typ(kind, jwt)),
            ],
            Self::AccessTokenApplication => &[
                Tokens(AccessToken(|plan| {
                    access_tokens::set_typ(plan, "application/at+jwt");
                })),
                ReadBack(|kind, _, jwt| read::remove_typ(kind, jwt)),
            ],
            Self::AccessTokenScopeBeside => &[Tokens(AccessToken(|plan| {
                access_tokens::add_scope(&mut plan.claims);
            }))],
            Self::AccessTokenScope => &[
                Tokens(AccessToken(|plan| {
                    access_tokens::replace_scp(&mut plan.claims);
                })),
                ReadBack(|kind, _, jwt| read::restore_scp(kind, jwt)),
            ],
            Self::AccessTokenClientBeside => &[Tokens(AccessToken(|plan| {
                access_tokens::copy_client(&mut plan.claims);
            }))],
            Self::AccessTokenClient => &[
                Tokens(AccessToken(|plan| {
                    access_tokens::replace_cid(&mut plan.claims);
                })),
                ReadBack(|kind, _, jwt| read::restore_cid(kind, jwt)),
            ],
            Self::AccessTokenNoUid => &[
                Tokens(AccessToken(|plan| {
                    tokens::remove(&mut plan.claims, &["uid", "ver"]);
                })),
                ReadBack(read::restore_uid),
            ],
            Self::AccessTokenAudList => &[Tokens(AccessToken(|plan| {
                tokens::to_list(&mut plan.claims, "aud");
            }))],
            Self::AccessTokenNoAuthTime => &[Tokens(AccessToken(|plan| {
                tokens::remove(&mut plan.claims, &["auth_time"]);
            }))],
            Self::AccessTokenMethods => &[Tokens(AccessToken(|plan| {
                access_tokens::add_methods(&mut plan.claims);
            }))],
            // --- keys
            Self::KeysReversed => &[Keys(|_, keys| keys.reverse())],
            Self::KeysWithoutUse => &[Keys(|_, keys| keys::remove(keys, "use"))],
            Self::KeysOps => &[Keys(|_, keys| keys::use_to_operations(keys))],
            Self::KeysEncryption => &[Keys(|_, keys| keys.insert(0, keys::encryption_key()))],
            Self::KeysWithoutAlg => &[Keys(|_, keys| keys::remove(keys, "alg"))],
            Self::KeysUnknownType => &[Keys(|_, keys| keys.insert(0, keys::unknown_key()))],
            Self::KeysOkp => &[Keys(|_, keys| keys.insert(0, keys::ed25519_key()))],
            Self::KeysNext => &[Keys(|_, keys| keys.insert(0, keys::next_key()))],
            Self::KeysCertificate => &[Keys(|cx, keys| keys::certify(cx, keys))],
            // --- metadata
            Self::MetadataFewer => &[Members(|_, members| metadata::remove_optional(members))],
            Self::MetadataRegistered => &[Members(metadata::add_registered)],
            Self::MetadataReversed => &[Members(|_, members| metadata::reverse(members))],
            Self::MetadataNoMethods => &[Members(|_, members| {
                answers::remove(members, "token_endpoint_auth_methods_supported");
            })],
            Self::MetadataAnnounces => &[Switch(|switches| {
                switches.metadata_announces_id_jag_grant = MetadataAnnouncesIdJagGrant::Yes;
            })],
            Self::MetadataSigned => &[Members(metadata::sign)],
            Self::ResourceFewer => &[Members(|_, members| {
                metadata::keep_required_of_resource(members);
            })],
            Self::ResourceRegistered => &[Members(metadata::add_registered_of_resource)],
            // --- decisions
            Self::IssuerSlash
            | Self::MetadataPlaces
            | Self::AudienceAlias
            | Self::ActorIgnored
            | Self::JsonBodies
            | Self::RevocationUnsupported
            | Self::VerifierUnjudged
            | Self::SignInRedirected
            | Self::AssertionKid
            | Self::AssertionJku => &[Decision],
            Self::ScopesIgnored => &[Decision, Members(answers::add_scope_if_narrowed)],
            Self::ScopeDefaulted => &[Switch(|switches| {
                switches.exchange_without_scope = ExchangeWithoutScope::Connection;
            })],
            Self::LeewayPast => &[Switch(|switches| switches.past_skew = PastSkew::Sixty)],
            Self::LeewayFuture => &[Switch(|switches| switches.future_skew = FutureSkew::Sixty)],
            Self::IdJagReusable => &[Switch(|switches| {
                switches.id_jag_reuse = IdJagReuse::UntilExpiry;
            })],
            Self::AssertionIssuer => &[Switch(|switches| {
                switches.client_assertion_audience = ClientAssertionAudience::EndpointOrIssuer;
            })],
            Self::AssertionList => &[Switch(|switches| {
                switches.client_assertion_audience_array = ClientAssertionAudienceArray::OneElement;
            })],
            // --- the connection
            Self::Gzip => &[Travel(|hint| hint.gzip = true)],
            Self::Chunked => &[Travel(|hint| hint.chunked = true)],
            Self::Close => &[Travel(|hint| hint.close = true)],
            Self::Reason => &[Travel(|hint| hint.reason_phrase = true)],
        }
    }
}
