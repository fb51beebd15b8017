//! A ranking of one's own: a filter, a scorer and a selector of the host's, beside a feature that only the host knows.
//! `cargo run --example custom_ranker` ranks the home of a support team by them, and says why.
//!
//! Each stage is a trait of one method over all candidates at once; a closure will do where there are no settings.

use anabranch::rank::{Candidates, Context, Feature, Filter, Placed, Ranking, Scorer, Selector};
use anabranch::{Activity, ActorId, Feeds, Result, wait};
use serde_json::{Value, json};

/// Leaves out what is done with.
struct Open;

impl Filter for Open {
    fn filter(&self, candidates: &Candidates, _: &Context, kept: &mut [bool]) {
        for (item, kept) in candidates.items().iter().zip(kept) {
            *kept &= of(&item.activity, "done") != true;
        }
    }
}

/// How near the promised answer is: 1 when it is due, less before, more after.
struct Urgency {
    hours: f64,
}

impl Scorer for Urgency {
    fn score(&self, candidates: &Candidates, _: &Context, scores: &mut [f64]) {
        let Some(ages) = candidates.column(&Feature::Age) else {
            return scores.fill(f64::NAN);
        };
        for (score, age) in scores.iter_mut().zip(ages) {
            *score = age / 3_600.0 / self.hours;
        }
    }

    fn features(&self) -> Vec<Feature> {
        vec![Feature::Age]
    }
}

/// Whoever waits for the first time comes before all others.
struct NewcomersFirst;

impl Selector for NewcomersFirst {
    fn select(&self, candidates: &Candidates, _: &Context, order: &mut Vec<Placed>) {
        let is_newcomer = |placed: &Placed| {
            let activity = candidates.activity(placed.row);
            activity.is_some_and(|activity| of(activity, "newcomer") == true)
        };
        // Stable: among newcomers, and among the others, the order stays.
        order.sort_by_key(|placed| !is_newcomer(placed));
    }
}

/// What the host's free JSON says.
fn of<'a>(activity: &'a Activity, field: &str) -> &'a Value {
    activity
        .data
        .as_ref()
        .map_or(&Value::Null, |data| &data[field])
}

fn desk() -> Result<Ranking> {
    Ok(Ranking::new("the desk")
        .filter("open", Open)
        .term("urgency", 1.0, Urgency { hours: 8.0 })
        .term(
            "worth of the contract",
            0.5,
            "host:contract".parse::<Feature>()?,
        )
        .select("newcomers first", NewcomersFirst))
}

fn main() -> Result<()> {
    let feeds = Feeds::in_memory();
    let [team, anna, ben] = ["team", "anna", "ben"].map(ActorId::named);
    wait(feeds.follow(team, anna))?;
    wait(feeds.follow(team, ben))?;
    for (customer, data) in [
        (
            anna,
            json!({"text": "The report is empty.", "contract": 3.0}),
        ),
        (anna, json!({"text": "Solved, thank you.", "done": true})),
        (ben, json!({"text": "How do I begin?", "newcomer": true})),
    ] {
        wait(feeds.publish(Activity::by(customer).data(data)))?;
    }
    let contract = |activity: &Activity| of(activity, "contract").as_f64().unwrap_or(0.0);
    let ranking = desk()?;
    let read = feeds.ranked(team, &ranking).host("contract", contract);
    for item in wait(read.explain())?.items {
        let name = |actor| if actor == anna { "Anna" } else { "Ben" }.to_owned();
        let why = item.why.map(|why| why.sentence(name)).unwrap_or_default();
        println!("{}\n  {why}", of(&item.activity, "text"));
    }
    Ok(())
}
