//! Steps as written: a map with one key that names the kind, and `id`, `expect`, `save` beside it.

mod browser;
mod control;
mod plain;
mod token;

use serde_json::{Value, json};
use strict_yaml::{FromNode, Map, MapReader, Node, Place, Problem, Problems, Spanned};

use super::expect::ExpectForm;
use super::form::{Defs, Described, OneOrMany, Property, Seconds, object};
use super::model::{Action, ClientRole, Credential, Params, ServerRole, Template};
use super::save::SaveForm;

pub(crate) use plain::BasicForm;
pub(crate) use plain::HeaderForm;

/// A step as written.
#[derive(Debug, Clone)]
pub(crate) struct StepForm {
    pub(crate) place: Place,
    pub(crate) id: Option<Spanned<String>>,
    /// The kind's name and what is done; `None` has been noted.
    pub(crate) kind: Option<(&'static str, Action)>,
    pub(crate) expect: Option<OneOrMany<ExpectForm>>,
    /// Whether `expect` was written, readable or not.
    pub(crate) expects: bool,
    pub(crate) save: SaveForm,
}

/// The form of one kind, which makes an action of itself.
trait KindForm: FromNode + Described {
    fn action(self, problems: &mut Problems) -> Action;
}

/// One kind of step.
struct Kind {
    name: &'static str,
    doc: &'static str,
    schema: fn(&mut Defs) -> Value,
    read: fn(&Node, &mut Problems) -> Option<Action>,
}

macro_rules! kind {
    ($name:literal, $doc:literal, $form:ty) => {
        Kind {
            name: $name,
            doc: $doc,
            schema: <$form as Described>::schema,
            read: |node, problems| {
                <$form>::from_node(node, problems).map(|form| form.action(problems))
            },
        }
    };
}

/// All kinds, in the order of a flow.
const KINDS: [Kind; 19] = [
    kind!("metadata", "GET a discovery document.", plain::MetadataForm),
    kind!("keys", "GET the published keys.", plain::KeysForm),
    kind!(
        "sign_in",
        "The whole code flow with PKCE; its response is the token response.",
        browser::SignInForm
    ),
    kind!(
        "authorize",
        "The browser part of the code flow; its response is the final redirect.",
        browser::AuthorizeForm
    ),
    kind!(
        "visit",
        "A browser is sent to an address; its response is the last page or redirect.",
        browser::VisitForm
    ),
    kind!(
        "redeem_code",
        "Token request: authorization_code.",
        token::RedeemCodeForm
    ),
    kind!(
        "exchange",
        "Token request: token exchange.",
        token::ExchangeForm
    ),
    kind!("redeem", "Token request: jwt-bearer.", token::RedeemForm),
    kind!(
        "refresh",
        "Token request: refresh_token.",
        token::RefreshForm
    ),
    kind!("token", "Any other token request.", token::TokenForm),
    kind!(
        "revoke",
        "POST to the revocation endpoint.",
        token::RevokeForm
    ),
    kind!(
        "introspect",
        "POST to the introspection endpoint.",
        token::IntrospectForm
    ),
    kind!("userinfo", "GET userinfo.", plain::UserInfoForm),
    kind!(
        "consent",
        "A browser at the third party's consent page; its response is the last page.",
        browser::ConsentForm
    ),
    kind!("call", "A call of a protected resource.", plain::CallForm),
    kind!(
        "control",
        "A command of the test control.",
        control::ControlForm
    ),
    kind!(
        "sign",
        "Test control signs a JWT again with a server's key; its response has it as `jwt`.",
        control::SignForm
    ),
    kind!(
        "advance_clock",
        "Moves the target's clock forward.",
        Forward
    ),
    kind!("http", "Any other request.", plain::HttpForm),
];

const BESIDE: [&str; 3] = ["id", "expect", "save"];

impl FromNode for StepForm {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let mut reader = MapReader::new(node, problems, "a step");
        node.as_map()?;
        let id = reader.optional_str("id");
        let expect = reader.optional("expect");
        let expects = reader.node("expect").is_some();
        let save = reader.optional("save").unwrap_or_default();
        let mut present = Vec::new();
        for kind in &KINDS {
            present.extend(reader.node(kind.name).map(|node| (kind, node)));
        }
        let kind = match present.as_slice() {
            [(kind, node)] => {
                (kind.read)(node, reader.problems()).map(|action| (kind.name, action))
            }
            [] => {
                if let Some(problem) = no_kind(node) {
                    reader.problems().push(problem);
                }
                None
            }
            [(first, _), (second, node), ..] => {
                reader.problems().push(
                    Problem::new(
                        node.place,
                        format!(
                            "a step does one thing, this one does `{}` and `{}`",
                            first.name, second.name
                        ),
                    )
                    .help("make two steps of it: begin the second with a dash"),
                );
                None
            }
        };
        reader.finish();
        Some(Self {
            place: node.place,
            id,
            kind,
            expect,
            expects,
            save,
        })
    }
}

