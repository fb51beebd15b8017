//! Feeds that survive the process.

use std::path::Path;

use super::Feeds;
use crate::error::Result;
use crate::id::Ids;
use crate::store::Disk;
use crate::timelines::Local;

impl Feeds<Disk, Local> {
    /// Feeds in a file, made if there is none: what a publish has answered is on the disk. Timelines are
    /// kept in this process, and made again after a restart by those who read.
    ///
    /// Opening takes some milliseconds, whatever is in the file, also after a crash. For other settings,
    /// open a [`Disk`] by its [options](Disk::options) and give it to [`builder`](Feeds::builder).
    ///
    /// # Errors
    /// `unavailable` if the file is open already, or cannot be made, read or written; `corrupt` if it is
    /// damaged, or no file of feeds; `unsupported` if a newer version wrote it.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = folder.path().join("feeds.redb");
    /// let feeds = Feeds::open(&path)?;
    /// wait(feeds.publish(Activity::by(ActorId::named("anna")).object("here to stay")))?;
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let store = Disk::open(path)?;
        let ids = Ids::random().after_openings(store.openings()?);
        Ok(Self::builder(store, Local::new()).ids(ids).build())
    }
}
