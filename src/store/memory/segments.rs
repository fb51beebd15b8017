//! A list that grows without moving what is in it.

/// What moves when a `Vec` of millions grows takes milliseconds, in the middle of a write.
#[derive(Debug)]
pub(super) struct Segments<T>(Vec<Vec<T>>);

const SEGMENT: usize = 1 << 14;

impl<T> Default for Segments<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Segments<T> {
    pub(super) fn push(&mut self, value: T) {
        match self.0.last_mut() {
            Some(segment) if segment.len() < SEGMENT => segment.push(value),
            _ => {
                let mut segment = Vec::with_capacity(SEGMENT);
                segment.push(value);
                self.0.push(segment);
            }
        }
    }

    pub(super) fn get(&self, index: u32) -> Option<&T> {
        let index = index as usize;
        self.0.get(index / SEGMENT)?.get(index % SEGMENT)
    }

    pub(super) fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        let index = index as usize;
        self.0.get_mut(index / SEGMENT)?.get_mut(index % SEGMENT)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }
}
