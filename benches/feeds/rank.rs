//! Ranking 500 candidates, of which everything is known already, and a page of a ranked home.
//!
//! * `floor/500`: ten terms of arithmetic in one bare loop over the columns, and the best fifty put in order.
//! * `formula/500`: the same ten terms as a document in JSON, and all 500 put in order.
//! * `floor-trees/500`, `trees/500`: a model of 100 trees with 31 leaves over 20 columns; in bare loops over its nodes, and
//!   read from text in the form of LightGBM.
//! * `floor-select/500`, `select/500`: scored candidates put in order (all of them); and with the decay of authors and a cap after that.
//! * `home/500`, `page`: 500 items of a home, and a page of twenty of them by the ready ranking `lively`, with what it wants to
//!   know gathered. 100 authors, of whom one in five answers something, and three reactions an activity.

use std::cell::LazyCell;
use std::hint::black_box;

use anabranch::rank::{Candidates, Context, Feature, Ranking, Trees, ready};
use anabranch::store::Memory;
use anabranch::timelines::Local;
use anabranch::{Activity, ActorId, Clock, Feeds, Ids, ManualClock, wait};
use criterion::{BenchmarkId, Criterion};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const CANDIDATES: usize = 500;
const PAGE: usize = 50;
const TREES: usize = 100;
const LEAVES: usize = 31;
const COLUMNS: usize = 20;
const AUTHORS: u64 = 100;

const TEN_TERMS: &str = r#"{
    "name": "ten terms",
    "terms": [
        {"name": "talked about", "weight": 2, "value": {"ln": {"+": [1, "reactions@6h", {"*": [2, "replies@6h"]}]}}},
        {"name": "close", "weight": 1.5, "value": {"clamp": [{"default": ["affinity", 0]}, 0, 5]}},
        {"name": "new", "value": {"exponential": ["age", "6h"]}},
        {"name": "known", "weight": 0.5, "value": {"ln": {"+": [1, "followers"]}}},
        {"name": "seen", "weight": -1, "value": {"min": ["seen", 3]}},
        {"name": "groups", "weight": 0.3, "value": {"/": ["common_groups", {"+": [1, "common_groups"]}]}},
        {"name": "answers", "weight": 0.2, "value": {"if": [{"==": ["is_reply", 1]}, 0.5, 1]}},
        {"name": "quality", "weight": 0.1, "value": {"pow": ["host:quality", 0.5]}},
        {"name": "of these days", "weight": 0.4, "value": {"gaussian": ["age", "2d"]}},
        {"name": "much of one", "weight": -0.2, "value": "posts"}
    ]
}"#;

