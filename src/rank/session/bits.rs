//! Numbers of any width, one after the other, the highest bit first.

/// A string of bits that grows.
#[derive(Clone, Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// The last bits, fewer than eight, that are no whole byte yet.
    held: u128,
    holds: u32,
}

impl Writer {
    /// The low `width` bits of a value; 64 at most.
    pub(super) fn put(&mut self, value: u64, width: u32) {
        self.held = self.held << width | u128::from(value & ones(width));
        self.holds += width;
        while self.holds >= 8 {
            self.holds -= 8;
            let [.., byte] = (self.held >> self.holds).to_be_bytes();
            self.bytes.push(byte);
            self.held &= u128::from(ones(self.holds));
        }
    }

    /// A value below `bound`, in at most as many bits as the bound needs, and one less for the lowest values: the
    /// truncated binary code.
    pub(super) fn put_below(&mut self, value: u64, bound: u64) {
        let (width, short) = truncated(bound);
        if value < short {
            self.put(value, width);
        } else {
            self.put(value + short, width + 1);
        }
    }

    /// A value of at most 48 bits, in few bits if it is below some 2^`low`: the exponential Golomb code of that
    /// order (Teuhola 1978).
    pub(super) fn put_near(&mut self, value: u64, low: u32) {
        let high = (value >> low) + 1;
        let width = high.ilog2();
        self.put(0, width);
        self.put(high, width + 1);
        self.put(value, low);
    }

    /// How many bits that would take.
    pub(super) fn near(value: u64, low: u32) -> u32 {
        2 * ((value >> low) + 1).ilog2() + 1 + low
    }

    /// How many bits there are.
    pub(super) fn len(&self) -> usize {
        let holds = usize::try_from(self.holds).unwrap_or_default();
        self.bytes.len() * 8 + holds
    }

    /// The bits, with zeros up to the next whole byte.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        if self.holds > 0 {
            self.put(0, 8 - self.holds);
        }
        self.bytes
    }

    /// The whole bytes, if fewer than six bits are left over and those are zeros.
    pub(super) fn into_whole_bytes(self) -> Option<Vec<u8>> {
        (self.holds < 6 && self.held == 0).then_some(self.bytes)
    }
}

/// What is left to read of a string of bits.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    held: u128,
    holds: u32,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            held: 0,
            holds: 0,
        }
    }

    /// The next `width` bits; 64 at most.
    pub(super) fn take(&mut self, width: u32) -> Option<u64> {
        while self.holds < width {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            self.held = self.held << 8 | u128::from(byte);
            self.holds += 8;
        }
        self.holds -= width;
        let value = self.held >> self.holds;
        self.held &= u128::from(ones(self.holds));
        u64::try_from(value).ok()
    }

    /// A value below `bound`.
    pub(super) fn take_below(&mut self, bound: u64) -> Option<u64> {
        let (width, short) = truncated(bound);
        let value = self.take(width)?;
        if value < short {
            return Some(value);
        }
        let value = (value << 1 | self.take(1)?) - short;
        (value < bound).then_some(value)
    }

    /// A value of at most 48 bits, of the order that it was written with.
    pub(super) fn take_near(&mut self, low: u32) -> Option<u64> {
        let mut width = 0;
        while self.take(1)? == 0 {
            width += 1;
            if width + low > 48 {
                return None;
            }
        }
        let high = (1 << width | self.take(width)?) - 1;
        let value = high << low | self.take(low)?;
        (value <= ones(48)).then_some(value)
    }

    /// How many bits are left.
    pub(super) fn left(&self) -> usize {
        let holds = usize::try_from(self.holds).unwrap_or_default();
        self.bytes.len() * 8 + holds
    }

    /// Whether nothing is left but the zeros up to the end of a byte.
    pub(super) fn is_done(&self) -> bool {
        self.bytes.is_empty() && self.holds < 8 && self.held == 0
    }
}

/// As many ones, 64 at most.
pub(super) const fn ones(width: u32) -> u64 {
    match u64::MAX.checked_shr(64 - width) {
        Some(ones) => ones,
        None => 0,
    }
}

/// How many bits the shorter codes of values below `bound` have, and how many values have those.
fn truncated(bound: u64) -> (u32, u64) {
    let width = bound.checked_ilog2().unwrap_or_default();
    (width, (2 << width) - bound)
}
