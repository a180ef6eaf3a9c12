//! Which proxy a request goes through: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` as curl and others read them, or what a
//! target file says. What is on this machine is asked directly.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::secret::Secret;

/// The proxies for requests, by scheme, and the hosts that are asked directly.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    direct: Vec<Direct>,
}

/// A proxy.
#[derive(Clone)]
pub struct Proxy {
    /// With user and password.
    url: Url,
}

/// Hosts that are asked directly.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Direct {
    All,
    /// An address, how many of its bits count, and perhaps the only port.
    Network(IpAddr, u8, Option<u16>),
    /// A domain and what lies below it, perhaps at one port only.
    Domain(String, Option<u16>),
}

impl Proxy {
    /// Reads an address: `http://host:port`, `https://…`, or `host:port`.
    ///
    /// # Errors
    /// What is wrong with it, in words without the address: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let url = Url::parse(&with_scheme)
            .map_err(|_| "it is not an address such as http://proxy.example:3128")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("only proxies that speak HTTP are supported: http://… or https://…");
        }
        if !url.has_host() {
            return Err("it names no host");
        }
        Ok(Self { url })
    }

    /// The same with user and password.
    ///
    /// # Errors
    /// Never for an address that [`Self::parse`] has read.
    pub fn with_password(mut self, user: &str, password: &Secret) -> Result<Self, &'static str> {
        let set = self.url.set_username(user);
        set.and_then(|()| self.url.set_password(Some(password.expose())))
            .map_err(|()| "it takes no user and password")?;
        Ok(self)
    }

    /// Whether user or password stand in its address.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.url.password().is_some() || !self.url.username().is_empty()
    }

    /// Its address without user and password.
    #[must_use]
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({})", self.origin())
    }
}

impl Proxies {
    /// One proxy for everything.
    #[must_use]
    pub fn one(proxy: Proxy, no_proxy: Option<&str>) -> Self {
        Self {
            http: Some(proxy.clone()),
            https: Some(proxy),
            direct: direct(no_proxy.unwrap_or_default()),
        }
    }

    /// What the environment says.
    ///
    /// # Errors
    /// The variable that holds no proxy, and what is wrong with it.
    pub fn of_environment(
        read: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, (&'static str, &'static str)> {
        let one = |names: [&'static str; 4]| {
            let set = names.into_iter().find_map(|name| {
                let value = read(name).filter(|value| !value.trim().is_empty())?;
                Some((name, value))
            });
            set.map(|(name, value)| Proxy::parse(&value).map_err(|why| (name, why)))
                .transpose()
        };
        Ok(Self {
            http: one(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])?,
            https: one(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
            direct: direct(&Self::no_proxy(read).unwrap_or_default()),
        })
    }

    /// The hosts that the environment names to be asked directly.
    #[must_use]
    pub fn no_proxy(read: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        read("no_proxy").or_else(|| read("NO_PROXY"))
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }

    /// The proxy for an address.
    #[must_use]
    pub fn for_url(&self, url: &Url) -> Option<&Proxy> {
        let proxy = match url.scheme() {
            "https" => self.https.as_ref(),
            _ => self.http.as_ref(),
        };
        proxy.filter(|_| !is_loopback(url) && !self.is_direct(url))
    }

    /// For the client.
    pub(super) fn url_for(&self, url: &Url) -> Option<Url> {
        self.for_url(url).map(|proxy| proxy.url.clone())
    }

    /// Passwords, as they are written in addresses and decoded.
    pub(super) fn passwords(&self) -> impl Iterator<Item = Secret> {
        let proxies = self.http.iter().chain(&self.https);
        proxies.flat_map(|proxy| {
            let written = proxy.url.password().unwrap_or_default();
            let decoded = percent_encoding::percent_decode_str(written).decode_utf8_lossy();
            [written.to_owned(), decoded.into_owned()]
                .into_iter()
                .filter(|password| !password.is_empty())
                .map(Secret::new)
                .collect::<Vec<_>>()
        })
    }

    fn is_direct(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return false };
        let port = url.port_or_known_default();
        let is_at = |at: &Option<u16>| at.is_none() || *at == port;
        self.direct.iter().any(|direct| match (direct, &host) {
            (Direct::All, _) => true,
            (Direct::Network(network, bits, at), Host::Ipv4(ip)) => {
                is_within(IpAddr::V4(*ip), *network, *bits) && is_at(at)
            }
            (Direct::Network(network, bits, at), Host::Ipv6(ip)) => {
                is_within(IpAddr::V6(*ip), *network, *bits) && is_at(at)
            }
            (Direct::Domain(domain, at), Host::Domain(host)) => {
                let host = host.to_ascii_lowercase();
                let below = host
                    .strip_suffix(domain.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                below && is_at(at)
            }
            _ => false,
        })
    }
}

/// What is on this machine is never asked through a proxy.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
        None => false,
    }
}

