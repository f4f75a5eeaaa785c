//! What earlier runs left behind because they were killed: folders that bear the number of a
//! process that is gone, some with a PostgreSQL that still runs in them.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use super::{postgres::Cluster, template::fast_folder};

/// What such folders are for.
const KINDS: [&str; 3] = ["test", "template", "postgres"];

/// How the name of a folder of this run begins. At the first, what earlier runs left is cleared away.
pub fn prefix(kind: &str) -> String {
    static CLEARED: OnceLock<()> = OnceLock::new();
    CLEARED.get_or_init(clear);
    assert!(KINDS.contains(&kind));
    format!("zhibu-{kind}-{}-", std::process::id())
}

/// Whose a folder is, by its name.
fn owner(folder: &Path) -> Option<u32> {
    let mut parts = folder.file_name()?.to_str()?.strip_prefix("zhibu-")?.splitn(3, '-');
    KINDS.contains(&parts.next()?).then_some(())?;
    let owner = parts.next()?.parse().ok()?;
    parts.next().map(|_| owner)
}

fn runs(process: u32) -> bool {
    PathBuf::from(format!("/proc/{process}")).exists()
}

fn clear() {
    // Where there is no such list of processes, nobody is known to be gone.
    if !runs(std::process::id()) {
        return;
    }
    let places = [PathBuf::from("/dev/shm"), std::env::temp_dir()];
    for entry in places.iter().filter_map(|place| place.read_dir().ok()).flatten().flatten() {
        let folder = entry.path();
        if owner(&folder).is_some_and(|owner| !runs(owner)) {
            Cluster::stop_left(&folder.join("data"));
            // Another run may be clearing it away, too; what is somebody else's stays.
            let _best_effort = std::fs::remove_dir_all(&folder);
        }
    }
}

#[test]
fn only_what_bears_the_number_of_a_process_has_an_owner() {
    let of = |name: &str| owner(&Path::new("/tmp").join(name));
    assert_eq!(of("zhibu-test-12-aB3"), Some(12));
    assert_eq!(of("zhibu-postgres-7-x-y"), Some(7));
    for name in ["zhibu-test-aB3", "zhibu-test-12", "zhibu-demo-12-x", "other-test-12-x", "zhibu-test--x"] {
        assert_eq!(of(name), None, "{name}");
    }
}

#[test]
fn what_a_killed_run_left_is_cleared_away() {
    let mut gone = std::process::Command::new("true").spawn().unwrap();
    let number = gone.id();
    gone.wait().unwrap();
    let left = fast_folder().join(format!("zhibu-test-{number}-left"));
    let mine = fast_folder().join(format!("{}mine", prefix("test")));
    for folder in [&left, &mine] {
        std::fs::create_dir_all(folder.join("data")).unwrap();
    }
    clear();
    assert_eq!((left.exists(), mine.exists()), (false, true));
    std::fs::remove_dir_all(mine).unwrap();
}
