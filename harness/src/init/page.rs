//! The text of a new target file: YAML with a comment on each part, where in the Admin Console its values stand included.

use std::fmt::Write as _;

use super::draft::{AuthDraft, Draft, KeyDraft, Reference, ServerDraft};

/// The whole file.
#[must_use]
pub fn page(draft: &Draft) -> String {
    let sections = [
        head(draft),
        permissions(draft),
        sign_in(),
        management(draft),
        servers(draft),
        clients(draft),
        users(draft),
        resources(draft),
        network(draft),
    ];
    sections.join("\n")
}

fn head(draft: &Draft) -> String {
    format!(
        "# A target of atx, written by `atx init`. docs/targets.md explains every key; `atx schema target` is for editors.\n\
         # Secrets stand elsewhere: in environment variables, in a file `.env` beside this one, or in files of their own.\n\
         target: okta\n\
         name: {}\n\
         # edition: 2026-10                 # of Okta's guide; without the key the newest\n\
         # profiles: [okta]                 # by what the org is judged; without the key by all profiles\n",
        scalar(&draft.name)
    )
}

/// The words of an admin about the org.
fn permissions(draft: &Draft) -> String {
    let off = if draft.is_for_tests { "" } else { "# " };
    format!(
        "# Nothing but reading is sent unless the org is yours and for tests.\n\
         {off}owned: true\n\
         {off}environment: test\n\
         # What may stay changed there, such as logout or revocation: `atx run --plan` says what a run would change.\n\
         allow: []\n\
         # id_jag_budget: 250               # ID-JAGs that a run may have issued for each user\n"
    )
}

fn sign_in() -> String {
    "# How ada signs in: `atx sign-in` opens a browser once and keeps what it gave.\n\
     sign_in: { with: browser }\n"
        .to_owned()
}

fn management(draft: &Draft) -> String {
    let about = "# A token for the management API, which is only read: it makes `atx doctor` exact.\n\
                 # Admin Console: Security > API > Tokens\n";
    match &draft.token {
        Some(token) => format!(
            "{about}management: {{ {}: {} }}\n",
            token.kind.key(),
            reference(&token.reference)
        ),
        None => format!("{about}# management: {{ api_token: {{ env: OKTA_API_TOKEN }} }}\n"),
    }
}

fn servers(draft: &Draft) -> String {
    let mut text = format!(
        "authorization_servers:\n  org: {{ issuer: {} }}\n  \
         # Admin Console: Security > API > Authorization Servers, column Issuer URI. An access policy names the agent, and a rule\n  \
         # of it allows the grant JWT Bearer and the scopes below.\n",
        scalar(&draft.org)
    );
    match &draft.custom_as {
        Some(server) => text.push_str(&custom_as(server)),
        None => {
            let _ = write!(
                text,
                "  # custom_as:\n  #   issuer: {}/oauth2/default\n  \
                 #   scope: chat.read chat.history  # on the agent's connection, separated by blanks\n",
                draft.org
            );
        }
    }
    text
}

fn custom_as(server: &ServerDraft) -> String {
    let mut text = format!("  custom_as:\n    issuer: {}\n", scalar(&server.issuer));
    match &server.audience {
        Some(audience) => {
            let _ = writeln!(text, "    audience: {}", scalar(audience));
        }
        None => text.push_str("    # audience: api://default        # `aud` of its access tokens: Settings, Audience\n"),
    }
    match &server.scope {
        Some(scope) => {
            let _ = writeln!(text, "    scope: {}", scalar(scope));
        }
        None => text.push_str("    # scope: chat.read chat.history  # on the agent's connection, separated by blanks\n"),
    }
    match &server.ungranted_scope {
        Some(scope) => {
            let _ = writeln!(text, "    ungranted_scope: {}", scalar(scope));
        }
        None => text.push_str("    # ungranted_scope: chat.write    # exists at the server, and is not on the agent's connection\n"),
    }
    match &server.forbidden_scope {
        Some(scope) => {
            let _ = writeln!(text, "    forbidden_scope: {}", scalar(scope));
        }
        None => text.push_str(
            "    # forbidden_scope: chat.admin    # on the connection, and allowed by no access policy\n",
        ),
    }
    text.push_str(
        "    # one_scope: chat.history        # one of `scope` that does not open the API\n    \
         # resource: https://api.example.com/chat   # what the agent may send as `resource`\n    \
         # api: https://api.example.com/chat        # takes this server's access tokens\n    \
         # api_needs_scope: chat.read     # the scope that it asks for\n",
    );
    text
}

