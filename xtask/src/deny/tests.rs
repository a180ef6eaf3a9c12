use super::check;

/// A package of ours, `app`; what it depends on, `web`; and what that depends on, `tls`.
const METADATA: &str = r#"{
    "packages": [
        { "id": "app", "name": "app", "version": "0.1.0", "license": "MIT", "source": null,
          "manifest_path": "/repo/app/Cargo.toml", "dependencies": [
              { "name": "web", "req": "^1", "rename": "http-web" },
              { "name": "tool", "req": "*", "rename": null, "path": "/repo/tool" } ] },
        { "id": "tool", "name": "tool", "version": "0.1.0", "license": "MIT", "source": null,
          "manifest_path": "/repo/tool/Cargo.toml", "dependencies": [] },
        { "id": "web", "name": "web", "version": "1.2.3", "license": "MIT/Apache-2.0",
          "source": "registry+https://github.com/rust-lang/crates.io-index",
          "manifest_path": "/cargo/web/Cargo.toml", "dependencies": [ { "name": "tls", "req": "*", "rename": null } ] },
        { "id": "tls", "name": "tls", "version": "4.5.6", "license": "(ISC OR MIT) AND Zlib",
          "source": "registry+https://github.com/rust-lang/crates.io-index",
          "manifest_path": "/cargo/tls/Cargo.toml", "dependencies": [] }
    ],
    "workspace_members": [ "app", "tool" ],
    "workspace_root": "/repo",
    "resolve": { "nodes": [
        { "id": "app", "dependencies": [ "web", "tool" ] },
        { "id": "tool", "dependencies": [] },
        { "id": "web", "dependencies": [ "tls" ] },
        { "id": "tls", "dependencies": [] }
    ] }
}"#;

/// Nothing in the packages above contradicts it.
const RULES: &str = r#"[advisories]
yanked = "deny"

[licenses]
allow = ["MIT"]
exceptions = [{ crate = "tls", allow = ["Zlib"] }]
private.ignore = false

[bans]
wildcards = "deny"
allow-wildcard-paths = true
multiple-versions = "allow"
deny = [
    { crate = "tls", reason = "another is better", wrappers = ["web"] },
    { crate = "absent", reason = "it is old" },
]

[sources]
unknown-registry = "deny"
unknown-git = "deny"
"#;

#[test]
fn a_graph_that_keeps_the_rules_passes() {
    assert_eq!(check(METADATA.as_bytes(), RULES), Ok(Vec::new()));
}

