//! Posts by author and id; a read takes the newest of each of the followed by a lateral join.

use std::time::Duration;

use anyhow::Result;
use postgres::Statement;

use super::super::{PAGE, Peer, Setting};
use super::{Session, copy, database};
use crate::followers::with_oneself;

const TABLES: &str = "
    CREATE UNLOGGED TABLE posts (author int NOT NULL, id bigint NOT NULL);
    CREATE UNLOGGED TABLE follows (reader int NOT NULL, author int NOT NULL);
";
/// Once the rows are there: an index that is built at once is built faster.
const INDEXES: &str = "
    ALTER TABLE posts ADD PRIMARY KEY (author, id);
    ALTER TABLE follows ADD PRIMARY KEY (reader, author);
";

struct Pull {
    session: Session,
    insert: Statement,
}

pub fn open(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    let mut client = database(TABLES)?;
    copy(&mut client, "posts", setting.history.posts())?;
    let edges = (0..setting.world.readers()).flat_map(|reader| {
        with_oneself(&setting.world, reader).map(move |author| (reader, author))
    });
    copy(&mut client, "follows", edges)?;
    client.batch_execute(INDEXES)?;
    // Reads of the index alone need to know which pages of the table all can see.
    client.batch_execute("VACUUM ANALYZE")?;
    Ok(Box::new(Pull {
        insert: client.prepare("INSERT INTO posts VALUES ($1, $2)")?,
        session: Session::begin(
            client,
            &format!(
                "SELECT p.id FROM follows f CROSS JOIN LATERAL (
                     SELECT id FROM posts WHERE author = f.author ORDER BY id DESC LIMIT {PAGE}
                 ) p WHERE f.reader = $1 ORDER BY p.id DESC LIMIT {PAGE}"
            ),
        )?,
    }))
}

impl Peer for Pull {
    fn post(&mut self, author: u32, id: u64) -> Result<()> {
        self.session
            .client
            .execute(&self.insert, &[&(author as i32), &(id as i64)])?;
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
}
