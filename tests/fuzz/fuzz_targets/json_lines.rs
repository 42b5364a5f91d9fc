#![no_main]
//! Any bytes as JSON lines against serde_json, and as a JSON array in blocks.

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use textgauge_files::{JsonArrayCutter, JsonLines, Kept, Step, Wanted, count_json_lines, encode_csv, encode_json_lines};

fn column(name: &str, path: &[Step]) -> (Vec<u8>, Vec<Step>) {
    (name.as_bytes().to_vec(), path.to_vec())
}

fuzz_target!(|input: (&[u8], u8)| {
    let (block, size) = input;
    let a = Step::Key(b"a".to_vec());
    let wanted = Wanted::new(&[
        column("a", &[a.clone()]),
        column("a.a", &[a.clone(), a.clone()]),
        column("a[-1].a[0]", &[a.clone(), Step::Index(-1), a, Step::Index(0)]),
    ]);
    let decoded = JsonLines::decode(block, &wanted);
    assert_eq!(count_json_lines(block).1, decoded.len());

    let problems: Vec<usize> = decoded.problems().iter().map(|(row, _)| *row).collect();
    let first: Vec<Option<&[u8]>> = decoded.raw(0).collect();
    for row in 0..decoded.len() {
        let Ok(record) = serde_json::from_slice::<Value>(decoded.record(row)) else { continue };
        // A number of too many digits is a problem for Python alone.
        if record.is_object() && decoded.record(row).len() < 4300 {
            assert!(!problems.contains(&row));
            let value = first[row].map_or(Value::Null, |raw| serde_json::from_slice(raw).expect("a value is JSON"));
            assert_eq!(value, record["a"]);
        }
    }

    for number in 0..decoded.columns() {
        decoded.texts(number);
        decoded.groups(number);
        let kept = [Kept { name: "a", values: decoded.raw(number).collect() }];
        let lines = encode_json_lines(0, decoded.len(), &[], &[], &kept).expect("what is decoded is sound");
        assert!(lines.is_ascii());
        // What is written can be read again, and is written the same.
        let again = JsonLines::decode(&lines[..], &wanted);
        assert!(again.problems().is_empty());
        let kept = [Kept { name: "a", values: again.raw(0).collect() }];
        assert_eq!(encode_json_lines(0, again.len(), &[], &[], &kept).as_ref(), Ok(&lines));
        encode_csv(0, again.len(), &[], &kept).expect("what is decoded is sound");
    }

    let cut = |size: usize| {
        let (mut cutter, mut lines) = (JsonArrayCutter::default(), Vec::new());
        for block in block.chunks(size) {
            lines.extend(cutter.feed(block)?);
        }
        cutter.finish().map(|()| lines)
    };
    let lines = cut(usize::from(size) + 1);
    assert_eq!(lines, cut(block.len().max(1)));
    if let (Ok(lines), Ok(items)) = (lines, serde_json::from_slice::<Vec<Value>>(block)) {
        assert_eq!(count_json_lines(&lines), (items.len(), items.len()));
    }
});
