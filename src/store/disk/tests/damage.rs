//! Files that were scratched, cut, or have no room: errors that say so, never a wrong answer.

use super::*;

/// A file of some content, as it is left when it is closed, and what it answers.
fn file() -> (Vec<u8>, String) {
    let platter = Platter::default();
    let mut numbers = Numbers::new(5);
    let mut world = World::new(&platter);
    for _ in 0..150 {
        world.step(&mut numbers).unwrap();
    }
    let expected = answers(world.feeds.store()).unwrap();
    drop(world);
    (platter.bytes(), expected)
}

/// The same as it is left by a process that was killed.
fn left_file(steps: usize) -> (Vec<u8>, String) {
    let platter = Platter::default();
    let mut numbers = Numbers::new(6);
    let mut world = World::new(&platter);
    for _ in 0..steps {
        world.step(&mut numbers).unwrap();
    }
    let expected = answers(world.feeds.store()).unwrap();
    std::mem::forget(world);
    (platter.bytes(), expected)
}

/// Either an error, or the right answers. Gives whether it was an error.
fn check(bytes: Vec<u8>, expected: &str, how: impl FnOnce() -> String) -> bool {
    let found = Disk::options()
        .spin(&Platter::of(bytes))
        .and_then(|store| answers(&store));
    match found {
        Ok(found) => {
            assert!(found == expected, "{}: another answer", how());
            false
        }
        Err(error) => {
            let kind = error.kind();
            assert!(
                matches!(kind, ErrorKind::Corrupt | ErrorKind::Unavailable),
                "{}: {kind}: {error}",
                how()
            );
            true
        }
    }
}

#[test]
fn a_flipped_bit_is_an_error_or_makes_no_difference() {
    let (bytes, expected) = file();
    let mut numbers = Numbers::new(1);
    let mut errors = 0;
    // The name and both turns of the head densely, the rest here and there.
    let head = (0..3 * 4_096).step_by(5);
    let rest: Vec<_> = (0..1_500)
        .map(|_| numbers.below(bytes.len() as u64) as usize)
        .collect();
    for at in head.chain(rest) {
        let bit = numbers.below(8);
        let mut bytes = bytes.clone();
        bytes[at] ^= 1 << bit;
        errors += usize::from(check(bytes, &expected, || {
            format!("bit {bit} of byte {at}")
        }));
    }
    assert!(errors > 100, "only {errors} flips were noticed");
}

#[test]
fn a_flipped_bit_after_a_crash_is_an_error_or_makes_no_difference() {
    for steps in [1, 20, 150] {
        let (bytes, expected) = left_file(steps);
        assert!(!check(bytes.clone(), &expected, || "as it was left".into()));
        let mut numbers = Numbers::new(4);
        for _ in 0..700 {
            let at = numbers.below(bytes.len() as u64) as usize;
            let bit = numbers.below(8);
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << bit;
            check(bytes, &expected, || {
                format!("bit {bit} of byte {at} after {steps} steps")
            });
        }
    }
}

#[test]
fn a_file_at_rest_bears_the_loss_of_either_turn_of_its_head() {
    let (bytes, expected) = file();
    for turn in [4_096, 8_192] {
        let mut bytes = bytes.clone();
        bytes[turn..turn + 4_096].fill(0);
        assert!(!check(bytes, &expected, || format!("turn at {turn} lost")));
    }
}

#[test]
fn a_head_that_was_there_and_is_lost_is_missed() {
    let (bytes, expected) = left_file(20);
    let lost = [4_096, 8_192].map(|turn| {
        let mut bytes = bytes.clone();
        bytes[turn..turn + 4_096].fill(0);
        check(bytes, &expected, || format!("turn at {turn} lost"))
    });
    assert_eq!(
        lost.into_iter().filter(|is_error| *is_error).count(),
        1,
        "one of them counted"
    );
}

#[test]
fn blocks_that_are_lost_or_in_the_place_of_others_are_errors_or_make_no_difference() {
    let (bytes, expected) = file();
    let blocks = (bytes.len() - 3 * 4_096) / 4_100;
    let place = |block: usize| 3 * 4_096 + block * 4_100;
    let mut numbers = Numbers::new(2);
    for block in 0..blocks {
        let mut lost = bytes.clone();
        lost[place(block)..place(block + 1)].fill(0);
        check(lost, &expected, || format!("block {block} lost"));
        let other = numbers.below(blocks as u64) as usize;
        let mut moved = bytes.clone();
        moved.copy_within(place(other)..place(other + 1), place(block));
        check(moved, &expected, || format!("block {other} at {block}"));
    }
}

#[test]
fn a_file_that_was_cut_is_an_error() {
    let (bytes, expected) = file();
    let mut numbers = Numbers::new(3);
    for _ in 0..300 {
        let length = 1 + numbers.below(bytes.len() as u64 - 1) as usize;
        let is_error = check(bytes[..length].to_vec(), &expected, || {
            format!("cut to {length}")
        });
        assert!(is_error, "cut to {length}");
    }
}

#[test]
fn a_newer_format_is_said_to_be_newer_and_an_older_one_older() {
    for (format, what_to_do) in [(3_u32, "a newer version"), (1, "export it")] {
        let (mut bytes, _) = file();
        bytes[16..20].copy_from_slice(&format.to_le_bytes());
        let sum = crc32fast::hash(&bytes[..20]).to_le_bytes();
        bytes[20..24].copy_from_slice(&sum);
        let error = Disk::options().spin(&Platter::of(bytes)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains(&format!("format {format}")));
        assert!(error.message().contains(what_to_do), "{error}");
    }
}

#[test]
fn a_full_disk_is_an_error_until_there_is_room_again() -> Result<()> {
    for room in [0, 1, 5_000, 20_000, 60_000, 150_000] {
        let platter = Platter::default();
        let feeds = feeds(&platter);
        wait(feeds.publish(Model::by(anna()).key("first")))?;
        platter.make_room(Some(room));
        let mut published = 1;
        let error = loop {
            match wait(feeds.publish(Model::by(anna()).data("long ".repeat(1_000)))) {
                Ok(_) => published += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
        assert!(error.message().contains("full"), "{error}");
        // Still full: reading goes on, or says that it cannot.
        match wait(feeds.outbox(anna()).limit(1_000)) {
            Ok(page) => assert!(page.items.len() >= published),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}"),
        }
        platter.make_room(None);
        let last = wait(feeds.publish(Model::by(anna()).key("last")))?
            .activity
            .id;
        let page = wait(feeds.outbox(anna()).limit(1_000))?;
        assert_eq!(page.items[0].activity.id, last);
        // The one that failed may have happened, as its error says.
        let count = page.items.len();
        assert!(
            count == published + 1 || count == published + 2,
            "{count} of {published}"
        );
        assert!(!wait(feeds.publish(Model::by(anna()).key("first")))?.is_new);
    }
    Ok(())
}
