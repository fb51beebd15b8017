//! Random calls, after each of which the promise holds.

use std::collections::BTreeMap;

use super::promise::{Truth, begun, header};
use crate::conformance::failure::{Verdict, same};
use crate::conformance::given::{START, actor, range};
use crate::conformance::numbers::Numbers;
use crate::entry::{Entry, Order};
use crate::id::{ActivityId, ActorId, Ids};
use crate::timelines::{Header, Ticket, Timelines};

const SEEDS: u64 = 12;
const STEPS: u64 = 300;
const READERS: u64 = 5;
const STREAMS: u64 = 6;

pub(super) async fn random_calls_keep_the_promise<T: Timelines>(timelines: &T) -> Verdict {
    for seed in 0..SEEDS {
        let mut numbers = Numbers::new(seed);
        let ids = Ids::new(u32::try_from(seed).unwrap_or(0));
        let mut truth = Truth::default();
        let mut known: Vec<Entry> = Vec::new();
        // The header of the latest beginning of each reader, and tickets that were given.
        let mut headers: BTreeMap<u64, Header> = BTreeMap::new();
        let mut tickets: Vec<(Ticket, Header)> = Vec::new();
        for step in 0..STEPS {
            let done = format!("random calls, seed {seed}, step {step}");
            let reader = numbers.below(READERS);
            match numbers.below(16) {
                0..=5 => {
                    let by = actor(numbers.below(STREAMS));
                    let id = ids.make(START + step / 8 + numbers.below(6));
                    let streams = [by, actor(numbers.below(STREAMS))];
                    let entry = Entry::new(id);
                    truth.insert(entry, &streams);
                    known.push(entry);
                    timelines.push(&streams, entry).await?;
                }
                6 | 7 => {
                    let streams: Vec<u64> =
                        (0..STREAMS).filter(|_| numbers.below(2) == 0).collect();
                    let header = header(streams);
                    if let Some(ticket) = begun(timelines, reader, &header).await? {
                        tickets.push((ticket, header.clone()));
                    }
                    headers.insert(reader, header);
                }
                8..=10 => {
                    let at = numbers.below(u64::try_from(tickets.len()).unwrap_or(0));
                    let at = usize::try_from(at).unwrap_or(0);
                    if at < tickets.len() {
                        let (ticket, header) = tickets.swap_remove(at);
                        let floor = numbers.pick(&known).map_or(ActivityId::MIN, |one| one.id);
                        let pulled = truth.pulled(&header, floor);
                        timelines.fill(ticket, &pulled, floor).await?;
                    }
                }
                11 => {
                    timelines.forget(actor(reader)).await?;
                    headers.remove(&reader);
                }
                _ => {
                    let mut place = || numbers.pick(&known).map(|one| one.id);
                    let (since, until) = (place().unwrap_or(ActivityId::MIN), place());
                    let since = [since, ActivityId::MIN]
                        .into_iter()
                        .nth(usize::from(step % 2 == 0));
                    let order = [Order::NewestFirst, Order::OldestFirst];
                    let order = numbers.pick(&order).copied().unwrap_or(Order::NewestFirst);
                    let until = until.filter(|_| numbers.below(2) == 0);
                    let range = range(since.unwrap_or(ActivityId::MIN), until, order);
                    let limit = usize::try_from(1 + numbers.below(20)).unwrap_or(1);
                    let reading = timelines.read(actor(reader), range, limit, true).await?;
                    let unknown = header([]);
                    let header = headers.get(&reader).unwrap_or(&unknown);
                    truth.check(&done, header, (range, limit), &reading)?;
                }
            }
        }
        for reader in 0..READERS {
            timelines.forget(actor(reader)).await?;
        }
        let streams: Vec<ActorId> = (0..STREAMS).map(actor).collect();
        let left = timelines.census().await?.subscriptions;
        let counted = timelines.subscribers(&streams).await?.len();
        let done = format!("random calls, seed {seed}: subscriptions when all are forgotten");
        same(done, (left, counted), (0, streams.len()))?;
    }
    Ok(())
}
