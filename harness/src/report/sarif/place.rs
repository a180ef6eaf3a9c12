//! Where a result is shown: a line of a scenario file.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::model::{ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region};
use crate::result::SourceLine;

/// The place of a line.
pub(super) fn location(source: &SourceLine, case: &str) -> Location {
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: uri(&source.file),
            },
            region: Some(Region {
                start_line: source.line,
            }),
        },
        logical_locations: vec![LogicalLocation {
            fully_qualified_name: case.to_owned(),
        }],
        message: None,
    }
}

/// Everything in a path but what RFC 3986 §2.3 leaves unreserved, and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'_')
    .remove(b'-')
    .remove(b'~');

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
    uri.extend(utf8_percent_encode(path, PATH));
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
}
