//! Lines over a logarithmic axis, in panels side by side that share what is above one another.

use std::path::Path;

use anyhow::Result;
use plotters::prelude::*;

use super::scale::Scale;
use super::{
    Area, Drawn, GREY, GRID, INK, Side, TEXT, TITLE, colour, line, on_paper, width, write,
};
use crate::text::short;

pub struct Lines<'a> {
    pub title: String,
    /// What is upwards.
    pub axis: &'a str,
    pub panels: Vec<Panel>,
    /// A value to be compared with: dashed.
    pub level: Option<f64>,
}

pub struct Panel {
    /// What is to the right.
    pub axis: String,
    pub lines: Vec<Line>,
}

/// Lines of the same place in their panels have the same colour.
pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

const MARGIN: i32 = 18;
const TOP: i32 = 84;
const HEIGHT: i32 = 330;
const WIDTH: i32 = 330;
/// For the numbers of the axis.
const LEFT: i32 = 58;
/// From one name to the next.
const BETWEEN_NAMES: i32 = 17;

impl Lines<'_> {
    pub fn draw(&self, path: &Path) -> Result<()> {
        let lines = self.panels.iter().flat_map(|panel| &panel.lines);
        let names = lines.map(|line| width(&line.name, TEXT)).max().unwrap_or(0);
        let width_of_a_panel = LEFT + WIDTH + 14 + names;
        let width = 2 * MARGIN + self.panels.len() as i32 * width_of_a_panel;
        let height = TOP + HEIGHT + 66;
        on_paper(path, (width.max(620) as u32, height as u32), |area| {
            let at = (MARGIN, MARGIN + TITLE / 2);
            write(area, &self.title, at, TITLE, INK, Side::Left)?;
            write(area, self.axis, (MARGIN, TOP - 22), TEXT, GREY, Side::Left)?;
            let upwards = self.upwards();
            for (number, panel) in self.panels.iter().enumerate() {
                let left = MARGIN + LEFT + number as i32 * width_of_a_panel;
                self.panel(area, panel, left, &upwards)?;
            }
            Ok(())
        })
    }

    fn upwards(&self) -> Scale {
        let lines = self.panels.iter().flat_map(|panel| &panel.lines);
        let points = lines.flat_map(|line| &line.points);
        let values = points.map(|(_, y)| *y);
        Scale::around(values.chain(self.level), (TOP + HEIGHT, TOP))
    }

    fn panel(&self, area: &Area, panel: &Panel, left: i32, upwards: &Scale) -> Drawn {
        let (right, bottom) = (left + WIDTH, TOP + HEIGHT);
        let points = panel.lines.iter().flat_map(|line| &line.points);
        let across = Scale::around(points.map(|(x, _)| *x), (left, right));
        for tick in upwards.ticks() {
            let y = upwards.at(tick);
            line(area, vec![(left, y), (right, y)], GRID)?;
            write(area, &short(tick), (left - 8, y), TEXT, GREY, Side::Right)?;
        }
        for tick in across.ticks() {
            let x = across.at(tick);
            line(area, vec![(x, TOP), (x, bottom)], GRID)?;
            write(
                area,
                &short(tick),
                (x, bottom + 15),
                TEXT,
                GREY,
                Side::Middle,
            )?;
        }
        line(
            area,
            vec![(left, TOP), (left, bottom), (right, bottom)],
            GREY,
        )?;
        let middle = ((left + right) / 2, bottom + 40);
        write(area, &panel.axis, middle, TEXT, GREY, Side::Middle)?;
        if let Some(level) = self.level {
            let y = upwards.at(level);
            for x in (left..right).step_by(10) {
                line(area, vec![(x, y), (x + 5, y)], GREY.stroke_width(1))?;
            }
        }
        for (number, drawn) in panel.lines.iter().enumerate() {
            let place = |(x, y): &(f64, f64)| (across.at(*x), upwards.at(*y));
            let points: Vec<(i32, i32)> = drawn.points.iter().map(place).collect();
            for point in &points {
                area.draw(&Circle::new(*point, 4, colour(number).filled()))?;
            }
            line(area, points, colour(number).stroke_width(2))?;
        }
        names(area, panel, right, upwards)
    }
}

/// Writes the name of each line where it ends, or as near as the others leave room.
fn names(area: &Area, panel: &Panel, right: i32, upwards: &Scale) -> Drawn {
    let ends = panel.lines.iter().enumerate();
    let ends = ends.filter_map(|(number, line)| {
        let (_, y) = line.points.last()?;
        Some((upwards.at(*y), number))
    });
    let mut ends: Vec<(i32, usize)> = ends.collect();
    ends.sort_unstable();
    let wished: Vec<i32> = ends.iter().map(|(y, _)| *y).collect();
    for (y, (_, number)) in apart(&wished, BETWEEN_NAMES).into_iter().zip(&ends) {
        let name = &panel.lines[*number].name;
        write(
            area,
            name,
            (right + 8, y),
            TEXT,
            colour(*number),
            Side::Left,
        )?;
    }
    Ok(())
}

/// Places at least so far from each other, in the same order, and near to those that are wished for.
fn apart(wished: &[i32], between: i32) -> Vec<i32> {
    // Heaps of names that touch; each stands in the middle of what its own wish for.
    let mut heaps: Vec<(f64, Vec<i32>)> = Vec::new();
    let middle = |wishes: &[i32]| {
        let firsts = wishes.iter().zip(0..);
        let firsts = firsts.map(|(wish, place)| f64::from(wish - place * between));
        firsts.sum::<f64>() / wishes.len() as f64
    };
    for wish in wished {
        let mut heap = (f64::from(*wish), vec![*wish]);
        while let Some((start, wishes)) = heaps.pop() {
            if start + wishes.len() as f64 * f64::from(between) <= heap.0 {
                heaps.push((start, wishes));
                break;
            }
            let both = [wishes, heap.1].concat();
            heap = (middle(&both), both);
        }
        heaps.push(heap);
    }
    let places = heaps.iter().flat_map(|(start, wishes)| {
        let names = 0..wishes.len() as i32;
        names.map(move |name| start.round() as i32 + name * between)
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn names_that_are_far_apart_stay_where_they_are() {
        assert_eq!(apart(&[10, 50, 90], 17), [10, 50, 90]);
    }

    #[test]
    fn names_that_would_touch_make_room_in_both_directions() {
        assert_eq!(apart(&[50, 50], 16), [42, 58]);
        assert_eq!(apart(&[50, 50, 50], 16), [34, 50, 66]);
    }

    #[test]
    fn names_are_never_nearer_than_said() {
        for wished in [vec![0, 1, 2, 30, 31, 47], vec![5, 5, 6, 6, 7, 90, 91]] {
            let places = apart(&wished, 17);
            assert_eq!(places.len(), wished.len());
            let between = places.windows(2).map(|pair| pair[1] - pair[0]);
            assert!(between.clone().all(|between| between >= 17), "{places:?}");
        }
    }

    #[test]
    fn no_name_is_no_place() {
        assert!(apart(&[], 17).is_empty());
    }
}
