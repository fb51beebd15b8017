//! What formulas come to: an operator at a time, over a block of rows at a time.
//!
//! A block is so short that what is in the works stays close to the processor, and so long that looking up the
//! operator costs nothing. The loops are plain, for the compiler to make several rows at once of them.

use super::operator::{Four, One, Three, Two};
use super::program::{Program, Source, Step};
use crate::rank::curves;

/// Rows that are worked on at once.
const BLOCK: usize = 128;

type Register = [f64; BLOCK];

/// What is known of a feature that nobody gathered.
static UNKNOWN: Register = [f64::NAN; BLOCK];

/// The columns of a program, at the block that is worked on.
#[derive(Clone, Copy)]
struct Block<'a> {
    columns: &'a [Option<&'a [f64]>],
    start: usize,
    rows: usize,
}

impl<'a> Block<'a> {
    fn column(&self, column: usize) -> &'a [f64] {
        let values = self.columns.get(column).copied().flatten();
        values
            .and_then(|values| values.get(self.start..self.start + self.rows))
            .or_else(|| UNKNOWN.get(..self.rows))
            .unwrap_or_default()
    }
}

impl Program {
    /// Gives the value of each row to `each`, in slices from the first row on. O(*s* *n*) for *s* steps and *n* rows,
    /// with one allocation: a kilobyte for each operator that waits for others at once.
    pub(super) fn run(
        &self,
        columns: &[Option<&[f64]>],
        rows: usize,
        mut each: impl FnMut(usize, &[f64]),
    ) {
        let mut registers = vec![[0.0; BLOCK]; self.registers];
        for start in (0..rows).step_by(BLOCK) {
            let block = Block {
                columns,
                start,
                rows: (rows - start).min(BLOCK),
            };
            for step in &self.steps {
                step.run(&block, &mut registers);
            }
            let first = registers.first().and_then(|first| first.get(..block.rows));
            each(start, first.unwrap_or_default());
        }
    }
}

impl Step {
    fn run(&self, block: &Block<'_>, registers: &mut [Register]) {
        // What a step reads comes after what it writes.
        let Some((until, after)) = registers.split_at_mut_checked(self.to() + 1) else {
            return;
        };
        let Some(to) = until.last_mut().and_then(|to| to.get_mut(..block.rows)) else {
            return;
        };
        let many = |source: Source| match source {
            Source::Column(column) => block.column(column),
            Source::Later(register) => after
                .get(register)
                .and_then(|values| values.get(..block.rows))
                .unwrap_or_default(),
        };
        match *self {
            Self::Fill { value, .. } => to.fill(value),
            Self::Copy { column, .. } => to.copy_from_slice(block.column(column)),
            Self::One { one, .. } => one.run(to),
            Self::TwoConstant { two, value, .. } => two.run(Constant(value), to),
            Self::Two { two, with, .. } => two.run(Many(many(with)), to),
            Self::Three {
                three,
                with: [y, z],
                ..
            } => three.run(many(y), many(z), to),
            Self::Four {
                four,
                with: [x, y, z],
                ..
            } => four.run(many(x), many(y), many(z), to),
        }
    }
}

/// The second of two: the same for all rows, or one for each.
trait Second {
    fn apply(self, to: &mut [f64], of: impl Fn(f64, f64) -> f64);
}

struct Constant(f64);

struct Many<'a>(&'a [f64]);

impl Second for Constant {
    fn apply(self, to: &mut [f64], of: impl Fn(f64, f64) -> f64) {
        for x in to {
            *x = of(*x, self.0);
        }
    }
}

impl Second for Many<'_> {
    fn apply(self, to: &mut [f64], of: impl Fn(f64, f64) -> f64) {
        for (x, y) in to.iter_mut().zip(self.0) {
            *x = of(*x, *y);
        }
    }
}

impl One {
    fn run(self, to: &mut [f64]) {
        fn each(to: &mut [f64], of: impl Fn(f64) -> f64) {
            for x in to {
                *x = of(*x);
            }
        }
        match self {
            Self::Negate => each(to, |x| -x),
            Self::Abs => each(to, f64::abs),
            Self::Sqrt => each(to, f64::sqrt),
            Self::Ln => each(to, f64::ln),
            Self::Log10 => each(to, f64::log10),
            Self::Exp => each(to, f64::exp),
            Self::Logistic => each(to, |x| 1.0 / (1.0 + (-x).exp())),
            Self::Not => each(to, |x| 1.0 - x),
            Self::Known => each(to, |x| holds(!x.is_nan())),
        }
    }
}

