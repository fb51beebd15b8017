//! Posts by author and id, and nothing else: a read gathers.

use anyhow::Result;
use rusqlite::{Connection, Statement, params};

use super::super::{Peer, Setting};
use super::way::Way;
use super::{database, insert};
use crate::followers::with_oneself;

const TABLES: &str = "
    CREATE TABLE posts (author INTEGER, id INTEGER, PRIMARY KEY (author, id)) WITHOUT ROWID;
    CREATE TABLE follows (reader INTEGER, author INTEGER, PRIMARY KEY (reader, author)) WITHOUT ROWID;
";

struct Pull {
    insert: Statement<'static>,
    way: Way,
    name_of_way: &'static str,
    page: Vec<u64>,
}

pub fn open(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    let database = database(TABLES)?;
    load(database, setting)?;
    let (name_of_way, way) = Way::fastest(database, setting)?;
    Ok(Box::new(Pull {
        insert: database.prepare("INSERT INTO posts VALUES (?1, ?2)")?,
        way,
        name_of_way,
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

impl Peer for Pull {
    fn post(&mut self, author: u32, id: u64) -> Result<()> {
        self.insert.execute(params![author, id as i64])?;
        Ok(())
    }

    fn read(&mut self, reader: u32) -> Result<usize> {
        self.way
            .read(reader, &mut self.page)
            .map(|()| self.page.len())
    }

    fn version(&mut self) -> Result<Option<String>> {
        Ok(Some(format!("SQLite {}", rusqlite::version())))
    }

    fn page(&self) -> Vec<u64> {
        self.page.clone()
    }

    fn remark(&self) -> Option<String> {
        Some(format!(
            "reads by {}, the fastest of four ways",
            self.name_of_way
        ))
    }
}
