//! A sign-in from its link to validated tokens.

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::browser;
use super::callback::{Callback, Expected};
use super::error::SignInError;
use super::listener::Listener;
use super::pasted::Pasted;
use super::redirect_uri::RedirectUri;
use super::request::AuthorizationRequest;
use super::tokens::{Claims, Tokens, id_token_of, validate};
use crate::exchange::{Exchange, RequestSpec};
use crate::fill::Names;
use crate::forge::{Forge, Signed};
use crate::jwks::{KeyRing, SignatureProblem};
use crate::result::{PersonDoes, PersonRequest};
use crate::scenario::model::{ClientRole, Edition, ServerRole, UserRole};
use crate::secret::Secret;
use crate::steps::{redeem_sign_in, refresh_sign_in};
use crate::targets::{Target, acting};
use crate::token_cache::CachedSignIn;

/// The scope of those who get refresh tokens, which is asked for anew with each refresh.
const OFFLINE_ACCESS: &str = "offline_access";

/// Whom to sign in, and for what.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Where.
    pub target: &'a Target,
    /// Decides which client signs users in.
    pub edition: Edition,
    /// Who.
    pub user: UserRole,
    /// What is asked for.
    pub scope: &'a str,
}

/// How a person is asked.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Whether a browser is opened. The link is shown all the same.
    pub opens_browser: bool,
    /// How long is waited.
    pub within: Duration,
    /// Where a person can paste the address that the browser was sent to.
    pub pasted: Option<Pasted>,
}

/// What a person must be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Somebody has to sign in.
    Request(PersonRequest),
    /// What was pasted is not the answer.
    NotTheAnswer,
}

/// A sign-in that was made.
#[derive(Debug)]
pub struct SignedIn {
    /// What it gave, for the token cache.
    pub sign_in: CachedSignIn,
    /// The token request and its answer.
    pub exchange: Exchange,
}

/// Has a person sign in at a browser.
///
/// # Errors
/// When there are no tokens that can be used at the end, for whatever reason.
pub async fn by_person(
    asked: &Asked<'_>,
    asking: &Asking,
    show: &(dyn Fn(Notice) + Send + Sync),
) -> Result<SignedIn, SignInError> {
    let deployment = asked.target.deployment();
    let request = AuthorizationRequest::new(deployment, asked.edition, asked.user, asked.scope)?;
    let (listener, only_pasted) = listen(&request.redirect_uri, asking).await?;
    let opens = asking.opens_browser && browser::can_open();
    let described = deployment.users.get(&asked.user);
    show(Notice::Request(PersonRequest {
        user: asked.user.to_string(),
        login: described.map(|user| user.login.clone()),
        does: PersonDoes::SignsIn {
            client: request.client.to_string(),
            can_paste: asking.pasted.is_some(),
            only_pasted,
        },
        link: request.link.clone(),
        opens,
        seconds: asking.within.as_secs(),
    }));
    let opening = async {
        if opens {
            // The link is shown, so that nothing is lost where it cannot be opened.
            let _ = browser::open(&request.link).await;
        }
        pending::<SignInError>().await
    };
    let waiting = answer(
        listener.as_ref(),
        asking.pasted.as_ref(),
        &request.expected,
        show,
    );
    let waited = tokio::select! {
        answer = tokio::time::timeout(asking.within, waiting) => answer,
        never = opening => return Err(never),
    };
    let seconds = asking.within.as_secs();
    let code = match waited.map_err(|_| SignInError::TimedOut { seconds })?? {
        Callback::Code(code) => code,
        Callback::Refused { error, description } => {
            return Err(SignInError::Refused { error, description });
        }
        Callback::Wrong(why) => return Err(SignInError::WrongAnswer(why)),
    };
    redeem(asked, &request, &code).await
}

/// Begins to listen, or says why the answer can only be pasted.
async fn listen(
    redirect_uri: &RedirectUri,
    asking: &Asking,
) -> Result<(Option<Listener>, Option<String>), SignInError> {
    let why = match redirect_uri {
        RedirectUri::Loopback { addresses, path } => match Listener::bind(addresses, path).await {
            Ok(listener) => return Ok((Some(listener), None)),
            // Whoever listens there would get the code.
            Err(error @ SignInError::CannotListen { in_use: true, .. }) => return Err(error),
            Err(error) if asking.pasted.is_none() => return Err(error),
            Err(error) => error.to_string(),
        },
        RedirectUri::Elsewhere { why } => (*why).to_owned(),
    };
    if asking.pasted.is_none() {
        return Err(SignInError::Unreachable { why });
    }
    Ok((None, Some(why)))
}

