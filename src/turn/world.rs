//! What turns about orders share: the after-sales policy, and how often identities were guessed at.

use crate::aftersales::Policy;
use crate::errand::Told;
use crate::errand::gate::Gate;
use anyhow::{Context, ensure};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};
use std::time::SystemTime;

#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    /// The merchant's own rules; those shipped while there is no such file.
    file: PathBuf,
    rules: RwLock<Rules>,
    gate: Mutex<Gate>,
}

#[derive(Clone)]
struct Rules {
    policy: Arc<Policy>,
    /// When the file they were read from was written; none for those shipped.
    written: Option<SystemTime>,
}

impl World {
    /// # Errors
    /// When the file says something that is no policy. Without a file the shipped rules hold.
    pub fn new(file: PathBuf) -> anyhow::Result<Self> {
        let mut rules = Rules { policy: Arc::new(Policy::shipped()), written: None };
        if file.exists() {
            rules = read(&file)?;
        }
        Ok(Self(Arc::new(Inner { file, rules: RwLock::new(rules), gate: Mutex::default() })))
    }

    pub fn policy(&self) -> Arc<Policy> {
        self.0.rules.read().expect("no holder of this lock can panic").policy.clone()
    }

    /// Takes up rules the merchant has written since. What was proposed under the old ones is asked anew; a file that is no policy
    /// changes nothing, and is said in the log.
    pub fn follow(&self) {
        let written = std::fs::metadata(&self.0.file).and_then(|m| m.modified()).ok();
        if written.is_none() || written == self.0.rules.read().expect("no holder of this lock can panic").written {
            return;
        }
        let mut rules = self.0.rules.write().expect("no holder of this lock can panic");
        match read(&self.0.file) {
            Ok(new) => {
                tracing::info!("the after-sales rules are now version {}", new.policy.version);
                *rules = new;
            }
            Err(error) => {
                tracing::error!("the after-sales rules stay as they were: {error:#}");
                rules.written = written;
            }
        }
    }

    /// What of an identity may be tried now.
    pub fn admit(&self, told: &Told, now_ms: i64) -> Option<Told> {
        self.0.gate.lock().expect("no holder of this lock can panic").admit(told, now_ms)
    }

    pub fn was_right(&self, tried: &Told) {
        self.0.gate.lock().expect("no holder of this lock can panic").was_right(tried);
    }
}

fn read(file: &PathBuf) -> anyhow::Result<Rules> {
    let text = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    ensure!(text.len() < 1 << 20, "{} is no policy: it is larger than 1 MiB", file.display());
    let policy = Policy::parse(&text).map_err(|wrong| anyhow::anyhow!("{}: {wrong}", file.display()))?;
    let written = std::fs::metadata(file).and_then(|m| m.modified()).ok();
    Ok(Rules { policy: Arc::new(policy), written })
}
