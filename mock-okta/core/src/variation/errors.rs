//! Refusals in other words and with other members.

use http::Response;

use super::apply::body;
use super::{Variation, unknown};

/// Varies a refusal that is bytes already.
pub(super) fn vary(variation: Variation, response: &mut Response<Vec<u8>>) {
    if variation == Variation::UnknownInError {
        body::change(response, unknown::add_to);
    }
}
