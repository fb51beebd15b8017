//! A list that grows without moving what is in it.

/// Grows by segments of `N`: what moves when a `Vec` of millions grows takes milliseconds, in the middle of a
/// write.
#[derive(Debug)]
pub(crate) struct Segments<T, const N: usize>(Vec<Vec<T>>);

impl<T, const N: usize> Default for Segments<T, N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const N: usize> Segments<T, N> {
    pub(crate) fn push(&mut self, value: T) {
        match self.0.last_mut() {
            Some(segment) if segment.len() < N => segment.push(value),
            _ => {
                let mut segment = Vec::with_capacity(N);
                segment.push(value);
                self.0.push(segment);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        let full = self.0.len().saturating_sub(1);
        full * N + self.0.last().map_or(0, Vec::len)
    }

    #[inline]
    pub(crate) fn get(&self, index: u32) -> Option<&T> {
        let index = index as usize;
        self.0.get(index / N)?.get(index % N)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        let index = index as usize;
        self.0.get_mut(index / N)?.get_mut(index % N)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_is_found_in_its_order() {
        let mut segments = Segments::<u32, 4>::default();
        for number in 0..10 {
            assert_eq!(segments.len(), number as usize);
            assert_eq!(segments.get(number), None);
            segments.push(number);
            assert_eq!(segments.get(number), Some(&number));
        }
        *segments.get_mut(4).unwrap() = 44;
        assert!(segments.iter().eq(&[0, 1, 2, 3, 44, 5, 6, 7, 8, 9]));
    }
}
