use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const MANY: u64 = 100_000;

/// Readers whose ids are made of numbers, of names, and drawn at random.
fn readers() -> [Vec<ActorId>; 3] {
    let named = |number| ActorId::named(&format!("reader {number}"));
    let drawn = |number: u64| {
        let half = |of: u64| mixed(of);
        Uuid::from_u64_pair(half(2 * number), half(2 * number + 1)).into()
    };
    [
        (0..MANY).map(ActorId::from).collect(),
        (0..MANY).map(named).collect(),
        (0..MANY).map(drawn).collect(),
    ]
}

/// A number that looks as if drawn by chance.
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// Within four standard deviations of what chance would give.
fn assert_likely(count: usize, of: u64, share: f64) {
    let expected = of as f64 * share;
    let deviation = (expected * (1.0 - share)).sqrt();
    assert!(
        (count as f64 - expected).abs() <= 4.0 * deviation,
        "{count} of {of}, and not {expected} ± {deviation}"
    );
}

fn is_in(share: f64, reader: ActorId, experiment: &str) -> bool {
    Rollout::share(share).unwrap().decide(reader, experiment) == Treatment::Ranked
}

#[test]
fn a_share_of_the_readers_is_that_share() {
    for readers in readers() {
        for share in [0.0, 0.001, 0.05, 0.2, 0.5, 0.99, 1.0] {
            let count = readers
                .iter()
                .filter(|reader| is_in(share, **reader, "likes"))
                .count();
            assert_likely(count, MANY, share);
        }
    }
}

#[test]
fn readers_stand_evenly_from_0_to_1() {
    for readers in readers() {
        let mut tenths = [0; 10];
        for reader in readers {
            let place = place(reader, "likes");
            assert!((0.0..1.0).contains(&place));
            tenths[(place * 10.0) as usize] += 1;
        }
        for tenth in tenths {
            assert_likely(tenth, MANY, 0.1);
        }
    }
}

#[test]
fn who_is_in_one_experiment_says_nothing_of_another() {
    for readers in readers() {
        let both =
            |reader: &&ActorId| is_in(0.2, **reader, "likes") && is_in(0.3, **reader, "likes-2");
        assert_likely(readers.iter().filter(both).count(), MANY, 0.2 * 0.3);
    }
}

proptest! {
    #[test]
    fn whoever_is_in_stays_in_as_the_share_grows(
        reader: u128,
        experiment: String,
        low in 0.0..=1.0_f64,
        high in 0.0..=1.0_f64,
    ) {
        let reader = Uuid::from_u128(reader).into();
        let (low, high) = (low.min(high), low.max(high));
        prop_assert!(!is_in(low, reader, &experiment) || is_in(high, reader, &experiment));
        prop_assert!(is_in(1.0, reader, &experiment));
        prop_assert!(!is_in(0.0, reader, &experiment));
    }

    #[test]
    fn the_others_are_left_alone_or_observed(reader: u128, share in 0.0..=1.0_f64) {
        let reader = Uuid::from_u128(reader).into();
        let shared = Rollout::share(share).unwrap().decide(reader, "likes");
        let observed = Rollout::share_and_observe(share).unwrap().decide(reader, "likes");
        let is_ranked = shared == Treatment::Ranked;
        prop_assert_eq!(shared, if is_ranked { Treatment::Ranked } else { Treatment::Off });
        prop_assert_eq!(observed, if is_ranked { Treatment::Ranked } else { Treatment::Observe });
    }

    #[test]
    fn a_share_outside_0_to_1_is_refused(share in prop::num::f64::ANY) {
        let is_share = (0.0..=1.0).contains(&share);
        prop_assert_eq!(Rollout::share(share).is_ok(), is_share);
        prop_assert_eq!(Rollout::share_and_observe(share).is_ok(), is_share);
        let json = serde_json::json!({"share": share});
        prop_assert_eq!(serde_json::from_value::<Rollout>(json).is_ok(), is_share);
    }
}

#[test]
fn all_and_none_ask_nobody() {
    let anna = ActorId::named("anna");
    assert_eq!(Rollout::default().decide(anna, "likes"), Treatment::Off);
    assert_eq!(Rollout::Observe.decide(anna, "likes"), Treatment::Observe);
    assert_eq!(Rollout::All.decide(anna, "likes"), Treatment::Ranked);
}

#[test]
fn a_rollout_reads_as_a_setting() -> serde_json::Result<()> {
    for (rollout, json) in [
        (Rollout::Off, r#""off""#),
        (Rollout::Observe, r#""observe""#),
        (Rollout::Share(Share(0.05)), r#"{"share":0.05}"#),
        (
            Rollout::ShareAndObserve(Share(0.5)),
            r#"{"share_and_observe":0.5}"#,
        ),
        (Rollout::All, r#""all""#),
    ] {
        assert_eq!(serde_json::to_string(&rollout)?, json);
        assert_eq!(serde_json::from_str::<Rollout>(json)?, rollout);
    }
    assert_eq!(
        serde_json::from_str::<Rollout>(r#"{"share":1}"#)?,
        Rollout::Share(Share(1.0))
    );
    Ok(())
}

#[test]
fn a_setting_that_makes_no_sense_says_why() {
    for (json, why) in [
        (
            r#"{"share":1.5}"#,
            "a share of 1.5 of the readers makes no sense; give one from 0 to 1",
        ),
        (r#"{"share":-0.1}"#, "a share of -0.1"),
        (r#"{"share":5}"#, "a share of 5 "),
        (r#"{"share":null}"#, "expected f64"),
        (
            r#""everybody""#,
            "expected one of `off`, `observe`, `share`, `share_and_observe`, `all`",
        ),
    ] {
        let error = serde_json::from_str::<Rollout>(json)
            .unwrap_err()
            .to_string();
        assert!(error.contains(why), "{error}");
    }
    let error = Rollout::share(f64::NAN).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.message().contains("a share of NaN"), "{error}");
}

/// Hosts have told readers what they see by it.
#[test]
fn the_place_of_a_reader_never_changes() {
    for (reader, experiment, expected) in [
        (ActorId::from(1), "likes", 0.15708369518497434),
        (ActorId::from(2), "likes", 0.46407355620677604),
        (
            ActorId::named("anna@example.org"),
            "likes-2",
            0.6458971287728321,
        ),
        (ActorId::from(1), "", 0.4919235108168739),
    ] {
        assert_eq!(place(reader, experiment), expected);
    }
}
