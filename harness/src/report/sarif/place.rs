//! Where a result is shown: a line of a scenario file.

use std::fmt::Write as _;

use super::model::{ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region};

/// The place that `file:line` names.
pub(super) fn location(source: &str, case: &str) -> Location {
    let (file, line) = match source.rsplit_once(':') {
        Some((file, line)) => (file, line.parse().ok().filter(|line| *line > 0)),
        None => (source, None),
    };
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(file) },
            region: line.map(|start_line| Region { start_line }),
        },
        logical_locations: vec![LogicalLocation {
            fully_qualified_name: case.to_owned(),
        }],
        message: None,
    }
}

/// A path as a URI reference: relative to the root of the repository, or a `file:` address.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let drive = path.as_bytes().get(1) == Some(&b':');
    let mut uri = String::with_capacity(path.len() + 8);
    if drive {
        uri.push_str("file:///");
    } else if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_reference() {
        for (path, expected) in [
            ("scenarios/a/b.yaml", "scenarios/a/b.yaml"),
            ("./my scenarios/ä.yaml", "my%20scenarios/%C3%A4.yaml"),
            ("/home/x/a:b.yaml", "file:///home/x/a%3Ab.yaml"),
            (r"C:\x\a.yaml", "file:///C%3A/x/a.yaml"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }

    #[test]
    fn a_source_without_a_line_is_still_a_place() {
        let line = |source: &str| {
            let region = location(source, "c").physical_location.region;
            region.map(|region| region.start_line)
        };
        assert_eq!(line("a.yaml:7"), Some(7));
        assert_eq!(line("a.yaml:0"), None);
        assert_eq!(line("a.yaml"), None);
    }
}
