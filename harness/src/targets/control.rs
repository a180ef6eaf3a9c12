//! Requests to the test control (`/_mock/`).

use std::fmt::Display;

use serde_json::Value;

use super::{Deployment, Target};
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
        if body.is_none() && method != "GET" {
            // A mock without a control token refuses what a page of another site could send; JSON is none of that.
            request = request.header("x-mock-okta-control", "1");
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

impl Target {
    /// Has test control sign a JWT; `body` is that of its request. Or why there is none.
    pub async fn sign(&self, body: &str) -> Result<String, String> {
        let failed = |why: &dyn Display| format!("test control does not sign: {why}");
        let body: Value = serde_json::from_str(body).map_err(|error| failed(&error))?;
        let request = self.control_request("POST", "sign", Some(&body));
        let request = request.ok_or_else(|| failed(&"the target has none"))?;
        let exchange = self
            .send(request)
            .await
            .map_err(|trouble| failed(&trouble))?;
        let answer = exchange.response.json.as_ref();
        let jwt = answer.and_then(|body| body.get("jwt")?.as_str());
        jwt.map(str::to_owned)
            .ok_or_else(|| failed(&format!("it answers {}", exchange.response.status)))
    }
}
