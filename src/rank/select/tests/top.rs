use proptest::prelude::*;

use super::made_up::set;
use super::{bits, bound};
use crate::rank::by_score;
use crate::rank::select::best;

proptest! {
    #[test]
    fn the_best_are_the_first_of_all_in_order((candidates, order) in set(), most in bound()) {
        let mut all = order.clone();
        // Of rows that stand there twice, and of those that are none, either may come first.
        all.sort_by_key(|placed| (candidates.id(placed.row), placed.row));
        all.dedup_by_key(|placed| candidates.id(placed.row));
        let mut found = all.clone();
        all.sort_by(|one, other| by_score(&candidates, one, other));
        all.truncate(most);
        best(&candidates, &mut found, most);
        prop_assert_eq!(bits(&found), bits(&all));
    }
}
