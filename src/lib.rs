//! Activity streams that other products embed.
//!
//! Actors follow actors, activities fan out, and feeds come together again: merged in order,
//! filtered, private, explained, over storage of the host's choice.
//!
//! ```
//! use anabranch::{Activity, ActorId, Audience, Feeds, Verb, wait};
//!
//! let feeds = Feeds::in_memory();
//! let (anna, ben, team) = (
//!     ActorId::named("anna@example.org"),
//!     ActorId::named("ben@example.org"),
//!     ActorId::named("group:team"),
//! );
//! wait(feeds.follow(ben, anna))?;
//! wait(feeds.join(anna, team))?;
//! wait(feeds.publish(Activity::by(anna).object("https://example.org/reports/7")))?;
//! wait(feeds.publish(Activity::by(anna).verb(Verb::Question).audience(Audience::Members(team))))?;
//!
//! // Ben is not in the team: one of the two is for him.
//! let home = wait(feeds.home(ben).limit(20).explain())?;
//! assert_eq!(home.items.len(), 1);
//! assert_eq!(home.items[0].via, [anna]);
//! # Ok::<(), anabranch::Error>(())
//! ```
//!
//! # Where to go from here
//!
//! * [`Feeds`] is the handle: publish, follow, read.
//! * [`fanout`] decides what is copied at writing and what is gathered at reading; [`strategies`] tells which
//!   way suits whom.
//! * [`rank`] orders homes by worth, and says why; [`ranking`] is the language of rankings that are data.
//! * [`store`] and [`timelines`] are where things are kept, and what an adapter has to keep to.
//! * [`adapters`] tells how to write one, and `conformance` (a feature) proves it.
//! * [`design`] tells why it is built as it is.
//!
//! What feeds hold never depends on the store, the timelines or the strategy.

#![forbid(unsafe_code)]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss
    )
)]

mod activity;
mod actor;
mod audience;
mod book;
mod clock;
mod cursor;
mod entry;
mod error;
mod feeds;
mod hash;
mod id;
mod json;
#[cfg(test)]
mod layers;
mod lock;
mod object;
mod page;
mod places;
mod relation;
mod segments;
mod verb;
mod wait;

#[cfg(feature = "conformance")]
pub mod conformance;
pub mod fanout;
pub mod merge;
pub mod rank;
pub mod store;
pub mod timelines;
pub mod visibility;

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod naive;

#[doc = include_str!("docs/adapters.md")]
pub mod adapters {}

#[doc = include_str!("docs/design.md")]
pub mod design {}

#[cfg(feature = "key-value")]
#[doc = include_str!("docs/format.md")]
pub mod format {}

#[doc = include_str!("docs/ranking.md")]
pub mod ranking {}

#[doc = include_str!("docs/strategies.md")]
pub mod strategies {}

/// The README's code is run like any other example.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use activity::{Activity, Draft, InReplyTo, Revision};
pub use actor::Actor;
pub use audience::Audience;
pub use clock::{Clock, ManualClock, SystemClock};
pub use cursor::Cursor;
pub use entry::{Entry, Glance, Handle, Interval, Order, Range, Stretch};
pub use error::{Error, ErrorKind, Result};
pub use feeds::{
    Builder, Counts, Feeds, Followed, Home, Outbox, Plan, Planned, Published, RankedItem,
    RankedPage, RankedRead, Reactions, Read, Replies, RosterRead, Scope, Streams,
};
pub use id::{ActivityId, ActorId, Ids};
pub use object::{Object, Reference};
pub use page::{Item, Page, Roster};
pub use relation::{Edge, EdgeKey, Follow, Relation, RelationKind, Relations};
pub use verb::Verb;
pub use wait::wait;
