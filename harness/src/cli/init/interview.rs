//! The questions about an org, in the order in which a target file has their answers.

use url::Url;

use super::ask::{Asker, Choice, Question, Wrong};
use super::key;
use super::options::{Args, Method};
use crate::cli::Trouble;
use crate::init::{
    AgentDetails, AgentDraft, AuthDraft, Directory, Reference, ServerDraft, UserDraft,
};
use crate::targets::config;

/// Where a sign-in ends by default: a port of this machine.
const REDIRECT_URI: &str = "http://localhost:8787/callback";

/// What is asked with, and of which org.
pub(super) struct Interview<'i> {
    pub(super) args: &'i Args,
    pub(super) asker: &'i Asker,
    /// The org's issuer.
    pub(super) org: &'i str,
    pub(super) directory: &'i Directory,
}

impl Interview<'_> {
    /// The agent's client ID: one of those that the org has, or one that is typed.
    pub(super) fn agent(&self) -> Result<String, Trouble> {
        let question = Question {
            option: "--agent CLIENT_ID",
            asks: "The agent's client ID",
            about: "Admin Console: Directory > AI agents > the agent > Client registration > Client ID (wlp…)",
            default: None,
        };
        let agents = &self.directory.agents;
        let given = self.args.agent.as_deref();
        // One that is named need not be listed: the list may be cut off, or the client of another sort.
        if given.is_some() || agents.is_empty() {
            return self.asker.value(given, question, client_id);
        }
        let choices: Vec<Choice> = agents
            .iter()
            .map(|agent| Choice {
                name: agent.id.clone(),
                about: format!("{} ({})", agent.name, agent.status),
            })
            .collect();
        let only = match agents.as_slice() {
            [only] => Some(only.id.as_str()),
            _ => None,
        };
        let question = Question {
            asks: "The agent",
            about: "Agents of the org:",
            default: only,
            ..question
        };
        let chosen = self.asker.choice(None, question, &choices)?;
        Ok(agents[chosen].id.clone())
    }

    /// The rest of the agent.
    pub(super) fn agent_of(
        &self,
        client_id: String,
        details: &AgentDetails,
    ) -> Result<AgentDraft, Trouble> {
        let auth = match self.method()? {
            Method::None => AuthDraft::None,
            Method::Basic => AuthDraft::Basic(self.client_secret()?),
            Method::Post => AuthDraft::Post(self.client_secret()?),
            Method::Key => AuthDraft::Key(key::ask(self.args, self.asker, &details.kids)?),
        };
        let redirect_uri = self.redirect_uri(&details.redirect_uris)?;
        Ok(AgentDraft {
            client_id,
            auth,
            redirect_uri,
        })
    }

    fn method(&self) -> Result<Method, Trouble> {
        let choices = Method::ALL.map(|(_, name, about)| Choice {
            name: name.to_owned(),
            about: about.to_owned(),
        });
        // What goes with one method only answers the question.
        let implied = if self.args.key.is_some() || self.args.new_key.is_some() {
            Some(Method::Key)
        } else {
            None
        };
        let given = self.args.auth.or(implied).map(Method::as_str);
        let question = Question {
            option: "--auth METHOD",
            asks: "How the agent authenticates",
            about: "Admin Console: Directory > AI agents > the agent > Client registration",
            default: Some("private_key_jwt"),
        };
        let chosen = self.asker.choice(given, question, &choices)?;
        Ok(Method::ALL[chosen].0)
    }

    fn client_secret(&self) -> Result<Reference, Trouble> {
        if let Some(file) = &self.args.client_secret_file {
            return Ok(Reference::File(self.args.as_named(file)));
        }
        let question = Question {
            option: "--client-secret-env NAME",
            asks: "The environment variable that holds the client secret",
            about: "The secret itself does not go into the file.",
            default: Some("ATX_AGENT_SECRET"),
        };
        let given = self.args.client_secret_env.as_deref();
        let name = self.asker.value(given, question, variable)?;
        Ok(Reference::Env(name))
    }

    /// One of those of the agent's app that lead to this machine, if there is one.
    fn redirect_uri(&self, registered: &[String]) -> Result<String, Trouble> {
        let is_here = |uri: &&String| {
            let url = Url::parse(uri).ok();
            let host = url.as_ref().and_then(Url::host_str);
            matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
        };
        let default = registered.iter().find(is_here).or(registered.first());
        let mut about = "Admin Console: Applications > the agent's app > General > Sign-in redirect URIs. `atx sign-in` listens there, so it\n\
             should lead to this machine."
            .to_owned();
        if !registered.is_empty() {
            about = format!("{about} Registered: {}", registered.join(", "));
        }
        let question = Question {
            option: "--redirect-uri URI",
            asks: "The redirect URI",
            about: &about,
            default: Some(default.map_or(REDIRECT_URI, String::as_str)),
        };
        let given = self.args.redirect_uri.as_deref();
        self.asker.value(given, question, |typed| {
            let url = Url::parse(typed)
                .ok()
                .filter(|url| url.fragment().is_none());
            url.map(|_| typed.to_owned()).ok_or_else(|| {
                Wrong::new(
                    format!("`{typed}` is no redirect URI"),
                    format!("an absolute address without a fragment, such as {REDIRECT_URI}"),
                )
            })
        })
    }

    /// The custom authorization server and the scopes of the agent there.
    pub(super) fn custom_as(&self, details: &AgentDetails) -> Result<Option<ServerDraft>, Trouble> {
        let Some(issuer) = self.issuer(details)? else {
            return Ok(None);
        };
        let connected = details.servers.iter().find(|one| one.issuer == issuer);
        let allowed = connected.map(|one| one.allowed.join(" "));
        let allowed = allowed.filter(|scopes| !scopes.is_empty());
        let question = Question {
            option: "--scope SCOPES",
            asks: "Scopes that the agent may have there, separated by blanks",
            about: "Admin Console: Directory > AI agents > the agent > Resource connections, and a rule of an access policy of the server",
            default: allowed.as_deref(),
        };
        let scope = self
            .asker
            .optional(self.args.scope.as_deref(), question, scopes)?;
        let ungranted = connected.and_then(|one| one.ungranted.first().cloned());
        let forbidden = connected.and_then(|one| one.forbidden.first().cloned());
        let mut servers = self.directory.servers.iter();
        let server = servers.find(|one| one.issuer == issuer);
        let audience = server.and_then(|one| one.audience.clone());
        Ok(Some(ServerDraft {
            issuer,
            audience,
            scope,
            ungranted_scope: ungranted,
            forbidden_scope: forbidden,
        }))
    }

    fn issuer(&self, details: &AgentDetails) -> Result<Option<String>, Trouble> {
        let servers = &self.directory.servers;
        let connected = |issuer: &str| details.servers.iter().any(|one| one.issuer == issuer);
        let mut lines = Vec::new();
        for server in servers {
            let mut marks = Vec::new();
            if connected(&server.issuer) {
                marks.push("the agent is connected with it");
            }
            if details.named_by.contains(&server.issuer) {
                marks.push("an access policy names the agent");
            }
            let marks = if marks.is_empty() {
                String::new()
            } else {
                format!(": {}", marks.join(", "))
            };
            lines.push(format!(
                "  {}  {} ({}){marks}",
                server.id, server.name, server.issuer
            ));
        }
        let about = if lines.is_empty() {
            "Admin Console: Security > API > Authorization Servers, the id or the Issuer URI; `none` if the agent has none".to_owned()
        } else {
            format!(
                "Custom authorization servers of the org:\n{}",
                lines.join("\n")
            )
        };
        let default = details.servers.first().map(|one| one.issuer.as_str());
        let question = Question {
            option: "--server SERVER",
            asks: "The custom authorization server that the agent is connected with (id or issuer)",
            about: &about,
            default,
        };
        self.asker
            .optional(self.args.server.as_deref(), question, |typed| {
                server_issuer(self.org, typed)
            })
    }

    /// What the agent is connected with besides: of each kind one, or none.
    pub(super) fn resources(
        &self,
        details: &AgentDetails,
    ) -> Result<Vec<(&'static str, String)>, Trouble> {
        let options = &self.args.resources;
        let mut found = Vec::new();
        for (role, option, asks, given) in [
            (
                "secret",
                "--secret ORN",
                "The vaulted secret",
                &options.secret,
            ),
            (
                "service_account",
                "--service-account ORN",
                "The service account",
                &options.service_account,
            ),
            (
                "resource_server",
                "--resource-server URI",
                "The third party's resource indicator",
                &options.resource_server,
            ),
        ] {
            let connected = details.resources.iter().filter(|one| one.role == role);
            let names: Vec<&str> = connected.map(|one| one.name.as_str()).collect();
            let about = if names.is_empty() {
                "Admin Console: Directory > AI agents > the agent > Resource connections; `none` if there is none".to_owned()
            } else {
                format!("Connected with the agent: {}", names.join(", "))
            };
            let question = Question {
                option,
                asks,
                about: &about,
                default: names.first().copied(),
            };
            let name = self.asker.optional(given.as_deref(), question, resource)?;
            found.extend(name.map(|name| (role, name)));
        }
        Ok(found)
    }

    /// The user that scenarios call ada.
    pub(super) fn ada(&self) -> Result<Option<UserDraft>, Trouble> {
        let question = Question {
            option: "--user LOGIN",
            asks: "The login of a test user",
            about: "Admin Console: Directory > People. Somebody who is assigned to the agent's app; `none` leaves the user out",
            default: None,
        };
        let login = self
            .asker
            .optional(self.args.user.as_deref(), question, |typed| {
                let is_login = !typed.contains(char::is_whitespace);
                is_login.then(|| typed.to_owned()).ok_or_else(|| {
                    Wrong::new(
                        format!("`{typed}` is no login"),
                        "what the user types to sign in, such as ada@example.com",
                    )
                })
            })?;
        Ok(login.map(|login| UserDraft { id: None, login }))
    }

    /// Whether more than reading may be sent.
    pub(super) fn is_for_tests(&self) -> Result<bool, Trouble> {
        let question = Question {
            option: "--for-tests",
            asks: "Is the org yours and for tests? (y/n)",
            about: "atx sends wrong requests on purpose, which the org notes in its System Log. In an org that others work with it only reads.",
            default: Some("n"),
        };
        self.asker.is_so(self.args.for_tests, question)
    }
}

