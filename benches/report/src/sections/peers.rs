//! Redis, SQLite and PostgreSQL, by `benches/peers`.

use anyhow::Result;

use super::{Folders, missing};
use crate::peers::{self, Run};

const COMMAND: &str = "benches/peers/run.sh --out target/report/peers";

pub fn markdown(folders: &Folders) -> Result<String> {
    let notes = format!("\nNot like for like:\n\n{}", peers::NOTES);
    let Some(run) = folders.json::<Run>("peers/peers.json")? else {
        return Ok(missing(COMMAND) + &notes);
    };
    let mut text = String::new();
    if run.measured().next().is_some() {
        peers::draw(&run, &folders.chart("peers"))?;
        text += &folders.image("peers", "time an operation, by peer and mix");
        text.push('\n');
    }
    Ok(text + &peers::markdown(&run) + &notes)
}
