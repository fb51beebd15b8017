//! Where it was measured.

use anyhow::Result;

use super::{Folders, missing};
use crate::about::About;
use crate::text::digits;

const COMMAND: &str = "benches/report/run.sh";

pub fn markdown(folders: &Folders) -> Result<String> {
    let Some(About { machine, .. }) = About::read(&folders.data)? else {
        return Ok(missing(COMMAND));
    };
    let memory = machine.memory_gib;
    let memory = memory.map_or(String::new(), |gib| {
        format!(", {} GiB of memory", digits(gib))
    });
    Ok(format!(
        "Measured on: {}, {} cores{memory}; {}; rustc {}.\n",
        machine.cpu, machine.cores, machine.kernel, machine.rustc
    ))
}

/// What keeps these numbers from being results.
pub fn trial(folders: &Folders) -> Result<String> {
    let about = About::read(&folders.data)?;
    let mut text = String::new();
    if about.as_ref().is_some_and(|about| about.is_quick) {
        text += "> **A trial, and no results.** Worlds were small and times short, to see that all of it \
                 works. `benches/report/run.sh` measures.\n\n";
    }
    if let Some(load) = about.filter(About::was_busy).and_then(|about| about.load) {
        text += &format!(
            "> **The machine was not idle**: {} threads wanted to run when measuring began. Times \
             are too long, and ratios uncertain.\n\n",
            digits(load)
        );
    }
    Ok(text)
}
