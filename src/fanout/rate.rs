//! How often something happens, estimated from what is forgotten of it.

/// A count that halves with every week that passes, and for how long it has been counted.
///
/// Something that happens x times a day for a long time comes to a count of about 10.1·x, from
/// which [`a_day`](Self::a_day) finds x again; and while it has not been counted for long, from how long that is:
/// what happened six times in the first two days happens three times a day. Seven bytes hold it, whatever
/// happens. Time is told in whole hours, so none of it costs a power or a logarithm.
///
/// ```
/// use anabranch::fanout::Rate;
///
/// let once = Rate::default().after_one_more(0);
/// assert!(once.a_day(0) > once.a_day(2 * 86_400));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    count: f32,
    /// Unix hours: as of when the count holds.
    at: u32,
    /// For how many hours it had been counted by then; [`LONG`](Self::LONG) is that or more.
    age: u32,
}

const HALF_LIFE: u32 = 7 * 24;
const HOUR: u32 = 3_600;
/// Nobody goes on for long as in the first minutes.
const LEAST_DAYS: f32 = 0.25;

/// What is left of 1 after each hour of a half-life.
const LEFT: [f32; HALF_LIFE as usize] = {
    // The 168th root of a half.
    const HOURLY: f64 = 0.995_882_623_658_297_4;
    let mut left = [1.0; HALF_LIFE as usize];
    let mut exact = 1.0;
    let mut hour = 0;
    while hour < left.len() {
        #[allow(clippy::cast_possible_truncation, clippy::indexing_slicing)]
        {
            left[hour] = exact as f32;
        }
        exact *= HOURLY;
        hour += 1;
    }
    left
};

impl Rate {
    /// Six half-lives, about: from then on it makes no difference for how long it was.
    const LONG: u32 = (1 << Self::AGE_BITS) - 1;
    const AGE_BITS: u32 = 10;
    const AT_BITS: u32 = 20;
    const COUNT_BITS: u32 = 20;
    /// How many of the lowest bits of [`to_bits`](Self::to_bits) are in use.
    pub const BITS: u32 = Self::AGE_BITS + Self::AT_BITS + Self::COUNT_BITS;
    /// Of the 23 binary digits behind the point of a float, eight are left off, and of its exponents
    /// those below this one.
    const DIGITS_OFF: u32 = 8;
    const LEAST_EXPONENT: u32 = 119;

    /// The same, after it happened once more at `seconds` Unix seconds.
    #[must_use]
    pub fn after_one_more(self, seconds: u32) -> Self {
        if self.count <= 0.0 {
            return Self {
                count: 1.0,
                at: seconds / HOUR,
                age: 0,
            };
        }
        let passed = self.passed(seconds);
        Self {
            count: self.count * left(passed) + 1.0,
            at: self.at + passed,
            age: self.age.saturating_add(passed).min(Self::LONG),
        }
    }

    /// How often it happens in a day, as of `seconds` Unix seconds. What was counted for less than six hours is
    /// taken as if for six.
    #[must_use]
    pub fn a_day(self, seconds: u32) -> f64 {
        const DAYS: f32 = 7.0 / std::f32::consts::LN_2;
        let passed = self.passed(seconds);
        let age = self.age.saturating_add(passed);
        // So many days would have given the count, had nothing of them been forgotten.
        let days = if age < Self::LONG {
            DAYS * (1.0 - left(age))
        } else {
            DAYS
        };
        f64::from(self.count * left(passed) / days.max(LEAST_DAYS))
    }

    fn passed(self, seconds: u32) -> u32 {
        (seconds / HOUR).saturating_sub(self.at)
    }

    /// The estimate in [`BITS`](Self::BITS) bits, for a cell that many threads share: four digits of the count,
    /// which goes to some hundred thousand, and an hour until the year 2089.
    #[must_use]
    pub fn to_bits(self) -> u64 {
        let most = (1 << Self::COUNT_BITS) - 1;
        let least = Self::LEAST_EXPONENT << (23 - Self::DIGITS_OFF);
        let rounded = self.count.max(0.0).to_bits() + (1 << (Self::DIGITS_OFF - 1));
        let count = (rounded >> Self::DIGITS_OFF)
            .saturating_sub(least)
            .min(most);
        let at = self.at.min((1 << Self::AT_BITS) - 1);
        let age = self.age.min(Self::LONG);
        let [count, at, age] = [count, at, age].map(u64::from);
        (count << Self::AT_BITS | at) << Self::AGE_BITS | age
    }

    /// What [`to_bits`](Self::to_bits) gave, about.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        let part = |from: u32, length: u32| {
            let part = bits >> from & ((1 << length) - 1);
            u32::try_from(part).unwrap_or_default()
        };
        let count = part(Self::AGE_BITS + Self::AT_BITS, Self::COUNT_BITS);
        let least = Self::LEAST_EXPONENT << (23 - Self::DIGITS_OFF);
        Self {
            count: if count == 0 {
                0.0
            } else {
                f32::from_bits((count + least) << Self::DIGITS_OFF)
            },
            at: part(Self::AGE_BITS, Self::AT_BITS),
            age: part(0, Self::AGE_BITS),
        }
    }
}

/// What is left of 1 after so many hours.
fn left(hours: u32) -> f32 {
    let halvings = hours / HALF_LIFE;
    let of_the_last = LEFT.get((hours % HALF_LIFE) as usize).copied();
    // Exponents of floats end at -126, and nothing of interest is left long before.
    let halved = f32::from_bits(127_u32.saturating_sub(halvings) << 23);
    of_the_last.unwrap_or_default() * halved
}
