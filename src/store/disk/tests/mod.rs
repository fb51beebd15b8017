//! What only a disk can go through.

mod damage;
mod golden;
mod kit;
mod lists;
mod power;
mod world;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use self::world::{World, answers, shuffle};
use super::platter::Platter;
use super::*;
use crate::conformance::numbers::Numbers;
use crate::store::{ActivityStore, End, Keyed, List, MarkKey, MarkStore, RelationStore, Store};
use crate::wait::wait;
use crate::{
    Activity as Model, ActivityId, Actor, ActorId, Error, Feeds, Ids, Range as Stretch,
    RelationKind, timelines,
};

fn anna() -> ActorId {
    ActorId::named("anna")
}

fn feeds(platter: &Platter) -> Feeds<Disk, timelines::None> {
    Feeds::new(Disk::options().spin(platter).unwrap(), timelines::None)
}

/// contract 2.6
#[test]
fn what_was_published_is_there_after_reopening() -> Result<()> {
    let platter = Platter::default();
    let note = wait(feeds(&platter).publish(Model::by(anna()).object("a")))?.activity;
    let home = wait(feeds(&platter).home(anna()))?;
    assert_eq!(home.items[0].activity, note);
    Ok(())
}

/// contract 1.3: with a clock that stands still, what is published after reopening is newer.
#[test]
fn ids_of_a_later_opening_come_after_those_of_an_earlier_one() -> Result<()> {
    let platter = Platter::default();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let store = Disk::options().spin(&platter)?;
        let names = Ids::new(1).after_openings(store.openings()?);
        let feeds = Feeds::builder(store, timelines::None)
            .clock(crate::ManualClock::at_millis(5))
            .ids(names)
            .build();
        for _ in 0..2 {
            ids.push(wait(feeds.publish(Model::by(anna())))?.activity.id);
        }
    }
    assert!(ids.is_sorted());
    Ok(())
}

#[test]
fn ids_come_after_those_that_were_imported() -> Result<()> {
    let (old, new) = (Platter::default(), Platter::default());
    // Of another process each: where nothing else tells them apart, the numbers made before them do.
    let publish = |platter: &Platter, node, times| -> Result<ActivityId> {
        let store = Disk::options().spin(platter)?;
        let ids = Ids::new(node).after_openings(store.openings()?);
        let clock = crate::ManualClock::at_millis(5);
        let feeds = Feeds::builder(store, timelines::None)
            .clock(clock)
            .ids(ids)
            .build();
        let mut last = ActivityId::MIN;
        for _ in 0..times {
            last = wait(feeds.publish(Model::by(anna())))?.activity.id;
        }
        Ok(last)
    };
    let mut last = ActivityId::MIN;
    for _ in 0..4 {
        last = publish(&old, 1, 2)?;
    }
    let records = wait(Disk::options().spin(&old)?.records(None, 100))?;
    wait(Disk::options().spin(&new)?.restore(&records))?;
    assert!(publish(&new, 2, 1)? > last);
    Ok(())
}

#[test]
fn an_opening_that_wrote_nothing_does_not_count() -> Result<()> {
    let platter = Platter::default();
    for expected in [0, 0, 0] {
        assert_eq!(Disk::options().spin(&platter)?.openings()?, expected);
    }
    wait(feeds(&platter).publish(Model::by(anna())))?;
    assert_eq!(Disk::options().spin(&platter)?.openings()?, 1);
    Ok(())
}

#[test]
fn a_call_that_changes_nothing_does_not_wait_for_the_disk() -> Result<()> {
    let platter = Platter::default();
    let feeds = feeds(&platter);
    let note = wait(feeds.publish(Model::by(anna()).key("k")))?.activity;
    wait(feeds.delete(note.id))?;
    let syncs = platter.syncs();
    assert!(!wait(feeds.delete(note.id))?);
    assert_eq!(wait(feeds.store().keyed(anna(), "k"))?, Some(Keyed::Gone));
    assert_eq!(platter.syncs(), syncs);
    Ok(())
}

