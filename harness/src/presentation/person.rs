//! What a person is asked to do, for the terminal.

use std::fmt::Write as _;

use super::text::visible;
use crate::result::{PersonDoes, PersonRequest};

/// Lines with the link on one of its own, so that it can be clicked or copied.
pub(crate) fn request(request: &PersonRequest) -> String {
    let PersonRequest {
        user,
        login,
        does,
        link,
        opens,
        seconds,
    } = request;
    let who = login
        .as_ref()
        .map_or_else(|| user.clone(), |login| format!("{user} ({login})"));
    let why = match does {
        PersonDoes::SignsIn { client, .. } => format!("must sign in for `clients.{client}`"),
        PersonDoes::Consents { case } => {
            format!("must consent at the third party, because {case} needs its token")
        }
    };
    let how = if *opens {
        "the browser is being opened; if it is not, open this link"
    } else {
        "open this link in a browser"
    };
    let mut text = visible(&format!(
        "{who} {why}: {how} (waiting {})",
        within(*seconds)
    ))
    .into_owned();
    let _ = write!(text, "\n\n  {}\n", visible(link));
    if let PersonDoes::SignsIn {
        can_paste,
        only_pasted,
        ..
    } = does
    {
        match only_pasted {
            Some(why) => {
                let _ = write!(
                    text,
                    "\natx cannot wait where the browser is sent back to: {why}.\nAfter signing in, copy the address from the browser, even if the page shows an error, paste it here and press Enter.\n"
                );
            }
            None if *can_paste => text.push_str(
                "\nIf the browser runs on another machine (SSH): after signing in it shows a page that cannot be reached. Copy its address, paste it here and press Enter.\n",
            ),
            None => {}
        }
    }
    text
}

/// What was pasted belongs to no sign-in that is waited for.
pub(crate) const NOT_THE_ANSWER: &str = "that is not the address that the browser was sent back to after this sign-in; it has `code` and `state` in it";

/// "5 min", "90 s".
fn within(seconds: u64) -> String {
    if seconds >= 120 && seconds.is_multiple_of(60) {
        format!("{} min", seconds / 60)
    } else {
        format!("{seconds} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(does: PersonDoes, opens: bool) -> String {
        request(&PersonRequest {
            user: "ada".to_owned(),
            login: Some("ada@example.com".to_owned()),
            does,
            link: "https://org.example/authorize?x=1".to_owned(),
            opens,
            seconds: 300,
        })
    }

    #[test]
    fn the_link_stands_alone_with_who_and_why() {
        let signs_in = PersonDoes::SignsIn {
            client: "agent".to_owned(),
            can_paste: true,
            only_pasted: None,
        };
        let text = asked(signs_in, false);
        assert!(
            text.contains("ada (ada@example.com) must sign in for `clients.agent`"),
            "{text}"
        );
        assert!(text.contains("waiting 5 min"), "{text}");
        assert!(
            text.contains("\n  https://org.example/authorize?x=1\n"),
            "{text}"
        );
        assert!(text.contains("paste it here"), "{text}");
        let consents = PersonDoes::Consents {
            case: "resource-server/whole-flow".to_owned(),
        };
        let text = asked(consents, true);
        assert!(
            text.contains("because resource-server/whole-flow needs"),
            "{text}"
        );
        assert!(!text.contains("paste"), "{text}");
    }

    #[test]
    fn what_can_only_be_pasted_says_why() {
        let signs_in = PersonDoes::SignsIn {
            client: "agent".to_owned(),
            can_paste: true,
            only_pasted: Some("it is not on this machine".to_owned()),
        };
        let text = asked(signs_in, false);
        assert!(
            text.contains("sent back to: it is not on this machine"),
            "{text}"
        );
    }
}
