//! What formulas mean, read anew for each row.

use serde_json::Value;

use crate::rank::curves;

type Known<'a> = &'a dyn Fn(&str) -> f64;

fn operator(json: &Value) -> (&str, Vec<&Value>) {
    let (name, of) = json.as_object().unwrap().iter().next().unwrap();
    match of {
        Value::Array(of) => (name, of.iter().collect()),
        alone => (name, vec![alone]),
    }
}

pub(super) fn number(json: &Value, known: Known<'_>) -> f64 {
    match json {
        Value::Number(number) => return number.as_f64().unwrap(),
        Value::String(text) if text == "6h" => return 6.0 * 60.0 * 60.0,
        Value::String(text) => return known(text),
        _ => {}
    }
    let (name, of) = operator(json);
    if name == "if" {
        let chosen = if condition(of[0], known) {
            of[1]
        } else {
            of[2]
        };
        return number(chosen, known);
    }
    let of: Vec<f64> = of.into_iter().map(|of| number(of, known)).collect();
    let is_known = of.iter().all(|value| !value.is_nan());
    match (name, of.as_slice()) {
        ("default", [x, y]) => {
            if x.is_nan() {
                *y
            } else {
                *x
            }
        }
        _ if !is_known => f64::NAN,
        ("+", [first, rest @ ..]) => rest.iter().fold(*first, |sum, next| sum + next),
        ("*", [first, rest @ ..]) => rest.iter().fold(*first, |product, next| product * next),
        ("-", [x]) => -x,
        ("-", [x, y]) => x - y,
        ("/", [x, y]) => x / y,
        ("pow", [x, 2.0]) => x * x,
        ("pow", [x, 0.5]) if x.is_finite() => (x + 0.0).sqrt(),
        ("pow", [x, y]) => x.powf(*y),
        ("min", [first, rest @ ..]) => rest.iter().fold(*first, |x, y| least(x, *y)),
        ("max", [first, rest @ ..]) => rest.iter().fold(*first, |x, y| most(x, *y)),
        ("clamp", [x, low, high]) => least(most(*x, *low), *high),
        ("abs", [x]) => x.abs(),
        ("sqrt", [x]) => x.sqrt(),
        ("ln", [x]) => x.ln(),
        ("log10", [x]) => x.log10(),
        ("exp", [x]) => x.exp(),
        ("logistic", [x]) => 1.0 / (1.0 + (-x).exp()),
        ("exponential", [x, half]) => curves::exponential(*x, *half),
        ("linear", [x, end]) => curves::linear(*x, *end),
        ("gaussian", [x, half]) => curves::gaussian(*x, *half),
        ("hot", [score, age, power]) => curves::hot(*score, *age, *power),
        ("hot_scaled", [score, age, power, rate]) => {
            curves::hot_scaled(*score, *age, *power, *rate)
        }
        ("wilson", [positive, total, z]) => curves::wilson(*positive, *total, *z),
        other => panic!("{other:?}"),
    }
}

/// A fold meets what is not known midway: inf - inf.
fn least(x: f64, y: f64) -> f64 {
    match x.partial_cmp(&y) {
        None => f64::NAN,
        Some(order) => {
            if order.is_lt() {
                x
            } else {
                y
            }
        }
    }
}

fn most(x: f64, y: f64) -> f64 {
    match x.partial_cmp(&y) {
        None => f64::NAN,
        Some(order) => {
            if order.is_gt() {
                x
            } else {
                y
            }
        }
    }
}

pub(super) fn condition(json: &Value, known: Known<'_>) -> bool {
    if let Value::Bool(truth) = json {
        return *truth;
    }
    let (name, of) = operator(json);
    match (name, of.as_slice()) {
        ("and", of) => of.iter().all(|of| condition(of, known)),
        ("or", of) => of.iter().any(|of| condition(of, known)),
        ("not", [of]) => !condition(of, known),
        ("known", [x]) => !number(x, known).is_nan(),
        (name, [x, y]) => {
            let Some(order) = number(x, known).partial_cmp(&number(y, known)) else {
                return false;
            };
            match name {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                ">=" => order.is_ge(),
                "==" => order.is_eq(),
                "!=" => order.is_ne(),
                other => panic!("{other}"),
            }
        }
        other => panic!("{other:?}"),
    }
}

/// Whether it depends on no feature.
fn is_constant(json: &Value) -> bool {
    match json {
        Value::Number(_) | Value::Bool(_) => true,
        Value::String(text) => text == "6h",
        _ => match operator(json) {
            ("if", of) if is_constant(of[0]) => {
                let chosen = if condition(of[0], &|_| f64::NAN) {
                    of[1]
                } else {
                    of[2]
                };
                is_constant(chosen)
            }
            (_, of) => of.into_iter().all(is_constant),
        },
    }
}

/// Whether some part of it makes no sense whatever is known.
pub(super) fn is_refused(json: &Value) -> bool {
    if !json.is_object() {
        return false;
    }
    let (name, of) = operator(json);
    if of.iter().any(|of| is_refused(of)) {
        return true;
    }
    let constant = |at: usize| {
        let of = of.get(at).filter(|of| is_constant(of));
        of.map(|of| number(of, &|_| f64::NAN))
    };
    let makes_no_sense = match name {
        "clamp" => matches!((constant(1), constant(2)), (Some(low), Some(high)) if low > high),
        "exponential" | "linear" | "gaussian" => constant(1).is_some_and(|half| half <= 0.0),
        "/" => constant(1) == Some(0.0),
        _ => false,
    };
    let gives_number = ![
        "<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "known",
    ]
    .contains(&name);
    makes_no_sense
        || (gives_number && is_constant(json) && !number(json, &|_| f64::NAN).is_finite())
}
