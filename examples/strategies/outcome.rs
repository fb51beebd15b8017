//! What rules came to, beside push and pull.

use std::fmt::Write;

use super::course::Counted;

/// A rule in a world and a mix, over push, or over the better of push and pull.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub readers: u32,
    pub reads_a_post: u32,
    pub counted: Counted,
    pub cost_to_best: f64,
    pub memory_to_push: f64,
    pub worst_to_push: f64,
    pub p99_to_push: f64,
}

impl Outcome {
    /// Of all rules in one world and mix, among which are push and pull.
    pub fn compare(
        readers: u32,
        reads_a_post: u32,
        rules: &[Counted],
    ) -> Result<Vec<Self>, String> {
        let of = |name: &str| {
            let rule = rules.iter().find(|counted| counted.rule == name);
            rule.ok_or_else(|| format!("there is no {name} to compare with"))
        };
        let (push, pull) = (of("push")?, of("pull")?);
        let best = push.cost.min(pull.cost);
        let memory = |counted: &Counted| (counted.entries + counted.subscriptions) as f64;
        let over = |one: f64, other: f64| if one == other { 1.0 } else { one / other };
        let outcome = |counted: &Counted| Self {
            readers,
            reads_a_post,
            cost_to_best: over(counted.cost, best),
            memory_to_push: over(memory(counted), memory(push)),
            worst_to_push: over(counted.worst as f64, push.worst as f64),
            p99_to_push: over(counted.p99 as f64, push.p99 as f64),
            counted: counted.clone(),
        };
        Ok(rules.iter().map(outcome).collect())
    }
}

/// A head, and a line for each.
pub fn csv(outcomes: &[Outcome]) -> String {
    let mut text = String::from(
        "rule,readers,reads_a_post,cost,entries,subscriptions,worst,p99,\
         cost_to_best,memory_to_push,worst_to_push,p99_to_push\n",
    );
    for Outcome {
        readers,
        reads_a_post,
        counted,
        cost_to_best,
        memory_to_push,
        worst_to_push,
        p99_to_push,
    } in outcomes
    {
        let Counted {
            rule,
            cost,
            entries,
            subscriptions,
            worst,
            p99,
        } = counted;
        let _ = writeln!(
            text,
            "{rule},{readers},{reads_a_post},{cost:.1},{entries},{subscriptions},{worst},{p99},\
             {cost_to_best:.4},{memory_to_push:.4},{worst_to_push:.4},{p99_to_push:.4}"
        );
    }
    text
}

/// For people.
pub fn table(outcomes: &[Outcome]) -> String {
    let mut text =
        String::from("   readers  posts:reads  rule          cost  memory   worst     p99\n");
    let mut before = None;
    for outcome in outcomes {
        let cell = (outcome.readers, outcome.reads_a_post);
        if before.is_some_and(|before| before != cell) {
            text.push('\n');
        }
        before = Some(cell);
        let mix = format!("1:{}", outcome.reads_a_post);
        let _ = writeln!(
            text,
            "{:>10}  {mix:>11}  {:10}  {:>6.2}  {:>6.2}  {:>6.2}  {:>6.2}",
            outcome.readers,
            outcome.counted.rule,
            outcome.cost_to_best,
            outcome.memory_to_push,
            outcome.worst_to_push,
            outcome.p99_to_push
        );
    }
    text
}