fn client_id(typed: &str) -> Result<String, Wrong> {
    let plain = |c: char| c.is_ascii_graphic();
    if typed.chars().all(plain) && !typed.is_empty() {
        Ok(typed.to_owned())
    } else {
        Err(Wrong::new(
            format!("`{typed}` is no client ID"),
            "one word such as wlp0123456789abcdefg",
        ))
    }
}

/// The name of an environment variable.
pub(super) fn variable(typed: &str) -> Result<String, Wrong> {
    if config::is_variable_name(typed) {
        Ok(typed.to_owned())
    } else {
        // It may be the secret itself.
        Err(Wrong::new(
            "this is not the name of an environment variable",
            "letters, digits and underscores; the secret itself is never typed here",
        ))
    }
}

/// A resource indicator or ORN: one word, with a scheme.
fn resource(typed: &str) -> Result<String, Wrong> {
    let is_uri = typed.contains(':') && typed.chars().all(|c| c.is_ascii_graphic());
    is_uri.then(|| typed.to_owned()).ok_or_else(|| {
        Wrong::new(
            format!("`{typed}` is no resource indicator or ORN"),
            "such as orn:okta:pam:… or https://api.example.com",
        )
    })
}

fn scopes(typed: &str) -> Result<String, Wrong> {
    let scopes: Vec<&str> = typed.split_whitespace().collect();
    // RFC 6749 §3.3.
    let is_allowed = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
    let is_scope = |scope: &&str| scope.chars().all(is_allowed) && !scope.contains(',');
    if !scopes.is_empty() && scopes.iter().all(is_scope) {
        Ok(scopes.join(" "))
    } else {
        Err(Wrong::new(
            format!("`{typed}` are no scopes"),
            "words separated by blanks, such as `chat.read chat.history`",
        ))
    }
}

