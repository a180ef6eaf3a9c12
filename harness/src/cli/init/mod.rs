//! `atx init`: from an org's address to a target file.

mod ask;
mod interview;
mod key;
mod options;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use tokio::runtime::Runtime;

use super::{Exit, Trouble, style, target_file};
use crate::files;
use crate::init::{
    self, AgentDetails, AuthDraft, Directory, Draft, KeyDraft, NoOrg, Reference, Token, TokenKind,
    WrongAddress,
};
use crate::management::Management;
use crate::presentation::curl::shell::quoted;
use crate::secret::Secret;
use crate::signing_key;
use crate::targets::config::{self, Sources};
use crate::targets::{Ca, Http, Limits, ManagementToken, Network, TlsFault, TroubleKind};
use ask::{Asker, Question, Wrong};
use interview::Interview;
pub(super) use options::Args;

/// How often another address may be tried.
const ATTEMPTS: usize = 5;

pub(super) fn run(args: &Args) -> Result<Exit, Trouble> {
    if args.out.exists() && !args.force {
        return Err(Trouble::Usage {
            why: format!("{} is there already", args.out.display()),
            help: "write another file with --out, or replace it with --force".to_owned(),
        });
    }
    let asker = if args.yes {
        Asker::silent()
    } else {
        Asker::stdin()
    };
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    let ca = args.ca.as_deref().map(read_ca).transpose()?;
    let org = org(args, &asker, ca.as_ref(), &runtime)?;
    let token = token(args, &asker)?;
    let management = match &token {
        Some(token) => {
            let token = management_token(args, token)?;
            Some(Management::at(&org, token, ca.as_ref())?)
        }
        None => None,
    };
    let directory = management
        .as_ref()
        .map_or_else(Directory::default, |management| {
            runtime.block_on(init::directory(management))
        });
    print_unread(&directory.unread);
    let interview = Interview {
        args,
        asker: &asker,
        org: &org,
        directory: &directory,
    };
    let client_id = interview.agent()?;
    let details = management
        .as_ref()
        .map_or_else(AgentDetails::default, |management| {
            runtime.block_on(init::agent_details(management, &directory, &client_id))
        });
    print_unread(&details.unread);
    let agent = interview.agent_of(client_id, &details)?;
    let custom_as = interview.custom_as(&details)?;
    let resources = interview.resources(&details)?;
    let mut ada = interview.ada()?;
    if let (Some(ada), Some(management)) = (&mut ada, &management) {
        match runtime.block_on(init::user_id(management, &ada.login)) {
            Ok(id) => ada.id = Some(id),
            Err(why) => print_unread(&[why]),
        }
    }
    let is_for_tests = interview.is_for_tests()?;
    let mut draft = Draft {
        name: args.name.clone().unwrap_or_else(|| name_of(&org)),
        ca: args.ca.as_ref().map(|file| args.as_named(file)),
        token,
        is_for_tests,
        agent,
        custom_as,
        ada,
        resources,
        org,
    };
    write(args, &mut draft)
}

impl Args {
    /// The folder of the target file.
    fn folder(&self) -> &Path {
        let folder = self.out.parent();
        folder
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."))
    }

    /// A path as the target file has to name it: relative paths begin at its folder there.
    fn as_named(&self, file: &Path) -> String {
        let here = self.folder();
        let named = match file.strip_prefix(here) {
            Ok(inside) => inside.to_owned(),
            Err(_) if here == Path::new(".") => file.to_owned(),
            Err(_) => std::path::absolute(file).unwrap_or_else(|_| file.to_owned()),
        };
        named.display().to_string()
    }
}

/// The org's issuer, at which an org has answered.
fn org(args: &Args, asker: &Asker, ca: Option<&Ca>, runtime: &Runtime) -> Result<String, Trouble> {
    let question = Question {
        option: "--org URL",
        asks: "The org's URL",
        about: "The Admin Console shows it in the menu at the top right; it is that of the org itself, such as https://acme.okta.com",
        default: None,
    };
    let mut given = args.org.as_deref();
    for _ in 0..ATTEMPTS {
        let issuer = asker.value(given, question, |typed| Ok(init::org_issuer(typed)?))?;
        let network = Network::of_environment(&issuer)?;
        let http = Http::new(Limits::default(), ca, &network)?;
        match runtime.block_on(init::find_org(&http, &issuer)) {
            Ok(()) => return Ok(issuer),
            Err(NoOrg::Trouble(trouble)) => {
                if ca.is_none() && trouble.kind == TroubleKind::Tls(TlsFault::UnknownAuthority) {
                    style::to_stderr(
                        "note: --ca FILE names the authority that signed the org's certificate\n",
                    );
                }
                return Err(Trouble::Target(trouble));
            }
            Err(NoOrg::Other { issuer, why, cure }) => {
                let wrong = Wrong::new(format!("there is no Okta org at `{issuer}`: {why}"), cure);
                if !asker.asks() || given.is_some() {
                    return Err(wrong.into());
                }
                style::to_stderr(&format!("  {}\n  {}\n", wrong.why, wrong.cure));
                given = None;
            }
        }
    }
    Err(Wrong::new("no org was found", "give its URL with --org").into())
}

