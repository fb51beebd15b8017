//! The power goes at some moment: what was answered is there, what was under way is there as a whole
//! or not at all.

use super::*;

/// What there was after each step, and how much had happened to the disk by then.
fn history(platter: &Platter, seed: u64, steps: usize) -> Vec<(usize, String)> {
    let mut numbers = Numbers::new(seed);
    // Every other one with hardly any memory.
    let cache = [64 << 20, 0, 64 << 20, 300_000];
    let mut world = World::with_cache(platter, cache[seed as usize % cache.len()]);
    let mut history = vec![(platter.events(), answers(world.feeds.store()).unwrap())];
    for _ in 0..steps {
        world.step(&mut numbers).unwrap();
        history.push((platter.events(), answers(world.feeds.store()).unwrap()));
    }
    // As by `kill -9`: nothing is closed.
    std::mem::forget(world);
    history
}

/// What is found after the power went at `event` is what was there before or after the step that was
/// under way.
fn check(history: &[(usize, String)], found: &Platter, event: usize, how: &str) {
    let done = history.iter().rposition(|(by, _)| *by <= event);
    let store = Disk::options().spin(found);
    let store = store.unwrap_or_else(|error| panic!("{how} at {event}: {error}"));
    let found = answers(&store).unwrap_or_else(|error| panic!("{how} at {event}: {error}"));
    let Some(done) = done else {
        // While the file was made.
        assert!(found == history[0].1, "{how} at {event}");
        return;
    };
    let under_way = history.get(done + 1);
    assert!(
        found == history[done].1 || under_way.is_some_and(|(_, after)| found == *after),
        "{how} at {event}: neither as before step {} nor as after it",
        done + 1
    );
    // It goes on from there.
    assert!(wait(store.set_actor(Actor::new(anna()))).unwrap());
}

/// contract 2.6. More rounds with `ANABRANCH_ROUNDS`.
#[test]
fn a_power_loss_loses_nothing_that_was_answered() {
    let rounds = std::env::var("ANABRANCH_ROUNDS").ok();
    let rounds = rounds.map_or(3, |rounds| rounds.parse().unwrap());
    for round in 1..=rounds {
        let platter = Platter::default();
        let history = history(&platter, round, 60);
        let mut numbers = Numbers::new(round);
        for _ in 0..150 {
            let event = numbers.below(platter.events() as u64 + 1) as usize;
            let dropped = platter.after(event, Vec::clear);
            check(
                &history,
                &dropped,
                event,
                "with all unsynced writes dropped",
            );
            let torn = platter.after(event, |order| {
                order.retain(|_| numbers.below(2) == 0);
            });
            check(&history, &torn, event, "with unsynced writes torn");
            let reordered = platter.after(event, |order| {
                shuffle(order, &mut numbers);
                order.truncate(numbers.below(order.len() as u64 + 1) as usize);
            });
            check(
                &history,
                &reordered,
                event,
                "with unsynced writes reordered",
            );
        }
    }
}

/// A process that dies leaves all that it had written: every prefix of the writes is a moment at which
/// it may.
#[test]
fn a_process_that_dies_loses_nothing_that_was_answered() {
    for seed in [4, 5, 7] {
        let platter = Platter::default();
        let history = history(&platter, seed, 25);
        for event in 0..=platter.events() {
            check(&history, &platter.after(event, |_| ()), event, "killed");
        }
    }
}

/// The power goes again while the file is opened after a power loss.
#[test]
fn a_power_loss_during_recovery_is_no_worse() {
    let platter = Platter::default();
    let history = history(&platter, 11, 40);
    let mut numbers = Numbers::new(11);
    for _ in 0..60 {
        let event = numbers.below(platter.events() as u64 + 1) as usize;
        let first = platter.after(event, |order| order.retain(|_| numbers.below(2) == 0));
        // All that happens from here on happens to a disk that begins with what was found.
        let second = Platter::default();
        second.begin_with(&first);
        std::mem::forget(Disk::options().spin(&second).unwrap());
        let event_of_opening = 2 + numbers.below(second.events() as u64 - 1) as usize;
        let found = second.after(event_of_opening, |order| {
            order.retain(|_| numbers.below(2) == 0);
        });
        check(&history, &found, event, "twice without power");
    }
}

/// What a dead process wrote and did not sync is there for the next one, and goes with the power unless that
/// one sees to it: it answers, and writes, on top of it.
#[test]
fn a_power_loss_after_the_death_of_a_process_loses_nothing_that_was_answered() {
    let platter = Platter::default();
    let first = history(&platter, 17, 30);
    let mut numbers = Numbers::new(17);
    for round in 0..60 {
        let event = numbers.below(platter.events() as u64 + 1) as usize;
        check(&first, &platter.survivor(event), event, "killed");
        let survivor = platter.survivor(event);
        let later = history(&survivor, round, 3);
        let opened = later[0].0;
        for _ in 0..10 {
            let event = opened + numbers.below((survivor.events() - opened) as u64 + 1) as usize;
            let found = survivor.after(event, |order| order.retain(|_| numbers.below(2) == 0));
            check(&later, &found, event, "killed, and then without power");
            let dropped = survivor.after(event, Vec::clear);
            check(&later, &dropped, event, "killed, and then nothing unsynced");
        }
    }
}

/// More than a head can name: then what it was written with is synced before it.
#[test]
fn a_large_write_is_there_as_a_whole_or_not_at_all() {
    let platter = Platter::default();
    let mut numbers = Numbers::new(13);
    let mut world = World::new(&platter);
    let mut history = Vec::new();
    for step in 0..8 {
        if step % 2 == 1 {
            let long = "long ".repeat(200_000);
            wait(world.feeds.publish(Model::by(anna()).data(long))).unwrap();
        } else {
            world.step(&mut numbers).unwrap();
        }
        history.push((platter.events(), answers(world.feeds.store()).unwrap()));
    }
    std::mem::forget(world);
    let first = history[0].0;
    for event in first..=platter.events() {
        for round in 0..3 {
            let torn = platter.after(event, |order| match round {
                0 => order.reverse(),
                1 => order.retain(|_| numbers.below(2) == 0),
                // All but some of what was written right before the head.
                _ => {
                    drop(order.drain(order.len().saturating_sub(40)..order.len().saturating_sub(8)))
                }
            });
            check(&history, &torn, event, "a large write");
        }
    }
}
