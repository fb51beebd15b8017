//! Time per operation by peer and mix, as bars on a logarithmic scale.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::outcome::{Figures, Run};

/// One colour a mix; dark enough for white paper, and told apart without colour by their lightness.
const COLOURS: [RGBColor; 2] = [RGBColor(31, 78, 121), RGBColor(127, 175, 214)];
const SERVER: RGBColor = RGBColor(200, 60, 30);
const HEIGHT_OF_A_PEER: u32 = 52;
/// How much of a peer's height a bar takes.
const BAR: f64 = 0.36;

pub fn draw(run: &Run, path: &Path) -> Result<()> {
    let peers: Vec<&Figures> = run.measured().collect();
    let size = (900, 120 + HEIGHT_OF_A_PEER * peers.len() as u32);
    let area = SVGBackend::new(path, size).into_drawing_area();
    bars(&area, run, &peers).map_err(|error| anyhow!("{error}"))
}

type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

fn bars(
    area: &DrawingArea<SVGBackend, plotters::coord::Shift>,
    run: &Run,
    peers: &[&Figures],
) -> Drawn {
    area.fill(&WHITE)?;
    let (least, most) = range(peers);
    let mut chart = ChartBuilder::on(area)
        .caption(
            format!("Time an operation, {} readers", run.readers),
            ("sans-serif", 20),
        )
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(130)
        .build_cartesian_2d((least..most).log_scale(), peers.len() as f64..0.0)?;
    // Peers are named beside their bars: lines of a mesh would name the numbers between them.
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .y_labels(0)
        .x_labels(10)
        .x_label_formatter(&|time| format!("{time}"))
        .x_desc("microseconds (logarithmic)")
        .light_line_style(WHITE)
        .draw()?;
    let first_mixes = peers.first().map_or(&[][..], |peer| &peer.mixes);
    for (place, (mix, colour)) in first_mixes.iter().zip(COLOURS).enumerate() {
        let bars = peers.iter().enumerate().map(|(row, peer)| {
            let top = top(row, place);
            let time = peer.mixes[place].an_operation.end_to_end;
            Rectangle::new([(least, top), (time, top + BAR)], colour.filled())
        });
        chart
            .draw_series(bars)?
            .label(format!("one post to {} reads", mix.reads_a_post))
            .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 14, y + 5)], colour.filled()));
        chart.draw_series(peers.iter().enumerate().map(|(row, peer)| {
            let time = peer.mixes[place].an_operation.end_to_end;
            let style = ("sans-serif", 12).into_font();
            EmptyElement::at((time, top(row, place)))
                + Text::new(format!("{time:.0$}", decimals(time)), (5, 4), style)
        }))?;
        let marks = peers.iter().enumerate().filter_map(|(row, peer)| {
            let time = peer.mixes[place].an_operation.in_server?.max(least);
            let top = top(row, place);
            let line = SERVER.stroke_width(3);
            Some(PathElement::new(vec![(time, top), (time, top + BAR)], line))
        });
        let marks = chart.draw_series(marks)?;
        if place + 1 == first_mixes.len() {
            marks.label("of that in the server").legend(|(x, y)| {
                PathElement::new(vec![(x + 7, y - 6), (x + 7, y + 6)], SERVER.stroke_width(3))
            });
        }
    }
    let names = peers.iter().enumerate().map(|(row, peer)| {
        let style = ("sans-serif", 14).into_font();
        EmptyElement::at((least, row as f64 + 0.5))
            + Text::new(peer.peer.clone(), (-125, -7), style)
    });
    for name in names {
        chart.plotting_area().draw(&name)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.9))
        .border_style(BLACK.mix(0.3))
        .label_font(("sans-serif", 13))
        .draw()?;
    area.present()?;
    Ok(())
}

fn top(row: usize, place: usize) -> f64 {
    row as f64 + 0.12 + place as f64 * (BAR + 0.04)
}

/// Whole decades around all bars and marks, so that the shortest still has a length.
fn range(peers: &[&Figures]) -> (f64, f64) {
    let costs = peers.iter().flat_map(|peer| &peer.mixes);
    let costs = costs.map(|mix| mix.an_operation);
    let times = costs.flat_map(|cost| [Some(cost.end_to_end), cost.in_server]);
    // A server that was never asked has no place on a logarithmic scale.
    let times = times.flatten().map(|time| time.max(1e-3));
    let (least, most) = times.fold((f64::MAX, f64::MIN), |(least, most), time| {
        (least.min(time), most.max(time))
    });
    let decade = |time: f64| 10f64.powf(time);
    (
        decade((least * 0.9).log10().floor()),
        decade((most * 1.1).log10().ceil()),
    )
}

fn decimals(time: f64) -> usize {
    match time {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    }
}
