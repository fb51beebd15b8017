//! All of a store as lines of JSON, and back: backups, and the way from one store to another.

use std::collections::HashSet;
use std::io::{BufRead, Write};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{Record, RecordKey, Store};
use crate::error::{Error, ErrorKind, Result};

/// The layout of the lines. Later ones are refused.
const FORMAT: u32 = 1;
/// Where records are of about one size, so many bytes of lines are in memory at a time.
const AT_ONCE: usize = 4 << 20;
/// So many records are written at a time at the most.
const MOST: usize = 1_024;

/// How far an [`export`] or [`import`] has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Records so far.
    pub records: u64,
    /// Bytes of lines so far. For an import, beside the length of the file, that tells how much is left.
    pub bytes: u64,
    /// The last record: where an export that was stopped goes on.
    pub last: Option<RecordKey>,
    /// Whether that is all.
    pub is_done: bool,
}

/// What the first line says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
}

/// What the last line says, so that lines that were cut are not taken for all.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    end: bool,
}

enum Line {
    Head,
    Record(Record),
    End,
}

/// Writes every activity, relation, mark and record of an actor as a line of JSON, in the order of
/// their [keys](RecordKey), in memory that does not grow with their number. `progress` is told after
/// every thousand or fewer, and stops it by [`ControlFlow::Break`]; a later call goes on behind the last
/// record that it was told of, and its lines are added to the same file.
///
/// Records that change meanwhile may be in it as before or as after. Relations come after
/// activities, so that nobody's block is older than what it hides.
///
/// # Errors
/// Those of the store; `unavailable` if the lines cannot be written.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use anabranch::store::{Memory, Store, export, import};
/// use anabranch::{Activity, ActorId, Feeds, timelines, wait};
///
/// let feeds = Feeds::in_memory();
/// wait(feeds.publish(Activity::by(ActorId::named("anna")).object("a note")))?;
///
/// let mut lines = Vec::new();
/// wait(export(feeds.store(), None, &mut lines, |_| ControlFlow::Continue(())))?;
/// assert!(lines.starts_with(b"{\"format\":1}\n{\"activity\":{"));
///
/// let store = Memory::new();
/// let done = wait(import(&store, &mut lines.as_slice(), |_| ControlFlow::Continue(())))?;
/// assert!(done.is_done && done.records == 1);
/// assert_eq!(wait(store.records(None, 9))?, wait(feeds.store().records(None, 9))?);
/// # Ok::<(), anabranch::Error>(())
/// ```
pub async fn export(
    store: &impl Store,
    after: Option<RecordKey>,
    to: &mut (impl Write + Send),
    mut progress: impl FnMut(&Progress) -> ControlFlow<()> + Send,
) -> Result<Progress> {
    let failed = |error: std::io::Error| {
        let message = format!(
            "a line cannot be written ({error}); see to it, cut what is there behind its last whole record, and go on from that"
        );
        Error::new(ErrorKind::Unavailable, EXPORT, message).because(error)
    };
    let mut done = Progress {
        last: after,
        ..Progress::default()
    };
    let mut lines = Vec::new();
    if done.last.is_none() {
        line(&mut lines, &Head { format: FORMAT })?;
    }
    let mut limit = 64;
    loop {
        let records = store.records(done.last.as_ref(), limit).await?;
        for record in &records {
            line(&mut lines, record)?;
        }
        done.is_done = records.len() < limit;
        if done.is_done {
            line(&mut lines, &End { end: true })?;
        }
        to.write_all(&lines).map_err(failed)?;
        done.records += records.len() as u64;
        done.bytes += lines.len() as u64;
        if let Some(last) = records.last() {
            done.last = Some(last.key());
        }
        let is_stopped = progress(&done).is_break();
        if done.is_done || is_stopped {
            to.flush().map_err(failed)?;
            return Ok(done);
        }
        // As many more as would have made up the measure; what comes may be larger.
        let average = lines.len() / records.len().max(1);
        limit = (AT_ONCE / average.max(1)).clamp(1, MOST.min(2 * limit));
        lines.clear();
    }
}

