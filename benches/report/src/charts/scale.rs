//! Where a value stands on a logarithmic axis.

pub struct Scale {
    /// Decimal logarithms of both ends.
    from: f64,
    to: f64,
    /// The pixels of both ends.
    pixels: (i32, i32),
}

impl Scale {
    /// One that shows all of these, with a little room at both ends. What is not above 0 cannot be shown.
    pub fn around(values: impl Iterator<Item = f64>, pixels: (i32, i32)) -> Self {
        let (from, to) = ends(values);
        let room = ((to - from) * 0.04).max(0.05);
        Self {
            from: from - room,
            to: to + room,
            pixels,
        }
    }

    /// The same for bars, whose length begins at a power of ten; the shortest still has one.
    pub fn of_bars(values: impl Iterator<Item = f64>, pixels: (i32, i32)) -> Self {
        let (from, to) = ends(values);
        Self {
            from: (from - 0.02).floor(),
            to,
            pixels,
        }
    }

    pub fn at(&self, value: f64) -> i32 {
        let share = (value.max(1e-12).log10() - self.from) / (self.to - self.from);
        let (from, to) = (f64::from(self.pixels.0), f64::from(self.pixels.1));
        (from + share.clamp(0.0, 1.0) * (to - from)).round() as i32
    }

    pub fn start(&self) -> i32 {
        self.pixels.0
    }

    /// Round numbers, some three to eight of them: powers of ten, or with twos and fives between where the
    /// axis is short.
    pub fn ticks(&self) -> Vec<f64> {
        let between: &[f64] = match self.to - self.from {
            ..0.5 => &[1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0],
            0.5..1.2 => &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0],
            1.2..2.5 => &[1.0, 2.0, 5.0],
            _ => &[1.0],
        };
        let decades = self.from.floor() as i32..=self.to.ceil() as i32;
        let decades = decades.map(|decade| 10_f64.powi(decade));
        let ticks = decades.flat_map(|unit| between.iter().map(move |number| number * unit));
        let is_on_it = |tick: &f64| {
            let logarithm = tick.log10();
            logarithm > self.from - 1e-9 && logarithm < self.to + 1e-9
        };
        ticks.filter(is_on_it).collect()
    }
}

/// Decimal logarithms of the least and the most.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let logarithms = values.filter(|value| *value > 0.0).map(f64::log10);
    let ends = logarithms.fold((f64::MAX, f64::MIN), |(from, to), value| {
        (from.min(value), to.max(value))
    });
    if ends.0 > ends.1 { (0.0, 1.0) } else { ends }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn values_keep_their_order_and_stay_on_the_axis() {
        let scale = Scale::around([0.3, 7_000.0].into_iter(), (100, 500));
        let places = [0.3, 1.0, 20.0, 7_000.0].map(|value| scale.at(value));
        assert!(places.is_sorted(), "{places:?}");
        assert!(places[0] > 100 && places[3] < 500, "{places:?}");
        assert_eq!(scale.at(1e9), 500);
        assert_eq!(scale.at(0.0), 100);
    }

    #[test]
    fn each_decade_is_as_long_as_the_next() {
        let scale = Scale::around([1.0, 1_000.0].into_iter(), (0, 3_000));
        let decade = scale.at(10.0) - scale.at(1.0);
        assert!((scale.at(100.0) - scale.at(10.0) - decade).abs() <= 1);
    }

    #[test]
    fn ticks_are_round_and_neither_few_nor_many() {
        for (least, most) in [
            (0.8, 1.4),
            (1.0, 3.0),
            (1.0, 30.0),
            (0.01, 900.0),
            (1.0, 1e6),
        ] {
            let ticks = Scale::around([least, most].into_iter(), (0, 1)).ticks();
            assert!((2..=10).contains(&ticks.len()), "{least} {most}: {ticks:?}");
        }
    }

    #[test]
    fn bars_begin_at_a_power_of_ten_and_the_shortest_has_a_length() {
        for (least, begin) in [
            (1.3, 1.0),
            (2.8, 1.0),
            (1.01, 0.1),
            (10.0, 1.0),
            (950.0, 100.0),
        ] {
            let scale = Scale::of_bars([least, 8_000.0].into_iter(), (0, 600));
            assert_eq!(scale.at(begin), 0, "{least}");
            assert!(scale.at(begin * 1.1) > 0, "{least}");
            assert_eq!(scale.at(8_000.0), 600, "{least}");
            assert!(scale.at(least) > 5, "{least}");
        }
    }

    #[test]
    fn nothing_to_show_is_no_error() {
        let scale = Scale::around(std::iter::empty(), (0, 100));
        assert!(!scale.ticks().is_empty());
    }
}
