//! What a run calls its actors and activities.

use std::collections::HashMap;

use anabranch::{ActivityId, ActorId};

/// Names and labels, both ways. What was never named goes by the text of its id.
#[derive(Default)]
pub struct Names {
    names: HashMap<ActorId, String>,
    labels: HashMap<ActivityId, String>,
    activities: HashMap<String, ActivityId>,
}

impl Names {
    /// The actor of a name, or of an id's text.
    pub fn actor(&mut self, name: &str) -> ActorId {
        if let Ok(id) = name.parse::<ActorId>() {
            return id;
        }
        let id = ActorId::named(name);
        self.names.entry(id).or_insert_with(|| name.to_owned());
        id
    }

    pub fn actors(&mut self, names: Vec<&str>) -> Vec<ActorId> {
        names.into_iter().map(|name| self.actor(name)).collect()
    }

    /// The activity of a label, or of an id's text; an id that nothing has where there is none.
    pub fn activity(&self, label: &str) -> ActivityId {
        match self.activities.get(label) {
            Some(id) => *id,
            None => label.parse().unwrap_or(ActivityId::MIN),
        }
    }

    /// Labels an activity, if this run has no label for it yet; gives the one that it has.
    pub fn label(&mut self, id: ActivityId, label: String) -> &str {
        self.labels.entry(id).or_insert_with(|| {
            self.activities.insert(label.clone(), id);
            label
        })
    }

    pub fn name_of(&self, actor: ActorId) -> String {
        let name = self.names.get(&actor);
        name.cloned().unwrap_or_else(|| actor.to_string())
    }

    pub fn names_of(&self, actors: &[ActorId]) -> Vec<String> {
        actors.iter().map(|actor| self.name_of(*actor)).collect()
    }

    pub fn label_of(&self, activity: ActivityId) -> String {
        let label = self.labels.get(&activity);
        label.cloned().unwrap_or_else(|| activity.to_string())
    }
}
