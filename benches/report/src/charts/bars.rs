//! Bars that lie, in groups, on a logarithmic scale.

use std::path::Path;

use anyhow::Result;
use plotters::prelude::*;

use super::scale::Scale;
use super::{
    Area, Drawn, GREY, GRID, INK, Side, TEXT, TITLE, colour, line, on_paper, width, write,
};
use crate::text::{digits, short};

pub struct Bars<'a> {
    pub title: String,
    /// What the length of a bar is.
    pub axis: &'a str,
    /// Of each place in a row; nothing is explained where there is one without a name.
    pub series: Vec<String>,
    /// What a mark is.
    pub mark: &'a str,
    pub rows: Vec<Row>,
}

/// Bars that belong together.
pub struct Row {
    pub name: String,
    /// One for each of the series that has one.
    pub bars: Vec<Option<Bar>>,
}

#[derive(Clone, Copy)]
pub struct Bar {
    pub value: f64,
    /// Another value, shown as a line across the bar.
    pub mark: Option<f64>,
}

const WIDTH: i32 = 900;
const BAR: i32 = 17;
const BETWEEN_ROWS: i32 = 14;
const MARGIN: i32 = 18;
/// For the number behind the longest bar.
const ROOM_BEHIND: i32 = 80;
const MARK: RGBColor = RGBColor(170, 0, 60);

impl Bars<'_> {
    pub fn draw(&self, path: &Path) -> Result<()> {
        let top = MARGIN + TITLE + 14 + self.height_of_the_legend();
        let height = top + self.rows.len() as i32 * self.height_of_a_row() + 66;
        on_paper(path, (WIDTH as u32, height as u32), |area| {
            let at = (MARGIN, MARGIN + TITLE / 2);
            write(area, &self.title, at, TITLE, INK, Side::Left)?;
            self.legend(area)?;
            self.body(area, top)
        })
    }

    fn height_of_a_row(&self) -> i32 {
        self.series.len() as i32 * BAR + BETWEEN_ROWS
    }

    fn has_marks(&self) -> bool {
        let bars = self.rows.iter().flat_map(|row| &row.bars);
        bars.flatten().any(|bar| bar.mark.is_some())
    }

    fn height_of_the_legend(&self) -> i32 {
        let is_there = self.has_marks() || self.series.iter().any(|name| !name.is_empty());
        if is_there { 26 } else { 0 }
    }

    fn legend(&self, area: &Area) -> Drawn {
        let (mut x, y) = (MARGIN, MARGIN + TITLE + 18);
        for (number, name) in self.series.iter().enumerate() {
            if name.is_empty() {
                continue;
            }
            let sample = [(x, y - 6), (x + 16, y + 6)];
            area.draw(&Rectangle::new(sample, colour(number).filled()))?;
            write(area, name, (x + 22, y), TEXT, INK, Side::Left)?;
            x += 22 + width(name, TEXT) + 20;
        }
        if self.has_marks() {
            line(
                area,
                vec![(x + 3, y - 7), (x + 3, y + 7)],
                MARK.stroke_width(3),
            )?;
            write(area, self.mark, (x + 12, y), TEXT, INK, Side::Left)?;
        }
        Ok(())
    }

    fn body(&self, area: &Area, top: i32) -> Drawn {
        let names = self.rows.iter().map(|row| width(&row.name, TEXT));
        let left = MARGIN + names.max().unwrap_or(0) + 10;
        let bars = || self.rows.iter().flat_map(|row| &row.bars).flatten();
        let values = bars().flat_map(|bar| [Some(bar.value), bar.mark]).flatten();
        let scale = Scale::of_bars(values, (left, WIDTH - MARGIN - ROOM_BEHIND));
        let bottom = top + self.rows.len() as i32 * self.height_of_a_row();
        for tick in scale.ticks() {
            let x = scale.at(tick);
            line(area, vec![(x, top), (x, bottom)], GRID)?;
            write(
                area,
                &short(tick),
                (x, bottom + 14),
                TEXT,
                GREY,
                Side::Middle,
            )?;
        }
        let middle = ((left + WIDTH - MARGIN) / 2, bottom + 40);
        write(area, self.axis, middle, TEXT, GREY, Side::Middle)?;
        for (number, row) in self.rows.iter().enumerate() {
            let top = top + number as i32 * self.height_of_a_row() + BETWEEN_ROWS / 2;
            let middle = top + self.series.len() as i32 * BAR / 2;
            write(area, &row.name, (left - 10, middle), TEXT, INK, Side::Right)?;
            for (place, bar) in row.bars.iter().enumerate() {
                if let Some(bar) = bar {
                    draw_bar(area, &scale, top + place as i32 * BAR, *bar, colour(place))?;
                }
            }
        }
        line(area, vec![(left, top), (left, bottom)], GREY)
    }
}

fn draw_bar(area: &Area, scale: &Scale, top: i32, bar: Bar, colour: RGBColor) -> Drawn {
    let end = scale.at(bar.value);
    let corners = [(scale.start(), top + 1), (end, top + BAR - 1)];
    area.draw(&Rectangle::new(corners, colour.filled()))?;
    let mut behind = end;
    if let Some(mark) = bar.mark {
        let x = scale.at(mark);
        line(
            area,
            vec![(x, top - 1), (x, top + BAR)],
            MARK.stroke_width(3),
        )?;
        // The number stands clear of a mark that comes soon after the bar.
        if (end - 4..end + 44).contains(&x) {
            behind = x;
        }
    }
    let at = (behind + 6, top + BAR / 2);
    write(area, &digits(bar.value), at, TEXT - 1, INK, Side::Left)
}
