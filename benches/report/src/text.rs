//! Numbers as readers of tables want them, and tables.

/// Three digits that count; a dash for what nothing was divided by.
pub fn digits(figure: f64) -> String {
    if !figure.is_finite() {
        return "–".into();
    }
    match figure.abs() {
        0.0 => "0".into(),
        // What is rounded up to a further digit before the point has one fewer behind it.
        ..0.09995 => format!("{figure:.4}"),
        ..0.9995 => format!("{figure:.3}"),
        ..9.995 => format!("{figure:.2}"),
        ..99.95 => format!("{figure:.1}"),
        _ => grouped(figure.round() as i64),
    }
}

/// A round number, as it stands at an axis.
pub fn short(figure: f64) -> String {
    match figure {
        1e6.. => format!("{}M", figure / 1e6),
        1e3.. => format!("{}k", figure / 1e3),
        // What powers of ten leave over behind the last digit.
        _ => format!("{}", (figure * 1e9).round() / 1e9),
    }
}

/// With commas between thousands.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time, with the unit that suits it.
pub fn time(nanoseconds: f64) -> String {
    let (figure, unit) = match nanoseconds {
        ..1e3 => (nanoseconds, "ns"),
        ..1e6 => (nanoseconds / 1e3, "µs"),
        ..1e9 => (nanoseconds / 1e6, "ms"),
        _ => (nanoseconds / 1e9, "s"),
    };
    format!("{} {unit}", digits(figure))
}

/// What there may be none of.
pub fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".into())
}

/// A table in Markdown; the first column is text, the others are numbers.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let rules: Vec<&str> = (0..head.len())
        .map(|column| if column == 0 { "---" } else { "--:" })
        .collect();
    let mut text = format!("| {} |\n|{}|\n", head.join(" | "), rules.join("|"));
    for row in rows {
        text += &format!("| {} |\n", row.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{digits, grouped, short, table, time};

    #[test]
    fn three_digits_count() {
        let figures = [0.01234, 0.1234, 1.234, 12.34, 123.4, 1_234_567.0];
        let texts = figures.map(digits);
        assert_eq!([0.0, 1.0 / 0.0].map(digits), ["0", "–"]);
        assert_eq!([0.9999, 9.999, 99.99].map(digits), ["1.00", "10.0", "100"]);
        assert_eq!(
            texts,
            ["0.0123", "0.123", "1.23", "12.3", "123", "1,234,567"]
        );
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(
            [0, 999, 1_000, -1_234_567].map(grouped),
            ["0", "999", "1,000", "-1,234,567"]
        );
    }

    #[test]
    fn axes_are_short() {
        let figures = [1e-3, 0.3, 1.5, 100.0, 5e3, 2e6];
        assert_eq!(
            figures.map(short),
            ["0.001", "0.3", "1.5", "100", "5k", "2M"]
        );
    }

    #[test]
    fn times_have_the_unit_that_suits_them() {
        let times = [3.2, 4_560.0, 78_900_000.0, 1.5e9].map(time);
        assert_eq!(times, ["3.20 ns", "4.56 µs", "78.9 ms", "1.50 s"]);
    }

    #[test]
    fn a_table_is_markdown() {
        let text = table(&["what", "time"], [vec!["a".into(), "1".into()]]);
        assert_eq!(text, "| what | time |\n|---|--:|\n| a | 1 |\n");
    }
}