const FEATURES: [&str; 10] = [
    "reactions@6h",
    "replies@6h",
    "affinity",
    "age",
    "followers",
    "seen",
    "common_groups",
    "is_reply",
    "host:quality",
    "posts",
];

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rank");
    let context = Context::new(ActorId::from(1), chrono::DateTime::UNIX_EPOCH);
    let candidates = LazyCell::new(candidates);
    group.bench_function(BenchmarkId::new("floor", CANDIDATES), |bencher| {
        let columns = FEATURES.map(|name| candidates.column(&feature(name)).expect("a column"));
        let mut scored = Vec::with_capacity(CANDIDATES);
        bencher.iter(|| {
            ten_terms(black_box(&columns), &mut scored);
            scored.select_nth_unstable_by(PAGE, |one, other| other.0.total_cmp(&one.0));
            scored[..PAGE].sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
            black_box(scored[0])
        });
    });
    group.bench_function(BenchmarkId::new("formula", CANDIDATES), |bencher| {
        let ranking = Ranking::from_json(TEN_TERMS).expect("a ranking");
        bencher.iter(|| ranking.rank(black_box(&candidates), &context).order().len());
    });
    let model = LazyCell::new(model);
    group.bench_function(BenchmarkId::new("floor-trees", CANDIDATES), |bencher| {
        let (trees, columns) = (&model.0, &model.1);
        let mut scores = vec![0.0; CANDIDATES];
        bencher.iter(|| {
            scores.fill(0.0);
            for tree in black_box(trees) {
                for (row, score) in scores.iter_mut().enumerate() {
                    *score += tree.leaf(columns, row);
                }
            }
            black_box(scores[0])
        });
    });
    group.bench_function(BenchmarkId::new("trees", CANDIDATES), |bencher| {
        let trees: Trees = text(&model.0).parse().expect("a model");
        let columns: Vec<&[f64]> = model.1.iter().map(Vec::as_slice).collect();
        let mut scores = vec![0.0; CANDIDATES];
        bencher.iter(|| {
            trees.predict(black_box(&columns), &mut scores);
            black_box(scores[0])
        });
    });
    for (name, rules) in [
        ("floor-select", ""),
        (
            "select",
            r#", "rules": [
                {"name": "authors", "author_decay": {"factor": 0.7, "floor": 0.2}},
                {"name": "two of ten", "cap": {"by": "actor", "most": 2, "of": 10}}
            ]"#,
        ),
    ] {
        group.bench_function(BenchmarkId::new(name, CANDIDATES), |bencher| {
            let terms = r#""terms": [{"name": "liked", "value": "reactions@6h"}]"#;
            let written = format!(r#"{{"name": "selects", {terms}{rules}}}"#);
            let ranking = Ranking::from_json(&written).expect("a ranking");
            bencher.iter(|| ranking.rank(black_box(&candidates), &context).order().len());
        });
    }
    let feeds = LazyCell::new(feeds);
    let reader = ActorId::from(0);
    group.bench_function(BenchmarkId::new("home", CANDIDATES), |bencher| {
        let feeds = &*feeds;
        bencher.iter(|| wait(feeds.home(reader).limit(CANDIDATES)).expect("a home"));
    });
    group.bench_function("page", |bencher| {
        let feeds = &*feeds;
        let lively = Ranking::from_json(ready::LIVELY).expect("a ranking");
        bencher.iter(|| wait(feeds.ranked(reader, &lively)).expect("a page"));
    });
    group.finish();
}

fn feature(name: &str) -> Feature {
    name.parse().expect("a feature")
}

/// Activities of a hundred authors, with numbers drawn at random for all that the terms look at.
fn candidates() -> Candidates {
    let feeds = Feeds::in_memory();
    let published = (0..CANDIDATES as u64).map(|number| {
        let draft = Activity::by(ActorId::from(number % AUTHORS));
        wait(feeds.publish(draft)).expect("published").activity
    });
    let mut candidates: Candidates = published.collect();
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for name in FEATURES {
        let most = match name {
            "age" => 500_000.0,
            "followers" => 10_000.0,
            "is_reply" => 2.0,
            _ => 10.0,
        };
        let mut value = || (random.random::<f64>() * most).floor();
        let values = (0..CANDIDATES).map(|_| value()).collect();
        candidates.set(feature(name), values);
    }
    candidates
}

/// What [`TEN_TERMS`] says.
fn ten_terms(columns: &[&[f64]; 10], scored: &mut Vec<(f64, usize)>) {
    let [
        reactions,
        replies,
        affinity,
        age,
        followers,
        seen,
        groups,
        is_reply,
        quality,
        posts,
    ] = columns;
    scored.clear();
    scored.extend((0..CANDIDATES).map(|row| {
        let close = if affinity[row].is_nan() {
            0.0
        } else {
            affinity[row]
        };
        let answers = if is_reply[row] == 1.0 { 0.5 } else { 1.0 };
        let days = age[row] / 172_800.0;
        let score = 2.0 * (1.0 + reactions[row] + 2.0 * replies[row]).ln()
            + 1.5 * close.clamp(0.0, 5.0)
            + (-(age[row] / 21_600.0)).exp2()
            + 0.5 * (1.0 + followers[row]).ln()
            - seen[row].min(3.0)
            + 0.3 * (groups[row] / (1.0 + groups[row]))
            + 0.2 * answers
            + 0.1 * quality[row].powf(0.5)
            + 0.4 * (-(days * days)).exp2()
            - 0.2 * posts[row];
        (score, row)
    }));
}

/// A tree in arrays, as LightGBM has it: children below 0 are leaves.
struct Tree {
    features: Vec<usize>,
    thresholds: Vec<f64>,
    left: Vec<i32>,
    right: Vec<i32>,
    leaves: Vec<f64>,
}

