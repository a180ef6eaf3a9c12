//! Where a requirement can be read: the document it names first, and a link to the section.

use super::source::{Passage, Source};

/// RFCs whose sections the catalogue cites are numbered like this; so are drafts.
const RFC_BASE: &str = "https://www.rfc-editor.org/rfc/rfc";
const DRAFT_BASE: &str = "https://datatracker.ietf.org/doc/html/";
const ID_JAG: &str = "draft-ietf-oauth-identity-assertion-authz-grant";
const OKTA_GUIDES: &str = "https://developer.okta.com/docs/guides/";

/// Documents without numbered anchors: how their names begin in the catalogue, what they are called in reports, and where
/// they are. The first that fits counts.
const DOCUMENTS: [(&str, &str, &str); 17] = [
    (
        "OIDC Core",
        "OpenID Connect Core 1.0",
        "https://openid.net/specs/openid-connect-core-1_0.html",
    ),
    (
        "OIDC Discovery",
        "OpenID Connect Discovery 1.0",
        "https://openid.net/specs/openid-connect-discovery-1_0.html",
    ),
    (
        "MCP EMA",
        "MCP: enterprise-managed authorization",
        "https://modelcontextprotocol.io/extensions/auth/enterprise-managed-authorization",
    ),
    (
        "Okta AI-agent token exchange guide",
        "Okta: set up AI agent token exchange",
        "https://developer.okta.com/docs/guides/ai-agent-token-exchange/-/main/",
    ),
    (
        "observed at real orgs (Okta AI-agent token exchange guide",
        "Okta: set up AI agent token exchange",
        "https://developer.okta.com/docs/guides/ai-agent-token-exchange/-/main/",
    ),
    (
        "Okta refresh token guide",
        "Okta: refresh access tokens",
        "https://developer.okta.com/docs/guides/refresh-tokens/main/",
    ),
    (
        "Okta XAA",
        "Okta: Cross App Access",
        "https://developer.okta.com/docs/guides/configure-cross-app-access/main/",
    ),
    (
        "Okta OAuth error catalogue",
        "Okta: OAuth error catalogue",
        "",
    ),
    (
        "Okta API error codes",
        "Okta: API error codes",
        "https://developer.okta.com/docs/reference/error-codes/",
    ),
    (
        "Okta discovery documents as observed",
        "Observed at real orgs",
        "",
    ),
    ("observed at real orgs", "Observed at real orgs", ""),
    (
        "Okta ",
        "Okta: reference and guides",
        "https://developer.okta.com/docs/",
    ),
    (
        "MCP authorization specification",
        "MCP: authorization",
        "https://modelcontextprotocol.io/specification/",
    ),
    (
        "OAuth 2.1",
        "OAuth 2.1",
        "https://datatracker.ietf.org/doc/draft-ietf-oauth-v2-1/",
    ),
    ("good practice", "Good practice", ""),
    (
        "no public source says",
        "Open questions: no public source settles them",
        "",
    ),
    (
        "open question",
        "Open questions: no public source settles them",
        "",
    ),
];

/// Documents that are not in [`DOCUMENTS`] stand under this heading.
const OTHERS: &str = "Other sources";

/// A document, and where the cited section of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// What the document is called.
    pub specification: String,
    /// Address of the section, or of the document where it has no anchor for it; `None` when none is known.
    pub url: Option<String>,
}

impl Citation {
    /// Where the first passage of a source can be read.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        let Passage {
            document, section, ..
        } = &source.first;
        let section = section.as_deref().unwrap_or_default();
        if let Some(number) = document.strip_prefix("RFC ") {
            let number = leading(number, |c| c.is_ascii_digit());
            return Self {
                specification: format!("RFC {number}"),
                url: Some(format!("{RFC_BASE}{number}{}", anchor(section))),
            };
        }
        if let Some(version) = document.strip_prefix("ID-JAG") {
            let version = leading(version.trim_start(), |c| c.is_ascii_digit() || c == '-');
            return Self {
                specification: format!("ID-JAG {version}").trim_end().to_owned(),
                url: Some(format!("{DRAFT_BASE}{ID_JAG}{version}{}", anchor(section))),
            };
        }
        if document.starts_with("draft-") {
            let name = leading(document, |c| c.is_ascii_alphanumeric() || c == '-');
            return Self {
                specification: name.to_owned(),
                url: Some(format!("{DRAFT_BASE}{name}{}", anchor(section))),
            };
        }
        let known = DOCUMENTS
            .iter()
            .find(|(begins, ..)| document.starts_with(begins));
        match known {
            Some((_, name, url)) => Self {
                specification: (*name).to_owned(),
                url: okta_page(&source.first)
                    .or_else(|| Some((*url).to_owned()).filter(|url| !url.is_empty())),
            },
            None => Self {
                specification: OTHERS.to_owned(),
                url: None,
            },
        }
    }
}

