//! Redis or Valkey by its Unix socket: homes as lists, and as sorted sets, as Mastodon keeps them. Who follows
//! whom is in the client: Mastodon has it in another database.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use redis::{Client, Cmd, Connection, Pipeline, cmd, pipe};

use super::{PAGE, Peer, Setting, address};
use crate::followers::Followers;
use crate::history::{MOST_ENTRIES, id};
use crate::outcome::Memory;

/// So many homes to one round trip, when posting and when setting up: enough that a trip costs next to
/// nothing for each, and few enough that neither side piles up answers.
const HOMES_A_TRIP: usize = 1_000;
/// The commands whose time counts.
const COMMANDS: [&str; 6] = [
    "lpush",
    "ltrim",
    "lrange",
    "zadd",
    "zremrangebyrank",
    "zrevrange",
];

/// How a home is kept.
#[derive(Clone, Copy)]
enum Shape {
    List,
    SortedSet,
}

struct Redis<'a> {
    connection: Connection,
    shape: Shape,
    followers: &'a Followers,
    pipeline: Pipeline,
    page: Vec<u64>,
    memory: Memory,
}

pub fn list(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    Ok(Box::new(Redis::new(setting, Shape::List)?))
}

pub fn sorted_set(setting: &Setting) -> Result<Box<dyn Peer + '_>> {
    Ok(Box::new(Redis::new(setting, Shape::SortedSet)?))
}

impl<'a> Redis<'a> {
    fn new(setting: &'a Setting, shape: Shape) -> Result<Self> {
        let address = address("Redis", "PEERS_REDIS")?;
        let mut connection = Client::open(address.as_str())
            .and_then(|client| client.get_connection())
            .with_context(|| format!("connecting to Redis at {address}"))?;
        empty(&mut connection)?;
        let full_home = size_of_a_full_home(&mut connection, shape)?;
        let before = used(&mut connection)?;
        let entries = load(&mut connection, shape, &setting.homes())?;
        let bytes = used(&mut connection)?.saturating_sub(before);
        Ok(Self {
            connection,
            shape,
            followers: &setting.followers,
            pipeline: pipe(),
            page: Vec::new(),
            memory: Memory {
                entries,
                bytes_an_entry: bytes as f64 / entries as f64,
                bytes_an_entry_of_a_full_home: Some(full_home),
            },
        })
    }
}

impl Peer for Redis<'_> {
    fn post(&mut self, author: u32, id: u64) -> Result<()> {
        for readers in self.followers.of(author).chunks(HOMES_A_TRIP) {
            self.pipeline.clear();
            for reader in readers {
                let key = key(*reader);
                match self.shape {
                    Shape::List => (self.pipeline.lpush(&key, id).ignore())
                        .ltrim(&key, 0, MOST_ENTRIES as isize - 1)
                        .ignore(),
                    Shape::SortedSet => (self.pipeline.zadd(&key, id, id).ignore())
                        .zremrangebyrank(&key, 0, -(MOST_ENTRIES as isize) - 1)
                        .ignore(),
                };
            }
            self.pipeline.exec(&mut self.connection)?;
        }
        Ok(())
    }

    fn read(&mut self, reader: u32) -> Result<usize> {
        self.page = newest(self.shape, reader).query(&mut self.connection)?;
        Ok(self.page.len())
    }

    fn read_together(&mut self, readers: &[u32]) -> Result<Option<usize>> {
        self.pipeline.clear();
        for reader in readers {
            self.pipeline.add_command(newest(self.shape, *reader));
        }
        let pages: Vec<Vec<u64>> = self.pipeline.query(&mut self.connection)?;
        Ok(Some(pages.iter().map(Vec::len).sum()))
    }

    fn version(&mut self) -> Result<Option<String>> {
        let answer: String = cmd("INFO").arg("server").query(&mut self.connection)?;
        let valkey = field(&answer, "valkey_version:").map(|version| format!("Valkey {version}"));
        let redis = field(&answer, "redis_version:").map(|version| format!("Redis {version}"));
        Ok(valkey.or(redis))
    }

    fn page(&self) -> Vec<u64> {
        self.page.clone()
    }

    fn time_in_server(&mut self) -> Result<Option<Duration>> {
        let answer: String = cmd("INFO")
            .arg("commandstats")
            .query(&mut self.connection)?;
        let times = COMMANDS.into_iter().filter_map(|command| {
            let figures = field(&answer, &format!("cmdstat_{command}:"))?;
            let time = figures
                .split(',')
                .find_map(|figure| figure.strip_prefix("usec="));
            time?.parse().ok().map(Duration::from_micros)
        });
        Ok(Some(times.sum()))
    }

    fn memory(&mut self) -> Result<Option<Memory>> {
        Ok(Some(self.memory))
    }
}

