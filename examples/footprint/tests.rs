use super::*;

fn grown(counted: f64, resident: Option<f64>, number: u64) -> Grown {
    Grown {
        bytes: Bytes { counted, resident },
        number,
    }
}

/// Made up so that each figure is another round number.
fn steps() -> (Steps, Steps) {
    let store = Steps {
        follows: grown(1_600.0, Some(2_000.0), 100),
        activities: grown(8_000.0, Some(9_000.0), 50),
        readers: grown(13_000.0, Some(16_000.0), 10),
        subscriptions: 110,
        entries: 200,
    };
    let timelines = Steps {
        readers: grown(10_000.0, Some(12_000.0), 10),
        activities: grown(12_000.0, Some(14_000.0), 50),
        entries: 400,
        ..store
    };
    (store, timelines)
}

fn of(steps: (Steps, Steps)) -> Vec<(f64, Option<f64>)> {
    let footprint = Footprint::of(10, &steps.0, &steps.1).unwrap();
    let bytes = footprint.figures.iter().map(|figure| figure.bytes);
    bytes.map(|bytes| (bytes.counted, bytes.resident)).collect()
}

#[test]
fn each_figure_is_what_its_step_added_over_what_came() {
    let expected = [
        (16.0, Some(20.0)),
        (160.0, Some(180.0)),
        (1_000.0, Some(1_200.0)),
        // What publishing takes without timelines is no part of the entries.
        (10.0, Some(12.5)),
        // Nor what a reader takes without entries.
        (15.0, Some(20.0)),
    ];
    assert_eq!(of(steps()), expected);
}

#[test]
fn where_the_system_does_not_tell_only_what_was_counted_is_said() {
    let (mut store, mut timelines) = steps();
    for steps in [&mut store, &mut timelines] {
        steps.follows.bytes.resident = None;
        steps.activities.bytes.resident = None;
        steps.readers.bytes.resident = None;
    }
    let footprint = Footprint::of(10, &store, &timelines).unwrap();
    assert!(
        footprint
            .figures
            .iter()
            .all(|figure| figure.bytes.resident.is_none())
    );
    assert!(
        footprint.to_string().contains("on Linux only"),
        "{footprint}"
    );
}

#[test]
fn processes_that_published_differently_are_not_compared() {
    let (store, mut timelines) = steps();
    timelines.activities.number += 1;
    assert!(Footprint::of(10, &store, &timelines).is_err());
}

#[test]
fn the_allocator_counts_what_is_out() {
    const SIZE: usize = 64 << 20;
    // Other tests allocate meanwhile, but no such thing.
    let is_about = |grown: isize, size: usize| grown.abs_diff(size as isize) < SIZE / 8;
    let before = counting::bytes() as isize;
    let grown = || counting::bytes() as isize - before;
    let mut bytes = vec![0_u8; SIZE];
    assert!(is_about(grown(), SIZE), "zeroed: {}", grown());
    bytes.reserve_exact(2 * SIZE);
    assert!(
        is_about(grown(), bytes.capacity()),
        "made longer: {}",
        grown()
    );
    bytes.truncate(1);
    bytes.shrink_to_fit();
    assert!(is_about(grown(), 0), "made shorter: {}", grown());
    drop(bytes);
    assert!(is_about(grown(), 0), "given back: {}", grown());
}

#[test]
fn both_processes_meet_the_same_world() {
    let world = World::new(200);
    let (store, timelines) = (in_store(&world).unwrap(), in_timelines(&world).unwrap());
    assert_eq!(store.follows.number, timelines.follows.number);
    assert_eq!(store.subscriptions, timelines.subscriptions);
    // Of a pair of 200 readers and their own streams.
    let expected = store.follows.number + u64::from(world.readers());
    assert_eq!(timelines.subscriptions, expected);
    assert!(timelines.entries > store.activities.number);
    assert!(Footprint::of(200, &store, &timelines).is_ok());
}

/// Whether they hold is seen where no other test allocates meanwhile.
#[test]
fn the_more_timelines_may_take_the_more_reads_find_one() {
    // Two MB of each are set aside for naming activities.
    let budgets = [None, Some(5 << 19), Some(12 << 20)];
    let outturns = budget::within(&World::new(2_000), &budgets).unwrap();
    let warm = |at: usize| outturns[at].warm as f64 / outturns[at].reads as f64;
    assert!(
        (0.3 * warm(0)..0.95 * warm(0)).contains(&warm(1)),
        "{outturns:?}"
    );
    assert!(warm(2) > 0.95 * warm(0), "{outturns:?}");
}

#[test]
fn worlds_are_as_large_as_said() {
    let options = Options::try_parse_from(["footprint"]).unwrap();
    assert_eq!(options.readers, 100_000);
    let options = Options::try_parse_from(["footprint", "--readers", "2000", "--json", "file"]);
    assert_eq!(options.unwrap().readers, 2_000);
    assert!(Options::try_parse_from(["footprint", "--readers", "3"]).is_err());
}
