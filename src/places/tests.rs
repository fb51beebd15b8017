use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use proptest::prelude::*;

use super::*;

fn id(at: u128) -> ActivityId {
    ActivityId::from(at)
}

proptest! {
    /// contract 1.3: whatever comes in whatever order, keys order as ids do.
    #[test]
    fn keys_order_as_their_ids(ids in prop::collection::vec(0_u128..500, 1..300)) {
        let mut places = Places::of_book(1, false);
        let mut known = BTreeSet::new();
        for at in ids {
            if known.insert(at) {
                places.add(id(at));
            }
        }
        let keys: Vec<Key> = known.iter().map(|at| places.find(id(*at)).unwrap()).collect();
        for (key, at) in keys.iter().zip(&known) {
            prop_assert_eq!(places.rows().get(*key), Some(id(*at)));
        }
        prop_assert!(keys.is_sorted_by(|a, b| places.rows().compare(*a, *b).is_lt()));
        for at in 0..501 {
            let below = known.range(..at).count();
            prop_assert_eq!(keys.partition_point(|key| places.rows().is_below(*key, id(at))), below);
            prop_assert_eq!(places.find(id(at)).is_some(), known.contains(&at));
        }
    }
}

/// Some of which come late, a segment and more.
fn three_segments() -> Places {
    let mut places = Places::of_book(1, false);
    for at in 1_000..1_000 + u128::from(3 * SEGMENT) {
        let at = if at % 10 == 9 {
            10 * at - 1_003 * (at % 7)
        } else {
            10 * at
        };
        places.add(id(at));
    }
    places
}

#[test]
fn at_and_above_the_floor_no_key_is_dead() {
    let mut places = three_segments();
    let all: Vec<_> = (0..40 * u128::from(SEGMENT))
        .filter_map(|at| Some((id(at), places.find(id(at))?)))
        .collect();
    for _ in 0..3 {
        places.drop_oldest();
        for (id, key) in &all {
            assert!(
                *id < places.rows().floor() || !places.rows().is_dead(*key),
                "{id:?} is dead"
            );
        }
    }
    assert!(places.rows().floor() > ActivityId::MIN);
    assert_eq!(places.len(), SEGMENT as usize, "the last one stays");
}

#[test]
fn the_newest_can_be_forgotten_and_named_anew() {
    let mut places = Places::of_book(1, false);
    let newest = id(u128::from(u32::MAX));
    places.add(newest);
    for at in 0..u128::from(SEGMENT) {
        places.add(id(at));
    }
    assert!(
        places
            .find(newest)
            .is_some_and(|key| !places.rows().is_dead(key))
    );
    places.drop_oldest();
    assert_eq!(places.find(newest), None);
    let key = places.add(newest).unwrap();
    assert_eq!(places.find(newest), Some(key));
    assert!(!places.rows().is_dead(key));
}

#[test]
fn what_was_forgotten_can_be_named_anew_in_its_order() {
    let mut places = three_segments();
    places.drop_oldest();
    places.drop_oldest();
    for at in [15, 5, 10] {
        assert_eq!(places.find(id(at)), None);
        places.add(id(at));
    }
    let all: Vec<_> = (0..40 * u128::from(SEGMENT))
        .filter_map(|at| places.find(id(at)))
        .collect();
    assert!(all.is_sorted_by(|a, b| places.rows().compare(*a, *b).is_lt()));
    assert!(all.iter().all(|key| !places.rows().is_dead(*key)));
    assert!(all.len() > SEGMENT as usize);
}

/// Who finds a key under a lock and takes the rows after it reads the right id from them, whatever is added or
/// forgotten meanwhile.
#[test]
fn rows_are_read_while_others_are_added_and_forgotten() {
    let places = Mutex::new(Places::of_book(1, false));
    let shown = places.lock().unwrap().shown();
    let newest = Mutex::new(None);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let read = || {
            let mut looked_at = 0;
            while !is_over.load(Ordering::Acquire) || looked_at == 0 {
                let Some((key, at)) = *newest.lock().unwrap() else {
                    continue;
                };
                let rows = shown.load();
                match rows.get(key) {
                    Some(found) => assert_eq!(found, id(at)),
                    None => assert!(rows.is_dead(key), "{at}"),
                }
                looked_at += 1;
            }
        };
        scope.spawn(read);
        scope.spawn(read);
        for at in 0..20 * u128::from(SEGMENT) {
            let mut places = places.lock().unwrap();
            let key = places.add(id(at)).unwrap();
            if places.is_full() {
                places.drop_oldest();
            }
            drop(places);
            *newest.lock().unwrap() = Some((key, at));
        }
        is_over.store(true, Ordering::Release);
    });
}
