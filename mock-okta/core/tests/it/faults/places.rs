//! To which requests a fault happens, how often, and how faults are added and ended.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::Org;
use mock_okta_core::{EndpointClass, Fault};
use serde_json::{Value, json};

use super::{KEYS, add, statuses};
use crate::support::{
    ACCOUNT, ADA, AGENT, AUTHORIZE, Authorize, CHAT, CHAT_TOKEN, Client, EXCHANGE, ID_JAG,
    ID_TOKEN, OAUTH_STS, OTHER_AGENT, SECRET, SERVICE_ACCOUNT, TOKEN, TRACKER, VAULTED_SECRET,
    WEB_APP,
};

fn client() -> Client {
    Client::new(Edition::default())
}

#[test]
fn the_next_requests_the_every_so_many_or_all() {
    for (count, expected) in [
        ("", [503, 503, 503, 503, 503, 503]),
        (",next=2", [503, 503, 200, 200, 200, 200]),
        (",every=1", [503, 503, 503, 503, 503, 503]),
        (",every=3", [200, 200, 503, 200, 200, 503]),
    ] {
        let client = client();
        add(&client, &format!("unavailable,endpoint=keys{count}"));
        assert_eq!(statuses(&client, 6), expected, "{count:?}");
    }
}

#[test]
fn the_first_fault_that_is_left_happens_and_the_others_do_not_count() {
    let client = client();
    add(&client, "status=500,endpoint=keys,next=2");
    add(&client, "status=502,next=1");
    add(&client, "status=504,endpoint=keys,every=2");
    assert_eq!(statuses(&client, 6), [500, 500, 502, 200, 504, 200]);
    let counts: Vec<(u64, u64, Option<u64>)> = client
        .core
        .fault_states()
        .iter()
        .map(|one| (one.matched, one.applied, one.left))
        .collect();
    assert_eq!(counts, [(2, 2, Some(0)), (1, 1, Some(0)), (3, 1, None)]);
}

#[test]
fn a_fault_happens_at_its_endpoint_of_every_server_and_nowhere_else() {
    let chosen: &[(&str, &[&str])] = &[
        ("token", &[TOKEN, CHAT_TOKEN]),
        ("authorize", &[AUTHORIZE, "/oauth2/default/v1/authorize"]),
        ("keys", &[KEYS, "/oauth2/default/v1/keys"]),
        (
            "metadata",
            &[
                "/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/oauth2/default",
                "/.well-known/oauth-protected-resource/resources/chat",
            ],
        ),
        ("userinfo", &["/oauth2/v1/userinfo"]),
        ("introspect", &["/oauth2/default/v1/introspect"]),
        ("revoke", &["/oauth2/v1/revoke"]),
        ("logout", &["/oauth2/v1/logout"]),
        ("authn", &["/api/v1/authn"]),
        (
            "management",
            &["/api/v1/logs", "/workload-principals/api/v1/ai-agents"],
        ),
        ("protected-resource", &["/resources/chat"]),
        ("any", &["/", "/signin", "/nowhere"]),
    ];
    let classes: Vec<&str> = EndpointClass::ALL.iter().map(|one| one.as_str()).collect();
    let named: Vec<&str> = chosen.iter().map(|(class, _)| *class).collect();
    assert_eq!(named, classes);
    for (class, _) in chosen {
        let client = Client::managed();
        add(&client, &format!("status=418,endpoint={class}"));
        for (other, paths) in chosen {
            for path in *paths {
                let met = client.get(path).status == 418;
                assert_eq!(met, class == other || *class == "any", "{class} {path}");
            }
        }
    }
}

#[test]
fn a_fault_happens_to_its_client_however_that_says_who_it_is() {
    let client = client();
    add(&client, &format!("status=418,client={AGENT}"));
    let grant = [("grant_type", "client_credentials")];
    let met = |status: u16| status == 418;
    assert!(met(client.post_as(AGENT, TOKEN, &grant).status));
    assert!(!met(client.post_as(OTHER_AGENT, TOKEN, &grant).status));
    let basic = |id: &str| client.post_basic(id, "x", TOKEN, &grant).status;
    assert!(met(basic(AGENT)) && !met(basic(WEB_APP)));
    let form = |id: &str| client.post(TOKEN, &[grant[0], ("client_id", id)]).status;
    assert!(met(form(AGENT)) && !met(form(WEB_APP)));
    let authorize = |id: &str| client.get(&format!("{AUTHORIZE}?client_id={id}")).status;
    assert!(met(authorize(AGENT)) && !met(authorize(WEB_APP)));
    assert!(!met(client.get(KEYS).status));
}

