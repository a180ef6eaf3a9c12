//! The packages and who depends on whom, as `cargo metadata` prints them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

/// Every package by its id, which is cargo's own text for it.
pub struct Graph {
    packages: BTreeMap<String, Package>,
    /// The ids of what each depends on.
    edges: BTreeMap<String, Vec<String>>,
    ours: BTreeSet<String>,
    root: PathBuf,
}

#[derive(Deserialize)]
pub struct Package {
    id: String,
    pub name: String,
    version: String,
    pub license: Option<String>,
    /// There is none for what lies in a folder here.
    pub source: Option<String>,
    /// What its manifest asks for.
    pub dependencies: Vec<Dependency>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
pub struct Dependency {
    name: String,
    rename: Option<String>,
    pub req: String,
    pub path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    workspace_root: PathBuf,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Graph {
    pub fn parse(metadata: &[u8]) -> Result<Self, String> {
        let metadata: Metadata = serde_json::from_slice(metadata)
            .map_err(|error| format!("what cargo metadata prints: {error}"))?;
        let packages = metadata.packages.into_iter();
        let nodes = metadata.resolve.nodes.into_iter();
        Ok(Self {
            packages: packages
                .map(|package| (package.id.clone(), package))
                .collect(),
            edges: nodes.map(|node| (node.id, node.dependencies)).collect(),
            ours: metadata.workspace_members,
            root: metadata.workspace_root,
        })
    }

    pub fn packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.values()
    }

    /// Is it in the workspace?
    pub fn is_ours(&self, package: &Package) -> bool {
        self.ours.contains(&package.id)
    }

    /// Those that depend on it directly.
    pub fn dependents(&self, on: &Package) -> impl Iterator<Item = &Package> {
        self.packages().filter(|package| {
            let mut edges = self.edges(&package.id);
            edges.any(|dependency| *dependency == on.id)
        })
    }

    /// Its manifest, from the root of the repository.
    pub fn manifest(&self, of: &Package) -> String {
        let path = of.manifest_path.strip_prefix(&self.root);
        path.unwrap_or(&of.manifest_path).display().to_string()
    }

    /// The line in a manifest of ours that brings a package, and the way from there.
    pub fn brought_by(&self, package: &Package) -> String {
        self.first_step(&self.way(package))
    }

    /// The same, of the way through a package that depends on it.
    pub fn brought_through(&self, dependent: &Package, package: &Package) -> String {
        let mut way = self.way(dependent);
        way.push(package);
        self.first_step(&way)
    }

    fn first_step(&self, way: &[&Package]) -> String {
        let [ours, first, ..] = way else {
            // It is ours.
            return way.iter().map(|ours| self.manifest(ours)).collect();
        };
        let declared = ours
            .dependencies
            .iter()
            .find(|dependency| dependency.name == first.name);
        let key = declared.map_or(first.name.as_str(), Dependency::key);
        let names: Vec<&str> = way.iter().map(|package| package.name.as_str()).collect();
        let manifest = self.manifest(ours);
        format!("`{key}` from {manifest} ({})", names.join(" → "))
    }

    /// One of the shortest, from a package of ours.
    fn way(&self, to: &Package) -> Vec<&Package> {
        let mut before: BTreeMap<&str, Option<&str>> =
            self.ours.iter().map(|id| (id.as_str(), None)).collect();
        let mut next: VecDeque<&str> = before.keys().copied().collect();
        while let Some(id) = next.pop_front() {
            for dependency in self.edges(id) {
                before.entry(dependency).or_insert_with(|| {
                    next.push_back(dependency);
                    Some(id)
                });
            }
        }
        let mut way = Vec::new();
        let mut at = Some(to.id.as_str());
        while let Some(id) = at {
            way.extend(self.packages.get(id));
            at = before.get(id).copied().flatten();
        }
        way.reverse();
        way
    }

    fn edges(&self, id: &str) -> impl Iterator<Item = &String> {
        self.edges.get(id).into_iter().flatten()
    }
}

impl Dependency {
    /// What stands before the `=` in the manifest.
    pub fn key(&self) -> &str {
        self.rename.as_deref().unwrap_or(&self.name)
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}
