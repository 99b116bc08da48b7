//! The house rules that a program can check, over the text of `src`.

use crate::shop::list;
use std::path::{Path, PathBuf};

/// A source file: its path below `src`, its whole text, and the text without tests and comments.
struct Source {
    path: String,
    text: String,
    code: String,
}

#[test]
fn every_room_keeps_to_itself() {
    // word, the room that may say it
    for (word, room) in [
        ("axum", "web/"),
        ("tower_http", "web/"),
        ("candle_", "model/"),
        ("mistralrs", "model/"),
        ("whisper_rs", "model/"),
        ("tokenizers::", "model/"),
        ("tantivy", "search/"),
        ("sqlx::query", "store/"),
    ] {
        // `app.rs` hands the router to axum's server; nothing else of HTTP is in it.
        let allowed = |s: &Source| s.path.starts_with(room) || (s.path == "app.rs" && word == "axum");
        check(&format!("{word} belongs to {room}"), |s| !allowed(s) && names(&s.code, word));
    }
    let statement = |code: &str| ["select ", "insert into ", "update ", "delete from "].iter().any(|w| code.contains(&format!("\"{w}")));
    check("SQL belongs to store/", |s| !s.path.starts_with("store/") && statement(&s.code));
}

#[test]
fn pure_rooms_do_nothing_on_the_side() {
    let pure = ["search/fuse.rs", "search/segment.rs", "ingest/normalize.rs", "turn/sentence.rs", "web/wire.rs"];
    let effects = ["std::fs", "tokio::fs", "std::net", "reqwest", "std::env", "SystemTime", "Instant::now", "spawn", ".await"];
    let rooms = ["turn/understand", "turn/check", "turn/policy", "aftersales/"];
    let is_pure = |s: &Source| pure.contains(&s.path.as_str()) || rooms.iter().any(|room| s.path.starts_with(room));
    check("a pure file has a side effect", |s| is_pure(s) && effects.iter().any(|e| s.code.contains(e)));
    check("the turn writes nothing", |s| {
        s.path.starts_with("turn/") && ["write_all", "begin_import", "std::fs::write"].iter().any(|w| s.code.contains(w))
    });
}

#[test]
fn files_are_short_and_say_what_they_are() {
    check("a file is longer than 400 lines", |s| s.text.lines().count() > 400);
    check("a file does not open with //!", |s| !s.text.starts_with("//! "));
    let nameless = ["utils", "util", "common", "helper", "helpers", "manager", "service", "handler", "handlers", "misc"];
    check("a file has a name that says nothing", |s| {
        let mut names = s.path.trim_end_matches(".rs").split('/');
        names.any(|name| nameless.contains(&name))
    });
    check("a module or type has a name that says nothing", |s| {
        let kinds = ["mod", "struct", "enum", "trait", "type"];
        let words: Vec<&str> = s.code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
        let vague = ["Utils", "Common", "Helper", "Manager", "Service", "Handler", "Misc"];
        words.windows(2).any(|w| kinds.contains(&w[0]) && (nameless.contains(&w[1]) || vague.iter().any(|v| w[1].ends_with(v))))
    });
}

#[test]
fn nothing_unfinished_and_nothing_that_gives_up() {
    for word in [".unwrap()", "todo!(", "unimplemented!(", "dbg!("] {
        check(&format!("{word} is left in"), |s| s.code.contains(word));
    }
    for word in ["TODO", "FIXME", "XXX"] {
        check(&format!("{word} is left in"), |s| s.text.contains(word));
    }
    check("expect needs a reason", |s| s.code.contains(".expect(\"\")"));
}

#[test]
fn money_is_never_a_float() {
    let of_money = |s: &Source| s.path.starts_with("catalog/") || s.path.starts_with("aftersales/");
    check("money passes through a float", |s| of_money(s) && (names(&s.code, "f32") || names(&s.code, "f64")));
}

#[test]
fn no_file_knows_whose_machine_it_was_written_on() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for part in ["src", "tests", "prompts", "assets", "web", "migrations", "benches", "docs", "scripts", ".ci", ".cargo"] {
        walk(&root.join(part), &mut files);
    }
    files.extend(list(root).into_iter().filter(|p| p.is_file()));
    // Written in two halves, so that this file is not its own finding.
    let homes = [["/ho", "me/"], ["/Us", "ers/"], ["/ro", "ot/"], ["C:\\Us", "ers"]].map(|halves| halves.concat());
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        for (n, line) in text.lines().enumerate() {
            assert!(!homes.iter().any(|h| line.contains(h.as_str())), "{}:{}: {line}", file.display(), n + 1);
        }
    }
}

#[test]
fn a_test_is_never_switched_off_and_never_sleeps() {
    let mut files = Vec::new();
    for part in ["tests/suite", "src"] {
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &mut files);
    }
    // In `src` only tests may be looked at for sleeps: a server has to wait now and then.
    let forbidden = [["#[ig", "nore"], ["time::", "sleep"], ["thread::", "sleep"]].map(|halves| halves.concat());
    files.retain(|f| f.extension().is_some_and(|e| e == "rs"));
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a test is text");
        assert!(text.starts_with("//! "), "{} does not open with //!", file.display());
        let tests =
            if file.components().any(|c| c.as_os_str() == "suite") { &text[..] } else { text.split("#[cfg(test)]").nth(1).unwrap_or("") };
        assert!(!forbidden.iter().any(|f| tests.contains(f.as_str())), "{}", file.display());
    }
}

/// Fails with every file the complaint is true of.
fn check(complaint: &str, wrong: impl Fn(&Source) -> bool) {
    let found: Vec<String> = sources().into_iter().filter(wrong).map(|s| s.path).collect();
    assert!(found.is_empty(), "{complaint}: {}", found.join(", "));
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.retain(|f| f.extension().is_some_and(|e| e == "rs"));
    assert!(files.len() > 50, "the sources are found");
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a source is text");
        let path = path.strip_prefix(&root).expect("it lies below src").to_string_lossy().into_owned();
        let code = if path.contains("/tests") { String::new() } else { code(&text) };
        Source { path, text, code }
    };
    files.into_iter().map(read).collect()
}

/// Without comments and without what follows `#[cfg(test)]`, which stands at the end of a file.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\n").next().unwrap_or("");
    text.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect()
}

/// Whether `word` stands in the code as a name of its own, not inside another or a text.
fn names(code: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    code.lines().any(|line| {
        line.match_indices(word).any(|(at, _)| {
            let quoted = line[..at].matches('"').count() % 2 == 1;
            let open = word.ends_with(['_', ':']);
            let after = line[at + word.len()..].chars().next();
            !quoted && !line[..at].ends_with(part_of_name) && (open || !after.is_some_and(part_of_name))
        })
    })
}

fn walk(dir: &Path, files: &mut Vec<PathBuf>) {
    for path in list(dir) {
        match path.is_dir() {
            true if path.ends_with("node_modules") => {}
            true => walk(&path, files),
            false => files.push(path),
        }
    }
}
