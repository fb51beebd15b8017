//! The protocol of Redis, as far as homes need it.
//!
//! A client of the general kind makes a value of each answer first; for a page of 50 ids that took four times
//! as long as the server needs for the page, and would be told as the cost of Redis. Here ids are read as they
//! come, and commands are written as they go.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;

use anyhow::{Context, Result, bail, ensure};

pub struct Connection {
    stream: BufReader<UnixStream>,
    /// Commands that were not sent yet.
    commands: Vec<u8>,
    /// The line that was read last, without its end.
    line: Vec<u8>,
}

/// A word of a command.
#[derive(Clone, Copy)]
pub enum Word {
    Text(&'static str),
    Number(i64),
    /// The key of a reader's home.
    Home(u32),
}

/// Enough for a page, and for a trip's worth of short answers.
const BUFFER: usize = 1 << 16;
const KEY: &[u8] = b"home:";
const LONGEST_NUMBER: usize = 20;

impl Connection {
    /// By the path of the server's Unix socket.
    pub fn open(path: &str) -> Result<Self> {
        let stream = UnixStream::connect(path).with_context(|| {
            format!("connecting to Redis: PEERS_REDIS is to be the path of its Unix socket, and is {path}")
        })?;
        Ok(Self {
            stream: BufReader::with_capacity(BUFFER, stream),
            commands: Vec::new(),
            line: Vec::new(),
        })
    }

    /// Adds a command to those that are sent next.
    pub fn add(&mut self, words: &[Word]) {
        self.begin(words.len());
        for word in words {
            self.word(*word);
        }
    }

    /// Begins a command of so many words, which are to follow.
    pub fn begin(&mut self, words: usize) {
        self.header(b'*', words);
    }

    pub fn word(&mut self, word: Word) {
        let digits = &mut [0; LONGEST_NUMBER];
        let (key, rest) = match word {
            Word::Text(text) => (&b""[..], text.as_bytes()),
            Word::Number(number) => (&b""[..], decimal(number, digits)),
            Word::Home(reader) => (KEY, decimal(reader.into(), digits)),
        };
        self.header(b'$', key.len() + rest.len());
        self.commands.extend_from_slice(key);
        self.commands.extend_from_slice(rest);
        self.commands.extend_from_slice(b"\r\n");
    }

    fn header(&mut self, kind: u8, number: usize) {
        let digits = &mut [0; LONGEST_NUMBER];
        self.commands.push(kind);
        self.commands
            .extend_from_slice(decimal(number as i64, digits));
        self.commands.extend_from_slice(b"\r\n");
    }

    pub fn send(&mut self) -> Result<()> {
        let sent = self.stream.get_mut().write_all(&self.commands);
        self.commands.clear();
        sent.context("sending to Redis")
    }

    /// Sends what was added, and waits for the answers to so many commands, of which only matters that they
    /// are no errors.
    pub fn run(&mut self, commands: usize) -> Result<()> {
        self.send()?;
        for _ in 0..commands {
            self.read_line()?;
        }
        Ok(())
    }

    /// Sends one command that is answered by a number.
    pub fn number(&mut self, words: &[Word]) -> Result<i64> {
        self.add(words);
        self.send()?;
        self.read_number(b':')
    }

    /// Sends one command that is answered by text.
    pub fn text(&mut self, words: &[Word]) -> Result<String> {
        self.add(words);
        self.send()?;
        let length = self.read_number(b'$')?;
        let mut text = vec![0; usize::try_from(length)? + 2];
        self.stream.read_exact(&mut text)?;
        text.truncate(text.len() - 2);
        String::from_utf8(text).context("Redis answered what is not text")
    }

    /// Reads the next answer, a list of ids, onto the end of `page`.
    pub fn read_ids(&mut self, page: &mut Vec<u64>) -> Result<()> {
        for _ in 0..self.read_number(b'*')? {
            self.read_line()?;
            self.read_line()?;
            page.push(number(&self.line)? as u64);
        }
        Ok(())
    }

    fn read_number(&mut self, kind: u8) -> Result<i64> {
        self.read_line()?;
        match self.line.split_first() {
            Some((first, rest)) if *first == kind => number(rest),
            _ => bail!(
                "Redis answered another kind of thing than was asked for: {}",
                String::from_utf8_lossy(&self.line)
            ),
        }
    }

    fn read_line(&mut self) -> Result<()> {
        self.line.clear();
        self.stream.read_until(b'\n', &mut self.line)?;
        ensure!(
            self.line.ends_with(b"\r\n"),
            "Redis hung up; its log may say why"
        );
        self.line.truncate(self.line.len() - 2);
        ensure!(
            !self.line.starts_with(b"-"),
            "Redis refuses: {}",
            String::from_utf8_lossy(&self.line)
        );
        Ok(())
    }
}

fn decimal(number: i64, digits: &mut [u8; LONGEST_NUMBER]) -> &[u8] {
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    &digits[at..]
}

fn number(digits: &[u8]) -> Result<i64> {
    let text = std::str::from_utf8(digits)?;
    text.parse()
        .with_context(|| format!("Redis answered {text} where a number was asked for"))
}
