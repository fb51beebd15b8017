//! Who is delivered to when somebody posts.

use crate::world::World;

/// The followers of each author, and the author, whose home holds its own posts, too.
pub struct Followers {
    starts: Vec<u32>,
    readers: Vec<u32>,
}

impl Followers {
    pub fn new(world: &World) -> Self {
        let mut starts = vec![0];
        let mut end = 0;
        for count in world.followers() {
            end += count + 1;
            starts.push(end);
        }
        let mut free = starts.clone();
        let mut readers = vec![0; end as usize];
        for reader in 0..world.readers() {
            for author in with_oneself(world, reader) {
                let at = &mut free[author as usize];
                readers[*at as usize] = reader;
                *at += 1;
            }
        }
        Self { starts, readers }
    }

    pub fn of(&self, author: u32) -> &[u32] {
        let (from, to) = (
            self.starts[author as usize],
            self.starts[author as usize + 1],
        );
        &self.readers[from as usize..to as usize]
    }
}

/// Whose posts are in the reader's home: of those it follows, and its own.
pub fn with_oneself(world: &World, reader: u32) -> impl Iterator<Item = u32> + '_ {
    let followed = world.follows(reader).iter().copied();
    followed.chain([reader])
}
