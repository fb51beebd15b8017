//! What only a disk can go through.

use super::platter::Platter;
use super::*;
use crate::wait::wait;
use crate::{Activity as Model, Feeds, timelines};

fn anna() -> ActorId {
    ActorId::named("anna")
}

fn feeds(platter: &Platter) -> Feeds<Disk, timelines::None> {
    Feeds::new(Disk::options().spin(platter).unwrap(), timelines::None)
}

#[test]
fn what_was_published_is_there_after_reopening() -> Result<()> {
    let platter = Platter::default();
    let note = wait(feeds(&platter).publish(Model::by(anna()).object("a")))?.activity;
    let home = wait(feeds(&platter).home(anna()))?;
    assert_eq!(home.items[0].activity, note);
    Ok(())
}
