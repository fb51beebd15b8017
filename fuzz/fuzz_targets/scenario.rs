//! Whatever is done in whatever order, every answer is that of the contract: steps from bytes, with
//! every strategy, with timelines of every size and without, against the naive model.

#![no_main]

use anabranch::naive::drive::Drive;
use anabranch::naive::step::BYTES;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((capacity, bytes)) = bytes.split_first() else {
        return;
    };
    let (steps, _) = bytes.as_chunks::<BYTES>();
    let steps = &steps[..steps.len().min(300)];
    Drive::new(usize::from(*capacity).max(1)).run(steps);
});
