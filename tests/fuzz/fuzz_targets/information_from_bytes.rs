#![no_main]
//! Bytes as information weights: refused, or weights that write what was read.

use libfuzzer_sys::fuzz_target;
use textgauge_engine::Information;

fuzz_target!(|bytes: &[u8]| {
    // With and without the mark, which the fuzzer need not find.
    let marked = [b"textgauge information 1\n", bytes].concat();
    for bytes in [bytes, &marked] {
        if let Ok(information) = Information::from_bytes(bytes) {
            assert_eq!(information.to_bytes(), bytes);
        }
    }
});
