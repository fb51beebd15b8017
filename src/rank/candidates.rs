//! What is to be ranked, and what is known of it.

use std::sync::Arc;

use super::Feature;
use crate::activity::Activity;
use crate::id::{ActivityId, ActorId};
use crate::page::Item;

/// The items of a window in rows, newest first, and what is known of them in columns.
///
/// A row is an activity; a column holds one number for each row, NaN where it is not known.
///
/// ```
/// use anabranch::rank::{Candidates, Feature};
///
/// let mut candidates = Candidates::default();
/// candidates.set(Feature::Age, Vec::new());
/// assert_eq!(candidates.column(&Feature::Age), Some(&[][..]));
/// assert_eq!(candidates.column(&Feature::Seen), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    items: Vec<Item>,
    columns: Vec<(Feature, Vec<f64>)>,
}

/// Activities without the streams that they came by, newest first.
impl FromIterator<Arc<Activity>> for Candidates {
    fn from_iter<I: IntoIterator<Item = Arc<Activity>>>(activities: I) -> Self {
        let items = activities.into_iter().map(|activity| Item {
            activity,
            via: Vec::new(),
        });
        Self::new(items.collect())
    }
}

impl Candidates {
    /// These items, of which nothing is known yet.
    #[must_use]
    pub const fn new(items: Vec<Item>) -> Self {
        Self {
            items,
            columns: Vec::new(),
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items, by row.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The activity of a row; `None` beyond the last.
    #[must_use]
    pub fn activity(&self, row: usize) -> Option<&Arc<Activity>> {
        self.items.get(row).map(|item| &item.activity)
    }

    /// What the activity of a row is called; [`ActivityId::MIN`] beyond the last.
    #[must_use]
    pub fn id(&self, row: usize) -> ActivityId {
        let activity = self.activity(row);
        activity.map_or(ActivityId::MIN, |activity| activity.id)
    }

    /// Who did it; `None` beyond the last row.
    #[must_use]
    pub fn actor(&self, row: usize) -> Option<ActorId> {
        self.activity(row).map(|activity| activity.actor)
    }

    /// What is known of a feature, by row; `None` where nobody gathered it. O(*f*) for *f* features.
    #[must_use]
    pub fn column(&self, feature: &Feature) -> Option<&[f64]> {
        let mut columns = self.columns.iter();
        let found = columns.find(|(of, _)| of == feature);
        found.map(|(_, values)| values.as_slice())
    }

    /// The features that have columns, in the order in which they were set.
    pub fn features(&self) -> impl Iterator<Item = &Feature> {
        self.columns.iter().map(|(feature, _)| feature)
    }

    /// Sets the column of a feature, in place of an earlier one. Rows that the values do not reach are not known
    /// (NaN); values beyond the last row are left out.
    pub fn set(&mut self, feature: Feature, mut values: Vec<f64>) {
        values.resize(self.items.len(), f64::NAN);
        match self.columns.iter_mut().find(|(of, _)| *of == feature) {
            Some((_, known)) => *known = values,
            None => self.columns.push((feature, values)),
        }
    }
}