impl From<WrongAddress> for Wrong {
    fn from(wrong: WrongAddress) -> Self {
        Self {
            why: wrong.to_string(),
            cure: wrong.cure,
            instead: wrong.instead,
        }
    }
}

fn read_ca(file: &Path) -> Result<Ca, Trouble> {
    let wrong = |why: String, cure: &str| Trouble::Usage {
        why: format!("--ca: {}: {why}", file.display()),
        help: cure.to_owned(),
    };
    let pem = files::text(file, files::WRITTEN)
        .map_err(|error| wrong(error.to_string(), "give the certificate as PEM"))?;
    Ca::parse(&pem).map_err(|(why, cure)| wrong(why, cure))
}

/// The token for the management API, if there is one.
fn token(args: &Args, asker: &Asker) -> Result<Option<Token>, Trouble> {
    if let Some(token) = args.token.named(|file| args.as_named(file)) {
        return Ok(Some(token));
    }
    let question = Question {
        option: "--api-token-env NAME",
        asks: "The environment variable that holds an API token of the org, or none",
        about: "With a token agents, connections and servers are listed. It is only read with, and does not go into the file.\n\
                Admin Console: Security > API > Tokens",
        default: None,
    };
    let name = asker.optional(None, question, |typed| {
        let name = interview::variable(typed)?;
        match config::variable(args.folder(), &name) {
            Some(_) => Ok(name),
            None => Err(not_set(&name)),
        }
    })?;
    Ok(name.map(|name| Token {
        kind: TokenKind::Api,
        reference: Reference::Env(name),
    }))
}

fn not_set(name: &str) -> Wrong {
    Wrong::new(
        format!("the environment variable `{name}` is not set"),
        format!(
            "set it: export {name}=…, or write {name}=… into a file `.env` beside the target file"
        ),
    )
}

/// The token itself.
fn management_token(args: &Args, token: &Token) -> Result<ManagementToken, Trouble> {
    let secret = match &token.reference {
        Reference::Env(name) => {
            let name = interview::variable(name)?;
            config::variable(args.folder(), &name).ok_or_else(|| not_set(&name))?
        }
        Reference::File(file) => {
            let path = args.folder().join(file);
            files::text(&path, files::WRITTEN).map_err(|error| {
                Wrong::new(
                    format!("cannot read the token in {}: {error}", path.display()),
                    "name a file that holds the token and nothing else",
                )
            })?
        }
    };
    let secret = Secret::new(secret.trim());
    Ok(match token.kind {
        TokenKind::Api => ManagementToken::Api(secret),
        TokenKind::OAuth => ManagementToken::OAuth(secret),
    })
}

/// What the management API did not give; the questions go on without it.
fn print_unread(unread: &[String]) {
    for why in unread {
        style::to_stderr(&format!("note: {why}\n"));
    }
}

/// The first part of the host's name.
fn name_of(org: &str) -> String {
    let host = url::Url::parse(org).ok();
    let host = host.as_ref().and_then(url::Url::domain);
    let first = host.and_then(|host| host.split('.').next());
    first.unwrap_or("my-org").to_owned()
}

/// Makes the key, writes the file, and says what to do next.
fn write(args: &Args, draft: &mut Draft) -> Result<Exit, Trouble> {
    let made = match &mut draft.agent.auth {
        AuthDraft::Key(key) => make_key(args, key)?,
        _ => None,
    };
    let text = init::page(draft);
    let environment = |name: &str| config::variable(args.folder(), name);
    let checked = check(args, draft, &text, &environment);
    let written = checked.and_then(|()| write_file(args, &text));
    if let Err(trouble) = written {
        // A key that no file names would be in the way of the next attempt.
        if let Some(made) = &made {
            let _ = fs::remove_file(&made.file);
        }
        return Err(trouble);
    }
    style::to_stderr(&format!("\n{} is written.\n", args.out.display()));
    if let Some(made) = &made {
        style::to_stderr(&format!(
            "{} holds the agent's new private key. This is the public key, as a JWK, to be registered:\n",
            made.file.display()
        ));
        style::print(&format!("{:#}\n", made.public))?;
    }
    style::to_stderr(&next_steps(args, draft, made.is_some()));
    Ok(Exit::Fine)
}

/// A key that was made.
struct Made {
    file: PathBuf,
    public: serde_json::Value,
}

fn make_key(args: &Args, draft: &mut KeyDraft) -> Result<Option<Made>, Trouble> {
    let Some(new) = draft.new else {
        return Ok(None);
    };
    let (key, pem) = signing_key::generate(new)
        .ok_or_else(|| Wrong::new("no key can be made", "the system gives no randomness"))?;
    let file = args.folder().join(&draft.file);
    key::write(&file, &pem).map_err(|error| {
        Wrong::new(
            format!("cannot write {}: {error}", file.display()),
            "name another file with --key",
        )
    })?;
    let kid = draft.kid.get_or_insert_with(|| key.thumbprint());
    Ok(Some(Made {
        public: key.registration(kid),
        file,
    }))
}

