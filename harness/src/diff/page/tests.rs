use super::*;
use crate::diff::diff;
use crate::diff::model::Diff;
use crate::diff::sample;
use crate::presentation::terminal::Look;

fn different() -> Diff {
    let (a, b) = sample::different();
    diff(("yesterday.json", &a), ("today.json", &b))
}

fn same() -> Diff {
    let run = crate::result::sample::all_well();
    diff(("a.json", &run), ("b.json", &run))
}

#[test]
fn the_console_tells_each_difference_once() {
    insta::assert_snapshot!("console", console(&different(), Look::new(100, false)));
    insta::assert_snapshot!("console_same", console(&same(), Look::new(100, false)));
}

#[test]
fn the_console_fits_sixty_columns_and_needs_no_colour() {
    let narrow = console(&different(), Look::new(60, false));
    let long: Vec<&str> = narrow
        .lines()
        .filter(|line| line.chars().count() > 60)
        .collect();
    assert!(long.is_empty(), "{long:#?}");
    let painted = console(&different(), Look::new(60, true));
    assert_ne!(painted, narrow);
    assert_eq!(anstream::adapter::strip_str(&painted).to_string(), narrow);
}

#[test]
fn markdown_is_exact_and_short_when_nothing_differs() {
    insta::assert_snapshot!("markdown", markdown(&different()));
    insta::assert_snapshot!("markdown_same", markdown(&same()));
}

#[test]
fn the_page_holds_every_difference_and_escapes_what_others_wrote() {
    let page = html(&different());
    for shown in [
        "embedded and okta &lt;org&gt; | `x`",
        "The runs differ: 3 verdicts, 1 finding, 4 observations, 2 cases in one run only.",
        "<code>x-new</code>",
        "<summary>30 cases</summary>",
        "<code>many/39</code>",
        "<code>a/gone</code>",
        "the target has no <code>secret</code>",
        "B did not run to its end: interrupted.",
    ] {
        assert!(page.contains(shown), "{shown} is not in\n{page}");
    }
    assert!(!page.contains("<org>"));
    let same = html(&same());
    assert!(same.contains("Nothing differs") && !same.contains("<table"));
}

#[test]
fn what_a_server_says_cannot_steer_the_terminal_or_the_page() {
    let (mut a, b) = sample::different();
    a.target.name = "\u{1b}[2J</title><script>x</script>".to_owned();
    let diff = diff(("a", &a), ("b", &b));
    assert!(!console(&diff, Look::new(100, false)).contains('\u{1b}'));
    for page in [markdown(&diff), html(&diff)] {
        assert!(!page.contains('\u{1b}'), "{page}");
        assert!(!page.contains("<script>x"), "{page}");
    }
}