impl Two {
    fn run(self, second: impl Second, to: &mut [f64]) {
        match self {
            Self::Add => second.apply(to, |x, y| x + y),
            Self::Subtract => second.apply(to, |x, y| x - y),
            Self::Multiply => second.apply(to, |x, y| x * y),
            Self::Divide => second.apply(to, |x, y| x / y),
            Self::Pow => second.apply(to, power),
            // Unlike `f64::min` and `f64::max`, these do not leave out what is not known.
            Self::Min => second.apply(to, |x, y| if x < y || x.is_nan() { x } else { y }),
            Self::Max => second.apply(to, |x, y| if x > y || x.is_nan() { x } else { y }),
            Self::Default => second.apply(to, |x, y| if x.is_nan() { y } else { x }),
            Self::Exponential => second.apply(to, curves::exponential),
            Self::Linear => second.apply(to, curves::linear),
            Self::Gaussian => second.apply(to, curves::gaussian),
            Self::Less => second.apply(to, |x, y| holds(x < y)),
            Self::LessOrEqual => second.apply(to, |x, y| holds(x <= y)),
            Self::Greater => second.apply(to, |x, y| holds(x > y)),
            Self::GreaterOrEqual => second.apply(to, |x, y| holds(x >= y)),
            Self::Equal => second.apply(to, |x, y| holds(x == y)),
            Self::NotEqual => second.apply(to, |x, y| holds(differ(x, y))),
            Self::And => second.apply(to, |x, y| x * y),
            Self::Or => second.apply(to, |x, y| if x > y { x } else { y }),
        }
    }
}

impl Three {
    fn run(self, y: &[f64], z: &[f64], to: &mut [f64]) {
        fn each(y: &[f64], z: &[f64], to: &mut [f64], of: impl Fn(f64, f64, f64) -> f64) {
            for ((x, y), z) in to.iter_mut().zip(y).zip(z) {
                *x = of(*x, *y, *z);
            }
        }
        match self {
            Self::If => each(y, z, to, |x, y, z| if x != 0.0 { y } else { z }),
            Self::Hot => each(y, z, to, hot),
            Self::Wilson => each(y, z, to, wilson),
        }
    }
}

impl Four {
    fn run(self, x: &[f64], y: &[f64], z: &[f64], to: &mut [f64]) {
        match self {
            Self::HotScaled => {
                for (((to, x), y), z) in to.iter_mut().zip(x).zip(y).zip(z) {
                    *to = hot_scaled(*to, *x, *y, *z);
                }
            }
        }
    }
}

const fn holds(truth: bool) -> f64 {
    if truth { 1.0 } else { 0.0 }
}

#[expect(clippy::double_comparisons, reason = "what is not known is neither")]
fn differ(x: f64, y: f64) -> bool {
    x < y || x > y
}

/// What is not known stays so: elsewhere, NaN to the power of 0 is 1, as is 1 to the power of NaN. A square is a
/// product, and a half of it a square root, which are as exact and far cheaper.
fn power(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        x * x
    } else if y == 0.5 && x.is_finite() {
        // -0.0 is 0.0 then, as it is to any other power.
        (x + 0.0).sqrt()
    } else if x.is_nan() || y.is_nan() {
        f64::NAN
    } else {
        x.powf(y)
    }
}

fn hot(score: f64, age: f64, power: f64) -> f64 {
    match age.is_nan() || power.is_nan() {
        true => f64::NAN,
        false => curves::hot(score, age, power),
    }
}

fn hot_scaled(score: f64, age: f64, power: f64, rate: f64) -> f64 {
    match age.is_nan() || power.is_nan() || rate.is_nan() {
        true => f64::NAN,
        false => curves::hot_scaled(score, age, power, rate),
    }
}

fn wilson(positive: f64, total: f64, z: f64) -> f64 {
    match positive.is_nan() || total.is_nan() || z.is_nan() {
        true => f64::NAN,
        false => curves::wilson(positive, total, z),
    }
}
