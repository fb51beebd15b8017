use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

use super::*;
use crate::error::Result;

const DAY: u32 = 86_400;

const COSTS: Costs = Costs {
    deliver: 10.0,
    pull_at_all: 1_000.0,
    pull: 100.0,
    keep: 0.0,
};

fn reader(read: f64) -> Reader {
    Reader {
        read,
        timelines: 10_000,
        costs: COSTS,
    }
}

fn stream(subscribers: usize, published: f64) -> Stream {
    Stream {
        subscribers,
        published,
    }
}

fn decide(strategy: impl Strategy, reader: &Reader, streams: &[Stream]) -> Vec<Choice> {
    let mut choices = vec![Choice::default(); streams.len()];
    strategy.decide(reader, streams, &mut choices);
    choices
}

/// Push for `+`, pull for `-`.
fn signs(choices: &[Choice]) -> String {
    let sign = |choice: &Choice| match choice.fanout {
        Fanout::Push => '+',
        Fanout::Pull => '-',
    };
    choices.iter().map(sign).collect()
}

#[test]
fn push_and_pull_ask_for_nothing() {
    let streams = [stream(0, 0.0), stream(10_000, 1e9)];
    assert_eq!(
        decide(AllPush, &reader(0.0), &streams),
        [Choice::push(Why::AllPushed); 2]
    );
    assert_eq!(
        decide(AllPull, &reader(1e9), &streams),
        [Choice::pull(Why::AllPulled); 2]
    );
    assert!(AllPush.keeps_timelines() && !AllPull.keeps_timelines());
    assert_eq!(AllPush.entries_a_fill(), usize::MAX);
}

#[test]
fn hybrid_pushes_up_to_its_number_of_subscribers() {
    let streams = [0, 1, 2, 3].map(|subscribers| stream(subscribers, 1.0));
    let choices = decide(Hybrid { max_subscribers: 2 }, &reader(1.0), &streams);
    assert_eq!(signs(&choices), "++--");
    let none = decide(Hybrid { max_subscribers: 0 }, &reader(1.0), &streams);
    assert_eq!(signs(&none), "----");
}

#[test]
fn linear_weighs_each_edge_by_itself() {
    // Ten deliveries cost what one pull costs.
    let streams = [29.9, 30.0, 30.1].map(|published| stream(9_999, published));
    assert_eq!(signs(&decide(Linear, &reader(3.0), &streams)), "++-");
}

#[test]
fn adaptive_pulls_together_what_alone_would_not_be_worth_it() {
    // Pulling one saves 200 · 10 - 3 · 100 = 1,700 a day, and pulling at all costs 3,000.
    let one = stream(0, 200.0);
    let alone = decide(Adaptive::default(), &reader(3.0), &[one, stream(0, 1.0)]);
    assert_eq!(
        alone,
        [
            Choice::push(Why::SavesTooLittle),
            Choice::push(Why::ReadOften)
        ]
    );
    let together = decide(
        Adaptive::default(),
        &reader(3.0),
        &[one, one, stream(0, 1.0)],
    );
    assert_eq!(
        together,
        [
            Choice::pull(Why::PublishedOften),
            Choice::pull(Why::PublishedOften),
            Choice::push(Why::ReadOften)
        ]
    );
}

#[test]
fn adaptive_pulls_more_where_something_is_pulled_anyway() {
    let streams = [stream(5_000, 0.1), stream(0, 31.0), stream(0, 30.0)];
    assert_eq!(
        decide(Adaptive::default(), &reader(3.0), &streams),
        [
            Choice::pull(Why::ManySubscribers),
            Choice::pull(Why::PulledAnyway),
            Choice::push(Why::ReadOften)
        ]
    );
}

#[test]
fn adaptive_bounds_how_many_timelines_a_stream_reaches() {
    let bounds = Adaptive {
        max_share: 0.2,
        always: 1_000,
        ..Adaptive::default()
    };
    let streams = [999, 1_999, 2_000].map(|subscribers| stream(subscribers, 0.0));
    assert_eq!(signs(&decide(bounds, &reader(1.0), &streams)), "++-");
    let few = Reader {
        timelines: 100,
        ..reader(1.0)
    };
    let streams = [100, 999, 1_000].map(|subscribers| stream(subscribers, 0.0));
    assert_eq!(signs(&decide(bounds, &few, &streams)), "++-");
}

