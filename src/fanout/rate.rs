//! How often something happens, estimated from what is forgotten of it.

/// A count that halves with every week that passes.
///
/// Something that happens x times a day for a long time comes to a count of about 10.1·x, from
/// which [`a_day`](Self::a_day) finds x again. Two numbers hold it, whatever happens.
///
/// ```
/// use anabranch::fanout::Rate;
///
/// let once = Rate::default().after_one_more(0);
/// assert!(once.a_day(0) > once.a_day(86_400));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    count: f32,
    /// Unix seconds.
    at: u32,
}

const HALF_LIFE: f64 = 7.0 * DAY;
const DAY: f64 = 86_400.0;

impl Rate {
    /// The same, after it happened once more at `seconds` Unix seconds.
    #[must_use]
    pub fn after_one_more(self, seconds: u32) -> Self {
        // A count has seven digits, of which none but the first three matter.
        #[allow(clippy::cast_possible_truncation)]
        let count = self.count_at(seconds) as f32 + 1.0;
        Self {
            count,
            at: seconds.max(self.at),
        }
    }

    /// How often it happens in a day, as of `seconds` Unix seconds.
    #[must_use]
    pub fn a_day(self, seconds: u32) -> f64 {
        self.count_at(seconds) * std::f64::consts::LN_2 * DAY / HALF_LIFE
    }

    fn count_at(self, seconds: u32) -> f64 {
        let passed = f64::from(seconds.saturating_sub(self.at));
        f64::from(self.count) * (-passed / HALF_LIFE).exp2()
    }

    /// The estimate in 64 bits, for a cell that many threads share.
    #[must_use]
    pub fn to_bits(self) -> u64 {
        u64::from(self.count.to_bits()) << 32 | u64::from(self.at)
    }

    /// What [`to_bits`](Self::to_bits) gave.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        let [a, b, c, d, rest @ ..] = bits.to_be_bytes();
        Self {
            count: f32::from_bits(u32::from_be_bytes([a, b, c, d])),
            at: u32::from_be_bytes(rest),
        }
    }
}
