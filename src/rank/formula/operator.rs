//! The operators of the language, in one table: what reads formulas, what describes them and what is tested
//! goes by it.

/// What an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rank) enum Kind {
    Number,
    /// As a number: 1 where it holds, and 0 where it does not.
    Condition,
}

impl Kind {
    pub(in crate::rank) const fn shown(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Condition => "a condition",
        }
    }
}

/// Of one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum One {
    Negate,
    Abs,
    Sqrt,
    Ln,
    Log10,
    Exp,
    Logistic,
    Not,
    Known,
}

/// Of two columns, or a column and a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Two {
    Add,
    Subtract,
    Multiply,
    Divide,
    Pow,
    Min,
    Max,
    Default,
    Exponential,
    Linear,
    Gaussian,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

/// Of three columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Three {
    If,
    Hot,
    Wilson,
}

/// Of four columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Four {
    HotScaled,
}

/// What an operator comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    One(One),
    /// From left to right, where there are more.
    Two(Two),
    Three(Three),
    Four(Four),
    /// [`One::Negate`] or [`Two::Subtract`].
    Minus,
    /// [`Two::Max`], and then [`Two::Min`].
    Clamp,
}

/// What an operator is applied to.
#[derive(Clone, Copy, Debug)]
pub(in crate::rank) enum Takes {
    /// As many as one likes up to this, and at least one, all of a kind.
    Some(Kind, usize),
    /// Just these, by what errors and descriptions call them.
    These(&'static [(&'static str, Kind)]),
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(in crate::rank) struct Operator {
    pub(in crate::rank) name: &'static str,
    pub(super) code: Code,
    pub(in crate::rank) takes: Takes,
    pub(in crate::rank) gives: Kind,
    #[cfg_attr(
        not(feature = "schema"),
        expect(dead_code, reason = "only the schema tells")
    )]
    pub(in crate::rank) about: &'static str,
}

impl Operator {
    /// The operator of a name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        OPERATORS.iter().find(|operator| operator.name == name)
    }

    /// What it takes, for an error.
    pub(super) fn takes(&self) -> String {
        match self.takes {
            Takes::Some(_, usize::MAX) => "a list of one or more".into(),
            Takes::Some(_, most) => format!("a list of one to {most}"),
            Takes::These([(name, _)]) => format!("{name} alone"),
            Takes::These(these) => {
                let names: Vec<&str> = these.iter().map(|(name, _)| *name).collect();
                format!("a list of {}: [{}]", these.len(), names.join(", "))
            }
        }
    }

    /// Whether it takes so many.
    pub(super) const fn takes_so_many(&self, count: usize) -> bool {
        match self.takes {
            Takes::Some(_, most) => 0 < count && count <= most,
            Takes::These(these) => these.len() == count,
        }
    }

    /// Of which kind the one at an index is to be.
    pub(super) fn kind_of(&self, index: usize) -> Kind {
        match self.takes {
            Takes::Some(kind, _) => kind,
            Takes::These(these) => these.get(index).map_or(Kind::Number, |(_, kind)| *kind),
        }
    }
}

const fn number(name: &'static str, code: Code, takes: Takes, about: &'static str) -> Operator {
    Operator {
        name,
        code,
        takes,
        gives: Kind::Number,
        about,
    }
}

const fn condition(name: &'static str, code: Code, takes: Takes, about: &'static str) -> Operator {
    Operator {
        name,
        code,
        takes,
        gives: Kind::Condition,
        about,
    }
}

const NUMBERS: Takes = Takes::Some(Kind::Number, usize::MAX);
const CONDITIONS: Takes = Takes::Some(Kind::Condition, usize::MAX);
const X: Takes = Takes::These(&[("x", Kind::Number)]);
const X_Y: Takes = Takes::These(&[("x", Kind::Number), ("y", Kind::Number)]);
const X_HALF: Takes = Takes::These(&[("x", Kind::Number), ("half", Kind::Number)]);