#[test]
fn adaptive_keeps_nothing_for_who_reads_too_little_for_the_memory() {
    let costs = Costs {
        keep: 500.0,
        ..COSTS
    };
    let streams = [stream(0, 0.1); 5];
    let seldom = Reader {
        costs,
        ..reader(1.0)
    };
    assert_eq!(
        signs(&decide(Adaptive::default(), &seldom, &streams)),
        "-----"
    );
    let often = Reader {
        costs,
        ..reader(10.0)
    };
    assert_eq!(
        signs(&decide(Adaptive::default(), &often, &streams)),
        "+++++"
    );
}

/// What a day costs with those streams pulled whose bits are set.
fn cost(reader: &Reader, streams: &[Stream], pulled: u32) -> f64 {
    let Reader { read, costs, .. } = reader;
    let at_all = if pulled == 0 {
        0.0
    } else {
        read * costs.pull_at_all
    };
    let of_stream = |(at, stream): (usize, &Stream)| {
        if pulled >> at & 1 == 1 {
            read * costs.pull
        } else {
            stream.published * costs.deliver + costs.keep
        }
    };
    at_all + streams.iter().enumerate().map(of_stream).sum::<f64>()
}

fn pulled(choices: &[Choice]) -> u32 {
    let bit = |(at, choice): (usize, &Choice)| u32::from(choice.fanout == Fanout::Pull) << at;
    choices.iter().enumerate().map(bit).sum()
}

proptest! {
    #[test]
    fn no_other_division_within_the_bounds_costs_less(
        read in 0.0..20.0,
        keep in 0.0..300.0,
        streams in prop::collection::vec((0.0..100.0, 0..12_u32), 0..10),
    ) {
        let costs = Costs { keep, ..COSTS };
        let reader = Reader { costs, ..reader(read) };
        let bounds = Adaptive { max_share: 0.1, always: 10, ..Adaptive::default() };
        // One in twelve is at its bound.
        let streams: Vec<Stream> = streams
            .into_iter()
            .map(|(published, lot)| stream(if lot == 0 { 1_000 } else { 500 }, published))
            .collect();
        let at_bound: u32 = streams
            .iter()
            .enumerate()
            .map(|(at, stream)| u32::from(stream.subscribers == 1_000) << at)
            .sum();
        let choices = decide(bounds, &reader, &streams);
        let chosen = pulled(&choices);
        prop_assert_eq!(chosen & at_bound, at_bound);
        let chosen = cost(&reader, &streams, chosen);
        for other in (0..1_u32 << streams.len()).filter(|other| other & at_bound == at_bound) {
            let other = cost(&reader, &streams, other);
            prop_assert!(chosen <= other * (1.0 + 1e-9) + 1e-9, "{chosen} is more than {other}");
        }
    }

    #[test]
    fn costs_are_learned_whatever_they_are(
        deliver in 5.0..30_000.0_f64,
        pull_at_all in 200.0..1_000_000.0_f64,
        pull in 15.0..50_000.0_f64,
        streams in prop::collection::vec(1..60_u32, 20),
    ) {
        let mut costs = Costs::default();
        for _ in 0..1_000 {
            for streams in &streams {
                let streams = f64::from(*streams);
                costs = costs
                    .after_delivering(100.0, 100.0 * deliver)
                    .after_pulling(streams, pull_at_all + streams * pull);
            }
        }
        prop_assert!((costs.deliver / deliver - 1.0).abs() < 0.01, "{costs:?}");
        let off = |streams: &u32| {
            let streams = f64::from(*streams);
            let real = pull_at_all + streams * pull;
            ((costs.pull_at_all + streams * costs.pull) / real - 1.0).abs()
        };
        let off = streams.iter().map(off).sum::<f64>() / streams.len() as f64;
        prop_assert!(off < 0.2, "{costs:?} is {off} off");
        prop_assert_eq!(costs.keep, Costs::default().keep);
    }

    #[test]
    fn a_bad_sample_does_little_and_many_do_no_more_than_is_sane(
        samples in prop::collection::vec((1.0..1e6, 0.0..1e18), 1..2_000),
    ) {
        let mut costs = Costs::default();
        for (number, took) in samples {
            let next = costs.after_delivering(number, took).after_pulling(number, took);
            for (before, after) in [
                (costs.deliver, next.deliver),
                (costs.pull_at_all, next.pull_at_all),
                (costs.pull, next.pull),
            ] {
                prop_assert!((0.9..1.1).contains(&(after / before)), "{costs:?} to {next:?}");
            }
            costs = next;
        }
        let usual = Costs::default();
        for (cost, usual) in [
            (costs.deliver, usual.deliver),
            (costs.pull_at_all, usual.pull_at_all),
            (costs.pull, usual.pull),
        ] {
            prop_assert!((0.099..1_001.0).contains(&(cost / usual)), "{costs:?}");
        }
    }

    #[test]
    fn a_rate_is_nearly_the_same_after_it_was_in_a_cell(
        steps in prop::collection::vec(0..2_000_000_u32, 1..50),
    ) {
        let (mut exact, mut stored, mut now) = (Rate::default(), Rate::default(), 1_700_000_000);
        for step in steps {
            now += step;
            exact = exact.after_one_more(now);
            let bits = stored.after_one_more(now).to_bits();
            prop_assert!(bits >> Rate::BITS == 0);
            stored = Rate::from_bits(bits);
            let (exact, stored) = (exact.a_day(now + step), stored.a_day(now + step));
            prop_assert!((stored - exact).abs() <= 0.001 * exact, "{stored} for {exact}");
        }
    }
}

