//! Ways to gather a home from posts, and which of them is the fastest here.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rusqlite::{Connection, Statement, params};

use super::super::{PAGE, Setting};

/// How many readers are asked for to choose a way.
const TRIALS: usize = 50;
const FOLLOWED: &str = "SELECT author FROM follows WHERE reader = ?1";
const OF_AUTHOR: &str = "SELECT id FROM posts WHERE author = ?1 ORDER BY id DESC";

/// Ways of one statement, by name; it takes the reader and how many ids it is to give.
const STATEMENTS: [(&str, &str); 2] = [
    (
        "a join that sorts all posts of the followed",
        "SELECT p.id FROM follows f JOIN posts p ON p.author = f.author WHERE f.reader = ?1
         ORDER BY p.id DESC LIMIT ?2",
    ),
    (
        "a join with the newest 50 of each of the followed",
        "SELECT p.id FROM follows f JOIN posts p ON p.author = f.author AND p.id >= coalesce(
             (SELECT id FROM posts WHERE author = f.author ORDER BY id DESC LIMIT 1 OFFSET ?2 - 1), 0)
         WHERE f.reader = ?1 ORDER BY p.id DESC LIMIT ?2",
    ),
];
const AUTHOR_BY_AUTHOR: &str =
    "a statement an author, each stepped only as far as its posts are on the page";
const SCAN: (&str, &str) = (
    "a scan from the newest post down that looks whether its author is followed",
    "SELECT id FROM posts INDEXED BY newest WHERE EXISTS
         (SELECT 1 FROM follows f WHERE f.reader = ?1 AND f.author = posts.author)
     ORDER BY id DESC LIMIT ?2",
);
/// What the scan needs; there only as long as it is tried, and if it wins: others would pay for it at each
/// post, and be led astray by it.
const INDEX_OF_SCAN: &str = "CREATE UNIQUE INDEX newest ON posts (id, author)";

pub enum Way {
    Statement(Statement<'static>),
    AuthorByAuthor {
        followed: Statement<'static>,
        of_author: Statement<'static>,
        authors: Vec<i64>,
        newest: BinaryHeap<Reverse<i64>>,
    },
}

impl Way {
    /// Tries each; gives the name of the fastest, too.
    pub fn fastest(
        database: &'static Connection,
        setting: &Setting,
    ) -> Result<(&'static str, Self)> {
        let mut tried = Vec::new();
        for (name, sql) in STATEMENTS {
            tried.push(Self::Statement(database.prepare(sql)?).tried(name, setting)?);
        }
        let author_by_author = Self::AuthorByAuthor {
            followed: database.prepare(FOLLOWED)?,
            of_author: database.prepare(OF_AUTHOR)?,
            authors: Vec::new(),
            newest: BinaryHeap::new(),
        };
        tried.push(author_by_author.tried(AUTHOR_BY_AUTHOR, setting)?);
        database.execute_batch(INDEX_OF_SCAN)?;
        tried.push(Self::Statement(database.prepare(SCAN.1)?).tried(SCAN.0, setting)?);
        let (_, name, way) = (tried.into_iter())
            .min_by_key(|(time, ..)| *time)
            .context("there are ways")?;
        if name != SCAN.0 {
            database.execute_batch("DROP INDEX newest")?;
        }
        Ok((name, way))
    }

    fn tried(
        mut self,
        name: &'static str,
        setting: &Setting,
    ) -> Result<(Duration, &'static str, Self)> {
        let readers = setting.world.readers();
        let mut times = Vec::new();
        let mut page = Vec::new();
        // The first round finds its rows for the second, whichever way goes first.
        for _ in 0..2 {
            let began = Instant::now();
            for reader in (0..readers).step_by((readers as usize).div_ceil(TRIALS)) {
                self.read(reader, &mut page)?;
            }
            times.push(began.elapsed());
        }
        let time = times.into_iter().min().context("there were rounds")?;
        eprintln!("  {TRIALS} reads in {time:.1?} by {name}");
        Ok((time, name, self))
    }

    pub fn read(&mut self, reader: u32, page: &mut Vec<u64>) -> Result<()> {
        page.clear();
        match self {
            Self::Statement(statement) => {
                let mut rows = statement.query(params![reader, PAGE as i64])?;
                while let Some(row) = rows.next()? {
                    page.push(row.get::<_, i64>(0)? as u64);
                }
            }
            Self::AuthorByAuthor {
                followed,
                of_author,
                authors,
                newest,
            } => {
                authors.clear();
                let mut rows = followed.query([reader])?;
                while let Some(row) = rows.next()? {
                    authors.push(row.get(0)?);
                }
                for author in authors {
                    let mut rows = of_author.query([*author])?;
                    while let Some(row) = rows.next()? {
                        let id: i64 = row.get(0)?;
                        if newest.len() == PAGE {
                            if newest.peek().is_some_and(|Reverse(oldest)| id < *oldest) {
                                break;
                            }
                            newest.pop();
                        }
                        newest.push(Reverse(id));
                    }
                }
                while let Some(Reverse(id)) = newest.pop() {
                    page.push(id as u64);
                }
                page.reverse();
            }
        }
        Ok(())
    }
}
