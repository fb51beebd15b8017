//! Expressions that make sense, and how trees are read as such.

use super::near::did_you_mean;
use super::operator::{Code, Four, Kind, OPERATORS, One, Operator, Takes, Three, Two};
use super::place::Place;
use super::program::Program;
use super::tree::{Tree, quoted};
use crate::error::Result;
use crate::rank::{Feature, HalfLife};

/// An expression; a condition is the number 1 or 0.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Constant(f64),
    /// By its index among those of the formula.
    Feature(usize),
    One(One, Box<Self>),
    /// From left to right, as many as there are.
    Two(Two, Box<Self>, Vec<Self>),
    Three(Three, Box<[Self; 3]>),
    Four(Four, Box<[Self; 4]>),
}

/// Reads trees as expressions, and keeps what features they look at.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// In the order in which they first occur, each once.
    pub(super) features: Vec<Feature>,
}

const NUMBER: &str = "a number, the name of a feature or an operator";
const CONDITION: &str = "a condition";

impl Reader {
    /// Reads a tree as an expression of this kind. O(*n* *f*) for *n* values and *f* features; calls itself as often
    /// as they nest.
    pub(super) fn read(&mut self, tree: &Tree, wanted: Kind, place: &Place<'_>) -> Result<Node> {
        match (tree, wanted) {
            (Tree::Number(number), Kind::Number) => Ok(Node::Constant(*number)),
            (Tree::Text(text), Kind::Number) => self.text(text, place),
            (Tree::Truth(truth), Kind::Condition) => {
                Ok(Node::Constant(f64::from(u8::from(*truth))))
            }
            (Tree::Fields(fields), _) => match fields.as_slice() {
                [(name, of)] => self.operator(name, of, wanted, place),
                _ => Err(place.error(format!(
                    "an operator is an object with one key, its name, and this is {}",
                    tree.shown()
                ))),
            },
            (Tree::Truth(_), Kind::Number) => Err(is_of_the_other_kind(wanted, tree, place)),
            (Tree::Number(_) | Tree::Text(_), Kind::Condition) => {
                Err(is_of_the_other_kind(wanted, tree, place))
            }
            (_, Kind::Number) => Err(tree.is_not(NUMBER, place)),
            (_, Kind::Condition) => Err(tree.is_not(CONDITION, place)),
        }
    }

    /// A duration in seconds, or a feature.
    fn text(&mut self, text: &str, place: &Place<'_>) -> Result<Node> {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            let duration: Result<HalfLife> = text.parse();
            let duration = duration.map_err(|source| {
                let said = format!(
                    "{} is no duration; give a whole number and a unit: 90s, 15m, 6h, 1d, 2w",
                    quoted(text)
                );
                place.error(said).because(source)
            })?;
            return Ok(Node::Constant(duration.seconds()));
        }
        let feature: Feature = text
            .parse()
            .map_err(|source| no_feature(text, place).because(source))?;
        let known = self.features.iter().position(|known| *known == feature);
        Ok(Node::Feature(known.unwrap_or_else(|| {
            self.features.push(feature);
            self.features.len() - 1
        })))
    }

    fn operator(&mut self, name: &str, of: &Tree, wanted: Kind, place: &Place<'_>) -> Result<Node> {
        let Some(operator) = Operator::named(name) else {
            let names: Vec<&str> = OPERATORS.iter().map(|operator| operator.name).collect();
            return Err(place.error(format!(
                "{} is no operator{}; there are {}",
                quoted(name),
                did_you_mean(name, names.iter().copied()),
                names.join(", ")
            )));
        };
        if operator.gives != wanted {
            return Err(place.error(format!(
                "{} is wanted here, and {name:?} gives {}",
                wanted.shown(),
                operator.gives.shown()
            )));
        }
        let place = place.field(operator.name);
        let of = match of {
            Tree::List(list) => self.list(operator, list, &place)?,
            alone if operator.takes_so_many(1) => {
                vec![self.read(alone, operator.kind_of(0), &place)?]
            }
            other => {
                let wanted = operator.takes();
                return Err(other.is_not(&wanted, &place));
            }
        };
        check_constants(operator, &of, &place)?;
        let Some(node) = node(operator.code, of) else {
            return Err(place.error(format!("{name:?} takes {}", operator.takes())));
        };
        fold(node, &place)
    }

    fn list(&mut self, operator: &Operator, list: &[Tree], place: &Place<'_>) -> Result<Vec<Node>> {
        if !operator.takes_so_many(list.len()) {
            return Err(place.error(format!(
                "{:?} takes {}, and this is a list of {}",
                operator.name,
                operator.takes(),
                list.len()
            )));
        }
        let of = list.iter().enumerate();
        of.map(|(index, tree)| self.read(tree, operator.kind_of(index), &place.index(index)))
            .collect()
    }
}

fn is_of_the_other_kind(wanted: Kind, tree: &Tree, place: &Place<'_>) -> crate::error::Error {
    let (wanted, is) = match wanted {
        Kind::Number => (Kind::Number, Kind::Condition),
        Kind::Condition => (Kind::Condition, Kind::Number),
    };
    place.error(format!(
        "{} is wanted here, and {} is {}",
        wanted.shown(),
        tree.shown(),
        is.shown()
    ))
}

