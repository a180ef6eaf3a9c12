//! The org itself (`/api/v1/org`).

use serde_json::{Value, json};

use super::ids::CREATED_AT;
use crate::context::Context;

/// What is known of it.
pub(super) fn org(cx: &Context<'_>) -> Value {
    json!({
        "id": cx.org.id,
        "companyName": cx.org.name,
        "status": "ACTIVE",
        "created": CREATED_AT,
        "lastUpdated": CREATED_AT,
    })
}