/// Reads the text as the other commands will; the variables that its keys name may be set later. Others, such as those of
/// proxies, are what they are.
fn check(
    args: &Args,
    draft: &Draft,
    text: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Trouble> {
    let named = draft.variables();
    let sources = Sources {
        folder: args.folder(),
        environment: &|name| {
            let not_set_yet = || named.contains(&name).then(|| "not set yet".to_owned());
            environment(name).or_else(not_set_yet)
        },
    };
    let name = args.out.display().to_string();
    config::parse(&name, text, &sources).map_err(|problems| vec![problems])?;
    Ok(())
}

/// Whole or not at all, and never over a file that came to be there meanwhile.
fn write_file(args: &Args, text: &str) -> Result<(), Trouble> {
    let written = NamedTempFile::new_in(args.folder()).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        let persisted = if args.force {
            file.persist(&args.out)
        } else {
            file.persist_noclobber(&args.out)
        };
        persisted.map_err(|failed| failed.error)?;
        Ok(())
    });
    written.map_err(|error| Trouble::Usage {
        why: format!("cannot write {}: {}", args.out.display(), error.kind()),
        help: "choose another file with --out".to_owned(),
    })
}

fn next_steps(args: &Args, draft: &Draft, has_new_key: bool) -> String {
    let mut steps = Vec::new();
    if has_new_key {
        steps.push(
            "register the public key: Admin Console > Directory > AI agents > the agent > Client registration > Public key / \
             Private key > Add"
                .to_owned(),
        );
    }
    for name in draft.variables() {
        if config::variable(args.folder(), name).is_none() {
            steps.push(format!(
                "export {name}=…   (or write it into a file .env beside the target file)"
            ));
        }
    }
    let is_default = args.out == Path::new(target_file::DEFAULT);
    let target = if is_default {
        String::new()
    } else {
        format!(" --target {}", quoted(&args.out.display().to_string()))
    };
    for command in NEXT {
        steps.push(format!("atx {command}{target}"));
    }
    let mut text = "\nNext:\n".to_owned();
    for (number, step) in steps.iter().enumerate() {
        let _ = writeln!(text, "  {}. {step}", number + 1);
    }
    text
}

/// The commands that follow, in order.
const NEXT: [&str; 3] = ["sign-in", "doctor", "run"];

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::init::sample::{least, whole};

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn args(words: &[&str]) -> Args {
        let line = std::iter::once("init").chain(words.iter().copied());
        Line::try_parse_from(line).unwrap().args
    }

    #[test]
    fn paths_are_written_as_the_target_file_reads_them() {
        let here = args(&[]);
        assert_eq!(here.as_named(Path::new("agent.pem")), "agent.pem");
        assert_eq!(
            here.as_named(Path::new("./keys/agent.pem")),
            "keys/agent.pem"
        );
        assert_eq!(
            here.as_named(Path::new("/keys/agent.pem")),
            "/keys/agent.pem"
        );
        let elsewhere = args(&["--out", "orgs/acme.yaml"]);
        assert_eq!(elsewhere.as_named(Path::new("orgs/agent.pem")), "agent.pem");
        assert!(Path::new(&elsewhere.as_named(Path::new("agent.pem"))).is_absolute());
    }

    #[test]
    fn what_is_written_is_right_whatever_the_environment_holds() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("atx.yaml").display().to_string();
        let args = args(&["--out", &out]);
        for draft in [least(), whole()] {
            let text = init::page(&draft);
            assert!(text.contains("HTTPS_PROXY"), "{text}");
            let checked = check(&args, &draft, &text, &|_| None);
            assert!(checked.is_ok(), "{checked:?}");
            // A proxy that is set is checked as it is.
            let proxied = |name: &str| (name == "HTTPS_PROXY").then(|| "no address".to_owned());
            assert!(check(&args, &draft, &text, &proxied).is_err());
        }
    }

    #[test]
    fn options_that_contradict_each_other_are_refused() {
        for words in [
            &["--api-token-env", "A", "--oauth-token-env", "B"][..],
            &["--client-secret-env", "A", "--client-secret-file", "b"],
        ] {
            let line = std::iter::once("init").chain(words.iter().copied());
            assert!(Line::try_parse_from(line).is_err(), "{words:?}");
        }
        assert!(args(&["--new-key"]).new_key == Some(options::Algorithm::Rs256));
        assert!(args(&["--new-key=ES256"]).new_key == Some(options::Algorithm::Es256));
    }

    #[test]
    fn an_org_is_called_by_the_first_part_of_its_host() {
        assert_eq!(name_of("https://acme.okta.com"), "acme");
        assert_eq!(name_of("https://127.0.0.1:7070"), "my-org");
    }
}
