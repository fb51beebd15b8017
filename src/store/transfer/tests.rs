use std::io::BufReader;

use super::*;
use crate::activity::Activity;
use crate::feeds::Feeds;
use crate::id::ActorId;
use crate::store::Memory;
use crate::timelines;
use crate::wait::wait;

const ON: ControlFlow<()> = ControlFlow::Continue(());

/// A store of some things of every kind.
fn store() -> Result<Memory> {
    let store = Memory::new();
    let feeds = Feeds::new(store.clone(), timelines::None);
    for number in 0..500_u64 {
        let (actor, other) = (ActorId::from(number), ActorId::from(number + 1));
        let draft = Activity::by(actor).to([other]).key("k").data(number);
        let id = wait(feeds.publish(draft))?.activity.id;
        wait(feeds.follow(actor, other))?;
        wait(feeds.set_actor(crate::Actor::new(actor)))?;
        if number % 3 == 0 {
            wait(feeds.delete(id))?;
        }
        if number % 7 == 0 {
            wait(feeds.unfollow_and_keep_history(actor, other))?;
        }
    }
    Ok(store)
}

fn records(store: &Memory) -> Vec<Record> {
    wait(store.records(None, usize::MAX)).unwrap()
}

fn lines(store: &Memory) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    wait(export(store, None, &mut lines, |_| ON))?;
    Ok(lines)
}

#[test]
fn an_import_of_an_export_is_the_same_store() -> Result<()> {
    let (store, copy) = (store()?, Memory::new());
    let lines = lines(&store)?;
    for _ in 0..2 {
        let done = wait(import(&copy, &mut lines.as_slice(), |_| ON))?;
        assert_eq!(done.bytes, lines.len() as u64);
        assert!(records(&copy) == records(&store));
    }
    Ok(())
}

#[test]
fn an_export_that_was_stopped_goes_on_where_it_was() -> Result<()> {
    let store = store()?;
    let mut parts = Vec::new();
    let mut after = None;
    let mut calls = 0;
    loop {
        calls += 1;
        let done = wait(export(
            &store,
            after,
            &mut parts,
            |_| ControlFlow::Break(()),
        ))?;
        after = done.last;
        if done.is_done {
            break;
        }
    }
    assert!(calls > 5, "{calls}");
    assert!(parts == lines(&store)?);
    Ok(())
}

#[test]
fn an_import_that_was_stopped_goes_on_where_it_was() -> Result<()> {
    let (store, copy) = (store()?, Memory::new());
    let long = "long ".repeat(300_000);
    let feeds = Feeds::new(store.clone(), timelines::None);
    for _ in 0..10 {
        wait(feeds.publish(Activity::by(ActorId::from(1)).data(long.as_str())))?;
    }
    let lines = lines(&store)?;
    let mut reader = BufReader::new(lines.as_slice());
    let mut calls = 1;
    while !wait(import(&copy, &mut reader, |_| ControlFlow::Break(())))?.is_done {
        calls += 1;
    }
    assert!(calls > 2, "{calls}");
    assert!(records(&copy) == records(&store));
    Ok(())
}

#[test]
fn of_a_record_that_is_met_twice_the_later_one_counts() -> Result<()> {
    let copy = Memory::new();
    let record = |name: &str| {
        let actor = crate::Actor::new(ActorId::from(1)).name(name);
        serde_json::to_string(&Record::Actor(actor)).unwrap() + "\n"
    };
    let lines = record("before") + "\n" + &record("after") + "{\"end\":true}\n";
    let done = wait(import(&copy, &mut lines.as_bytes(), |_| ON))?;
    assert_eq!(done.records, 2);
    let found = wait(copy.actors(&[ActorId::from(1)]))?;
    assert_eq!(found[0].as_ref().unwrap().name.as_deref(), Some("after"));
    Ok(())
}

#[test]
fn lines_that_were_cut_are_not_taken_for_all() -> Result<()> {
    let lines = lines(&store()?)?;
    let whole: Vec<_> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    for kept in [0, 1, 2, whole.len() - 1] {
        let cut = whole[..kept].concat();
        let error = wait(import(&Memory::new(), &mut cut.as_slice(), |_| ON)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{kept} lines: {error}");
    }
    Ok(())
}

#[test]
fn a_line_that_is_no_record_is_named_by_its_number() -> Result<()> {
    let failed = |lines: &str| {
        let error = wait(import(&Memory::new(), &mut lines.as_bytes(), |_| ON)).unwrap_err();
        (error.kind(), error.to_string())
    };
    let (kind, text) = failed("{\"format\":1}\n\n{\"song\":1}\n");
    assert_eq!(kind, ErrorKind::Invalid);
    assert!(text.contains("line 3 "), "{text}");
    let (kind, text) = failed("{\"format\":2}\n");
    assert_eq!(kind, ErrorKind::Unsupported);
    assert!(text.contains("format 2"), "{text}");
    assert_eq!(
        failed("{\"format\":1}\n{\"activity\"").0,
        ErrorKind::Invalid
    );
    Ok(())
}
