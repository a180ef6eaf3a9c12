use std::collections::BTreeSet;

use super::*;

fn codes(asked: Asked, status: u16, error: &str, description: &str) -> Vec<&'static str> {
    let found = candidates(asked, status, error, description);
    found.iter().map(|row| row.code).collect()
}

#[test]
fn no_code_has_two_rows_and_none_is_on_both_lists() {
    let listed = NOT_BY_SETTING
        .iter()
        .flat_map(|(_, codes)| codes.iter().copied());
    let all: Vec<&str> = rows().map(|row| row.code).chain(listed).collect();
    let distinct: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(distinct.len(), all.len());
    assert!(of_code("no_matching_policy").is_some() && of_code("server_error").is_none());
}

#[test]
fn a_row_says_something_and_its_words_are_in_lower_case() {
    for row in rows() {
        assert!(row.cause.len() > 10 && row.cure.len() > 5, "{}", row.code);
        for words in row.words {
            assert_eq!(*words, words.to_ascii_lowercase(), "{}", row.code);
        }
    }
}

#[test]
fn the_description_chooses_among_the_rows_that_fit() {
    // These descriptions were observed at real orgs (okta.md (f), and third parties' notes).
    let policy =
        "Policy evaluation failed for this request, please check the policy configurations.";
    assert_eq!(
        codes(Asked::AccessToken, 401, "access_denied", policy),
        ["no_matching_policy"]
    );
    let scope = "The following scopes are not allowed for this request: [chat.write].";
    assert_eq!(
        codes(Asked::IdJag, 400, "invalid_scope", scope),
        ["illegal_scope"]
    );
    let audience =
        "The audience claim for client_assertion must be the endpoint invoked for the request.";
    assert_eq!(
        codes(Asked::IdJag, 401, "invalid_client", audience),
        ["client_assertion_invalid_audience"]
    );
    // What says nothing leaves every row that fits.
    let all = codes(Asked::IdJag, 400, "invalid_scope", "no");
    assert!(
        all.contains(&"illegal_scope") && all.contains(&"no_matching_scope"),
        "{all:?}"
    );
    assert!(codes(Asked::Code, 400, "invalid_target", "").is_empty());
    assert!(codes(Asked::IdJag, 200, "invalid_target", "").is_empty());
}