/// No kind. If there is a key that is not known, that one is noted anyway and says all there is to say.
fn no_kind(node: &Node) -> Option<Problem> {
    let unknown = |map: &Map| {
        map.entries
            .iter()
            .any(|entry| !BESIDE.contains(&entry.key.value.as_str()))
    };
    let kinds = KINDS
        .iter()
        .map(|kind| kind.name)
        .collect::<Vec<_>>()
        .join(", ");
    (!node.as_map().is_some_and(unknown)).then(|| {
        Problem::new(node.place, "this step does nothing")
            .expected(format!("one of the keys {kinds}"))
    })
}

impl Described for StepForm {
    fn schema(defs: &mut Defs) -> Value {
        defs.named("step", |defs| {
            let mut properties = vec![
                Property {
                    key: BESIDE[0],
                    required: false,
                    doc: "Name of the step; its kind when left out.",
                    schema: String::schema(defs),
                },
                Property {
                    key: BESIDE[1],
                    required: false,
                    doc: "What must come back.",
                    schema: OneOrMany::<ExpectForm>::schema(defs),
                },
                Property {
                    key: BESIDE[2],
                    required: false,
                    doc: "Values kept for later steps.",
                    schema: SaveForm::schema(defs),
                },
            ];
            for kind in &KINDS {
                properties.push(Property {
                    key: kind.name,
                    required: false,
                    doc: kind.doc,
                    schema: (kind.schema)(defs),
                });
            }
            let mut step = object(properties);
            if let Value::Object(step) = &mut step {
                let one_kind = KINDS
                    .iter()
                    .map(|kind| json!({ "required": [kind.name] }))
                    .collect::<Vec<_>>();
                step.insert("oneOf".to_owned(), one_kind.into());
            }
            step
        })
    }
}

/// `advance_clock: 61m`.
#[derive(Debug, Clone)]
struct Forward(Spanned<Seconds>);

impl FromNode for Forward {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        FromNode::from_node(node, problems).map(Self)
    }
}

impl Described for Forward {
    fn schema(defs: &mut Defs) -> Value {
        Seconds::schema(defs)
    }
}

impl KindForm for Forward {
    fn action(self, problems: &mut Problems) -> Action {
        let seconds = self.0.value.forward(self.0.place, problems);
        Action::AdvanceClock(std::time::Duration::from_secs(seconds))
    }
}

/// An HTTP method as it goes on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Method(pub(crate) String);

impl FromNode for Method {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let method = String::from_node(node, problems)?;
        if !method.is_empty() && method.chars().all(|c| c.is_ascii_uppercase()) {
            return Some(Self(method));
        }
        problems.push(
            Problem::new(node.place, format!("`{method}` is no HTTP method"))
                .expected("a word in upper case, such as GET or POST"),
        );
        None
    }
}

impl Described for Method {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "string", "pattern": "^[A-Z]+$" })
    }
}

/// Parameters that were written, in this order.
fn params<const N: usize>(named: [(&str, Option<Template>); N]) -> Params {
    named
        .into_iter()
        .filter_map(|(name, template)| Some((name.to_owned(), template?)))
        .collect()
}

/// The roles an action plays with, for what the target must know.
pub(crate) fn roles(action: &Action) -> (Option<ServerRole>, Option<ClientRole>) {
    match action {
        Action::Metadata { of, .. } | Action::Keys { of } => (Some(*of), None),
        Action::SignIn { client, .. } => (Some(ServerRole::Org), Some(*client)),
        Action::Authorize { at, client, .. }
        | Action::Token { at, client, .. }
        | Action::Manage { at, client, .. } => (Some(*at), Some(*client)),
        Action::UserInfo { at, .. } => (Some(*at), None),
        Action::Sign { by, .. } => (Some(*by), None),
        Action::Consent { .. }
        | Action::Visit { .. }
        | Action::Call { .. }
        | Action::Control(_)
        | Action::AdvanceClock(_)
        | Action::Http { .. } => (None, None),
    }
}

/// The one credential that is shown, if any; more than one are noted.
pub(crate) fn credential(
    written: Vec<Credential>,
    place: Place,
    problems: &mut Problems,
) -> Option<Credential> {
    if written.len() > 1 {
        let problem = Problem::new(place, "one credential at a time");
        problems.push(problem.expected("one of bearer, header, basic"));
    }
    written.into_iter().next()
}