/// The issuer of a custom authorization server of the org, by its id or as it is.
fn server_issuer(org: &str, typed: &str) -> Result<String, Wrong> {
    let below = format!("{org}/oauth2/");
    let id = typed.strip_prefix(&below).unwrap_or(typed);
    let in_id = |c: char| c.is_ascii_alphanumeric();
    if !id.is_empty() && id.chars().all(in_id) && id != "v1" {
        return Ok(format!("{below}{id}"));
    }
    let instead = id.split('/').next().filter(|first| {
        typed.starts_with(&below) && !first.is_empty() && first.chars().all(in_id) && *first != "v1"
    });
    Err(Wrong {
        instead: instead.map(|id| format!("{below}{id}")),
        ..Wrong::new(
            format!("`{typed}` is no custom authorization server of {org}"),
            format!(
                "its id, such as default or aus0123456789abcdefg, or its issuer, such as {below}default"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORG: &str = "https://acme.okta.com";

    #[test]
    fn a_server_goes_by_its_id_or_its_issuer() {
        for typed in ["default", "https://acme.okta.com/oauth2/default"] {
            assert_eq!(
                server_issuer(ORG, typed).unwrap(),
                "https://acme.okta.com/oauth2/default"
            );
        }
        for (wrong, instead) in [
            (
                "https://acme.okta.com/oauth2/default/v1/token",
                Some("https://acme.okta.com/oauth2/default"),
            ),
            (
                "https://acme.okta.com/oauth2/default/",
                Some("https://acme.okta.com/oauth2/default"),
            ),
            ("https://other.okta.com/oauth2/default", None),
            ("https://acme.okta.com", None),
            ("v1", None),
            ("a b", None),
        ] {
            let found = server_issuer(ORG, wrong).unwrap_err();
            assert_eq!(found.instead.as_deref(), instead, "{wrong}");
        }
    }

    #[test]
    fn what_is_typed_is_read_strictly() {
        assert_eq!(scopes(" a.read  b ").unwrap(), "a.read b");
        assert!(resource("orn:okta:pam:1:secrets:1").is_ok() && resource("a b:c").is_err());
        assert!(scopes("a,b").is_err() && scopes("\"a\"").is_err());
        assert!(client_id("wlp 1").is_err());
        assert_eq!(variable("OKTA_API_TOKEN").unwrap(), "OKTA_API_TOKEN");
        let wrong = variable("00Sup3r-s3cret").unwrap_err();
        assert!(!wrong.why.contains("s3cret") && !wrong.cure.contains("s3cret"));
    }
}