fn clients(draft: &Draft) -> String {
    let agent = &draft.agent;
    let auth = match &agent.auth {
        AuthDraft::None => "    auth: none\n".to_owned(),
        AuthDraft::Basic(secret) => with_secret("client_secret_basic", secret),
        AuthDraft::Post(secret) => with_secret("client_secret_post", secret),
        AuthDraft::Key(key) => with_key(key),
    };
    format!(
        "clients:\n  \
         # Admin Console: Directory > AI agents > the agent > Client registration\n  \
         agent:\n    client_id: {}\n{auth}    \
         # Sign-in redirect URI of the app that is bound to the agent\n    \
         redirect_uri: {}\n  \
         # web_app:                         # the linked app, which signs users in in edition 2025-10\n  \
         #   client_id: 0oa0000000000000000a\n  \
         #   auth: client_secret_basic\n  \
         #   client_secret: {{ env: ATX_WEB_APP_SECRET }}\n  \
         #   redirect_uri: http://localhost:8787/callback\n",
        scalar(&agent.client_id),
        scalar(&agent.redirect_uri)
    )
}

fn with_secret(method: &str, secret: &Reference) -> String {
    format!(
        "    auth: {method}\n    client_secret: {}\n",
        reference(secret)
    )
}

fn with_key(key: &KeyDraft) -> String {
    let form = if key.is_jwk {
        "private_jwk"
    } else {
        "private_key_pem"
    };
    let kid = match &key.kid {
        Some(kid) => format!("      kid: {}\n", scalar(kid)),
        None => "      # kid: as Okta shows it beside the key\n".to_owned(),
    };
    format!(
        "    auth: private_key_jwt\n    key:\n{kid}      alg: {}\n      {form}: {{ file: {} }}\n",
        scalar(&key.alg),
        scalar(&key.file)
    )
}

fn users(draft: &Draft) -> String {
    let about = "  # Admin Console: Directory > People. Assigned to the agent's app, and entitled to the resources below\n";
    match &draft.ada {
        Some(ada) => {
            let id = match &ada.id {
                Some(id) => format!("id: {}, ", scalar(id)),
                None => String::new(),
            };
            format!(
                "users:\n{about}  ada: {{ {id}login: {} }}\n",
                scalar(&ada.login)
            )
        }
        None => format!(
            "# users:\n{about}  # ada: {{ id: 00u0000000000000000a, login: test.user@example.com }}\n"
        ),
    }
}

/// The resources of an Integrator Free org's agent, as far as the plan has them (okta.md (h)).
const EXAMPLES: [(&str, &str); 3] = [
    ("secret", "orn:okta:pam:00o…:secrets:…"),
    (
        "service_account",
        "orn:okta:pam:00o…:apps:…:service_accounts:…",
    ),
    ("resource_server", "https://tracker.example.com"),
];

fn resources(draft: &Draft) -> String {
    let about = "  # Admin Console: Directory > AI agents > the agent > Resource connections. `resource` is the resource indicator or ORN\n";
    let mut text = if draft.resources.is_empty() {
        "# resources:\n".to_owned()
    } else {
        "resources:\n".to_owned()
    };
    text.push_str(about);
    for (role, resource) in &draft.resources {
        let _ = writeln!(text, "  {role}: {{ resource: {} }}", scalar(resource));
    }
    let has = |role: &str| {
        draft
            .resources
            .iter()
            .any(|(described, _)| *described == role)
    };
    for (role, example) in EXAMPLES.iter().filter(|(role, _)| !has(role)) {
        let _ = writeln!(text, "  # {role}: {{ resource: \"{example}\" }}");
    }
    text
}

fn network(draft: &Draft) -> String {
    let ca = match &draft.ca {
        Some(file) => format!("ca: {{ file: {} }}\n", scalar(file)),
        None => "# ca: { file: ca.pem }             # an authority of your own, such as an inspecting proxy's\n".to_owned(),
    };
    format!(
        "# The network between here and the org\n{ca}\
         # proxy: http://proxy.example:3128   # without the key the environment's HTTPS_PROXY and NO_PROXY\n\
         # max_requests_per_minute: 60      # without the key as many as the org's rate limits leave\n"
    )
}

fn reference(reference: &Reference) -> String {
    match reference {
        Reference::Env(name) => format!("{{ env: {} }}", scalar(name)),
        Reference::File(path) => format!("{{ file: {} }}", scalar(path)),
    }
}

