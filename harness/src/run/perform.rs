//! Prepares a step and performs it against a target, as often as it wants.

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;

use super::conclude::why_not_signed_in;
use super::tape::CaseTape;
use crate::exchange::{Exchange, Party, RequestSpec, Response};
use crate::forge::{Forge, Pkce, Signed, Unforgeable};
use crate::result::Blame;
use crate::scenario::case_step::CaseStep;
use crate::scenario::model::{Change, ClientRole, Sending, UserRole};
use crate::sign_in::{SignInError, session};
use crate::steps::{Prepared, PreparedSignIn, Way, prepare, redeem_sign_in};
use crate::targets::{Browsers, GivenTokens, Target, Trouble, Walk, Walked};

/// What performing a step gave.
#[derive(Debug, Default)]
pub(super) struct Performed {
    /// All exchanges in order, for evidence.
    pub(super) exchanges: Vec<Exchange>,
    /// The exchange that is judged, when it is not the last of them.
    pub(super) answer: Option<Exchange>,
    /// A request that got no answer.
    pub(super) trouble: Option<(RequestSpec, Trouble, Duration)>,
    /// Of a recording: why its answers were not judged, and who has to act.
    pub(super) recorded_stop: Option<(String, Blame)>,
    /// A later request of the step that could not be made.
    pub(super) unforgeable: Option<Unforgeable>,
    /// Values that evidence must not show.
    pub(super) secrets: Vec<String>,
    /// Why a user could not be signed in, where more is known than what was answered.
    pub(super) not_signed_in: Option<SignInError>,
}

impl Performed {
    /// The exchange that is judged.
    pub(super) fn judged(&self) -> Option<&Exchange> {
        self.answer.as_ref().or(self.exchanges.last())
    }

    /// Why the answers are not judged, and who has to act, where that is not to be seen in them.
    pub(super) fn not_judged(&self) -> Option<(String, Blame)> {
        let refused = self.not_signed_in.as_ref().map(why_not_signed_in);
        let unforgeable = self.unforgeable.as_ref();
        refused.or_else(|| unforgeable.map(|why| (why.to_string(), Blame::Harness)))
    }

    fn walked(walked: Walked, since: Instant) -> Self {
        Self {
            exchanges: walked.exchanges,
            trouble: walked
                .trouble
                .map(|(request, trouble)| (request, trouble, since.elapsed())),
            ..Self::default()
        }
    }
}

/// The most tokens of one request that a server of the target has to sign.
const MOST_SIGNED: usize = 4;

/// Why there is nothing to send.
#[derive(Debug)]
pub(super) enum Unsent {
    /// What the step needs is something that a target may lack.
    Lacking(String),
    /// The request cannot be made.
    Impossible(String),
}

impl From<Unforgeable> for Unsent {
    fn from(unforgeable: Unforgeable) -> Self {
        let why = unforgeable.to_string();
        match unforgeable {
            Unforgeable::Opaque | Unforgeable::SameAlgorithm(_) => Self::Lacking(why),
            _ => Self::Impossible(why),
        }
    }
}

/// Takes a step: prepares it and performs it. Or why there is nothing to send.
pub(super) async fn take(
    case_step: &CaseStep<'_>,
    target: &Target,
    forge: &Forge<'_>,
    browsers: &Browsers,
    tape: &CaseTape,
) -> Result<Performed, Unsent> {
    let first = prepared(case_step, target, forge, tape).await?;
    if let Some(played) = tape.play(case_step, &first) {
        return played.map_err(Unsent::Lacking);
    }
    match (case_step.sending(), first) {
        (Sending::Repeated(times), Prepared::Send(request)) => {
            let mut performed = Performed::default();
            for _ in 0..times {
                if performed.trouble.is_none() {
                    send(request.clone(), target, &mut performed).await;
                }
            }
            Ok(performed)
        }
        (Sending::Raced { times, identical }, Prepared::Send(request)) => {
            let mut requests = Vec::with_capacity(times);
            while requests.len() + 1 < times {
                requests.push(if identical {
                    request.clone()
                } else {
                    // What is used once beside the raced thing, such as a client assertion, is each one's own.
                    match prepared(case_step, target, forge, tape).await? {
                        Prepared::Send(another) => another,
                        Prepared::Walk(_) | Prepared::SignIn(_) => request.clone(),
                    }
                });
            }
            requests.push(request);
            Ok(at_once(requests, target).await)
        }
        (_, prepared) => {
            let performed = perform(prepared, case_step.change, target, forge, browsers).await;
            if let Some((_, user)) = case_step.step.action.kind().signs_in() {
                note_session(&performed, user, target);
            }
            Ok(performed)
        }
    }
}

/// Notes that a user has a session now, if a browser was sent back to a client with a code.
pub(super) fn note_session(performed: &Performed, user: UserRole, target: &Target) {
    if performed.exchanges.iter().any(opens_a_session) {
        target.note_session(user);
    }
}

/// Whether a browser was sent back to a client with a code.
fn opens_a_session(exchange: &Exchange) -> bool {
    exchange.request.by_browser && exchange.response.redirect_parameter("code").is_some()
}

