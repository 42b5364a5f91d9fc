//! Runs of letters and digits against the slow twin.

use textgauge_kernels::alnum_runs::{Edges, Scan, alphanumeric_keys};
use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::naive;
use textgauge_kernels::token_key::Key;

pub fn check(text: &[u8]) {
    let mut ends = Vec::new();
    for line in text.split(|&byte| byte == b'\n') {
        ends.push(ends.last().unwrap_or(&0) + naive::alphanumeric_runs(line).len() as u32);
    }
    ends.pop();
    let found = on_every_path(|| {
        let (mut keys, mut breaks, mut long) = (Vec::new(), Vec::new(), Vec::new());
        alphanumeric_keys(Scan {
            text,
            keys: &mut keys,
            breaks: Some(&mut breaks),
            edges: &mut Edges::default(),
            long: &mut |run| {
                long.push(run.to_ascii_lowercase());
                Key::numbered(long.len() as u32 - 1)
            },
        });
        let run = |key: &Key| match key.number() {
            Some(number) => long[number as usize].clone(),
            None => key.bytes()[..key.inline_len().expect("a short run")].to_vec(),
        };
        (keys.iter().map(run).collect::<Vec<_>>(), breaks)
    });
    assert_eq!(found, (naive::alphanumeric_runs(text), ends));
}
