//! A headless Chromium, driven through `ChromeDriver`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::WebDriver;
use thirtyfour::prelude::*;
use tokio::runtime::Runtime;

/// The checker of accessibility, as text.
pub fn axe() -> String {
    std::fs::read_to_string(installed(option_env!("BROWSER_AXE")))
        .expect("tests/browser/install.sh has brought it")
}

fn installed(path: Option<&'static str>) -> &'static str {
    path.expect("tests/browser/install.sh has found it, or the test is ignored")
}

/// A window, and what keeps it.
pub struct Browser {
    runtime: Runtime,
    driver: WebDriver,
    /// Ends when dropped, and the browser with it.
    _process: Process,
    _profile: TempDir,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// A fresh window of this size in CSS pixels.
    pub fn open(width: u32, height: u32) -> Self {
        let (process, address) = chromedriver();
        let profile = TempDir::new().expect("a folder");
        let mut wanted = DesiredCapabilities::chrome();
        let chromium = installed(option_env!("BROWSER_CHROMIUM"));
        wanted.set_binary(chromium).expect("a path");
        if chromium.ends_with("headless-shell") {
            let name = "chrome-headless-shell";
            wanted.set("browserName", name).expect("a capability");
        }
        let profile_argument = format!("--user-data-dir={}", profile.path().display());
        for argument in [
            "--headless=new",
            // Containers have no user namespaces and little shared memory; the pages are ours.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-device-scale-factor=1",
            &profile_argument,
        ] {
            wanted.add_arg(argument).expect("an argument");
        }
        wanted
            .set("goog:loggingPrefs", json!({ "browser": "ALL" }))
            .expect("a capability");
        let runtime = Runtime::new().expect("a runtime");
        let driver = runtime
            .block_on(WebDriver::new(address, wanted))
            .expect("Chromium starts");
        let browser = Self {
            runtime,
            driver,
            _process: process,
            _profile: profile,
        };
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &size);
        browser
    }

    /// Prefers dark pages, print, reduced motion: `[("prefers-color-scheme", "dark")]`.
    pub fn prefer(&self, media: &str, features: &[(&str, &str)]) {
        let features: Vec<_> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let media = json!({ "media": media, "features": features });
        self.devtools("Emulation.setEmulatedMedia", &media);
    }

    /// Pages are shown without their scripts from now on.
    pub fn without_script(&self) {
        let disabled = json!({ "value": true });
        self.devtools("Emulation.setScriptExecutionDisabled", &disabled);
    }

    pub fn go(&self, page: &Path, fragment: &str) {
        // Another fragment of the same page is no new page to a browser.
        self.visit("about:blank");
        self.visit(&format!("file://{}{fragment}", page.display()));
    }

    fn visit(&self, address: &str) {
        self.runtime
            .block_on(self.driver.goto(address))
            .expect("the page loads");
    }

    /// What a script returns: the body of a function.
    pub fn ask(&self, script: &str) -> Value {
        let answer = self
            .runtime
            .block_on(self.driver.execute(script, Vec::new()));
        answer.expect("the script runs").json().clone()
    }

    /// What a script hands to the callback that is its last argument.
    pub fn ask_later(&self, script: &str) -> Value {
        let answer = self
            .runtime
            .block_on(self.driver.execute_async(script, Vec::new()));
        answer.expect("the script runs").json().clone()
    }

    /// Lets the page be drawn so many times.
    pub fn frames(&self, count: usize) {
        let script = format!(
            "const done = arguments[0];
             const next = (left) => left ? requestAnimationFrame(() => next(left - 1)) : done(null);
             next({count})"
        );
        self.ask_later(&script);
    }

    /// Clicks where a user would: what is hidden or covered cannot be clicked.
    pub fn click(&self, css: &str) {
        self.runtime
            .block_on(async { self.driver.find(By::Css(css)).await?.click().await })
            .unwrap_or_else(|error| panic!("{css} cannot be clicked: {error}"));
    }

    /// Types into what has the focus, or into an element.
    pub fn type_into(&self, css: &str, keys: &str) {
        self.runtime
            .block_on(async { self.driver.find(By::Css(css)).await?.send_keys(keys).await })
            .unwrap_or_else(|error| panic!("{css} takes no keys: {error}"));
    }

    /// Clicks what an `XPath` finds, and reads what it is a heading of: works where a page has no scripts.
    pub fn text_behind(&self, summary: &str) -> String {
        self.runtime
            .block_on(async {
                let summary = self.driver.find(By::XPath(summary)).await?;
                summary.click().await?;
                summary.find(By::XPath("..")).await?.text().await
            })
            .unwrap_or_else(|error| panic!("{summary}: {error}"))
    }

    /// Errors that the page has left on the console.
    pub fn console_errors(&self) -> Vec<String> {
        let log = self
            .runtime
            .block_on(self.driver.browser_log())
            .expect("ChromeDriver keeps the log");
        let grave = log.into_iter().filter(|entry| {
            let level = format!("{:?}", entry.level).to_lowercase();
            level.contains("severe") || level.contains("warning")
        });
        grave.map(|entry| entry.message).collect()
    }

    /// What is in the window, as a PNG.
    pub fn picture(&self, file: &Path) {
        let seen = json!({ "format": "png", "captureBeyondViewport": false });
        let answer = self.devtools("Page.captureScreenshot", &seen);
        let data = answer["data"].as_str().expect("a picture");
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data);
        std::fs::write(file, bytes.expect("base64")).expect("it can be written");
    }

    fn devtools(&self, method: &'static str, parameters: &Value) -> Value {
        self.runtime
            .block_on(self.driver.cdp().send_raw(method, parameters))
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.driver.clone().quit());
    }
}

/// Starts `ChromeDriver` on a free port, which it tells.
fn chromedriver() -> (Process, String) {
    let mut child = Command::new(installed(option_env!("BROWSER_CHROMEDRIVER")))
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver runs");
    let shown = BufReader::new(child.stdout.take().expect("a pipe"));
    let process = Process(child);
    let mut lines = shown.lines().map_while(Result::ok);
    let port = lines
        .find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        })
        .expect("chromedriver tells its port");
    // It must not block on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    (process, format!("http://127.0.0.1:{port}"))
}
