//! The truth in one file.

mod base;
mod blocks;
mod damage;
mod head;
#[cfg(test)]
pub(crate) mod platter;
mod queue;
mod seat;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use redb::backends::FileBackend;
use redb::{Database, StorageBackend};

use self::base::{Base, openings_of};
use self::blocks::Blocks;
use self::damage::{Attempt, Fault};
use self::queue::Queue;
use super::key_value::{KeyValue, Outcome, Rows, RowsMut, newest};
use crate::error::{ErrorKind, Result};

/// A store that keeps everything in one file, and has it again after a crash.
///
/// What a writing call has answered is on the disk. A publish is one commit of a few pages, however
/// many follow. Reading costs O(log n) for each activity, edge or list, and what it passes over is kept
/// in memory up to [`cache`](DiskOptions::cache). One process at a time opens a file; clones are handles
/// on the same store, and the last one that is dropped closes it.
///
/// A commit waits for the disk, for a fraction of a millisecond to some. With feature `tokio`, a call inside
/// a runtime leaves commits to the runtime's pool for what blocks; otherwise the calling thread waits.
/// Reading is done on the calling thread: microseconds where the system has the file in memory. So is
/// opening, and closing by dropping the last handle. A write whose future is dropped has happened or not by
/// then: one that is being committed is waited for.
///
/// Every block has a checksum. A file in which bits flipped, or that was cut, gives errors of kind `corrupt` and no wrong
/// answers. What no checksum tells: a disk that says that it has written and has not, a file that is put in the place
/// of another one, and one that was cut to nothing, since an empty file becomes a new store.
///
/// Back up with [`export`](crate::store::export) while it is open; copy the file only while nobody has it open, as a copy
/// of what is being written is of no moment at all. An open file that is deleted or replaced is written on, and what is
/// written is gone with its last handle.
///
/// ```
/// use anabranch::store::Disk;
/// use anabranch::{Activity, ActorId, Feeds, timelines, wait};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("feeds.redb");
/// let anna = ActorId::named("anna");
/// let feeds = Feeds::new(Disk::open(&path)?, timelines::Local::new());
/// let note = wait(feeds.publish(Activity::by(anna).object("still here")))?.activity;
/// drop(feeds);
///
/// let feeds = Feeds::new(Disk::open(&path)?, timelines::Local::new());
/// assert_eq!(wait(feeds.home(anna))?.items[0].activity, note);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone)]
pub struct Disk(Arc<Queue<Base>>);

/// When a writing call has answered, what it wrote is on the disk. This is how it gets there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Each write is a commit of its own: the shortest way for one who writes alone.
    #[default]
    Immediate,
    /// Writes that come at the same time share a commit, and each waits until that one is done. Sixteen
    /// threads, or tasks of tokio, then publish several times as much a second as one alone: `cargo bench --
    /// disk` tells how many on your disk.
    Grouped,
}

/// How a [`Disk`] is opened. Begun by [`Disk::options`].
///
/// ```
/// use anabranch::store::{Disk, Durability};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("feeds.redb");
/// let store = Disk::options()
///     .durability(Durability::Grouped)
///     .cache(256 << 20)
///     .open(path)?;
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "options do nothing until a file is opened with them"]
pub struct DiskOptions {
    durability: Durability,
    cache: usize,
}

/// So many writes share a commit at most, so that none grows without bound.
const MOST_IN_A_COMMIT: usize = 1_024;

impl DiskOptions {
    /// How writes reach the disk; [`Durability::Immediate`] unless said.
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// How many bytes of the file are kept in memory; 64 MiB unless said.
    pub fn cache(mut self, bytes: usize) -> Self {
        self.cache = bytes;
        self
    }

