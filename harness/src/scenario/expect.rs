//! `expect`: what must come back.

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Place, Problem, Problems, Spanned};

use super::codes;
use super::form::{Defs, Described, Judge, Named, OneOrMany, True, form};
use super::matcher::StatusMatcher;
use super::model::{Condition, Expectation, JwtExpectation, Located, Matcher, RedirectExpectation};
use super::shared::Shared;
use crate::requirement::{Catalogue, RequirementId};

form! {
    /// A block of expectations as written.
    ExpectForm, "an expectation", "expectation" {
        /// A named block of shared.yaml, whose checks are added to those written here.
        optional use_ = "use": Spanned<String>,
        /// Requirements cited instead of the scenario's.
        optional covers: Vec<Spanned<String>>,
        /// Judged only of answers that are like this; of others the whole block is left out.
        optional when: WhenForm,
        /// The status: a number, a list of which one will do, or a matcher.
        optional status: Spanned<StatusMatcher>,
        /// Header fields by name.
        optional headers: Named<Spanned<Matcher>>,
        /// Members of the JSON body by path: `a.b`, `keys.0.kid`, `keys.*.kid`.
        optional body: Named<Spanned<Matcher>>,
        /// JWTs in the body: signature, header and claims.
        optional jwt: OneOrMany<JwtForm>,
        /// The redirect answered.
        optional redirect: RedirectForm,
        /// Internal code, or any of several; compared only where the target shows it.
        optional code: Spanned<OneOrMany<Spanned<String>>>,
        /// The raw body.
        optional text: Spanned<Matcher>,
        /// An HTML page's text.
        optional page: Spanned<Matcher>,
    }
}

form! {
    /// A condition as written.
    WhenForm, "a condition", "when" {
        /// The status: a number, a list of which one will do, or a matcher.
        optional status: Spanned<StatusMatcher>,
        /// Header fields by name.
        optional headers: Named<Spanned<Matcher>>,
        /// Members of the JSON body by path.
        optional body: Named<Spanned<Matcher>>,
        /// Values that earlier steps saved, by name.
        optional saved: Named<Spanned<Matcher>>,
    }
}

form! {
    /// A JWT as written.
    JwtForm, "a JWT expectation", "jwt" {
        /// Where the token stands, such as `body.access_token`.
        required at: BodyPath,
        /// Whose published keys must verify it; none leaves the signature unjudged.
        required signed_by: Judge,
        /// Where there is no token, nothing of it is judged: for answers that may rightly be a refusal.
        optional optional: True,
        /// Where there is a string that is not a JWT, nothing of it is judged: access tokens may be opaque.
        optional opaque: True,
        /// Members of the header.
        optional header: Named<Spanned<Matcher>>,
        /// Claims by path.
        optional claims: Named<Spanned<Matcher>>,
        /// The access token in the same body whose half hash the claim `at_hash` must be, where it is there (OIDC Core
        /// 3.1.3.6).
        optional at_hash_of: BodyPath,
        /// The member of the same body that says how many seconds lie between `iat` and `exp`, where it is there.
        optional lives: BodyPath,
    }
}

form! {
    /// A redirect as written.
    RedirectForm, "a redirect expectation", "redirect" {
        /// The address without its query.
        optional to: Spanned<Matcher>,
        /// Parameters of its query.
        optional query: Named<Spanned<Matcher>>,
    }
}

/// A path that begins with `body.`.
#[derive(Debug, Clone)]
pub(crate) struct BodyPath(String);

impl FromNode for BodyPath {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let path = String::from_node(node, problems)?;
        if path
            .strip_prefix("body.")
            .is_some_and(|rest| !rest.is_empty())
        {
            return Some(Self(path));
        }
        let rest = path.trim_start_matches("body").trim_matches('.');
        let member = if rest.is_empty() {
            "access_token"
        } else {
            rest
        };
        let message = format!("`{path}` does not name a member of the body");
        problems.push(
            Problem::new(node.place, message)
                .expected("a member of the body")
                .help(format!("write `body.{member}`")),
        );
        None
    }
}

impl Described for BodyPath {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "string", "pattern": "^body\\..+$" })
    }
}

/// What expectations are resolved against.
pub(crate) struct Sources<'s> {
    /// Where requirement ids are looked up.
    pub(crate) catalogue: &'s Catalogue,
    /// Where `use` is looked up.
    pub(crate) shared: &'s Shared,
}

/// Resolves blocks; those that cite nothing cite `default`. Without any check is a mistake.
pub(crate) fn resolve(
    forms: OneOrMany<ExpectForm>,
    default: &[RequirementId],
    sources: &Sources<'_>,
    problems: &mut Problems,
) -> Vec<Expectation> {
    let mut blocks = Vec::new();
    for mut form in forms.0 {
        let own_covers = form
            .covers
            .take()
            .map(|covers| sources.catalogue.cite_all(&covers, problems));
        if let Some(name) = form.use_.take() {
            for mut shared in sources.shared.blocks(&name, problems) {
                let shared_covers = shared
                    .covers
                    .take()
                    .map(|covers| sources.catalogue.cite_all(&covers, problems));
                let covers = shared_covers
                    .or_else(|| own_covers.clone())
                    .unwrap_or_else(|| default.to_vec());
                blocks.push(block(shared, covers, problems));
            }
            if !form.has_check() {
                continue;
            }
        }
        if form.has_check() {
            let covers = own_covers.unwrap_or_else(|| default.to_vec());
            blocks.push(block(form, covers, problems));
        } else if !problems.any_within(form.place) {
            problems.push(without_check(form.place));
        }
    }
    blocks
}