#[test]
fn those_who_publish_at_once_share_commits() -> Result<()> {
    const WRITERS: u64 = 8;
    const EACH: usize = 40;
    let syncs = |durability| -> Result<usize> {
        let platter = Platter::default();
        let store = Disk::options().durability(durability).spin(&platter)?;
        let feeds = Feeds::new(store.clone(), timelines::None);
        let before = platter.syncs();
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let feeds = &feeds;
                scope.spawn(move || {
                    for _ in 0..EACH {
                        wait(feeds.publish(Model::by(ActorId::from(writer)))).unwrap();
                    }
                });
            }
        });
        let lists: Vec<_> = (0..WRITERS).map(|of| List::Outbox(of.into())).collect();
        assert_eq!(wait(store.count(&lists))?, [EACH; WRITERS as usize]);
        Ok(platter.syncs() - before)
    };
    let alone = syncs(Durability::Immediate)?;
    // One sync each; seldom two more, where a block is written over that the last head has named.
    assert!(
        (320..400).contains(&alone),
        "each publish is a commit: {alone} syncs"
    );
    let together = syncs(Durability::Grouped)?;
    assert!(together < alone, "{together} syncs together, {alone} alone");
    Ok(())
}

fn grouped(platter: &Platter) -> Result<Disk> {
    Disk::options()
        .durability(Durability::Grouped)
        .spin(platter)
}

/// Lets these come one after the other while somebody else writes; gives what came of them.
fn all_while_one_writes<const N: usize>(
    store: &Disk,
    one: impl Fn(&mut dyn RowsMut) -> Result<Outcome<()>> + Send + 'static,
    comers: [&(dyn Fn() -> Result<()> + Sync); N],
) -> [Result<()>; N] {
    let queue = &store.0;
    let (go_on, held) = std::sync::mpsc::channel::<()>();
    let hold = move |rows: &mut dyn RowsMut| {
        let _ = held.recv();
        one(rows)
    };
    thread::scope(|scope| {
        let holding = scope.spawn(|| wait(queue.write(hold)));
        while !queue.is_led() || queue.waiting() > 0 {
            thread::yield_now();
        }
        let mut come = 0;
        let comers = comers.map(|comer| {
            let comer = scope.spawn(comer);
            come += 1;
            while queue.waiting() != come {
                thread::yield_now();
            }
            comer
        });
        drop(go_on);
        assert!(holding.join().unwrap().is_ok());
        comers.map(|comer| comer.join().unwrap())
    })
}

#[test]
fn who_comes_while_others_write_shares_their_commit() -> Result<()> {
    let platter = Platter::default();
    let store = grouped(&platter)?;
    wait(store.set_actor(Actor::new(anna())))?;
    let before = platter.syncs();
    let unused = |rows: &mut dyn RowsMut| {
        rows.set(&[255], &[])?;
        Ok(Outcome::Changed(()))
    };
    let [two, three] = [2, 3].map(|id| Actor::new(ActorId::from(id)));
    let came = all_while_one_writes(
        &store,
        unused,
        [&|| wait(store.set_actor(two.clone())).map(drop), &|| {
            wait(store.set_actor(three.clone())).map(drop)
        }],
    );
    assert!(came.iter().all(Result::is_ok));
    assert_eq!(platter.syncs() - before, 1);
    let actors = wait(store.actors(&[two.id, three.id]))?;
    assert_eq!(actors.into_iter().flatten().count(), 2);
    Ok(())
}

/// One that cannot be done does no harm to those who share its commit, nor to those who come after it.
#[test]
fn a_write_that_fails_leaves_the_others_of_its_commit_alone() -> Result<()> {
    let platter = Platter::default();
    let store = grouped(&platter)?;
    let note =
        wait(Feeds::new(store.clone(), timelines::None).publish(Model::by(anna())))?.activity;
    let id = note.id;
    let broken = move |rows: &mut dyn RowsMut| {
        rows.remove(&[&[9], &id.as_uuid().as_bytes()[..]].concat())?;
        Err::<Outcome<()>, _>(Error::new(ErrorKind::Corrupt, "write", "on purpose"))
    };
    let [two, three] = [2, 3].map(|id| Actor::new(ActorId::from(id)));
    let came = all_while_one_writes(
        &store,
        |_| Ok(Outcome::Same(())),
        [
            &|| wait(store.set_actor(two.clone())).map(drop),
            &|| Ok(wait(store.0.write(broken))?),
            &|| wait(store.set_actor(three.clone())).map(drop),
        ],
    );
    assert!(came[0].is_ok() && came[1].is_err() && came[2].is_ok());
    let actors = wait(store.actors(&[two.id, three.id]))?;
    let actors: Vec<Actor> = actors
        .into_iter()
        .flatten()
        .map(|actor| (*actor).clone())
        .collect();
    assert_eq!(actors, [two, three]);
    assert_eq!(wait(store.get(&[note.id]))?, [Some(note.clone())]);
    Ok(())
}