fn key(reader: u32) -> String {
    format!("home:{reader}")
}

fn newest(shape: Shape, reader: u32) -> Cmd {
    let last = PAGE as isize - 1;
    match shape {
        Shape::List => Cmd::lrange(key(reader), 0, last),
        Shape::SortedSet => Cmd::zrevrange(key(reader), 0, last),
    }
}

/// Removes what an earlier peer left, and nothing else: the address may be that of somebody's data.
fn empty(connection: &mut Connection) -> Result<()> {
    const OURS: &str = "anabranch:peers";
    let keys: u64 = cmd("DBSIZE").query(connection)?;
    let ours: bool = cmd("EXISTS").arg(OURS).query(connection)?;
    ensure!(
        keys == 0 || ours,
        "Redis holds {keys} keys of somebody else, and measuring empties it: let PEERS_REDIS be the \
         address of an empty one"
    );
    cmd("FLUSHALL").arg("SYNC").exec(connection)?;
    Ok(cmd("SET").arg(&[OURS, "1"]).exec(connection)?)
}

/// Adds the ids of a home, oldest first, to its key.
fn add(pipeline: &mut Pipeline, shape: Shape, key: &str, ids: &[u64]) {
    match shape {
        Shape::List => pipeline.lpush(key, ids).ignore(),
        Shape::SortedSet => {
            let scored: Vec<(u64, u64)> = ids.iter().map(|id| (*id, *id)).collect();
            pipeline.zadd_multiple(key, &scored).ignore()
        }
    };
}

/// Gives how many entries there were.
fn load(connection: &mut Connection, shape: Shape, homes: &[Vec<u64>]) -> Result<u64> {
    let mut pipeline = pipe();
    for (trip, homes) in homes.chunks(HOMES_A_TRIP).enumerate() {
        pipeline.clear();
        for (place, ids) in homes.iter().enumerate().filter(|(_, ids)| !ids.is_empty()) {
            let reader = trip * HOMES_A_TRIP + place;
            add(&mut pipeline, shape, &key(reader as u32), ids);
        }
        pipeline.exec(connection).context("loading the homes")?;
    }
    Ok(homes.iter().map(|ids| ids.len() as u64).sum())
}

fn size_of_a_full_home(connection: &mut Connection, shape: Shape) -> Result<f64> {
    const KEY: &str = "home:full";
    let ids: Vec<u64> = (0..MOST_ENTRIES).map(id).collect();
    let mut pipeline = pipe();
    // As posting does it, one by one: a list that is pushed to at once is packed tighter.
    for id in ids {
        add(&mut pipeline, shape, KEY, &[id]);
    }
    pipeline.exec(connection)?;
    let asked = cmd("MEMORY")
        .arg(&["USAGE", KEY, "SAMPLES", "0"])
        .to_owned();
    let bytes: u64 = asked.query(connection)?;
    cmd("DEL").arg(KEY).exec(connection)?;
    Ok(bytes as f64 / MOST_ENTRIES as f64)
}

fn used(connection: &mut Connection) -> Result<u64> {
    let answer: String = cmd("INFO").arg("memory").query(connection)?;
    let bytes = field(&answer, "used_memory:").context("Redis does not tell used_memory")?;
    Ok(bytes.parse()?)
}

fn field<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    answer.lines().find_map(|line| line.strip_prefix(name))
}
