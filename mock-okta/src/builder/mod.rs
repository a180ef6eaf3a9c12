//! How an org is set up before it starts.

mod as_real;
mod start;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use mock_okta_core::behaviour::{Edition, Setting};
use mock_okta_core::secret::Secret;
use mock_okta_core::{Defect, Fault, Options, Variation};

use crate::org::Org;
use crate::request_log::RequestLog;
use crate::server::Patience;
use crate::tls;

/// Settings of an org. Everything has a default: a free port of the loopback interface, the default org, the
/// current edition, fresh keys, internal codes shown.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mock_okta::{Edition, MockOkta};
///
/// let okta = MockOkta::builder()
///     .edition(Edition::E2025_10)
///     .seed(7)
///     .issuer("https://okta.test")
///     .start()
///     .await?;
/// assert_eq!(okta.issuer(), "https://okta.test");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is set by itself")]
pub struct Builder {
    edition: Edition,
    source: Source,
    seed: Option<u64>,
    host: IpAddr,
    port: u16,
    issuer: Option<String>,
    behaviours: Vec<(String, String)>,
    internal_codes: bool,
    control_token: Option<Secret>,
    journal_capacity: usize,
    memory_budget: usize,
    defects: Vec<Defect>,
    variations: Vec<Variation>,
    faults: Vec<Fault>,
    pub(crate) is_mounted: bool,
    patience: Patience,
    keys_ahead: bool,
    tls: Option<tls::Source>,
    auto_sign_in: Option<String>,
    keeps_raw: bool,
    log: Option<RequestLog>,
    as_real: bool,
    api_token: Option<Secret>,
    requests_per_minute: Option<u64>,
    id_jags_per_month: u64,
}

#[derive(Clone)]
enum Source {
    Standard,
    Yaml { name: String, text: String },
    File(PathBuf),
}

/// The text holds passwords and secrets, so it is not shown.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard => f.write_str("Standard"),
            Self::Yaml { name, .. } => f.debug_tuple("Yaml").field(name).finish(),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

impl Default for Builder {
    fn default() -> Self {
        let options = Options::default();
        Self {
            edition: Edition::default(),
            source: Source::Standard,
            seed: None,
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            issuer: None,
            behaviours: Vec::new(),
            internal_codes: options.show_internal_codes,
            control_token: None,
            journal_capacity: options.journal_capacity,
            memory_budget: options.memory_budget,
            defects: Vec::new(),
            variations: Vec::new(),
            faults: Vec::new(),
            is_mounted: false,
            patience: Patience::default(),
            tls: None,
            keys_ahead: true,
            auto_sign_in: None,
            keeps_raw: false,
            log: None,
            as_real: false,
            api_token: None,
            requests_per_minute: None,
            id_jags_per_month: options.id_jags_per_month,
        }
    }
}

impl Builder {
    /// The revision of Okta's guide that the org follows.
    #[must_use]
    pub fn edition(mut self, edition: Edition) -> Self {
        self.edition = edition;
        self
    }

    /// Another org than the default one, described by [methods](crate::org).
    #[must_use]
    pub fn org(self, org: &Org) -> Self {
        self.org_yaml("the org", org.to_yaml())
    }

