//! How the messages look, word for word.

use strict_yaml::{Document, Guard, MapReader, Problems, Value};

/// Parses and then reads as a person would be read.
fn read(text: &str) -> String {
    let document = match Document::parse("dir/file.yaml", text) {
        Ok(document) => document,
        Err(problems) => return problems.to_string(),
    };
    let mut problems = document.problems();
    let mut person = MapReader::new(&document.root, &mut problems, "a person");
    person.required_str("name");
    person.optional_int("age");
    person.optional::<u64>("children");
    person.optional_bool("member");
    person.optional_f64("height");
    person.list::<String>("friends");
    person.required_one_of("level", &[("must", 1), ("should", 2)]);
    person.finish();
    problems.to_string()
}

#[test]
fn nothing_wrong() {
    assert_eq!(
        read(
            "name: Ada\nlevel: must\nheight: 2\nfriends: [a, b]\nmember: true\nage: 3\nchildren: 0\n"
        ),
        ""
    );
}

#[test]
fn all_mistakes_at_once_in_the_order_of_the_file() {
    insta::assert_snapshot!(read(
        "nmae: Ada\nage: '36'\nchildren: -1\nmember: yes\nfriends:\n  - Grace\n  - 7\n  - [x]\nheight:\nlevel: musst\n"
    ));
}

#[test]
fn not_a_map() {
    insta::assert_snapshot!(read("- name: Ada\n- more\n"));
}

#[test]
fn empty_file() {
    insta::assert_snapshot!(read("# nothing\n"));
}

#[test]
fn duplicate_and_odd_keys() {
    insta::assert_snapshot!(read("name: Ada\nlevel: must\nname: Bob\n3: x\n[a]: y\n"));
}

#[test]
fn syntax_error() {
    insta::assert_snapshot!(read("name: Ada\nlevel: must: should\n"));
}

#[test]
fn tab() {
    insta::assert_snapshot!(read("name:\n\tfirst: Ada\n"));
}

#[test]
fn bare_reference_in_flow() {
    insta::assert_snapshot!(read("name: Ada\nlevel: { iss: ${org.issuer}, aud: x }\n"));
}

#[test]
fn unclosed_flow() {
    insta::assert_snapshot!(read("name: Ada\nfriends: [a, b\nlevel: must\n"));
}

#[test]
fn aliases_anchors_tags() {
    insta::assert_snapshot!(read("name: &a Ada\nlevel: !!str must\nfriends: [*a]\n"));
}

#[test]
fn two_documents() {
    insta::assert_snapshot!(read("name: Ada\nlevel: must\n---\nname: Bob\n"));
}

#[test]
fn too_deep() {
    insta::assert_snapshot!(read(&format!("name: {}", "[".repeat(200))));
}

#[test]
fn wide_characters_and_long_lines() {
    insta::assert_snapshot!(read(&format!(
        "name: \"Ädä\"\nlevel: must\nnäme: {}\n日本: x\n\"a\\e[31m\": {}\n",
        "x".repeat(300),
        "y".repeat(10)
    )));
}

#[test]
fn not_utf8() {
    let problems =
        Document::parse_bytes("dir/file.yaml", b"name: Ada\nlevel: \xff\xfe must\n").unwrap_err();
    insta::assert_snapshot!(problems);
}

#[test]
fn too_long() {
    let text = format!("a: {}", "x".repeat(strict_yaml::MAX_BYTES));
    let problems = Document::parse("dir/file.yaml", text).unwrap_err();
    assert!(problems.to_string().contains("the file is too long"));
    assert!(problems.to_string().len() < 2000);
}

#[test]
fn mistakes_beyond_the_limit_are_counted() {
    let extra: Vec<_> = (0..Problems::KEPT + 5)
        .map(|n| format!("extra{n}: 1"))
        .collect();
    let shown = read(&format!("name: Ada\nlevel: must\n{}\n", extra.join("\n")));
    assert_eq!(shown.matches("error:").count(), Problems::KEPT);
    assert!(shown.ends_with("and 5 more in dir/file.yaml"));
}