/// A string as YAML, quoted unless it is plainly a string. `${` is text here.
fn scalar(text: &str) -> String {
    let text = text.replace("${", "$${");
    let needs_no_quotes = |c: char| c.is_ascii_alphanumeric() || "._/@:-".contains(c);
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(':')
        && text.chars().all(needs_no_quotes)
        && !["true", "false", "null"].contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        text
    } else {
        // A JSON string is a YAML string (YAML 1.2.2 §1.2).
        serde_json::Value::String(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::draft::sample::{least, whole};
    use super::*;
    use crate::scenario::model::{ClientRole, ServerRole, UserRole};
    use crate::targets::config::{self, Sources};
    use crate::targets::{Deployment, RegisteredAuth};

    fn read(draft: &Draft) -> Deployment {
        let sources = Sources {
            folder: Path::new("/nowhere"),
            // Proxies of the environment are none of the file.
            environment: &|name| {
                let is_proxy = name.to_ascii_lowercase().ends_with("_proxy");
                (!is_proxy).then(|| format!("the value of {name}"))
            },
        };
        let text = page(draft);
        config::parse("atx.yaml", &text, &sources)
            .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
    }

    #[test]
    fn what_was_found_out_is_what_the_file_says() {
        let deployment = read(&whole());
        assert_eq!(deployment.name, "acme");
        let custom = &deployment.servers[&ServerRole::CustomAs];
        assert_eq!(custom.issuer, "https://acme.okta.com/oauth2/default");
        assert_eq!(custom.facts["scope"], "chat.read chat.history");
        assert_eq!(custom.facts["audience"], "https://chat.example.com");
        assert_eq!(custom.facts["ungranted_scope"], "chat.write");
        assert_eq!(custom.facts["forbidden_scope"], "chat.admin");
        let agent = &deployment.clients[&ClientRole::Agent];
        assert_eq!(agent.client_id, "wlp0000000000000001");
        assert!(
            matches!(&agent.auth, RegisteredAuth::ClientSecretPost(secret)
            if secret.expose() == "the value of ATX_AGENT_SECRET")
        );
        assert_eq!(deployment.users[&UserRole::Ada].login, "ada@example.com");
        assert_eq!(
            deployment.resources["secret"].resource,
            "orn:okta:pam:00o1:secrets:1"
        );
        assert!(!deployment.writes_out_secrets);
    }

    #[test]
    fn the_least_is_a_target_too() {
        let deployment = read(&least());
        assert_eq!(deployment.name, "true");
        assert!(deployment.users.is_empty() && deployment.resources.is_empty());
    }

    #[test]
    fn every_comment_can_become_a_key() {
        // Each example in a comment is written so that the hash can be taken away.
        let text = page(&least());
        let uncommented: String = text
            .lines()
            .map(|line| {
                let code = line.trim_start();
                let begins_key = |rest: &str| {
                    let key: String = rest.chars().take_while(|c| *c != ':').collect();
                    let is_key = |c: char| c.is_ascii_lowercase() || c == '_';
                    !key.is_empty()
                        && key.len() < rest.len()
                        && key.trim_start().chars().all(is_key)
                };
                match code.strip_prefix("# ") {
                    Some(rest) if begins_key(rest) && !rest.contains("as Okta shows") => {
                        line.replacen("# ", "", 1)
                    }
                    _ => line.to_owned(),
                }
            })
            .flat_map(|line| [line, "\n".to_owned()])
            .collect();
        let sources = Sources {
            folder: Path::new("/nowhere"),
            environment: &|name| Some(name.to_owned()),
        };
        let problems = match config::parse("atx.yaml", &uncommented, &sources) {
            Ok(_) => String::new(),
            Err(problems) => problems.to_string(),
        };
        // The certificate's file is not there.
        let mistakes = problems.matches("error: ").count();
        assert!(
            mistakes <= 1 && !problems.contains("unknown key"),
            "{problems}\n{uncommented}"
        );
    }

    #[test]
    fn a_string_stays_a_string() {
        for text in [
            "plain",
            "a b",
            "true",
            "1",
            "1e3",
            "a: b",
            "a #b",
            "${X}",
            "it's \"x\"",
            "ends:",
            "-",
            "ä\n",
            "0oa1",
        ] {
            let mut draft = least();
            text.clone_into(&mut draft.name);
            assert_eq!(read(&draft).name, text);
        }
    }
}
