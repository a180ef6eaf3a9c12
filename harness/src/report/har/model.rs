//! The part of HAR 1.2 that is used here, by the names of the format. What is ours begins with `_`.

use serde::Serialize;
use serde_json::Value;

/// The document.
#[derive(Debug, Serialize)]
pub(super) struct Har {
    pub(super) log: Log,
}

#[derive(Debug, Serialize)]
pub(super) struct Log {
    pub(super) version: &'static str,
    pub(super) creator: Creator,
    pub(super) pages: Vec<Page>,
    pub(super) entries: Vec<Entry>,
    pub(super) comment: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Creator {
    pub(super) name: String,
    pub(super) version: String,
}

/// A case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the format")]
pub(super) struct Page {
    pub(super) started_date_time: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) page_timings: PageTimings,
    #[serde(rename = "_verdict")]
    pub(super) verdict: &'static str,
}

/// Nothing is known of a page that is none.
#[derive(Debug, Serialize)]
pub(super) struct PageTimings {}

/// An exchange.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) pageref: String,
    pub(super) started_date_time: String,
    pub(super) time: f64,
    pub(super) request: Request,
    pub(super) response: Response,
    pub(super) cache: Cache,
    pub(super) timings: Timings,
    #[serde(rename = "_step")]
    pub(super) step: String,
    #[serde(rename = "_from")]
    pub(super) from: Value,
    #[serde(rename = "_to")]
    pub(super) to: Value,
    /// Whether the checks of its step looked at it.
    #[serde(rename = "_judged")]
    pub(super) judged: bool,
    #[serde(rename = "_curl")]
    pub(super) curl: String,
}

/// Nothing is cached.
#[derive(Debug, Serialize)]
pub(super) struct Cache {}

/// Only the whole is measured; the format wants it in one of these.
#[derive(Debug, Serialize)]
pub(super) struct Timings {
    pub(super) send: f64,
    pub(super) wait: f64,
    pub(super) receive: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) http_version: &'static str,
    pub(super) cookies: [Value; 0],
    pub(super) headers: Vec<Field>,
    pub(super) query_string: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) post_data: Option<PostData>,
    pub(super) headers_size: i32,
    pub(super) body_size: i32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostData {
    pub(super) mime_type: String,
    pub(super) params: Vec<Field>,
    pub(super) text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) status_text: String,
    pub(super) http_version: &'static str,
    pub(super) cookies: [Value; 0],
    pub(super) headers: Vec<Field>,
    pub(super) content: Content,
    #[serde(rename = "redirectURL")]
    pub(super) redirect_url: String,
    pub(super) headers_size: i32,
    pub(super) body_size: i32,
    /// Why nothing came back.
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    #[serde(rename = "_internalCode", skip_serializing_if = "Option::is_none")]
    pub(super) internal_code: Option<String>,
    #[serde(rename = "_tokens", skip_serializing_if = "Vec::is_empty")]
    pub(super) tokens: Vec<Field>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Content {
    pub(super) size: usize,
    pub(super) mime_type: String,
    pub(super) text: String,
}

/// A header field, a parameter, a token in a body.
#[derive(Debug, Serialize)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: String,
    /// Fingerprint of what was taken out.
    #[serde(rename = "_secret", skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
    /// Decoded, where it is a JWT.
    #[serde(rename = "_header", skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<Value>,
    #[serde(rename = "_claims", skip_serializing_if = "Option::is_none")]
    pub(super) claims: Option<Value>,
}
