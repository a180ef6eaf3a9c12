//! Time to the second: every limit at its boundary and one second to either side, by the virtual clock.

use crate::support::{
    ADA, AGENT, Authorize, CHAT, CHAT_TOKEN, Client, ID_JAG, OAUTH_STS, TOKEN, TRACKER, WEB_APP,
    WEB_APP_SECRET,
};
use jiff::SignedDuration;
use mock_okta_core::behaviour::Edition;
use mock_okta_core::keys::ServerName;

/// Five seconds, the default of `future_skew`.
const SKEW: i64 = 5;

fn client() -> Client {
    Client::new(Edition::E2026_10)
}

/// What is answered when `ask` comes one second before, at, and one second after `limit`, each in an org of its own.
fn around<T>(
    limit: i64,
    begin: impl Fn(&Client) -> T,
    ask: impl Fn(&Client, T) -> String,
) -> [String; 3] {
    [limit - 1, limit, limit + 1].map(|seconds| {
        let client = client();
        let what = begin(&client);
        client.wait(seconds);
        ask(&client, what)
    })
}

/// Accepted before the limit, refused at it and after it.
fn ends_at(limit: i64, accepted: &str, refused: &str, answers: &[String; 3]) {
    assert_eq!(*answers, [accepted, refused, refused], "limit {limit}");
}

/// A client assertion with a claim so many seconds from now.
fn assertion(claim: &str, seconds: i64) -> String {
    let client = client();
    let at = client.now.get() + seconds;
    let mut assertion = client.assertion(AGENT, TOKEN).claim(claim, at);
    if claim != "exp" {
        assertion = assertion.claim("exp", client.now.get() + 600);
    }
    client.post_proving(&assertion, TOKEN, &[]).refusal()
}

/// An ID-JAG, signed again by the org, with a claim so many seconds from now.
fn id_jag(claim: &str, seconds: i64) -> String {
    let client = client();
    let id_jag = client.reopened(&client.id_jag(), &ServerName::Org);
    let at = client.now.get() + seconds;
    client.redeem(&id_jag.claim(claim, at).compact()).refusal()
}

const AUTHENTICATED: &str = "400 invalid_request token_request_missing_grant_type";

#[test]
fn a_client_assertion_ends_at_its_exp() {
    let expired = "401 invalid_client client_assertion_expired_token";
    let answers = [-1, 0, 1].map(|seconds| assertion("exp", seconds));
    assert_eq!(answers, [expired, expired, AUTHENTICATED]);
}

#[test]
fn a_client_assertion_ends_at_most_an_hour_ahead() {
    let far = "401 invalid_client client_assertion_expires_too_far_in_future";
    let limit = 3600 + SKEW;
    let answers = [limit - 1, limit, limit + 1].map(|seconds| assertion("exp", seconds));
    assert_eq!(answers, [AUTHENTICATED, AUTHENTICATED, far]);
}

#[test]
fn a_client_assertion_begins_at_its_iat_and_nbf_give_or_take_the_skew() {
    let early = "401 invalid_client client_assertion_issued_at_in_future";
    for claim in ["iat", "nbf"] {
        let answers = [SKEW - 1, SKEW, SKEW + 1].map(|seconds| assertion(claim, seconds));
        assert_eq!(answers, [AUTHENTICATED, AUTHENTICATED, early], "{claim}");
    }
}

#[test]
fn a_jti_is_remembered_until_the_assertion_has_expired() {
    let used = "401 invalid_client client_assertion_already_used";
    let expired = "401 invalid_client client_assertion_expired_token";
    let begin = |client: &Client| {
        let assertion = client.assertion(AGENT, TOKEN);
        client.post_proving(&assertion, TOKEN, &[]);
        assertion
    };
    let answers = around(60, begin, |client, assertion| {
        client.post_proving(&assertion, TOKEN, &[]).refusal()
    });
    assert_eq!(answers, [used, expired, expired]);
}

#[test]
fn a_code_lives_for_three_hundred_seconds() {
    let begin = |client: &Client| Authorize::new().code(client, ADA);
    let answers = around(300, begin, |client, code| {
        client.redeem_code(AGENT, TOKEN, &code).refusal()
    });
    let refused = "400 invalid_grant invalid_authorization_code";
    ends_at(300, "200 - -", refused, &answers);
}

#[test]
fn a_sign_in_must_be_finished_within_ten_minutes() {
    let begin = |client: &Client| Authorize::new().ask(client).location.expect("a page");
    let answers = around(600, begin, |client, page| {
        client.sign_in_at(&page, ADA).refusal()
    });
    ends_at(600, "302 - -", "400 - request_expired", &answers);
}

