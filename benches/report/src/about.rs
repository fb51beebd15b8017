//! Where and how a run was measured. Nothing of it says whose machine it is.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// A trial: small worlds, short times.
    pub is_quick: bool,
    /// With the worlds of a million readers.
    pub has_million: bool,
    pub machine: Machine,
    /// How many threads wanted to run, in the mean of the minute before the run began. `None` where the system
    /// does not tell.
    pub load: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub cpu: String,
    /// That this process may use.
    pub cores: usize,
    pub memory_gib: Option<f64>,
    pub kernel: String,
    pub rustc: String,
}

const FILE: &str = "about.json";

impl About {
    pub fn new(is_quick: bool, has_million: bool, load: Option<f64>) -> Self {
        Self {
            is_quick,
            has_million,
            machine: Machine::here(),
            load,
        }
    }

    /// What is said of the run in that folder; `None` where no run has begun there.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let about = serde_json::from_str(&text);
        about.with_context(|| format!("reading {}; --anew makes it anew", path.display()))
    }

    /// Begins a run in the folder, or goes on with the one that is there. What another machine or another
    /// compiler has measured is not mixed with it.
    pub fn begin(&self, folder: &Path) -> Result<()> {
        let begun = Self::read(folder)?;
        if let Some(before) = &begun {
            ensure!(
                before.machine == self.machine,
                "what is in {} was measured on another machine or with another compiler ({:?}); \
                 --anew measures all of it here",
                folder.display(),
                before.machine
            );
        }
        let about = Self {
            has_million: self.has_million || begun.as_ref().is_some_and(|run| run.has_million),
            load: begun.map_or(self.load, |run| run.load),
            ..self.clone()
        };
        fs::create_dir_all(folder)?;
        fs::write(
            folder.join(FILE),
            serde_json::to_string_pretty(&about)? + "\n",
        )
        .with_context(|| format!("writing into {}", folder.display()))
    }

    /// Whether others may have taken what was measured.
    pub fn was_busy(&self) -> bool {
        self.load.is_some_and(|load| load > 0.3)
    }
}

impl Machine {
    fn here() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            cpu: cpu().unwrap_or_else(|| std::env::consts::ARCH.into()),
            cores,
            memory_gib: memory_gib(),
            kernel: kernel().unwrap_or_else(|| std::env::consts::OS.into()),
            rustc: rustc().unwrap_or_else(|| "unknown".into()),
        }
    }
}

fn cpu() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let named = |line: &str| {
        Some(
            line.strip_prefix("model name")?
                .trim_start_matches([' ', '\t', ':'])
                .to_owned(),
        )
    };
    text.lines().find_map(named)
}

fn memory_gib() -> Option<f64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / f64::from(1 << 20))
}

fn kernel() -> Option<String> {
    let kind = fs::read_to_string("/proc/sys/kernel/ostype").ok()?;
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    // What follows a dash is whoever built it.
    let release = release.trim().split('-').next()?;
    Some(format!("{} {release}", kind.trim()))
}

fn rustc() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split_whitespace().nth(1)?.to_owned())
}

#[cfg(test)]
mod tests {
    use anyhow::Result;

    use super::About;

    #[test]
    fn a_run_goes_on_on_its_own_machine_only() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let here = About::new(true, true, Some(0.1));
        assert_eq!(About::read(folder.path())?, None);
        here.begin(folder.path())?;
        assert_eq!(About::read(folder.path())?.as_ref(), Some(&here));

        // Large worlds that are there stay; the load of going on may be that of what was just stopped.
        let later = About {
            has_million: false,
            load: Some(99.0),
            ..here.clone()
        };
        later.begin(folder.path())?;
        let read = About::read(folder.path())?;
        let of = |about: About| (about.has_million, about.load);
        assert_eq!(read.map(of), Some((true, Some(0.1))));

        let mut elsewhere = here;
        elsewhere.machine.cores += 1;
        assert!(elsewhere.begin(folder.path()).is_err());
        Ok(())
    }
}
