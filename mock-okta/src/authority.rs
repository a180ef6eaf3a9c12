//! The `Host` of a request, read strictly (RFC 9110 §7.2: a host and perhaps a port, nothing else).

use std::net::{IpAddr, Ipv6Addr};

use url::Url;

/// A host and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority<'a> {
    /// An IPv6 address is in brackets.
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Reads `host`, `host:port` or `[address]:port`; user names, paths and blanks have no place in it.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (host, rest) = if text.starts_with('[') {
            let end = text.find(']')?;
            let _: Ipv6Addr = text[1..end].parse().ok()?;
            text.split_at(end + 1)
        } else {
            let end = text.find(':').unwrap_or(text.len());
            let (host, rest) = text.split_at(end);
            if !host.bytes().all(is_in_names) {
                return None;
            }
            (host, rest)
        };
        let port = match rest.strip_prefix(':') {
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            None if rest.is_empty() => None,
            _ => return None,
        };
        Some(Self { host, port })
    }

    /// Whether it means the host and port of an address.
    pub(crate) fn is_of(&self, base_url: &str) -> bool {
        let Ok(url) = Url::parse(base_url) else {
            return false;
        };
        let default = if url.scheme() == "https" { 443 } else { 80 };
        url.host_str()
            .is_some_and(|host| host.eq_ignore_ascii_case(self.host))
            && url.port().unwrap_or(default) == self.port.unwrap_or(default)
    }

    /// Whether it is a name or an address that leads to this machine and nowhere else.
    pub(crate) fn is_this_machine(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']');
        self.host.eq_ignore_ascii_case("localhost")
            || address
                .parse::<IpAddr>()
                .is_ok_and(|ip| ip.to_canonical().is_loopback())
    }
}

/// RFC 3986 §3.2.2, `reg-name`: unreserved characters, sub-delimiters and percent-encoded bytes.
fn is_in_names(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_perhaps_a_port() {
        for right in [
            "okta.test",
            "okta.test:80",
            "127.0.0.1:7070",
            "[::1]",
            "[::1]:1",
            "a:",
            "",
        ] {
            assert!(Authority::parse(right).is_some(), "{right}");
        }
        for wrong in [
            "localhost/evil",
            "evil@localhost",
            "localhost:80:80",
            "localhost:+80",
            "localhost:99999",
            "localhost:x",
            "[::1",
            "[evil]",
            "[::1]evil",
            "local host",
            "localhost?x",
            "localhost#x",
            "localhost\\evil",
            "http://localhost",
        ] {
            assert!(Authority::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_port_that_is_left_out_is_that_of_the_scheme() {
        let of = |host: &str, base: &str| {
            Authority::parse(host).is_some_and(|authority| authority.is_of(base))
        };
        assert!(of("okta.test", "http://okta.test"));
        assert!(of("OKTA.test:80", "http://okta.test"));
        assert!(of("okta.test:443", "https://okta.test"));
        assert!(of("okta.test:8443", "https://okta.test:8443"));
        for (host, base) in [
            ("okta.test:81", "http://okta.test"),
            ("okta.test", "https://okta.test:8443"),
            ("okta.test.example", "http://okta.test"),
            ("", "http://okta.test"),
        ] {
            assert!(!of(host, base), "{host} {base}");
        }
    }

    #[test]
    fn this_machine_goes_by_its_name_and_its_loopback_addresses() {
        let own = |host: &str| Authority::parse(host).is_some_and(|host| host.is_this_machine());
        for host in [
            "localhost",
            "LOCALHOST:1",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]:7070",
        ] {
            assert!(own(host), "{host}");
        }
        for host in [
            "localhost.example",
            "127.0.0.1.example",
            "10.0.0.1",
            "[fe80::1]",
            "",
        ] {
            assert!(!own(host), "{host}");
        }
    }
}