/// The guide has a page for each resource type.
fn okta_page(passage: &Passage) -> Option<String> {
    passage
        .document
        .strip_prefix("Okta AI-agent token exchange guide")?;
    let topic = passage.section.as_deref()?;
    let page = [
        ("secret", "secret"),
        ("service account", "service-account"),
        ("agent-to-agent", "agent-to-agent"),
    ]
    .into_iter()
    .find(|(begins, _)| topic.starts_with(begins))?;
    Some(format!(
        "{OKTA_GUIDES}ai-agent-token-exchange/{}/main/",
        page.1
    ))
}

/// `#section-4.1` of the first `§4.1` in a text, `#appendix-B` of `App. B`.
fn anchor(text: &str) -> String {
    let section = text
        .split_once('§')
        .map(|(_, rest)| leading(rest, |c| c.is_ascii_digit() || c == '.'))
        .map(|number| number.trim_end_matches('.'))
        .filter(|number| !number.is_empty());
    let appendix = text
        .split_once("App. ")
        .map(|(_, rest)| leading(rest, |c| c.is_ascii_alphanumeric() || c == '.'));
    match (section, appendix) {
        (Some(number), _) => format!("#section-{number}"),
        (None, Some(letter)) => format!("#appendix-{letter}"),
        (None, None) => String::new(),
    }
}

fn leading(text: &str, fits: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !fits(c)).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::Catalogue;

    #[test]
    fn a_source_leads_to_its_section() {
        for (document, section, specification, url) in [
            (
                "RFC 8693",
                Some("§2.2.1"),
                "RFC 8693",
                Some("https://www.rfc-editor.org/rfc/rfc8693#section-2.2.1"),
            ),
            (
                "RFC 7636",
                Some("§4.1-§4.3, §4.4.1"),
                "RFC 7636",
                Some("https://www.rfc-editor.org/rfc/rfc7636#section-4.1"),
            ),
            (
                "RFC 6749",
                Some("App. B"),
                "RFC 6749",
                Some("https://www.rfc-editor.org/rfc/rfc6749#appendix-B"),
            ),
            (
                "ID-JAG -04",
                Some("§9.8"),
                "ID-JAG -04",
                Some(
                    "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-9.8",
                ),
            ),
            (
                "draft-ietf-oauth-rfc7523bis-11",
                Some("(RFC Editor queue)"),
                "draft-ietf-oauth-rfc7523bis-11",
                Some("https://datatracker.ietf.org/doc/html/draft-ietf-oauth-rfc7523bis-11"),
            ),
            (
                "Okta AI-agent token exchange guide (2026-08)",
                Some("service account"),
                "Okta: set up AI agent token exchange",
                Some(
                    "https://developer.okta.com/docs/guides/ai-agent-token-exchange/service-account/main/",
                ),
            ),
            (
                "Okta AI-agent token exchange guide (2026-08)",
                Some("request tables"),
                "Okta: set up AI agent token exchange",
                Some("https://developer.okta.com/docs/guides/ai-agent-token-exchange/-/main/"),
            ),
            (
                "open question several_targets",
                None,
                "Open questions: no public source settles them",
                None,
            ),
            ("somewhere", None, "Other sources", None),
        ] {
            let citation = Citation::of(&Source {
                first: Passage {
                    document: document.to_owned(),
                    section: section.map(str::to_owned),
                    note: None,
                },
                more: Vec::new(),
                sentence: None,
            });
            assert_eq!(
                (citation.specification.as_str(), citation.url.as_deref()),
                (specification, url),
                "{document} {section:?}"
            );
        }
    }

    #[test]
    fn every_source_of_the_catalogue_names_a_document_by_fields() {
        for requirement in Catalogue::embedded() {
            for demand in &requirement.levels {
                let citation = Citation::of(&demand.source);
                assert_ne!(citation.specification, OTHERS, "{}", requirement.id);
                assert_eq!(demand.source.sentence, None, "{}", requirement.id);
            }
        }
    }
}
