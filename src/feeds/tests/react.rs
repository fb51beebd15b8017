//! Reactions (contract 7.1).

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::thread;

#[cfg(feature = "disk")]
use super::meddled::Meddled;
use crate::activity::Activity;
use crate::audience::Audience;
use crate::error::{ErrorKind, Result};
use crate::feeds::Feeds;
use crate::id::{ActivityId, ActorId};
use crate::store::{ActivityStore, List, MarkStore, Memory, Store};
#[cfg(feature = "disk")]
use crate::store::{Disk, Platter};
use crate::timelines;
use crate::verb::Verb;
use crate::wait::wait;

fn feeds() -> Feeds<Memory, timelines::None> {
    Feeds::new(Memory::new(), timelines::None)
}

fn note<S: Store>(feeds: &Feeds<S, timelines::None>) -> Result<ActivityId> {
    let note = wait(feeds.publish(Activity::by(ActorId::from(1))))?;
    Ok(note.activity.id)
}

fn likes<S: Store>(feeds: &Feeds<S, timelines::None>, of: ActivityId) -> Result<usize> {
    let reactions = wait(feeds.reactions(&[of], None))?
        .remove(0)
        .unwrap_or_default();
    Ok(reactions.counts.iter().map(|(_, count)| count).sum())
}

#[test]
fn counts_are_exact_when_many_threads_react_and_undo_at_once() -> Result<()> {
    let feeds = feeds();
    let about = note(&feeds)?;
    // Each actor by two threads, which contend for one reaction.
    let there: Arc<[AtomicIsize; 4]> = Arc::default();
    thread::scope(|scope| {
        for number in 0..8_u64 {
            let (feeds, there) = (feeds.clone(), Arc::clone(&there));
            scope.spawn(move || {
                let (actor, there) = (ActorId::from(10 + number % 4), &there[number as usize % 4]);
                for round in 0..300 {
                    let changed = match (round + number) % 3 {
                        0 => -isize::from(wait(feeds.unreact(actor, "like", about)).unwrap()),
                        _ => isize::from(wait(feeds.react(actor, "like", about)).unwrap()),
                    };
                    there.fetch_add(changed, Ordering::Relaxed);
                }
            });
        }
    });
    let there: Vec<isize> = there.iter().map(|of| of.load(Ordering::Relaxed)).collect();
    assert!(there.iter().all(|of| (0..=1).contains(of)), "{there:?}");
    for (number, there) in there.iter().enumerate() {
        let actor = ActorId::from(10 + number as u64);
        let mut reactions = wait(feeds.reactions(&[about], Some(actor)))?;
        let own = reactions.remove(0).unwrap_or_default().own.len();
        assert_eq!(own as isize, *there, "of {actor}");
    }
    assert_eq!(likes(&feeds, about)? as isize, there.iter().sum::<isize>());
    let listed = wait(feeds.store().count(&[List::Reactions(about)]))?;
    assert_eq!(listed[0], likes(&feeds, about)?);
    Ok(())
}

#[test]
fn of_threads_that_react_alike_one_has_changed_something() -> Result<()> {
    for _ in 0..50 {
        let feeds = feeds();
        let about = note(&feeds)?;
        let changed = AtomicIsize::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let was_new = wait(feeds.react(ActorId::from(2), "like", about)).unwrap();
                    changed.fetch_add(isize::from(was_new), Ordering::Relaxed);
                });
            }
        });
        assert_eq!(changed.into_inner(), 1);
        assert_eq!(likes(&feeds, about)?, 1);
    }
    Ok(())
}

/// What a crash between any two of its writes leaves (contract 2.6).
#[test]
fn a_reaction_that_was_left_off_is_made_good_by_repeating_it() -> Result<()> {
    let feeds = feeds();
    let (about, actor) = (note(&feeds)?, ActorId::from(2));
    // After the mark: nothing was put.
    let mark = super::super::react::mark(actor, &Verb::from("like"), about);
    let named = note(&feeds)?.successor().unwrap_or(ActivityId::MAX);
    assert!(wait(feeds.store().set_mark(&mark, None, Some(named)))?);
    assert_eq!(likes(&feeds, about)?, 0);
    assert!(!wait(feeds.unreact(actor, "like", about))?);
    assert!(wait(feeds.react(actor, "like", about))?);
    assert_eq!(likes(&feeds, about)?, 1);
    // After the deletion: the mark still names it.
    wait(feeds.store().delete(named))?;
    assert_eq!(likes(&feeds, about)?, 0);
    assert!(!wait(feeds.unreact(actor, "like", about))?);
    assert!(wait(feeds.react(actor, "like", about))?);
    assert!(!wait(feeds.react(actor, "like", about))?);
    assert_eq!(likes(&feeds, about)?, 1);
    Ok(())
}

#[test]
fn a_mark_that_names_something_else_is_never_taken_for_a_reaction() -> Result<()> {
    let feeds = feeds();
    let (about, actor) = (note(&feeds)?, ActorId::from(2));
    let other = note(&feeds)?;
    let mark = super::super::react::mark(actor, &Verb::from("like"), about);
    assert!(wait(feeds.store().set_mark(&mark, None, Some(other)))?);
    assert!(!wait(feeds.unreact(actor, "like", about))?);
    assert!(wait(feeds.react(actor, "like", about))?);
    assert!(wait(feeds.get(other, None))?.is_some(), "it is still there");
    assert_eq!((likes(&feeds, about)?, likes(&feeds, other)?), (1, 0));
    Ok(())
}

