//! Timelines that are wrong in one way each, and the case that catches it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::conformance;
use crate::entry::{Entry, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::store::Book;
use crate::timelines::{Census, Header, Local, Reading, Ticket, Timelines};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bug {
    LosesPushesWhileFilling,
    ForgetsTheFloor,
    TakesVoidTickets,
    IsWarmAtOnce,
    CountsEachStream,
    PushesIntoTheFirstStreamOnly,
    KeepsTheOrderOfPushing,
    KeepsSubscriptions,
    SaysTooMuchOfWhatTheLimitCut,
    ShowsTheHeaderOfBefore,
    RevivesWhatWasForgotten,
    GivesOneTicketForAll,
    IsWarmForAnybody,
    TakesABookOnce,
    NeverShowsStreams,
}

/// What catches each of them.
const CAUGHT: &[(Bug, &str)] = &[
    (
        Bug::LosesPushesWhileFilling,
        "what_was_pushed_before_the_fill_is_kept",
    ),
    (
        Bug::ForgetsTheFloor,
        "a_filled_timeline_is_complete_down_to_its_floor",
    ),
    (
        Bug::TakesVoidTickets,
        "a_ticket_is_void_once_the_timeline_was_begun_anew",
    ),
    (Bug::IsWarmAtOnce, "a_timeline_is_cold_until_it_is_filled"),
    (Bug::CountsEachStream, "an_entry_is_taken_once"),
    (
        Bug::PushesIntoTheFirstStreamOnly,
        "a_push_reaches_whoever_covers_one_of_the_streams",
    ),
    (
        Bug::KeepsTheOrderOfPushing,
        "back_dated_entries_stand_in_their_place",
    ),
    (
        Bug::KeepsSubscriptions,
        "a_forgotten_timeline_is_cold_and_takes_nothing",
    ),
    (
        Bug::SaysTooMuchOfWhatTheLimitCut,
        "however_much_is_pushed_nothing_is_missing",
    ),
    (
        Bug::RevivesWhatWasForgotten,
        "a_ticket_is_void_once_its_timeline_was_forgotten",
    ),
    (Bug::GivesOneTicketForAll, "tickets_are_never_given_twice"),
    (Bug::IsWarmForAnybody, "who_never_began_is_cold"),
    (
        Bug::TakesABookOnce,
        "the_book_of_its_store_is_welcome_again_and_again",
    ),
    (
        Bug::ShowsTheHeaderOfBefore,
        "a_reading_has_the_header_of_its_beginning",
    ),
    (
        Bug::NeverShowsStreams,
        "a_reading_has_the_header_of_its_beginning",
    ),
];

#[test]
fn wrong_timelines_are_caught_and_every_case_catches_some() {
    let mut caught = BTreeSet::new();
    for (bug, case) in CAUGHT {
        let report = conformance::timelines(|| Wrong::new(*bug)).run();
        let failed: Vec<&str> = report.failures().map(conformance::Failure::case).collect();
        assert!(
            failed.contains(case),
            "{bug:?} is caught by {failed:?}, not by {case}"
        );
        caught.extend(failed);
    }
    let suite = conformance::timelines(Local::new);
    let idle: Vec<&str> = suite
        .cases()
        .filter(|case| !caught.contains(case))
        .collect();
    assert_eq!(idle, [""; 0], "cases that catch nothing");
}

/// Right timelines with a bug in front of them.
struct Wrong {
    local: Local,
    bug: Bug,
    begun: Mutex<HashMap<ActorId, (Ticket, Header)>>,
    first: Mutex<Option<Header>>,
    pushed: Mutex<Vec<Entry>>,
    has_book: AtomicBool,
}

impl Wrong {
    fn new(bug: Bug) -> Self {
        Self {
            local: Local::new(),
            bug,
            begun: Mutex::default(),
            first: Mutex::default(),
            pushed: Mutex::default(),
            has_book: AtomicBool::new(false),
        }
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == bug
    }
}

impl Timelines for Wrong {
    fn share(&self, book: &Book) -> bool {
        let is_first = !self.has_book.swap(true, Ordering::Relaxed);
        self.local.share(book) && (is_first || !self.has(Bug::TakesABookOnce))
    }

    async fn begin(&self, reader: ActorId, header: Header) -> Result<Option<Ticket>> {
        let ticket = self.local.begin(reader, header.clone()).await?;
        if let Some(ticket) = ticket {
            self.begun
                .lock()
                .unwrap()
                .insert(reader, (ticket, header.clone()));
            self.first.lock().unwrap().get_or_insert(header);
            if self.has(Bug::IsWarmAtOnce) {
                self.local.fill(ticket, &[], ActivityId::MIN).await?;
            }
        }
        let serial = |ticket: Ticket| match self.bug {
            Bug::GivesOneTicketForAll => 0,
            _ => ticket.serial,
        };
        Ok(ticket.map(|ticket| Ticket {
            serial: serial(ticket),
            ..ticket
        }))
    }

    async fn fill(
        &self,
        mut ticket: Ticket,
        entries: &[Entry],
        mut floor: ActivityId,
    ) -> Result<bool> {
        let latest = self.begun.lock().unwrap().get(&ticket.reader).cloned();
        match (self.bug, latest) {
            (Bug::LosesPushesWhileFilling, Some((latest, header))) if latest == ticket => {
                if let Some(fresh) = self.local.begin(ticket.reader, header).await? {
                    ticket = fresh;
                }
            }
            (Bug::TakesVoidTickets | Bug::GivesOneTicketForAll, Some((latest, _))) => {
                ticket = latest;
            }
            (Bug::RevivesWhatWasForgotten, None) => {
                let header = Header::default();
                if let Some(fresh) = self.local.begin(ticket.reader, header).await? {
                    ticket = fresh;
                }
            }
            (Bug::ForgetsTheFloor, _) => floor = ActivityId::MIN,
            _ => {}
        }
        self.local.fill(ticket, entries, floor).await
    }

    async fn push(&self, streams: &[ActorId], entry: Entry) -> Result<usize> {
        self.pushed.lock().unwrap().push(entry);
        match self.bug {
            Bug::PushesIntoTheFirstStreamOnly => {
                let first = streams.len().min(1);
                self.local.push(&streams[..first], entry).await
            }
            Bug::CountsEachStream => {
                self.local.push(streams, entry).await?;
                Ok(self.local.subscribers(streams).await?.iter().sum())
            }
            _ => self.local.push(streams, entry).await,
        }
    }

    async fn read(
        &self,
        reader: ActorId,
        range: Range,
        limit: usize,
        whole: bool,
    ) -> Result<Reading> {
        let whole = whole && !self.has(Bug::NeverShowsStreams);
        let mut reading = self.local.read(reader, range, limit, whole).await?;
        if reading == Reading::Cold && self.has(Bug::IsWarmForAnybody) {
            reading = Reading::Warm {
                header: Header::default(),
                entries: vec![],
                end: None,
            };
        }
        if let Reading::Warm {
            header,
            entries,
            end,
        } = &mut reading
        {
            match self.bug {
                Bug::KeepsTheOrderOfPushing => {
                    let pushed = self.pushed.lock().unwrap();
                    entries.sort_by_key(|entry| pushed.iter().position(|one| one == entry));
                }
                Bug::SaysTooMuchOfWhatTheLimitCut => *end = None,
                Bug::ShowsTheHeaderOfBefore => {
                    if let Some(first) = &*self.first.lock().unwrap() {
                        *header = first.clone();
                    }
                }
                _ => {}
            }
        }
        Ok(reading)
    }

    async fn forget(&self, reader: ActorId) -> Result<bool> {
        let forgotten = self.local.forget(reader).await?;
        let begun = self.begun.lock().unwrap().remove(&reader);
        if let Some((_, header)) = begun.filter(|_| self.has(Bug::KeepsSubscriptions)) {
            self.local.begin(reader, header).await?;
        }
        Ok(forgotten)
    }

    async fn subscribers(&self, streams: &[ActorId]) -> Result<Vec<usize>> {
        self.local.subscribers(streams).await
    }

    async fn census(&self) -> Result<Census> {
        self.local.census().await
    }
}
