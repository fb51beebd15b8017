//! Posts by author and id, and nothing else: a read gathers. Of several ways to ask, the fastest in this
//! world is measured.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rusqlite::{Connection, Statement, params};

use super::super::{PAGE, Peer, Setting};
use super::{database, insert};
use crate::followers::with_oneself;

const TABLES: &str = "
    CREATE TABLE posts (author INTEGER, id INTEGER, PRIMARY KEY (author, id)) WITHOUT ROWID;
    CREATE TABLE follows (reader INTEGER, author INTEGER, PRIMARY KEY (reader, author)) WITHOUT ROWID;
    CREATE UNIQUE INDEX newest ON posts (id, author);
";
const FOLLOWED: &str = "SELECT author FROM follows WHERE reader = ?1";
const OF_AUTHOR: &str = "SELECT id FROM posts WHERE author = ?1 ORDER BY id DESC";
/// How many readers are asked for to choose a way.
const TRIALS: usize = 50;

/// Ways by name, each as one statement that takes the reader and how many ids it is to give.
const WAYS: [(&str, &str); 3] = [
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
    (
        SCAN,
        "SELECT id FROM posts INDEXED BY newest WHERE EXISTS
             (SELECT 1 FROM follows f WHERE f.reader = ?1 AND f.author = posts.author)
         ORDER BY id DESC LIMIT ?2",
    ),
];
const SCAN: &str = "a scan from the newest post down that looks whether its author is followed";
const AUTHOR_BY_AUTHOR: &str =
    "a statement an author, each stepped only as far as its posts are on the page";

struct Pull {
    insert: Statement<'static>,
    way: Way,
    name: &'static str,
    page: Vec<u64>,
}

enum Way {
    One(Statement<'static>),
    AuthorByAuthor {
        followed: Statement<'static>,
        of_author: Statement<'static>,
        authors: Vec<i64>,
        newest: BinaryHeap<Reverse<i64>>,
    },
}

pub fn open(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    let database = database(TABLES)?;
    load(database, setting)?;
    let (name, way) = fastest(database, setting)?;
    if name != SCAN {
        // The others would pay at each post for what they do not use.
        database.execute_batch("DROP INDEX newest")?;
    }
    Ok(Box::new(Pull {
        insert: database.prepare("INSERT INTO posts VALUES (?1, ?2)")?,
        way,
        name,
        page: Vec::new(),
    }))
}

fn load(database: &Connection, setting: &Setting) -> Result<()> {
    let posts = setting.history.posts();
    insert(
        database,
        "posts",
        posts.map(|(author, id)| (author, id as i64)),
    )?;
    let edges = (0..setting.world.readers()).flat_map(|reader| {
        with_oneself(&setting.world, reader).map(move |author| (reader, author))
    });
    insert(database, "follows", edges)?;
    Ok(database.execute_batch("ANALYZE")?)
}

fn fastest(database: &'static Connection, setting: &Setting) -> Result<(&'static str, Way)> {
    let mut best: Option<(Duration, &'static str, Way)> = None;
    for (name, sql) in WAYS
        .into_iter()
        .map(|(name, sql)| (name, Some(sql)))
        .chain([(AUTHOR_BY_AUTHOR, None)])
    {
        let mut way = match sql {
            Some(sql) => Way::One(database.prepare(sql)?),
            None => Way::AuthorByAuthor {
                followed: database.prepare(FOLLOWED)?,
                of_author: database.prepare(OF_AUTHOR)?,
                authors: Vec::new(),
                newest: BinaryHeap::new(),
            },
        };
        let readers = setting.world.readers();
        let began = Instant::now();
        for reader in (0..readers).step_by((readers as usize).div_ceil(TRIALS)) {
            way.read(reader, &mut Vec::new())?;
        }
        let time = began.elapsed();
        eprintln!("  sqlite: {TRIALS} reads in {time:.1?} by {name}");
        if best.as_ref().is_none_or(|(least, ..)| time < *least) {
            best = Some((time, name, way));
        }
    }
    let (_, name, way) = best.context("there are ways")?;
    Ok((name, way))
}

impl Way {
    fn read(&mut self, reader: u32, page: &mut Vec<u64>) -> Result<()> {
        page.clear();
        match self {
            Self::One(statement) => {
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

impl Peer for Pull {
    fn post(&mut self, author: u32, id: u64) -> Result<()> {
        self.insert.execute(params![author, id as i64])?;
        Ok(())
    }

    fn read(&mut self, reader: u32) -> Result<usize> {
        self.way.read(reader, &mut self.page)?;
        Ok(self.page.len())
    }

    fn page(&self) -> Vec<u64> {
        self.page.clone()
    }

    fn remark(&self) -> Option<String> {
        Some(format!("reads by {}", self.name))
    }
}
