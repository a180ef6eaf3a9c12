//! The agent: its settings, what is built in, and what it keeps between requests.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{Write as _, stdout};

use aws_lc_rs::rand;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::deviations::{Build, Difference, Fault};
use crate::failure::Failure;
use crate::http;
use crate::settings::Settings;

pub struct Agent {
    pub settings: Settings,
    pub http: reqwest::Client,
    /// Client assertions by what they were made for, for the faults that use one twice.
    pub assertions: RefCell<HashMap<String, String>>,
    build: Build,
}

impl Agent {
    pub fn new(settings: Settings, build: Build) -> Result<Self, Failure> {
        Ok(Self {
            http: http::client(&settings, build)?,
            settings,
            assertions: RefCell::default(),
            build,
        })
    }

    pub fn has(&self, fault: Fault) -> bool {
        self.build.fault == Some(fault)
    }

    pub fn differs(&self, difference: Difference) -> bool {
        self.build.difference == Some(difference)
    }

    /// Prints what no agent may print.
    pub fn leak(&self, fault: Fault, name: &str, value: &str) {
        if self.has(fault) {
            // Nobody is left to be told when this fails.
            let _ = writeln!(stdout(), "{name}: {value}");
        }
    }
}

/// 43 characters that nobody can guess.
pub fn random() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| Failure::stop("no random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
