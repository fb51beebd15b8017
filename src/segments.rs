//! A list that grows without moving what is in it.

/// Grows by segments of `N`: what moves when a `Vec` of millions grows takes milliseconds, in the middle of a
/// write.
#[derive(Debug)]
pub(crate) struct Segments<T, const N: usize> {
    segments: Vec<Vec<T>>,
    /// How many stand in a segment, at most `N`. Each segment begins at a multiple of `N` all the same, so that
    /// finding a value is as quick whatever their size.
    room: usize,
}

impl<T, const N: usize> Default for Segments<T, N> {
    fn default() -> Self {
        Self::with_room(N)
    }
}

impl<T, const N: usize> Segments<T, N> {
    /// Segments of so many: from 1 to `N`.
    pub(crate) fn with_room(room: usize) -> Self {
        Self {
            segments: Vec::new(),
            room: room.clamp(1, N),
        }
    }

    pub(crate) fn push(&mut self, value: T) {
        if self.left() == 0 {
            self.add_segment();
        }
        if let Some(segment) = self.segments.last_mut() {
            segment.push(value);
        }
    }

    /// Makes room for one segment more, once there is [none left](Self::left).
    pub(crate) fn add_segment(&mut self) {
        self.segments.push(Vec::with_capacity(self.room));
    }

    /// How many find room before there has to be another segment.
    pub(crate) fn left(&self) -> usize {
        let last = self.segments.last();
        last.map_or(0, |segment| self.room - segment.len())
    }

    /// The number that the next one gets.
    pub(crate) fn next(&self) -> usize {
        let segments = self.segments.len();
        match self.segments.last() {
            Some(last) if last.len() < self.room => (segments - 1) * N + last.len(),
            _ => segments * N,
        }
    }

    /// The bytes that another segment takes, with its share of the list of them, which grows by doubling: the old one
    /// and the new one are both there for a moment.
    pub(crate) const fn bytes_a_segment(&self) -> usize {
        self.room * size_of::<T>() + 4 * size_of::<Vec<T>>()
    }

    #[inline]
    pub(crate) fn get(&self, index: u32) -> Option<&T> {
        let index = index as usize;
        self.segments.get(index / N)?.get(index % N)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        let index = index as usize;
        self.segments.get_mut(index / N)?.get_mut(index % N)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.segments.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_is_found_in_its_order() {
        let mut segments = Segments::<u32, 4>::default();
        for number in 0..10 {
            assert_eq!(segments.next(), number as usize);
            assert_eq!(segments.get(number), None);
            segments.push(number);
            assert_eq!(segments.get(number), Some(&number));
        }
        *segments.get_mut(4).unwrap() = 44;
        assert!(segments.iter().eq(&[0, 1, 2, 3, 44, 5, 6, 7, 8, 9]));
    }

    #[test]
    fn smaller_segments_leave_numbers_out() {
        let mut segments = Segments::<char, 4>::with_room(3);
        for (value, number) in "abcdefg".chars().zip([0, 1, 2, 4, 5, 6, 8]) {
            assert_eq!(segments.next(), number as usize);
            segments.push(value);
            assert_eq!(segments.get(number), Some(&value));
        }
        assert_eq!(segments.get(3), None);
        assert_eq!(segments.left(), 2);
    }
}
