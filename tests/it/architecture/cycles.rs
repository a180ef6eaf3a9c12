//! No two files far apart need each other: who reads one of them first need not know the other.

use super::imports::{Imports, Path};

/// What lies in a folder may use what the folder's own `mod.rs` declares, and that of the folders around it.
fn is_above(above: &Path, module: &Path) -> bool {
    module.starts_with(above)
}

#[test]
fn no_cycle_of_imports_leads_from_folder_to_folder() {
    let cycles = Imports::of_harness().cycles(|from, to| !is_above(to, from));
    let folder = |module: &Path| module[..module.len() - 1].to_vec();
    let wide: Vec<String> = cycles
        .iter()
        .filter(|cycle| cycle.iter().any(|one| folder(one) != folder(&cycle[0])))
        .map(|cycle| in_words(cycle))
        .collect();
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

/// The page composes its sections, and a section knows neither the page nor what comes after it.
#[test]
fn no_section_of_the_page_is_on_a_cycle() {
    let html = ["report", "html"].map(str::to_owned);
    let inside = |module: &Path| module.starts_with(&html);
    let cycles = Imports::of_harness().cycles(|from, to| inside(from) && inside(to));
    let cycles: Vec<String> = cycles.iter().map(|cycle| in_words(cycle)).collect();
    assert!(cycles.is_empty(), "{}", cycles.join("\n"));
}

fn in_words(cycle: &[Path]) -> String {
    let modules: Vec<String> = cycle.iter().map(|module| module.join("::")).collect();
    format!("these import each other: {}", modules.join(", "))
}