#[test]
fn styled_differs_only_in_colour() {
    let problems = Document::parse("f.yaml", "a: 1\na: 2\n").unwrap_err();
    assert!(problems.styled().contains("\u{1b}["));
    assert!(!problems.to_string().contains("\u{1b}["));
}

#[test]
fn windows_line_ends_and_bom() {
    let document = Document::parse("f.yaml", "\u{feff}a: 1\r\nb:\r\n  - x\r\n").unwrap();
    let map = document.root.as_map().unwrap();
    let x = &map.get("b").unwrap().as_seq().unwrap()[0];
    assert_eq!((x.place.line, x.place.column), (3, 5));
    assert_eq!(&document.text[x.place.bytes()], "x");
    assert_eq!(map.get("a").unwrap().value, Value::Int(1));
}

#[test]
fn what_is_concealed_is_not_shown_by_another_mistake_on_its_line() {
    let document = Document::parse("f.yaml", "key: { value: geheim-süß, alg: none }\n").unwrap();
    let mut problems = document.problems();
    let key = document.root.as_map().unwrap().get("key").unwrap();
    let key = key.as_map().unwrap();
    problems.conceal(key.get("value").unwrap().place);
    problems.push(key.get("alg").unwrap().mismatch("a list"));
    let shown = problems.to_string();
    assert!(!shown.contains("geheim") && !shown.contains('ß'), "{shown}");
    assert!(
        shown.contains("key: { value: ************, alg: none }"),
        "{shown}"
    );
}

#[test]
fn no_control_character_reaches_the_terminal() {
    let text = "name: Ada\nlevel: must\n\u{9b}2Jx\u{85}: 1\n\"a\\e[2J\\x9b\": 2\n";
    let shown = read(text);
    assert!(shown.contains("·2Jx·: 1"), "{shown}");
    assert!(
        !shown.contains(|c: char| c.is_control() && c != '\n'),
        "{shown:?}"
    );
}

/// While a file is not YAML nobody knows which of its values are secret.
#[test]
fn a_guarded_file_that_is_not_yaml_shows_keys_only() {
    let unguarded = |text: &str| Document::parse("f.yaml", text).unwrap_err().to_string();
    let guarded = |text: &str| {
        let problems = Document::parse_guarded("f.yaml", text, GUARD).unwrap_err();
        assert!(!format!("{problems:?}{}", problems.styled()).contains("geheim"));
        problems.to_string()
    };
    for (text, shown) in [
        (
            "a: 1\nx    c: [d]\n  password: \"geheim\"\n",
            "  password: ********",
        ),
        (
            "a: { b: 1\n - password: geheim }\n",
            " - password: ********",
        ),
        (
            "key: |\n  -----BEGIN\n geheim+geheim==\n",
            " ***************",
        ),
        ("password: geheim: 1\n", "password: *********"),
        ("password: &a geheim\n", "password: *********"),
        ("password: \"geheim\n", "password: *******"),
    ] {
        let output = guarded(text);
        assert!(!output.contains("geheim"), "{output}");
        assert!(output.contains(shown), "{output}");
        // Otherwise the row would show nothing.
        assert!(unguarded(text).contains("geheim"), "{text}");
        assert!(output.contains("f.yaml:"), "{output}");
    }
}

