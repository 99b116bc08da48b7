//! PARTS of the manifest → complete packages in the download directory, two at a time. What is there already is kept.

use super::disk;
use super::manifest::Part;
use anyhow::{Context, bail};
use indicatif::ProgressBar;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const AT_ONCE: usize = 2;

/// Brings one package to a path and moves the bar by its bytes meanwhile.
pub type Fetch<'a> = dyn Fn(&Part, &Path, &ProgressBar) -> anyhow::Result<()> + Sync + 'a;

/// The packages' paths, in the order of `parts`. A part whose size and sha256 are right is not fetched again; one that
/// arrives damaged is deleted and fetched once more.
///
/// # Errors
/// The first error of a fetch; other parts that are under way finish before.
pub fn gather(parts: &[Part], dir: &Path, bar: &ProgressBar, fetch: &Fetch<'_>) -> anyhow::Result<Vec<PathBuf>> {
    let next = AtomicUsize::new(0);
    let failure: Mutex<Option<anyhow::Error>> = Mutex::new(None);
    let failed = || failure.lock().expect("no holder of this lock panics");
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while failed().is_none()
                    && let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    if let Err(error) = obtain(part, dir, bar, fetch) {
                        failed().get_or_insert(error);
                    }
                }
            });
        }
    });
    match failed().take() {
        Some(error) => Err(error),
        None => Ok(parts.iter().map(|part| dir.join(part.file_name())).collect()),
    }
}

fn obtain(part: &Part, dir: &Path, bar: &ProgressBar, fetch: &Fetch<'_>) -> anyhow::Result<()> {
    let path = dir.join(part.file_name());
    if path.exists() && keep_intact(part, &path, bar)? {
        bar.inc(part.bytes);
        return Ok(());
    }
    for _ in 0..2 {
        fetch(part, &path, bar)?;
        if keep_intact(part, &path, bar)? {
            return Ok(());
        }
        bar.dec(part.bytes);
    }
    bail!("{} arrived damaged twice: try again later or through another package index (PIP_INDEX_URL)", part.package)
}

/// Whether the package is the right one; deletes it if not.
fn keep_intact(part: &Part, path: &Path, bar: &ProgressBar) -> anyhow::Result<bool> {
    let (bytes, sha256) = disk::sha256_of(path).with_context(|| format!("read {}", path.display()))?;
    if bytes == part.bytes && sha256 == part.sha256 {
        return Ok(true);
    }
    bar.suspend(|| {
        tracing::warn!("{} is damaged ({bytes} of {} bytes): fetching it once more", part.package, part.bytes);
    });
    fs::remove_file(path).with_context(|| format!("remove {}", path.display()))?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts "0", "1", … whose packages hold their own number.
    fn parts(count: u8) -> (tempfile::TempDir, Vec<Part>) {
        let dir = tempfile::tempdir().unwrap();
        let part = |i: u8| {
            let sample = dir.path().join("sample");
            fs::write(&sample, [i; 10]).unwrap();
            let (bytes, sha256) = disk::sha256_of(&sample).unwrap();
            fs::remove_file(sample).unwrap();
            Part { package: format!("p{i}==1"), bytes, sha256, inside: Vec::new() }
        };
        let parts = (0..count).map(part).collect();
        (dir, parts)
    }

    fn number(part: &Part) -> u8 {
        part.package[1..].split('=').next().unwrap().parse().unwrap()
    }

    fn arrive(part: &Part, path: &Path, bar: &ProgressBar) -> anyhow::Result<()> {
        bar.inc(part.bytes);
        Ok(fs::write(path, [number(part); 10])?)
    }

    #[test]
    fn an_interrupted_run_resumes_and_keeps_what_it_has() {
        let (dir, parts) = parts(5);
        let bar = ProgressBar::hidden();
        let breaks = |part: &Part, path: &Path, bar: &ProgressBar| {
            if number(part) == 3 { bail!("the line broke") } else { arrive(part, path, bar) }
        };
        assert_eq!(gather(&parts, dir.path(), &bar, &breaks).unwrap_err().to_string(), "the line broke");

        let fetched = Mutex::new(Vec::new());
        let had = fs::read_dir(dir.path()).unwrap().count();
        assert!((2..=4).contains(&had), "{had}");
        let bar = ProgressBar::hidden();
        let counts = |part: &Part, path: &Path, bar: &ProgressBar| {
            fetched.lock().unwrap().push(number(part));
            arrive(part, path, bar)
        };
        let paths = gather(&parts, dir.path(), &bar, &counts).unwrap();
        assert_eq!(fetched.lock().unwrap().len(), 5 - had);
        assert!(fetched.lock().unwrap().contains(&3));
        assert_eq!(bar.position(), 50);
        assert_eq!(fs::read(&paths[4]).unwrap(), [4; 10]);
    }

    #[test]
    fn a_damaged_or_short_part_is_fetched_once_more() {
        for damage in [vec![9; 10], vec![0; 4]] {
            let (dir, parts) = parts(1);
            fs::write(dir.path().join(parts[0].file_name()), &damage).unwrap();
            let calls = AtomicUsize::new(0);
            let bar = ProgressBar::hidden();
            let second_is_right = |part: &Part, path: &Path, bar: &ProgressBar| {
                arrive(part, path, bar)?;
                if calls.fetch_add(1, Ordering::Relaxed) == 0 {
                    fs::write(path, &damage)?;
                }
                Ok(())
            };
            gather(&parts, dir.path(), &bar, &second_is_right).unwrap();
            assert_eq!((calls.into_inner(), bar.position()), (2, 10));
        }
    }

    #[test]
    fn a_part_that_stays_damaged_is_refused_and_deleted() {
        let (dir, parts) = parts(1);
        let bad = |_: &Part, path: &Path, _: &ProgressBar| Ok(fs::write(path, "no")?);
        let error = gather(&parts, dir.path(), &ProgressBar::hidden(), &bad).unwrap_err();
        assert!(error.to_string().contains("p0==1 arrived damaged twice"), "{error}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
