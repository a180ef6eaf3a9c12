//! The certificate authority of this process, and the certificates that it signs. Its key is never written anywhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::{Tls, TlsError, TlsIdentity, pem};

/// Clients whose clock is behind take the certificate as well.
const BACKDATED: Duration = Duration::from_hours(1);

/// How long a certificate is valid.
const LIFETIME: Duration = Duration::from_hours(365 * 24);

/// A certificate authority with a key of its own.
pub(super) struct CertificateAuthority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
}

impl CertificateAuthority {
    pub(super) fn new() -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let mut params = valid_from_now()?;
        // Two authorities of the same name, each with a key of its own, would confuse who trusts both.
        let name = format!("mock-okta test CA {}", fresh_text()?);
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, key)?;
        let pem = pem::encode("CERTIFICATE", issuer.der());
        Ok(Self { issuer, pem })
    }

    /// A server certificate for these hosts and for this machine.
    pub(super) fn certify(&self, hosts: &[String]) -> Result<Tls, TlsError> {
        let key = KeyPair::generate()?;
        let mut params = valid_from_now()?;
        params
            .distinguished_name
            .push(DnType::CommonName, "mock-okta");
        params.subject_alt_names = names(hosts)?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let own = certificate.der().clone();
        // Clients know the authority, so it is not sent.
        let identity = TlsIdentity::new(
            self.pem.clone(),
            pem::encode("CERTIFICATE", &own),
            pem::encode("PRIVATE KEY", key.serialized_der()),
            own.clone(),
        );
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Tls::with(vec![own], key, identity).map_err(|error| TlsError::Made(error.to_string()))
    }
}

fn names(hosts: &[String]) -> Result<Vec<SanType>, TlsError> {
    let mut names = vec![
        SanType::DnsName("localhost".try_into()?),
        SanType::IpAddress(Ipv4Addr::LOCALHOST.into()),
        SanType::IpAddress(Ipv6Addr::LOCALHOST.into()),
    ];
    for host in hosts {
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let name = match address.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(host.as_str().try_into()?),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// A certificate that says nothing yet but its time.
fn valid_from_now() -> Result<CertificateParams, TlsError> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|_| TlsError::Made("this machine's clock shows a time before 1970".to_owned()))?;
    let now = date_time_ymd(1970, 1, 1) + now;
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.not_before = now - BACKDATED;
    params.not_after = now + LIFETIME;
    Ok(params)
}

fn fresh_text() -> Result<String, TlsError> {
    let mut bytes = [0; 4];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| TlsError::Made("no randomness".to_owned()))?;
    Ok(format!("{:08x}", u32::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_valid_for_this_machine_and_for_the_hosts_given() {
        let authority = CertificateAuthority::new().expect("an authority");
        let hosts = ["okta.test", "192.0.2.7", "[2001:db8::1]", "localhost"];
        let tls = authority.certify(&hosts.map(str::to_owned)).expect("made");
        for host in hosts
            .into_iter()
            .chain(["127.0.0.1", "::1", "[::1]", "2001:db8::1"])
        {
            assert!(tls.identity.is_for(host), "{host}");
        }
        for host in ["okta.example", "a.okta.test", "127.0.0.2", "", "not a host"] {
            assert!(!tls.identity.is_for(host), "{host}");
        }
        assert!(!format!("{:?}", tls.identity).contains("PRIVATE"));
    }
}