fn no_feature(text: &str, place: &Place<'_>) -> crate::error::Error {
    const NAMES: [&str; 12] = [
        "age",
        "reactions",
        "replies",
        "affinity",
        "followers",
        "following",
        "posts",
        "common_groups",
        "seen",
        "is_own",
        "is_reply",
        "is_share",
    ];
    let (name, half_life) = match text.rsplit_once('@') {
        Some((name, half_life)) => (name, Some(half_life)),
        None => (text, None),
    };
    if let Some(half_life) = half_life
        && half_life.parse::<HalfLife>().is_err()
    {
        return place.error(format!(
            "{} is no half-life; give a whole number and a unit: 90s, 15m, 6h, 1d, 2w",
            quoted(half_life)
        ));
    }
    if half_life.is_some() && NAMES.contains(&name) {
        return place.error(format!(
            "{} has no half-life; only reactions, replies and affinity have",
            quoted(name)
        ));
    }
    let (family, _) = name.split_once(':').unwrap_or((name, ""));
    let is_operator = match Operator::named(text) {
        Some(operator) => format!(" but an operator, {{{:?}: …}}", operator.name),
        None => did_you_mean(family, NAMES.into_iter().chain(["host"])),
    };
    place.error(format!(
        "{} is no feature{is_operator}; there are {}, reactions:KIND and host:NAME, with @HALF-LIFE after \
         reactions, replies and affinity",
        quoted(text),
        NAMES.join(", ")
    ))
}

/// Constants that make no sense where they stand.
fn check_constants(operator: &Operator, of: &[Node], place: &Place<'_>) -> Result<()> {
    match (operator.code, of) {
        (Code::Clamp, [_, Node::Constant(low), Node::Constant(high)]) if low > high => Err(place
            .error(format!(
                "low is {low} and high is {high}; low is to be no higher than high"
            ))),
        (Code::Two(Two::Exponential | Two::Linear | Two::Gaussian), [_, Node::Constant(half)])
            if *half <= 0.0 =>
        {
            Err(place.index(1).error(format!(
                "{} is to be above 0, and this is {half}",
                second_name(operator)
            )))
        }
        (Code::Two(Two::Divide), [_, Node::Constant(by)]) if *by == 0.0 => {
            Err(place.index(1).error("nothing can be divided by 0"))
        }
        _ => Ok(()),
    }
}

fn second_name(operator: &Operator) -> &'static str {
    match operator.takes {
        Takes::These([_, (name, _), ..]) => name,
        Takes::These(_) | Takes::Some(..) => "it",
    }
}

/// The node of an operator and what it is applied to; `None` if they are not as many as it takes.
fn node(code: Code, of: Vec<Node>) -> Option<Node> {
    let count = of.len();
    let mut of = of.into_iter();
    let first = Box::new(of.next()?);
    Some(match code {
        Code::One(one) => Node::One(one, first),
        Code::Minus if count == 1 => Node::One(One::Negate, first),
        Code::Minus => Node::Two(Two::Subtract, first, of.collect()),
        Code::Two(two) => Node::Two(two, first, of.collect()),
        Code::Clamp => {
            let (low, high) = (of.next()?, of.next()?);
            let from_low = Node::Two(Two::Max, first, vec![low]);
            Node::Two(Two::Min, Box::new(from_low), vec![high])
        }
        Code::Three(three) => Node::Three(three, Box::new([*first, of.next()?, of.next()?])),
        Code::Four(four) => {
            Node::Four(four, Box::new([*first, of.next()?, of.next()?, of.next()?]))
        }
    })
}

/// The same, but a constant if it depends on no feature.
fn fold(node: Node, place: &Place<'_>) -> Result<Node> {
    if let Node::Three(Three::If, of) = &node
        && let [Node::Constant(condition), yes, no] = &**of
    {
        return Ok(if *condition == 0.0 {
            no.clone()
        } else {
            yes.clone()
        });
    }
    let is_constant = |node: &Node| matches!(node, Node::Constant(_));
    let folds = match &node {
        Node::Constant(_) | Node::Feature(_) => false,
        Node::One(_, x) => is_constant(x),
        // What a clamp comes to is two of these, one in the other.
        Node::Two(_, first, rest) => {
            let first = match &**first {
                Node::Two(_, first, rest) => is_constant(first) && rest.iter().all(is_constant),
                other => is_constant(other),
            };
            first && rest.iter().all(is_constant)
        }
        Node::Three(_, of) => of.iter().all(is_constant),
        Node::Four(_, of) => of.iter().all(is_constant),
    };
    if !folds {
        return Ok(node);
    }
    let mut value = f64::NAN;
    Program::new(&node).run(&[], 1, |_, values| {
        value = values.first().copied().unwrap_or(f64::NAN);
    });
    match value.is_finite() {
        true => Ok(Node::Constant(value)),
        false => Err(place.error(format!(
            "this depends on no feature and comes to {value}, which is no number to rank by"
        ))),
    }
}
