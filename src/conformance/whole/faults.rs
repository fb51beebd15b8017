//! Feeds over a store that fails once: whoever repeats the call ends where others end.

use std::collections::BTreeMap;

use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::audience::Audience;
use crate::clock::ManualClock;
use crate::conformance::bench::Bench;
use crate::conformance::failure::{Finding, Verdict, same};
use crate::conformance::faulty::{Calls, Fault, Faulty};
use crate::conformance::given::actor;
use crate::error::{Error, ErrorKind};
use crate::fanout::AllPush;
use crate::feeds::Feeds;
use crate::id::{ActivityId, ActorId, Ids};
use crate::store::{AnyStore, Store};
use crate::timelines::Local;
use crate::verb::Verb;

const START: i64 = 1_700_000_000_000;
const ACTORS: std::ops::Range<u64> = 1..6;
/// More than the script can take.
const CALLS: usize = 2_000;
const WRITING: [&str; 6] = ["put", "update", "delete", "swap", "set_actor", "erase"];

/// What hosts do, one call after the other. Texts name activities.
#[derive(Clone, Copy, Debug)]
enum Step {
    Publish(u64, &'static str, &'static [u64]),
    PublishFor(u64, &'static str, u64),
    Share(u64, &'static str, &'static str),
    Update(&'static str),
    Delete(&'static str),
    Follow(u64, u64),
    Unfollow(u64, u64),
    Join(u64, u64),
    Mute(u64, u64),
    Block(u64, u64),
    Name(u64, &'static str),
    Erase(u64),
    Home(u64),
}

const SCRIPT: &[Step] = &[
    Step::Name(1, "Anna"),
    Step::Follow(2, 1),
    Step::Follow(3, 1),
    Step::Follow(1, 2),
    Step::Follow(2, 4),
    Step::Follow(4, 5),
    Step::Join(1, 4),
    Step::Join(2, 4),
    Step::Publish(1, "note", &[]),
    Step::Home(2),
    Step::PublishFor(1, "for members", 4),
    Step::Publish(2, "plan", &[4]),
    Step::Share(2, "share", "note"),
    Step::Publish(5, "of the erased", &[1]),
    Step::Home(2),
    Step::Update("note"),
    Step::Unfollow(3, 1),
    Step::Mute(1, 2),
    Step::Delete("plan"),
    Step::Block(1, 3),
    Step::Erase(5),
    Step::Publish(1, "last", &[2]),
    Step::Name(1, "Anna A."),
];

/// Of one type for all stores: feeds take long to compile.
type Over = Feeds<AnyStore, Local>;
type Named = BTreeMap<&'static str, ActivityId>;

pub(super) fn a_call_that_failed_before_it_happened_can_be_repeated<S: Store>(
    bench: &Bench<S>,
) -> Verdict {
    fail_each(bench, Fault::Before)
}

pub(super) fn a_call_whose_answer_was_lost_can_be_repeated<S: Store>(bench: &Bench<S>) -> Verdict {
    fail_each(bench, Fault::After)
}

fn fail_each<S: Store>(bench: &Bench<S>, fault: Fault) -> Verdict {
    let play = |nth| -> Verdict<(Vec<String>, Vec<&'static str>)> {
        let store = Faulty::new(bench.empty(), nth, fault).at_most(CALLS);
        let calls = store.calls();
        bench.run(played(AnyStore::new(store), calls))
    };
    let (expected, calls) = play(usize::MAX)?;
    for (nth, call) in (1..).zip(calls) {
        // A reading call whose answer is lost is one that failed before.
        if fault == Fault::After && !WRITING.contains(&call) {
            continue;
        }
        let (came, _) = play(nth)?;
        let done = format!("played a script in which call {nth}, `{call}`, failed ({fault:?})");
        for (came, expected) in came.iter().zip(&expected) {
            same(&done, came, expected)?;
        }
    }
    Ok(())
}

/// Plays the script and repeats what fails; what everybody sees in the end, and the calls until then.
async fn played(store: AnyStore, calls: Calls) -> Verdict<(Vec<String>, Vec<&'static str>)> {
    let clock = ManualClock::at_millis(START);
    let feeds = Feeds::builder(store, Local::new())
        .clock(clock.clone())
        .ids(Ids::new(1))
        .strategy(AllPush)
        .cold_reads_before_filling(0)
        .build();
    let mut named = Named::new();
    for (at, step) in (START..).zip(SCRIPT) {
        clock.set_millis(at);
        // A host repeats what can be repeated.
        let first = act(&feeds, *step, &mut named).await;
        let done = match first {
            Err(error) if error.is_retryable() => act(&feeds, *step, &mut named).await,
            first => first,
        };
        done.map_err(|error| {
            Finding::new(format!("did {step:?}, and repeated it"), "no error", error)
        })?;
    }
    let calls = calls.names();
    let mut seen = Vec::new();
    for of in ACTORS {
        seen.extend(view(&feeds, actor(of)).await?);
    }
    Ok((seen, calls))
}

async fn act(feeds: &Over, step: Step, named: &mut Named) -> Result<(), Error> {
    let id = |name: &str, named: &Named| {
        let id = named.get(name).copied();
        id.ok_or_else(|| Error::new(ErrorKind::Corrupt, "script", "a publish gave no id"))
    };
    match step {
        Step::Publish(by, text, to) => {
            let draft = Activity::by(actor(by)).object(text).key(text);
            let draft = draft.to(to.iter().copied().map(actor));
            named.insert(text, feeds.publish(draft).await?.activity.id);
        }
        Step::PublishFor(by, text, group) => {
            let draft = Activity::by(actor(by)).object(text).key(text);
            let draft = draft
                .to([actor(group)])
                .audience(Audience::Members(actor(group)));
            named.insert(text, feeds.publish(draft).await?.activity.id);
        }
        Step::Share(by, text, of) => {
            let draft = Activity::by(actor(by)).verb(Verb::Announce).key(text);
            let draft = draft.object(id(of, named)?);
            named.insert(text, feeds.publish(draft).await?.activity.id);
        }
        Step::Update(name) => {
            let revision = Revision::new().object(format!("{name}, corrected"));
            feeds.update(id(name, named)?, revision).await?;
        }
        Step::Delete(name) => feeds.delete(id(name, named)?).await.map(drop)?,
        Step::Follow(from, to) => feeds.follow(actor(from), actor(to)).await.map(drop)?,
        Step::Unfollow(from, to) => feeds.unfollow(actor(from), actor(to)).await.map(drop)?,
        Step::Join(who, group) => feeds.join(actor(who), actor(group)).await.map(drop)?,
        Step::Mute(who, other) => feeds.mute(actor(who), actor(other)).await.map(drop)?,
        Step::Block(who, other) => feeds.block(actor(who), actor(other)).await.map(drop)?,
        Step::Name(who, name) => {
            let record = Actor::new(actor(who)).name(name);
            feeds.set_actor(record).await.map(drop)?;
        }
        Step::Erase(who) => feeds.erase(actor(who)).await.map(drop)?,
        Step::Home(reader) => feeds.home(actor(reader)).await.map(drop)?,
    }
    Ok(())
}

/// Everything that one actor sees, as text. Activities go by key and content: a publish that was
/// repeated has another id.
async fn view(feeds: &Over, who: ActorId) -> Result<Vec<String>, Error> {
    let mut seen = Vec::new();
    let item = |activity: &Activity| {
        let object = activity
            .object
            .clone()
            .filter(|object| object.activity().is_none());
        format!(
            "{:?}: {object:?}, updated {:?}",
            activity.key, activity.updated
        )
    };
    // Twice: the second time from a timeline.
    for _ in 0..2 {
        let home = feeds.home(who).explain().await?;
        let items = home.items.iter();
        let items: Vec<_> = items.map(|one| (item(&one.activity), &one.via)).collect();
        seen.push(format!("the home of {who}: {items:?}"));
    }
    for viewer in ACTORS {
        let outbox = feeds.outbox(who).viewer(actor(viewer)).await?;
        let items: Vec<_> = outbox.items.iter().map(|one| item(&one.activity)).collect();
        seen.push(format!("the outbox of {who} for {viewer}: {items:?}"));
    }
    let (followers, following) = (feeds.followers(who).await?, feeds.following(who).await?);
    seen.push(format!("the followers of {who}: {:?}", followers.edges));
    seen.push(format!("whom {who} follows: {:?}", following.edges));
    let (groups, muted) = (feeds.groups(who).await?, feeds.muted(who).await?);
    seen.push(format!("the groups of {who}: {:?}", groups.edges));
    seen.push(format!("whom {who} mutes: {:?}", muted.edges));
    let blocked = feeds.blocked(who).await?;
    seen.push(format!("whom {who} blocks: {:?}", blocked.edges));
    seen.push(format!(
        "the numbers of {who}: {:?}",
        feeds.counts(who).await?
    ));
    seen.push(format!(
        "the record of {who}: {:?}",
        feeds.actors(&[who]).await?
    ));
    Ok(seen)
}
