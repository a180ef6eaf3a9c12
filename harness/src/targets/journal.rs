//! What a mock org records of its own decisions: which refusal answered a request, and which defects would have changed the
//! answer. A reset empties the journal, so a target that is to keep it reads it before each.

use serde::Deserialize;

use super::Target;

/// Entries asked for at once: an answer has to stay below the limit for bodies.
const PAGE: usize = 50;

/// One request, as far as a selftest needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct JournalEntry {
    /// `X-Okta-Request-Id` of the answer.
    pub request_id: String,
    /// Path that was asked.
    #[serde(default)]
    pub path: String,
    /// Internal code of the refusal, where there was one.
    #[serde(default)]
    pub refusal: Option<String>,
    /// Bent outputs that would have changed this answer.
    #[serde(default)]
    pub bends: Vec<String>,
    /// Variations that would have changed this answer.
    #[serde(default)]
    pub variations: Vec<String>,
}

#[derive(Deserialize)]
struct Page {
    entries: Vec<JournalEntry>,
    #[serde(default)]
    dropped: u64,
    next: u64,
}

/// The entries kept so far; `None` when they are not kept.
pub(super) type Kept = tokio::sync::Mutex<Option<Vec<JournalEntry>>>;

impl Target {
    /// From now on the journal is read before every reset, until [`Target::take_journal`].
    pub async fn keep_journal(&self) {
        *self.journal_kept().lock().await = Some(Vec::new());
    }

    /// Everything in the journal since [`Target::keep_journal`], resets or not.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub async fn take_journal(&self) -> Result<Vec<JournalEntry>, String> {
        self.note_journal().await?;
        Ok(self.journal_kept().lock().await.take().unwrap_or_default())
    }

    /// Reads what a reset would lose, if it is to be kept.
    pub(super) async fn note_journal(&self) -> Result<(), String> {
        let mut kept = self.journal_kept().lock().await;
        let Some(kept) = kept.as_mut() else {
            return Ok(());
        };
        let mut after = 0;
        loop {
            let page = self.journal_page(after).await?;
            if page.dropped > 0 {
                return Err("the journal is too small for a whole run".to_owned());
            }
            let last = page.entries.len() < PAGE;
            kept.extend(page.entries);
            if last {
                return Ok(());
            }
            after = page.next;
        }
    }

    async fn journal_page(&self, after: u64) -> Result<Page, String> {
        let command = format!("journal?after={after}&limit={PAGE}");
        let Some(request) = self.control_request("GET", &command, None) else {
            return Err("the target has no test control, so no journal".to_owned());
        };
        let exchange = self
            .send(request)
            .await
            .map_err(|trouble| trouble.to_string())?;
        let page = exchange
            .response
            .json
            .and_then(|json| serde_json::from_value(json).ok());
        page.ok_or_else(|| {
            let status = exchange.response.status;
            format!("test control answers {status} and no journal")
        })
    }
}
