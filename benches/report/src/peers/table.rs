//! Tables of the peers, and what is not like for like.

use std::fmt::Write;

use super::{Cost, Figures, Mix, Outcome, Run};
use crate::text::{digits, grouped, or_dash};

const HEAD: &str = "\
| peer | delivery, a follower | in server | post p50 | post p99 | read p50 | read p99 | read, 100 together | read, mean in server \
| 1 post : 10 reads, an operation | in server | 1 : 100, an operation | in server | bytes an entry | of a full home |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

const NOTES: &str = "\
- **Where they run.** The library and SQLite run in the process of whoever asks; Redis and PostgreSQL answer \
by a Unix socket, one operation at a time by one client, so that each read waits for two switches of \
process; a post's deliveries share a trip. PostgreSQL is asked by the usual client of this language, Redis \
by one that reads ids as they come, as the usual one took longer for a page than the server. *Together* is \
the mean of a hundred reads that share one. *In server* leaves all that out: by the server's own clock, for \
Redis the time of the commands by `INFO commandstats` (without reading the request and writing the answer), \
for PostgreSQL the time of the statements by `pg_stat_statements` (without parsing and sockets).
- **What they check.** The library looks at each entry of a page: is it deleted, may this reader see it, is \
its actor muted or blocked, is it still followed; it also keeps the activity itself and tells a cursor. The \
peers hand out ids, and whoever uses them does the rest.
- **What they know.** Redis is told by the client who follows whom, which costs it nothing here; the tables \
of SQLite and PostgreSQL and the library know it. Redis does not keep the posts themselves either; the \
others do.
- **Who is delivered to.** Redis, both tables of homes and `library-push` deliver to every follower; \
`library-adaptive` only to those who read (ten times each, in the mean, before measuring), and not from \
streams that are cheaper pulled; who pulls delivers to nobody, and *delivery* is then the time of posting \
divided by the followers all the same.
- **How long homes are.** Redis trims to 800 entries at every delivery, as Mastodon does; tables of homes \
are trimmed when one is at 1,000, which costs them less; the library trims as it does by default.
- **Durability.** None, for all: the library in memory; Redis without snapshots and log; SQLite in memory \
without a journal; PostgreSQL with unlogged tables, `fsync` and `synchronous_commit` off. A peer that \
survives a loss of power would be slower, and so would the library on disk.
- **Memory.** Redis: `used_memory` before and after the homes were loaded, and `MEMORY USAGE` of one with \
800 entries, as short sorted sets are kept packed and long ones are not. Tables: their pages, loaded in \
order and so nearly full. The library: what the process grew by when all homes were filled, subscriptions \
and all.
- **Mixes.** All begin the same sequence of posts and reads, and the slow come less far in it: where few \
operations were measured, whether one of the most-followed posted among them shows.
";

/// The table, and what was measured.
pub fn markdown(run: &Run) -> String {
    let mut text = format!(
        "{} readers; times in microseconds, end to end unless said; each single time of p50 and p99 includes \
         {:.0} ns for looking at the clock.\n\n{HEAD}",
        grouped(run.readers.into()),
        run.clock_ns
    );
    for figures in run.measured() {
        row(&mut text, figures);
    }
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

/// What is not like for like, as a list.
pub fn notes() -> &'static str {
    NOTES
}

fn row(text: &mut String, figures: &Figures) {
    let Figures { posts, reads, .. } = figures;
    let mut cells = vec![
        figures.peer.clone(),
        digits(posts.a_follower.end_to_end),
        in_server(posts.a_follower),
        digits(posts.a_post.p50),
        digits(posts.a_post.p99),
        digits(reads.a_read.p50),
        digits(reads.a_read.p99),
        digits_or_dash(reads.together.map(|cost| cost.end_to_end)),
        in_server(reads.mean),
    ];
    for mix in &figures.mixes {
        cells.push(digits(mix.an_operation.end_to_end));
        cells.push(in_server(mix.an_operation));
    }
    let memory = figures.memory.as_ref();
    cells.push(digits_or_dash(memory.map(|memory| memory.bytes_an_entry)));
    cells.push(digits_or_dash(
        memory.and_then(|memory| memory.bytes_an_entry_of_a_full_home),
    ));
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

fn measured(text: &mut String, figures: &Figures) {
    let mixes: Vec<String> = figures.mixes.iter().map(operations).collect();
    let remark = figures.remark.as_ref();
    let remark = remark.map_or(String::new(), |remark| format!("; {remark}"));
    let version = figures.version.as_ref();
    let version = version.map_or(String::new(), |version| format!("{version}; "));
    let told = format!(
        "{version}{} posts to {} followers, {} reads of {:.0} ids in the mean, {}; set up in {:.0} s{remark}",
        figures.posts.posts,
        figures.posts.followers,
        figures.reads.reads,
        figures.reads.ids_a_page,
        mixes.join(", "),
        figures.set_up_seconds,
    );
    line(text, &figures.peer, &told);
}

fn operations(mix: &Mix) -> String {
    format!("{} operations at 1:{}", mix.operations, mix.reads_a_post)
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
