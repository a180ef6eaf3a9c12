//! Which file of the harness imports which. A name that a module re-exports counts as an import of the file that declares it.

use std::collections::{BTreeMap, BTreeSet};

use super::source::code;
use conformance_tests::repo;

/// A path of names from the root of the crate: `report`, `html`, `page`.
pub type Path = Vec<String>;

/// The modules of a crate, each a file, and what they import.
pub struct Imports {
    named: BTreeMap<Path, Vec<Path>>,
    /// Names that a module re-exports, with what they stand for.
    exported: BTreeMap<Path, BTreeMap<String, Path>>,
}

impl Imports {
    /// Of the harness. Tests are left out: they may import what they test and what they need.
    pub fn of_harness() -> Self {
        let files = repo::rust_files("harness/src");
        let sources = files.iter().map(|file| (module(file), repo::read(file)));
        Self::of(sources.filter(|(module, _)| !is_for_tests(module)))
    }

    /// Of these modules, each with its source.
    pub fn of(sources: impl Iterator<Item = (Path, String)>) -> Self {
        let sources: BTreeMap<Path, String> = sources.collect();
        let is_module = |path: &[String]| sources.contains_key(path);
        let (mut named, mut exported) = (BTreeMap::new(), BTreeMap::new());
        for (module, text) in &sources {
            let text = text.split("#[cfg(test)]\nmod tests {").next();
            let (uses, rest) = split_uses(&code(text.unwrap_or_default()));
            let mut found = Vec::new();
            for path in paths(&rest) {
                found.extend(absolute(module, &path, is_module));
            }
            let mut passed_on = BTreeMap::new();
            for (is_public, tree) in uses {
                for (name, path) in leaves(&tree) {
                    let Some(path) = absolute(module, &path, is_module) else {
                        continue;
                    };
                    if is_public {
                        passed_on.insert(name, path);
                    } else {
                        found.push(path);
                    }
                }
            }
            named.insert(module.clone(), found);
            exported.insert(module.clone(), passed_on);
        }
        Self { named, exported }
    }

    /// The modules of each cycle of imports. Only imports that `counts` says yes to are followed.
    pub fn cycles(&self, counts: impl Fn(&Path, &Path) -> bool) -> BTreeSet<Vec<Path>> {
        let imported = |module: &Path, named: &[Path]| -> BTreeSet<Path> {
            let declaring = named.iter().filter_map(|path| self.declaring(path));
            declaring
                .filter(|other| other != module && counts(module, other))
                .collect()
        };
        let edges: BTreeMap<Path, BTreeSet<Path>> = self
            .named
            .iter()
            .map(|(module, named)| (module.clone(), imported(module, named)))
            .collect();
        let reached: BTreeMap<&Path, BTreeSet<&Path>> = edges
            .keys()
            .map(|from| (from, reach(from, &edges)))
            .collect();
        let on_cycles = reached.iter().filter(|(from, to)| to.contains(*from));
        on_cycles
            .map(|(from, to)| {
                let back = to.iter().filter(|other| reached[*other].contains(from));
                back.map(|other| (*other).clone()).collect()
            })
            .collect()
    }

    /// The module in whose file the last name of a path is declared.
    fn declaring(&self, path: &[String]) -> Option<Path> {
        let mut path = path.to_vec();
        // A chain of re-exports is short, and one that leads back to itself does not compile.
        for _ in 0..8 {
            let is_module = |length: &usize| self.exported.contains_key(&path[..*length]);
            let length = (1..=path.len()).rev().find(is_module)?;
            let (module, rest) = path.split_at(length);
            let passed_on = rest
                .first()
                .and_then(|name| self.exported[module].get(name));
            match passed_on {
                Some(next) => path = [next, &rest[1..]].concat(),
                None => return Some(module.to_vec()),
            }
        }
        None
    }
}

/// `harness/src/report/html/mod.rs` and `harness/src/report/html.rs` are `report`, `html`; `lib.rs` is a module of its own.
fn module(file: &str) -> Path {
    let file = file.strip_prefix("harness/src/").unwrap_or(file);
    let file = file.strip_suffix(".rs").unwrap_or(file);
    let file = file.strip_suffix("/mod").unwrap_or(file);
    file.split('/').map(str::to_owned).collect()
}

fn is_for_tests(module: &[String]) -> bool {
    let is_test = |name: &String| name == "tests" || name == "sample" || name.ends_with("_tests");
    module.iter().any(is_test)
}

/// Every module that can be reached from this one, itself included where it lies on a cycle.
fn reach<'e>(from: &Path, edges: &'e BTreeMap<Path, BTreeSet<Path>>) -> BTreeSet<&'e Path> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Path> = edges[from].iter().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(&edges[next]);
        }
    }
    reached
}

