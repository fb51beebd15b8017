//! What an actor follows, gathered.

use std::collections::BTreeSet;

use crate::conformance::activities::is_beginning;
use crate::conformance::asked::{part, put, swap};
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{
    DOWNWARDS, UPWARDS, activity, actor, edge, follow, ids, instant, make, outbox, range, replace,
    within,
};
use crate::entry::{Order, Range};
use crate::id::{ActivityId, ActorId};
use crate::relation::Relation;
use crate::store::{List, Store};

const READER: u64 = 1;

pub(super) async fn what_is_followed_is_gathered_as_its_lists_are<S: Store>(store: &S) -> Verdict {
    for (at, id) in (0_u64..).zip(ids(90)) {
        let by = at % 7;
        let mut lists = vec![outbox(by)];
        if at % 5 == 0 {
            lists.push(outbox((by + 2) % 7));
        }
        put(store, activity(id, by), &lists).await?;
    }
    is_gathered(store, "followed nobody").await?;
    let mute = Relation::Mute {
        until: Some(instant(9)),
    };
    for (made, step) in [
        follow(READER, 3, 10),
        follow(READER, 2, 11),
        follow(READER, 99, 12),
        edge(READER, mute, 2, 13),
        edge(READER, Relation::Block, 5, 14),
        edge(6, Relation::Block, READER, 15),
        follow(2, READER, 16),
        follow(READER, 4, 17),
    ]
    .into_iter()
    .enumerate()
    {
        swap(store, &[make(&step)]).await?;
        is_gathered(store, &format!("did {} of 8 steps: {step:?}", made + 1)).await?;
    }
    // Whoever follows in part has to be asked for each activity.
    let whole = follow(READER, 3, 10);
    let mut partly = whole.clone();
    if let Relation::Follow(follow) = &mut partly.relation {
        follow.interval.since = ActivityId::first_at(instant(8));
    }
    swap(store, &[replace(&whole, &partly)]).await?;
    let came = store.followed(actor(READER), &[], DOWNWARDS, 5).await?;
    same("asked for what is followed in part", came, None)
}

/// That what is followed is gathered, if at all, as the lists are one by one.
async fn is_gathered<S: Store>(store: &S, done: &str) -> Verdict {
    let relations = store.relations(actor(READER)).await?;
    let blocks = relations.blocks.iter().chain(&relations.blocked_by);
    let blocks = blocks.map(|other| (*other, None));
    let hides: BTreeSet<_> = relations.mutes.iter().copied().chain(blocks).collect();
    for left_out in [&[][..], &[actor(2), actor(77)], &[actor(READER)]] {
        let streams = relations.followed().chain([actor(READER)]);
        let streams: Vec<ActorId> = streams.filter(|id| !left_out.contains(id)).collect();
        let mut there = Vec::new();
        for stream in streams {
            let entries = part(store, List::Outbox(stream), DOWNWARDS, usize::MAX).await?;
            there.extend(entries.iter().map(|entry| entry.id));
        }
        there.sort_unstable();
        there.dedup();
        for range in ranges(&there) {
            let all = within(there.iter().copied(), range, usize::MAX);
            for limit in [1, 4, 30, 1_000] {
                let gathered = store.followed(actor(READER), left_out, range, limit);
                let Some(came) = gathered.await? else {
                    continue;
                };
                let done =
                    format!("{done}, and gathered {limit} of {range:?} without {left_out:?}");
                is_beginning(&done, &all, (range, limit), &came.stretch)?;
                let stamp = store.stamp(actor(READER)).await?;
                same(format!("{done}: the stamp"), Some(came.stamp), stamp)?;
                let hidden: BTreeSet<_> = came.hidden.into_iter().collect();
                same(format!("{done}: whom it hides"), &hidden, &hides)?;
            }
        }
    }
    Ok(())
}

fn ranges(there: &[ActivityId]) -> Vec<Range> {
    let mut ranges = vec![DOWNWARDS, UPWARDS];
    for place in there.iter().step_by(9) {
        ranges.push(range(ActivityId::MIN, Some(*place), Order::NewestFirst));
        ranges.push(range(*place, None, Order::NewestFirst));
    }
    ranges
}
