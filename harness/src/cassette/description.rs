//! The target of a recording: from what a target file says to what may be kept of it, and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{self, Description};
use super::read::CassetteError;
use crate::evidence::{Pseudonyms, Redacted};
use crate::requirement::Profiles;
use crate::scenario::model::{ClientRole, Edition, RESOURCES, ServerRole, UserRole};
use crate::secret::Secret;
use crate::signing_key::stand_in;
use crate::targets::{
    Client, ClientKey, ControlAccess, Deployment, ENDPOINTS, GivenRefreshToken, GivenTokens,
    Network, Permissions, RegisteredAuth, Resource, SERVER_FACTS, Server, SignInWay, StoredSignIns,
    TargetKind, User,
};

/// What may be kept of a target.
pub(super) fn describe(deployment: &Deployment, made: &mut Pseudonyms) -> Description {
    let control = deployment.control.as_ref().map(|control| model::Control {
        url: made.text(&control.url),
        token: (control.token.as_ref()).map(|token| made.credential(token.expose())),
    });
    let sign_in = deployment.sign_in.as_ref().map(|way| match way {
        SignInWay::Page => model::SignIn::Page,
        SignInWay::Given(tokens) => model::SignIn::Given {
            id_token: made.credential(tokens.id_token.expose()),
            access_token: (tokens.access_token.as_ref())
                .map(|token| made.credential(token.expose())),
        },
        SignInWay::Refresh(given) => model::SignIn::Refresh {
            refresh_token: made.credential(given.token.expose()),
        },
        SignInWay::Browser(_) => model::SignIn::Browser,
        SignInWay::Cache(_) => model::SignIn::Cache,
        SignInWay::Session => model::SignIn::Session,
    });
    let texts = |values: &BTreeMap<&'static str, String>, made: &mut Pseudonyms| {
        let values = values.iter();
        values
            .map(|(name, value)| ((*name).to_owned(), made.text(value)))
            .collect()
    };
    let servers = deployment.servers.iter().map(|(role, server)| {
        let server = model::Server {
            issuer: made.text(&server.issuer),
            endpoints: texts(&server.endpoints, made),
            facts: texts(&server.facts, made),
        };
        (role.as_str().to_owned(), server)
    });
    let authorization_servers = servers.collect();
    let clients = deployment.clients.iter();
    let clients = clients.map(|(role, one)| (role.as_str().to_owned(), client(one, made)));
    let clients = clients.collect();
    let users = deployment.users.iter().map(|(role, user)| {
        let user = model::User {
            id: user.id.as_ref().map(|id| made.text(id)),
            login: made.text(&user.login),
            password: (user.password.as_ref()).map(|secret| made.credential(secret.expose())),
        };
        (role.as_str().to_owned(), user)
    });
    let users = users.collect();
    let resources = deployment.resources.iter().map(|(name, resource)| {
        let mut text = |text: &Option<String>| text.as_ref().map(|text| made.text(text));
        let (api, field, scope) = (
            text(&resource.api),
            text(&resource.field),
            text(&resource.scope),
        );
        let resource = model::Resource {
            resource: made.text(&resource.resource),
            api,
            field,
            scope,
        };
        ((*name).to_owned(), resource)
    });
    let resources = resources.collect();
    Description {
        name: made.text(&deployment.name),
        kind: deployment.kind.as_str().to_owned(),
        edition: deployment.edition.map(|edition| edition.to_string()),
        profiles: (deployment.profiles.iter())
            .map(|profile| profile.as_str().to_owned())
            .collect(),
        shows_internal_codes: deployment.shows_internal_codes,
        consent_page: deployment.consent_page,
        control,
        sign_in,
        authorization_servers,
        clients,
        users,
        resources,
    }
}

fn client(client: &Client, made: &mut Pseudonyms) -> model::Client {
    let (client_secret, key) = match &client.auth {
        RegisteredAuth::None => (None, None),
        RegisteredAuth::ClientSecretBasic(secret) | RegisteredAuth::ClientSecretPost(secret) => {
            (Some(made.credential(secret.expose())), None)
        }
        RegisteredAuth::PrivateKeyJwt(key) => {
            let kid = key.kid.as_ref().map(|kid| made.text(kid));
            let alg = key.alg.clone();
            (None, Some(model::ClientKey { kid, alg }))
        }
    };
    model::Client {
        client_id: made.text(&client.client_id),
        redirect_uri: client.redirect_uri.as_ref().map(|uri| made.text(uri)),
        auth: client.auth.as_str().to_owned(),
        client_secret,
        secret_anywhere: client.secret_anywhere,
        key,
    }
}

