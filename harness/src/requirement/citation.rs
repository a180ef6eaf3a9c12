//! Where a requirement can be read: the document it names first, and a link to the section.

/// RFCs whose sections the catalogue cites are numbered like this; so are drafts.
const RFC_BASE: &str = "https://www.rfc-editor.org/rfc/rfc";
const DRAFT_BASE: &str = "https://datatracker.ietf.org/doc/html/";
const ID_JAG: &str = "draft-ietf-oauth-identity-assertion-authz-grant";
const OKTA_GUIDES: &str = "https://developer.okta.com/docs/guides/";

/// Documents without numbered anchors: what a source begins with, what the document is called, and where it is. The
/// first that fits counts.
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

/// What [`DOCUMENTS`] lacks is told as it is written, under this heading.
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
    /// Reads a source as the catalogue writes it: `RFC 8693 §2.1; ID-JAG -04 §4.3`. The first document counts.
    #[must_use]
    pub fn of(source: &str) -> Self {
        let first = source.split(';').next().unwrap_or_default().trim();
        if let Some(rest) = first.strip_prefix("RFC ") {
            let number = leading(rest, |c| c.is_ascii_digit());
            return Self {
                specification: format!("RFC {number}"),
                url: Some(format!("{RFC_BASE}{number}{}", anchor(rest))),
            };
        }
        if let Some(rest) = first.strip_prefix("ID-JAG") {
            let version = leading(rest.trim_start(), |c| c.is_ascii_digit() || c == '-');
            return Self {
                specification: format!("ID-JAG {version}").trim_end().to_owned(),
                url: Some(format!("{DRAFT_BASE}{ID_JAG}{version}{}", anchor(rest))),
            };
        }
        if first.starts_with("draft-") {
            let name = leading(first, |c| c.is_ascii_alphanumeric() || c == '-');
            return Self {
                specification: name.to_owned(),
                url: Some(format!("{DRAFT_BASE}{name}{}", anchor(first))),
            };
        }
        let known = DOCUMENTS
            .iter()
            .find(|(begins, ..)| first.starts_with(begins));
        match known {
            Some((_, name, url)) => Self {
                specification: (*name).to_owned(),
                url: okta_page(first)
                    .or_else(|| Some((*url).to_owned()).filter(|url| !url.is_empty())),
            },
            None => Self {
                specification: OTHERS.to_owned(),
                url: None,
            },
        }
    }
}

/// The guide has a page a resource type.
fn okta_page(source: &str) -> Option<String> {
    let (_, topic) = source
        .strip_prefix("Okta AI-agent token exchange guide")?
        .split_once(") ")?;
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
        for (source, specification, url) in [
            (
                "RFC 8693 §2.2.1; ID-JAG -04 §4.3.4",
                "RFC 8693",
                Some("https://www.rfc-editor.org/rfc/rfc8693#section-2.2.1"),
            ),
            (
                "RFC 7636 §4.1-§4.3, §4.4.1",
                "RFC 7636",
                Some("https://www.rfc-editor.org/rfc/rfc7636#section-4.1"),
            ),
            (
                "ID-JAG -04 §9.8",
                "ID-JAG -04",
                Some(
                    "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-9.8",
                ),
            ),
            (
                "draft-ietf-oauth-rfc7523bis-11 (RFC Editor queue)",
                "draft-ietf-oauth-rfc7523bis-11",
                Some("https://datatracker.ietf.org/doc/html/draft-ietf-oauth-rfc7523bis-11"),
            ),
            (
                "Okta AI-agent token exchange guide (2026-08) service account",
                "Okta: set up AI agent token exchange",
                Some(
                    "https://developer.okta.com/docs/guides/ai-agent-token-exchange/service-account/main/",
                ),
            ),
            (
                "Okta AI-agent token exchange guide (2026-08) request tables",
                "Okta: set up AI agent token exchange",
                Some("https://developer.okta.com/docs/guides/ai-agent-token-exchange/-/main/"),
            ),
            (
                "open question 9: the catalogue",
                "Open questions: no public source settles them",
                None,
            ),
            ("somewhere", "Other sources", None),
            ("", "Other sources", None),
        ] {
            let citation = Citation::of(source);
            assert_eq!(
                (citation.specification.as_str(), citation.url.as_deref()),
                (specification, url),
                "{source}"
            );
        }
    }

    #[test]
    fn every_source_of_the_catalogue_names_a_document() {
        for requirement in Catalogue::embedded() {
            for demand in &requirement.levels {
                let citation = Citation::of(&demand.source);
                assert_ne!(citation.specification, OTHERS, "{}", requirement.id);
            }
        }
    }
}
