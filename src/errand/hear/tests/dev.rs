//! dev
use super::*;
#[test]
fn dev() {
    let Ok(file) = std::env::var("HEAR_FILE") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let (mut asked, mut at_hand) = (None, None);
    let start = std::time::Instant::now();
    for l in text.lines() {
        if let Some(rest) = l.strip_prefix("@") {
            let mut w = rest.split(' ');
            asked = w.next().filter(|x| *x != "-").map(|s| serde_json::from_str(&format!("\"{s}\"")).unwrap());
            at_hand = w.next().map(|s| serde_json::from_str(&format!("\"{s}\"")).unwrap());
            println!("{l}");
            continue;
        }
        if l.is_empty() {
            continue;
        }
        let l = l.replace("\\n", "\n");
        let h = heard(&l, asked, at_hand);
        println!("{}\n      => {}   [{}]", l.replace('\n', "\\n"), line(&h), told_line(&h.told));
        if std::env::var("TEXTS").is_ok() {
            for p in &h.parts {
                println!("          «{}»", p.text);
            }
        }
    }
    eprintln!("{:?}", start.elapsed());
}