/// "this checks nothing".
fn without_check(place: Place) -> Problem {
    Problem::new(place, "this expectation checks nothing")
        .expected("at least one of use, status, headers, body, jwt, redirect, code, text, page")
}

impl ExpectForm {
    /// Whether anything is judged by it, `use` aside.
    fn has_check(&self) -> bool {
        let filled = |named: &Option<Named<Spanned<Matcher>>>| {
            named.as_ref().is_some_and(|named| !named.0.is_empty())
        };
        self.status.is_some()
            || filled(&self.headers)
            || filled(&self.body)
            || self
                .jwt
                .as_ref()
                .is_some_and(|jwts| jwts.0.iter().any(JwtForm::has_check))
            || self
                .redirect
                .as_ref()
                .is_some_and(|redirect| redirect.to.is_some() || filled(&redirect.query))
            || self.code.is_some()
            || self.text.is_some()
            || self.page.is_some()
    }
}

impl JwtForm {
    fn has_check(&self) -> bool {
        let filled =
            |named: &Option<Named<_>>| named.as_ref().is_some_and(|named| !named.0.is_empty());
        self.signed_by.is_some_and(|judge| judge.0.is_some())
            || filled(&self.header)
            || filled(&self.claims)
            || self.at_hash_of.is_some()
            || self.lives.is_some()
    }
}

fn block(form: ExpectForm, covers: Vec<RequirementId>, problems: &mut Problems) -> Expectation {
    let jwts = form.jwt.unwrap_or_default().0;
    for jwt in jwts.iter().filter(|jwt| !jwt.has_check()) {
        if problems.any_within(jwt.place) {
            continue;
        }
        problems.push(
            Problem::new(jwt.place, "nothing is checked of this JWT").help(
                "name the server that signs it under `signed_by`, or give `header` or `claims`",
            ),
        );
    }
    Expectation {
        covers,
        when: form.when.map(|when| condition(when, problems)),
        status: form.status.map(|status| status.map(|status| status.0)),
        headers: form.headers.unwrap_or_default().lower_case(problems),
        body: paths(form.body, problems),
        jwt: jwts
            .into_iter()
            .map(|jwt| jwt_expectation(jwt, problems))
            .collect(),
        redirect: form.redirect.map(|redirect| RedirectExpectation {
            to: redirect.to,
            query: redirect.query.unwrap_or_default().into_pairs(),
            place: redirect.place,
        }),
        code: form.code.map(|codes| {
            codes.map(|codes| {
                let read = codes.0.into_iter();
                read.map(|code| codes::known(code, problems)).collect()
            })
        }),
        text: form.text,
        page: form.page,
    }
}

fn condition(form: WhenForm, problems: &mut Problems) -> Condition {
    let condition = Condition {
        status: form.status.map(|status| status.map(|status| status.0)),
        headers: form.headers.unwrap_or_default().lower_case(problems),
        body: paths(form.body, problems),
        saved: form.saved.unwrap_or_default().into_pairs(),
        place: form.place,
    };
    let is_empty = condition.status.is_none()
        && condition.headers.is_empty()
        && condition.body.is_empty()
        && condition.saved.is_empty();
    if is_empty && !problems.any_within(form.place) {
        problems.push(
            Problem::new(form.place, "this condition holds for every answer")
                .expected("at least one of status, headers, body, saved"),
        );
    }
    condition
}

fn jwt_expectation(form: JwtForm, problems: &mut Problems) -> JwtExpectation {
    JwtExpectation {
        at: form.at.map(|at| at.0).unwrap_or_default(),
        signed_by: form.signed_by.and_then(|judge| judge.0),
        optional: form.optional.is_some(),
        opaque: form.opaque.is_some(),
        header: paths(form.header, problems),
        claims: paths(form.claims, problems),
        at_hash_of: form.at_hash_of.map(|at| at.0),
        lives: form.lives.map(|at| at.0),
        place: form.place,
    }
}

/// Matchers by path, paths checked.
fn paths(
    named: Option<Named<Spanned<Matcher>>>,
    problems: &mut Problems,
) -> Vec<(String, Located<Matcher>)> {
    let named = named.unwrap_or_default();
    for (name, _) in &named.0 {
        if name.value.split('.').any(str::is_empty) {
            problems.push(
                Problem::new(name.place, format!("`{}` is not a path", name.value)).expected(
                    "names joined by single dots, such as `a.b`, `keys.0.kid` or `keys.*.kid`",
                ),
            );
        }
    }
    named.into_pairs()
}
