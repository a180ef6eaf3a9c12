//! Every format stays well-formed whatever characters the texts of a run consist of.

use serde_json::Value;

use super::render;
use crate::presentation::text::is_noncharacter;
use crate::report::{Form, Format};
use crate::result::{RunResult, sample};

/// All control characters, all noncharacters, and what has a meaning in one of the formats.
fn hostile() -> String {
    let control = (0..0x20_u32).chain(0x7f..0xa0);
    let nonplanar = 0xfdd0..0xfdf0_u32;
    let planes = (0..=0x10_u32).flat_map(|plane| [plane << 16 | 0xfffe, plane << 16 | 0xffff]);
    let characters = control.chain(nonplanar).chain(planes);
    let mut text: String = characters.filter_map(char::from_u32).collect();
    text.push_str("\u{feff}\u{2028}\u{2029}\u{202e}<b>&\"'|`]]>-->\\");
    text
}

/// Members that hold what a server, a target file or a scenario says.
const FREE: [&str; 11] = [
    "actual",
    "body",
    "cure",
    "detail",
    "expected",
    "expected_here",
    "org_issuer",
    "reason",
    "text",
    "title",
    "value",
];

fn spoil(value: &mut Value, is_free: bool, spoilt: &mut usize) {
    match value {
        Value::String(text) if is_free => {
            text.push_str(&hostile());
            *spoilt += 1;
        }
        Value::Array(items) => {
            for item in items {
                spoil(item, is_free, spoilt);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                spoil(member, FREE.contains(&name.as_str()), spoilt);
            }
        }
        _ => {}
    }
}

fn spoilt_run() -> RunResult {
    let report = render("report.json", &sample::every_verdict(), Form::Full);
    let mut report: Value = serde_json::from_str(&report).unwrap();
    let mut spoilt = 0;
    spoil(&mut report, false, &mut spoilt);
    assert!(spoilt > 20, "{spoilt} texts");
    serde_json::from_value(report).unwrap()
}

/// XML 1.0 §2.2, production 2.
fn is_xml(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'
    )
}

#[test]
fn every_format_is_well_formed_whatever_the_texts_consist_of() {
    let run = spoilt_run();
    for format in Format::ALL {
        let text = format.render(&run, Form::Full).unwrap();
        let forbidden: Vec<char> = match format.file.rsplit('.').next().unwrap() {
            "json" | "sarif" | "har" => {
                let whole: Result<Value, _> = serde_json::from_str(&text);
                assert!(whole.is_ok(), "{}: {whole:?}", format.file);
                text.chars()
                    .filter(|one| *one < ' ' && *one != '\n')
                    .collect()
            }
            "xml" => text.chars().filter(|one| !is_xml(*one)).collect(),
            "html" | "md" => {
                let is_allowed = |one: char| one == '\n' || one == '\t';
                let found = text
                    .chars()
                    .filter(|one| is_noncharacter(*one) || one.is_control() && !is_allowed(*one));
                found.collect()
            }
            other => panic!("nobody checks {other}"),
        };
        assert!(forbidden.is_empty(), "{}: {forbidden:?}", format.file);
    }
}

/// sarif-tools 3.0.5 reads a result property `blame` as an object with the author of a line, and stops at a string.
#[test]
fn sarif_uses_no_property_that_others_define() {
    let run = sample::every_verdict();
    let log: Value = serde_json::from_str(&render("report.sarif", &run, Form::Full)).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        assert!(result["properties"].get("blame").is_none(), "{result}");
    }
    let responsible = &results[0]["properties"]["responsible"];
    assert!(responsible.is_string(), "{responsible}");
}