#[test]
fn a_bearer_token_says_whose_request_it_is() {
    let client = client();
    let code = Authorize::new().code(&client, ADA);
    let answer = client.redeem_code(AGENT, TOKEN, &code);
    let token = answer.text("access_token");
    add(&client, &format!("status=418,client={AGENT},next=1"));
    let userinfo = || client.get_as_bearer("/oauth2/v1/userinfo", &token).status;
    assert_eq!([userinfo(), userinfo()], [418, 200]);
}

#[test]
fn an_exchange_is_for_a_type_of_resource() {
    let exchanges = [
        ("authorization-server", ID_JAG, CHAT),
        ("secret", VAULTED_SECRET, SECRET),
        ("service-account", SERVICE_ACCOUNT, ACCOUNT),
        ("resource-server", OAUTH_STS, TRACKER),
    ];
    for (chosen, ..) in exchanges {
        let client = client();
        add(&client, &format!("status=418,resource_type={chosen}"));
        for (kind, requested, resource) in exchanges {
            let form = [
                ("grant_type", EXCHANGE),
                ("requested_token_type", requested),
                ("subject_token_type", ID_TOKEN),
                ("subject_token", "x"),
                ("resource", resource),
            ];
            let met = client.post_as(AGENT, TOKEN, &form).status == 418;
            assert_eq!(met, kind == chosen, "{kind} {chosen}");
        }
        let jwt_bearer = [("grant_type", crate::support::JWT_BEARER)];
        let redeemed = client.post_as(AGENT, CHAT_TOKEN, &jwt_bearer).status == 418;
        assert_eq!(redeemed, chosen == "authorization-server");
        let other = [("grant_type", "client_credentials")];
        assert_ne!(client.post_as(AGENT, TOKEN, &other).status, 418);
    }
}

#[test]
fn faults_are_listed_added_and_ended_by_test_control() {
    let client = client();
    let listed = client
        .control("GET", "faults", &Value::Null)
        .expect("a list");
    assert_eq!(listed["on"], json!([]));
    assert_eq!(listed["faults"][0]["id"], "delay");
    assert_eq!(listed["selection"][0]["name"], "endpoint");

    let fault = json!({ "fault": "unavailable", "retry_after": 7, "endpoint": "keys", "next": 2 });
    let added = client.control("POST", "faults", &fault).expect("added");
    let state = |applied: u64| {
        json!({
            "fault": "unavailable", "retry_after": 7, "takes_effect": false, "endpoint": "keys", "next": 2,
            "number": 1, "matched": applied, "applied": applied, "left": 2 - applied,
        })
    };
    assert_eq!(added, state(0));
    assert_eq!(statuses(&client, 1), [503]);
    let listed = client
        .control("GET", "faults", &Value::Null)
        .expect("a list");
    assert_eq!(listed["on"], json!([state(1)]));

    add(&client, "status=418");
    let missing = client
        .control("DELETE", "faults/7", &Value::Null)
        .expect_err("no such number");
    assert_eq!(
        (missing.status.as_u16(), missing.expected.as_str()),
        (404, "one of 1, 2")
    );
    client
        .control("DELETE", "faults/1", &Value::Null)
        .expect("ended");
    assert_eq!(statuses(&client, 1), [418]);
    client
        .control("DELETE", "faults", &Value::Null)
        .expect("ended");
    assert_eq!(statuses(&client, 1), [200]);
    // Numbers are not given twice.
    assert_eq!(add(&client, "delay").number, 3);
}

