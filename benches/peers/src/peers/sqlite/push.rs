//! Homes as rows of a table in the order of reader and id; a post is one transaction.

use anabranch_report::peers::Memory;
use anyhow::Result;
use rusqlite::{Connection, Statement, params};

use super::super::trim::Trim;
use super::super::{PAGE, Peer, Setting};
use super::{database, insert, size};
use crate::followers::Followers;
use crate::history::MOST_ENTRIES;

const TABLES: &str = "
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL);
    CREATE TABLE followers (author INTEGER, reader INTEGER, PRIMARY KEY (author, reader)) WITHOUT ROWID;
    CREATE TABLE homes (reader INTEGER, id INTEGER, PRIMARY KEY (reader, id)) WITHOUT ROWID;
";

struct Push<'a> {
    database: &'static Connection,
    followers: &'a Followers,
    trim: Trim,
    keep: Statement<'static>,
    deliver: Statement<'static>,
    shorten: Statement<'static>,
    newest: Statement<'static>,
    page: Vec<u64>,
    memory: Memory,
}

pub fn open(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    let database = database(TABLES)?;
    let homes = setting.homes();
    let memory = load(database, setting, &homes)?;
    Ok(Box::new(Push {
        database,
        followers: &setting.followers,
        trim: Trim::new(&homes),
        keep: database.prepare("INSERT INTO posts VALUES (?1, ?2)")?,
        deliver: database.prepare(
            "INSERT INTO homes SELECT reader, ?2 FROM followers WHERE author = ?1",
        )?,
        shorten: database.prepare(&format!(
            "DELETE FROM homes WHERE reader = ?1 AND id <=
             (SELECT id FROM homes WHERE reader = ?1 ORDER BY id DESC LIMIT 1 OFFSET {MOST_ENTRIES})"
        ))?,
        newest: database.prepare(&format!(
            "SELECT id FROM homes WHERE reader = ?1 ORDER BY id DESC LIMIT {PAGE}"
        ))?,
        page: Vec::new(),
        memory,
    }))
}

fn load(database: &Connection, setting: &Setting, homes: &[Vec<u64>]) -> Result<Memory> {
    let posts = setting.history.posts();
    insert(
        database,
        "posts",
        posts.map(|(author, id)| (id as i64, author)),
    )?;
    let edges = (0..setting.world.readers()).flat_map(|author| {
        let readers = setting.followers.of(author).iter();
        readers.map(move |reader| (author, *reader))
    });
    insert(database, "followers", edges)?;
    let before = size(database)?;
    let rows = (0_u32..).zip(homes);
    let rows = rows.flat_map(|(reader, ids)| ids.iter().map(move |id| (reader, *id as i64)));
    insert(database, "homes", rows)?;
    let bytes = size(database)?.saturating_sub(before);
    database.execute_batch("ANALYZE")?;
    let entries = homes.iter().map(|ids| ids.len() as u64).sum();
    Ok(Memory {
        entries,
        bytes_an_entry: bytes as f64 / entries as f64,
        bytes_an_entry_of_a_full_home: None,
    })
}

impl Peer for Push<'_> {
    fn post(&mut self, author: u32, id: u64) -> Result<()> {
        let transaction = self.database.unchecked_transaction()?;
        self.keep.execute(params![id as i64, author])?;
        self.deliver.execute(params![author, id as i64])?;
        for reader in self.trim.after_one_more(self.followers.of(author)) {
            self.shorten.execute([reader])?;
        }
        transaction.commit()?;
        Ok(())
    }

    fn read(&mut self, reader: u32) -> Result<usize> {
        self.page.clear();
        let mut rows = self.newest.query([reader])?;
        while let Some(row) = rows.next()? {
            self.page.push(row.get::<_, i64>(0)? as u64);
        }
        Ok(self.page.len())
    }

    fn version(&mut self) -> Result<Option<String>> {
        Ok(Some(format!("SQLite {}", rusqlite::version())))
    }

    fn page(&self) -> Vec<u64> {
        self.page.clone()
    }

    fn memory(&mut self) -> Result<Option<Memory>> {
        Ok(Some(self.memory))
    }
}
