//! Lists with little room to spare: a graph is millions of short ones, and what they keep free
//! counts as much as what they hold.

/// Inserts at a place that is not beyond the end. A list that is full grows by a sixteenth, where
/// `Vec` doubles: some 3 % lie idle and not 25 %, and an item is moved 16 times in the mean
/// while a long list grows.
pub(super) fn insert<T>(list: &mut Vec<T>, at: usize, item: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(spare(list.len()));
    }
    list.insert(at, item);
}

/// Inserts at the end.
pub(super) fn push<T>(list: &mut Vec<T>, item: T) {
    insert(list, list.len(), item);
}

/// Removes what is at a place inside the list, and gives room back when a quarter is idle.
pub(super) fn remove<T>(list: &mut Vec<T>, at: usize) {
    list.remove(at);
    let idle = list.capacity() - list.len();
    if list.is_empty() || idle > list.capacity() / 4 + 2 {
        list.shrink_to(list.len() + spare(list.len()) - 1);
    }
}

const fn spare(length: usize) -> usize {
    length / 16 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_idle_while_a_list_grows_and_shrinks() {
        let mut list = Vec::new();
        for number in 0..10_000 {
            push(&mut list, number);
            assert!(list.capacity() <= list.len() + list.len() / 16 + 1);
        }
        while !list.is_empty() {
            remove(&mut list, 0);
            assert!(list.capacity() <= list.len() * 4 / 3 + 4);
        }
        assert_eq!(list.capacity(), 0);
    }
}
