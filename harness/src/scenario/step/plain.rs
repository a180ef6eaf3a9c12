//! The steps that send one plain request: metadata, keys, userinfo, protected resources, anything else.

use strict_yaml::Problems;

use super::{KindForm, Method, credential};
use crate::scenario::form::{Named, form};
use crate::scenario::model::{Action, Credential, MetadataDocument, ServerRole, Template};

form! {
    /// `metadata`
    MetadataForm, "a metadata step", "metadata" {
        /// Whose.
        required of: ServerRole,
        /// Which; openid-configuration when left out.
        optional document: MetadataDocument,
    }
}

form! {
    /// `keys`
    KeysForm, "a keys step", "keys" {
        /// Whose.
        required of: ServerRole,
    }
}

form! {
    /// `userinfo`
    UserInfoForm, "a userinfo step", "userinfo" {
        /// Server asked; org when left out.
        optional at: ServerRole,
        /// The access token.
        required access_token: Template,
    }
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

form! {
    /// A header field.
    HeaderForm, "a header field", "header" {
        /// Its name.
        required name: String,
        /// Its value.
        required value: Template,
    }
}

form! {
    /// HTTP Basic.
    BasicForm, "basic credentials", "basic" {
        /// The user name.
        required username: Template,
        /// The password.
        required password: Template,
    }
}

impl HeaderForm {
    pub(crate) fn credential(self) -> Credential {
        Credential::Header(
            self.name.unwrap_or_default(),
            self.value.unwrap_or_default(),
        )
    }
}

impl BasicForm {
    pub(crate) fn credential(self) -> Credential {
        Credential::Basic {
            username: self.username.unwrap_or_default(),
            password: self.password.unwrap_or_default(),
        }
    }
}

impl KindForm for MetadataForm {
    fn action(self, _: &mut Problems) -> Action {
        Action::Metadata {
            of: self.of.unwrap_or(ServerRole::Org),
            document: self
                .document
                .unwrap_or(MetadataDocument::OpenIdConfiguration),
        }
    }
}

impl KindForm for KeysForm {
    fn action(self, _: &mut Problems) -> Action {
        Action::Keys {
            of: self.of.unwrap_or(ServerRole::Org),
        }
    }
}

impl KindForm for UserInfoForm {
    fn action(self, _: &mut Problems) -> Action {
        Action::UserInfo {
            at: self.at.unwrap_or(ServerRole::Org),
            access_token: self.access_token.unwrap_or_default(),
        }
    }
}

impl KindForm for CallForm {
    fn action(self, problems: &mut Problems) -> Action {
        let mut written = Vec::new();
        written.extend(self.bearer.map(Credential::Bearer));
        written.extend(self.header.map(HeaderForm::credential));
        written.extend(self.basic.map(BasicForm::credential));
        let shown = credential(written, self.place, problems);
        Action::Call {
            url: self.url.unwrap_or_default(),
            method: self
                .method
                .map_or_else(|| "GET".to_owned(), |method| method.0),
            credential: shown.unwrap_or(Credential::None),
            query: self.query.unwrap_or_default().into_pairs(),
        }
    }
}

impl KindForm for HttpForm {
    fn action(self, problems: &mut Problems) -> Action {
        if self.body.is_some() && self.form.is_some() {
            problems.push(
                strict_yaml::Problem::new(self.place, "a request has one body")
                    .expected("body or form"),
            );
        }
        Action::Http {
            method: self.method.map(|method| method.0).unwrap_or_default(),
            url: self.url.unwrap_or_default(),
            headers: self.headers.unwrap_or_default().into_pairs(),
            body: self.body,
            form: self.form.map(Named::into_pairs),
        }
    }
}