#[rustfmt::skip]
pub(in crate::rank) const OPERATORS: &[Operator] = &[
    number("+", Code::Two(Two::Add), NUMBERS, "The sum of them."),
    number("-", Code::Minus, Takes::Some(Kind::Number, 2), "x less y; of x alone, what it is below 0."),
    number("*", Code::Two(Two::Multiply), NUMBERS, "The product of them."),
    number("/", Code::Two(Two::Divide), X_Y, "x by y. Something by 0 is infinite, which ranks last."),
    number("pow", Code::Two(Two::Pow), X_Y, "x to the power of y."),
    number("min", Code::Two(Two::Min), NUMBERS, "The least of them."),
    number("max", Code::Two(Two::Max), NUMBERS, "The greatest of them."),
    number("abs", Code::One(One::Abs), X, "x without its sign."),
    number("sqrt", Code::One(One::Sqrt), X, "The square root of x."),
    number("ln", Code::One(One::Ln), X, "The natural logarithm of x."),
    number("log10", Code::One(One::Log10), X, "The decimal logarithm of x."),
    number("exp", Code::One(One::Exp), X, "e to the power of x."),
    number("logistic", Code::One(One::Logistic), X, "1 / (1 + e^-x): from 0 over a half at 0 to 1."),
    number("clamp", Code::Clamp, Takes::These(&[("x", Kind::Number), ("low", Kind::Number), ("high", Kind::Number)]),
        "x, but low where it is lower and high where it is higher."),
    number("default", Code::Two(Two::Default), Takes::These(&[("x", Kind::Number), ("value", Kind::Number)]),
        "x, but the value where x is not known."),
    number("if", Code::Three(Three::If),
        Takes::These(&[("condition", Kind::Condition), ("then", Kind::Number), ("else", Kind::Number)]),
        "One number where the condition holds, another where it does not."),
    number("exponential", Code::Two(Two::Exponential), X_HALF, "1 at 0, and half of it after each half."),
    number("linear", Code::Two(Two::Linear), Takes::These(&[("x", Kind::Number), ("end", Kind::Number)]),
        "1 at 0, and evenly down to 0 at the end."),
    number("gaussian", Code::Two(Two::Gaussian), X_HALF, "1 at 0, slowly at first down to a half at half: a bell."),
    number("hot", Code::Three(Three::Hot),
        Takes::These(&[("score", Kind::Number), ("age", Kind::Number), ("power", Kind::Number)]),
        "log10(1 + score) / (1 + age)^power."),
    number("hot_scaled", Code::Four(Four::HotScaled),
        Takes::These(&[("score", Kind::Number), ("age", Kind::Number), ("power", Kind::Number), ("rate", Kind::Number)]),
        "hot, with the age times the rate in place of the age."),
    number("wilson", Code::Three(Three::Wilson),
        Takes::These(&[("positive", Kind::Number), ("total", Kind::Number), ("z", Kind::Number)]),
        "The lower bound of Wilson's interval for the share of positive votes in all, at z standard deviations."),
    condition("<", Code::Two(Two::Less), X_Y, "x is below y."),
    condition("<=", Code::Two(Two::LessOrEqual), X_Y, "x is y or below."),
    condition(">", Code::Two(Two::Greater), X_Y, "x is above y."),
    condition(">=", Code::Two(Two::GreaterOrEqual), X_Y, "x is y or above."),
    condition("==", Code::Two(Two::Equal), X_Y, "x is y."),
    condition("!=", Code::Two(Two::NotEqual), X_Y, "Both are known, and x is not y."),
    condition("and", Code::Two(Two::And), CONDITIONS, "All of them hold."),
    condition("or", Code::Two(Two::Or), CONDITIONS, "At least one of them holds."),
    condition("not", Code::One(One::Not), Takes::These(&[("condition", Kind::Condition)]), "It does not hold."),
    condition("known", Code::One(One::Known), X, "x is known."),
];
