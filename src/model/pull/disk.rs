//! BYTES → a complete, checked, synced file under its name, or none. And whether the disk has room.

use anyhow::{Context, bail, ensure};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes `path` by way of `path.part`: `fill` writes, then size and sha256 are compared with `expected`, the file is
/// synced and renamed. On an error nothing stays behind.
///
/// # Errors
/// What `fill` says; a full disk, with how much is needed and where; a wrong checksum.
pub fn land(path: &Path, expected: Option<(u64, &str)>, fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let part = beside(path, "part");
    let done = write_part(path, &part, expected, fill);
    if done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done.map_err(|error| explain_full(error, path, expected.map(|(bytes, _)| bytes)))
}

fn write_part(
    path: &Path,
    part: &Path,
    expected: Option<(u64, &str)>,
    fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let folder = path.parent().context("a file lies in a directory")?;
    fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    let file = File::create(part).with_context(|| format!("create {}", part.display()))?;
    let (file, bytes, sha256) = digest_into(file, fill).with_context(|| format!("write {}", path.display()))?;
    if let Some(expected) = expected {
        let name = path.display();
        ensure!((bytes, sha256.as_str()) == expected, "{name} came out wrong: {bytes} bytes, sha256 {sha256}");
    }
    file.sync_all().with_context(|| format!("sync {}", part.display()))?;
    fs::rename(part, path).with_context(|| format!("rename {}", part.display()))?;
    // The new name is safe only when the directory is; some systems cannot sync one.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Runs `fill` over `inner`; gives `inner` back with the number of bytes and their sha256.
fn digest_into<W: Write>(inner: W, fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>) -> anyhow::Result<(W, u64, String)> {
    let digesting = Digesting { inner, digest: Sha256::new(), bytes: 0 };
    let mut out = BufWriter::with_capacity(1 << 20, digesting);
    fill(&mut out)?;
    let Digesting { inner, digest, bytes } = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok((inner, bytes, hex(&digest.finalize())))
}

struct Digesting<W> {
    inner: W,
    digest: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(data)?;
        self.digest.update(&data[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Size and sha256 (lower-case hex) of a file.
pub fn sha256_of(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&digest.finalize())));
        }
        digest.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// `path` with one more extension.
pub fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Fails when fewer than `needed` bytes are free where `dir` lies. Says nothing when the system does not tell.
pub fn check_room(dir: &Path, needed: u64) -> anyhow::Result<()> {
    match free_bytes(dir) {
        Some(free) if free < needed => bail!(full_disk(dir, Some(needed), Some(free))),
        _ => Ok(()),
    }
}

/// Whether an error comes from a full disk.
pub fn is_full(error: &anyhow::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, StorageFull};
    let of_kind = |e: &io::Error| matches!(e.kind(), StorageFull | QuotaExceeded);
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(of_kind))
        || error.chain().any(|cause| cause.to_string().starts_with(FULL))
}

/// An error about a full disk gets the sentence that helps; any other stays as it is.
pub fn explain_full(error: anyhow::Error, path: &Path, needed: Option<u64>) -> anyhow::Error {
    if !is_full(&error) {
        return error;
    }
    let dir = path.parent().unwrap_or(path);
    error.context(full_disk(dir, needed, free_bytes(dir)))
}

const FULL: &str = "the disk is full";

fn full_disk(dir: &Path, needed: Option<u64>, free: Option<u64>) -> String {
    let megabytes = |bytes: u64| format!("{} MB", bytes.div_ceil(1_000_000));
    let needed = needed.map_or("more room is needed".to_owned(), |n| format!("{} are needed", megabytes(n)));
    let free = free.map_or(String::new(), |f| format!(", {} are free", megabytes(f)));
    let dir = dir.display();
    format!("{FULL}: {needed} in {dir}{free}; make room or set DAOGOU_MODELS to another place, then pull again")
}

/// Asks `df`, which every Unix has and spells the same way under POSIX.
fn free_bytes(dir: &Path) -> Option<u64> {
    let answer = Command::new("df").arg("-Pk").arg(dir).env("LC_ALL", "C").output().ok()?;
    free_of_df(std::str::from_utf8(&answer.stdout).ok()?)
}

fn free_of_df(table: &str) -> Option<u64> {
    let kilobytes: u64 = table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes * 1024)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_right_file_lands_and_a_wrong_one_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/a.bin");
        let fill = |out: &mut dyn Write| Ok(out.write_all(b"abc")?);
        land(&path, Some((3, ABC)), fill).unwrap();
        assert_eq!(sha256_of(&path).unwrap(), (3, ABC.to_owned()));

        let path = dir.path().join("deep/b.bin");
        assert!(land(&path, Some((4, ABC)), fill).unwrap_err().to_string().contains("came out wrong"));
        let interrupted = |out: &mut dyn Write| {
            out.write_all(b"ab")?;
            bail!("the line broke")
        };
        assert!(land(&path, Some((3, ABC)), interrupted).is_err());
        assert_eq!(fs::read_dir(dir.path().join("deep")).unwrap().count(), 1);
    }

    /// Takes a few bytes, then has no room.
    struct SmallDisk(usize);

    impl Write for SmallDisk {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            let taken = data.len().min(self.0);
            self.0 -= taken;
            if taken == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_says_how_much_is_needed_and_where() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.gguf");
        let error = digest_into(SmallDisk(10), |out| Ok(out.write_all(&[0; 100])?)).err().unwrap();
        assert!(is_full(&error));
        let text = explain_full(error, &path, Some(1_117_320_768)).to_string();
        assert!(text.starts_with("the disk is full: 1118 MB are needed in "), "{text}");
        assert!(text.contains(&dir.path().display().to_string()) && text.contains("DAOGOU_MODELS"), "{text}");

        let other = explain_full(anyhow::anyhow!("something else"), &path, None);
        assert_eq!(other.to_string(), "something else");
    }

    #[test]
    fn room_is_checked_before() {
        let dir = tempfile::tempdir().unwrap();
        check_room(dir.path(), 1).unwrap();
        if free_bytes(dir.path()).is_some() {
            let error = check_room(dir.path(), u64::MAX).unwrap_err();
            assert!(is_full(&error) && error.to_string().contains("are free"), "{error}");
        }
    }

    #[test]
    fn df_is_read() {
        let table = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a b 100 60 40 60% /\n";
        assert_eq!(free_of_df(&table.replace("a b", "a")), Some(40 * 1024));
        assert_eq!(free_of_df(""), None);
    }
}