    /// Another org than the default one, as text. Messages call it `name`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::MockOkta;
    ///
    /// let yaml = mock_okta::default_org().replace("ada@example.com", "ada@library.example");
    /// let okta = MockOkta::builder().org_yaml("library.yaml", yaml).start().await?;
    /// assert_eq!(okta.sign_in("ada").await?.claims()["email"], "ada@library.example");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn org_yaml(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.source = Source::Yaml {
            name: name.into(),
            text: text.into(),
        };
        self
    }

    /// Another org than the default one, as a file.
    #[must_use]
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.source = Source::File(path.into());
        self
    }

    /// Fixes all keys, ids and opaque tokens: the same requests at the same instants get the same bytes.
    ///
    /// Without a seed ids and tokens differ from start to start, and keys from process to process: orgs of one process share
    /// theirs, since making them takes a tenth of a second. Within an org no two servers or clients have the same.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The address to listen on; the default is 127.0.0.1.
    #[must_use]
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// The port to listen on; the default, 0, takes a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The address by which clients reach the org, when it is not the one it listens on: behind a proxy, say.
    /// Scheme, host and port, without a path.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Sets a switch for a point that public sources leave open: [`switches`](crate::switches) has them all. Later calls
    /// win, and these over the org's file.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::MockOkta;
    /// use mock_okta::switches::ClientAssertionJti;
    ///
    /// let okta = MockOkta::builder()
    ///     .switch(ClientAssertionJti::Required)
    ///     .start()
    ///     .await?;
    /// # okta.sign_in("ada").await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn switch(self, setting: impl Into<Setting>) -> Self {
        let setting = setting.into();
        self.behaviour(setting.name(), setting.value())
    }

    /// The same by name, as it stands in an org file or on a command line. A wrong name or value is refused at the start,
    /// with those that exist.
    #[must_use]
    pub fn behaviour(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.behaviours.push((name.into(), value.into()));
        self
    }

    /// Whether refusals carry `X-Mock-Okta-Code`, which Okta does not send.
    #[must_use]
    pub fn internal_codes(mut self, show: bool) -> Self {
        self.internal_codes = show;
        self
    }

    /// Lets whoever presents this token control the org, from wherever; without one only this machine may.
    #[must_use]
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.control_token = Some(Secret::new(token));
        self
    }

    /// How many requests the journal keeps.
    #[must_use]
    pub fn journal_capacity(mut self, entries: usize) -> Self {
        self.journal_capacity = entries;
        self
    }

    /// How many bytes everything may hold together that lives between requests: sign-ins, sessions, codes, tokens, `jti`s,
    /// the journal. The default is 256 MiB, the least 1 MiB. When it is exceeded, the oldest entry of the largest store
    /// goes; `GET /_mock/health` counts how many went.
    #[must_use]
    pub fn memory_budget(mut self, bytes: usize) -> Self {
        self.memory_budget = bytes;
        self
    }

    /// Builds in a defect, to see whether tests notice it: [`Defect::all`] lists them.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::{Defect, MockOkta, Refusal};
    ///
    /// // Codes can be redeemed twice here.
    /// let okta = MockOkta::builder()
    ///     .defect(Defect::Mute(Refusal::CodeInvalid))
    ///     .start()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn defect(mut self, defect: Defect) -> Self {
        self.defects.push(defect);
        self
    }

    /// Lets the org answer in another lawful way, to see whether clients and tests bear it: [`Variation::ALL`] lists them.
    /// Two of the same aspect exclude each other: the start fails and says so.
    #[must_use]
    pub fn variation(mut self, variation: Variation) -> Self {
        self.variations.push(variation);
        self
    }

    /// Lets something happen to answers on their way, as a network or a loaded server would; may be called again.
    /// [`OrgHandle::add_fault`](crate::OrgHandle::add_fault) does the same while the org runs. Clients go by id, role or name.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use mock_okta::{Endpoint, Fault, MockOkta};
    ///
    /// // The first three answers of token endpoints are late.
    /// let late = Fault::delay(Duration::from_millis(20)).at(Endpoint::Token).next(3);
    /// let okta = MockOkta::builder().fault(late).start().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// How long the server waits for a client that sends or reads slowly: for the head of a request (a minute unless
    /// set), for its body and for the answer to be taken (ten seconds). A mounted org waits for nobody.
    #[must_use]
    pub fn patience(mut self, most: Duration) -> Self {
        self.patience = Patience::of(most);
        self
    }

    /// Whether servers' keys are made in the background from the start on, so that nobody waits for one later; that is
    /// so unless this says otherwise. An org that is asked a few things and ends need not make those that nobody asks for.
    #[must_use]
    pub fn keys_ahead(mut self, ahead: bool) -> Self {
        self.keys_ahead = ahead;
        self
    }

    /// Lets the authorization endpoint answer as for a browser that is signed in as this user, for agents that have no browser:
    /// no page is shown, also where a request demands a fresh sign-in, and `login_hint` may name another user. The user is
    /// named by id, login, or the part of the login before its `@`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::MockOkta;
    ///
    /// let okta = MockOkta::builder().auto_sign_in("ada").start().await?;
    /// // `GET {issuer}/oauth2/v1/authorize?…` redirects to the client with a code at once.
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn auto_sign_in(mut self, user: impl Into<String>) -> Self {
        self.auto_sign_in = Some(user.into());
        self
    }

    /// Speaks https, HTTP/2 as well as HTTP/1.1, by a certificate that is made for it. It is valid for `localhost`, `127.0.0.1`,
    /// `::1`, the host of the issuer and the address that it listens on, for a year. Clients must trust the certificate
    /// authority that signed it ([`MockOkta::ca_pem`](crate::MockOkta::ca_pem)), which all orgs of a process share; a seed does not fix it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::MockOkta;
    /// use reqwest::Certificate;
    ///
    /// let okta = MockOkta::builder().tls().start().await?;
    /// let ca = okta.ca_pem().ok_or("an org that speaks https")?;
    /// let client = reqwest::Client::builder()
    ///     .tls_certs_merge([Certificate::from_pem(ca.as_bytes())?])
    ///     .build()?;
    /// let keys = format!("{}/oauth2/v1/keys", okta.base_url());
    /// assert!(keys.starts_with("https://127.0.0.1:"));
    /// assert_eq!(client.get(keys).send().await?.status(), 200);
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self) -> Self {
        self.tls = Some(tls::Source::Made);
        self
    }

    /// The same by a certificate of one's own: a PEM file that begins with it and goes on with those of the authorities
    /// between it and the one that clients trust, and one with its private key.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls_files(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls = Some(tls::Source::Files {
            certificate: certificate.into(),
            key: key.into(),
        });
        self
    }

    /// Lets the journal keep requests and answers as they were sent, header fields, forms and tokens included, for whoever judges
    /// a client: [`JournalEntry::raw`](crate::JournalEntry::raw), and `GET /_mock/journal?raw=true`. They hold secrets.
    #[must_use]
    pub fn keep_raw_exchanges(mut self, keep: bool) -> Self {
        self.keeps_raw = keep;
        self
    }

    /// Writes a line for each request: method, path, client, status, refusal and milliseconds.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_okta::{LogFormat, MockOkta, RequestLog};
    ///
    /// let log = RequestLog::start(LogFormat::Text, std::io::stderr())?;
    /// let okta = MockOkta::builder().request_log(log).start().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn request_log(mut self, log: RequestLog) -> Self {
        self.log = Some(log);
        self
    }
}
