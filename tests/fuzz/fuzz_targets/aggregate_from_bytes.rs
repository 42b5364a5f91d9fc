#![no_main]
//! Bytes as an aggregate: refused, or an aggregate that writes what was read.

use libfuzzer_sys::fuzz_target;
use textgauge_engine::Aggregate;
use xxhash_rust::xxh3::xxh3_128;

fuzz_target!(|bytes: &[u8]| {
    // With and without the mark and the checksum, which the fuzzer need not find.
    let mut marked = [b"textgauge aggregate 3\n", bytes].concat();
    marked.extend(xxh3_128(&marked).to_le_bytes());
    for bytes in [bytes, &marked] {
        if let Ok((plan, aggregate)) = Aggregate::from_bytes(bytes) {
            let (_, again) = Aggregate::from_bytes(&aggregate.to_bytes(&plan)).expect("its own bytes");
            assert_eq!(again, aggregate);
            assert_eq!(aggregate.finalise(&plan).expect("sums in range").len(), plan.columns().len());
        }
    }
});
