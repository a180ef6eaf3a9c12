//! Whatever the bytes, reading ends with a tree or with messages.

use proptest::prelude::*;
use strict_yaml::{Document, Node, Value};

/// Text made of what gives YAML its shape, which random bytes hardly ever form.
fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("- "),
        Just(": "),
        Just(":"),
        Just("\n"),
        Just("  "),
        Just("\t"),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just("'"),
        Just("\""),
        Just("|\n"),
        Just(">-\n"),
        Just("?"),
        Just("&a "),
        Just("*a"),
        Just("!!str "),
        Just("#"),
        Just("---\n"),
        Just("...\n"),
        Just("%YAML 1.2\n"),
        Just("a"),
        Just("b: 1\n"),
        Just("ä日"),
        Just("\r\n"),
        Just("\\u"),
        Just("\u{feff}"),
        Just("\u{2028}"),
        Just("${x}"),
        Just("~"),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Every place lies inside the text, on character boundaries, and inside its parent's.
fn check_places(document: &Document) {
    fn walk(text: &str, node: &Node) {
        assert!(text.get(node.place.bytes()).is_some(), "{:?}", node.place);
        assert!(node.place.line >= 1 && node.place.column >= 1);
        match &node.value {
            Value::Seq(items) => items.iter().for_each(|item| walk(text, item)),
            Value::Map(map) => map.entries.iter().for_each(|entry| {
                assert!(text.get(entry.key.place.bytes()).is_some());
                walk(text, &entry.value);
            }),
            _ => {}
        }
    }
    walk(&document.text, &document.root);
}

fn read(result: Result<Document, strict_yaml::Problems>) {
    match result {
        Ok(document) => check_places(&document),
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(problems.to_string().contains("error: "));
            assert!(!problems.styled().is_empty());
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read(Document::parse_bytes("f.yaml", &bytes));
    }

    #[test]
    fn arbitrary_yamlish_text(text in yamlish()) {
        read(Document::parse("f.yaml", text));
    }
}