/// `example.com, .example.org:8443, 10.0.0.0/8, *`.
fn direct(list: &str) -> Vec<Direct> {
    let entries = list.split([',', ' ']).map(str::trim);
    entries.filter_map(entry).collect()
}

fn entry(text: &str) -> Option<Direct> {
    if text == "*" {
        return Some(Direct::All);
    }
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse().ok()?)),
        None => (text, None),
    };
    if let Some((ip, port)) = ip_and_port(address) {
        let all = if ip.is_ipv4() { 32 } else { 128 };
        return Some(Direct::Network(ip, bits.unwrap_or(all).min(all), port));
    }
    let (domain, port) = match address.rsplit_once(':') {
        Some((domain, port)) => (domain, Some(port.parse().ok()?)),
        None => (address, None),
    };
    let domain = domain.trim_start_matches("*.").trim_start_matches('.');
    let domain = domain.to_ascii_lowercase();
    (!domain.is_empty()).then_some(Direct::Domain(domain, port))
}

/// `10.1.2.3`, `10.1.2.3:8443`, `::1`, `[::1]` or `[::1]:8443`.
fn ip_and_port(text: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Ok(both) = text.parse::<SocketAddr>() {
        return Some((both.ip(), Some(both.port())));
    }
    let ip = text.trim_matches(['[', ']']).parse().ok()?;
    Some((ip, None))
}

fn is_within(ip: IpAddr, network: IpAddr, bits: u8) -> bool {
    let bits = u32::from(bits);
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            let differ = ip.to_bits() ^ network.to_bits();
            differ.leading_zeros() >= bits
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => {
            let differ = ip.to_bits() ^ network.to_bits();
            differ.leading_zeros() >= bits
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(
        set: &'static [(&'static str, &'static str)],
    ) -> impl Fn(&str) -> Option<String> {
        move |name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    fn through(proxies: &Proxies, url: &str) -> Option<String> {
        proxies
            .for_url(&Url::parse(url).unwrap())
            .map(Proxy::origin)
    }

    #[test]
    fn the_environment_names_a_proxy_for_each_scheme() {
        let read = environment(&[
            ("HTTPS_PROXY", "http://ada:hunter2@secure.example:3128"),
            ("http_proxy", "plain.example:8080"),
            (
                "NO_PROXY",
                "example.org, .internal:8443,10.0.0.0/8,fd00::/8,192.0.2.7:8443,[2001:db8::1]:8443,[2001:db8::2]",
            ),
        ]);
        let proxies = Proxies::of_environment(&read).unwrap();
        let secure = Some("http://secure.example:3128".to_owned());
        let plain = Some("http://plain.example:8080".to_owned());
        for (url, expected) in [
            ("https://org.okta.com/oauth2/v1/token", &secure),
            ("http://org.okta.com/", &plain),
            ("https://notexample.org/", &secure),
            ("https://example.org/", &None),
            ("https://id.example.org/", &None),
            ("https://a.internal:8443/", &None),
            ("https://a.internal/", &secure),
            ("https://10.1.2.3/", &None),
            ("https://11.1.2.3/", &secure),
            ("https://[fd00::1]/", &None),
            ("https://192.0.2.7:8443/", &None),
            ("https://192.0.2.7/", &secure),
            ("https://192.0.2.8:8443/", &secure),
            ("https://[2001:db8::1]:8443/", &None),
            ("https://[2001:db8::1]/", &secure),
            ("https://[2001:db8::2]:9/", &None),
            // What is on this machine is never asked through a proxy.
            ("http://localhost:7070/", &None),
            ("https://id.localhost/", &None),
            ("https://127.0.0.9/", &None),
            ("https://[::1]:8443/", &None),
        ] {
            assert_eq!(through(&proxies, url), *expected, "{url}");
        }
        let shown = format!("{proxies:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(proxies.passwords().all(|one| one.expose() == "hunter2"));
    }

    #[test]
    fn nothing_set_is_no_proxy_and_a_star_asks_everything_directly() {
        let none = Proxies::of_environment(&environment(&[("HTTPS_PROXY", " ")])).unwrap();
        assert!(none.is_empty());
        let star = environment(&[("ALL_PROXY", "p.example:1"), ("no_proxy", "*")]);
        let star = Proxies::of_environment(&star).unwrap();
        assert_eq!(through(&star, "https://org.okta.com/"), None);
    }

    #[test]
    fn what_is_no_proxy_names_its_variable_and_not_its_value() {
        let read = environment(&[("HTTPS_PROXY", "socks5://ada:hunter2@p.example:1080")]);
        let (name, why) = Proxies::of_environment(&read).unwrap_err();
        assert_eq!(name, "HTTPS_PROXY");
        assert!(why.starts_with("only proxies that speak HTTP"), "{why}");
        assert!(Proxy::parse("http://").is_err());
    }
}
