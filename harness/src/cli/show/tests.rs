//! The pages, of a scenario that uses most of the language.

use super::case::render;
use super::*;
use crate::cli::sample::library;
use crate::presentation::terminal::Look;

#[test]
fn a_case_reads_like_a_page() {
    insta::assert_snapshot!("bent", page("authorization-server/exchange/bent", 100));
    insta::assert_snapshot!(
        "replayed",
        page("authorization-server/exchange/replayed", 60)
    );
}

#[test]
fn how_long_a_secret_must_be_is_told() {
    let shown = |id: &str| {
        let library = load::library(None).unwrap();
        let (scenario, case) = find(&library, id).unwrap();
        render(scenario, case, &library.catalogue, Look::new(100, false))
    };
    let hs384 = shown("machine/client-credentials/by-secret-jwt-with-hs384");
    assert!(
        hs384.contains("service_app a secret of at least 48 bytes"),
        "{hs384}"
    );
    // There the length is what is tried.
    let short = shown("machine/client-credentials/by-secret-that-is-too-short");
    assert!(!short.contains("bytes"), "{short}");
}

#[test]
fn a_base_flow_lists_its_cases() {
    insta::assert_snapshot!("base", page("authorization-server/exchange", 100));
}

#[test]
fn colour_adds_nothing_that_must_be_read() {
    let library = library();
    let (scenario, case) = find(&library, "authorization-server/exchange/bent").unwrap();
    let page = |colour| render(scenario, case, &library.catalogue, Look::new(80, colour));
    assert_ne!(page(true), page(false));
    assert_eq!(
        anstream::adapter::strip_str(&page(true)).to_string(),
        page(false)
    );
}

#[test]
fn an_unknown_id_names_the_nearest() {
    let Err(Trouble::Unknown { near, .. }) =
        find(&library(), "authorization-server/exchange/repalyed")
    else {
        panic!("it is unknown")
    };
    assert_eq!(
        near.as_deref(),
        Some("authorization-server/exchange/replayed")
    );
}

fn page(id: &str, width: usize) -> String {
    let library = library();
    let (scenario, case) = find(&library, id).unwrap();
    render(scenario, case, &library.catalogue, Look::new(width, false))
}