impl Tree {
    /// One whose leaves are split at random until there are enough.
    fn random(random: &mut ChaCha8Rng) -> Self {
        let mut tree = Self {
            features: Vec::new(),
            thresholds: Vec::new(),
            left: Vec::new(),
            right: Vec::new(),
            leaves: vec![random.random()],
        };
        // Where each leaf hangs: at which node, and on which side.
        let mut hangs: Vec<Option<(usize, bool)>> = vec![None];
        while tree.leaves.len() < LEAVES {
            let (node, split) = (tree.features.len(), random.random_range(0..hangs.len()));
            if let Some((at, is_left)) = hangs[split] {
                let side = if is_left {
                    &mut tree.left
                } else {
                    &mut tree.right
                };
                side[at] = node as i32;
            }
            tree.features.push(random.random_range(0..COLUMNS));
            tree.thresholds.push(random.random());
            tree.left.push(!(split as i32));
            tree.right.push(!(tree.leaves.len() as i32));
            hangs[split] = Some((node, true));
            hangs.push(Some((node, false)));
            tree.leaves.push(random.random());
        }
        tree
    }

    fn leaf(&self, columns: &[Vec<f64>], row: usize) -> f64 {
        let mut node = 0;
        loop {
            let at = node as usize;
            let is_left = columns[self.features[at]][row] <= self.thresholds[at];
            node = if is_left {
                self.left[at]
            } else {
                self.right[at]
            };
            if node < 0 {
                return self.leaves[!node as usize];
            }
        }
    }
}

fn model() -> (Vec<Tree>, Vec<Vec<f64>>) {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let trees = (0..TREES).map(|_| Tree::random(&mut random)).collect();
    let column = |_| (0..CANDIDATES).map(|_| random.random()).collect();
    (trees, (0..COLUMNS).map(column).collect())
}

/// The trees as LightGBM writes them.
fn text(trees: &[Tree]) -> String {
    fn line<T: ToString>(key: &str, values: &[T]) -> String {
        let values: Vec<String> = values.iter().map(T::to_string).collect();
        format!("{key}={}\n", values.join(" "))
    }
    let names: Vec<String> = (0..COLUMNS)
        .map(|number| format!("column_{number}"))
        .collect();
    let mut text = format!(
        "tree\nversion=v4\nobjective=lambdarank\n{}\n",
        line("feature_names", &names)
    );
    for (number, tree) in trees.iter().enumerate() {
        let nodes = tree.features.len();
        text += &format!("Tree={number}\nnum_leaves={LEAVES}\nnum_cat=0\n");
        text += &line("split_feature", &tree.features);
        text += &line("threshold", &tree.thresholds);
        text += &line("decision_type", &vec![2; nodes]);
        text += &line("left_child", &tree.left);
        text += &line("right_child", &tree.right);
        text += &line("leaf_value", &tree.leaves);
        text += &line("internal_value", &vec![0; nodes]);
        text += "\n";
    }
    text + "end of trees\n"
}

/// A reader of a hundred authors, who is warm, and to whose home others react and answer.
fn feeds() -> Feeds {
    let clock = ManualClock::at_millis(1_700_000_000_000);
    let feeds = Feeds::builder(Memory::new(), Local::new())
        .clock(clock.clone())
        .ids(Ids::new(1))
        .build();
    let reader = ActorId::from(0);
    for author in 1..=AUTHORS {
        wait(feeds.follow(reader, ActorId::from(author))).expect("followed");
    }
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut last = None;
    for number in 0..2 * CANDIDATES as u64 {
        clock.set_millis(clock.now().timestamp_millis() + 60_000);
        let author = ActorId::from(1 + random.random_range(0..AUTHORS));
        let mut draft = Activity::by(author);
        if let Some(last) = last.filter(|_| number % 5 == 0) {
            draft = draft.in_reply_to(last);
        }
        let published = wait(feeds.publish(draft)).expect("published").activity.id;
        for _ in 0..3 {
            let by = ActorId::from(random.random_range(0..10 * AUTHORS));
            wait(feeds.react(by, "like", published)).expect("reacted");
        }
        last = Some(published);
    }
    for _ in 0..10 {
        wait(feeds.home(reader)).expect("a home");
    }
    feeds
}
