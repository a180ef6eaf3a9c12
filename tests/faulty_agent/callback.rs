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
            let Some((target, body)) = self.request(&mut connection).await else {
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
                let mut parameters: Vec<_> = target.query_pairs().into_owned().collect();
                parameters.extend(form_urlencoded::parse(&body).into_owned());
                return Ok(Response(parameters));
            }
        }
    }

    /// What a GET asks for, or what a POST asks for and brings.
    async fn request(&self, connection: &mut TcpStream) -> Option<(Url, Vec<u8>)> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
                break at;
            }
            if bytes.len() >= LONGEST_REQUEST || connection.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let mut line = head.lines().next()?.split(' ');
        let length = match line.next()? {
            "GET" => 0,
            "POST" => content_length(&head)?,
            _ => return None,
        };
        let target = self.uri.join(line.next()?).ok()?;
        let mut body = bytes.split_off(end + 4);
        while body.len() < length {
            if connection.read_buf(&mut body).await.ok()? == 0 {
                return None;
            }
        }
        Some((target, body))
    }
}

/// `None` where it is missing, or longer than a response can be.
fn content_length(head: &str) -> Option<usize> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths.next()?.1.trim().parse().ok()?;
    (length <= LONGEST_REQUEST).then_some(length)
}