#[test]
fn a_licence_that_is_not_allowed_fails() {
    let rules = with(RULES, r#", allow = ["Zlib"]"#, r#", allow = ["ISC"]"#);
    fails(
        METADATA,
        &rules,
        "tls 4.5.6: its licence `(ISC OR MIT) AND Zlib` needs what is not allowed (Zlib); allow it in deny.toml:5, \
         or drop `http-web` from app/Cargo.toml (app → web → tls)",
    );
}

#[test]
fn an_exception_is_for_its_crate_alone() {
    let metadata = with(METADATA, "MIT/Apache-2.0", "Zlib");
    fails(
        &metadata,
        RULES,
        "web 1.2.3: its licence `Zlib` needs what is not allowed (Zlib); allow it in deny.toml:5, \
         or drop `http-web` from app/Cargo.toml (app → web)",
    );
}

#[test]
fn a_package_without_a_licence_fails() {
    let metadata = with(METADATA, r#""MIT/Apache-2.0""#, "null");
    fails(
        &metadata,
        RULES,
        "web 1.2.3: it has no licence expression; drop `http-web` from app/Cargo.toml (app → web)",
    );
}

#[test]
fn a_package_of_ours_without_a_licence_fails() {
    let app = r#""app", "version": "0.1.0", "license": "#;
    let metadata = with(METADATA, &format!(r#"{app}"MIT""#), &format!("{app}null"));
    fails(
        &metadata,
        RULES,
        "app 0.1.0: it has no licence expression; set `license` in app/Cargo.toml",
    );
}

#[test]
fn a_licence_that_spdx_does_not_know_fails() {
    let metadata = with(METADATA, "MIT/Apache-2.0", "MIT OR Mine");
    fails(
        &metadata,
        RULES,
        "web 1.2.3: its licence `MIT OR Mine` is no SPDX expression: unknown term; \
         drop `http-web` from app/Cargo.toml (app → web)",
    );
}

#[test]
fn a_licence_that_no_package_has_is_not_allowed_in_vain() {
    let rules = with(RULES, r#"["MIT"]"#, "[\n    \"MIT\",\n    \"0BSD\",\n]");
    fails(
        METADATA,
        &rules,
        "0BSD: no package has this licence; remove it from deny.toml:7",
    );
    let rules = with(RULES, r#"["Zlib"]"#, r#"["Zlib", "0BSD"]"#);
    fails(
        METADATA,
        &rules,
        "0BSD: no tls has this licence; remove it from deny.toml:6",
    );
}

#[test]
fn a_banned_crate_fails() {
    let rules = with(RULES, r#""absent""#, r#""web""#);
    fails(
        METADATA,
        &rules,
        "web 1.2.3: deny.toml:15 bans it (it is old); drop `http-web` from app/Cargo.toml (app → web)",
    );
}

#[test]
fn everything_that_depends_on_a_banned_crate_is_a_wrapper() {
    let metadata = with(
        METADATA,
        r#"[ "web", "tool" ]"#,
        r#"[ "web", "tool", "tls" ]"#,
    );
    fails(
        &metadata,
        RULES,
        "tls 4.5.6: deny.toml:14 bans it (another is better) but for its wrappers, and app 0.1.0 is none of them; \
         add that to `wrappers`, or drop `tls` from app/Cargo.toml (app → tls)",
    );
    let rules = with(RULES, r#"wrappers = ["web"]"#, r#"wrappers = ["app"]"#);
    fails(
        METADATA,
        &rules,
        "tls 4.5.6: deny.toml:14 bans it (another is better) but for its wrappers, and web 1.2.3 is none of them; \
         add that to `wrappers`, or drop `http-web` from app/Cargo.toml (app → web → tls)",
    );
}

#[test]
fn a_dependency_of_ours_has_a_version() {
    let metadata = with(METADATA, r#""^1""#, r#""*""#);
    fails(
        &metadata,
        RULES,
        "app 0.1.0: `http-web` may be of any version; say which in app/Cargo.toml, or in Cargo.toml if it is that of \
         the workspace",
    );
    let rules = with(RULES, "paths = true", "paths = false");
    fails(
        METADATA,
        &rules,
        "app 0.1.0: `tool` may be of any version; say which in app/Cargo.toml, or in Cargo.toml if it is that of \
         the workspace",
    );
}

#[test]
fn a_package_from_elsewhere_fails() {
    let crates_io = r#""registry+https://github.com/rust-lang/crates.io-index",
          "manifest_path": "/cargo/web/"#;
    for (source, named) in [
        (
            r#""git+https://a.example/web""#,
            "git+https://a.example/web",
        ),
        (
            r#""registry+https://a.example/""#,
            "registry+https://a.example/",
        ),
        ("null", "a folder outside the workspace"),
    ] {
        let elsewhere = format!(r#"{source}, "manifest_path": "/cargo/web/"#);
        let expected = format!(
            "web 1.2.3: it comes from {named}, not from crates.io; drop `http-web` from app/Cargo.toml (app → web), \
             or the `[patch]` in Cargo.toml"
        );
        fails(&with(METADATA, crates_io, &elsewhere), RULES, &expected);
    }
}

#[test]
fn what_is_not_checked_may_not_stand_in_the_rules() {
    for (from, to, named) in [
        ("private.ignore = false", "private.ignore = true", "line 7"),
        (
            "private.ignore",
            "unlicensed = 1\nprivate.ignore",
            "`unlicensed`",
        ),
        (
            "private.ignore",
            "private.registries = []\nprivate.ignore",
            "`registries`",
        ),
        (
            r#"crate = "tls", allow"#,
            r#"crate = "tls@4", allow"#,
            "`tls@4`",
        ),
        (r#"["MIT"]"#, r#"["Mine"]"#, "`Mine`"),
        (r#"wildcards = "deny""#, r#"wildcards = "warn""#, "`warn`"),
        (r#"versions = "allow""#, r#"versions = "deny""#, "`deny`"),
        ("[bans]", "[bans]\nskip = []", "`skip`"),
        (
            r#""it is old""#,
            r#""it is old", use-instead = "x""#,
            "`use-instead`",
        ),
        (r#"git = "deny""#, r#"git = "allow""#, "`allow`"),
        ("[sources]", "[sources]\nallow-git = []", "`allow-git`"),
        ("unknown-registry = \"deny\"\n", "", "`unknown-registry`"),
        ("[sources]", "[source]", "`sources`"),
    ] {
        let error = check(METADATA.as_bytes(), &with(RULES, from, to)).expect_err(to);
        assert!(error.starts_with("deny.toml: "), "{error}");
        assert!(error.contains(named), "{named}: {error}");
    }
}

#[test]
fn metadata_that_cannot_be_read_is_an_error() {
    let metadata = with(METADATA, r#""resolve""#, r#""unresolved""#);
    let error = check(metadata.as_bytes(), RULES).expect_err("there is no graph");
    assert!(error.contains("`resolve`"), "{error}");
}

/// The text with another piece in one place.
fn with(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

#[track_caller]
fn fails(metadata: &str, rules: &str, failure: &str) {
    let failures = check(metadata.as_bytes(), rules).expect("both can be read");
    assert_eq!(failures, [failure]);
}
