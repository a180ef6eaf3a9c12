//! Applies the rules to an exchange.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::classify::{Class, parameter};
use super::lineage::Lineage;
use super::names::ExchangeNames;
use super::relation::{self, Memory, View};
use super::shape;
use super::token::Token;
use crate::check::{self, Context, Expected, Finding, Outcome as Found};
use crate::exchange::{Exchange, Response};
use crate::fill::Names;
use crate::jwks::KeyRing;
use crate::jwt::Jwt;
use crate::result::Aspect;
use crate::scenario::model::{
    Endpoint, Expectation, Invariants, Issued, Located, Matcher, Outcome, Rule, Shape, TokenKind,
};
use crate::targets::{Deployment, Whose};
use crate::value::{Found as At, find};

/// The rules, ready to be applied.
#[derive(Debug, Default)]
pub struct Engine {
    invariants: Arc<Invariants>,
    /// By endpoint: the rules that may apply there.
    at: BTreeMap<Endpoint, Vec<usize>>,
    /// Matchers that hold of what is not there: where they stand and what they look at.
    optional: HashSet<(usize, Aspect)>,
}

/// Everything that is known when an exchange is judged.
pub struct Seen<'s> {
    /// The exchange.
    pub exchange: &'s Exchange,
    /// Names of the target and of the case.
    pub names: &'s dyn Names,
    /// The target.
    pub deployment: &'s Deployment,
    /// The target's clock.
    pub now: i64,
}

/// What one rule says of one exchange.
#[derive(Debug)]
pub struct Judged {
    /// Position of the rule.
    pub rule: usize,
    /// Who answered.
    pub whose: Whose,
    /// One check that was applied: it holds or it does not.
    pub finding: Finding,
    /// The kind of token that it looks at, if the rule is about tokens.
    pub token: Option<TokenKind>,
}

impl Engine {
    /// These rules, without those that `skip` names by position.
    #[must_use]
    pub fn new(invariants: Arc<Invariants>, skip: &BTreeSet<usize>) -> Self {
        let mut at: BTreeMap<Endpoint, Vec<usize>> = BTreeMap::new();
        let mut optional = HashSet::new();
        for (index, rule) in invariants.rules.iter().enumerate() {
            if skip.contains(&index) {
                continue;
            }
            for (_, endpoint) in Endpoint::ALL {
                let asked = &rule.applies_to.endpoints;
                // Tokens are handed out at the token endpoint.
                let applies = if rule.is_about_tokens() && asked.is_empty() {
                    *endpoint == Endpoint::Token
                } else {
                    asked.contains(endpoint)
                };
                if applies {
                    at.entry(*endpoint).or_default().push(index);
                }
            }
            for block in &rule.expect {
                optional.extend(vacuous(block));
            }
        }
        Self {
            invariants,
            at,
            optional,
        }
    }

    /// The rules.
    #[must_use]
    pub fn invariants(&self) -> &Invariants {
        &self.invariants
    }

    /// Judges an exchange and notes what it says for later ones of its case (`lineage`) and of the run (`memory`).
    pub fn judge(
        &self,
        seen: &Seen<'_>,
        lineage: &mut Lineage,
        memory: &Mutex<Memory>,
    ) -> Vec<Judged> {
        let Some(mut class) = Class::of(seen.exchange, seen.deployment) else {
            return Vec::new();
        };
        lineage.begin(seen.exchange, class);
        if seen.exchange.request.by_browser {
            class.role = class.role.or(lineage.walk_role());
        }
        let tokens = tokens(seen.exchange, class);
        let mut judged = Vec::new();
        if let Some(rules) = self.at.get(&class.endpoint) {
            let presented = presented(seen.exchange);
            let names = ExchangeNames {
                case: seen.names,
                exchange: seen.exchange,
                class,
                lineage,
                person: lineage.person(&seen.exchange.request),
                deployment: seen.deployment,
                presented: presented.as_ref().map(|jwt| &jwt.claims),
            };
            let bodies: Vec<Exchange> = tokens
                .iter()
                .map(|token| as_body(token, seen.exchange))
                .collect();
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            let mut about = About {
                engine: self,
                names: &names,
                now: seen.now,
                tokens: &tokens,
                bodies: &bodies,
                memory: &mut memory,
                whose: class.whose,
                judged: &mut judged,
            };
            for &index in rules {
                about.apply(index);
            }
        }
        lineage.note(seen.exchange, class, &tokens, seen.deployment, seen.now);
        judged
    }
}

