#![no_main]
//! Bytes as a fitted corpus: refused, or a corpus that writes what was read.

use libfuzzer_sys::fuzz_target;
use textgauge_engine::Fitted;
use xxhash_rust::xxh3::xxh3_128;

fuzz_target!(|bytes: &[u8]| {
    // With and without the mark and the checksum, which the fuzzer need not find.
    let mut marked = [b"textgauge fitted 3\n", bytes].concat();
    marked.extend(xxh3_128(&marked).to_le_bytes());
    for bytes in [bytes, &marked] {
        if let Ok(fitted) = Fitted::from_bytes(bytes) {
            assert_eq!(fitted.to_bytes(), bytes);
        }
    }
});
