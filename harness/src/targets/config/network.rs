//! The keys `proxy`, `client_certificate` and `max_requests_per_minute`.

use std::num::NonZeroU32;

use strict_yaml::{MapReader, Node, Place, Problem, Problems};

use super::{Context, ca, secret};
use crate::targets::{ClientCertificate, Network, Proxies, Proxy};

const PROXY_FORMS: &str =
    "an address such as http://proxy.example:3128, {url: …, user: …, password: …}, or none";

/// Reads them. Where the file names no proxy, the environment does: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
pub(super) fn read(file: &mut MapReader<'_, '_>, cx: &Context<'_>, place: Place) -> Network {
    let proxy = file.node("proxy");
    let proxies = match proxy {
        Some(node) => proxies(node, cx, file.problems()),
        None => of_environment(cx, place, file.problems()),
    };
    let certificate = file.node("client_certificate");
    let client_certificate =
        certificate.and_then(|node| client_certificate(node, cx, file.problems()));
    let rate = file.node("max_requests_per_minute");
    let max_requests_per_minute = rate.and_then(|node| per_minute(node, file.problems()));
    Network {
        proxies: proxies.unwrap_or_default(),
        client_certificate,
        max_requests_per_minute,
    }
}

fn of_environment(cx: &Context<'_>, place: Place, problems: &mut Problems) -> Option<Proxies> {
    let read = Proxies::of_environment(cx.sources.environment);
    read.map_err(|(name, why)| {
        let message = format!("the environment variable `{name}` names no proxy: {why}");
        problems.push(
            Problem::new(place, message)
                .help("correct or unset it, or write `proxy: none` in this file"),
        );
    })
    .ok()
}

fn proxies(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> Option<Proxies> {
    let proxy = match node.as_str() {
        Some("none") => return Some(Proxies::default()),
        Some(text) => plain(node, text, problems)?,
        None if node.as_map().is_some() => with_password(node, cx, problems)?,
        None => {
            problems.push(node.mismatch(PROXY_FORMS));
            return None;
        }
    };
    let no_proxy = Proxies::no_proxy(cx.sources.environment);
    Some(Proxies::one(proxy, no_proxy.as_deref()))
}

/// An address without a password: a secret does not stand in the file.
fn plain(node: &Node, text: &str, problems: &mut Problems) -> Option<Proxy> {
    let wrong = |message: String| Problem::new(node.place, message);
    match Proxy::parse(text) {
        Ok(proxy) if proxy.has_password() => {
            problems.conceal(node.place);
            problems.push(
                wrong("the address of a proxy holds a user or a password".to_owned())
                    .expected("{url: http://proxy.example:3128, user: …, password: {env: NAME}}"),
            );
            None
        }
        Ok(proxy) => Some(proxy),
        Err(why) => {
            problems.push(wrong(format!("this is no proxy: {why}")).expected(PROXY_FORMS));
            None
        }
    }
}

fn with_password(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> Option<Proxy> {
    let mut map = MapReader::new(node, problems, "a proxy");
    let url = map.required_node("url");
    let proxy = url.and_then(|node| {
        let text = secret::text(node, "an address", map.problems())?;
        plain(node, &text, map.problems())
    });
    let user = map.required::<String>("user");
    map.guard("password");
    let password = map.required_node("password");
    let password = password.and_then(|node| cx.secret(node, map.problems()));
    map.finish();
    proxy?.with_password(&user?, &password?).ok()
}

fn client_certificate(
    node: &Node,
    cx: &Context<'_>,
    problems: &mut Problems,
) -> Option<ClientCertificate> {
    let mut map = MapReader::new(node, problems, "a client certificate");
    let certificate = map.required_node("certificate");
    let certificate =
        certificate.and_then(|node| ca::pem(node, "a certificate", cx.sources, map.problems()));
    map.guard("private_key");
    let key = map.required_node("private_key");
    let key = key.and_then(|node| cx.secret(node, map.problems()));
    map.finish();
    let read = ClientCertificate::parse(&certificate?, key?);
    read.map_err(|why| {
        let message = format!("the client certificate cannot be used: {why}");
        problems.push(Problem::new(node.place, message).help(
            "give the certificate and its private key as PEM: \
             `{certificate: {file: client.pem}, private_key: {file: client.key}}`",
        ));
    })
    .ok()
}

fn per_minute(node: &Node, problems: &mut Problems) -> Option<NonZeroU32> {
    let number = match node.value {
        strict_yaml::Value::Int(number) => u32::try_from(number).ok(),
        _ => None,
    };
    let number = number.and_then(NonZeroU32::new);
    if number.is_none() {
        let message = "`max_requests_per_minute` is a whole number of at least 1";
        problems.push(Problem::new(node.place, message).expected("a number such as 60"));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::sample;

    fn parsed(more: &str) -> Result<Network, String> {
        let text = format!("{}{more}", sample::file("https://org.example"));
        let read = sample::parse(&text);
        read.map(|deployment| deployment.network)
            .map_err(|problems| problems.to_string())
    }

    fn through(network: &Network) -> Option<String> {
        let url = url::Url::parse("https://org.example/").unwrap();
        network.proxies.for_url(&url).map(Proxy::origin)
    }

    #[test]
    fn a_proxy_has_three_forms() {
        let network = parsed("proxy: http://p.example:3128\n").unwrap();
        assert_eq!(through(&network).as_deref(), Some("http://p.example:3128"));
        assert_eq!(through(&parsed("proxy: none\n").unwrap()), None);
        let text =
            "proxy: { url: \"http://p.example:1\", user: ada, password: { value: hunter2 } }\n";
        let network = parsed(text).unwrap();
        assert_eq!(through(&network).as_deref(), Some("http://p.example:1"));
        assert_eq!(network.credentials()[0].expose(), "hunter2");
        let wrong = parsed("proxy: \"http://ada:hunter2@p.example:1\"\n").unwrap_err();
        assert!(wrong.contains("holds a user or a password"), "{wrong}");
        assert!(!wrong.contains("hunter2"), "{wrong}");
        let wrong = parsed("proxy: [1]\n").unwrap_err();
        assert!(wrong.contains("http://proxy.example:3128"), "{wrong}");
    }

    #[test]
    fn a_rate_is_a_number_above_zero() {
        let network = parsed("max_requests_per_minute: 60\n").unwrap();
        assert_eq!(network.max_requests_per_minute, NonZeroU32::new(60));
        for wrong in ["0", "-1", "many", "1.5"] {
            let wrong = parsed(&format!("max_requests_per_minute: {wrong}\n")).unwrap_err();
            assert!(wrong.contains("whole number of at least 1"), "{wrong}");
        }
    }

    #[test]
    fn a_client_certificate_needs_its_key() {
        let text = "client_certificate: { certificate: { value: nonsense }, private_key: { value: hunter2 } }\n";
        let wrong = parsed(text).unwrap_err();
        assert!(wrong.contains("the certificate is not PEM"), "{wrong}");
        assert!(!wrong.contains("hunter2"), "{wrong}");
    }
}
