#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| textgauge_checks::transforms::check(bytes));