/// contract 1.2: free JSON is handed back unchanged, as deep as it may be.
#[test]
fn the_deepest_json_survives_a_file_and_an_export() -> Result<()> {
    let deepest = (0..100).fold(serde_json::Value::Null, |inner, _| {
        serde_json::json!([inner])
    });
    let properties = (0..99).fold(serde_json::json!(0.1), |inner, _| {
        serde_json::json!([inner])
    });
    let object = crate::Object::default().property("deep", properties);
    let platter = Platter::default();
    let draft = Model::by(anna()).object(object).data(deepest.clone());
    let note = wait(feeds(&platter).publish(draft))?.activity;
    let record = Actor::new(anna()).data(deepest.clone());
    wait(feeds(&platter).set_actor(record))?;
    let store = Disk::options().spin(&platter)?;
    assert_eq!(wait(store.get(&[note.id]))?, [Some(Arc::clone(&note))]);

    let mut lines = Vec::new();
    let on = |_: &_| std::ops::ControlFlow::Continue(());
    wait(crate::store::export(&store, None, &mut lines, on))?;
    let copy = Disk::options().spin(&Platter::default())?;
    wait(crate::store::import(&copy, &mut lines.as_slice(), on))?;
    assert_eq!(wait(copy.get(&[note.id]))?, [Some(note)]);
    let record = wait(copy.actors(&[anna()]))?.remove(0).unwrap();
    assert_eq!(record.data.as_ref(), Some(&deepest));
    Ok(())
}

#[test]
fn a_file_is_open_once() -> Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feeds.redb");
    let first = Disk::open(&path)?;
    let error = Disk::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.message().contains("open already"), "{error}");
    drop(first);
    Disk::open(&path).map(drop)
}

/// Whoever is refused the file leaves it alone: what is published afterwards is there after a crash.
#[test]
fn a_refused_opening_does_no_harm() -> Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (
        folder.path().join("feeds.redb"),
        folder.path().join("copy.redb"),
    );
    let feeds = Feeds::open(&path)?;
    wait(feeds.publish(Model::by(anna())))?;
    for _ in 0..3 {
        assert!(Disk::open(&path).is_err());
        wait(feeds.publish(Model::by(anna())))?;
    }
    // As it is found after `kill -9`.
    std::fs::copy(&path, &copy).unwrap();
    let found = Feeds::open(&copy)?;
    assert_eq!(wait(found.outbox(anna()).count())?, 4);
    Ok(())
}

/// A publish that is given up has happened or not: nothing happens afterwards.
#[test]
fn a_write_whose_future_is_dropped_is_decided_by_then() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let store = Disk::options()
        .durability(Durability::Grouped)
        .spin(&Platter::default())?;
    let feeds = Feeds::new(store.clone(), timelines::None);
    runtime.block_on(async {
        for _ in 0..200 {
            let mut publish = std::pin::pin!(async { feeds.publish(Model::by(anna())).await });
            let poll = std::future::poll_fn(|context| {
                std::task::Poll::Ready(publish.as_mut().poll(context).is_ready())
            });
            poll.await;
        }
        let lists = [List::Outbox(anna())];
        let before = store.count(&lists).await?;
        for _ in 0..50 {
            tokio::task::yield_now().await;
            assert_eq!(store.count(&lists).await?, before);
        }
        Ok(())
    })
}

/// What was recovered is relied upon: from then on its loss is damage, and no torn write.
#[test]
fn what_was_found_after_a_kill_is_missed_when_it_is_damaged_later() -> Result<()> {
    let platter = Platter::default();
    let feeds = feeds(&platter);
    wait(feeds.publish(Model::by(anna())))?;
    let before = platter.events();
    wait(feeds.publish(Model::by(anna())))?;
    let count = |store: &Disk| wait(store.count(&[List::Outbox(anna())]));
    let mut damaged = 0;
    for events in before..=platter.events() {
        let found = platter.survivor(events);
        let opened = Disk::options().spin(&found)?;
        let recovered = count(&opened)?;
        let bytes = found.survivor(found.events()).bytes();
        for block in (12_288..bytes.len()).step_by(4_100) {
            let mut bytes = bytes.clone();
            bytes[block + 50] ^= 1;
            match Disk::options().spin(&Platter::of(bytes)) {
                Ok(store) => match count(&store) {
                    Ok(count) => assert_eq!(count, recovered, "{events}: {block}"),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}"),
                },
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
                    damaged += usize::from(recovered == [2]);
                }
            }
        }
    }
    assert!(damaged > 0, "no block of the second publish was looked at");
    Ok(())
}