/// One exchange under judgement.
struct About<'a> {
    engine: &'a Engine,
    names: &'a ExchangeNames<'a>,
    now: i64,
    tokens: &'a [Token],
    /// Each token in place of the body.
    bodies: &'a [Exchange],
    memory: &'a mut Memory,
    whose: Whose,
    judged: &'a mut Vec<Judged>,
}

impl About<'_> {
    fn apply(&mut self, index: usize) {
        let engine = self.engine;
        let rule = &engine.invariants.rules[index];
        if !applies(rule, self.names) {
            return;
        }
        if !rule.is_about_tokens() {
            let exchange = self.names.exchange;
            let body = exchange.response.json.as_ref().unwrap_or(&Value::Null);
            self.one(index, rule, exchange, body, None);
            return;
        }
        let (tokens, bodies) = (self.tokens, self.bodies);
        for (token, exchange) in tokens.iter().zip(bodies) {
            if rule.applies_to.tokens.contains(&token.kind) {
                self.one(index, rule, exchange, &token.json, Some(token));
            }
        }
    }

    /// Applies a rule to an answer, or to a token that stands in place of the body.
    fn one(
        &mut self,
        index: usize,
        rule: &Rule,
        exchange: &Exchange,
        root: &Value,
        token: Option<&Token>,
    ) {
        let cx = Context {
            names: self.names,
            keys: &KeyRing::default(),
            now: self.now,
            shows_internal_codes: false,
        };
        let mut findings = check::evaluate(&rule.expect, exchange, &cx);
        findings.retain(|finding| self.is_applied(finding, exchange, root));
        for (path, shape) in &rule.types {
            findings.extend(typed(rule, path, shape, root));
        }
        if let Some(relation) = &rule.relation {
            let view = View {
                exchange: self.names.exchange,
                class: self.names.class,
                names: self.names,
                tokens: self.tokens,
                token,
            };
            for said in relation::judge(relation.value, &view, self.memory) {
                findings.push(Finding {
                    check: said.check,
                    expected: Expected::plain(said.expected),
                    outcome: said.broken.map_or(Found::Held, Found::Differs),
                    alternative: None,
                    covers: rule.covers.clone(),
                    place: relation.place,
                });
            }
        }
        for mut finding in findings {
            if token.is_some() {
                // The token stood in place of the body.
                finding.check = match finding.check {
                    Aspect::Member(path) => Aspect::in_token(path),
                    other => other,
                };
            }
            self.judged.push(Judged {
                rule: index,
                whose: self.whose,
                finding,
                token: token.map(|token| token.kind),
            });
        }
    }

    /// A check whose reference has no value here was not applied, nor one that asks for nothing of what is not there.
    fn is_applied(&self, finding: &Finding, exchange: &Exchange, root: &Value) -> bool {
        match finding.outcome {
            Found::Unjudged(_) => false,
            Found::Differs(_) => true,
            Found::Held => {
                let key = (finding.place.start, finding.check.clone());
                !self.engine.optional.contains(&key) || is_there(&finding.check, exchange, root)
            }
        }
    }
}

/// Whether a rule is about this kind of exchange.
fn applies(rule: &Rule, names: &ExchangeNames<'_>) -> bool {
    let (wanted, class) = (&rule.applies_to, &names.class);
    let status = names.exchange.response.status;
    wanted.at.is_none_or(|at| class.at() == Some(at))
        && (wanted.outcome == Outcome::Any || class.outcome == Some(wanted.outcome))
        && (wanted.statuses.is_empty() || wanted.statuses.contains(&status))
        && (wanted.grants.is_empty()
            || class
                .grant
                .is_some_and(|grant| wanted.grants.contains(&grant)))
        && (!wanted.signed_in || names.person.is_some_and(|person| person.user.is_some()))
        && (wanted.issued.is_empty()
            || class
                .issued
                .is_some_and(|issued| wanted.issued.contains(&issued)))
}