/// Prepares a step. What only a server of the target can sign is asked of test control, and then prepared again.
async fn prepared(
    case_step: &CaseStep<'_>,
    target: &Target,
    forge: &Forge<'_>,
    tape: &CaseTape,
) -> Result<Prepared, Unsent> {
    let mut signed = Signed::default();
    loop {
        let forge = Forge {
            signed: &signed,
            ..*forge
        };
        match prepare(&case_step.step.action, case_step.change, &forge) {
            Ok(prepared) => return Ok(prepared),
            Err(Unforgeable::Unsigned(body)) if signed.len() < MOST_SIGNED => {
                let jwt = tape.sign(&body, target).await.map_err(Unsent::Impossible)?;
                signed.keep(body, jwt);
            }
            Err(unforgeable) => return Err(unforgeable.into()),
        }
    }
}

/// Sends requests at once; the answers keep their order.
async fn at_once(requests: Vec<RequestSpec>, target: &Target) -> Performed {
    let since = Instant::now();
    let sent = requests.into_iter().map(|request| async {
        let answer = target.send(request.clone()).await;
        (request, answer)
    });
    let mut performed = Performed::default();
    for (request, answer) in join_all(sent).await {
        match answer {
            Ok(exchange) => performed.exchanges.push(exchange),
            Err(trouble) => performed.trouble = Some((request, trouble, since.elapsed())),
        }
    }
    performed
}

/// Performs a step.
async fn perform(
    prepared: Prepared,
    change: Option<&Change>,
    target: &Target,
    forge: &Forge<'_>,
    browsers: &Browsers,
) -> Performed {
    match prepared {
        Prepared::Send(request) => {
            let mut performed = Performed::default();
            send(request, target, &mut performed).await;
            performed
        }
        Prepared::Walk(walk) => {
            let since = Instant::now();
            Performed::walked(target.walk(walk, browsers).await, since)
        }
        Prepared::SignIn(sign_in) => perform_sign_in(sign_in, change, target, forge).await,
    }
}

/// Makes a sign-in for one case.
pub(super) async fn perform_sign_in(
    sign_in: PreparedSignIn,
    change: Option<&Change>,
    target: &Target,
    forge: &Forge<'_>,
) -> Performed {
    let PreparedSignIn {
        client, user, way, ..
    } = sign_in;
    match way {
        Way::Given(tokens) => Performed {
            answer: Some(given(&tokens)),
            ..Performed::default()
        },
        // Only `SignIns` makes them, for all cases.
        Way::Refresh(_) | Way::Stored => Performed::default(),
        Way::Page { walk, pkce } => {
            let walked = walk_to_code(*walk, target).await;
            redeem(walked, client, &pkce, change, target, forge).await
        }
        Way::Session { authn, walk, pkce } => {
            let mut performed = Performed::default();
            send(authn, target, &mut performed).await;
            let answer = performed.exchanges.last().map(|one| &one.response);
            let token = answer.and_then(session::session_token).map(str::to_owned);
            if let Some(token) = token {
                let mut walk = *walk;
                walk.start
                    .query
                    .push(("sessionToken".to_owned(), token.clone()));
                performed.secrets.push(token);
                let walked = walk_to_code(walk, target).await;
                performed.exchanges.extend(walked.exchanges);
                performed.trouble = walked.trouble;
                performed = redeem(performed, client, &pkce, change, target, forge).await;
            }
            // A varied request may rightly be refused, which is judged.
            let is_judged = change.is_some_and(|change| !change.is_empty());
            let last = performed.exchanges.last();
            let last = last.filter(|_| performed.trouble.is_none() && !is_judged);
            performed.not_signed_in = last.and_then(|last| session::refusal(last, user));
            performed
        }
    }
}

async fn walk_to_code(walk: Walk, target: &Target) -> Performed {
    let since = Instant::now();
    Performed::walked(target.walk(walk, &Browsers::default()).await, since)
}

/// Goes on with the code that a browser came back with. Without one the page or redirect that refuses is the step's answer.
async fn redeem(
    mut performed: Performed,
    client: ClientRole,
    pkce: &Pkce,
    change: Option<&Change>,
    target: &Target,
    forge: &Forge<'_>,
) -> Performed {
    let last = performed.exchanges.last();
    let last = last.filter(|_| performed.trouble.is_none());
    let Some(code) = last.and_then(|last| last.response.redirect_parameter("code")) else {
        return performed;
    };
    performed
        .secrets
        .extend([code.clone(), pkce.verifier.clone()]);
    match redeem_sign_in(client, &code, pkce, change, forge) {
        Ok(request) => send(request, target, &mut performed).await,
        Err(unforgeable) => performed.unforgeable = Some(unforgeable),
    }
    performed
}

pub(super) async fn send(request: RequestSpec, target: &Target, performed: &mut Performed) {
    let since = Instant::now();
    match target.send(request.clone()).await {
        Ok(exchange) => performed.exchanges.push(exchange),
        Err(trouble) => performed.trouble = Some((request, trouble, since.elapsed())),
    }
}

/// The answer that a token endpoint would have given, for a target that gives the token itself.
pub(super) fn given(tokens: &GivenTokens) -> Exchange {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let mut body = json!({"id_token": tokens.id_token.expose()});
    if let Some(access_token) = &tokens.access_token {
        body["access_token"] = access_token.expose().into();
    }
    let body = body.to_string();
    Exchange {
        request: RequestSpec::new(Party::Org, "NONE", "the target file"),
        response: Response::new(200, headers, body.as_bytes()),
        elapsed: Duration::ZERO,
    }
}