#[test]
fn a_mistake_is_refused_and_adds_nothing() {
    let client = client();
    for (fault, error) in [
        (
            json!({ "fault": "dely" }),
            "there is no fault `dely`; did you mean `delay`?",
        ),
        (
            json!({ "fault": "delay", "milliseconds": "long" }),
            "`milliseconds` is `long`",
        ),
        (
            json!({ "fault": "delay", "client": "wlpagentrsa00000001" }),
            "there is no client `wlpagentrsa00000001`; did you mean `wlpagentrsa000000001`?",
        ),
        (
            json!({ "fault": "delay", "next": 1, "every": 2 }),
            "`next` and `every` are both there",
        ),
        (
            json!({ "fault": "delay", "endpoint": "keys", "resource_type": "secret" }),
            "`resource_type` is there and `endpoint` is `keys`",
        ),
        (json!([]), "the body is JSON, but no object"),
    ] {
        let refused = client
            .control("POST", "faults", &fault)
            .expect_err("a mistake");
        assert_eq!(
            (refused.status.as_u16(), refused.error.as_str()),
            (400, error)
        );
    }
    assert!(client.core.fault_states().is_empty());
}

#[test]
fn what_has_happened_for_the_last_time_makes_room() {
    let client = client();
    add(&client, "status=418,endpoint=keys,next=1");
    for _ in 0..99 {
        add(&client, "status=418,endpoint=token");
    }
    let one_more = || client.core.add_fault(Fault::malformed_json());
    let full = one_more().expect_err("too many");
    assert_eq!(full.wrong(), "there are 100 faults already");
    assert_eq!(statuses(&client, 1), [418]);
    assert_eq!(one_more().expect("room").number, 101);
}

/// The default org with this in its section `faults`.
fn org_with(faults: &str) -> Result<Org, String> {
    let text = Org::default_yaml().replacen("\nfaults: []\n", &format!("\nfaults: {faults}\n"), 1);
    assert!(text.contains(faults));
    Org::from_yaml("org.yaml", &text, Edition::default()).map_err(|error| error.to_string())
}

#[test]
fn the_examples_of_the_default_org_can_be_used() {
    let examples: Vec<&str> = Org::default_yaml()
        .lines()
        .filter_map(|line| line.strip_prefix("#   - { fault: "))
        .collect();
    assert_eq!(examples.len(), 3);
    let faults: Vec<String> = examples
        .iter()
        .map(|rest| format!("{{ fault: {rest}"))
        .collect();
    let org = org_with(&format!("[{}]", faults.join(", "))).expect("an org");
    let read: Vec<String> = org
        .faults
        .iter()
        .map(|one| one.fault().to_string())
        .collect();
    assert_eq!(
        read,
        [
            "delay=500,endpoint=token,client=wlpagentrsa000000001,next=3",
            "cut-before=reset,takes_effect=true,resource_type=authorization-server,every=5",
            "status=503,body={\"error\":\"temporarily_unavailable\"},content_type=application/json",
        ]
    );
}

#[test]
fn mistakes_in_an_org_file_are_shown_at_their_place() {
    let mistakes = org_with(
        "
  - { fault: dely }
  - { fault: delay, milliseconds: 0 }
  - { fault: delay, endpont: token }
  - { fault: delay, client: wlpagentrsa00000001 }
  - { fault: delay, next: [1] }
  - { endpoint: token }
  - delay",
    );
    insta::assert_snapshot!(mistakes.expect_err("mistakes"));
}

#[test]
fn a_reset_restores_the_faults_of_the_start() {
    let client = Client::of("faults", || {
        org_with("[{ fault: status, status: 418, endpoint: keys, next: 1 }]").expect("an org")
    });
    assert_eq!(statuses(&client, 2), [418, 200]);
    add(&client, "unavailable");
    client
        .control("POST", "reset", &Value::Null)
        .expect("reset");
    assert_eq!(statuses(&client, 2), [418, 200]);
    // A change of the configuration counts on, unless it names faults.
    client
        .control("PATCH", "org", &json!({ "org": { "name": "Other" } }))
        .expect("changed");
    assert_eq!(statuses(&client, 1), [200]);
    let faults = json!({ "faults": [{ "fault": "html-page", "endpoint": "keys" }] });
    client.control("PATCH", "org", &faults).expect("changed");
    assert_eq!(statuses(&client, 2), [502, 502]);
    client
        .control("PATCH", "org", &json!({ "faults": null }))
        .expect("changed");
    assert_eq!(statuses(&client, 1), [200]);
}