/// A member of the right type, of another, or nothing where it is not there.
fn typed(rule: &Rule, path: &str, shape: &Located<Shape>, root: &Value) -> Option<Finding> {
    let found = shape::judge(root, path, shape.value)?;
    let outcome = match found {
        Ok(()) => Found::Held,
        Err(wrong) => Found::Differs(check::Seen::Value {
            path: path.to_owned(),
            value: wrong.clone(),
        }),
    };
    Some(Finding {
        check: Aspect::Member(path.to_owned()),
        expected: Expected::plain(shape::words(shape.value)),
        outcome,
        alternative: None,
        covers: rule.covers.clone(),
        place: shape.place,
    })
}

/// The tokens in an answer that are JWTs.
fn tokens(exchange: &Exchange, class: Class) -> Vec<Token> {
    let granted = class.endpoint == Endpoint::Token && class.outcome == Some(Outcome::Success);
    let Some(body) = exchange.response.json.as_ref().filter(|_| granted) else {
        return Vec::new();
    };
    let of_access_token = match class.issued {
        Some(Issued::IdJag) => Some(TokenKind::IdJag),
        Some(Issued::AccessToken) => Some(TokenKind::AccessToken),
        _ => None,
    };
    let members = [
        ("access_token", of_access_token),
        ("id_token", Some(TokenKind::IdToken)),
    ];
    let found = members.into_iter().filter_map(|(member, kind)| {
        let text = body.get(member)?.as_str()?;
        let Jwt { header, claims, .. } = Jwt::decode(text).ok()?;
        Some(Token {
            kind: kind?,
            json: json!({ "header": header, "claims": claims }),
            text: text.to_owned(),
        })
    });
    found.collect()
}

/// An exchange whose body is a token, so that matchers of bodies can be held against it.
fn as_body(token: &Token, exchange: &Exchange) -> Exchange {
    Exchange {
        request: exchange.request.clone(),
        response: Response {
            status: exchange.response.status,
            headers: Vec::new(),
            text: String::new(),
            json: Some(token.json.clone()),
            is_utf8: true,
        },
        elapsed: Duration::ZERO,
    }
}

/// The JWT that a request presents.
fn presented(exchange: &Exchange) -> Option<Jwt> {
    let named = ["subject_token", "assertion", "token"];
    let mut texts = named
        .iter()
        .filter_map(|name| parameter(&exchange.request, name));
    Jwt::decode(texts.next()?).ok()
}

/// Matchers of a block that hold of what is not there, by their place and the name of their check.
fn vacuous(block: &Expectation) -> Vec<(usize, Aspect)> {
    type Named = fn(String) -> Aspect;
    let of = |aspect: Named, pairs: &[(String, Located<Matcher>)]| -> Vec<(usize, Aspect)> {
        let optional = pairs
            .iter()
            .filter(|(_, matcher)| is_optional(&matcher.value));
        optional
            .map(|(name, matcher)| (matcher.place.start, aspect(name.clone())))
            .collect()
    };
    let mut all = of(Aspect::Member, &block.body);
    all.extend(of(Aspect::Header, &block.headers));
    if let Some(redirect) = &block.redirect {
        all.extend(of(Aspect::RedirectParameter, &redirect.query));
    }
    all
}

fn is_optional(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::AbsentOr(_) => true,
        Matcher::Not(inner) => !matches!(**inner, Matcher::Present | Matcher::Absent),
        Matcher::All(all) => all.iter().all(is_optional),
        Matcher::AnyOf(any) => any
            .iter()
            .any(|one| matches!(one, Matcher::Absent) || is_optional(one)),
        _ => false,
    }
}

/// Whether what a check looks at is there.
fn is_there(check: &Aspect, exchange: &Exchange, root: &Value) -> bool {
    let response = &exchange.response;
    match check {
        Aspect::Member(path) => match find(root, path) {
            At::Nothing => false,
            At::One(_) => true,
            At::Each(values) => values.iter().any(Option::is_some),
        },
        Aspect::Header(name) => response.header(name).is_some(),
        Aspect::RedirectParameter(name) => response.redirect_parameter(name).is_some(),
        _ => true,
    }
}
