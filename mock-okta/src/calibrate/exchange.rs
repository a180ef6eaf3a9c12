//! One exchange of a recording and what it is about.

use serde_json::Value;
use url::{Url, form_urlencoded};

use super::recording::{Case, Exchange, Payload, Recording, Token};

/// Token exchange (RFC 8693 §2.1).
pub(super) const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// Redemption of an assertion (RFC 7523 §2.1).
pub(super) const REDEEM: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// An exchange in its case.
#[derive(Clone, Copy)]
pub(super) struct RecordedExchange<'r> {
    recording: &'r Recording,
    case: &'r Case,
    step: &'r str,
    exchange: &'r Exchange,
    /// Position among the exchanges of its case.
    at: usize,
}

impl<'r> RecordedExchange<'r> {
    /// Every exchange with a server, in order. Those of a case that changed the org's settings before are left out, and so are
    /// cases that could not be judged: nobody knows what became of their requests.
    pub(super) fn all(recording: &'r Recording) -> impl Iterator<Item = Self> {
        let cases = recording.cases.iter();
        let cases = cases.filter(|case| !case.other_way && !case.is_error());
        cases.flat_map(move |case| Self::of(recording, case))
    }

    fn of(recording: &'r Recording, case: &'r Case) -> Vec<Self> {
        let steps = case.steps.iter();
        let exchanges = steps.flat_map(|step| step.exchanges.iter().map(move |one| (step, one)));
        let is_control = |exchange: &Exchange| exchange.request.party == "control";
        let sets_switches = |exchange: &Exchange| match &exchange.request.payload {
            Some(Payload::Text { text }) => text.contains("\"behaviours\""),
            _ => false,
        };
        let untouched = exchanges
            .take_while(|(_, exchange)| !(is_control(exchange) && sets_switches(exchange)));
        untouched
            .enumerate()
            .filter(|(_, (_, exchange))| !is_control(exchange))
            .map(|(at, (step, exchange))| RecordedExchange {
                recording,
                case,
                step: &step.step,
                exchange,
                at,
            })
            .collect()
    }

    /// `case (step)`.
    pub(super) fn place(&self) -> String {
        format!("{} ({})", self.case.id, self.step)
    }

    /// Whether it belongs to a case of which this is the id or the end of it.
    pub(super) fn in_case(&self, id: &str) -> bool {
        let rest = self.case.id.strip_suffix(id);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/') || id.starts_with('/'))
    }

    /// Exchanges of the case before this one.
    pub(super) fn earlier(&self) -> Vec<Self> {
        let all = Self::of(self.recording, self.case).into_iter();
        all.filter(|one| one.at < self.at).collect()
    }

    /// Whether it is the last exchange of its case.
    pub(super) fn is_last(&self) -> bool {
        let all = Self::of(self.recording, self.case);
        all.last().is_some_and(|last| last.at == self.at)
    }

    pub(super) fn is_custom(&self) -> bool {
        self.exchange.request.party == "custom"
    }

    pub(super) fn is_org(&self) -> bool {
        self.exchange.request.party == "org"
    }

    fn path(&self) -> String {
        let url = Url::parse(&self.exchange.request.url);
        url.map(|url| url.path().to_owned()).unwrap_or_default()
    }

    /// Whether it was sent to an endpoint of this name.
    pub(super) fn to(&self, endpoint: &str) -> bool {
        self.path().ends_with(endpoint)
    }

    /// A request to a token endpoint for this grant.
    pub(super) fn asks(&self, grant: &str) -> bool {
        self.to("/token") && self.sent("grant_type") == Some(grant)
    }

    /// An exchange for a token of this kind.
    pub(super) fn asks_for(&self, kind: &str) -> bool {
        let asked = self.sent("requested_token_type").unwrap_or_default();
        self.asks(EXCHANGE) && asked.ends_with(kind)
    }

    pub(super) fn address(&self) -> &'r str {
        &self.exchange.request.url
    }

    fn pairs(&self) -> impl Iterator<Item = &'r (String, String)> {
        let request = &self.exchange.request;
        let body: &[(String, String)] = match &request.payload {
            Some(Payload::Form(pairs) | Payload::Json(pairs) | Payload::Multipart(pairs)) => pairs,
            Some(Payload::Text { .. }) | None => &[],
        };
        request.query.iter().chain(body)
    }

    /// A parameter that was sent.
    pub(super) fn sent(&self, name: &str) -> Option<&'r str> {
        let mut pairs = self.pairs();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// How often a parameter was sent.
    pub(super) fn times(&self, name: &str) -> usize {
        self.pairs().filter(|(known, _)| known == name).count()
    }

    /// The kind of body that was sent.
    pub(super) fn sends_json(&self) -> bool {
        matches!(self.exchange.request.payload, Some(Payload::Json(_)))
    }

    /// A token that was sent.
    pub(super) fn sent_token(&self, name: &str) -> Option<&'r Token> {
        self.recording.token(self.sent(name)?)
    }

    /// A header field that was sent.
    pub(super) fn sent_header(&self, name: &str) -> Option<&'r str> {
        header(&self.exchange.request.headers, name)
    }

    /// The client id of a client of the target.
    pub(super) fn client(&self, role: &str) -> Option<&'r str> {
        let client = self.recording.clients.get(role)?;
        Some(&client.client_id)
    }

    pub(super) fn status(&self) -> u16 {
        self.exchange.response.status
    }

    pub(super) fn is_granted(&self) -> bool {
        self.status() == 200
    }

    /// Whether the org refused it. A request that came too late or over a limit was not judged, and what has no code of an
    /// error may be the answer of a firewall.
    pub(super) fn is_refused(&self) -> bool {
        let is_judged = (400..500).contains(&self.status()) && ![408, 429].contains(&self.status());
        is_judged && (self.text("error").is_some() || self.text("errorCode").is_some())
    }

    /// A member of the answer.
    pub(super) fn member(&self, name: &str) -> Option<&'r Value> {
        self.exchange.response.json.as_ref()?.get(name)
    }

    /// A member of the answer that is a string.
    pub(super) fn text(&self, name: &str) -> Option<&'r str> {
        self.member(name)?.as_str()
    }

    /// A token of the answer.
    pub(super) fn token(&self, name: &str) -> Option<&'r Token> {
        self.recording.token(self.text(name)?)
    }

    /// A header field of the answer.
    pub(super) fn header(&self, name: &str) -> Option<&'r str> {
        header(&self.exchange.response.headers, name)
    }

    /// A page of the answer.
    pub(super) fn page(&self) -> Option<&'r str> {
        self.exchange.response.text.as_deref()
    }

    /// A parameter of the redirect, in its query or in its fragment.
    pub(super) fn redirected(&self, name: &str) -> Option<String> {
        let location = self.header("location").unwrap_or_default();
        let (address, fragment) = location.split_once('#').unwrap_or((location, ""));
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let pairs = [query, fragment].into_iter();
        let mut pairs = pairs.flat_map(|pairs| form_urlencoded::parse(pairs.as_bytes()));
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}
