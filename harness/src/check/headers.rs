//! Header fields.

use serde_json::Value;

use super::Judge;
use super::matcher::Subject;
use crate::exchange::Exchange;
use crate::result::Aspect;
use crate::scenario::model::Expectation;

pub(super) fn judge(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    for (name, matcher) in &block.headers {
        let value = exchange.response.header(name).map(Value::from);
        let subject = Subject::text(name, value.as_ref());
        judge.compare(Aspect::Header(name.clone()), matcher, &subject);
    }
}
