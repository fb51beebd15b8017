//! Random calls under a budget, held against everything that there is.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::budget::{bytes, is_warm, within};
use super::*;

#[derive(Clone, Debug)]
enum Step {
    Begin { reader: u64, streams: Vec<u64> },
    Fill { reader: u64, share: usize },
    Push { streams: Vec<u64>, count: usize },
    PushLate { stream: u64, at: usize },
    Forget { reader: u64 },
    Read { reader: u64, times: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let streams = || prop::collection::btree_set(100..106_u64, 0..4);
    let streams = move || streams().prop_map(|streams| streams.into_iter().collect::<Vec<_>>());
    let reader = || 0..24_u64;
    prop_oneof![
        3 => (reader(), streams()).prop_map(|(reader, streams)| Step::Begin { reader, streams }),
        3 => (reader(), 0..4_usize).prop_map(|(reader, share)| Step::Fill { reader, share }),
        3 => (streams(), 1..50_usize).prop_map(|(streams, count)| Step::Push { streams, count }),
        1 => (100..106_u64, 0..1_000_usize).prop_map(|(stream, at)| Step::PushLate { stream, at }),
        1 => reader().prop_map(|reader| Step::Forget { reader }),
        2 => (reader(), 1..5_usize).prop_map(|(reader, times)| Step::Read { reader, times }),
    ]
}

/// What there is, and whose timelines began how.
#[derive(Default)]
struct Model {
    truth: BTreeMap<ActivityId, (Entry, BTreeSet<u64>)>,
    begun: BTreeMap<u64, (Ticket, Vec<u64>)>,
}

impl Model {
    fn push(&mut self, local: &Local, entry: Entry, streams: &[u64]) -> Result<()> {
        let (_, into) = self
            .truth
            .entry(entry.id)
            .or_insert((entry, BTreeSet::new()));
        into.extend(streams);
        let streams: Vec<_> = streams.iter().copied().map(ActorId::from).collect();
        wait(local.push(&streams, entry))?;
        Ok(())
    }

    /// The newest first.
    fn covered(&self, streams: &[u64]) -> Vec<Entry> {
        let all = self.truth.values().rev();
        let is_in = |of: &BTreeSet<u64>| streams.iter().any(|stream| of.contains(stream));
        let covered = all.filter(|(_, of)| is_in(of));
        covered.map(|(entry, _)| *entry).collect()
    }

    fn take(&mut self, local: &Local, all: &[Entry], next: &mut usize, step: Step) -> Result<()> {
        match step {
            Step::Begin { reader, streams } => {
                self.begun.remove(&reader);
                let header = header(streams.iter().copied());
                if let Some(ticket) = wait(local.begin(ActorId::from(reader), header))? {
                    self.begun.insert(reader, (ticket, streams));
                }
            }
            Step::Fill { reader, share } => {
                if let Some((ticket, streams)) = self.begun.get(&reader) {
                    let covered = self.covered(streams);
                    let pulled = &covered[..covered.len() * share / 3 / 2 * 2];
                    let lowest = pulled.last().filter(|_| pulled.len() < covered.len());
                    let lowest = lowest.map_or(ActivityId::MIN, |entry| entry.id);
                    let is_all = pulled.len() == covered.len();
                    let floor = match (is_all, pulled.is_empty()) {
                        (true, _) => ActivityId::MIN,
                        (false, true) => ActivityId::MAX,
                        (false, false) => lowest,
                    };
                    wait(local.fill(*ticket, pulled, floor))?;
                }
            }
            Step::Push { streams, count } => {
                for _ in 0..count {
                    self.push(local, all[*next % all.len()], &streams)?;
                    *next += 2;
                }
            }
            // What was left out above.
            Step::PushLate { stream, at } => {
                let at = (2 * at + 1).min(*next + 1);
                self.push(local, all[at % all.len()], &[stream])?;
            }
            Step::Forget { reader } => {
                wait(local.forget(ActorId::from(reader)))?;
            }
            Step::Read { reader, times } => {
                for _ in 0..times {
                    is_warm(local, reader)?;
                }
            }
        }
        Ok(())
    }

    /// That each reading keeps the promise; how many are warm.
    fn check(&self, local: &Local) -> Result<usize> {
        let mut warm = 0;
        for (reader, (_, streams)) in &self.begun {
            for limit in [1, 20, 10_000] {
                let reader = ActorId::from(*reader);
                let reading = wait(local.read(reader, Range::NEWEST_FIRST, limit, true))?;
                let Reading::Warm {
                    header: of,
                    entries,
                    end,
                } = reading
                else {
                    continue;
                };
                warm += 1;
                assert_eq!(of, header(streams.iter().copied()));
                let expected = self.covered(streams);
                let is_complete = |entry: &&Entry| end.is_none_or(|end| entry.id >= end);
                let expected: Vec<_> = expected.iter().take_while(is_complete).copied().collect();
                assert_eq!(entries, expected);
            }
        }
        Ok(warm)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_promise_is_kept_within_the_budget(
        budget in prop::sample::select(vec![0, 500, 10_000, 40_000, 60_000, 80_000, 120_000, 400_000]),
        capacity in prop::sample::select(vec![1, 60, 130, 800]),
        steps in prop::collection::vec(step(), 0..120),
    ) {
        let all = entries(12_000);
        let local = within(capacity, budget, &all);
        let empty = bytes(&local);
        let (mut model, mut next) = (Model::default(), 0);
        for step in steps {
            model.take(&local, &all, &mut next, step).unwrap();
            prop_assert!(bytes(&local) <= budget);
            model.check(&local).unwrap();
        }
        for reader in 0..24 {
            wait(local.forget(ActorId::from(reader))).unwrap();
        }
        prop_assert_eq!(bytes(&local), empty);
    }
}
