#![no_main]
//! Runs of letters and digits: every way of scanning against the slow twin.

use libfuzzer_sys::fuzz_target;
use textgauge_kernels::alnum_runs::{Edges, Scan, every_way};
use textgauge_kernels::naive;
use textgauge_kernels::token_key::Key;

fuzz_target!(|text: &[u8]| {
    let expected = naive::alphanumeric_runs(text);
    let mut ends = Vec::new();
    for line in text.split(|&byte| byte == b'\n') {
        ends.push(ends.last().unwrap_or(&0) + naive::alphanumeric_runs(line).len() as u32);
    }
    ends.pop();
    for find_keys in every_way() {
        let (mut keys, mut breaks, mut long) = (Vec::new(), Vec::new(), Vec::new());
        find_keys(Scan {
            text,
            keys: &mut keys,
            breaks: Some(&mut breaks),
            edges: &mut Edges::default(),
            long: &mut |run| {
                long.push(run.to_ascii_lowercase());
                Key::numbered(long.len() as u32 - 1)
            },
        });
        let runs: Vec<Vec<u8>> = keys
            .iter()
            .map(|key| match key.number() {
                Some(number) => long[number as usize].clone(),
                None => key.bytes()[..key.inline_len().expect("a short run")].to_vec(),
            })
            .collect();
        assert_eq!((&runs, &breaks), (&expected, &ends));
    }
});
