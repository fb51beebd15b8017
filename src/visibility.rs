//! Who may see what (contract 4), and what a reader has muted (contract 5.2): pure functions of
//! an activity, the viewer's relations at the moment of reading, and the activities that it
//! leads to.

use chrono::{DateTime, Utc};

use crate::activity::Activity;
use crate::audience::Audience;
use crate::id::ActivityId;
use crate::relation::Relations;

/// Whether the viewer may see the activity. `None` is an anonymous viewer. `find` gives the
/// activities that are there, by id; what it does not know is deleted or never was.
///
/// An activity about another activity is as visible as that one (contract 4.6), and so on down
/// the line. Updates can close such a line to a ring; then everything on the ring must be
/// visible by itself.
///
/// O(d · log r) for a line of d activities and r relations; no allocation.
///
/// ```
/// use anabranch::{Activity, ActorId, Audience, Feeds, Relations, visibility, wait};
///
/// let feeds = Feeds::in_memory();
/// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
/// let note = wait(feeds.publish(Activity::by(anna).audience(Audience::Only(vec![ben]))))?.activity;
/// let ben = Relations::none(ben);
/// assert!(visibility::may_see(Some(&ben), &note, |_| None));
/// assert!(!visibility::may_see(None, &note, |_| None));
/// # Ok::<(), anabranch::Error>(())
/// ```
#[must_use]
pub fn may_see<'a>(
    viewer: Option<&Relations>,
    activity: &'a Activity,
    find: impl Fn(ActivityId) -> Option<&'a Activity>,
) -> bool {
    let mut current = activity;
    // Brent's cycle detection: the landmark moves to where we stand after 1, 2, 4, … steps,
    // so that on a ring we come past it again.
    let (mut landmark, mut steps, mut lap) = (activity.id, 0_u64, 1_u64);
    while may_see_alone(viewer, current) {
        let Some(shared) = current.shared() else {
            return true;
        };
        if shared == landmark {
            return true;
        }
        match find(shared) {
            Some(next) => current = next,
            None => return false,
        }
        steps += 1;
        if steps == lap {
            (landmark, steps, lap) = (current.id, 0, lap.saturating_mul(2));
        }
    }
    false
}

/// Contract 4.1 to 4.3, without what the object adds.
fn may_see_alone(viewer: Option<&Relations>, activity: &Activity) -> bool {
    let Some(viewer) = viewer else {
        return activity.audience == Audience::Public;
    };
    if viewer.actor == activity.actor {
        return true;
    }
    if viewer.is_apart_from(activity.actor) {
        return false;
    }
    match &activity.audience {
        Audience::Public => true,
        Audience::Followers => viewer.is_following(activity.actor),
        Audience::Members(group) => viewer.is_member(*group),
        Audience::Only(actors) => actors.contains(&viewer.actor),
    }
}

/// Whether the reader has muted the activity at the instant `now`: one of its streams, or the
/// actor of the activity that is its object; never the reader's own (contract 5.2).
///
/// O(s · log m) for s streams and m mutes.
///
/// ```
/// use anabranch::{Activity, ActorId, Clock, Feeds, Relations, SystemClock, visibility, wait};
///
/// let feeds = Feeds::in_memory();
/// let note = wait(feeds.publish(Activity::by(ActorId::named("anna"))))?.activity;
/// let mut ben = Relations::none(ActorId::named("ben"));
/// ben.mutes.push((note.actor, None));
/// assert!(visibility::is_muted(&ben, &note, SystemClock.now(), |_| None));
/// # Ok::<(), anabranch::Error>(())
/// ```
#[must_use]
pub fn is_muted<'a>(
    reader: &Relations,
    activity: &Activity,
    now: DateTime<Utc>,
    find: impl Fn(ActivityId) -> Option<&'a Activity>,
) -> bool {
    if reader.mutes.is_empty() || activity.actor == reader.actor {
        return false;
    }
    reader.is_muting(activity.actor, now)
        || activity
            .to
            .iter()
            .any(|stream| reader.is_muting(*stream, now))
        || activity
            .shared()
            .and_then(find)
            .is_some_and(|shared| reader.is_muting(shared.actor, now))
}
