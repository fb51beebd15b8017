//! The first few of many, without sorting them all.

use std::collections::BinaryHeap;

/// The `limit` smallest, in ascending order: O(n log limit) time, O(limit) memory.
pub(super) fn smallest<K: Ord>(keys: impl Iterator<Item = K>, limit: usize) -> Vec<K> {
    let mut heap = BinaryHeap::new();
    for key in keys {
        if heap.len() < limit {
            heap.push(key);
        } else if let Some(mut largest) = heap.peek_mut()
            && key < *largest
        {
            *largest = key;
        }
    }
    heap.into_sorted_vec()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_the_first_of_the_sorted(keys: Vec<u8>, limit in 0..20_usize) {
            let mut sorted = keys.clone();
            sorted.sort_unstable();
            sorted.truncate(limit);
            prop_assert_eq!(smallest(keys.into_iter(), limit), sorted);
        }
    }
}
