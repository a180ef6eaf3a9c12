//! Whether an address can be an Okta org's issuer, as far as the address itself shows it.

use std::net::IpAddr;

use thiserror::Error;
use url::{Host, Url};

/// Domains below which Okta's orgs have their addresses, custom domains apart.
const OKTA: [&str; 5] = [
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
];

/// Names below these domains that are no orgs: Okta's own sites.
const SITES: [&str; 9] = [
    "www",
    "login",
    "developer",
    "help",
    "support",
    "status",
    "trust",
    "docs",
    "integrator",
];

/// First parts of the paths of an org's pages.
const PAGES: [&str; 9] = [
    "login", "signin", "app", "admin", "user", "enduser", "home", "sso", "idp",
];

/// Why an address is not an org's issuer, and the address that probably is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{address}` is not the issuer of an org: {why}")]
pub struct WrongAddress {
    /// As given.
    pub address: String,
    /// What it is.
    pub why: String,
    /// What to do.
    pub cure: String,
    /// The address to use in its place, where it follows from this one.
    pub instead: Option<String>,
}

/// The address as it is, if it can be an org's issuer: https, a host, nothing behind it (okta.md (a)).
///
/// # Errors
/// What it is in place of that.
pub fn org_issuer(address: &str) -> Result<String, WrongAddress> {
    let wrong = |why: &str, instead: Option<String>| {
        let cure = match &instead {
            Some(instead) => format!("the org's issuer is probably `{instead}`"),
            None => "give the org's URL, such as https://acme.okta.com; the Admin Console shows it in the menu at the top right"
                .to_owned(),
        };
        Err(WrongAddress {
            address: shown(address),
            why: why.to_owned(),
            cure,
            instead,
        })
    };
    if address.trim().is_empty() {
        return wrong("it is empty", None);
    }
    if !address.contains("://") {
        let instead = of(&format!("https://{}", address.trim()));
        return wrong("it has no scheme", instead);
    }
    let Ok(url) = Url::parse(address) else {
        return wrong("it is not an address", None);
    };
    let instead = of(address);
    if url.scheme() != "https" {
        return match url.scheme() {
            "http" => wrong("an org is asked over https only", instead),
            _ => wrong("it is not an https address", None),
        };
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("it holds a user name or a password", instead);
    }
    let Some(host) = url.host_str() else {
        return wrong("it names no host", None);
    };
    if is_site(host) {
        return wrong("it is a site of Okta's own", None);
    }
    if without_admin(host).is_some() {
        return wrong("it is the Admin Console's address", instead);
    }
    if let Some(what) = path_of(&url) {
        return wrong(&what, instead);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong("an issuer has no query or fragment", instead);
    }
    match &instead {
        Some(issuer) if issuer == address => Ok(address.to_owned()),
        // A slash, upper case, white space around it, the usual port.
        Some(_) if address.trim_end().ends_with('/') => {
            wrong("an Okta issuer has no slash at its end", instead)
        }
        _ => wrong(
            "an issuer is compared letter by letter, in lower case",
            instead,
        ),
    }
}

/// What the path of an address stands for, if it has one.
fn path_of(url: &Url) -> Option<String> {
    let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
    let first = parts.next()?;
    Some(match (first, parts.next()) {
        ("oauth2", Some("v1")) => "it is an endpoint of the org authorization server".to_owned(),
        ("oauth2", Some(server)) => format!(
            "it is that of the custom authorization server `{server}`; give it with --server, and the org's here"
        ),
        (".well-known", _) => "it is the address of metadata".to_owned(),
        ("api" | "workload-principals" | "oauth2", _) => {
            "it is an address of the org's API".to_owned()
        }
        (page, _) if PAGES.contains(&page) => "it is a page of the org".to_owned(),
        _ => "an org's issuer has no path".to_owned(),
    })
}

/// The org that an address belongs to.
fn of(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    let name = match url.host()? {
        Host::Domain(domain) if is_site(domain) => return None,
        Host::Domain(domain) => without_admin(domain).unwrap_or_else(|| domain.to_owned()),
        Host::Ipv4(address) => IpAddr::from(address).to_string(),
        Host::Ipv6(address) => format!("[{address}]"),
    };
    let port = url
        .port()
        .filter(|port| url.scheme() != "http" || *port != 80);
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("https://{name}{port}"))
}

