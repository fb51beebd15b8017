//! Lots, drawn from a seed.

/// The numbers of SplitMix64, by their place in its sequence: a counter that is mixed, so that any of them can be had
/// without those before. G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number Generators",
/// OOPSLA 2014; the constants are those of its 64-bit mix (variant 13 of D. Stafford). Nothing secret hangs on them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lots {
    seed: u64,
}

impl Lots {
    pub(super) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// All 64 bits of a lot.
    pub(super) const fn bits(self, lot: u64) -> u64 {
        const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
        let counter = self
            .seed
            .wrapping_add(GAMMA.wrapping_mul(lot.wrapping_add(1)));
        let mixed = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1, in steps of 2⁻⁵³.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub(super) const fn fraction(self, lot: u64) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.bits(lot) >> 11) as f64 * STEP
    }

    /// One of the numbers below `end`, none likelier than another by more than `end` in 2⁶⁴; 0 below 0 and 1.
    pub(super) fn below(self, lot: u64, end: usize) -> usize {
        let scaled = u128::from(self.bits(lot)) * u128::try_from(end).unwrap_or(0);
        usize::try_from(scaled >> 64).unwrap_or(0)
    }
}
