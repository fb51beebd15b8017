//! Bytes that must never change: `docs/format.md` describes them. Where the test fails, files that are out
//! there can no longer be read, and a new format version is due.

use std::io::{Read, Write};
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::*;
use crate::store::{export, import};

const FILE: &[u8] = include_bytes!("format-2.redb.gz");
const LINES: &[u8] = include_bytes!("format-2.jsonl.gz");

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    unpacked
}

fn lines(store: &Disk) -> Vec<u8> {
    let mut lines = Vec::new();
    let on = |_: &_| ControlFlow::Continue(());
    wait(export(store, None, &mut lines, on)).unwrap();
    lines
}

/// A file that an earlier version wrote is read as that version meant it, and goes on.
#[test]
fn a_file_of_this_format_is_read() -> Result<()> {
    let store = Disk::options().spin(&Platter::of(unpacked(FILE)))?;
    assert!(lines(&store) == unpacked(LINES));
    let before = answers(&store)?;
    let copy = Disk::options().spin(&Platter::default())?;
    let on = |_: &_| ControlFlow::Continue(());
    wait(import(&copy, &mut unpacked(LINES).as_slice(), on))?;
    assert!(answers(&copy)? == before);
    assert!(wait(store.set_actor(Actor::new(anna())))?);
    Ok(())
}

#[test]
#[ignore = "writes the golden files anew: for a new format version only"]
fn write_the_golden_files() {
    let platter = Platter::default();
    let mut numbers = Numbers::new(99);
    let mut world = World::new(&platter);
    for _ in 0..400 {
        world.step(&mut numbers).unwrap();
    }
    let lines = lines(world.feeds.store());
    drop(world);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/disk/tests");
    for (name, content) in [
        ("format-2.redb.gz", platter.bytes()),
        ("format-2.jsonl.gz", lines),
    ] {
        let file = File::create(folder.join(name)).unwrap();
        let mut packer = GzEncoder::new(file, Compression::best());
        packer.write_all(&content).unwrap();
        packer.finish().unwrap();
    }
}
