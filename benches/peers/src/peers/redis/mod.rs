//! Redis or Valkey by its Unix socket: homes as lists, and as sorted sets, as Mastodon keeps them. Who follows
//! whom is in the client: Mastodon has it in another database.

mod connection;

use std::time::Duration;

use anabranch_report::peers::Memory;
use anyhow::{Context, Result, ensure};

use self::connection::Connection;
use self::connection::Word::{self, Home, Number, Text};
use super::{PAGE, Peer, Setting, address};
use crate::followers::Followers;
use crate::history::{MOST_ENTRIES, id};

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
        let mut connection = Connection::open(&address("Redis", "PEERS_REDIS")?)?;
        empty(&mut connection)?;
        let full_home = size_of_a_full_home(&mut connection, shape)?;
        let before = used(&mut connection)?;
        let entries = load(&mut connection, shape, &setting.homes())?;
        let bytes = used(&mut connection)?.saturating_sub(before);
        Ok(Self {
            connection,
            shape,
            followers: &setting.followers,
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
            for reader in readers {
                deliver(&mut self.connection, self.shape, *reader, id);
            }
            self.connection.run(2 * readers.len())?;
        }
        Ok(())
    }

    fn read(&mut self, reader: u32) -> Result<usize> {
        self.connection.add(&newest(self.shape, reader));
        self.connection.send()?;
        self.page.clear();
        self.connection.read_ids(&mut self.page)?;
        Ok(self.page.len())
    }

    fn read_together(&mut self, readers: &[u32]) -> Result<Option<usize>> {
        for reader in readers {
            self.connection.add(&newest(self.shape, *reader));
        }
        self.connection.send()?;
        let mut ids = 0;
        for _ in readers {
            self.page.clear();
            self.connection.read_ids(&mut self.page)?;
            ids += self.page.len();
        }
        Ok(Some(ids))
    }

    fn version(&mut self) -> Result<Option<String>> {
        let answer = self.connection.text(&[Text("INFO"), Text("server")])?;
        let valkey = field(&answer, "valkey_version:").map(|version| format!("Valkey {version}"));
        let redis = field(&answer, "redis_version:").map(|version| format!("Redis {version}"));
        Ok(valkey.or(redis))
    }

    fn page(&self) -> Vec<u64> {
        self.page.clone()
    }

    fn time_in_server(&mut self) -> Result<Option<Duration>> {
        let commands = [Text("INFO"), Text("commandstats")];
        let answer = self.connection.text(&commands)?;
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

/// Two commands: the home gets the id, and holds no more than it may.
fn deliver(connection: &mut Connection, shape: Shape, reader: u32, id: u64) {
    let (home, id, most) = (Home(reader), Number(id as i64), MOST_ENTRIES as i64);
    match shape {
        Shape::List => {
            connection.add(&[Text("LPUSH"), home, id]);
            connection.add(&[Text("LTRIM"), home, Number(0), Number(most - 1)]);
        }
        Shape::SortedSet => {
            connection.add(&[Text("ZADD"), home, id, id]);
            let beyond = [Number(0), Number(-most - 1)];
            connection.add(&[Text("ZREMRANGEBYRANK"), home, beyond[0], beyond[1]]);
        }
    }
}

fn newest(shape: Shape, reader: u32) -> [Word; 4] {
    let command = match shape {
        Shape::List => "LRANGE",
        Shape::SortedSet => "ZREVRANGE",
    };
    [
        Text(command),
        Home(reader),
        Number(0),
        Number(PAGE as i64 - 1),
    ]
}

/// Removes what an earlier peer left, and nothing else: the address may be that of somebody's data.
fn empty(connection: &mut Connection) -> Result<()> {
    const OURS: Word = Text("anabranch:peers");
    let keys = connection.number(&[Text("DBSIZE")])?;
    let ours = connection.number(&[Text("EXISTS"), OURS])? == 1;
    ensure!(
        keys == 0 || ours,
        "Redis holds {keys} keys of somebody else, and measuring empties it: let PEERS_REDIS be the \
         address of an empty one"
    );
    connection.add(&[Text("FLUSHALL"), Text("SYNC")]);
    connection.add(&[Text("SET"), OURS, Number(1)]);
    connection.run(2)
}

/// Gives how many entries there were.
fn load(connection: &mut Connection, shape: Shape, homes: &[Vec<u64>]) -> Result<u64> {
    let homes: Vec<(u32, &Vec<u64>)> = (0..)
        .zip(homes)
        .filter(|(_, ids)| !ids.is_empty())
        .collect();
    for homes in homes.chunks(HOMES_A_TRIP) {
        for (reader, ids) in homes {
            let (command, words_an_id) = match shape {
                Shape::List => ("LPUSH", 1),
                Shape::SortedSet => ("ZADD", 2),
            };
            connection.begin(2 + words_an_id * ids.len());
            connection.word(Text(command));
            connection.word(Home(*reader));
            for id in *ids {
                for _ in 0..words_an_id {
                    connection.word(Number(*id as i64));
                }
            }
        }
        connection.run(homes.len()).context("loading the homes")?;
    }
    Ok(homes.iter().map(|(_, ids)| ids.len() as u64).sum())
}

fn size_of_a_full_home(connection: &mut Connection, shape: Shape) -> Result<f64> {
    // Of nobody in the world.
    const FULL: u32 = u32::MAX;
    // As posting does it, one by one: a list that is pushed to at once is packed tighter.
    for number in 0..MOST_ENTRIES {
        deliver(connection, shape, FULL, id(number));
    }
    connection.run(2 * MOST_ENTRIES)?;
    let size = [Text("USAGE"), Home(FULL), Text("SAMPLES"), Number(0)];
    let bytes = connection.number(&[&[Text("MEMORY")], &size[..]].concat())?;
    connection.number(&[Text("DEL"), Home(FULL)])?;
    Ok(bytes as f64 / MOST_ENTRIES as f64)
}

fn used(connection: &mut Connection) -> Result<u64> {
    let answer = connection.text(&[Text("INFO"), Text("memory")])?;
    let bytes = field(&answer, "used_memory:").context("Redis does not tell used_memory")?;
    Ok(bytes.parse()?)
}

fn field<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    answer.lines().find_map(|line| line.strip_prefix(name))
}
