//! Which places a refusal has.

use super::{Place, Places};
use crate::api_error::MEDIA_TYPE_CODE;
use crate::context::Outcome;
use crate::endpoints::Endpoint;
use crate::refusal::Refusal;

/// What a refused request was like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) endpoint: Endpoint,
    pub(super) authorization: Authorization,
    /// It named a client.
    pub(super) client: bool,
    /// Its method is none that the org has anywhere.
    pub(super) odd: bool,
}

/// The Authorization header of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authorization {
    None,
    Basic,
    Other,
}

/// The envelope and its status.
pub(super) fn envelope(asked: Asked, outcome: &Outcome, places: &mut Places) {
    let at_back_channel = matches!(
        asked.endpoint,
        Endpoint::Token | Endpoint::Introspect | Endpoint::Revoke
    );
    match outcome {
        Outcome::Refused(refused) => {
            places.add(Place::OauthError);
            if refused.status() == 401 {
                unauthorized(asked, refused.error() == "invalid_client", places);
            }
            if refused.refusal == Refusal::MissingCredentials && !asked.client {
                places.add(Place::ClientUnnamed);
            }
        }
        Outcome::ApiError { status: 405, .. } => {
            places.add(Place::MethodRefused);
            if asked.odd {
                places.add(Place::OddMethod);
            }
        }
        Outcome::ApiError { status: 404, .. } => places.add(Place::NotFound),
        Outcome::ApiError {
            code: MEDIA_TYPE_CODE,
            ..
        } => places.add(Place::WrongMediaType),
        Outcome::ApiError {
            code: "invalid_client",
            ..
        } if at_back_channel => {
            unauthorized(asked, true, places);
        }
        Outcome::ApiError { .. }
        | Outcome::Challenge { .. }
        | Outcome::Json { .. }
        | Outcome::Api { .. }
        | Outcome::Redirect { .. }
        | Outcome::Page { .. }
        | Outcome::Message { .. }
        | Outcome::Empty(_) => {}
    }
}

/// A 401 of the token endpoint or its like.
fn unauthorized(asked: Asked, of_client: bool, places: &mut Places) {
    if of_client && asked.authorization == Authorization::None {
        places.add(Place::ClientRefused);
    }
    places.add(if asked.authorization == Authorization::Basic {
        Place::Challenge
    } else {
        Place::Unchallenged
    });
}

/// A bearer challenge.
pub(super) fn challenge(outcome: &Outcome, places: &mut Places) {
    places.add(Place::Challenge);
    places.add(Place::BearerChallenge);
    let refusal = outcome.refusal().map(|refused| refused.refusal);
    if refusal != Some(Refusal::AccessTokenMissing) {
        places.add(Place::BearerError);
    }
}

/// What another server could lawfully have decided otherwise, by the refusal.
pub(super) fn decisions(refusal: Refusal, places: &mut Places) {
    let place = match refusal {
        Refusal::MultipleCredentials => Place::SeveralCredentials,
        Refusal::NoMatchingPolicy | Refusal::NoScopeAllowed | Refusal::ScopeDenied => {
            Place::PolicyRefused
        }
        Refusal::RefreshScope => Place::RefreshScope,
        Refusal::ExchangeFlowUnsupported => Place::NotAnAgent,
        Refusal::MissingScopes => Place::ScopeMissing,
        Refusal::CodeInvalid => Place::Code,
        Refusal::IdJagReplayed => Place::Replayed,
        Refusal::AssertionAudience => Place::AssertionAudience,
        Refusal::AssertionKid => Place::AssertionKid,
        Refusal::JwksUriJku => Place::AssertionJku,
        Refusal::IdJagExpired | Refusal::AssertionExpired => Place::Late,
        Refusal::IdJagInFuture
        | Refusal::AssertionIssuedInFuture
        | Refusal::AssertionTooLong
        | Refusal::AccessTokenTimestamp
        | Refusal::SubjectToken => Place::Early,
        Refusal::SubjectExpired => {
            places.add(Place::ExpiredSubject);
            Place::Late
        }
        _ => return,
    };
    places.add(place);
}
