//! Decisions that are a switch of the org already: a variation sets it.

use super::{Variation, Variations};
use crate::behaviour::{
    AuthorizeResponseIss, Behaviours, ClientAssertionAudience, ClientAssertionAudienceArray,
    CodeLifetime, ExchangeWithoutScope, FutureSkew, IdJagEmail, IdJagReuse,
    MetadataAnnouncesAgents, PastSkew, RefreshTokenRotation,
};

/// The switches as variations set them; `None` when they stay as they are.
pub(crate) fn behaviours(on: Variations, own: &Behaviours) -> Option<Behaviours> {
    if on.is_empty() {
        return None;
    }
    let mut varied = own.clone();
    for variation in on.iter() {
        set(variation, &mut varied);
    }
    (varied != *own).then_some(varied)
}

fn set(variation: Variation, all: &mut Behaviours) {
    match variation {
        Variation::RedirectIss => all.authorize_response_iss = AuthorizeResponseIss::Yes,
        Variation::RefreshRotated => all.refresh_token_rotation = RefreshTokenRotation::On,
        Variation::CodeShort => all.code_lifetime = CodeLifetime::Seconds60,
        Variation::IdJagEmail => all.id_jag_email = IdJagEmail::Always,
        Variation::MetadataAnnounces => {
            all.metadata_announces_agents = MetadataAnnouncesAgents::Yes;
        }
        Variation::ScopeDefaulted => {
            all.exchange_without_scope = ExchangeWithoutScope::Connection;
        }
        Variation::LeewayPast => all.past_skew = PastSkew::Sixty,
        Variation::LeewayFuture => all.future_skew = FutureSkew::Sixty,
        Variation::IdJagReusable => all.id_jag_reuse = IdJagReuse::UntilExpiry,
        Variation::AssertionIssuer => {
            all.client_assertion_audience = ClientAssertionAudience::EndpointOrIssuer;
        }
        Variation::AssertionList => {
            all.client_assertion_audience_array = ClientAssertionAudienceArray::OneElement;
        }
        _ => {}
    }
}
