//! What somebody is given who is to work with an org that looks real: what an administrator would hand over, and no more.

use mock_okta_core::org::{Client, User};
use mock_okta_core::secret::Secret;

use super::OrgHandle;

/// A file of what is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// Its name.
    pub name: &'static str,
    /// What it holds, which may be secret.
    pub text: Secret,
}

impl OrgHandle {
    /// What somebody needs to work with the org from outside, a file each: the certificate to trust, the API token, the private
    /// key of the agent, the password of a user, and a README that says which is which. Files that the org has nothing for are
    /// left out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::builder().api_token("00test").start().await?;
    /// let files = okta.hand_over();
    /// let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    /// assert_eq!(names, ["api-token", "agent-key.pem", "user-password", "README.txt"]);
    /// # Ok(()) }
    /// ```
    pub fn hand_over(&self) -> Vec<HandedOver> {
        let snapshot = self.snapshot();
        let roles = self.roles();
        let user = roles
            .users
            .get("ada")
            .and_then(|id| snapshot.org.users.get(id));
        let files = [
            ("ca.pem", self.app.ca_pem.clone()),
            ("api-token", self.api_token().map(str::to_owned)),
            ("agent-key.pem", self.private_key_pem("agent")),
            (
                "user-password",
                user.map(|user| user.password.reveal().to_owned()),
            ),
        ];
        let mut all: Vec<HandedOver> = files
            .into_iter()
            .filter_map(|(name, text)| {
                let text = format!("{}\n", text?.trim_end());
                Some(HandedOver {
                    name,
                    text: Secret::new(text),
                })
            })
            .collect();
        let names: Vec<&str> = all.iter().map(|file| file.name).collect();
        let readme = self.readme(&names, user);
        all.push(HandedOver {
            name: "README.txt",
            text: Secret::new(readme),
        });
        all
    }

    fn readme(&self, files: &[&str], user: Option<&User>) -> String {
        let snapshot = self.snapshot();
        let agent = self.roles().clients.get("agent");
        let agent = agent.and_then(|id| snapshot.org.clients.get(id));
        let mut lines = vec![
            "An org to try things out on. It looks as a real one does from outside; nothing here is worth anything elsewhere.".to_owned(),
            String::new(),
            format!("org            {}", self.base_url()),
        ];
        if let Some(agent) = agent {
            lines.push(format!("agent          {} (its client id)", agent.id));
            for key in agent.keys.iter().take(1) {
                let alg = key.alg.as_str();
                lines.push(format!("its key        kid {}, {alg}", key.kid));
            }
            for uri in &agent.redirect_uris {
                lines.push(format!("redirect URI   {uri}"));
            }
        }
        if let Some(issuer) = self.issuer_of("custom_as") {
            lines.push(format!("custom server  {issuer}"));
        }
        if let Some(user) = user {
            lines.push(format!("user           {}", user.login));
        }
        lines.push(String::new());
        for file in files {
            lines.push(format!("{file:<14} {}", meaning(file)));
        }
        if !files.contains(&"agent-key.pem") {
            lines.push(
                "The private key of the agent is with its owner. `atx init` makes another and prints what to register."
                    .to_owned(),
            );
        }
        lines.push(String::new());
        lines.push(self.commands(files, agent, user));
        lines.join("\n")
    }

    /// What to do next. Everything that is asked for is among the files.
    fn commands(&self, files: &[&str], agent: Option<&Client>, user: Option<&User>) -> String {
        let mut init = format!("atx init --org {}", self.base_url());
        let mut add = |option: &str, value: Option<&str>| {
            if let Some(value) = value {
                init = format!("{init} {option} {value}");
            }
        };
        let file = |name: &'static str| files.contains(&name).then_some(name);
        add("--ca", file("ca.pem"));
        add("--api-token-file", file("api-token"));
        add("--agent", agent.map(|agent| agent.id.as_str()));
        let key = file("agent-key.pem");
        let kid = agent.and_then(|agent| agent.keys.first());
        add("--key", key);
        add("--kid", key.and(kid).map(|key| key.kid.as_str()));
        add("--user", user.map(|user| user.login.as_str()));
        if file("agent-key.pem").is_none() {
            init = format!("{init} --new-key");
        }
        format!("Next, in this folder:\n\n  {init} --for-tests\n{COMMANDS}")
    }
}

fn meaning(file: &str) -> &'static str {
    match file {
        "ca.pem" => "the certificate that clients must trust",
        "api-token" => "the token of the management API (Authorization: SSWS ...)",
        "agent-key.pem" => "the private key of the agent (PKCS#8)",
        _ => "the password of the user",
    }
}

const COMMANDS: &str = concat!(
    "      asks for the rest and writes a target file, atx.yaml\n",
    "  atx sign-in\n",
    "      signs the user in, once; a browser has to trust ca.pem, or to be told to go on without\n",
    "  atx doctor\n",
    "      checks every setting that a run needs\n",
    "  atx run --plan\n",
    "      shows what a run would send, and sends nothing\n",
    "  atx run --record okta.jsonl\n",
    "      checks the org, and keeps a recording without secrets\n",
    "  atx run --replay okta.jsonl\n",
    "      judges the recording again, without the org\n",
    "  atx run --mock --out reports/mock\n",
    "  atx diff reports/mock okta.jsonl\n",
    "      what the org does differently from the mock\n",
);
