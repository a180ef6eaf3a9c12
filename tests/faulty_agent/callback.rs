//! The user's browser: opens links, and comes back to the redirect URI.

use std::process::Command;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use url::Url;

use crate::failure::Failure;
use crate::settings::Settings;

const LONGEST_REQUEST: usize = 16 * 1024;
/// A browser that is driven by a program is back at once.
pub const LONGEST_SIGN_IN: Duration = Duration::from_secs(15);
const PAGE: &str = "You may close this window.";

/// Opens a link for the user; it returns at once.
pub fn open(settings: &Settings, link: &str) -> Result<(), Failure> {
    let url = Url::parse(link).map_err(|_| Failure::stop("the link is not a URL"))?;
    // What a browser opens, and never an option or a file.
    if !matches!(url.scheme(), "https" | "http") {
        return Err(Failure::stop("the link is not for a browser"));
    }
    let browser = settings.browser.as_deref().unwrap_or("xdg-open");
    let status = Command::new(browser).arg(link).status();
    status.map(|_| ()).map_err(Failure::stop)
}

/// Parameters of an authorization response.
pub struct Response(Vec<(String, String)>);

impl Response {
    /// The value of a parameter, which may be there once only (RFC 6749 section 3.1).
    pub fn one(&self, name: &str) -> Result<Option<&str>, Failure> {
        let mut values = self
            .0
            .iter()
            .filter(|(other, _)| other == name)
            .map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Failure::Stop(format!("the response has {name} twice"))),
            (value, None) => Ok(value),
        }
    }
}

/// A listener at the redirect URI.
pub struct Callback {
    listener: TcpListener,
    uri: Url,
}

impl Callback {
    pub async fn listen(redirect_uri: &str) -> Result<Self, Failure> {
        let uri = Url::parse(redirect_uri).map_err(Failure::stop)?;
        let host = uri.host_str().unwrap_or("127.0.0.1");
        let port = uri.port_or_known_default().unwrap_or_default();
        let listener = TcpListener::bind((host, port))
            .await
            .map_err(Failure::stop)?;
        Ok(Self { listener, uri })
    }

    pub async fn response(&self, longest: Duration) -> Result<Response, Failure> {
        let response = timeout(longest, self.first_response()).await;
        response.map_err(|_| Failure::stop("the browser did not come back"))?
    }

    async fn first_response(&self) -> Result<Response, Failure> {
        loop {
            let (mut connection, _) = self.listener.accept().await.map_err(Failure::stop)?;
            let Some(target) = self.target(&mut connection).await else {
                continue;
            };
            // A browser also asks for an icon.
            let is_response = target.path() == self.uri.path();
            let status = if is_response {
                "200 OK"
            } else {
                "404 Not Found"
            };
            let length = PAGE.len();
            let page = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{PAGE}"
            );
            // A browser that does not wait for the page has given its response all the same.
            let _ = connection.write_all(page.as_bytes()).await;
            if is_response {
                return Ok(Response(target.query_pairs().into_owned().collect()));
            }
        }
    }

    /// What a GET asks for.
    async fn target(&self, connection: &mut TcpStream) -> Option<Url> {
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < LONGEST_REQUEST {
            if connection.read_buf(&mut head).await.ok()? == 0 {
                break;
            }
        }
        let head = String::from_utf8(head).ok()?;
        let target = head.strip_prefix("GET ")?.split(' ').next()?;
        self.uri.join(target).ok()
    }
}