const EXPORT: &str = "export";
const IMPORT: &str = "import";

fn line(lines: &mut Vec<u8>, of: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *lines, of).map_err(|error| {
        Error::new(
            ErrorKind::Corrupt,
            EXPORT,
            "a record cannot be written as JSON",
        )
        .because(error)
    })?;
    lines.push(b'\n');
    Ok(())
}

/// Reads what [`export`] has written into a store, each record in place of what the store has under
/// its key, in memory that does not grow with their number. `progress` is told after every
/// thousand or so, and stops it by [`ControlFlow::Break`]; a later call goes on where the reader stands. What
/// was read twice makes no difference.
///
/// Feeds over the store begin after it is done: timelines that are there already hear nothing of
/// it.
///
/// # Errors
/// Those of the store; `invalid` for a line that is none of an export, with its number, or if the lines
/// end before the one that says so: the export was cut; `unsupported` if a newer version wrote it;
/// `unavailable` if the lines cannot be read. What stands before such a line may have been put in.
/// After an error, begin with the first line again.
pub async fn import(
    store: &impl Store,
    from: &mut (impl BufRead + Send),
    mut progress: impl FnMut(&Progress) -> ControlFlow<()> + Send,
) -> Result<Progress> {
    let mut done = Progress::default();
    let (mut text, mut number) = (Vec::new(), 0_u64);
    let (mut batch, mut bytes) = (Batch::default(), 0);
    let mut has_ended = false;
    loop {
        text.clear();
        number += 1;
        let length = from.read_until(b'\n', &mut text).map_err(|error| {
            let message =
                format!("line {number} cannot be read ({error}); see to it and begin anew");
            Error::new(ErrorKind::Unavailable, IMPORT, message).because(error)
        })?;
        done.bytes += length as u64;
        bytes += length;
        match text.trim_ascii() {
            [] => {}
            text => match parse(text, number)? {
                Line::Record(record) => {
                    if batch.keys.contains(&record.key()) {
                        batch.put_into(store, &mut done).await?;
                    }
                    batch.keys.insert(record.key());
                    batch.records.push(record);
                }
                Line::Head => {}
                Line::End => has_ended = true,
            },
        }
        let is_end = length == 0;
        if is_end || bytes >= AT_ONCE || batch.records.len() >= MOST {
            batch.put_into(store, &mut done).await?;
            bytes = 0;
            if is_end && !has_ended {
                let message = "the lines end before they say so: the export was cut, or is not \
                               done; what is there is put in";
                return Err(Error::new(ErrorKind::Invalid, IMPORT, message));
            }
            done.is_done = is_end;
            if progress(&done).is_break() || is_end {
                return Ok(done);
            }
        }
    }
}

/// Records that are put in together. A store is given each once, though it may be met twice where an
/// export was gone on with.
#[derive(Default)]
struct Batch {
    records: Vec<Record>,
    keys: HashSet<RecordKey>,
}

impl Batch {
    async fn put_into(&mut self, store: &impl Store, done: &mut Progress) -> Result<()> {
        store.restore(&self.records).await?;
        done.records += self.records.len() as u64;
        done.last = self.records.last().map(Record::key).or(done.last.take());
        self.records.clear();
        self.keys.clear();
        Ok(())
    }
}

fn parse(text: &[u8], number: u64) -> Result<Line> {
    if let Ok(head) = serde_json::from_slice::<Head>(text) {
        if head.format > FORMAT {
            let message = format!(
                "line {number}: the lines have format {} and this version knows format {FORMAT}; use a newer version",
                head.format
            );
            return Err(Error::new(ErrorKind::Unsupported, IMPORT, message));
        }
        return Ok(Line::Head);
    }
    if let Ok(End { end: true }) = serde_json::from_slice(text) {
        return Ok(Line::End);
    }
    serde_json::from_slice(text)
        .map(Line::Record)
        .map_err(|error| {
            let message = format!("line {number} is no record of an export: {error}");
            Error::new(ErrorKind::Invalid, IMPORT, message).because(error)
        })
}

#[cfg(test)]
mod tests;