#[test]
fn a_secret_in_the_wrong_place_is_not_shown() {
    let text =
        "name: Ada\nlevel: must\npassword: geheim\nvalue: { a: [geheim], env: NAME }\nother: x\n";
    let document = Document::parse_guarded("f.yaml", text, GUARD).unwrap();
    let mut problems = document.problems();
    let mut person = MapReader::new(&document.root, &mut problems, "a person");
    person.know("name");
    person.finish();
    let shown = problems.to_string();
    assert!(!shown.contains("geheim"), "{shown}");
    for line in [
        "password: ******",
        "value: { a: [******], env: NAME }",
        "other: x",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
}

/// A quotation that is closed too late holds what stands below it.
#[test]
fn a_secret_within_an_unclosed_quotation_is_not_shown() {
    let text = "name: Ada\nlevel: \"must\n  password: geheim\n  other: \"\n";
    let document = Document::parse_guarded("f.yaml", text, GUARD).unwrap();
    let mut problems = document.problems();
    let mut person = MapReader::new(&document.root, &mut problems, "a person");
    person.know("name");
    person.required_one_of("level", &[("must", 1), ("should", 2)]);
    person.finish();
    let shown = format!("{problems}{problems:?}");
    assert!(!shown.contains("geheim"), "{shown}");
    assert!(shown.contains("level: *****"), "{shown}");
    assert!(shown.contains("`…`"), "{shown}");
}

const GUARD: Guard<'_> = Guard {
    secrets: &["password", "value"],
    references: &["env"],
};

/// The lines are shown, for a mistake is seen in its line; the secrets in them are not.
#[test]
fn secrets_in_the_lines() {
    let text = "name: { first: Ada, pin: 1234 }\npasword: hünter2\npin: [secret]\nlevel: must\n";
    let document = Document::parse("file.yaml", text).unwrap();
    let mut problems = document.problems();
    let mut person = MapReader::new(&document.root, &mut problems, "a person");
    person.guard("password");
    person.guard("pin");
    if let Some(pin) = person.node("pin") {
        person.problems().conceal(pin.place);
    }
    person.required_str("pin");
    if let Some(name) = person.node("name") {
        let pin = name.as_map().and_then(|name| name.get("pin")).unwrap();
        person.problems().conceal(pin.place);
        let mistake = name.mismatch("a string");
        person.problems().push(mistake);
    }
    person.finish();
    insta::assert_snapshot!(problems);
}

/// The scanner counts a carriage return alone as the end of a line; a message that did not would show the line behind the
/// mistake.
#[test]
fn a_lone_carriage_return_moves_no_mistake_to_a_line_with_a_secret() {
    let text = "name: Ada\rpasswort: x\nvalue: geheim\n";
    let document = Document::parse_guarded("f.yaml", text, GUARD).unwrap();
    let mut problems = document.problems();
    let mut person = MapReader::new(&document.root, &mut problems, "a person");
    person.know("name");
    person.know("value");
    person.finish();
    let shown = problems.to_string();
    assert!(!shown.contains("geheim"), "{shown}");
    assert!(shown.contains("passwort: x"), "{shown}");
}

#[test]
fn a_key_is_read_under_its_earlier_name_with_a_hint() {
    let read = |text: &str| {
        let document = Document::parse("dir/file.yaml", text).unwrap();
        let mut problems = document.problems();
        let mut reader = MapReader::new(&document.root, &mut problems, "a person");
        reader.renamed("nick", "alias");
        let alias = reader.optional_str("alias").map(|alias| alias.value);
        reader.finish();
        (alias, problems.hints().join("\n"), problems.to_string())
    };
    let hint = "dir/file.yaml:1: `nick` is called `alias` now; the earlier name is read until the next version";
    let ada = Some("ada".to_owned());
    assert_eq!(
        read("nick: ada"),
        (ada.clone(), hint.to_owned(), String::new())
    );
    assert_eq!(
        read("alias: ada"),
        (ada.clone(), String::new(), String::new())
    );
    let (alias, hints, mistakes) = read("alias: ada\nnick: bob");
    assert_eq!((alias, hints), (ada, String::new()));
    assert!(
        mistakes.contains("`nick` is the earlier name of `alias`, which stands here too"),
        "{mistakes}"
    );
    // Nobody is told to write the earlier name.
    let (_, _, mistakes) = read("nik: ada");
    assert!(mistakes.contains("one of alias"), "{mistakes}");
}
