//! A sign-in from its link to validated tokens.

use std::future::pending;
use std::time::Duration;

use jiff::Timestamp;

use super::browser;
use super::callback::{Callback, Expected};
use super::error::SignInError;
use super::listener::Listener;
use super::pasted::Pasted;
use super::redirect_uri::RedirectUri;
use super::request::AuthorizationRequest;
use super::tokens::{Claims, Tokens, id_token_of, validate};
use crate::exchange::Exchange;
use crate::fill::NoNames;
use crate::forge::{Forge, Signed};
use crate::jwks::{KeyRing, SignatureProblem};
use crate::result::{PersonDoes, PersonRequest};
use crate::scenario::model::{Edition, ServerRole, UserRole};
use crate::secret::Secret;
use crate::steps::redeem_sign_in;
use crate::targets::{Target, User};
use crate::token_cache::CachedSignIn;

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

impl<'a> Asked<'a> {
    /// The user as the target file describes it, if it does.
    pub(super) fn described_user(&self) -> Option<(UserRole, &'a User)> {
        let users = &self.target.deployment().users;
        users.get(&self.user).map(|user| (self.user, user))
    }
}

/// How a person is asked.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Whether a browser is opened. The link is shown all the same.
    pub opens_browser: bool,
    /// How long is waited.
    pub within: Duration,
    /// The option of the command that waits longer.
    pub timeout_option: &'static str,
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
    // A sign-in that cannot come to an end is not begun.
    published_keys(asked.target).await?;
    let pasted = match &asking.pasted {
        Some(pasted) if !pasted.is_closed().await => Some(pasted),
        _ => None,
    };
    let place = listen(&request.redirect_uri, pasted.is_some()).await?;
    let opens = asking.opens_browser && browser::can_open();
    let described = deployment.users.get(&asked.user);
    show(Notice::Request(PersonRequest {
        user: asked.user.to_string(),
        login: described.map(|user| user.login.clone()),
        does: PersonDoes::SignsIn {
            client: request.client.to_string(),
            can_paste: pasted.is_some(),
            only_pasted: place.why_elsewhere(),
        },
        link: request.link.clone(),
        opens,
        seconds: asking.within.as_secs(),
    }));
    let opening = async {
        if opens {
            // The link is shown, so that nothing is lost where it cannot be opened.
            let _ = browser::open(&request.link, deployment.kind).await;
        }
        pending::<SignInError>().await
    };
    let waiting = answer(&place, pasted, &request.expected, show);
    let waited = tokio::select! {
        answer = tokio::time::timeout(asking.within, waiting) => answer,
        never = opening => return Err(never),
    };
    let late = |_| SignInError::TimedOut {
        seconds: asking.within.as_secs(),
        option: asking.timeout_option,
    };
    let code = match waited.map_err(late)?? {
        Callback::Code(code) => code,
        Callback::Refused { error, description } => {
            return Err(SignInError::Refused { error, description });
        }
        Callback::Wrong(why) => return Err(SignInError::WrongAnswer(why)),
    };
    redeem(asked, &request, &code).await
}

/// Where the answer comes to.
enum Place {
    /// It is listened for.
    Here(Listener),
    /// It can only be pasted, for this reason.
    Elsewhere(SignInError),
}

impl Place {
    fn why_elsewhere(&self) -> Option<String> {
        match self {
            Self::Here(_) => None,
            Self::Elsewhere(SignInError::Unreachable { why }) => Some(why.clone()),
            Self::Elsewhere(error) => Some(error.to_string()),
        }
    }
}

/// Begins to listen, or says why the answer can only be pasted.
async fn listen(redirect_uri: &RedirectUri, can_paste: bool) -> Result<Place, SignInError> {
    let error = match redirect_uri {
        RedirectUri::Loopback { addresses, path } => match Listener::bind(addresses, path).await {
            Ok(listener) => return Ok(Place::Here(listener)),
            // Whoever listens there would get the code.
            Err(error @ SignInError::CannotListen { in_use: true, .. }) => return Err(error),
            Err(error) => error,
        },
        RedirectUri::Elsewhere { why } => SignInError::Unreachable {
            why: (*why).to_owned(),
        },
    };
    if can_paste {
        Ok(Place::Elsewhere(error))
    } else {
        Err(error)
    }
}

/// The answer, wherever it comes first.
async fn answer(
    place: &Place,
    pasted: Option<&Pasted>,
    expected: &Expected,
    show: &(dyn Fn(Notice) + Send + Sync),
) -> Result<Callback, SignInError> {
    let heard = async {
        match place {
            Place::Here(listener) => listener.callback(expected).await,
            Place::Elsewhere(_) => pending().await,
        }
    };
    let read = async {
        while let Some(pasted) = pasted {
            let Some(line) = pasted.line().await else {
                break;
            };
            match expected.read_pasted(&line) {
                Some(answer) => return Ok(answer),
                None if line.trim().is_empty() => {}
                None => show(Notice::NotTheAnswer),
            }
        }
        match place {
            Place::Here(_) => pending().await,
            // Nobody pastes anything any more.
            Place::Elsewhere(error) => Err(error.clone()),
        }
    };
    tokio::select! {
        answer = heard => Ok(answer),
        answer = read => answer,
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
        user: asked.described_user(),
        subject: None,
        scope: asked.scope,
        now: asked.target.now(),
    };
    let exchange = asked.target.ask(token_request).await?;
    let tokens = validated(asked.target, &exchange, &claims).await?;
    let sign_in = cached(asked.user, &claims, tokens, None);
    Ok(SignedIn { sign_in, exchange })
}

/// Makes sure that the keys of the org are there: a code and a refresh token can be used only once, so they are not used before
/// what comes for them can be verified.
pub(super) async fn published_keys(target: &Target) -> Result<(), SignInError> {
    let ring = target.keys_of(&[ServerRole::Org]).await;
    ring.of(ServerRole::Org).map_err(SignInError::NoKeys)?;
    Ok(())
}

/// The tokens of an answer, once they were verified.
pub(super) async fn validated(
    target: &Target,
    exchange: &Exchange,
    claims: &Claims<'_>,
) -> Result<Tokens, SignInError> {
    let ring = keys(target, exchange).await;
    let keys = ring.of(ServerRole::Org).map_err(SignInError::NoKeys)?;
    validate(&exchange.response, keys, claims)
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

/// What goes into the token cache.
pub(super) fn cached(
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
        scopes: tokens.scopes,
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

pub(super) fn with_forge<T>(asked: &Asked<'_>, make: impl FnOnce(&Forge<'_>) -> T) -> T {
    make(&Forge {
        deployment: asked.target.deployment(),
        edition: asked.edition,
        names: &NoNames,
        now: asked.target.now(),
        published: &KeyRing::default(),
        signed: &Signed::default(),
    })
}

#[cfg(test)]
mod tests;
