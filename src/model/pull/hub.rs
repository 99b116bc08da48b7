//! `hub:OWNER/NAME/FILE` → a ready file, over HTTPS. The hub is `HF_ENDPOINT` (a mirror) or the usual one.

use super::disk;
use super::manifest::Ready;
use anyhow::{Context, bail};
use indicatif::ProgressBar;
use reqwest::{Client, StatusCode, header};
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

const USUAL: &str = "https://huggingface.co";

/// Downloads a ready file's second source to `path`; a download that broke goes on where it stopped.
///
/// # Errors
/// The hub cannot be reached or has no such file, the disk is full, the file is not the one the manifest knows (it is
/// deleted then).
pub fn fetch(ready: &Ready, downloads: &Path, path: &Path, bar: &ProgressBar) -> anyhow::Result<()> {
    let (bytes, sha256) = (ready.hub_bytes(), ready.hub_sha256());
    if matches!(disk::sha256_of(path), Ok((b, s)) if ready.accepts(b, &s)) {
        bar.inc(bytes);
        return Ok(());
    }
    let hub = ready.hub.as_ref().context("the manifest names no hub for it")?;
    let base = std::env::var("HF_ENDPOINT").ok().filter(|v| !v.is_empty()).unwrap_or(USUAL.to_owned());
    let url = address(&base, &hub.from)?;
    let part = landing(ready, downloads);
    download_apart(&url, &part, bytes, bar).map_err(|error| disk::explain_full(error, path, Some(bytes)))?;
    let (got, digest) = disk::sha256_of(&part).with_context(|| format!("read {}", part.display()))?;
    if (got, digest.as_str()) != (bytes, sha256) {
        fs::remove_file(&part).with_context(|| format!("remove {}", part.display()))?;
        bail!("the hub's {} is not the file it should be (sha256 {digest}): pull again, or set HF_ENDPOINT", ready.file);
    }
    let folder = path.parent().context("a file lies in a directory")?;
    fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    fs::rename(&part, path).with_context(|| format!("rename {}", part.display()))
}

/// Where the download grows.
pub fn landing(ready: &Ready, downloads: &Path) -> PathBuf {
    downloads.join(format!("{}.hub", ready.file.replace('/', "-")))
}

/// `{base}/OWNER/NAME/resolve/main/FILE`.
fn address(base: &str, source: &str) -> anyhow::Result<String> {
    let mut pieces = source.strip_prefix("hub:").unwrap_or_default().splitn(3, '/');
    match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(owner), Some(name), Some(file)) => Ok(format!("{}/{owner}/{name}/resolve/main/{file}", base.trim_end_matches('/'))),
        _ => bail!("{source} is not hub:OWNER/NAME/FILE"),
    }
}

/// The caller may itself run on an async runtime, so the download gets a thread and a small runtime of its own.
fn download_apart(url: &str, part: &Path, bytes: u64, bar: &ProgressBar) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.context("start a runtime")?.block_on(download(url, part, bytes, bar))
        });
        worker.join().unwrap_or_else(|_| bail!("the download thread panicked"))
    })
}

async fn download(url: &str, part: &Path, bytes: u64, bar: &ProgressBar) -> anyhow::Result<()> {
    // A file that is too long is not ours to continue.
    let mut have = fs::metadata(part).map_or(0, |meta| meta.len());
    have = if have > bytes { 0 } else { have };
    bar.inc(have);
    if have == bytes {
        return Ok(());
    }
    let unreachable = "the hub cannot be reached: check the network, or set HF_ENDPOINT to a mirror, then pull again";
    let client = Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(60))
        .build()
        .context("build the HTTP client")?;
    let mut request = client.get(url);
    if have > 0 {
        request = request.header(header::RANGE, format!("bytes={have}-"));
    }
    let mut answer = request.send().await.context(unreachable)?;
    match answer.status() {
        StatusCode::PARTIAL_CONTENT => {}
        StatusCode::OK => {
            bar.dec(have);
            have = 0;
        }
        other => bail!("the hub answered {other} for {url}"),
    }
    let mut file =
        File::options().create(true).truncate(false).write(true).open(part).with_context(|| format!("open {}", part.display()))?;
    file.set_len(have).context("shorten the download")?;
    file.seek(SeekFrom::Start(have)).context("go to the end of the download")?;
    while let Some(chunk) = answer.chunk().await.context("the hub broke off: pull again, what has arrived is kept")? {
        have += chunk.len() as u64;
        if have > bytes {
            bail!("the hub sends more than the {bytes} bytes the manifest knows");
        }
        file.write_all(&chunk).with_context(|| format!("write {}", part.display()))?;
        bar.inc(chunk.len() as u64);
    }
    file.sync_all().with_context(|| format!("sync {}", part.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    /// Answers one request with the rest of `content` that its Range header asks for; gives back that start.
    fn serve_once(content: &'static [u8]) -> (String, JoinHandle<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/file", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let lines = BufReader::new(socket.try_clone().unwrap()).lines();
            let head: Vec<_> = lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
            let range = head.iter().find_map(|line| line.strip_prefix("range: bytes=")?.strip_suffix('-')?.parse().ok());
            let (status, start) = range.map_or(("200 OK", 0), |start| ("206 Partial Content", start));
            let rest = &content[start..];
            write!(socket, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", rest.len()).unwrap();
            socket.write_all(rest).unwrap();
            start
        });
        (url, server)
    }

    #[test]
    fn a_broken_download_goes_on_where_it_stopped() {
        for already in [0, 4, 10] {
            let dir = tempfile::tempdir().unwrap();
            let part = dir.path().join("part");
            fs::write(&part, &b"0123456789"[..already]).unwrap();
            let bar = ProgressBar::hidden();
            let (url, server) = serve_once(b"0123456789");
            download_apart(&url, &part, 10, &bar).unwrap();
            assert_eq!(fs::read(&part).unwrap(), b"0123456789");
            assert_eq!(bar.position(), 10);
            // A complete file asks nobody.
            if already < 10 {
                assert_eq!(server.join().unwrap(), already);
            }
        }
    }

    #[test]
    fn more_bytes_than_the_manifest_knows_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (url, _server) = serve_once(b"0123456789");
        assert!(download_apart(&url, &dir.path().join("part"), 5, &ProgressBar::hidden()).is_err());
    }

    #[test]
    fn no_hub_is_one_sentence() {
        let dir = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = download_apart(&format!("http://{free}/x"), &dir.path().join("part"), 5, &ProgressBar::hidden());
        assert!(error.unwrap_err().to_string().starts_with("the hub cannot be reached"));
    }

    #[test]
    fn addresses() {
        let url = address("https://mirror/", "hub:a/b/c/d.bin").unwrap();
        assert_eq!(url, "https://mirror/a/b/resolve/main/c/d.bin");
        assert!(address("https://mirror", "hub:a/b").is_err());
    }
}
