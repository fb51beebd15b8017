use std::hash::BuildHasher;
use std::thread;

use super::*;
use crate::hash::Keyed;

struct Actors {
    cells: Cells,
    keyed: Keyed,
}

impl Actors {
    fn new() -> Self {
        Self {
            cells: Cells::default(),
            keyed: Keyed::default(),
        }
    }

    fn add(&self, actor: u64, more: u64) -> u64 {
        let hash = self.keyed.hash_one(actor);
        self.cells.update(hash, |number| number + more)
    }

    fn get(&self, actor: u64) -> Option<u64> {
        self.cells.get(self.keyed.hash_one(actor))
    }
}

fn bytes(cells: &Cells) -> usize {
    let levels = cells.levels.iter().filter_map(OnceLock::get);
    let pieces = levels.flat_map(|level| level.pieces.iter().filter_map(OnceLock::get));
    pieces.map(|piece| size_of_val(&**piece)).sum()
}

#[test]
fn a_number_is_what_was_made_of_it() {
    let actors = Actors::new();
    assert_eq!(actors.get(1), None);
    assert_eq!(actors.add(1, 5), 5);
    assert_eq!(actors.add(1, 2), 7);
    assert_eq!((actors.get(1), actors.get(2)), (Some(7), None));
    actors.cells.update(actors.keyed.hash_one(1_u64), |_| 0);
    assert_eq!(actors.get(1), Some(0));
}

#[test]
fn the_largest_number_is_kept_and_no_more_of_it() {
    let actors = Actors::new();
    let most = (1 << Cells::BITS) - 1;
    assert_eq!(actors.add(1, most), most);
    actors.add(1, 1);
    assert_eq!(actors.get(1), Some(0), "it wraps within its own bits");
}

#[test]
fn few_actors_take_little_room_and_none_takes_none() {
    let actors = Actors::new();
    assert_eq!(bytes(&actors.cells), 0);
    for actor in 0..500 {
        actors.add(actor, 1);
    }
    assert_eq!(bytes(&actors.cells), 8 << 10);
}

#[test]
fn room_grows_with_the_actors_and_nearly_all_keep_their_numbers() {
    const ACTORS: u64 = 100_000;
    let actors = Actors::new();
    for round in 1..=3 {
        for actor in 0..ACTORS {
            actors.add(actor, actor % 7 + 1);
        }
        let right = (0..ACTORS).filter(|actor| actors.get(*actor) == Some(round * (actor % 7 + 1)));
        let right = right.count();
        // The others were in lines that were full before their level was, or are taken for each other.
        assert!(
            right as f64 > 0.98 * ACTORS as f64,
            "{right} in round {round}"
        );
    }
    let each = bytes(&actors.cells) as f64 / ACTORS as f64;
    assert!((10.0..50.0).contains(&each), "{each} bytes an actor");
}

#[test]
fn who_counts_goes_on_counting_while_room_grows() {
    let actors = Actors::new();
    for other in 1..200_000 {
        actors.add(other, 1);
        if other % 50 == 0 {
            actors.add(0, 1);
        }
    }
    assert_eq!(actors.get(0), Some(199_999 / 50));
}

#[test]
fn in_a_full_line_the_smallest_number_gives_way() {
    let cells = Cells::default();
    let hash = |mark: u64| (mark + 1) << Cells::BITS;
    for mark in 0..8 {
        cells.update(hash(mark), |_| 10 + mark);
    }
    cells.update(hash(8), |_| 5);
    assert_eq!(cells.get(hash(0)), None);
    assert_eq!(cells.get(hash(1)), Some(11));
    assert_eq!(cells.get(hash(8)), Some(5));
}

#[test]
fn room_is_bounded() {
    let cells = Cells::default();
    let last = LEVELS - 1;
    cells.newest.store(last, Ordering::Relaxed);
    for line in 0..(FIRST << (2 * last)) {
        for mark in [1, 2] {
            cells.update((mark << Cells::BITS) | line as u64, |_| 1);
        }
    }
    assert_eq!(bytes(&cells), 32 << 20);
    cells.taken.store(usize::MAX / 2, Ordering::Relaxed);
    cells.update(5 << Cells::BITS, |_| 1);
    assert_eq!(cells.newest.load(Ordering::Relaxed), last);
}

#[test]
fn a_change_that_was_overtaken_undoes_nothing() {
    let cells = Cells::default();
    // Of a number that is there, and of one that is not yet.
    for (before, after) in [(None, 100), (Some(1), 101)] {
        let hash = 7 + after;
        if let Some(number) = before {
            cells.update(hash, |_| number);
        }
        cells.update(hash, |number| {
            for _ in 0..100 {
                cells.update(hash, |number| number + 1);
            }
            number + 1
        });
        assert_eq!(cells.get(hash), Some(after));
    }
}

#[test]
fn threads_lose_no_more_than_what_they_count_at_the_same_moment() {
    const THREADS: u64 = 4;
    const EACH: u64 = 50_000;
    let actors = Actors::new();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let actors = &actors;
            scope.spawn(move || {
                for actor in 0..EACH {
                    actors.add(thread * EACH + actor, 1);
                    actors.add(thread * EACH + actor % 10, 1);
                }
            });
        }
    });
    for thread in 0..THREADS {
        for actor in 0..10 {
            let number = actors.get(thread * EACH + actor).unwrap_or(0);
            // Some of the other 200,000 are taken for it, and count once each.
            assert!((4_000..=5_100).contains(&number), "{number}");
        }
    }
}