#[test]
fn a_name_gives_the_strategy_that_has_it() -> Result<()> {
    for name in [
        "push",
        "pull",
        "hybrid:0",
        "hybrid:500",
        "linear",
        "adaptive",
    ] {
        assert_eq!(named(name)?.name(), name);
    }
    for name in [
        "",
        "hybrid",
        "hybrid:",
        "hybrid:-1",
        "hybrid:x",
        "push:1",
        "Push",
    ] {
        assert_eq!(
            named(name).map(|found| found.name()).unwrap_err().kind(),
            ErrorKind::Invalid
        );
    }
    Ok(())
}

#[test]
fn a_rate_finds_how_often_something_happens() {
    let mut rate = Rate::default();
    for hour in 0..24 * 100 {
        if hour % 8 == 0 {
            rate = rate.after_one_more(hour * 3_600);
        }
        if hour >= 24 && hour % 8 == 7 {
            let estimate = rate.a_day(hour * 3_600);
            assert!((2.7..3.4).contains(&estimate), "{estimate} in hour {hour}");
        }
    }
}

#[test]
fn what_has_just_begun_is_taken_for_six_hours_of_it() {
    let mut rate = Rate::default();
    for _ in 0..20 {
        rate = rate.after_one_more(DAY);
    }
    assert_eq!(rate.a_day(DAY), 80.0);
    assert_eq!(rate.a_day(DAY - 1), 80.0, "a clock that is set back");
    let after_a_week = rate.a_day(8 * DAY);
    assert!((after_a_week - 10.0 / 5.05).abs() < 0.01, "{after_a_week}");
    assert_eq!(Rate::default().a_day(DAY), 0.0);
}

#[test]
fn a_rate_fades_when_nothing_happens() {
    let mut rate = Rate::default();
    for day in 0..100 {
        rate = rate.after_one_more(day * DAY);
    }
    let (now, later) = (rate.a_day(99 * DAY), rate.a_day(106 * DAY));
    assert!((later / now - 0.5).abs() < 1e-6);
    assert_eq!(rate.a_day(u32::MAX), 0.0);
}

#[test]
fn a_count_beyond_a_cell_is_the_most_that_it_holds() {
    let mut rate = Rate::default();
    for _ in 0..200_000 {
        rate = Rate::from_bits(rate.after_one_more(DAY).to_bits());
    }
    let estimate = rate.a_day(DAY);
    assert!((240_000.0..800_000.0).contains(&estimate), "{estimate}");
}

#[test]
fn each_reason_is_a_sentence_of_its_own() {
    let reasons = [
        Why::Untold,
        Why::AllPushed,
        Why::AllPulled,
        Why::FewSubscribers,
        Why::ManySubscribers,
        Why::ReadOften,
        Why::PublishedOften,
        Why::PulledAnyway,
        Why::SavesTooLittle,
    ];
    let mut told: Vec<String> = reasons.iter().map(Why::to_string).collect();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), reasons.len());
    assert_eq!(
        format!("{:>5}|{:6}|", Fanout::Pull, Fanout::Push),
        " pull|push  |"
    );
}
