//! The agent's private key: one that is there, or a new one in a file of its own.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::ask::{Asker, Choice, Question, Wrong};
use super::options::{Algorithm, Args};
use crate::cli::Trouble;
use crate::files;
use crate::init::KeyDraft;
use crate::secret::Secret;
use crate::signing_key::{NewKey, SigningKey};

/// Where a new key goes.
const FILE: &str = "agent.pem";

/// Asks for the key. `registered` are the `kid` of those that the org knows.
pub(super) fn ask(args: &Args, asker: &Asker, registered: &[String]) -> Result<KeyDraft, Trouble> {
    match wanted(args, asker)? {
        Some(new) => new_key(args, asker, new),
        None => known_key(args, asker, registered),
    }
}

/// Which new key is wanted, if one is.
fn wanted(args: &Args, asker: &Asker) -> Result<Option<NewKey>, Trouble> {
    const ALL: [(Option<Algorithm>, &str, &str); 3] = [
        (Some(Algorithm::Rs256), "RS256", "make a new RSA key"),
        (Some(Algorithm::Es256), "ES256", "make a new key on P-256"),
        (None, "known", "use a key that is in a file already"),
    ];
    if let Some(algorithm) = args.new_key {
        return Ok(Some(algorithm.into()));
    }
    if args.key.is_some() {
        return Ok(None);
    }
    let choices = ALL.map(|(_, name, about)| Choice {
        name: name.to_owned(),
        about: about.to_owned(),
    });
    let question = Question {
        option: "--new-key or --key FILE",
        asks: "The agent's key",
        about: "",
        // Making a key is no default: nobody asked for a file with a private key.
        default: asker.asks().then_some("RS256"),
    };
    let chosen = asker.choice(None, question, &choices)?;
    Ok(ALL[chosen].0.map(NewKey::from))
}

fn new_key(args: &Args, asker: &Asker, new: NewKey) -> Result<KeyDraft, Trouble> {
    let given = args.key.as_ref().map(|file| file.display().to_string());
    let question = Question {
        option: "--key FILE",
        asks: "The file for the new private key",
        about: "Only you will be able to read it.",
        default: Some(FILE),
    };
    let file = asker.value(given.as_deref(), question, |typed| {
        let file = beside(args, typed, given.is_some());
        if file.exists() {
            Err(Wrong::new(
                format!(
                    "{} is there already, and a key is never replaced",
                    file.display()
                ),
                "name another file, or use this key: `--key FILE` without `--new-key`",
            ))
        } else {
            Ok(file)
        }
    })?;
    Ok(KeyDraft {
        file: args.as_named(&file),
        is_jwk: false,
        kid: args.kid.clone(),
        alg: new.as_str().to_owned(),
        new: Some(new),
    })
}

/// A file that is typed or the default lies beside the target file, one of an option where the option says.
fn beside(args: &Args, typed: &str, is_option: bool) -> PathBuf {
    if is_option {
        PathBuf::from(typed)
    } else {
        args.folder().join(typed)
    }
}

fn known_key(args: &Args, asker: &Asker, registered: &[String]) -> Result<KeyDraft, Trouble> {
    let given = args.key.as_ref().map(|file| file.display().to_string());
    let question = Question {
        option: "--key FILE",
        asks: "The file with the agent's private key, as PEM or JWK",
        about: "",
        default: None,
    };
    let (file, read) = asker.value(given.as_deref(), question, |typed| {
        let file = beside(args, typed, given.is_some());
        let read = read(&file)?;
        Ok((file, read))
    })?;
    let only = match registered {
        [only] => Some(only.as_str()),
        _ => None,
    };
    let about = if registered.is_empty() {
        "Admin Console: Directory > AI agents > the agent > Client registration, beside the key"
            .to_owned()
    } else {
        format!("Active keys of the agent: {}", registered.join(", "))
    };
    let question = Question {
        option: "--kid KID",
        asks: "Its kid",
        about: &about,
        default: read.kid.as_deref().or(only),
    };
    let kid = asker.optional(args.kid.as_deref(), question, |typed| Ok(typed.to_owned()))?;
    Ok(KeyDraft {
        file: args.as_named(&file),
        is_jwk: read.is_jwk,
        kid,
        alg: read.alg,
        new: None,
    })
}

/// What a key file shows.
#[derive(Debug)]
struct Read {
    is_jwk: bool,
    alg: String,
    kid: Option<String>,
}

fn read(file: &Path) -> Result<Read, Wrong> {
    let unreadable = |why: String| {
        Wrong::new(
            format!("cannot read the key in {}: {why}", file.display()),
            "give a private key as PEM (PKCS#8, PKCS#1 or SEC 1) or as JWK",
        )
    };
    let text = files::text(file, files::WRITTEN).map_err(|error| unreadable(error.to_string()))?;
    let text = Secret::new(text);
    let is_jwk = text.expose().trim_start().starts_with('{');
    let (key, jwk) = if is_jwk {
        let jwk = SigningKey::parse_jwk(text.expose());
        let jwk = jwk.map_err(|problem| unreadable(problem.to_string()))?;
        (SigningKey::from_jwk(&jwk), Some(jwk))
    } else {
        (SigningKey::from_pem(text.expose()), None)
    };
    let key = key.map_err(|problem| unreadable(problem.to_string()))?;
    let member = |name: &str| {
        let text = jwk.as_ref()?.get(name)?.as_str()?;
        Some(text.to_owned())
    };
    Ok(Read {
        is_jwk,
        alg: member("alg").unwrap_or_else(|| key.algorithm().to_owned()),
        kid: member("kid"),
    })
}

/// Writes a private key into a file that is not there yet, for its owner alone.
pub(super) fn write(file: &Path, pem: &Secret) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(file)?;
    file.write_all(pem.expose().as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing_key::generate;

    #[test]
    fn a_new_key_is_for_its_owner_and_never_replaces_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("agent.pem");
        let (_, pem) = generate(NewKey::Es256).unwrap();
        write(&file, &pem).unwrap();
        assert!(!files::is_readable_by_others(&file));
        assert!(write(&file, &pem).is_err());
        let read = read(&file).unwrap();
        assert_eq!(
            (read.alg.as_str(), read.is_jwk, read.kid),
            ("ES256", false, None)
        );
    }

    #[test]
    fn what_is_no_key_is_said_without_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("agent.pem");
        for text in ["hunter2", "{\"kty\":\"hunter2\"}", "{hunter2"] {
            std::fs::write(&file, text).unwrap();
            let wrong = read(&file).unwrap_err();
            assert!(!wrong.why.contains("hunter2"), "{wrong:?}");
        }
        assert!(read(&folder.path().join("missing")).is_err());
    }
}
