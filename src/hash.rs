//! Tables whose keys are ids of 16 bytes.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// Hashes ids for the tables of this process: two multiplications a key, some 2 ns, where the
/// hash of the standard library costs some 15.
///
/// Ids are chosen by strangers (an actor's id is made from a name that somebody picked), so what
/// is multiplied are the key's halves mixed with two secrets, drawn anew for each table from
/// where the standard library draws its own: who does not know them cannot choose ids that meet
/// in one slot. It is no hash to show to anybody, since hashes that are seen tell the secrets.
#[derive(Clone, Copy)]
pub(crate) struct Keyed {
    secrets: [u64; 2],
}

impl Default for Keyed {
    fn default() -> Self {
        let random = RandomState::new();
        Self {
            secrets: [0, 1].map(|number: u64| random.hash_one(number)),
        }
    }
}

impl BuildHasher for Keyed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        let [state, secret] = self.secrets;
        Folded { state, secret }
    }
}

/// One hash in the making.
pub(crate) struct Folded {
    state: u64,
    secret: u64,
}

impl Folded {
    #[inline]
    fn take(&mut self, chunk: [u8; 16]) {
        let [low, high] = halves(chunk);
        self.state = fold(self.state ^ low, self.secret ^ high);
    }
}

impl Hasher for Folded {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (whole, rest) = bytes.as_chunks::<16>();
        for chunk in whole {
            self.take(*chunk);
        }
        if !rest.is_empty() {
            let mut chunk = [0; 16];
            for (to, from) in chunk.iter_mut().zip(rest) {
                *to = *from;
            }
            self.take(chunk);
        }
    }

    /// Once more: after one product, ids that differ in a few high bits only still crowd together.
    #[inline]
    fn finish(&self) -> u64 {
        fold(self.state, self.secret)
    }
}

/// Both halves of the product count: the low one alone would not see the high bits of the factors.
#[inline]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    let [low, high] = halves(product.to_le_bytes());
    low ^ high
}

#[inline]
fn halves(bytes: [u8; 16]) -> [u64; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
    [[a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p]].map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::*;

    const MANY: u64 = 1 << 16;

    /// Ids of a host's numbers differ in a few bits, wherever, and those of names in all.
    fn ids() -> Vec<Vec<Uuid>> {
        let numbers = || (0..MANY).map(u128::from);
        let named = |number: u128| Uuid::new_v5(&Uuid::nil(), &number.to_le_bytes());
        let mut ids = vec![numbers().map(named).collect()];
        for shift in [0, 4, 40, 48, 64, 100, 112] {
            let shifted = |number| Uuid::from_u128(number << shift);
            ids.push(numbers().map(shifted).collect());
        }
        ids
    }

    #[test]
    fn ids_fall_evenly_into_slots() {
        for ids in ids() {
            let keyed = Keyed::default();
            let hashes: Vec<u64> = ids.iter().map(|id| keyed.hash_one(id)).collect();
            assert_eq!(hashes.iter().collect::<HashSet<_>>().len(), ids.len());
            // At random, 1 - 1/e = 63 % of the slots are taken, give or take 0.1 %. Tables pick
            // the slot by the low bits, and tell keys in it apart by the high ones.
            for shift in [0, 48] {
                let slots: HashSet<u64> = hashes
                    .iter()
                    .map(|hash| hash >> shift & (MANY - 1))
                    .collect();
                assert!(slots.len() > 40_000, "{} slots", slots.len());
            }
        }
    }

    #[test]
    fn each_table_has_secrets_of_its_own() {
        let id = Uuid::from_u128(1);
        let hashes: HashSet<u64> = (0..10).map(|_| Keyed::default().hash_one(id)).collect();
        assert_eq!(hashes.len(), 10);
    }

    #[test]
    fn keys_of_any_length_differ_by_each_byte() {
        let keyed = Keyed::default();
        for length in 1..50 {
            let key = vec![7_u8; length];
            let hash = |key: &[u8]| {
                let mut hasher = keyed.build_hasher();
                hasher.write(key);
                hasher.finish()
            };
            for at in 0..length {
                let mut other = key.clone();
                other[at] = 8;
                assert_ne!(hash(&key), hash(&other), "byte {at} of {length}");
            }
        }
    }
}
