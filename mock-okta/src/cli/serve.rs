//! `mock-okta serve`

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use clap::Args;
use mock_okta::{
    DEFAULT_MEMORY_BUDGET, Defect, Edition, Fault, LogFormat, MockOkta, RequestLog, StartError,
    Variation,
};

use super::as_real::AsRealOptions;
use super::options::SignIn;
use super::private_file::write_private;
use super::tls::TlsOptions;
use super::{DONE, FAILED, WRONG_INPUT, options, print, say};

/// Environment variable of the control token, which keeps it out of process lists.
const TOKEN_VARIABLE: &str = "MOCK_OKTA_CONTROL_TOKEN";

const MIB: usize = 1024 * 1024;

/// Serve an org until SIGTERM or Ctrl-C
///
/// Prints `mock-okta listening on http://…` (https://… with `--tls`) once it listens. Without options it holds the default org: its users,
/// clients and ids are documented in docs/mock-okta.md, and `--print-config` shows its file.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Serve {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 7070)]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Address by which clients reach the org, for use behind a proxy: scheme, host and port
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Org file to serve instead of the default org
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the file of the default org, which documents the format, and exit
    #[arg(long)]
    print_config: bool,
    /// Edition of Okta's guide that the org follows
    #[arg(long, value_parser = options::edition(), default_value = Edition::default().as_str())]
    edition: Edition,
    /// Number that fixes all keys, ids and tokens; without it they are fresh at each start
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Write the target file for `atx run --target FILE` once the org listens; only its owner may read it
    #[arg(long, value_name = "FILE")]
    target_out: Option<PathBuf>,
    /// Token that lets its bearer control the org from anywhere; without one only this machine may. The environment
    /// variable `MOCK_OKTA_CONTROL_TOKEN` does the same, and is not seen in process lists
    #[arg(long, value_name = "TOKEN")]
    control_token: Option<String>,
    /// Memory that may be used for what lives between requests (sign-ins, sessions, codes, tokens, the journal), in MiB;
    /// beyond it the oldest entries go. `GET /_mock/health` shows how much is used
    #[arg(long, value_name = "MIB", default_value_t = DEFAULT_MEMORY_BUDGET / MIB, value_parser = options::mebibytes)]
    memory_budget: usize,
    /// How users sign in: on the `page`, or by themselves (`auto`, `auto=ada`), as in a browser that is signed in already, for
    /// agents that have no browser
    #[arg(long, value_name = "HOW", default_value = "page", value_parser = options::sign_in)]
    sign_in: SignIn,
    /// Write no line for each request
    #[arg(long)]
    quiet: bool,
    /// How the line for each request is written, to standard error: for people, or as JSON
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "quiet", value_parser = options::log_format())]
    log: LogFormat,
    /// Let the journal keep requests and answers as they were sent, secrets included, for `GET /_mock/journal?raw=true`
    #[arg(long)]
    keep_raw: bool,
    /// Leave out the header X-Mock-Okta-Code, which Okta does not send
    #[arg(long)]
    no_internal_codes: bool,
    /// Set what public sources leave open; may be repeated (see `mock-okta behaviours`)
    #[arg(long, value_name = "NAME=VALUE", value_parser = options::pair)]
    behaviour: Vec<(String, String)>,
    /// Go wrong on purpose, to see whether your tests notice; may be repeated (see `mock-okta defects`)
    #[arg(long, value_name = "ID", value_parser = options::defect)]
    defect: Vec<Defect>,
    /// Answer in another lawful way, to see whether your client bears it; may be repeated for other aspects (see
    /// `mock-okta variations`)
    #[arg(long, value_name = "ID", value_parser = options::variation)]
    variation: Vec<Variation>,
    /// Let something happen to answers on their way, as a network or a loaded server would: the fault, and after commas
    /// its parameters, such as delay=500,endpoint=token,next=3; may be repeated (see `mock-okta faults`)
    #[arg(long, value_name = "FAULT", value_parser = options::fault)]
    fault: Vec<Fault>,
    #[command(flatten)]
    tls: TlsOptions,
    #[command(flatten)]
    as_real: AsRealOptions,
}

