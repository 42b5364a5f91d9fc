//! Any bytes as JSON lines and as a JSON array against serde_json; and what is written of them can be read again.

use serde_json::Value;
use textgauge_files::{
    JsonArrayCutter, JsonLines, Kept, Step, Wanted, count_json_lines, encode_csv, encode_json_lines,
};

pub fn check(bytes: &[u8]) {
    let Some((&size, block)) = bytes.split_first() else { return };
    let decoded = JsonLines::decode(block, &wanted());
    check_values(block, &decoded);
    (0..decoded.columns()).for_each(|column| check_written(&decoded, column));
    check_scores(block);
    check_array(block, usize::from(size) + 1);
}

/// A value, one further down, and one of a list.
fn wanted() -> Wanted {
    let a = || Step::Key(b"a".to_vec());
    let paths: [(&str, Vec<Step>); 3] =
        [("a", vec![a()]), ("a.a", vec![a(), a()]), ("a[-1].a[0]", vec![a(), Step::Index(-1), a(), Step::Index(0)])];
    Wanted::new(&paths.map(|(name, path)| (name.as_bytes().to_vec(), path)))
}

fn check_values(block: &[u8], decoded: &JsonLines<&[u8]>) {
    assert_eq!(count_json_lines(block).1, decoded.len());
    for (row, first) in decoded.raw(0, 0..decoded.len()).enumerate() {
        let Ok(record) = serde_json::from_slice::<Value>(decoded.record(row)) else { continue };
        // A number of too many digits is a problem for Python alone.
        if record.is_object() && decoded.record(row).len() < 4300 {
            assert!(decoded.problems().iter().all(|(problem, _)| *problem != row));
            let value = first.map_or(Value::Null, |raw| serde_json::from_slice(raw).expect("a value is JSON"));
            assert_eq!(value, record["a"]);
        }
    }
}

/// What is written of a column can be read again, and is written the same.
fn check_written(decoded: &JsonLines<&[u8]>, column: usize) {
    decoded.texts(column);
    decoded.groups(column);
    let numbers: Vec<u64> = (0..decoded.len() as u64).collect();
    let kept = [Kept { name: "a", values: decoded.raw(column, 0..decoded.len()).collect() }];
    let lines = encode_json_lines(&numbers, &[], &[], &kept).expect("what is decoded is sound");
    assert!(lines.is_ascii());
    let again = JsonLines::decode(lines.as_slice(), &wanted());
    assert_eq!((again.len(), again.problems()), (decoded.len(), &[][..]));
    let kept_again = [Kept { name: "a", values: again.raw(0, 0..again.len()).collect() }];
    assert_eq!(encode_json_lines(&numbers, &[], &[], &kept_again).as_ref(), Ok(&lines));
    for separator in [b',', b'\t'] {
        let csv = encode_csv(&numbers, separator, &[], &kept).expect("what is decoded is sound");
        let csv_again = encode_csv(&numbers, separator, &[], &kept_again).expect("what is decoded is sound");
        assert_eq!(csv.escape_ascii().to_string(), csv_again.escape_ascii().to_string());
        check_csv(&csv, separator, &kept[0]);
    }
}

/// A line a row, of a number and a text; a text that was a string is that string.
fn check_csv(csv: &[u8], separator: u8, kept: &Kept<'_>) {
    let rows = csv_rows(csv, separator);
    assert_eq!(rows.len(), kept.values.len());
    for (number, (row, value)) in rows.iter().zip(&kept.values).enumerate() {
        let [first, field] = &row[..] else { panic!("{} fields in row {number}", row.len()) };
        assert_eq!(*first, number.to_string().into_bytes());
        if let Some(Ok(text)) = value.map(serde_json::from_slice::<String>) {
            assert_eq!(*field, text.into_bytes());
        }
    }
}

/// The fields of each row, as RFC 4180 has them.
fn csv_rows(csv: &[u8], separator: u8) -> Vec<Vec<Vec<u8>>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), Vec::new(), false);
    let mut bytes = csv.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted && bytes.peek() == Some(&b'"') => field.extend(bytes.next()),
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            _ if byte == separator && !quoted => row.push(std::mem::take(&mut field)),
            _ => field.push(byte),
        }
    }
    assert!(row.is_empty() && field.is_empty(), "a line has its end");
    rows
}

/// Scores of any bits come back from JSON; what is no finite number is null.
fn check_scores(block: &[u8]) {
    let scores: Vec<f64> = block.as_chunks().0.iter().map(|bits| f64::from_le_bytes(*bits)).collect();
    let numbers: Vec<u64> = (0..scores.len() as u64).collect();
    let lines = encode_json_lines(&numbers, &["s"], &[&scores], &[]).expect("nothing is kept");
    for (line, score) in lines.split(|&byte| byte == b'\n').zip(&scores) {
        let row: Value = serde_json::from_slice(line).expect("a line is JSON");
        assert_eq!(row["s"].as_f64(), Some(*score).filter(|score| score.is_finite()));
    }
}

/// An array is cut into the same lines in blocks of any size.
fn check_array(block: &[u8], size: usize) {
    let cut = |size: usize| {
        let (mut cutter, mut lines) = (JsonArrayCutter::default(), Vec::new());
        for block in block.chunks(size) {
            lines.extend(cutter.feed(block)?);
        }
        cutter.finish().map(|()| lines)
    };
    let lines = cut(size);
    assert_eq!(lines, cut(block.len().max(1)));
    if let (Ok(lines), Ok(items)) = (lines, serde_json::from_slice::<Vec<Value>>(block)) {
        assert_eq!(count_json_lines(&lines), (items.len(), items.len()));
    }
}