/// contract 1.3: also where what was imported was named in a later opening than this one.
#[test]
fn openings_after_an_import_count_on() -> Result<()> {
    let platter = Platter::default();
    let far = Ids::new(1).after_openings(5).make(1_700_000_000_000);
    let imported = serde_json::json!({"id": far, "actor": anna()});
    let record = crate::store::Record::Activity {
        activity: serde_json::from_value(imported).unwrap(),
        lists: vec![List::Outbox(anna())],
    };
    wait(Disk::options().spin(&platter)?.restore(&[record]))?;
    let mut counts = Vec::new();
    for at in 0..3 {
        let store = Disk::options().spin(&platter)?;
        counts.push(store.openings()?);
        wait(store.set_actor(Actor::new(ActorId::from(at))))?;
    }
    assert_eq!(counts, [6, 7, 8]);
    Ok(())
}

/// What tokio says may block a thread of its pool blocks the last one, and is behind a write that waits for it.
#[test]
fn threads_of_the_pool_that_wait_do_what_waits_for_the_pool() {
    for durability in [Durability::Immediate, Durability::Grouped] {
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            let store = Disk::options()
                .durability(durability)
                .spin(&Platter::default())?;
            let feeds = Feeds::new(store, timelines::None);
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .max_blocking_threads(1)
                .build()
                .unwrap();
            runtime.block_on(async {
                let (open, gate) = mpsc::channel();
                let of_thread = feeds.clone();
                let thread = tokio::task::spawn_blocking(move || {
                    gate.recv().unwrap();
                    wait(of_thread.publish(Model::by(anna())))
                });
                let publish = async { feeds.publish(Model::by(anna())).await };
                let mut by_task = std::pin::pin!(publish);
                let poll = std::future::poll_fn(|context| {
                    std::task::Poll::Ready(by_task.as_mut().poll(context).is_ready())
                });
                assert!(!poll.await, "the pool is busy");
                open.send(()).unwrap();
                thread.await.unwrap()?;
                by_task.await
            })?;
            done.send(wait(feeds.outbox(anna()).count())).unwrap();
            Ok::<(), Error>(())
        });
        // As long as nobody waits for anything here.
        let count = is_done.recv_timeout(Duration::from_secs(120));
        assert_eq!(count.expect("nobody waits for ever").unwrap(), 2);
    }
}

#[test]
fn what_is_no_file_of_feeds_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let error = Disk::open(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{name}: {error}");
        assert_eq!(std::fs::read(&path).unwrap(), content);
    };
    refused("letter.txt", b"Dear reader");
    refused("photo", &[0x89; 100_000]);
    refused("zeros", &[0; 100_000]);
    let plain = folder.path().join("plain.redb");
    drop(Database::create(&plain).unwrap());
    let content = std::fs::read(&plain).unwrap();
    refused("another.redb", &content);
}

#[test]
fn an_empty_file_becomes_one_of_feeds() -> Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feeds.redb");
    std::fs::write(&path, b"").unwrap();
    Disk::open(&path).map(drop)
}

#[test]
fn a_path_that_cannot_be_written_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let said = |path: &Path| {
        let error = Disk::open(path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
        error.to_string()
    };
    assert!(said(folder.path()).contains("is a folder"));
    said(&folder.path().join("nowhere/feeds.redb"));
    let path = folder.path().join("feeds.redb");
    drop(Disk::open(&path).unwrap());
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    assert!(said(&path).contains("make it readable and writable"));
}

#[test]
fn the_queue_passes_the_lead_on_until_nobody_waits() -> Result<()> {
    for durability in [Durability::Immediate, Durability::Grouped] {
        let store = Disk::options()
            .durability(durability)
            .spin(&Platter::default())?;
        thread::scope(|scope| {
            for writer in 0..16_u64 {
                let store = &store;
                scope.spawn(move || {
                    for round in 0..20_u64 {
                        let mark = MarkKey {
                            actor: ActorId::from(writer),
                            name: "seen".into(),
                        };
                        let (was, now) = (round.checked_sub(1), Some(round));
                        let at = |round: u64| ActivityId::from(u128::from(round));
                        let set = store.set_mark(&mark, was.map(at), now.map(at));
                        assert!(wait(set).unwrap());
                    }
                });
            }
        });
    }
    Ok(())
}
