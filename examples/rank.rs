//! The home of one person under the three ready rankings, side by side with the newest first, and of each item why it is
//! there.
//!
//! ```text
//! cargo run --release --example rank                            # a made-up organisation of 1,000
//! cargo run --release --example rank -- mail.txt.gz             # lines `sender recipient seconds`
//! cargo run --release --example rank -- --person 42 mail.txt.gz
//! ```
//!
//! Every message is an activity of its sender, and whoever gets one follows its sender, as in the example `replay`. Mail
//! does not say what it answers; here, a message to somebody whose last message to oneself is not older than a week is
//! taken for the reply to it, and an answer within the hour for a reaction, too. On real mail that is a guess, and enough
//! to see what rankings do.

#[path = "replay/mail.rs"]
#[expect(dead_code, reason = "replay asks for more of it")]
mod mail;
#[path = "replay/organisation.rs"]
mod organisation;
#[cfg(test)]
#[path = "rank/tests.rs"]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anabranch::rank::{Ranking, ready};
use anabranch::{
    Activity, ActivityId, ActorId, Clock, Feeds, ManualClock, RankedItem, store::Memory,
    timelines::Local, wait,
};
use clap::Parser;

use mail::{Mail, Message};

/// A home under three rankings, and why each item is there.
#[derive(Parser)]
struct Options {
    /// A file of lines `sender recipient seconds`, also gzipped; a made-up organisation of 1,000 people if left out
    path: Option<PathBuf>,
    /// Whose home; that of who got the most mail of late if left out
    #[arg(long)]
    person: Option<u64>,
    /// How many items are shown
    #[arg(long, default_value_t = 20)]
    items: usize,
}

/// An answer within so many seconds is one.
const WEEK: u64 = 7 * 24 * 60 * 60;
/// And within so many, whoever answers cared.
const HOUR: u64 = 60 * 60;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(shown) => {
            print!("{shown}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("rank: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<String, Failure> {
    let mail = match &options.path {
        Some(path) => {
            Mail::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?
        }
        None => Mail::from_lines(organisation::lines(1)),
    };
    let messages = mail.messages();
    let person = match options.person {
        Some(person) => person,
        None => busiest(&messages).ok_or("there is no mail; give a file with some")?,
    };
    let office = Office::new(&messages)?;
    office.show(person, options.items)
}

/// Who got the most of the last thousand messages.
fn busiest(messages: &[Message]) -> Option<u64> {
    let mut got: HashMap<u64, usize> = HashMap::new();
    for message in messages.iter().rev().take(1_000) {
        for recipient in &message.recipients {
            *got.entry(*recipient).or_default() += 1;
        }
    }
    let most = got
        .into_iter()
        .max_by_key(|(person, count)| (*count, u64::MAX - person));
    most.map(|(person, _)| person)
}

/// An organisation with all of its mail.
struct Office {
    feeds: Feeds,
    clock: ManualClock,
    senders: HashMap<ActorId, u64>,
}

impl Office {
    fn new(messages: &[Message]) -> Result<Self, Failure> {
        let clock = ManualClock::at_millis(0);
        let feeds = Feeds::builder(Memory::new(), Local::new())
            .clock(clock.clone())
            .build();
        // The last message from one to another.
        let mut last: HashMap<(u64, u64), (ActivityId, u64)> = HashMap::new();
        let mut senders = HashMap::new();
        for message in messages {
            clock.set_millis(message.millis());
            let sender = ActorId::from(message.sender);
            senders.insert(sender, message.sender);
            let answered = message
                .recipients
                .iter()
                .filter_map(|to| last.get(&(*to, message.sender)).copied())
                .filter(|(_, second)| message.second - second <= WEEK)
                .max_by_key(|(_, second)| *second);
            let mut draft = Activity::by(sender).published(clock.now());
            if let Some((id, second)) = answered {
                draft = draft.in_reply_to(id);
                if message.second - second <= HOUR {
                    wait(feeds.react(sender, "answered at once", id))?;
                }
            }
            let published = wait(feeds.publish(draft))?.activity.id;
            for recipient in message
                .recipients
                .iter()
                .filter(|to| **to != message.sender)
            {
                wait(feeds.follow(ActorId::from(*recipient), sender))?;
                last.insert((message.sender, *recipient), (published, message.second));
            }
        }
        Ok(Self {
            feeds,
            clock,
            senders,
        })
    }

    fn show(&self, person: u64, items: usize) -> Result<String, Failure> {
        let reader = ActorId::from(person);
        let newest = wait(self.feeds.home(reader).limit(items))?.items;
        let mut columns = vec![
            newest
                .into_iter()
                .map(|item| item.activity)
                .collect::<Vec<_>>(),
        ];
        let mut told = String::new();
        for text in [ready::CHRONOLOGICAL, ready::LIVELY, ready::CLOSE] {
            let document: anabranch::rank::Document = text.parse()?;
            let ranking: Ranking = document.ranking()?;
            let page = wait(self.feeds.ranked(reader, &ranking).limit(items).explain())?;
            told += &format!("\n{}: {}\n", document.name, document.about);
            for (place, item) in page.items.iter().enumerate() {
                told += &format!("{:>3}  {}\n", place + 1, self.why(item, person));
            }
            columns.push(page.items.into_iter().map(|item| item.activity).collect());
        }
        let mut shown = format!("The home of {person}\n\n");
        let heads = ["newest", "chronological", "lively", "close"];
        shown += &format!(
            "     {}\n",
            heads.map(|head| format!("{head:<20}")).concat().trim_end()
        );
        for place in 0..columns.iter().map(Vec::len).max().unwrap_or(0) {
            let cell = |column: &Vec<_>| {
                column
                    .get(place)
                    .map_or(String::new(), |activity| self.cell(activity))
            };
            let cells: String = columns
                .iter()
                .map(|of| format!("{:<20}", cell(of)))
                .collect();
            shown += &format!("{:>3}  {}\n", place + 1, cells.trim_end());
        }
        Ok(shown + &told)
    }

    /// Who did it, and how long ago.
    fn cell(&self, activity: &std::sync::Arc<Activity>) -> String {
        let ago = self.clock.now() - activity.published();
        let ago = match (ago.num_days(), ago.num_hours(), ago.num_minutes()) {
            (0, 0, minutes) => format!("{minutes} min"),
            (0, hours, _) => format!("{hours} h"),
            (days, ..) => format!("{days} d"),
        };
        format!("{}, {ago}", self.name(activity.actor))
    }

    fn why(&self, item: &RankedItem, person: u64) -> String {
        let name = |actor| match self.name(actor) {
            own if own == person.to_string() => "yourself".to_owned(),
            other => other,
        };
        let why = item.why.as_ref();
        why.map_or(String::new(), |why| {
            format!("{:<14} {}", self.cell(&item.activity), why.sentence(name))
        })
    }

    fn name(&self, actor: ActorId) -> String {
        self.senders
            .get(&actor)
            .map_or_else(|| actor.to_string(), u64::to_string)
    }
}
