//! The page at the redirect URI. It says what to do next and nothing else: no code, no name.

/// What a request to the redirect URI is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The answer has come.
    Received,
    /// The org has refused.
    Refused,
    /// The request belongs to no sign-in that is waited for.
    Stray,
    /// Nothing is at this path.
    Nowhere,
    /// The request is not one of a browser that comes back.
    Unreadable,
}

impl Page {
    const fn status(self) -> &'static str {
        match self {
            Self::Received | Self::Refused => "200 OK",
            Self::Stray | Self::Unreadable => "400 Bad Request",
            Self::Nowhere => "404 Not Found",
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Received => (
                "The answer has come",
                "atx goes on in the terminal. This window can be closed.",
            ),
            Self::Refused => (
                "The sign-in was refused",
                "The terminal shows the reason. This window can be closed.",
            ),
            Self::Stray => (
                "Not the answer that is waited for",
                "atx waits for the answer to the link that the terminal shows last. Open that link.",
            ),
            Self::Nowhere => (
                "Nothing is here",
                "atx waits for a sign-in at another path.",
            ),
            Self::Unreadable => ("Not understood", "atx waits for a browser that comes back."),
        }
    }

    /// The whole response.
    pub(super) fn response(self) -> String {
        let (title, text) = self.words();
        let body = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n</html>\n"
        );
        let head = [
            format!("HTTP/1.1 {}", self.status()),
            "Content-Type: text/html; charset=utf-8".to_owned(),
            format!("Content-Length: {}", body.len()),
            "Cache-Control: no-store".to_owned(),
            "Referrer-Policy: no-referrer".to_owned(),
            "X-Content-Type-Options: nosniff".to_owned(),
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'".to_owned(),
            "Connection: close".to_owned(),
        ];
        format!("{}\r\n\r\n{body}", head.join("\r\n"))
    }
}
