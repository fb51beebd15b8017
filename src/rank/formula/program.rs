//! Formulas as a row of steps over columns.

use super::node::Node;
use super::operator::{Four, One, Three, Two};

/// Steps, whose last leaves the value in the first register.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    /// How many registers it needs.
    pub(super) registers: usize,
}

/// Where a step reads one number for each row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// What is known of a feature, by its index.
    Column(usize),
    /// A register that many after the one that comes next to what the step writes.
    Later(usize),
}

/// Something that is done to all rows of a register, `to`, which is also the first that it reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Fill {
        to: usize,
        value: f64,
    },
    Copy {
        to: usize,
        column: usize,
    },
    One {
        to: usize,
        one: One,
    },
    TwoConstant {
        to: usize,
        two: Two,
        value: f64,
    },
    Two {
        to: usize,
        two: Two,
        with: Source,
    },
    Three {
        to: usize,
        three: Three,
        with: [Source; 2],
    },
    Four {
        to: usize,
        four: Four,
        with: [Source; 3],
    },
}

impl Step {
    pub(super) const fn to(&self) -> usize {
        match self {
            Self::Fill { to, .. }
            | Self::Copy { to, .. }
            | Self::One { to, .. }
            | Self::TwoConstant { to, .. }
            | Self::Two { to, .. }
            | Self::Three { to, .. }
            | Self::Four { to, .. } => *to,
        }
    }
}

impl Program {
    /// O(*n*) for *n* nodes; calls itself as often as they nest.
    pub(super) fn new(node: &Node) -> Self {
        let mut program = Self::default();
        program.put(node, 0);
        program
    }

    /// Adds the steps after which the value is in register `to`. They write no register before it.
    fn put(&mut self, node: &Node, to: usize) {
        self.registers = self.registers.max(to + 1);
        match node {
            Node::Constant(value) => self.steps.push(Step::Fill { to, value: *value }),
            Node::Feature(column) => self.steps.push(Step::Copy {
                to,
                column: *column,
            }),
            Node::One(one, x) => {
                self.put(x, to);
                self.steps.push(Step::One { to, one: *one });
            }
            Node::Two(two, first, rest) => {
                self.put(first, to);
                for next in rest {
                    let step = match next {
                        Node::Constant(value) => Step::TwoConstant {
                            to,
                            two: *two,
                            value: *value,
                        },
                        _ => Step::Two {
                            to,
                            two: *two,
                            with: self.source(next, to, 0),
                        },
                    };
                    self.steps.push(step);
                }
            }
            Node::Three(three, of) => {
                let [x, y, z] = &**of;
                self.put(x, to);
                let with = [self.source(y, to, 0), self.source(z, to, 1)];
                let three = *three;
                self.steps.push(Step::Three { to, three, with });
            }
            Node::Four(four, of) => {
                let [w, x, y, z] = &**of;
                self.put(w, to);
                let with = [
                    self.source(x, to, 0),
                    self.source(y, to, 1),
                    self.source(z, to, 2),
                ];
                let four = *four;
                self.steps.push(Step::Four { to, four, with });
            }
        }
    }

    /// Where the value of a node is to be read, once it is there.
    fn source(&mut self, node: &Node, to: usize, later: usize) -> Source {
        match node {
            Node::Feature(column) => Source::Column(*column),
            _ => {
                self.put(node, to + 1 + later);
                Source::Later(later)
            }
        }
    }
}
