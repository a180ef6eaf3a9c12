//! Rate limits: how many requests of a class of endpoints the org takes in a minute (switch `rate_limits`).
//!
//! Okta counts requests per org, class of endpoints and minute, and the authorization endpoints per client. Each answer says
//! how many are left; what is over the limit is answered with 429. How many an Integrator Free org takes is shown in its
//! dashboard only. The limit of the authorization endpoints is documented; the others are ours: a tenth of what a paid org
//! has, so that a suite of tests that runs once fits and a client that asks in a loop does not.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use crate::behaviour::{Behaviours, RateLimits};
use crate::faults::{EndpointClass, FaultRequest};
use crate::org::{ClientId, Org};

/// Seconds for which requests are counted together.
const WINDOW: i64 = 60;

/// How far a client has used a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// When counting begins anew, in epoch seconds.
    pub(crate) reset: i64,
}

impl Standing {
    /// Writes it into the fields of an answer.
    pub(crate) fn show(self, headers: &mut HeaderMap) {
        for (name, number) in [
            ("x-rate-limit-limit", HeaderValue::from(self.limit)),
            ("x-rate-limit-remaining", HeaderValue::from(self.remaining)),
            ("x-rate-limit-reset", HeaderValue::from(self.reset)),
        ] {
            headers.insert(HeaderName::from_static(name), number);
        }
    }
}

/// Requests counted so far. There are as many counts as classes, and one for each client of the org.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestCounts(BTreeMap<(EndpointClass, Option<ClientId>), Window>);

#[derive(Debug, Clone, Copy)]
struct Window {
    ends: i64,
    used: u64,
}

impl RequestCounts {
    /// Counts a request. `Err` when it is over the limit, and `None` where there is no limit: the APIs behind an org are
    /// not Okta's.
    pub(crate) fn count(
        &mut self,
        asked: FaultRequest<'_>,
        limits: Limits<'_>,
        org: &Org,
        now: Timestamp,
    ) -> Option<Result<Standing, Standing>> {
        let (class, now) = (EndpointClass::of(asked.endpoint), now.as_second());
        let limit = limits.of(class)?;
        // Who is not known to the org shares a count, so that there are not more and more of them.
        let client = (class == EndpointClass::Authorize).then(|| asked.claimed_client());
        let client = client.flatten().map(ClientId::new);
        let key = (class, client.filter(|id| org.clients.contains_key(id)));
        let window = self.0.entry(key).or_insert(Window { ends: now, used: 0 });
        // A clock that was put back begins anew as well.
        if now >= window.ends || window.ends > now.saturating_add(WINDOW) {
            *window = Window {
                ends: now.saturating_add(WINDOW),
                used: 0,
            };
        }
        let over = window.used >= limit;
        window.used = (window.used + 1).min(limit);
        let standing = Standing {
            limit,
            remaining: limit - window.used,
            reset: window.ends,
        };
        Some(if over { Err(standing) } else { Ok(standing) })
    }
}

/// What limits an org has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits<'a> {
    pub(crate) behaviours: &'a Behaviours,
    /// In place of the numbers of the switch.
    pub(crate) requests_per_minute: Option<u64>,
}

impl Limits<'_> {
    /// Requests of a class in a minute; `None` where they are not counted.
    fn of(self, class: EndpointClass) -> Option<u64> {
        let own = limit(class)?;
        let counts = self.behaviours.rate_limits == RateLimits::Integrator;
        self.requests_per_minute.or(counts.then_some(own))
    }
}

/// Requests in a minute.
fn limit(class: EndpointClass) -> Option<u64> {
    match class {
        EndpointClass::Authorize => Some(60),
        EndpointClass::Token
        | EndpointClass::Userinfo
        | EndpointClass::Introspect
        | EndpointClass::Revoke
        | EndpointClass::Logout
        | EndpointClass::Authn
        | EndpointClass::Management
        | EndpointClass::Any => Some(120),
        EndpointClass::Keys | EndpointClass::Metadata => Some(240),
        EndpointClass::ProtectedResource => None,
    }
}
