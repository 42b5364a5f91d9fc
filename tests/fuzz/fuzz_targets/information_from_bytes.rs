#![no_main]
//! Bytes as information weights: refused, or weights that write what was read.

use libfuzzer_sys::fuzz_target;
use textgauge_engine::Information;
use xxhash_rust::xxh3::xxh3_128;

fuzz_target!(|bytes: &[u8]| {
    // With and without the mark and the checksum, which the fuzzer need not find.
    let mut marked = [b"textgauge information 2\n", bytes].concat();
    marked.extend(xxh3_128(&marked).to_le_bytes());
    for bytes in [bytes, &marked] {
        if let Ok(information) = Information::from_bytes(bytes) {
            assert_eq!(information.to_bytes(), bytes);
        }
    }
});