#[test]
fn reactions_are_in_no_feed_and_leave_outbox_counts_alone() -> Result<()> {
    let feeds = feeds();
    let (about, ben) = (note(&feeds)?, ActorId::from(2));
    wait(feeds.follow(ActorId::from(3), ben))?;
    wait(feeds.react(ben, Verb::Like, about))?;
    assert_eq!(wait(feeds.counts(ben))?.outbox, 0);
    assert_eq!(wait(feeds.home(ActorId::from(3)).count())?, 0);
    assert_eq!(wait(feeds.outbox(ben).count())?, 0);
    Ok(())
}

/// contract 4.5
#[test]
fn what_may_not_be_seen_is_not_there_to_be_reacted_to() -> Result<()> {
    let feeds = feeds();
    let (anna, ben, carl) = (ActorId::from(1), ActorId::from(2), ActorId::from(3));
    let draft = Activity::by(anna).audience(Audience::Only(vec![ben]));
    let about = wait(feeds.publish(draft))?.activity.id;
    assert!(wait(feeds.react(ben, "like", about))?);
    for activity in [about, ActivityId::MAX] {
        let react = wait(feeds.react(carl, "like", activity)).unwrap_err();
        let unreact = wait(feeds.unreact(carl, "like", activity)).unwrap_err();
        assert_eq!(react.kind(), ErrorKind::NotFound);
        assert_eq!(unreact.kind(), ErrorKind::NotFound);
    }
    assert_eq!(wait(feeds.reactions(&[about], Some(carl)))?, [None]);
    Ok(())
}

/// contract 2.7, 7.1: whenever somebody is erased, what is counted afterwards can be undone, and is there once.
#[test]
fn an_erasure_amid_reactions_leaves_none_that_cannot_be_undone() -> Result<()> {
    for _ in 0..200 {
        let feeds = feeds();
        let (about, actor) = (note(&feeds)?, ActorId::from(2));
        wait(feeds.react(actor, "like", about))?;
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..3 {
                        wait(feeds.react(actor, "like", about)).unwrap();
                    }
                });
            }
            wait(feeds.erase(actor)).unwrap();
        });
        let there = likes(&feeds, about)?;
        assert!(there <= 1, "{there}");
        assert_eq!(wait(feeds.unreact(actor, "like", about))?, there == 1);
        assert_eq!(likes(&feeds, about)?, 0);
        assert!(wait(feeds.react(actor, "like", about))?);
        assert_eq!(likes(&feeds, about)?, 1);
    }
    Ok(())
}

/// contract 2.7, 7.1: whatever somebody else does between any two calls of the store, a reaction is there once, is told
/// truly, and can be undone.
#[cfg(feature = "disk")]
#[test]
fn nothing_that_comes_between_two_calls_leaves_a_reaction_that_cannot_be_undone() -> Result<()> {
    type Others = Feeds<Disk, timelines::None>;
    const LIKE: &str = "like";
    let actor = ActorId::from(2);
    let meddlings: [fn(&Others, ActivityId); 4] = [
        |others, _| {
            wait(others.erase(ActorId::from(2))).unwrap();
        },
        |others, about| {
            wait(others.react(ActorId::from(2), LIKE, about)).unwrap();
        },
        |others, about| {
            wait(others.unreact(ActorId::from(2), LIKE, about)).unwrap();
        },
        |others, about| {
            wait(others.erase(ActorId::from(2))).unwrap();
            wait(others.react(ActorId::from(2), LIKE, about)).unwrap();
        },
    ];
    let mut came_between = 0;
    for (meddling, was_there, undoes) in (0..meddlings.len())
        .flat_map(|meddling| [false, true].map(|was_there| (meddling, was_there)))
        .flat_map(|(meddling, was_there)| [false, true].map(|undoes| (meddling, was_there, undoes)))
    {
        for after in 0..12 {
            let disk = Disk::options().spin(&Platter::default())?;
            let others = Feeds::new(disk.clone(), timelines::None);
            let about = note(&others)?;
            if was_there {
                wait(others.react(actor, LIKE, about))?;
            }
            let meddle = meddlings[meddling];
            let feeds = Meddled::feeds(&disk, after, move |others| meddle(others, about));
            match undoes {
                true => wait(feeds.unreact(actor, LIKE, about))?,
                false => wait(feeds.react(actor, LIKE, about))?,
            };
            if !feeds.store().is_done() {
                continue;
            }
            came_between += 1;
            let at = (meddling, was_there, undoes, after);
            let there = likes(&others, about)?;
            assert!(there <= 1, "{there} at {at:?}");
            assert_eq!(
                wait(others.unreact(actor, LIKE, about))?,
                there == 1,
                "{at:?}"
            );
            assert_eq!(likes(&others, about)?, 0, "{at:?}");
            assert!(wait(others.react(actor, LIKE, about))?, "{at:?}");
            assert_eq!(likes(&others, about)?, 1, "{at:?}");
        }
    }
    assert!(came_between > 70, "{came_between}");
    Ok(())
}
