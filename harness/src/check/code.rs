//! The internal code of a refusal, where the target shows it.

use super::{Expected, Judge, Outcome, Seen};
use crate::exchange::Exchange;
use crate::result::Aspect;
use crate::scenario::model::Expectation;

pub(super) fn judge(block: &Expectation, exchange: &Exchange, judge: &mut Judge<'_>) {
    let Some(codes) = block
        .code
        .as_ref()
        .filter(|_| judge.cx.shows_internal_codes)
    else {
        return;
    };
    let outcome = match exchange.response.internal_code() {
        Some(code) if codes.value.contains(&code) => Outcome::Held,
        Some(code) => Outcome::Differs(Seen::Words(format!("`{code}`"))),
        None => Outcome::Differs(Seen::Absent),
    };
    let quoted: Vec<_> = codes.value.iter().map(|code| format!("`{code}`")).collect();
    let expected = Expected::plain(quoted.join(" or "));
    judge.push(Aspect::InternalCode, expected, outcome, codes.place);
}