impl Serve {
    pub(super) fn run(self) -> u8 {
        if self.print_config {
            return print(&format!("{}\n", mock_okta::default_org().trim_end()));
        }
        let okta = match self.start() {
            Ok(okta) => okta,
            Err(error) => {
                say(&error.styled());
                return if error.is_wrong_input() {
                    WRONG_INPUT
                } else {
                    FAILED
                };
            }
        };
        // Only signals are waited for here; the org has threads of its own.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        match runtime {
            Ok(runtime) => runtime.block_on(self.serve(okta)),
            Err(error) => failed("cannot wait for signals", &error),
        }
    }

    fn start(&self) -> Result<MockOkta, StartError> {
        let mut builder = MockOkta::builder()
            .edition(self.edition)
            .host(self.host)
            .port(self.port)
            .memory_budget(self.memory_budget * MIB)
            .internal_codes(!self.no_internal_codes);
        if let Some(path) = &self.config {
            builder = builder.config_file(path);
        }
        if let Some(issuer) = &self.issuer {
            builder = builder.issuer(issuer);
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        if let Some(token) = options::given_or_in(self.control_token.as_ref(), TOKEN_VARIABLE) {
            builder = builder.control_token(token);
        }
        builder = builder.keep_raw_exchanges(self.keep_raw);
        if !self.quiet {
            let log = RequestLog::start(self.log, io::stderr());
            builder =
                builder.request_log(log.map_err(|error| StartError::System(error.to_string()))?);
        }
        if let SignIn::Auto(user) = &self.sign_in {
            builder = builder.auto_sign_in(user);
        }
        for (name, value) in &self.behaviour {
            builder = builder.behaviour(name, value);
        }
        for defect in &self.defect {
            builder = builder.defect(*defect);
        }
        for variation in &self.variation {
            builder = builder.variation(*variation);
        }
        for fault in &self.fault {
            builder = builder.fault(fault.clone());
        }
        let builder = self.as_real.apply(self.tls.apply(builder));
        builder.start_blocking()
    }

    async fn serve(&self, okta: MockOkta) -> u8 {
        // Asked for before readiness is reported: its reader may send a signal at once.
        let mut stop = match Stop::new() {
            Ok(stop) => stop,
            Err(error) => return failed("cannot wait for signals", &error),
        };
        let written = self.tls.write_files(&okta);
        if let Err((what, error)) = written.and_then(|()| self.as_real.write_files(&okta)) {
            okta.shutdown().await;
            return failed(&what, &error);
        }
        // Last of all files: whoever waits for it may go on when it is there.
        if let Some(path) = &self.target_out
            && let Err(error) = write_private(path, &okta.target_file())
        {
            okta.shutdown().await;
            return failed(&format!("cannot write {}", path.display()), &error);
        }
        let config = self.config.as_deref();
        let config = config.filter(|_| okta.pins_private_keys());
        for path in config.into_iter().chain(self.tls.key_file()) {
            if others_may_read(path) {
                say(&format!(
                    "warning: {} holds private keys and others may read it; `chmod 600` ends that",
                    path.display()
                ));
            }
        }
        let scheme = okta.tls_identity().map_or("http", |_| "https");
        let address = format!("{scheme}://{}", okta.address());
        // Whoever waits for this line cannot go on without it.
        let printed = print(&format!("mock-okta listening on {address}\n"));
        if printed != DONE {
            return printed;
        }
        if okta.base_url() != address {
            say(&format!("issuer: {}", okta.issuer()));
        }
        for defect in &self.defect {
            say(&format!("defect {defect}: {}", defect.summary()));
        }
        for variation in &self.variation {
            say(&format!("variation {variation}: {}", variation.summary()));
        }
        for fault in &self.fault {
            say(&format!("fault {fault}: {}", fault.kind().summary()));
        }
        stop.wait().await;
        okta.shutdown().await;
        DONE
    }
}

fn failed(what: &str, error: &io::Error) -> u8 {
    say(&format!("{what}: {error}"));
    FAILED
}

/// The signals that end it.
struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(unix)]
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn wait(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Whether somebody else than its owner may read a file; unknown where there are no such permissions.
fn others_may_read(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o044 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
