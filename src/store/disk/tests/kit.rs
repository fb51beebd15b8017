//! The kit that proves any store, over files.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use super::*;

/// A store on a real disk, in a folder that goes with it.
fn filed(durability: Durability) -> Disk {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feeds.redb");
    let open = move || {
        let _kept = &folder;
        database(FileBackend::new(file(&path, true)?)?, 1 << 20)
    };
    Disk::options()
        .durability(durability)
        .open_with(open)
        .unwrap()
}

fn spun(durability: Durability) -> Disk {
    Disk::options()
        .durability(durability)
        .spin(&Platter::default())
        .unwrap()
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap()
    })
}

crate::conformance!(
    in_a_file,
    || filed(Durability::Immediate),
    reopen = Disk::reopened
);

crate::conformance!(
    immediate,
    || spun(Durability::Immediate),
    reopen = Disk::reopened
);

crate::conformance!(
    grouped,
    || spun(Durability::Grouped),
    reopen = Disk::reopened
);

crate::conformance!(
    in_a_runtime,
    || spun(Durability::Grouped),
    block_on = |future| runtime().block_on(future),
    reopen = Disk::reopened
);
