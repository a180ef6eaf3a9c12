//! `call`: a call of a protected resource.

use strict_yaml::Problems;

use super::parts::{names, templates};
use super::written::{KindForm, Written};
use super::{
    Action, BasicForm, Changeable, Description, HeaderForm, Method, StepKind, one_credential,
    presented,
};
use crate::scenario::form::{Named, form};
use crate::scenario::model::{Credential, Params, Template};

/// A call of a protected resource.
#[derive(Debug, Clone)]
pub struct Call {
    /// Address.
    pub url: Template,
    /// HTTP method.
    pub method: String,
    /// Credential presented.
    pub credential: Credential,
    /// Query parameters.
    pub query: Params,
}

form! {
    /// `call`
    CallForm, "a call step", "call" {
        /// Address of the resource.
        required url: Template,
        /// HTTP method; GET when left out.
        optional method: Method,
        /// The credential, as Authorization: Bearer.
        optional bearer: Template,
        /// The credential, in a header field of its own.
        optional header: HeaderForm,
        /// The credential, as HTTP Basic.
        optional basic: BasicForm,
        /// Parameters of the query.
        optional query: Named<Template>,
    }
}

impl KindForm for CallForm {
    fn action(self, problems: &mut Problems) -> Action {
        let mut written = Vec::new();
        written.extend(self.bearer.map(Credential::Bearer));
        written.extend(self.header.map(HeaderForm::credential));
        written.extend(self.basic.map(BasicForm::credential));
        let shown = one_credential(written, self.place, problems);
        let call = Call {
            url: self.url.unwrap_or_default(),
            method: self
                .method
                .map_or_else(|| "GET".to_owned(), |method| method.0),
            credential: shown.unwrap_or(Credential::None),
            query: self.query.unwrap_or_default().into_pairs(),
        };
        call.into()
    }
}

impl Call {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<CallForm>(
        "call",
        "A call of a protected resource.",
    )];
}

impl StepKind for Call {
    fn name(&self) -> &'static str {
        "call"
    }

    fn templates(&self) -> Vec<&Template> {
        let mut found = vec![&self.url];
        found.extend(self.credential.templates());
        found.extend(templates(&self.query));
        found
    }

    fn changeable(&self) -> Changeable {
        Changeable {
            option_keys: &[
                "$method",
                "$headers",
                "$scheme",
                "$url",
                "$bearer",
                "$bearer_jwt",
                "$header",
                "$basic",
            ],
            sent: names(&self.query, &[]),
            other_params: &[],
            accepts_new_params: true,
        }
    }

    fn describe(&self) -> Description {
        let mut details = presented(&self.credential);
        let query = self.query.iter();
        details.extend(query.map(|(name, value)| (format!("query {name}"), value.to_string())));
        Description {
            summary: format!("{} {}", self.method, self.url),
            details,
        }
    }
}
