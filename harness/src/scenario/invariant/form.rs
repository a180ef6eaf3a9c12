//! A rule as written, and what becomes of it.

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Place, Problem, Problems, Spanned};

use super::names;
use crate::requirement::RequirementId;
use crate::scenario::expect::{self, ExpectForm, Sources};
use crate::scenario::form::{Defs, Described, Named, OneOrMany, True, form};
use crate::scenario::model::{
    AppliesTo, At, Endpoint, Expectation, Grant, Issued, Located, Matcher, Outcome, Relation, Rule,
    Shape, TokenKind,
};
use crate::scenario::visit;

form! {
    /// One rule.
    RuleForm, "a rule", "rule" {
        /// Its name; its result is `invariants/` and this.
        required id: Spanned<String>,
        /// One sentence that says what holds.
        required title: String,
        /// Prose, for `atx show`.
        optional about: String,
        /// Requirements cited by checks that cite none themselves.
        required covers: Spanned<Vec<Spanned<String>>>,
        /// The answers, or the tokens in them, of which it must hold.
        required applies_to: AppliesToForm,
        /// What every such answer must be, as in a scenario.
        optional expect: OneOrMany<ExpectForm>,
        /// Members of the header of every such token.
        optional header: Named<Spanned<Matcher>>,
        /// Claims of every such token, by path.
        optional claims: Named<Spanned<Matcher>>,
        /// Types of members of the body, or of claims, where they are there and not null.
        optional types: Named<Spanned<Shape>>,
        /// Something that no matcher can say.
        optional relation: Spanned<Relation>,
    }
}

form! {
    /// Which answers.
    AppliesToForm, "what a rule applies to", "applies-to" {
        /// Tokens of this kind, or of these, instead of whole answers.
        optional token: OneOrMany<TokenKind>,
        /// The endpoint asked, or several.
        optional endpoint: OneOrMany<Endpoint>,
        /// The server asked; any when left out.
        optional at: At,
        /// Whether the request was granted; any when left out.
        optional outcome: Outcome,
        /// The status of the answer, or several.
        optional status: OneOrMany<Status>,
        /// The grant requested, or several.
        optional grant: OneOrMany<Grant>,
        /// Only answers that are known to go back to the sign-in of a user: not those to machines.
        optional signed_in: True,
        /// What was asked for.
        optional issued: OneOrMany<Issued>,
    }
}

/// An HTTP status.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Status(u16);

impl FromNode for Status {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let number = i64::from_node(node, problems)?;
        let status = u16::try_from(number)
            .ok()
            .filter(|status| (100..=599).contains(status));
        if status.is_none() {
            let problem = Problem::new(node.place, format!("{number} is not an HTTP status"));
            problems.push(problem.expected("a number from 100 to 599"));
        }
        status.map(Self)
    }
}

impl Described for Status {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "integer", "minimum": 100, "maximum": 599 })
    }
}