    /// Opens the file, and makes it where there is none; its folder must exist.
    ///
    /// # Errors
    /// `unavailable` if the file is open already, or cannot be made, read or written; `corrupt` if it is
    /// damaged, or no file of feeds; `unsupported` if its format is a newer or an older one.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Disk> {
        let path = path.as_ref().to_owned();
        let cache = self.cache;
        let was_open = AtomicBool::new(false);
        let open = move || {
            let file = file(&path, !was_open.load(Ordering::SeqCst))?;
            let opened = FileBackend::new(file).map_err(Fault::from);
            let opened = opened
                .and_then(|file| database(file, cache))
                .map_err(|fault| fault.in_file(&path))?;
            was_open.store(true, Ordering::SeqCst);
            Ok(opened)
        };
        Ok(self.open_with(open)?)
    }

    /// Opens what is on a platter, for tests.
    #[cfg(test)]
    pub(crate) fn spin(&self, platter: &platter::Platter) -> Result<Disk> {
        let (platter, cache) = (platter.clone(), self.cache);
        Ok(self.open_with(move || database(platter.clone(), cache))?)
    }

    fn open_with(
        &self,
        open: impl Fn() -> Attempt<Database> + Send + Sync + 'static,
    ) -> Attempt<Disk> {
        let most = match self.durability {
            Durability::Immediate => 1,
            Durability::Grouped => MOST_IN_A_COMMIT,
        };
        Ok(Disk(Queue::new(Base::open(open)?, most)))
    }
}

impl Disk {
    /// Opens the file with all settings as they are; see [`DiskOptions::open`].
    ///
    /// # Errors
    /// Those of [`DiskOptions::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::options().open(path)
    }

    /// Begins opening a file with settings of the host's choice.
    pub const fn options() -> DiskOptions {
        DiskOptions {
            durability: Durability::Immediate,
            cache: 64 << 20,
        }
    }

    /// How often the file was opened and written to before this time, and more than the like of that
    /// which its newest activity was named with: 0 for a new file. A clock that stands still does not tell
    /// the activities of one opening, or of the file that they were imported from, from those of the next;
    /// [`Ids::after_openings`](crate::Ids::after_openings) does. Costs one look at the file.
    ///
    /// # Errors
    /// `unavailable` or `corrupt`, as for reading.
    pub fn openings(&self) -> Result<u64> {
        let newest = self
            .read(newest)
            .map_err(|error| error.during("openings"))?;
        Ok(self.0.under.openings().max(openings_of(newest)))
    }
}

impl Disk {
    /// The same store, closed and opened again; for tests.
    #[cfg(test)]
    pub(crate) fn reopened(self) -> Self {
        let queue = Arc::into_inner(self.0).expect("this is the only handle");
        let most = queue.most();
        let base = queue.under.reopened().expect("it can be opened again");
        Self(Queue::new(base, most))
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Disk").field(&self.0.under).finish()
    }
}

fn database(under: impl StorageBackend, cache: usize) -> Attempt<Database> {
    Ok(Database::builder()
        .set_cache_size(cache)
        .create_with_backend(Blocks::over(under))?)
}

/// The file; one that was open before is not made anew.
fn file(path: &Path, may_be_new: bool) -> Attempt<File> {
    let about = |error: io::Error| Fault::of_file(path, error);
    let is_new = match path.metadata() {
        Ok(data) if data.is_dir() => {
            return Err(Fault::new(
                ErrorKind::Unavailable,
                format!("{} is a folder; give the path of a file", path.display()),
            ));
        }
        // Also for those whom the system would let write it: somebody has said that it shall not change.
        Ok(data) if data.permissions().readonly() => {
            return Err(about(io::ErrorKind::PermissionDenied.into()));
        }
        Ok(data) if data.len() == 0 && !may_be_new => {
            return Err(about(io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(_) => false,
        Err(error) if error.kind() == io::ErrorKind::NotFound && may_be_new => true,
        Err(error) => return Err(about(error)),
    };
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(may_be_new)
        .truncate(false)
        .open(path)
        .map_err(about)?;
    if is_new {
        sync_folder(path).map_err(about)?;
    }
    Ok(file)
}

/// Makes a new file's name as durable as what will be in it.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

impl KeyValue for Disk {
    fn read<A>(&self, act: impl FnOnce(&dyn Rows) -> Result<A>) -> Result<A> {
        Ok(self.0.under.read(act)?)
    }

    async fn write<A: Send + 'static>(
        &self,
        act: impl FnMut(&mut dyn RowsMut) -> Result<Outcome<A>> + Send + 'static,
    ) -> Result<A> {
        Ok(self.0.write(act).await?)
    }
}
