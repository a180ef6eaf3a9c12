//! Options that several commands have.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use mock_okta::{Defect, Edition, Fault, LogFormat, Variation};

/// Reads an edition; `--help` and mistakes list those there are.
pub(super) fn edition() -> impl clap::builder::TypedValueParser<Value = Edition> {
    PossibleValuesParser::new(Edition::ALL.map(Edition::as_str))
        .try_map(|text| Edition::parse(&text).ok_or("no such edition"))
}

/// Reads the id of a defect.
pub(super) fn defect(text: &str) -> Result<Defect, String> {
    Defect::parse(text).map_err(|error| format!("{error} (`mock-okta defects` lists them)"))
}

/// Reads the id of a variation.
pub(super) fn variation(text: &str) -> Result<Variation, String> {
    Variation::parse(text).map_err(|error| format!("{error} (`mock-okta variations` lists them)"))
}

/// Reads how the lines about requests are written.
pub(super) fn log_format() -> impl clap::builder::TypedValueParser<Value = LogFormat> {
    PossibleValuesParser::new(["text", "json"]).map(|text| {
        if text == "json" {
            LogFormat::Json
        } else {
            LogFormat::Text
        }
    })
}

/// How users sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SignIn {
    /// On the sign-in page.
    Page,
    /// By themselves: this user.
    Auto(String),
}

/// Reads how users sign in. Without a name it is the first user of the default org.
pub(super) fn sign_in(text: &str) -> Result<SignIn, String> {
    match text.split_once('=') {
        None if text == "page" => Ok(SignIn::Page),
        None if text == "auto" => Ok(SignIn::Auto("ada".to_owned())),
        Some(("auto", user)) if !user.is_empty() => Ok(SignIn::Auto(user.to_owned())),
        _ => Err("expected `page`, `auto` or `auto=USER`, such as auto=grace".to_owned()),
    }
}

/// Reads a wire fault.
pub(super) fn fault(text: &str) -> Result<Fault, String> {
    text.parse()
        .map_err(|error| format!("{error} (`mock-okta faults` lists them)"))
}

/// Reads a number of mebibytes of which the bytes can be counted.
pub(super) fn mebibytes(text: &str) -> Result<usize, String> {
    let number: u32 = text
        .parse()
        .map_err(|_| "expected a whole number of MiB, such as 256".to_owned())?;
    if !(1..=1024 * 1024).contains(&number) {
        return Err("expected a number from 1 to 1048576".to_owned());
    }
    usize::try_from(number).map_err(|error| error.to_string())
}

/// Reads `name=value`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected name=value".to_owned()),
    }
}

/// A token that was given as an option, or else in an environment variable. A variable that is empty, or not text, is a mistake
/// which the start reports: it does not ask for an org without a token.
pub(super) fn given_or_in(option: Option<&String>, variable: &str) -> Option<String> {
    let in_environment = || {
        let token = std::env::var_os(variable)?;
        Some(token.to_string_lossy().into_owned())
    };
    option.cloned().or_else(in_environment)
}
