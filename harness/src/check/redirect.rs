//! Redirects: where to, with which parameters.

use serde_json::Value;

use super::Judge;
use super::matcher::Subject;
use crate::exchange::Exchange;
use crate::result::Aspect;
use crate::scenario::model::Expectation;

pub(super) fn judge(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    let Some(expectation) = &block.redirect else {
        return;
    };
    let location = exchange.redirects_to();
    if let Some(matcher) = &expectation.to {
        let address = location
            .as_deref()
            .and_then(|location| location.split(['?', '#']).next());
        let address = address.map(Value::from);
        let subject = Subject::text("location", address.as_ref());
        judge.compare(Aspect::RedirectTo, matcher, &subject);
    }
    for (name, matcher) in &expectation.query {
        // A parameter in the fragment does not reach the client's server.
        let value = location
            .as_deref()
            .and_then(|location| in_query(location, name));
        let value = value.map(Value::from);
        let subject = Subject::text(name, value.as_ref());
        judge.compare(Aspect::RedirectParameter(name.clone()), matcher, &subject);
    }
}

fn in_query(location: &str, name: &str) -> Option<String> {
    let (before_fragment, _) = location.split_once('#').unwrap_or((location, ""));
    let (_, query) = before_fragment.split_once('?')?;
    form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}
