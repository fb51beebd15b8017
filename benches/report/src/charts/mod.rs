//! Charts as SVG files: [`Bars`] and [`Lines`], both on logarithmic scales. What they have in common is here.
//!
//! Everything is placed by its pixel, so that no text lies on another.

mod bars;
mod lines;
mod scale;

use std::error::Error;
use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub use self::bars::{Bar, Bars, Row};
pub use self::lines::{Line, Lines, Panel};

/// Told apart by the colour-blind, too, and by their lightness on paper without colours: those of Okabe and Ito,
/// without the yellow.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(86, 180, 233),
    RGBColor(204, 121, 167),
    RGBColor(0, 0, 0),
];
const INK: RGBColor = RGBColor(40, 40, 40);
const GREY: RGBColor = RGBColor(110, 110, 110);
const GRID: RGBColor = RGBColor(225, 225, 225);
const TEXT: i32 = 14;
const TITLE: i32 = 19;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = std::result::Result<(), Box<dyn Error>>;

fn colour(number: usize) -> RGBColor {
    COLOURS[number % COLOURS.len()]
}

/// Draws on white paper of that size.
fn on_paper(path: &Path, size: (u32, u32), draw: impl FnOnce(&Area) -> Drawn) -> Result<()> {
    let area = SVGBackend::new(path, size).into_drawing_area();
    let drawn = (|| {
        area.fill(&WHITE)?;
        draw(&area)?;
        area.present()?;
        Ok(())
    })();
    drawn.map_err(|error: Box<dyn Error>| anyhow!("drawing {}: {error}", path.display()))
}

/// About how wide a text is.
fn width(text: &str, size: i32) -> i32 {
    (text.chars().count() as f64 * f64::from(size) * 0.58) as i32
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Middle,
    Right,
}

/// Writes a text with that side of it at the place, in the middle of its height.
fn write(area: &Area, text: &str, at: (i32, i32), size: i32, ink: RGBColor, side: Side) -> Drawn {
    let across = match side {
        Side::Left => HPos::Left,
        Side::Middle => HPos::Center,
        Side::Right => HPos::Right,
    };
    let font = ("sans-serif", size).into_font().color(&ink);
    let style = font.pos(Pos::new(across, VPos::Center));
    area.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}

fn line(area: &Area, points: Vec<(i32, i32)>, style: impl Into<ShapeStyle>) -> Drawn {
    area.draw(&PathElement::new(points, style))?;
    Ok(())
}
