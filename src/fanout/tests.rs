use super::*;

const DAY: u32 = 86_400;

fn figures(subscribers: usize, published: f64, read: f64) -> Figures {
    Figures {
        subscribers,
        timelines: 10_000,
        published,
        read,
    }
}

#[test]
fn hybrid_pushes_up_to_its_number_of_subscribers() {
    let hybrid = Hybrid { max_subscribers: 2 };
    let decide = |subscribers| hybrid.decide(&figures(subscribers, 1.0, 1.0));
    assert_eq!(
        [decide(0), decide(1), decide(2)],
        [Fanout::Push, Fanout::Push, Fanout::Pull]
    );
    assert_eq!(
        Hybrid { max_subscribers: 0 }.decide(&figures(0, 1.0, 1.0)),
        Fanout::Pull
    );
}

#[test]
fn adaptive_pulls_what_is_written_far_more_often_than_read() {
    let adaptive = Adaptive::default();
    assert_eq!(adaptive.decide(&figures(5, 30.0, 3.0)), Fanout::Push);
    assert_eq!(adaptive.decide(&figures(5, 30.1, 3.0)), Fanout::Pull);
}

#[test]
fn adaptive_caps_how_many_timelines_a_stream_reaches() {
    let adaptive = Adaptive::default();
    assert_eq!(adaptive.decide(&figures(1_999, 1.0, 1.0)), Fanout::Push);
    assert_eq!(adaptive.decide(&figures(2_000, 1.0, 1.0)), Fanout::Pull);
}

#[test]
fn a_name_gives_the_strategy_that_has_it() -> Result<()> {
    for name in ["push", "pull", "hybrid:0", "hybrid:500", "adaptive"] {
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
    }
    let estimate = rate.a_day(100 * DAY);
    assert!((2.8..3.2).contains(&estimate), "{estimate}");
    assert_eq!(Rate::from_bits(rate.to_bits()), rate);
}

#[test]
fn a_rate_fades_when_nothing_happens() {
    let rate = Rate::default().after_one_more(0);
    let (now, later) = (rate.a_day(0), rate.a_day(7 * DAY));
    assert!((later / now - 0.5).abs() < 1e-6);
}
