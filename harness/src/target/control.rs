//! Requests to the test control (`/_mock/`).

use serde_json::Value;

use super::Deployment;
use crate::exchange::{Party, Payload, RequestSpec};

impl Deployment {
    /// A request to a command of the test control, or `None` where there is no control.
    pub fn control_request(
        &self,
        method: &str,
        command: &str,
        body: Option<&Value>,
    ) -> Option<RequestSpec> {
        let control = self.control.as_ref()?;
        let url = format!("{}{command}", control.url);
        let mut request = RequestSpec::new(Party::Control, method, url);
        if let Some(token) = &control.token {
            request = request.header("authorization", format!("Bearer {}", token.expose()));
        }
        if let Some(body) = body {
            request.payload = Payload::Text {
                media_type: "application/json".to_owned(),
                text: body.to_string(),
            };
        }
        Some(request)
    }
}
