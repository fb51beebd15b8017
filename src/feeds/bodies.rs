//! Activities by id, together with those that they lead to.

use std::collections::HashMap;
use std::sync::Arc;

use crate::activity::Activity;
use crate::error::Result;
use crate::id::ActivityId;
use crate::store::ActivityStore;

/// The activities that others have as their objects, and so on down the line.
#[derive(Debug, Default)]
pub(super) struct Leads(HashMap<ActivityId, Option<Arc<Activity>>>);

impl Leads {
    pub(super) fn find(&self, id: ActivityId) -> Option<&Activity> {
        self.0.get(&id)?.as_deref()
    }
}

/// All that these activities lead to: one call of the store for each step down the longest line, so mostly
/// none.
pub(super) async fn leads(
    store: &impl ActivityStore,
    bodies: &[Option<Arc<Activity>>],
) -> Result<Leads> {
    let mut leads = Leads::default();
    let mut wanted: Vec<ActivityId> = shared_by(bodies).collect();
    loop {
        wanted.retain(|id| !leads.0.contains_key(id));
        if wanted.is_empty() {
            return Ok(leads);
        }
        wanted.sort_unstable();
        wanted.dedup();
        let found = store.get(&wanted).await?;
        let next = shared_by(&found).collect();
        leads.0.extend(wanted.into_iter().zip(found));
        wanted = next;
    }
}

fn shared_by(bodies: &[Option<Arc<Activity>>]) -> impl Iterator<Item = ActivityId> + '_ {
    bodies.iter().flatten().filter_map(|body| body.shared())
}
