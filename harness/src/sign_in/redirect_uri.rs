//! Where the browser is sent back to, and whether `atx` can wait there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// A redirect URI as it is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectUri {
    /// Plain HTTP on this machine (RFC 8252 section 7.3): `atx` can listen there.
    Loopback {
        /// The first must be free; the others are names of the same host.
        addresses: Vec<SocketAddr>,
        /// Path that the answer comes to.
        path: String,
    },
    /// Somewhere else: a person can copy the address that the browser was sent to.
    Elsewhere {
        /// Why `atx` cannot listen there.
        why: &'static str,
    },
}

impl RedirectUri {
    /// Reads one.
    #[must_use]
    pub fn parse(uri: &str) -> Self {
        let Ok(url) = Url::parse(uri) else {
            return Self::Elsewhere {
                why: "it is not an address",
            };
        };
        let hosts: Vec<IpAddr> = match url.host() {
            Some(Host::Domain("localhost")) => {
                vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
            }
            Some(Host::Ipv4(address)) if address.is_loopback() => vec![address.into()],
            Some(Host::Ipv6(address)) if address.is_loopback() => vec![address.into()],
            _ => {
                return Self::Elsewhere {
                    why: "it is not on this machine (localhost, 127.0.0.1 or [::1])",
                };
            }
        };
        let Some(port) = url
            .port_or_known_default()
            .filter(|_| url.scheme() == "http")
        else {
            return Self::Elsewhere {
                why: "it is not http, and atx has no certificate for it",
            };
        };
        let addresses = hosts.into_iter().map(|host| SocketAddr::new(host, port));
        Self::Loopback {
            addresses: addresses.collect(),
            path: url.path().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listens(uri: &str) -> Option<(Vec<String>, String)> {
        match RedirectUri::parse(uri) {
            RedirectUri::Loopback { addresses, path } => {
                let addresses = addresses.iter().map(ToString::to_string);
                Some((addresses.collect(), path))
            }
            RedirectUri::Elsewhere { .. } => None,
        }
    }

    #[test]
    fn atx_listens_at_loopback_addresses_exactly_as_they_are_registered() {
        for (uri, addresses, path) in [
            (
                "http://localhost:8787/callback",
                &["127.0.0.1:8787", "[::1]:8787"][..],
                "/callback",
            ),
            ("http://127.0.0.1:1/", &["127.0.0.1:1"], "/"),
            ("http://127.0.0.1:1", &["127.0.0.1:1"], "/"),
            ("http://[::1]:2/a/b?x=1", &["[::1]:2"], "/a/b"),
            // The port of plain HTTP.
            ("http://localhost/cb", &["127.0.0.1:80", "[::1]:80"], "/cb"),
        ] {
            let (found, found_path) = listens(uri).unwrap();
            assert_eq!((found, found_path.as_str()), (strings(addresses), path));
        }
    }

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn others_say_why_not() {
        for (uri, part) in [
            ("https://app.example/callback", "this machine"),
            ("http://192.168.1.1:80/", "this machine"),
            ("http://localhost.example:1/", "this machine"),
            ("https://localhost:8787/callback", "not http"),
            ("com.example.app:/callback", "this machine"),
            ("nothing", "not an address"),
        ] {
            let RedirectUri::Elsewhere { why } = RedirectUri::parse(uri) else {
                panic!("{uri}");
            };
            assert!(why.contains(part), "{uri}: {why}");
        }
    }
}
