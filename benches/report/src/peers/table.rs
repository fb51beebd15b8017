//! Tables of the peers, and what is not like for like.

use std::fmt::Write;

use super::{Cost, Figures, Mix, Outcome, Run};
use crate::text::{digits, grouped, or_dash, table};

/// What is not like for like, as a list.
pub const NOTES: &str = include_str!("notes.md");

/// Tables, and what was measured.
pub fn markdown(run: &Run) -> String {
    let mut text = format!(
        "{} readers; times in microseconds. Posts and reads in turn, the median of some rounds:\n\n{}",
        grouped(run.readers.into()),
        mixes(run)
    );
    let _ = write!(
        text,
        "\nPosts alone and reads alone, end to end unless said; each single time of p50 and p99 includes {:.0} ns for \
         looking at the clock:\n\n{}",
        run.clock_ns,
        alone(run)
    );
    text.push_str("\nMeasured:\n\n");
    for outcome in &run.outcomes {
        match outcome {
            Outcome::Measured(figures) => measured(&mut text, figures),
            Outcome::Skipped { peer, why } => line(&mut text, peer, &format!("SKIPPED: {why}")),
            Outcome::Failed { peer, why } => line(&mut text, peer, &format!("FAILED: {why}")),
        }
    }
    text
}

/// Each peer beside the first, which is the library with everything pushed, unless it was left out.
fn mixes(run: &Run) -> String {
    let first = run.measured().next();
    let mut head = vec!["peer".to_owned()];
    for mix in first.iter().flat_map(|figures| &figures.mixes) {
        head.push(format!("1 post : {} reads, an operation", mix.reads_a_post));
        let over = first.map_or("the first", |figures| &figures.peer);
        head.extend([format!("over {over}"), "in the server".into()]);
    }
    head.extend(["bytes an entry".into(), "of a full home".into()]);
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let row = |figures: &Figures| {
        let mut row = vec![figures.peer.clone()];
        for (place, mix) in figures.mixes.iter().enumerate() {
            let time = mix.an_operation.end_to_end;
            let first = first.and_then(|first| first.mixes.get(place));
            let over = first.map(|first| time / first.an_operation.end_to_end);
            row.extend([
                digits(time),
                digits_or_dash(over),
                in_server(mix.an_operation),
            ]);
        }
        let memory = figures.memory;
        row.push(digits_or_dash(memory.map(|memory| memory.bytes_an_entry)));
        let full = memory.and_then(|memory| memory.bytes_an_entry_of_a_full_home);
        row.push(digits_or_dash(full));
        row
    };
    table(&head, run.measured().map(row))
}

fn alone(run: &Run) -> String {
    let head = [
        "peer",
        "delivery, a follower",
        "in the server",
        "post p50",
        "p99",
        "read p50",
        "p99",
        "read, 100 together",
        "read, mean in the server",
    ];
    let row = |Figures {
                   peer, posts, reads, ..
               }: &Figures| {
        vec![
            peer.clone(),
            digits(posts.a_follower.end_to_end),
            in_server(posts.a_follower),
            digits(posts.a_post.p50),
            digits(posts.a_post.p99),
            digits(reads.a_read.p50),
            digits(reads.a_read.p99),
            digits_or_dash(reads.together.map(|cost| cost.end_to_end)),
            in_server(reads.mean),
        ]
    };
    table(&head, run.measured().map(row))
}

fn measured(text: &mut String, figures: &Figures) {
    let mixes: Vec<String> = figures.mixes.iter().map(operations).collect();
    let remark = figures.remark.as_ref();
    let remark = remark.map_or(String::new(), |remark| format!("; {remark}"));
    let version = figures.version.as_ref();
    let version = version.map_or(String::new(), |version| format!("{version}; "));
    let told = format!(
        "{version}{} posts to {} followers, {} reads of {:.0} ids in the mean, {}; set up in {:.0} s{remark}",
        grouped(figures.posts.posts as i64),
        grouped(figures.posts.followers as i64),
        grouped(figures.reads.reads as i64),
        figures.reads.ids_a_page,
        mixes.join(", "),
        figures.set_up_seconds,
    );
    line(text, &figures.peer, &told);
}

fn operations(mix: &Mix) -> String {
    let operations = grouped(mix.operations as i64);
    format!("{operations} operations at 1:{}", mix.reads_a_post)
}

fn line(text: &mut String, peer: &str, told: &str) {
    let _ = writeln!(text, "- `{peer}`: {told}");
}

fn in_server(cost: Cost) -> String {
    digits_or_dash(cost.in_server)
}

fn digits_or_dash(figure: Option<f64>) -> String {
    or_dash(figure.map(digits))
}
