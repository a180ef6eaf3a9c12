//! Discovery: OpenID Connect Discovery and RFC 8414, for both kinds of server, as captured from a live org.

use serde_json::{Map, Value, json};

use crate::behaviour::{
    AuthorizeResponseIss, MetadataAnnouncesIdJagGrant, MetadataAnnouncesTokenExchange,
    MetadataAuthSigningAlgs,
};
use crate::context::{Context, Outcome, server_path};
use crate::defect::Bend;
use crate::keys::ServerName;
use crate::org::{AuthMethod, GrantType};

const CACHE: &str = "max-age=86400, must-revalidate";

const SIGNING: [&str; 9] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
];

const CLAIMS: [&str; 32] = [
    "iss",
    "ver",
    "sub",
    "aud",
    "iat",
    "exp",
    "jti",
    "auth_time",
    "amr",
    "idp",
    "nonce",
    "name",
    "nickname",
    "preferred_username",
    "given_name",
    "middle_name",
    "family_name",
    "email",
    "email_verified",
    "profile",
    "zoneinfo",
    "locale",
    "address",
    "phone_number",
    "picture",
    "website",
    "gender",
    "birthdate",
    "updated_at",
    "at_hash",
    "c_hash",
    "act",
];

/// `openid-configuration`
pub(super) fn openid(cx: &mut Context<'_>) -> Outcome {
    let mut document = document(cx);
    document.insert(
        "id_token_signing_alg_values_supported".to_owned(),
        json!(["RS256"]),
    );
    document.insert("claims_supported".to_owned(), json!(CLAIMS[..31]));
    Outcome::object(document, CACHE)
}

/// `oauth-authorization-server`
pub(super) fn oauth(cx: &mut Context<'_>) -> Outcome {
    Outcome::object(document(cx), CACHE)
}

/// What both documents have, at the org's own address whatever a request says of hosts (RFC 9700 §4.13), unless the org
/// has that defect.
fn document(cx: &mut Context<'_>) -> Map<String, Value> {
    let mut document = common(cx);
    let own = cx.base_url.split_once("://").map(|(_, host)| host);
    let header = |name: &str| {
        let value = cx.request.headers.get(name)?;
        value.to_str().ok().filter(|host| own != Some(*host))
    };
    let (forwarded, host) = (header("x-forwarded-host"), header("host"));
    let believed = forwarded
        .filter(|_| cx.gate.bent(Bend::MetadataForwardedHost))
        .or(host.filter(|_| cx.gate.bent(Bend::MetadataHost)));
    if let Some(host) = believed {
        for value in document.values_mut() {
            if let Value::String(text) = value {
                *text = text.replace(cx.base_url, &format!("https://{host}"));
            }
        }
    }
    document
}

fn common(cx: &Context<'_>) -> Map<String, Value> {
    let issuer = cx.issuer(&cx.server);
    let base = format!("{}{}", cx.base_url, server_path(&cx.server));
    let methods: Vec<_> = AuthMethod::ALL.iter().map(|(name, _)| *name).collect();
    let mut scopes = vec![
        "openid",
        "profile",
        "email",
        "address",
        "phone",
        "offline_access",
    ];
    if cx.server == ServerName::Org {
        scopes.push("groups");
    }
    let mut grants = vec![
        "authorization_code",
        "implicit",
        "refresh_token",
        "password",
    ];
    let announcement = announcement(cx);
    grants.extend(announcement.iter().map(|announced| announced.grant));
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/v1/authorize"),
        "token_endpoint": format!("{base}/v1/token"),
        "userinfo_endpoint": format!("{base}/v1/userinfo"),
        "registration_endpoint": format!("{}/oauth2/v1/clients", cx.base_url),
        "jwks_uri": format!("{base}/v1/keys"),
        "end_session_endpoint": format!("{base}/v1/logout"),
        "introspection_endpoint": format!("{base}/v1/introspect"),
        "introspection_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": format!("{base}/v1/revoke"),
        "revocation_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_methods_supported": methods,
        "response_types_supported":
            ["code", "id_token", "code id_token", "code token", "id_token token", "code id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post", "okta_post_message"],
        "grant_types_supported": grants,
        "subject_types_supported": ["public"],
        "scopes_supported": scopes,
        "code_challenge_methods_supported": ["S256"],
        "request_parameter_supported": true,
        "request_object_signing_alg_values_supported": SIGNING,
    });
    let Value::Object(mut document) = document else {
        return Map::new();
    };
    if cx.behaviours().authorize_response_iss == AuthorizeResponseIss::Yes {
        // RFC 9207 §2.3: who sends `iss` says so.
        let name = "authorization_response_iss_parameter_supported";
        document.insert(name.to_owned(), json!(true));
    }
    if cx.behaviours().metadata_auth_signing_algs == MetadataAuthSigningAlgs::List {
        for endpoint in ["token", "introspection", "revocation"] {
            let name = format!("{endpoint}_endpoint_auth_signing_alg_values_supported");
            document.insert(name, json!(SIGNING));
        }
    }
    if let Some(announced) = announcement {
        document.insert(announced.member.to_owned(), json!([announced.value]));
    }
    document
}

/// What a server says of its part in the exchange for an ID-JAG (ID-JAG draft -04 §7).
struct Announcement {
    grant: &'static str,
    member: &'static str,
    value: &'static str,
}

/// What the server addressed announces, if anything.
fn announcement(cx: &Context<'_>) -> Option<Announcement> {
    let behaviours = cx.behaviours();
    match cx.server {
        ServerName::Org => {
            let announces =
                behaviours.metadata_announces_token_exchange == MetadataAnnouncesTokenExchange::Yes;
            announces.then_some(Announcement {
                grant: GrantType::TokenExchange.as_str(),
                member: "identity_chaining_requested_token_types_supported",
                value: "urn:ietf:params:oauth:token-type:id-jag",
            })
        }
        ServerName::Custom(_) => {
            let announces =
                behaviours.metadata_announces_id_jag_grant == MetadataAnnouncesIdJagGrant::Yes;
            announces.then_some(Announcement {
                grant: GrantType::JwtBearer.as_str(),
                member: "authorization_grant_profiles_supported",
                value: "urn:ietf:params:oauth:grant-profile:id-jag",
            })
        }
    }
}
