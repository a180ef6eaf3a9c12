//! The key `management`: a token for the org's management API, which makes exact what `atx doctor` finds.

use strict_yaml::{MapReader, Node, Problem, Problems};

use super::Context;
use crate::targets::ManagementToken;

const FORMS: &str = "`api_token` or `oauth_token`, as a secret";

pub(super) fn read(
    node: &Node,
    cx: &Context<'_>,
    problems: &mut Problems,
) -> Option<ManagementToken> {
    let mut management = MapReader::new(node, problems, "the access to the management API");
    let place = management.place();
    management.guard("api_token");
    management.guard("oauth_token");
    let mut read = |name| {
        let node = management.node(name)?;
        Some(cx.secret(node, management.problems()))
    };
    let (api, oauth) = (read("api_token"), read("oauth_token"));
    management.finish();
    match (api, oauth) {
        (Some(token), None) => token.map(ManagementToken::Api),
        (None, Some(token)) => token.map(ManagementToken::OAuth),
        (None, None) => {
            problems.push(Problem::new(place, "there is no token").expected(FORMS));
            None
        }
        (Some(_), Some(_)) => {
            problems.push(
                Problem::new(place, "there are two tokens, and one is sent")
                    .expected(FORMS)
                    .help("leave out one of them"),
            );
            None
        }
    }
}
