//! The front page: what this org is, for a person who is about to use it.

use maud::{Markup, html};

use super::frame::wide_page;

/// What the page shows. All texts are shown as they are.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    /// Name of the org.
    pub org_name: String,
    /// Revision of Okta's guide.
    pub edition: String,
    /// Whom the authorization endpoint takes for signed in, if anybody.
    pub signed_in: Option<String>,
    /// Authorization servers, the org's first.
    pub servers: Vec<ServerOverview>,
    /// People.
    pub users: Vec<UserOverview>,
    /// Apps and agents.
    pub clients: Vec<ClientOverview>,
    /// What agents can be connected to.
    pub connections: Vec<ConnectionOverview>,
    /// APIs of the org, by path, each with the credential that it takes.
    pub apis: Vec<(String, String)>,
    /// Routes of test control: method, path and what it does.
    pub control: Vec<(String, String, String)>,
}

/// An authorization server.
#[derive(Debug, Clone, Default)]
pub struct ServerOverview {
    /// Name.
    pub name: String,
    /// Issuer.
    pub issuer: String,
    /// Its metadata and keys: what each is, and its path.
    pub links: Vec<(&'static str, String)>,
    /// Its own scopes.
    pub scopes: Vec<String>,
}

/// A person.
#[derive(Debug, Clone, Default)]
pub struct UserOverview {
    /// Login.
    pub login: String,
    /// Test password; `None` where it is not shown to everyone who can reach the org.
    pub password: Option<String>,
    /// Why the user cannot sign in, if so.
    pub cannot_sign_in: Option<&'static str>,
}

/// An app or agent.
#[derive(Debug, Clone, Default)]
pub struct ClientOverview {
    /// Name.
    pub name: String,
    /// Client id.
    pub id: String,
    /// Web app, agent and so on.
    pub kind: &'static str,
    /// How it authenticates.
    pub methods: Vec<&'static str>,
    /// Whether it is switched off.
    pub inactive: bool,
    /// Sign-ins that begin here: the server, and the address.
    pub sign_in: Vec<(String, String)>,
}

/// A resource connection.
#[derive(Debug, Clone, Default)]
pub struct ConnectionOverview {
    /// Client id of the agent.
    pub agent: String,
    /// Type, as Okta names it.
    pub kind: &'static str,
    /// What the agent sends as `audience` or `resource`.
    pub resource: String,
    /// Whether it is switched off.
    pub inactive: bool,
}

/// The page.
pub fn overview(of: &Overview) -> String {
    let content = html! {
        p {
            "A mock of an Okta org for tests, following Okta's guide of " (of.edition) ". Nothing here is real: passwords, \
             secrets and tokens protect nothing."
        }
        @if let Some(user) = &of.signed_in {
            p { "Every browser counts as signed in as " strong { (user) } "." }
        }
        (servers(&of.servers))
        (users(&of.users))
        (clients(&of.clients))
        (connections(&of.connections))
        (table("apis", "APIs that take what agents obtain", &["Path", "Takes"], &of.apis, |(path, takes)| html! {
            td { code { (path) } }
            td { (takes) }
        }))
        section aria-labelledby="control" {
            h2 #control { "Test control" }
            p {
                "What clients asked is in the " a href="/_mock/journal" { "journal" } ", and "
                a href="/_mock/health" { "health" } " shows the memory in use. Programs change the org below "
                code { "/_mock/" } "; docs/mock-okta.md describes it with examples."
            }
            details {
                summary { (of.control.len()) " routes" }
                (rows(&["Request", "What it does"], &of.control, |(method, path, summary)| html! {
                    td { code { (method) " " (path) } }
                    td { (summary) }
                }))
            }
        }
    };
    wide_page(&of.org_name, "This is a mock org", &content)
}

fn servers(all: &[ServerOverview]) -> Markup {
    let columns = ["Server", "Issuer", "Published", "Own scopes"];
    table("servers", "Authorization servers", &columns, all, |one| {
        html! {
            td { (one.name) }
            td { code { (one.issuer) } }
            td { @for (name, path) in &one.links { a href=(path) { (name) } " " } }
            td { (one.scopes.join(", ")) }
        }
    })
}

fn users(all: &[UserOverview]) -> Markup {
    table("people", "People", &["Login", "Password"], all, |one| {
        html! {
            td { (one.login) @if let Some(state) = one.cannot_sign_in { " (" (state) ")" } }
            td {
                @match &one.password {
                    Some(password) => code { (password) },
                    None => "not shown here: this org can be reached from other machines",
                }
            }
        }
    })
}

fn clients(all: &[ClientOverview]) -> Markup {
    let columns = ["Client", "Client id", "Authenticates by", "Sign in"];
    let title = "Apps and agents";
    let table = table("clients", title, &columns, all, |one| {
        html! {
            td { (one.name) ", " (one.kind) @if one.inactive { " (inactive)" } }
            td { code { (one.id) } }
            td { (one.methods.join(", ")) }
            td {
                @for (server, address) in &one.sign_in {
                    a href=(address) { "at " (server) span .only-read { " as " (one.name) } } " "
                }
            }
        }
    });
    html! {
        (table)
        p {
            "A sign-in ends at the redirect URI of the client. If nothing listens there, the browser says so, and its address \
             bar holds the code. The links use the PKCE verifier of RFC 7636, appendix B."
        }
    }
}

fn connections(all: &[ConnectionOverview]) -> Markup {
    let columns = ["Agent", "Type", "The agent asks for"];
    let title = "Resource connections";
    table("connections", title, &columns, all, |one| {
        html! {
            td { code { (one.agent) } }
            td { (one.kind) @if one.inactive { " (inactive)" } }
            td { code { (one.resource) } }
        }
    })
}

/// A section with a table; nothing where there is nothing to show.
fn table<T>(
    id: &str,
    title: &str,
    columns: &[&str],
    all: &[T],
    cells: impl Fn(&T) -> Markup,
) -> Markup {
    html! {
        @if !all.is_empty() {
            section aria-labelledby=(id) {
                h2 id=(id) { (title) }
                (rows(columns, all, cells))
            }
        }
    }
}

/// A table that scrolls by itself where the window is narrow.
fn rows<T>(columns: &[&str], all: &[T], cells: impl Fn(&T) -> Markup) -> Markup {
    html! {
        div .scroll tabindex="0" role="region" aria-label=(columns.join(", ")) {
            table {
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { @for one in all { tr { (cells(one)) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_shown_or_its_absence_explained() {
        let page = |password: Option<&str>| {
            overview(&Overview {
                users: vec![UserOverview {
                    login: "ada@example.com".to_owned(),
                    password: password.map(str::to_owned),
                    cannot_sign_in: None,
                }],
                ..Overview::default()
            })
        };
        assert!(page(Some("likes-<engines>")).contains("<code>likes-&lt;engines&gt;</code>"));
        assert!(page(None).contains("not shown here"));
    }

    #[test]
    fn what_an_org_lacks_has_no_heading() {
        let page = overview(&Overview::default());
        assert!(!page.contains("Resource connections"), "{page}");
        assert_eq!(page.matches("<h1>").count(), 1);
    }
}
