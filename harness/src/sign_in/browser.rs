//! Opens a link in the user's browser: by the commands that `BROWSER` names, or by the system's own.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// A command that fails does so at once; a browser that is started may go on for hours.
const GRACE: Duration = Duration::from_secs(1);

/// Whether there is a command to try, and a screen to show a page on.
#[must_use]
pub fn can_open() -> bool {
    !commands(&variable).is_empty()
}

/// Opens a link. `false` when no command could be started, or the last of them failed.
pub async fn open(link: &str) -> bool {
    for command in commands(&variable) {
        if start(&command, link).await {
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