/// The target as a replay sees it: with pseudonyms for its secrets and other keys for its clients. `plain` puts tokens in
/// the place of their marks.
pub(super) fn restore(
    description: &Description,
    plain: &dyn Fn(&str) -> String,
) -> Result<Deployment, CassetteError> {
    let text = |text: &Redacted| plain(text);
    let optional = |text: &Option<Redacted>| text.as_ref().map(|text| plain(text));
    let secret = |text: &Redacted| Secret::new(plain(text));
    let kind = [TargetKind::Embedded, TargetKind::Mock, TargetKind::Okta]
        .into_iter()
        .find(|kind| kind.as_str() == description.kind)
        .ok_or_else(|| unknown("kind of target", &description.kind))?;
    let mut profiles = Vec::new();
    for name in &description.profiles {
        let known = Profiles::CHOICE.iter().find(|(known, _)| known == name);
        profiles.push(known.ok_or_else(|| unknown("profile", name))?.1);
    }
    let mut deployment = Deployment {
        name: text(&description.name),
        kind,
        edition: description.edition.as_deref().map(edition).transpose()?,
        profiles: Profiles::of(profiles),
        shows_internal_codes: description.shows_internal_codes,
        writes_out_secrets: false,
        permissions: Permissions::of_a_recording(),
        ca: None,
        network: Network::default(),
        management: None,
        env_file: None,
        control: description.control.as_ref().map(|control| ControlAccess {
            url: text(&control.url),
            token: control.token.as_ref().map(secret),
        }),
        sign_in: description.sign_in.as_ref().map(|way| match way {
            model::SignIn::Page => SignInWay::Page,
            model::SignIn::Given {
                id_token,
                access_token,
            } => SignInWay::Given(GivenTokens {
                id_token: secret(id_token),
                access_token: access_token.as_ref().map(secret),
            }),
            model::SignIn::Refresh { refresh_token } => SignInWay::Refresh(GivenRefreshToken {
                token: secret(refresh_token),
                file: None,
            }),
            model::SignIn::Browser => SignInWay::Browser(StoredSignIns::nowhere()),
            model::SignIn::Cache => SignInWay::Cache(StoredSignIns::nowhere()),
            model::SignIn::Session => SignInWay::Session,
        }),
        consent_page: description.consent_page,
        servers: BTreeMap::new(),
        clients: BTreeMap::new(),
        users: BTreeMap::new(),
        resources: BTreeMap::new(),
    };
    for (name, server) in &description.authorization_servers {
        let role = role("server", name, ServerRole::ALL)?;
        let endpoints = ENDPOINTS.map(|(name, _)| name);
        let restored = Server {
            issuer: text(&server.issuer),
            endpoints: known(&server.endpoints, &endpoints, plain),
            facts: known(&server.facts, &SERVER_FACTS, plain),
        };
        deployment.servers.insert(role, restored);
    }
    for (name, one) in &description.clients {
        let role = role("client", name, ClientRole::ALL)?;
        let client = Client {
            client_id: text(&one.client_id),
            auth: auth(one, plain)?,
            secret_anywhere: one.secret_anywhere,
            redirect_uri: optional(&one.redirect_uri),
        };
        deployment.clients.insert(role, client);
    }
    for (name, user) in &description.users {
        let role = role("user", name, UserRole::ALL)?;
        let user = User {
            id: optional(&user.id),
            login: text(&user.login),
            password: user.password.as_ref().map(secret),
        };
        deployment.users.insert(role, user);
    }
    for (name, resource) in &description.resources {
        let role = RESOURCES.iter().find(|role| role.name == name);
        let role = role.ok_or_else(|| unknown("resource", name))?;
        let resource = Resource {
            resource: text(&resource.resource),
            api: optional(&resource.api),
            field: optional(&resource.field),
            scope: optional(&resource.scope),
        };
        deployment.resources.insert(role.name, resource);
    }
    Ok(deployment)
}

/// An edition by its name.
pub(super) fn edition(name: &str) -> Result<Edition, CassetteError> {
    let mut known = Edition::ALL.into_iter();
    known
        .find(|edition| edition.as_str() == name)
        .ok_or_else(|| unknown("edition", name))
}

fn auth(
    client: &model::Client,
    plain: &dyn Fn(&str) -> String,
) -> Result<RegisteredAuth, CassetteError> {
    let secret = || {
        let secret = client.client_secret.as_ref();
        let missing = || unknown("client without", "client_secret");
        secret
            .map(|secret| Secret::new(plain(secret)))
            .ok_or_else(missing)
    };
    Ok(match client.auth.as_str() {
        "none" => RegisteredAuth::None,
        "client_secret_basic" => RegisteredAuth::ClientSecretBasic(secret()?),
        "client_secret_post" => RegisteredAuth::ClientSecretPost(secret()?),
        "private_key_jwt" => {
            let key = client.key.as_ref();
            let key = key.ok_or_else(|| unknown("client without", "key"))?;
            let made = stand_in(&key.alg).ok_or_else(|| unknown("alg", &key.alg))?;
            RegisteredAuth::PrivateKeyJwt(ClientKey {
                kid: key.kid.as_ref().map(|kid| plain(kid)),
                alg: key.alg.clone(),
                key: Arc::new(made),
                written: Vec::new(),
            })
        }
        other => return Err(unknown("client authentication", other)),
    })
}

/// Those values whose names this version knows.
fn known(
    values: &BTreeMap<String, Redacted>,
    names: &[&'static str],
    plain: &dyn Fn(&str) -> String,
) -> BTreeMap<&'static str, String> {
    let names = names.iter();
    names
        .filter_map(|name| Some((*name, plain(values.get(*name)?))))
        .collect()
}

fn role<R: Copy>(
    what: &'static str,
    name: &str,
    all: &'static [(&'static str, R)],
) -> Result<R, CassetteError> {
    let found = all.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, role)| *role)
        .ok_or_else(|| unknown(what, name))
}

fn unknown(what: &'static str, name: &str) -> CassetteError {
    CassetteError::Unknown {
        what,
        name: name.to_owned(),
    }
}
