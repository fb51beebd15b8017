//! For whom an activity is.

use serde::{Deserialize, Serialize};

use crate::id::ActorId;

/// Who may see an activity (contract 4.1). It is judged at reading: whoever leaves the group
/// or loses the edge no longer sees what was published before. The actor always sees its own.
///
/// ```
/// use anabranch::{ActorId, Audience};
///
/// let team = Audience::Members(ActorId::named("group:team"));
/// assert_eq!(serde_json::to_value(Audience::Followers)?, "followers");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `serde` writes `"public"`, `"followers"`, `{"members": group}`, `{"only": [actor]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody, also without an account.
    #[default]
    Public,
    /// Whoever follows the actor at the moment of reading.
    Followers,
    /// Whoever is a member of the group at the moment of reading.
    Members(ActorId),
    /// Those listed.
    Only(Vec<ActorId>),
}
