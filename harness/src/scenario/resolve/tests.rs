//! What files come to mean: defaults, needs, what a case inherits.

use proptest::prelude::*;

use crate::requirement::Catalogue;
use crate::scenario::expect::Sources;
use crate::scenario::load;
use crate::scenario::model::{
    Authentication, Capability, ClientRole, Credential, Edition, Mutation, ServerRole, Template,
};
use crate::scenario::shared::Shared;
use crate::scenario::step::{Action, Authorize, FormPost, Request};
use crate::scenario::{Case, Scenario};

const SHARED: &str = "\
ok: { status: 200 }
uncacheable: { covers: [token.cache-headers], headers: { Cache-Control: { contains: no-store } } }
";

const FLOW: &str = "
id: t
title: A flow
resource_type: authorization-server
covers: [redeem.positive]
steps:
  - sign_in: { as: user_client, user: ada, scope: openid email }
    save: { id_token: body.id_token }
  - exchange:
      subject_token: ${id_token}
      requested_token_type: urn:ietf:params:oauth:token-type:id-jag
      audience: ${custom_as.issuer}
      extra: { x: '1' }
    expect:
      - use: ok
      - { use: uncacheable, covers: [idjag.typ], body: { expires_in: { at_most: 300 } } }
      - { use: uncacheable }
    save: { id_jag: body.access_token }
  - redeem: { at: custom_as, assertion: \"${id_jag}\" }
    expect: { status: 200 }
";

fn try_read(text: &str) -> Result<Scenario, strict_yaml::Problems> {
    let shared = Shared::parse("shared.yaml", SHARED, Catalogue::embedded()).unwrap();
    let sources = Sources {
        catalogue: Catalogue::embedded(),
        shared: &shared,
    };
    load::one("t.yaml", "t.yaml", text.as_bytes(), &sources)
}

fn read(text: &str) -> Scenario {
    try_read(text).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The one case of the flow with these lines in it.
fn case(lines: &str) -> Case {
    read(&format!(
        "{FLOW}cases:\n  - {}\n",
        lines.replace('\n', "\n    ")
    ))
    .cases
    .remove(0)
}

fn knows(name: &str) -> Capability {
    Capability::Knows(name.to_owned())
}

fn params(action: &Action) -> Vec<(&str, String)> {
    let (Action::FormPost(FormPost { params, .. }) | Action::Authorize(Authorize { params, .. })) =
        action
    else {
        panic!("no parameters: {action:?}")
    };
    params
        .iter()
        .map(|(name, template)| (name.as_str(), template.to_string()))
        .collect()
}

#[test]
fn defaults_of_an_exchange() {
    let scenario = read(FLOW);
    let Action::FormPost(FormPost {
        request,
        at,
        client,
        ..
    }) = &scenario.steps[1].action
    else {
        panic!()
    };
    assert_eq!(
        (*request, *at, *client),
        (Request::Exchange, ServerRole::Org, ClientRole::Agent)
    );
    assert_eq!(
        params(&scenario.steps[1].action),
        [
            (
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange".to_owned()
            ),
            (
                "requested_token_type",
                "urn:ietf:params:oauth:token-type:id-jag".to_owned()
            ),
            ("subject_token", "${id_token}".to_owned()),
            (
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:id_token".to_owned()
            ),
            ("audience", "${custom_as.issuer}".to_owned()),
            ("x", "1".to_owned()),
        ]
    );
}

#[test]
fn defaults_of_redeeming_a_code() {
    let text = FLOW.replace(
        "  - redeem: {",
        "  - redeem_code: { as: web_app, code: c }\n    expect: { status: 400 }\n  - redeem: {",
    );
    let shown = params(&read(&text).steps[2].action)
        .into_iter()
        .map(|(_, value)| value)
        .collect::<Vec<_>>();
    assert_eq!(
        shown,
        [
            "authorization_code",
            "c",
            "${pkce.verifier}",
            "${web_app.redirect_uri}"
        ]
    );
}

#[test]
fn a_shared_block_stands_where_it_is_used_and_keeps_what_it_cites() {
    let expect = &read(FLOW).steps[1].expect;
    let cited: Vec<_> = expect
        .iter()
        .map(|block| block.covers[0].as_str())
        .collect();
    assert_eq!(
        cited,
        [
            "redeem.positive",
            "token.cache-headers",
            "idjag.typ",
            "token.cache-headers"
        ]
    );
    assert_eq!(expect[0].status.as_ref().unwrap().place.line, 15);
    assert_eq!(expect[1].headers[0].0, "cache-control");
    assert_eq!(expect[2].body[0].0, "expires_in");
}

#[test]
fn needs_follow_from_the_steps() {
    let scenario = read(FLOW);
    for need in [
        Capability::UserSignIn,
        knows("custom_as.issuer"),
        knows("org.issuer"),
        knows("agent.client_id"),
    ] {
        assert!(scenario.needs.contains(&need), "{need:?}");
    }
    assert!(!scenario.needs.contains(&Capability::FreshSignIn));
    let offline = read(&FLOW.replace("openid email", "openid offline_access"));
    assert!(offline.needs.contains(&Capability::FreshSignIn));
    let grace = read(&FLOW.replace("user: ada", "user: grace"));
    assert!(grace.needs.contains(&knows("grace.login")));
}

#[test]
fn a_case_needs_what_it_refers_to() {
    let case = case(
        "id: c\nat: exchange\nchange: { $as: other_agent, scope: \"${custom_as.one_scope} ${random}\", \
         client_assertion: { jwt: { sign_with: web_app } } }\nexpect: { body: { error: { differs_from: \"${secret.field}\" } } }",
    );
    let wanted = [
        "custom_as.one_scope",
        "other_agent.client_id",
        "secret.field",
        "web_app.client_id",
    ];
    let signs = |role| Capability::Authenticates(role, Authentication::Assertion);
    let mut all = wanted.map(knows).to_vec();
    // Whoever signs an assertion has a key.
    all.extend([ClientRole::OtherAgent, ClientRole::WebApp].map(signs));
    assert_eq!(case.needs, all.into_iter().collect());
    assert_eq!((case.at, case.title.as_str()), (1, "C"));
    assert_eq!(case.covers, read(FLOW).covers);
    assert_eq!(case.save[0].name, "id_jag");
}

#[test]
fn what_others_would_see_runs_alone() {
    assert!(!read(FLOW).exclusive);
    let changes = "id: c\nat: exchange\nbefore: [ { control: { suspend_user: ada } } ]\nexpect: { status: 400 }";
    let text = format!("{FLOW}cases:\n  - {}\n", changes.replace('\n', "\n    "));
    let scenario = read(&text);
    assert!(!scenario.exclusive && scenario.cases[0].exclusive);
    assert!(scenario.cases[0].needs.contains(&Capability::Control));
    assert!(scenario.cases[0].needs.contains(&knows("ada.login")));
    assert!(
        !read(&text.replace("title: A flow", "title: A flow\nexclusive: false")).cases[0].exclusive
    );
    let clock = "id: c\nat: exchange\nbefore: [ { advance_clock: 61m } ]\nexpect: { status: 400 }";
    assert!(case(clock).needs.contains(&Capability::Clock));
}

#[test]
fn steps_of_a_kind_are_numbered() {
    let text = FLOW.replace(
        "  - redeem: {",
        "  - keys: { of: org }\n  - keys: { of: custom_as }\n  - redeem: {",
    );
    let ids: Vec<_> = read(&text).steps.into_iter().map(|step| step.id).collect();
    assert_eq!(ids, ["sign_in", "exchange", "keys", "keys-2", "redeem"]);
    let then = case(
        "id: c\nat: redeem\nchange: { scope: x }\nexpect: { status: 400 }\nthen: [ { redeem: { at: org, assertion: x } } ]",
    );
    assert_eq!(then.then[0].id, "redeem-2");
}

#[test]
fn forms_of_a_change() {
    let change = case(
        "id: c\nat: exchange\nchange:\n  subject_token: { double: true }\n  audience: { double: x }\n  x: { drop: true }\n  \
         scope: a\n  grant_type: { lengthen: 9000 }\n  $at: other_custom_as\nexpect: { status: [400, 401] }",
    )
    .change;
    let literal = |template: &Template| template.to_string();
    let shown: Vec<_> = change
        .params
        .iter()
        .map(|(name, mutation)| match mutation {
            Mutation::Double(second) => {
                format!("{name} doubled {:?}", second.as_ref().map(literal))
            }
            Mutation::Set(template) => format!("{name} = {template}"),
            other => format!("{name} {other:?}"),
        })
        .collect();
    let wanted = [
        "subject_token doubled None",
        "audience doubled Some(\"x\")",
        "x Drop",
        "scope = a",
        "grant_type Lengthen(9000)",
    ];
    assert_eq!(shown, wanted);
    assert_eq!(change.at, Some(ServerRole::OtherCustomAs));
}

#[test]
fn a_credential_can_be_withheld() {
    let text = format!(
        "{FLOW}  - call: {{ url: \"${{custom_as.api}}\", bearer: x }}\n    expect: {{ status: 200 }}\ncases:\n  \
         - {{ id: c, at: call, change: {{ $bearer: {{ drop: true }} }}, expect: {{ status: 401 }} }}\n"
    );
    assert!(matches!(
        read(&text).cases[0].change.credential,
        Some(Credential::None)
    ));
}

#[test]
fn editions_are_words_and_a_case_may_narrow_them() {
    let narrowed = case(
        "id: c\nat: exchange\neditions: [2025-10]\nchange: { scope: x }\nexpect: { status: 400 }",
    );
    assert_eq!(narrowed.editions, [Edition::E2025_10]);
}

#[test]
fn a_reference_in_a_shared_block_may_not_be_a_saved_value_of_one_user() {
    let refers = "wants: { body: { token: \"${id_jag}\" } }\n";
    assert!(Shared::parse("shared.yaml", refers, Catalogue::embedded()).is_err());
}

proptest! {
    /// A scenario with a piece cut out or repeated is read or refused with messages that can be shown.
    #[test]
    fn mangled_scenarios_never_panic(from in 0..2000_usize, length in 0..60_usize, to in 0..2000_usize, junk in "[-:{}\\[\\]$ \\n\"'a]{0,6}") {
        let text = format!("{FLOW}{}", include_str!("../../../../tests/fixtures/scenarios/bad/bad-change.yaml").split("cases:").nth(1).map(|cases| format!("cases:{cases}")).unwrap_or_default());
        let at = |n: usize| n % text.len();
        let (from, to) = (at(from), at(to));
        let piece = text.get(from..(from + length).min(text.len())).unwrap_or_default();
        let without = text.replacen(piece, &junk, usize::from(!piece.is_empty()));
        let (head, tail) = without.split_at_checked(to.min(without.len())).unwrap_or((&without, ""));
        if let Err(problems) = try_read(&format!("{head}{piece}{tail}")) {
            prop_assert!(problems.to_string().contains("error: "));
        }
    }
}