/// The domain of Okta's that a host is below, and what stands before it.
fn below_okta(host: &str) -> Option<(&str, &str)> {
    OKTA.iter().find_map(|domain| {
        let name = host.strip_suffix(domain)?;
        let name = name
            .strip_suffix('.')
            .or_else(|| name.is_empty().then_some(""))?;
        Some((name, *domain))
    })
}

fn is_site(host: &str) -> bool {
    below_okta(host).is_some_and(|(name, _)| name.is_empty() || SITES.contains(&name))
}

/// `acme.okta.com` of `acme-admin.okta.com`.
fn without_admin(host: &str) -> Option<String> {
    let (name, domain) = below_okta(host)?;
    let org = name.strip_suffix("-admin")?;
    Some(format!("{org}.{domain}"))
}

/// Without what could be a password, and not endless.
fn shown(address: &str) -> String {
    const LONGEST: usize = 200;
    let address = match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}…{}", &address[..scheme + 3], &address[at..])
        }
        _ => address.to_owned(),
    };
    let printable = address.chars().filter(|c| !c.is_control());
    printable.take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_org_has_an_https_address_without_a_path() {
        for right in [
            "https://acme.okta.com",
            "https://integrator-1234567.okta.com",
            "https://id.acme.example",
            "https://127.0.0.1:7070",
            "https://localhost:8443",
        ] {
            assert_eq!(org_issuer(right).as_deref(), Ok(right));
        }
    }

    #[test]
    fn each_wrong_address_has_its_reason_and_its_cure() {
        let org = Some("https://acme.okta.com");
        for (address, why, instead) in [
            ("", "it is empty", None),
            ("acme.okta.com", "it has no scheme", org),
            (
                "acme-admin.okta.com/admin/dashboard",
                "it has no scheme",
                org,
            ),
            ("http://acme.okta.com", "over https only", org),
            ("ftp://acme.okta.com", "not an https address", None),
            ("https://acme.okta.com/", "no slash at its end", org),
            ("https://ACME.okta.com", "in lower case", org),
            ("https://acme.okta.com:443", "letter by letter", org),
            ("https://acme-admin.okta.com", "Admin Console", org),
            (
                "https://acme-admin.okta.com/admin/apps/active",
                "Admin Console",
                org,
            ),
            (
                "https://acme-admin.oktapreview.com",
                "Admin Console",
                Some("https://acme.oktapreview.com"),
            ),
            (
                "https://acme.okta.com/oauth2/default",
                "custom authorization server `default`",
                org,
            ),
            (
                "https://acme.okta.com/oauth2/aus1/v1/token",
                "custom authorization server `aus1`",
                org,
            ),
            ("https://acme.okta.com/oauth2/v1/token", "an endpoint", org),
            (
                "https://acme.okta.com/.well-known/openid-configuration",
                "metadata",
                org,
            ),
            ("https://acme.okta.com/api/v1/users", "the org's API", org),
            ("https://acme.okta.com/login/login.htm", "a page", org),
            ("https://acme.okta.com/app/UserHome", "a page", org),
            ("https://acme.okta.com/other", "no path", org),
            ("https://acme.okta.com?x=1", "query or fragment", org),
            ("https://acme.okta.com#x", "query or fragment", org),
            ("https://ada:hunter2@acme.okta.com", "a password", org),
            ("https://login.okta.com", "a site of Okta's own", None),
            ("https://okta.com", "a site of Okta's own", None),
            ("https://", "not an address", None),
            (
                "https://127.0.0.1:7070/oauth2/default",
                "custom authorization server",
                Some("https://127.0.0.1:7070"),
            ),
        ] {
            let wrong = org_issuer(address).unwrap_err();
            assert!(wrong.why.contains(why), "{address}: {wrong}");
            assert_eq!(wrong.instead.as_deref(), instead, "{address}");
            assert!(!wrong.to_string().contains("hunter2"), "{wrong}");
            if let Some(instead) = &wrong.instead {
                assert_eq!(org_issuer(instead).as_ref(), Ok(instead), "{address}");
            }
        }
    }
}