/// A path as code writes it, from the root of the crate; `None` where it leads out of the crate.
fn absolute(module: &Path, path: &[String], is_module: impl Fn(&[String]) -> bool) -> Option<Path> {
    let above = path.iter().take_while(|name| *name == "super").count();
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module, &path[1..]].concat()),
        "super" => {
            let base = &module[..module.len().checked_sub(above)?];
            Some([base, &path[above..]].concat())
        }
        _ => {
            let child = [module, &path[..1]].concat();
            is_module(&child).then(|| [module, path].concat())
        }
    }
}

/// The trees of the `use` items, each with whether it passes names on, and the code without them.
fn split_uses(code: &str) -> (Vec<(bool, String)>, String) {
    let (mut uses, mut rest) = (Vec::new(), String::new());
    let mut open: Option<(bool, String)> = None;
    for line in code.lines() {
        let begins = || {
            let line = line.trim_start();
            let (visibility, tree) = line.split_once("use ")?;
            let is_public = visibility.starts_with("pub");
            (visibility.is_empty() || is_public && visibility.ends_with([' ', ')']))
                .then(|| (is_public, tree.to_owned()))
        };
        match open.take() {
            Some((is_public, tree)) => open = Some((is_public, format!("{tree} {}", line.trim()))),
            None => match begins() {
                Some(begun) => open = Some(begun),
                None => rest.extend([line, "\n"]),
            },
        }
        if let Some((is_public, tree)) = open.take_if(|(_, tree)| tree.ends_with(';')) {
            uses.push((is_public, tree.trim_end_matches(';').to_owned()));
        }
    }
    (uses, rest)
}

/// What a tree of a `use` item names: `a::{b, c::D as E}` is `b` for `a::b` and `E` for `a::c::D`.
fn leaves(tree: &str) -> Vec<(String, Path)> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let ends = tree.char_indices().chain([(tree.len(), ',')]);
    for (at, c) in ends {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.extend(leaf(tree[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn leaf(tree: &str) -> Vec<(String, Path)> {
    let names = |path: &str| -> Path {
        let names = path.split("::").map(str::trim);
        names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    };
    if let Some((prefix, group)) = tree.split_once('{') {
        let inner = leaves(group.strip_suffix('}').unwrap_or(group));
        let prefixed = inner.into_iter().map(|(name, path)| {
            let path = match path.first().map(String::as_str) {
                Some("self") => names(prefix),
                _ => [names(prefix), path].concat(),
            };
            (name, path)
        });
        return prefixed.collect();
    }
    let (path, alias) = match tree.split_once(" as ") {
        Some((path, alias)) => (names(path), Some(alias.trim().to_owned())),
        None => (names(tree), None),
    };
    let name = alias.or_else(|| path.last().cloned());
    name.map(|name| (name, path)).into_iter().collect()
}

/// Paths of more than one name in code that is no `use` item; those of visibilities are left out.
fn paths(code: &str) -> Vec<Path> {
    let is_of_a_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    for part in code.replace("(in super", "(").split(|c| !is_of_a_path(c)) {
        let names: Path = part
            .split("::")
            .filter(|name| !name.is_empty())
            .map(|name| name.trim_matches(':').to_owned())
            .collect();
        if names.len() > 1 {
            found.push(names);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycles(sources: &[(&str, &str)]) -> Vec<String> {
        let path = |text: &str| -> Path { text.split("::").map(str::to_owned).collect() };
        let sources = sources
            .iter()
            .map(|(module, text)| (path(module), (*text).to_owned()));
        let cycles = Imports::of(sources).cycles(|_, _| true);
        let names = |cycle: &Vec<Path>| -> String {
            let modules: Vec<String> = cycle.iter().map(|module| module.join("::")).collect();
            modules.join(" ")
        };
        cycles.iter().map(names).collect()
    }

    #[test]
    fn a_cycle_is_found_through_groups_re_exports_and_paths_in_code() {
        let found = cycles(&[
            ("a", "mod b;\npub use b::{One, two as Two};"),
            ("a::b", "use crate::{\n    c::{self, D as E},\n    x,\n};"),
            ("c", "fn f() { let x = super::a::Two::new(); }"),
            ("x", "use crate::a::One;"),
        ]);
        assert_eq!(found, ["a::b c x"]);
    }

    #[test]
    fn passing_a_name_on_is_not_importing_and_comments_do_not_count() {
        let found = cycles(&[
            ("a", "mod b;\nmod c;\npub(crate) use b::One;"),
            ("a::b", "pub(in super::super) struct One;"),
            ("a::c", "// use super::super::x;\nuse super::One;"),
            ("x", "use crate::a::c;\nuse other::a;"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_child_is_imported_by_its_bare_name() {
        let found = cycles(&[
            ("a", "mod b;\npub struct A;\nfn f() { b::run() }"),
            ("a::b", "use super::A;"),
        ]);
        assert_eq!(found, ["a a::b"]);
    }
}
