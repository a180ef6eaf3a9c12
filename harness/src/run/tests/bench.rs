//! A server of a few lines, a target that describes it, and runs against it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::requirement::Catalogue;
use crate::result::{CaseResult, Collector, EventSink, RunEvent, RunResult};
use crate::run::{RunOptions, run};
use crate::scenario::model::Edition;
use crate::targets::{Deployment, Target, sample};

/// A request as it came.
pub(in crate::run) struct Request {
    pub(in crate::run) path: String,
    /// Request line and header fields.
    pub(in crate::run) head: String,
    pub(in crate::run) body: String,
}

/// What the server does about a request.
#[derive(Clone)]
pub(in crate::run) enum Reply {
    Http {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// Closes the connection.
    Cut,
    /// Says nothing.
    Hang,
    /// Says something that is not HTTP.
    Garbage,
}

impl Request {
    /// Where it was sent.
    pub(in crate::run) fn origin(&self) -> String {
        let mut lines = self.head.lines();
        let host = lines.find_map(|line| line.strip_prefix("host: "));
        format!("http://{}", host.unwrap_or_default())
    }
}

impl Reply {
    pub(in crate::run) fn text(status: u16, media_type: &str, body: impl Into<String>) -> Self {
        let headers = vec![("content-type".to_owned(), media_type.to_owned())];
        Self::Http {
            status,
            headers,
            body: body.into(),
        }
    }

    pub(in crate::run) fn json(status: u16, body: impl Into<String>) -> Self {
        Self::text(status, "application/json", body)
    }

    pub(in crate::run) fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// A server under test.
pub(in crate::run) struct Bench {
    target: Target,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What a run gave.
pub(in crate::run) struct Ran {
    pub(in crate::run) result: RunResult,
    pub(in crate::run) events: Vec<RunEvent>,
}

impl Ran {
    pub(in crate::run) fn case(&self, id: &str) -> &CaseResult {
        let found = self.result.results.iter().find(|case| case.id == id);
        found.unwrap_or_else(|| panic!("no result {id}"))
    }
}

struct Both<'h>(
    Collector,
    Vec<RunEvent>,
    &'h mut (dyn FnMut(&RunEvent) + Send),
);

impl EventSink for Both<'_> {
    fn on_event(&mut self, event: &RunEvent) {
        self.0.on_event(event);
        (self.2)(event);
        self.1.push(event.clone());
    }
}

impl Bench {
    /// Starts a server.
    pub(in crate::run) async fn start(
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(answer, |_| {}).await
    }

    /// Starts a server whose target file says something else.
    pub(in crate::run) async fn start_with(
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
        describe: impl FnOnce(&mut Deployment),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), asked.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, log) = (answer.clone(), log.clone());
                tokio::spawn(async move { serve(stream, &*answer, &log).await });
            }
        });
        let mut deployment = sample::deployment(&origin);
        describe(&mut deployment);
        Self {
            target: sample::target(deployment),
            asked,
        }
    }

    /// An address where nobody listens.
    pub(in crate::run) async fn closed() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        Self {
            target: sample::target(sample::deployment(&origin)),
            asked: Arc::default(),
        }
    }

    /// The same server, and a target file that says something else.
    pub(super) fn described_anew(&self, describe: impl FnOnce(&mut Deployment)) -> Self {
        let mut deployment = self.deployment().clone();
        describe(&mut deployment);
        Self {
            target: sample::target(deployment),
            asked: self.asked.clone(),
        }
    }

    /// Runs against another target.
    pub(super) fn of(target: Target) -> Self {
        Self {
            target,
            asked: Arc::default(),
        }
    }

    /// To ask it with.
    pub(in crate::run) const fn target(&self) -> &Target {
        &self.target
    }

    /// What the target file says.
    pub(in crate::run) fn deployment(&self) -> &Deployment {
        self.target.deployment()
    }

    /// Paths asked for, in order.
    pub(in crate::run) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(in crate::run) async fn run(&self, id: &str, scenario: &str) -> Ran {
        self.run_with(id, scenario, &RunOptions::new(Edition::E2026_10))
            .await
    }

    pub(in crate::run) async fn run_with(
        &self,
        id: &str,
        scenario: &str,
        options: &RunOptions,
    ) -> Ran {
        self.run_heard(id, scenario, options, &mut |_| {}).await
    }

    /// The same, and somebody hears each event as it happens.
    pub(in crate::run) async fn run_heard(
        &self,
        id: &str,
        scenario: &str,
        options: &RunOptions,
        hears: &mut (dyn FnMut(&RunEvent) + Send),
    ) -> Ran {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("id: {id}\ntitle: A title\n{}", scenario.trim_start());
        std::fs::write(folder.path().join(format!("{id}.yaml")), text).unwrap();
        let scenarios = crate::scenario::from_dir(folder.path())
            .unwrap_or_else(|problems| panic!("{}", problems[0]));
        let mut sink = Both(Collector::default(), Vec::new(), hears);
        run(
            scenarios,
            Catalogue::embedded(),
            &self.target,
            options,
            &mut sink,
        )
        .await;
        Ran {
            result: sink.0.finish().unwrap(),
            events: sink.1,
        }
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: &(dyn Fn(&Request) -> Reply + Send + Sync),
    log: &Mutex<Vec<String>>,
) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    log.lock().unwrap().push(request.path.clone());
    let text = match answer(&request) {
        Reply::Cut => return,
        Reply::Hang => {
            tokio::time::sleep(std::time::Duration::from_mins(1)).await;
            return;
        }
        Reply::Garbage => "SSH-2.0-nothing\r\n".to_owned(),
        Reply::Http {
            status,
            headers,
            body,
        } => {
            let line = |(name, value): &(String, String)| {
                [
                    name, ": ", value, "
",
                ]
                .concat()
            };
            let fields: String = headers.iter().map(line).collect();
            let length = body.len();
            format!(
                "HTTP/1.1 {status} X\r\n{fields}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
            )
        }
    };
    let _ = stream.write_all(text.as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 8192];
        let length = stream
            .read(&mut chunk)
            .await
            .ok()
            .filter(|length| *length > 0)?;
        bytes.extend_from_slice(&chunk[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let wanted = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= wanted.map_or(0, |length| length.parse().unwrap()) {
            let path = head.split(' ').nth(1)?.split('?').next()?;
            return Some(Request {
                path: path.to_owned(),
                head: head.to_owned(),
                body: body.to_owned(),
            });
        }
    }
}
