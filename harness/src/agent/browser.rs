//! The commands by which an agent opens a link: `BROWSER`, `xdg-open` and `open`. Each notes the link in a file, which the user
//! ([`super::user`]) reads.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Names under which programs look for a browser.
const NAMES: [&str; 5] = [
    "atx-browser",
    "xdg-open",
    "open",
    "www-browser",
    "x-www-browser",
];

/// The commands of a case, in a folder of their own.
pub(super) struct BrowserCommands {
    folder: PathBuf,
    links: PathBuf,
}

impl BrowserCommands {
    /// Makes them.
    pub(super) fn make(folder: &Path) -> io::Result<Self> {
        let links = folder.join("links");
        let commands = folder.join("bin");
        fs::create_dir_all(&commands)?;
        fs::write(&links, "")?;
        let quoted = links.display().to_string().replace('\'', r"'\''");
        let script = format!(
            "#!/bin/sh\n# Notes links for atx, whose user opens them.\nfor link in \"$@\"; do printf '%s\\n' \"$link\" >> '{quoted}'; done\n"
        );
        for name in NAMES {
            let path = commands.join(name);
            fs::write(&path, &script)?;
            #[cfg(unix)]
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        }
        Ok(Self {
            folder: commands,
            links,
        })
    }

    /// Variables by which they are found.
    pub(super) fn variables(&self) -> Vec<(String, String)> {
        let own = self.folder.display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        let browser = self.folder.join(NAMES[0]).display().to_string();
        vec![
            ("PATH".to_owned(), format!("{own}:{path}")),
            ("BROWSER".to_owned(), browser),
        ]
    }

    /// Links that were to be opened so far, in order.
    pub(super) fn links(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.links).unwrap_or_default();
        let complete = text.rfind('\n').map_or("", |end| &text[..end]);
        let links = complete.lines().filter(|line| line.starts_with("http"));
        links.map(str::to_owned).collect()
    }
}
