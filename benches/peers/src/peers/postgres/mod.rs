//! PostgreSQL by its Unix socket: prepared statements, unlogged tables, and one statement an operation. The
//! server runs with `fsync` and `synchronous_commit` off, because the library beside it is in memory, too, and
//! neither is to wait for a disk.

pub mod pull;
pub mod push;

use std::fmt::Display;
use std::io::Write;
use std::time::Duration;

use anyhow::{Context, Result};
use postgres::{Client, NoTls, Statement};

use super::address;

/// Connects, and makes the tables anew.
fn database(tables: &str) -> Result<Client> {
    let address = address("PostgreSQL", "PEERS_POSTGRES")?;
    let mut client = Client::connect(&address, NoTls)
        .with_context(|| format!("connecting to PostgreSQL at {address}"))?;
    // Plans are made once, and are not worth compiling. A schema of its own, because the address may be
    // that of somebody's data.
    client.batch_execute(
        "SET plan_cache_mode = force_generic_plan;
         SET jit = off;
         SET client_min_messages = warning;
         DROP SCHEMA IF EXISTS anabranch_peers CASCADE;
         CREATE SCHEMA anabranch_peers;
         SET search_path = anabranch_peers, public;",
    )?;
    client.batch_execute(tables)?;
    Ok(client)
}

/// Copies rows of two numbers into a table.
fn copy<A: Display, B: Display>(
    client: &mut Client,
    table: &str,
    rows: impl Iterator<Item = (A, B)>,
) -> Result<()> {
    let mut writer = client.copy_in(&format!("COPY {table} FROM STDIN"))?;
    for (one, other) in rows {
        writeln!(writer, "{one}\t{other}")?;
    }
    writer
        .finish()
        .with_context(|| format!("copying into {table}"))?;
    Ok(())
}

/// What both ways of keeping homes do alike: the read of a page, and what the server tells of itself.
struct Session {
    client: Client,
    newest: Statement,
    page: Vec<u64>,
    counts_time: bool,
}

impl Session {
    /// Reads by this statement from now on. Whether the server counts the time of statements shows; if so, it
    /// does from nothing on.
    fn begin(mut client: Client, newest: &str) -> Result<Self> {
        let reset =
            "CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT pg_stat_statements_reset();";
        Ok(Self {
            counts_time: client.batch_execute(reset).is_ok(),
            newest: client.prepare(newest)?,
            page: Vec::new(),
            client,
        })
    }

    fn read(&mut self, reader: u32) -> Result<usize> {
        let rows = self.client.query(&self.newest, &[&(reader as i32)])?;
        self.page.clear();
        self.page
            .extend(rows.iter().map(|row| row.get::<_, i64>(0) as u64));
        Ok(self.page.len())
    }

    fn version(&mut self) -> Result<String> {
        let row = self.client.query_one("SHOW server_version", &[])?;
        Ok(format!("PostgreSQL {}", row.get::<_, String>(0)))
    }

    fn time_in_server(&mut self) -> Result<Option<Duration>> {
        if !self.counts_time {
            return Ok(None);
        }
        let row = self.client.query_one(
            "SELECT coalesce(sum(total_exec_time), 0) FROM pg_stat_statements
             WHERE query NOT LIKE '%pg_stat_statements%'",
            &[],
        )?;
        Ok(Some(Duration::from_secs_f64(row.get::<_, f64>(0) / 1e3)))
    }
}
