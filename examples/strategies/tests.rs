use super::*;
use crate::course::Counted;

fn counted(rule: &str, cost: f64, entries: usize, reach: usize) -> Counted {
    Counted {
        rule: rule.into(),
        cost,
        entries,
        subscriptions: entries / 10,
        worst: reach,
        p99: reach / 2,
    }
}

#[test]
fn rules_are_put_beside_push_and_the_better_of_both() {
    let rules = [
        counted("push", 300.0, 1_000, 80),
        counted("pull", 200.0, 0, 0),
        counted("mine", 250.0, 500, 20),
    ];
    let outcomes = Outcome::compare(7, 10, &rules).unwrap();
    let of = |rule: usize| {
        let outcome = &outcomes[rule];
        (
            outcome.cost_to_best,
            outcome.memory_to_push,
            outcome.worst_to_push,
            outcome.p99_to_push,
        )
    };
    assert_eq!(of(0), (1.5, 1.0, 1.0, 1.0));
    assert_eq!(of(1), (1.0, 0.0, 0.0, 0.0));
    assert_eq!(of(2), (1.25, 0.5, 0.25, 0.25));
    assert!(
        Outcome::compare(7, 10, &rules[1..])
            .unwrap_err()
            .contains("push")
    );
}

#[test]
fn lines_and_head_have_the_same_columns() {
    let rules = [
        counted("push", 300.0, 1_000, 80),
        counted("pull", 200.0, 0, 0),
    ];
    let text = csv(&Outcome::compare(7, 10, &rules).unwrap());
    let columns: Vec<usize> = text.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(columns, [12, 12, 12]);
    assert!(
        text.contains("\npull,7,10,200.0,0,0,0,0,1.0000,0.0000,0.0000,0.0000\n"),
        "{text}"
    );
}

#[test]
fn each_rule_does_what_it_is_named_for() {
    let world = World::new(300);
    let run = |rule| Course::run(&world, rule, 3).unwrap();
    let follows: usize = (0..300).map(|reader| world.follows(reader).len() + 1).sum();
    let (everybody, push) = (run(EVERYBODY), run("push"));
    assert_eq!(everybody.subscriptions, follows);
    assert_eq!(
        everybody.worst,
        world.followers().into_iter().max().unwrap() as usize + 1
    );
    assert!((1..follows).contains(&push.subscriptions));
    assert!(push.cost < run("pull").cost);
    assert_eq!((run("pull").entries, run("pull").worst), (0, 0));
    assert_eq!(run("hybrid:20").worst, 20);
    assert_eq!(run("push"), push, "the same each time");
    assert!(Course::run(&world, "magic", 3).is_err());
}

#[test]
fn worlds_are_as_large_as_said() {
    let options = Options::try_parse_from(["strategies"]).unwrap();
    assert_eq!(options.readers, [100_000]);
    let options = Options::try_parse_from(["strategies", "--readers", "2000,500"]).unwrap();
    assert_eq!(options.readers, [2_000, 500]);
    assert!(Options::try_parse_from(["strategies", "--readers", "2000,3"]).is_err());
}
