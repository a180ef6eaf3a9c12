//! The status code.

use super::Judge;
use super::matcher::Subject;
use crate::exchange::Exchange;
use crate::result::Aspect;
use crate::scenario::model::Expectation;

pub(super) fn judge(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    if let Some(matcher) = &block.status {
        let status = exchange.response.status.into();
        judge.compare(
            Aspect::Status,
            matcher,
            &Subject::value("status", Some(&status)),
        );
    }
}
