use std::collections::HashSet;

use super::*;

#[test]
fn a_cell_is_a_world_in_which_everybody_is_warm() -> Result<()> {
    let extent = cell::Extent {
        authors: 200,
        follows: 1_000,
        round: Duration::from_micros(100),
    };
    let of_readers = cell::measure(Axis::Readers, 300, extent)?;
    assert_eq!(of_readers.readers, 300);
    // In small worlds nobody follows more than half of all.
    assert!((20.0..60.0).contains(&of_readers.streams), "{of_readers:?}");

    let of_streams = cell::measure(Axis::Streams, 10, extent)?;
    // They share a thousand follows.
    assert_eq!(of_streams.readers, 100);
    assert_eq!(of_streams.streams, 10.0);
    for cell in [of_readers, of_streams] {
        assert!(
            cell.deliveries > 0.0 && cell.entries_a_reader > 0.0,
            "{cell:?}"
        );
        let times = [cell.publish, cell.delivery, cell.home, cell.pull, cell.cold];
        assert!(times.iter().all(|time| *time > 0.0), "{cell:?}");
    }
    Ok(())
}

#[test]
fn what_is_measured_with_a_million_has_the_smaller_cells_too() {
    let of = |arguments: &[&str]| -> HashSet<(String, u32)> {
        let arguments = Arguments::parse_from([&["scaling"], arguments].concat());
        let cells = cells(&arguments).into_iter();
        cells
            .map(|(axis, size)| (format!("{axis:?}"), size))
            .collect()
    };
    let (without, with) = (of(&[]), of(&["--million"]));
    assert!(without.is_subset(&with));
    let more: Vec<_> = with.difference(&without).collect();
    assert_eq!(more, [&("Readers".to_owned(), 1_000_000)]);
}