/// A session's cookie, and what prompt=none answers with it.
fn cookie(client: &Client) -> String {
    let signed_in = Authorize::new().sign_in(client, ADA);
    signed_in.cookie.expect("a session")
}

fn silently(client: &Client, cookie: &str, change: fn(Authorize) -> Authorize) -> String {
    let request = Authorize::new().cookie(cookie).with("prompt", "none");
    change(request).ask(client).refusal()
}

#[test]
fn a_session_ends_after_two_idle_hours() {
    let refused = "302 login_required no_existing_session";
    let answers = around(7200, cookie, |client, cookie| {
        silently(client, &cookie, |request| request)
    });
    ends_at(7200, "302 - -", refused, &answers);
}

#[test]
fn a_session_ends_after_a_day_however_it_is_used() {
    let begin = |client: &Client| {
        let cookie = cookie(client);
        for _ in 0..23 {
            client.wait(3600);
            assert_eq!(silently(client, &cookie, |request| request), "302 - -");
        }
        cookie
    };
    let refused = "302 login_required no_existing_session";
    let answers = around(3600, begin, |client, cookie| {
        silently(client, &cookie, |request| request)
    });
    ends_at(86_400, "302 - -", refused, &answers);
}

#[test]
fn max_age_and_a_sign_on_policy_count_the_last_second_in() {
    let too_old = "302 login_required login_required";
    let answers = around(60, cookie, |client, cookie| {
        silently(client, &cookie, |request| request.with("max_age", "60"))
    });
    assert_eq!(answers, ["302 - -", "302 - -", too_old]);

    let policy = "302 login_required app_sign_on_required";
    let answers = around(60, cookie, |client, cookie| {
        client.edit(|org| {
            let agent = org.clients.get_mut(AGENT).expect("the agent");
            agent.reauthenticate_after = Some(SignedDuration::from_mins(1));
        });
        silently(client, &cookie, |request| request)
    });
    assert_eq!(answers, ["302 - -", "302 - -", policy]);
}

#[test]
fn no_sign_in_is_recent_enough_for_a_max_age_of_zero() {
    let client = client();
    let cookie = cookie(&client);
    let asked = |age: &str| {
        let request = Authorize::new().cookie(&cookie).with("max_age", age);
        request.ask(&client).location.unwrap_or_default()
    };
    assert!(asked("1").contains("code="));
    assert!(asked("0").contains("/signin?"));
}

#[test]
fn an_id_token_stands_for_its_user_for_an_hour() {
    let begin = |client: &Client| client.sign_in().text("id_token");
    let answers = around(3600, begin, |client, id_token| {
        let target = [("audience", CHAT), ("scope", "chat.read")];
        client.exchange(&id_token, ID_JAG, &target).refusal()
    });
    let refused = "400 invalid_grant token_exchange_subject_token_expired";
    ends_at(3600, "200 - -", refused, &answers);
}

#[test]
fn an_id_jag_lives_for_five_minutes() {
    let begin = |client: &Client| client.id_jag();
    let answers = around(300, begin, |client, id_jag| {
        client.redeem(&id_jag).refusal()
    });
    ends_at(300, "200 - -", "400 invalid_grant id_jag_expired", &answers);
}

#[test]
fn an_id_jag_begins_at_its_iat_and_nbf_give_or_take_the_skew() {
    let early = "400 invalid_grant id_jag_issued_in_future";
    for claim in ["iat", "nbf"] {
        let answers = [SKEW - 1, SKEW, SKEW + 1].map(|seconds| id_jag(claim, seconds));
        assert_eq!(answers, ["200 - -", "200 - -", early], "{claim}");
    }
}

#[test]
fn an_id_jag_may_not_be_made_to_live_longer() {
    let long = "400 invalid_grant id_jag_lifetime_too_long";
    let answers = [299, 300, 301].map(|seconds| id_jag("exp", seconds));
    assert_eq!(answers, ["200 - -", "200 - -", long]);
}

#[test]
fn an_access_token_ends_when_its_policy_says() {
    let begin = |client: &Client| client.chat_token();
    let answers = around(3600, begin, |client, token| {
        client.get_as_bearer("/resources/chat", &token).refusal()
    });
    ends_at(3600, "200 - -", "401 invalid_token token_expired", &answers);
}

#[test]
fn an_access_token_begins_at_its_iat_give_or_take_the_skew() {
    let answers = [SKEW - 1, SKEW, SKEW + 1].map(|seconds| {
        let client = client();
        let token = client.chat_token();
        client.wait(-seconds);
        client.get_as_bearer("/resources/chat", &token).refusal()
    });
    let early = "401 invalid_token token_timestamp_invalid";
    assert_eq!(answers, ["200 - -", "200 - -", early]);
}

