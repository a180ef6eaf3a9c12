//! The HTML report as a reader meets it, in a headless Chromium. Where `tests/browser/install.sh` has found none, these
//! tests are ignored, with that reason.

mod browser;

use browser::Browser;

#[test]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn smoke() {
    let browser = Browser::open(1400, 900);
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("x.html");
    std::fs::write(
        &page,
        "<title>x</title><p id=a>hello<script>console.error('no')</script>",
    )
    .expect("x");
    browser.go(&page, "#a");
    assert_eq!(browser.ask("return document.title"), "x");
    assert_eq!(browser.console_errors().len(), 1);
    browser.prefer("screen", &[("prefers-color-scheme", "dark")]);
    assert_eq!(
        browser.ask("return matchMedia('(prefers-color-scheme: dark)').matches"),
        true
    );
    browser.picture(&folder.path().join("x.png"));
    let _ = browser.ask_later("arguments[0](1)");
    browser.without_script();
    browser.click("#a");
    assert!(browser::axe().len() > 1000);
}