/// The answer, wherever it comes first.
async fn answer(
    listener: Option<&Listener>,
    pasted: Option<&Pasted>,
    expected: &Expected,
    show: &(dyn Fn(Notice) + Send + Sync),
) -> Result<Callback, SignInError> {
    let heard = async {
        match listener {
            Some(listener) => listener.callback(expected).await,
            None => pending().await,
        }
    };
    let read = async {
        while let Some(pasted) = pasted {
            let Some(line) = pasted.line().await else {
                break;
            };
            match expected.read_pasted(&line) {
                Some(answer) => return answer,
                None if line.trim().is_empty() => {}
                None => show(Notice::NotTheAnswer),
            }
        }
        if listener.is_some() {
            pending::<()>().await;
        }
        Callback::Wrong(String::new())
    };
    let is_closed = |answer: &Callback| matches!(answer, Callback::Wrong(why) if why.is_empty());
    tokio::select! {
        answer = heard => Ok(answer),
        answer = read => if is_closed(&answer) {
            Err(SignInError::Unreachable { why: "it is not on this machine".to_owned() })
        } else {
            Ok(answer)
        },
    }
}

async fn redeem(
    asked: &Asked<'_>,
    request: &AuthorizationRequest,
    code: &Secret,
) -> Result<SignedIn, SignInError> {
    let token_request = with_forge(asked, |forge| {
        redeem_sign_in(request.client, code.expose(), &request.pkce, None, forge)
    })?;
    let claims = Claims {
        issuer: &request.expected.issuer,
        client_id: &request.client_id,
        nonce: Some(&request.nonce),
        user: asked.target.deployment().users.get(&asked.user),
        scope: asked.scope,
        now: asked.target.now(),
    };
    exchanged(asked, token_request, &claims, None).await
}

/// Trades the refresh token of an earlier sign-in for fresh tokens. `None` when it has none.
pub fn refreshed<'a>(
    asked: &'a Asked<'a>,
    earlier: &'a CachedSignIn,
) -> Option<impl Future<Output = Result<SignedIn, SignInError>> + Send + 'a> {
    let refresh_token = earlier.refresh_token.as_ref()?;
    Some(async move {
        let scopes = earlier.scopes.iter().map(String::as_str);
        let scopes: Vec<&str> = scopes.filter(|scope| *scope != OFFLINE_ACCESS).collect();
        let scope = scopes.join(" ");
        let client = acting(ClientRole::UserClient, asked.edition);
        let request = with_forge(asked, |forge| {
            refresh_sign_in(client, refresh_token.expose(), &scope, None, forge)
        })?;
        let claims = Claims {
            issuer: &earlier.issuer,
            client_id: &earlier.client_id,
            nonce: None,
            user: asked.target.deployment().users.get(&asked.user),
            scope: &scope,
            now: asked.target.now(),
        };
        exchanged(asked, request, &claims, Some(earlier)).await
    })
}

/// Sends a token request and validates what comes back.
async fn exchanged(
    asked: &Asked<'_>,
    request: RequestSpec,
    claims: &Claims<'_>,
    earlier: Option<&CachedSignIn>,
) -> Result<SignedIn, SignInError> {
    let exchange = asked.target.send(request).await?;
    let ring = keys(asked.target, &exchange).await;
    let keys = ring.of(ServerRole::Org).map_err(SignInError::NoKeys)?;
    let tokens = validate(&exchange.response, keys, claims)?;
    let sign_in = cached(asked.user, claims, tokens, earlier);
    Ok(SignedIn { sign_in, exchange })
}

/// The org's keys; asked for once more where the token names one that is not known.
async fn keys(target: &Target, exchange: &Exchange) -> KeyRing {
    let ring = target.keys_of(&[ServerRole::Org]).await;
    let Ok(jwt) = id_token_of(&exchange.response) else {
        return ring;
    };
    let verified = ring.of(ServerRole::Org).map(|keys| keys.verify(&jwt));
    match verified {
        Ok(Err(SignatureProblem::UnknownKid(_))) => target.refreshed_keys_of(ServerRole::Org).await,
        _ => ring,
    }
}

fn cached(
    user: UserRole,
    claims: &Claims<'_>,
    tokens: Tokens,
    earlier: Option<&CachedSignIn>,
) -> CachedSignIn {
    let second = |second: i64| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
    CachedSignIn {
        issuer: claims.issuer.to_owned(),
        client_id: claims.client_id.to_owned(),
        user: user.to_string(),
        person: tokens.person,
        scopes: earlier.map_or(tokens.scopes, |earlier| earlier.scopes.clone()),
        obtained_at: second(claims.now),
        expires_at: second(tokens.expires_at),
        id_token: tokens.id_token,
        access_token: tokens.access_token,
        // A server that does not rotate leaves the one that there is (RFC 6749 section 6).
        refresh_token: tokens
            .refresh_token
            .or_else(|| earlier.and_then(|earlier| earlier.refresh_token.clone())),
    }
}

/// A sign-in uses no names of a scenario.
struct NoNames(BTreeMap<String, Value>);

impl Names for NoNames {
    fn value(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }
}

pub(super) fn with_forge<T>(asked: &Asked<'_>, make: impl FnOnce(&Forge<'_>) -> T) -> T {
    make(&Forge {
        deployment: asked.target.deployment(),
        edition: asked.edition,
        names: &NoNames(BTreeMap::new()),
        now: asked.target.now(),
        published: &KeyRing::default(),
        signed: &Signed::default(),
    })
}
