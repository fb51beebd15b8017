use proptest::prelude::*;

use super::drive::Drive;
use super::step::BYTES;

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(400), max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    /// Contract 2 to 5: whatever is done in whatever order, with every strategy, with timelines of
    /// every size and without, each answer is the naive one.
    #[test]
    fn every_answer_is_that_of_the_contract(
        capacity in prop_oneof![1..6_usize, 6..40_usize, Just(800)],
        steps in prop::collection::vec(any::<[u8; BYTES]>(), 1..250),
    ) {
        Drive::new(capacity).run(&steps);
    }
}

#[cfg(feature = "disk")]
proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(100), max_shrink_iters: 1_000, ..ProptestConfig::default() })]

    /// contract 2.6: also on disks, which are closed and opened again in between.
    #[test]
    fn every_answer_is_that_of_the_contract_after_reopening(
        steps in prop::collection::vec(any::<[u8; BYTES]>(), 1..150),
    ) {
        Drive::with_disks(3).run(&steps);
    }
}
