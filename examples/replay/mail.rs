//! Lines of mail, and the messages that they make.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

/// How many malformed lines are named.
const NAMED: usize = 5;
/// The last second whose milliseconds fit into an activity's id.
const LAST_SECOND: u64 = ((1 << 48) - 1) / 1_000;

/// Somebody has written to somebody at some second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub sender: u64,
    pub recipient: u64,
    pub second: u64,
}

/// All lines of one sender in one second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub sender: u64,
    pub second: u64,
    pub recipients: Vec<u64>,
}

impl Message {
    /// When it was sent, in Unix milliseconds.
    pub fn millis(&self) -> i64 {
        i64::try_from(self.second * 1_000).unwrap_or(i64::MAX)
    }
}

/// The lines of a file, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Mail {
    lines: Vec<Line>,
    pub malformed: usize,
    /// What is to be said of the first malformed lines.
    pub complaints: Vec<String>,
}

impl Mail {
    pub fn from_lines(lines: Vec<Line>) -> Self {
        Self {
            lines,
            ..Self::default()
        }
    }

    /// Reads a file, also a gzipped one.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut file = BufReader::new(File::open(path)?);
        // Two bytes tell a gzipped file, whatever it is called.
        if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
            Self::parse(MultiGzDecoder::new(file))
        } else {
            Self::parse(file)
        }
    }

    /// Takes what makes sense, and counts what does not. Empty lines are nothing.
    pub fn parse(input: impl Read) -> io::Result<Self> {
        let mut input = BufReader::new(input);
        let mut mail = Self::default();
        let mut text = Vec::new();
        let mut number = 0_usize;
        while input.read_until(b'\n', &mut text)? > 0 {
            number += 1;
            if !text.trim_ascii().is_empty() {
                match parse_line(&text) {
                    Some(line) => mail.lines.push(line),
                    None => mail.complain(number, &text),
                }
            }
            text.clear();
        }
        Ok(mail)
    }

    fn complain(&mut self, number: usize, text: &[u8]) {
        const SHOWN: usize = 60;
        self.malformed += 1;
        if self.malformed <= NAMED {
            let text = String::from_utf8_lossy(text.trim_ascii());
            let shown: String = text.chars().take(SHOWN).collect();
            self.complaints.push(format!(
                "line {number} is left out: {shown:?} is not `sender recipient seconds`, three whole numbers"
            ));
        }
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Everybody who has sent or got something.
    pub fn people(&self) -> BTreeSet<u64> {
        let ends = |line: &Line| [line.sender, line.recipient];
        self.lines.iter().flat_map(ends).collect()
    }

    /// The messages in the order of (second, first line in the file sorted by time).
    pub fn messages(&self) -> Vec<Message> {
        let mut lines = self.lines.clone();
        lines.sort_by_key(|line| line.second);
        let mut messages: Vec<Message> = Vec::new();
        for at_once in lines.chunk_by(|a, b| a.second == b.second) {
            let mut of: HashMap<u64, usize> = HashMap::new();
            for line in at_once {
                let at = *of.entry(line.sender).or_insert(messages.len());
                if at == messages.len() {
                    messages.push(Message {
                        sender: line.sender,
                        second: line.second,
                        recipients: Vec::new(),
                    });
                }
                messages[at].recipients.push(line.recipient);
            }
        }
        messages
    }
}

fn parse_line(text: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(text).ok()?;
    let mut fields = text.split_ascii_whitespace().map(str::parse::<u64>);
    let mut next = || fields.next()?.ok();
    let line = Line {
        sender: next()?,
        recipient: next()?,
        second: next()?,
    };
    (fields.next().is_none() && line.second <= LAST_SECOND).then_some(line)
}