#[test]
fn introspection_says_inactive_from_the_second_of_exp() {
    let begin = |client: &Client| client.sign_in().text("access_token");
    let answers = around(3600, begin, |client, token| {
        let form = [("token", token.as_str())];
        let answer = client.post_as(AGENT, "/oauth2/v1/introspect", &form);
        answer.body["active"].to_string()
    });
    assert_eq!(answers, ["true", "false", "false"]);
}

fn refresh(client: &Client, token: &str) -> String {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    let answer = client.post_basic(WEB_APP, WEB_APP_SECRET, CHAT_TOKEN, &form);
    answer.refusal()
}

#[test]
fn a_refresh_token_ends_after_an_idle_week() {
    let begin = |client: &Client| client.sign_in_at_chat().text("refresh_token");
    let answers = around(7 * 86_400, begin, |client, token| refresh(client, &token));
    let refused = "400 invalid_grant invalid_refresh_token";
    ends_at(7 * 86_400, "200 - -", refused, &answers);
}

#[test]
fn a_refresh_token_ends_at_its_lifetime_however_it_is_used() {
    // The rule says ninety days; seventeen weeks would be more.
    let begin = |client: &Client| {
        let token = client.sign_in_at_chat().text("refresh_token");
        for _ in 0..15 {
            client.wait(6 * 86_400 - 1);
            assert_eq!(refresh(client, &token), "200 - -");
        }
        token
    };
    let answers = around(15, begin, |client, token| refresh(client, &token));
    let refused = "400 invalid_grant invalid_refresh_token";
    ends_at(90 * 86_400, "200 - -", refused, &answers);
}

#[test]
fn a_data_handle_may_be_followed_for_ten_minutes() {
    let begin = |client: &Client| {
        let id_token = client.sign_in().text("id_token");
        let answer = client.exchange(&id_token, OAUTH_STS, &[("resource", TRACKER)]);
        answer.text("interaction_uri")
    };
    let answers = around(600, begin, |client, uri| client.get(&uri).refusal());
    ends_at(600, "302 - -", "400 - request_expired", &answers);
}

/// Ada lets the agent use the tracker.
fn consent(client: &Client) -> String {
    client.consent(ADA.0, AGENT);
    client.brokered().text("access_token")
}

#[test]
fn a_third_partys_token_is_handed_out_and_taken_for_its_hour() {
    let answers = around(3600, consent, |client, _| client.brokered().refusal());
    let asked_again = "400 interaction_required oauth_sts_interaction_required";
    ends_at(3600, "200 - -", asked_again, &answers);

    let answers = around(3600, consent, |client, token| {
        client.get_as_bearer("/resources/tracker", &token).refusal()
    });
    let refused = "401 invalid_token access_token_invalid";
    ends_at(3600, "200 - -", refused, &answers);
}

#[test]
fn a_refresh_token_of_the_org_ends_after_ninety_idle_days() {
    let limit = 90 * 86_400;
    let begin = |client: &Client| client.sign_in().text("refresh_token");
    let answers = around(limit, begin, |client, token| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &token)];
        client.post_as(AGENT, TOKEN, &form).refusal()
    });
    let refused = "400 invalid_grant invalid_refresh_token";
    ends_at(limit, "200 - -", refused, &answers);
}

#[test]
fn a_tolerance_behind_lasts_to_its_second_and_lets_nothing_be_used_twice() {
    let tolerant = |client: &Client| client.set_switch("past_skew", "5s");
    let begin = |client: &Client| {
        tolerant(client);
        client.id_jag()
    };
    let answers = around(305, begin, |client, id_jag| {
        client.redeem(&id_jag).refusal()
    });
    ends_at(305, "200 - -", "400 invalid_grant id_jag_expired", &answers);

    let begin = |client: &Client| {
        tolerant(client);
        client.sign_in().text("id_token")
    };
    let answers = around(3605, begin, |client, id_token| {
        let target = [("audience", CHAT), ("scope", "chat.read")];
        client.exchange(&id_token, ID_JAG, &target).refusal()
    });
    let refused = "400 invalid_grant token_exchange_subject_token_expired";
    ends_at(3605, "200 - -", refused, &answers);

    let client = client();
    tolerant(&client);
    let id_jag = client.id_jag();
    client.wait(299);
    assert_eq!(client.redeem(&id_jag).refusal(), "200 - -");
    client.wait(3);
    let replayed = "400 invalid_grant id_jag_replayed";
    assert_eq!(client.redeem(&id_jag).refusal(), replayed);
}
