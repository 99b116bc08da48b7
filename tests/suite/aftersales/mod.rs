//! After-sales: its policy clause by clause, the demo shop's records, a caller with no sense at all; and the retail world with its
//! 1,000 orders and 500 tasks, which lies beside the project and is skipped with a word where it does not.

mod clauses;
mod random;
mod records;
mod tasks;

use daogou::eval::aftersales::World;
use daogou::eval::aftersales::world::text;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The demo shop, which is always there.
static DEMO: LazyLock<World> = LazyLock::new(|| World::demo().expect("the demo shop is read"));

/// The retail world (τ-bench's orders as JSON Lines), and where it is.
struct Retail {
    dir: PathBuf,
    world: World,
}

fn retail() -> Option<&'static Retail> {
    static RETAIL: LazyLock<Option<Retail>> = LazyLock::new(|| {
        let dir = retail_dir()?;
        Some(Retail { world: World::read(&dir).expect("the retail world is read"), dir })
    });
    RETAIL.as_ref()
}

/// Where its files are; `BENCH_DATA` names another place than `../shared/data`.
pub fn retail_dir() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let dir = std::env::var_os("BENCH_DATA").map_or_else(beside, PathBuf::from).join("retail-world");
    if !dir.is_dir() {
        println!("no ../shared/data/retail-world, and none in BENCH_DATA: not tested");
        return None;
    }
    Some(dir)
}

impl Retail {
    fn lines(&self, file: &str) -> Vec<String> {
        text(&self.dir.join(file)).expect(file).lines().map(str::to_owned).collect()
    }
}
