//! Reads a map key by key, and refuses the keys nobody asked for.

use crate::{FromNode, Map, Node, Place, Problem, Problems, Spanned};

/// Reads one map. Mistakes are noted and reading goes on, so that all are found in one pass.
///
/// Every key asked for counts as known; [`MapReader::finish`] refuses the others. If the node is not a map at all that
/// is the one mistake noted: nothing more is said about keys that are missing from it.
#[must_use = "unknown keys are found by `finish`"]
#[derive(Debug)]
pub struct MapReader<'n, 'p> {
    place: Place,
    what: &'n str,
    map: Option<&'n Map>,
    known: Vec<&'n str>,
    guarded: Vec<&'n str>,
    /// Earlier name and name of keys that are called differently now.
    renamed: Vec<(&'n str, &'n str)>,
    problems: &'p mut Problems,
}

impl<'n, 'p> MapReader<'n, 'p> {
    /// Begins to read `node`, which messages call `what`: "a scenario", "a step".
    pub fn new(node: &'n Node, problems: &'p mut Problems, what: &'n str) -> Self {
        let map = node.as_map();
        if map.is_none() {
            problems.push(Problem::new(
                node.place,
                format!("{what} is a map, found {}", node.kind()),
            ));
        }
        Self {
            place: node.place,
            what,
            map,
            known: Vec::new(),
            guarded: Vec::new(),
            renamed: Vec::new(),
            problems,
        }
    }

    /// Where the map stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Where the mistakes go; for whoever reads a value by hand.
    pub fn problems(&mut self) -> &mut Problems {
        self.problems
    }

    /// The node of a key, if it is there.
    pub fn node(&mut self, key: &'n str) -> Option<&'n Node> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let map = self.map?;
        map.get(key).or_else(|| self.by_earlier_name(map, key))
    }

    /// Says that a key had another name before, under which it is still read, with a hint. Call it before the key is read.
    pub fn renamed(&mut self, earlier: &'n str, now: &'n str) {
        self.renamed.push((earlier, now));
    }

    fn by_earlier_name(&mut self, map: &'n Map, key: &str) -> Option<&'n Node> {
        let (earlier, _) = self.renamed.iter().find(|(_, now)| *now == key)?;
        let node = map.get(earlier)?;
        self.problems.hint(node.place, &renamed(earlier, key));
        Some(node)
    }

    /// The node of a key that must be there.
    pub fn required_node(&mut self, key: &'n str) -> Option<&'n Node> {
        let node = self.node(key);
        if node.is_none() && self.map.is_some() {
            let problem = Problem::new(self.place, self.lacks(key));
            self.problems.push(problem.help(format!("add `{key}: …`")));
        }
        node
    }

    fn lacks(&self, key: &str) -> String {
        format!("{} lacks the key `{key}`", self.what)
    }

    /// The value of a key that must be there. `None` has been noted as a mistake.
    pub fn required<T: FromNode>(&mut self, key: &'n str) -> Option<T> {
        let node = self.required_node(key)?;
        T::from_node(node, self.problems)
    }

    /// The value of a key that may be there. `None` means that it is not, or that it is noted as a mistake.
    pub fn optional<T: FromNode>(&mut self, key: &'n str) -> Option<T> {
        let node = self.node(key)?;
        T::from_node(node, self.problems)
    }

    /// A string that must be there.
    pub fn required_str(&mut self, key: &'n str) -> Option<Spanned<String>> {
        self.required(key)
    }

    /// A string that may be there.
    pub fn optional_str(&mut self, key: &'n str) -> Option<Spanned<String>> {
        self.optional(key)
    }

    /// A truth value that may be there.
    pub fn optional_bool(&mut self, key: &'n str) -> Option<Spanned<bool>> {
        self.optional(key)
    }

    /// A whole number that may be there.
    pub fn optional_int(&mut self, key: &'n str) -> Option<Spanned<i64>> {
        self.optional(key)
    }

    /// A number that may be there.
    pub fn optional_f64(&mut self, key: &'n str) -> Option<Spanned<f64>> {
        self.optional(key)
    }

    /// A list that may be there; an absent one is empty. A list with mistakes is empty too, and noted.
    pub fn list<T: FromNode>(&mut self, key: &'n str) -> Vec<T> {
        self.optional(key).unwrap_or_default()
    }

    /// A word of a closed vocabulary that must be there.
    pub fn required_one_of<T: Clone>(
        &mut self,
        key: &'n str,
        words: &[(&str, T)],
    ) -> Option<Spanned<T>> {
        let node = self.required_node(key)?;
        Some(Spanned::new(node.place, node.one_of(words, self.problems)?))
    }

    /// A word of a closed vocabulary that may be there.
    pub fn optional_one_of<T: Clone>(
        &mut self,
        key: &'n str,
        words: &[(&str, T)],
    ) -> Option<Spanned<T>> {
        let node = self.node(key)?;
        Some(Spanned::new(node.place, node.one_of(words, self.problems)?))
    }

    /// Declares a key as known without reading it.
    pub fn know(&mut self, key: &'n str) {
        self.node(key);
    }

    /// Says that a key's value is a secret: when the key is misspelt, the value is hidden all the same.
    pub fn guard(&mut self, key: &'n str) {
        self.guarded.push(key);
    }

    /// Refuses every key that was not asked for. A key that is only misspelt is not missing as well.
    pub fn finish(self) {
        for entry in self.map.into_iter().flat_map(|map| &map.entries) {
            let key = &entry.key;
            let name = key.value.as_str();
            let renamed = self.renamed.iter().find(|(earlier, _)| *earlier == name);
            if let Some((_, now)) = renamed {
                if self.map.is_some_and(|map| map.get(now).is_some()) {
                    let message =
                        format!("`{name}` is the earlier name of `{now}`, which stands here too");
                    let problem = Problem::new(key.place, message);
                    self.problems.push(problem.help(format!("remove `{name}`")));
                }
            } else if !self.known.contains(&name) {
                let mut problem =
                    crate::unknown(key.place, "key", &key.value, self.known.iter().copied());
                problem.message = format!("unknown key `{}` in {}", key.value, self.what);
                if let Some(meant) = crate::did_you_mean(&key.value, self.known.iter().copied()) {
                    self.problems.take_back(self.place, &self.lacks(meant));
                }
                let guarded = self.guarded.iter().copied();
                if crate::did_you_mean(&key.value, guarded).is_some() {
                    self.problems.conceal(entry.value.place);
                }
                self.problems.push(problem);
            }
        }
    }
}

/// Says that a key or a word is called differently now.
#[must_use]
pub fn renamed(earlier: &str, now: &str) -> String {
    format!("`{earlier}` is called `{now}` now; the earlier name is read until the next version")
}