/// Looks every name up. A rule without an id gives `None`; that has been noted.
pub(super) fn resolve(
    form: RuleForm,
    sources: &Sources<'_>,
    problems: &mut Problems,
) -> Option<Rule> {
    let place = form.place;
    let covers = form.covers.map(|covers| {
        if covers.value.is_empty() {
            let problem = Problem::new(covers.place, "a rule covers at least one requirement");
            problems.push(problem.help("cite an id of requirements.yaml"));
        }
        sources.catalogue.cite_all(&covers.value, problems)
    });
    let covers = covers.unwrap_or_default();
    let has_target = form.applies_to.is_some();
    let applies_to = form
        .applies_to
        .map(|form| applies_to(form, problems))
        .unwrap_or_default();
    let about_tokens = !applies_to.tokens.is_empty();
    if about_tokens && form.expect.is_some() {
        problems.push(
            Problem::new(place, "a rule about tokens has no `expect`")
                .help("write `claims` and `header`; or leave `token` out of `applies_to`"),
        );
    }
    let mut expectations = form
        .expect
        .map(|forms| expect::resolve(forms, &covers, sources, problems))
        .unwrap_or_default();
    refuse_unusable(&expectations, place, problems);
    let members = [("header", form.header), ("claims", form.claims)];
    for (part, named) in members {
        let Some(named) = named else { continue };
        if !about_tokens && has_target {
            problems.push(
                Problem::new(place, format!("`{part}` belongs to a rule about tokens"))
                    .help("name the token in `applies_to: { token: … }`"),
            );
        }
        expectations.push(about(part, named, &covers));
    }
    for template in visit::of_expectations(&expectations) {
        names::check(template, problems);
    }
    let types = form.types.unwrap_or_default().into_pairs();
    let types: Vec<_> = types
        .into_iter()
        .map(|(path, shape)| {
            (
                if about_tokens {
                    format!("claims.{path}")
                } else {
                    path
                },
                shape,
            )
        })
        .collect();
    let rule = Rule {
        id: rule_id(form.id?, problems),
        title: form.title.unwrap_or_default(),
        about: form.about,
        covers,
        applies_to,
        expect: expectations,
        types,
        relation: form.relation,
        place,
    };
    let checks = !rule.expect.is_empty() || !rule.types.is_empty() || rule.relation.is_some();
    if !checks && !problems.any_within(place) {
        problems.push(
            Problem::new(place, "this rule checks nothing")
                .expected("at least one of expect, header, claims, types, relation"),
        );
    }
    Some(rule)
}

/// Matchers over a part of a token, as if the token were a body.
fn about(part: &str, named: Named<Spanned<Matcher>>, covers: &[RequirementId]) -> Expectation {
    let pairs = named.into_pairs().into_iter();
    let body: Vec<(String, Located<Matcher>)> = pairs
        .map(|(path, matcher)| (format!("{part}.{path}"), matcher))
        .collect();
    Expectation {
        covers: covers.to_vec(),
        body,
        ..Expectation::default()
    }
}

/// What cannot be judged of every answer: signatures need keys fetched beforehand, and internal codes only a mock shows.
fn refuse_unusable(blocks: &[Expectation], place: Place, problems: &mut Problems) {
    if let Some(jwt) = blocks.iter().flat_map(|block| &block.jwt).next() {
        problems.push(
            Problem::new(jwt.place, "a rule does not look into tokens with `jwt`")
                .help("write a rule that applies to the token: `applies_to: { token: … }`"),
        );
    }
    if blocks.iter().any(|block| block.code.is_some()) {
        let message = "a rule cannot expect an internal code, which only a mock shows";
        problems.push(Problem::new(place, message));
    }
}

fn applies_to(form: AppliesToForm, problems: &mut Problems) -> AppliesTo {
    let tokens = many(form.token);
    let endpoints = many(form.endpoint);
    if tokens.is_empty() && endpoints.is_empty() && !problems.any_within(form.place) {
        problems.push(
            Problem::new(form.place, "this applies to nothing in particular")
                .expected("an `endpoint` or a `token`"),
        );
    }
    let only_token = endpoints.iter().all(|one| *one == Endpoint::Token);
    let grants = many(form.grant);
    let issued = many(form.issued);
    let names_request = !grants.is_empty() || !issued.is_empty();
    if !only_token && names_request {
        problems.push(Problem::new(
            form.place,
            "only a request at the token endpoint has a `grant` and asks for something to be `issued`",
        ));
    }
    AppliesTo {
        tokens,
        endpoints,
        at: form.at,
        outcome: form.outcome.unwrap_or_default(),
        statuses: many(form.status)
            .into_iter()
            .map(|status| status.0)
            .collect(),
        grants,
        issued,
        signed_in: form.signed_in.is_some(),
    }
}

fn many<T>(written: Option<OneOrMany<T>>) -> Vec<T> {
    written.map(|many| many.0).unwrap_or_default()
}

/// Words joined by `-`, in lower case, as the ids of cases.
fn rule_id(id: Spanned<String>, problems: &mut Problems) -> String {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !id.value.split('-').all(is_word) {
        problems.push(
            Problem::new(id.place, format!("`{}` cannot be an id", id.value))
                .expected("words joined by `-`, in lower case"),
        );
    }
    id.value
}
