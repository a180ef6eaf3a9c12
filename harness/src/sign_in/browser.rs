//! Opens a link in the user's browser: by the commands that `BROWSER` names, or by the system's own.
//!
//! A link may come from the server under test, and the commands that open it open files and start programs just as well. So
//! only web addresses are opened.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use url::{Host, Url};

use crate::targets::TargetKind;

/// A command that fails does so at once; a browser that is started may go on for hours.
const GRACE: Duration = Duration::from_secs(1);

/// Whether there is a command to try, and a screen to show a page on.
#[must_use]
pub fn can_open() -> bool {
    !commands(&variable).is_empty()
}

/// A link that a browser may open: https, or plain HTTP on this machine or to a mock.
///
/// # Errors
/// When it is something else than a web address, with the reason. The link itself is not quoted: it may hold a secret.
pub fn web_link(link: &str, target: TargetKind) -> Result<Url, String> {
    let url = Url::parse(link).map_err(|error| format!("it is not an address ({error})"))?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if target == TargetKind::Mock || is_on_loopback(&url) => Ok(url),
        "http" => Err("it is a plain http address of another machine".to_owned()),
        other => Err(format!("it is a `{other}:` address, and not https")),
    }
}

fn is_on_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Opens a link. `false` when it is no web address, no command could be started, or the last of them failed.
pub async fn open(link: &str, target: TargetKind) -> bool {
    let Ok(url) = web_link(link, target) else {
        return false;
    };
    for command in commands(&variable) {
        // As the parser writes it: without white space, quotes, or anything else that a program may read as more than a link.
        if start(&command, url.as_str()).await {
            return true;
        }
    }
    false
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Commands with their arguments, the best first. `BROWSER` is a list, in which `%s` stands for the link.
fn commands(variable: &dyn Fn(&str) -> Option<String>) -> Vec<Vec<String>> {
    if let Some(browser) = variable("BROWSER") {
        let separator = if cfg!(windows) { ';' } else { ':' };
        let named = browser
            .split(separator)
            .filter(|one| !one.trim().is_empty());
        return named.map(words).collect();
    }
    let own: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["rundll32", "url.dll,FileProtocolHandler"]
    } else if ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| variable(name).is_some())
    {
        &["xdg-open"]
    } else {
        // Without a screen it would start a browser in this terminal, or none.
        return Vec::new();
    };
    vec![own.iter().map(|word| (*word).to_owned()).collect()]
}

/// A path may contain spaces; a command with arguments is separated by them.
fn words(command: &str) -> Vec<String> {
    if Path::new(command).is_file() {
        return vec![command.to_owned()];
    }
    command.split_whitespace().map(str::to_owned).collect()
}

async fn start(command: &[String], link: &str) -> bool {
    let Some((program, arguments)) = command.split_first() else {
        return false;
    };
    let mut starting = Command::new(program);
    let has_place = arguments.iter().any(|argument| argument.contains("%s"));
    // No shell reads the link.
    starting.args(
        arguments
            .iter()
            .map(|argument| argument.replace("%s", link)),
    );
    if !has_place {
        starting.arg(link);
    }
    let streams = [Stdio::null(), Stdio::null(), Stdio::null()];
    let [stdin, stdout, stderr] = streams;
    starting.stdin(stdin).stdout(stdout).stderr(stderr);
    let Ok(mut browser) = starting.spawn() else {
        return false;
    };
    if let Ok(ended) = tokio::time::timeout(GRACE, browser.wait()).await {
        return ended.is_ok_and(|status| status.success());
    }
    // The system keeps what has ended until somebody asks for it.
    tokio::spawn(async move { browser.wait().await });
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Vec<Vec<String>> {
        commands(&|name| {
            let mut found = variables.iter().filter(|(known, _)| *known == name);
            found.next().map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    #[cfg(not(windows))]
    fn browser_names_commands_and_where_the_link_goes() {
        let found = with(&[("BROWSER", "firefox --new-window %s:lynx")]);
        let expected = [vec!["firefox", "--new-window", "%s"], vec!["lynx"]];
        assert_eq!(found, expected);
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn without_a_screen_nothing_is_opened() {
        assert!(with(&[]).is_empty());
        assert_eq!(with(&[("DISPLAY", ":0")]), [["xdg-open"]]);
    }

    #[test]
    fn only_web_addresses_are_opened() {
        for (link, by_mock, by_org) in [
            ("https://org.example/consent?x=1", true, true),
            ("http://localhost:7070/consent", true, true),
            ("http://127.0.0.1/", true, true),
            ("http://[::1]:1/", true, true),
            ("http://org.example/consent", true, false),
            ("http://localhost.example/", true, false),
            ("file:///etc/passwd", false, false),
            ("javascript:alert(1)", false, false),
            ("ms-settings:network", false, false),
            ("-version", false, false),
            ("", false, false),
        ] {
            assert_eq!(web_link(link, TargetKind::Mock).is_ok(), by_mock, "{link}");
            assert_eq!(web_link(link, TargetKind::Okta).is_ok(), by_org, "{link}");
        }
        let quoted = web_link("https://org.example/\" --x", TargetKind::Okta).unwrap();
        assert_eq!(quoted.as_str(), "https://org.example/%22%20--x");
    }

    #[tokio::test]
    #[cfg(unix)]
    async fn a_command_that_is_not_there_or_fails_opens_nothing() {
        let command = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        assert!(!start(&command(&["/nowhere/browser"]), "http://x").await);
        assert!(!start(&command(&["false"]), "http://x").await);
        assert!(start(&command(&["true"]), "http://x").await);
        assert!(start(&command(&["sleep", "2", "%s"]), "1").await);
        assert!(!start(&[], "http://x").await);
    }
}
