//! Homes as rows of a table; a post is one statement that is kept and delivered by.

use std::time::Duration;

use anabranch_report::peers::Memory;
use anyhow::Result;
use postgres::Statement;

use super::super::trim::Trim;
use super::super::{PAGE, Peer, Setting};
use super::{Session, copy, database};
use crate::followers::Followers;
use crate::history::MOST_ENTRIES;

const TABLES: &str = "
    CREATE UNLOGGED TABLE posts (id bigint PRIMARY KEY, author int NOT NULL);
    CREATE UNLOGGED TABLE followers (author int NOT NULL, reader int NOT NULL);
    CREATE UNLOGGED TABLE homes (reader int NOT NULL, id bigint NOT NULL);
";
/// Once the rows are there: an index that is built at once is built faster.
const INDEXES: &str = "
    ALTER TABLE followers ADD PRIMARY KEY (author, reader);
    ALTER TABLE homes ADD PRIMARY KEY (reader, id);
";

struct Push<'a> {
    session: Session,
    followers: &'a Followers,
    trim: Trim,
    deliver: Statement,
    shorten: Statement,
    memory: Memory,
}

pub fn open(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    let mut client = database(TABLES)?;
    let homes = setting.homes();
    let posts = setting.history.posts().map(|(author, id)| (id, author));
    copy(&mut client, "posts", posts)?;
    let edges = (0..setting.world.readers()).flat_map(|author| {
        setting
            .followers
            .of(author)
            .iter()
            .map(move |reader| (author, reader))
    });
    copy(&mut client, "followers", edges)?;
    let rows = homes.iter().enumerate();
    let rows = rows.flat_map(|(reader, ids)| ids.iter().map(move |id| (reader, id)));
    copy(&mut client, "homes", rows)?;
    client.batch_execute(INDEXES)?;
    client.batch_execute("VACUUM ANALYZE")?;
    let size = client.query_one("SELECT pg_total_relation_size('homes')", &[])?;
    let entries = homes.iter().map(|ids| ids.len() as u64).sum();
    Ok(Box::new(Push {
        followers: &setting.followers,
        trim: Trim::new(&homes),
        deliver: client.prepare(
            "WITH post AS (INSERT INTO posts VALUES ($2, $1))
             INSERT INTO homes SELECT reader, $2 FROM followers WHERE author = $1",
        )?,
        shorten: client.prepare(&format!(
            "DELETE FROM homes h USING unnest($1::int[]) AS long (reader)
             WHERE h.reader = long.reader AND h.id <= (SELECT id FROM homes
                 WHERE reader = long.reader ORDER BY id DESC LIMIT 1 OFFSET {MOST_ENTRIES})"
        ))?,
        memory: Memory {
            entries,
            bytes_an_entry: size.get::<_, i64>(0) as f64 / entries as f64,
            bytes_an_entry_of_a_full_home: None,
        },
        session: Session::begin(
            client,
            &format!("SELECT id FROM homes WHERE reader = $1 ORDER BY id DESC LIMIT {PAGE}"),
        )?,
    }))
}

impl Peer for Push<'_> {
    fn post(&mut self, author: u32, id: u64) -> Result<()> {
        self.session
            .client
            .execute(&self.deliver, &[&(author as i32), &(id as i64)])?;
        let long = self.trim.after_one_more(self.followers.of(author));
        if !long.is_empty() {
            self.session.client.execute(&self.shorten, &[&long])?;
        }
        Ok(())
    }

    fn read(&mut self, reader: u32) -> Result<usize> {
        self.session.read(reader)
    }

    fn version(&mut self) -> Result<Option<String>> {
        self.session.version().map(Some)
    }

    fn page(&self) -> Vec<u64> {
        self.session.page.clone()
    }

    fn time_in_server(&mut self) -> Result<Option<Duration>> {
        self.session.time_in_server()
    }

    fn memory(&mut self) -> Result<Option<Memory>> {
        Ok(Some(self.memory))
    }
}
