//! `http`: any other request.

use strict_yaml::{Problem, Problems};

use super::parts::{names, templates};
use super::wording::{detail, parameters};
use super::written::{KindForm, Written};
use super::{Action, Changeable, Description, Method, Redirects, StepKind};
use crate::scenario::form::{Named, form};
use crate::scenario::model::{Params, Template};

/// A request as the scenario writes it.
#[derive(Debug, Clone)]
pub struct Http {
    /// HTTP method.
    pub method: String,
    /// Address.
    pub url: Template,
    /// Header fields.
    pub headers: Params,
    /// Raw body.
    pub body: Option<Template>,
    /// Form body.
    pub form: Option<Params>,
}

form! {
    /// `http`
    HttpForm, "an http step", "http" {
        /// HTTP method.
        required method: Method,
        /// Address.
        required url: Template,
        /// Header fields.
        optional headers: Named<Template>,
        /// The raw body.
        optional body: Template,
        /// The body as a form.
        optional form: Named<Template>,
    }
}

impl KindForm for HttpForm {
    fn action(self, problems: &mut Problems) -> Action {
        if self.body.is_some() && self.form.is_some() {
            let problem = Problem::new(self.place, "a request has one body");
            problems.push(problem.expected("body or form"));
        }
        let http = Http {
            method: self.method.map(|method| method.0).unwrap_or_default(),
            url: self.url.unwrap_or_default(),
            headers: self.headers.unwrap_or_default().into_pairs(),
            body: self.body,
            form: self.form.map(Named::into_pairs),
        };
        http.into()
    }
}

impl Http {
    pub(super) const WRITTEN: &[Written] = &[Written::of::<HttpForm>("http", "Any other request.")];
}

impl StepKind for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn templates(&self) -> Vec<&Template> {
        let mut found = vec![&self.url];
        found.extend(templates(&self.headers));
        found.extend(&self.body);
        found.extend(self.form.iter().flat_map(templates));
        found
    }

    fn changeable(&self) -> Changeable {
        let form = self.form.as_ref();
        Changeable {
            option_keys: &["$method", "$headers", "$url", "$encoding"],
            sent: form.map(|form| names(form, &[])).unwrap_or_default(),
            other_params: &[],
            accepts_new_params: form.is_some(),
        }
    }

    fn describe(&self) -> Description {
        let headers = self.headers.iter();
        let body = self.body.iter();
        Description {
            summary: format!("{} {}", self.method, self.url),
            details: headers
                .map(|(name, value)| (format!("{name}:"), value.to_string()))
                .chain(self.form.iter().flat_map(parameters))
                .chain(body.map(|body| detail("body", body)))
                .collect(),
        }
    }

    fn redirects(&self) -> Redirects {
        Redirects::WhereExpected
    }
}
