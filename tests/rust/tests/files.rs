//! Records in files, against the values that serde_json makes of them.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};
use textgauge_files::{
    ArrayError, JsonArrayCutter, JsonLines, Kept, Step, Wanted, count_json_lines, encode_csv, encode_json_lines,
    push_float,
};

fn key(name: &str) -> Step {
    Step::Key(name.as_bytes().to_vec())
}

/// Columns with their names and paths.
fn columns() -> Vec<(&'static str, Vec<Step>)> {
    vec![
        ("a", vec![key("a")]),
        ("b", vec![key("b")]),
        ("a.b", vec![key("a"), key("b")]),
        ("a[0]", vec![key("a"), Step::Index(0)]),
        ("a[-1].b", vec![key("a"), Step::Index(-1), key("b")]),
        ("b.a[1]", vec![key("b"), key("a"), Step::Index(1)]),
        ("é.a.b", vec![key("é"), key("a"), key("b")]),
    ]
}

fn decode(block: &[u8]) -> JsonLines<&[u8]> {
    let columns: Vec<_> = columns().into_iter().map(|(name, path)| (name.as_bytes().to_vec(), path)).collect();
    JsonLines::decode(block, &Wanted::new(&columns))
}

/// The slow twin: what a column has in a record.
fn value_at(record: &Value, name: &str, path: &[Step]) -> Value {
    record.get(name).cloned().unwrap_or_else(|| walk(record, path))
}

fn walk(value: &Value, path: &[Step]) -> Value {
    let Some((step, rest)) = path.split_first() else { return value.clone() };
    let next = match (step, value) {
        (Step::Key(_), Value::Array(items)) => return items.iter().map(|item| walk(item, path)).collect(),
        (Step::Key(key), value) => value.get(std::str::from_utf8(key).expect("a key in UTF-8")),
        (Step::Index(index), value) => value.as_array().and_then(|items| {
            let len = if *index < 0 { items.len() as i64 } else { 0 };
            items.get(usize::try_from(index + len).ok()?)
        }),
    };
    next.map_or(Value::Null, |next| walk(next, rest))
}

/// Holds the values of all columns to those of the twin, in lines of which serde_json reads `records`.
fn check(decoded: &JsonLines<&[u8]>, records: &[Option<Value>]) {
    assert_eq!(decoded.len(), records.len());
    for (column, (name, path)) in columns().iter().enumerate() {
        let values = decoded.raw(column, 0..decoded.len()).map(|raw| match raw {
            Some(raw) => serde_json::from_slice(raw).expect("a value is JSON"),
            None => Value::Null,
        });
        let wanted: Vec<Value> =
            records.iter().map(|record| record.as_ref().map_or(Value::Null, |it| value_at(it, name, path))).collect();
        assert_eq!(values.collect::<Vec<_>>(), wanted, "{name}");
        let (distinct, codes) = decoded.groups(column);
        let coded: Vec<_> = codes.iter().map(|&code| distinct[code as usize]).collect();
        assert_eq!(coded, decoded.raw(column, 0..decoded.len()).collect::<Vec<_>>());
    }
}

fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z\"\\\\é ]{0,40}".prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 24, 4, |inner| prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::from), object(inner)])
}

fn object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    btree_map(prop_oneof!["[abé]", "a\\.b", "[\"\\\\]"], values, 0..4).prop_map(|members| json!(members))
}

fn records() -> impl Strategy<Value = Vec<Value>> {
    vec(object(values()), 0..6)
}

proptest! {
    #[test]
    fn values_are_found_where_serde_json_finds_them(records in records(), pretty in any::<bool>()) {
        let mut block = String::new();
        for record in &records {
            let line = if pretty { serde_json::to_string_pretty(record) } else { serde_json::to_string(record) };
            block.push_str(&line.expect("a value can be written").replace('\n', " "));
            block.push_str("\r\n \n");
        }
        let decoded = decode(block.as_bytes());
        prop_assert_eq!(decoded.problems(), &[]);
        prop_assert_eq!(count_json_lines(block.as_bytes()), (2 * records.len(), records.len()));
        check(&decoded, &records.into_iter().map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn what_serde_json_refuses_is_a_problem(record in object(values()), damage in any::<(u16, u16, u8, u8)>()) {
        let mut line = record.to_string().into_bytes();
        let (at, end, byte, kind) = damage;
        let at = usize::from(at) % line.len();
        match kind % 4 {
            0 => line[at] = byte,
            1 => line.insert(at, byte),
            2 => drop(line.drain(at..at.max(usize::from(end) % line.len()))),
            _ => line.truncate(at),
        }
        // Infinities, lone surrogates and numbers out of range are Python's alone; a line feed makes two lines.
        let text = String::from_utf8_lossy(&line);
        prop_assume!(!text.contains(['\n', 'N', 'I', 'e', 'E']) && !text.contains("\\u"));
        let decoded = decode(&line);
        let read = serde_json::from_slice::<Value>(&line).ok().filter(Value::is_object);
        if decoded.is_empty() {
            prop_assert!(text.trim().is_empty());
        } else {
            prop_assert_eq!(decoded.problems().is_empty(), read.is_some(), "{}: {:?}", text, decoded.problems());
            check(&decoded, &[read]);
        }
    }

    #[test]
    fn any_bytes_are_lines_of_some_kind(block in vec(any::<u8>(), 0..200)) {
        let decoded = decode(&block);
        prop_assert_eq!(count_json_lines(&block).1, decoded.len());
        for (row, problem) in decoded.problems() {
            prop_assert!(!problem.is_empty());
            prop_assert!(decoded.raw(0, 0..decoded.len()).nth(*row).expect("a row").is_none());
        }
    }

    #[test]
    fn texts_are_what_strings_say(texts in vec(any::<Option<String>>(), 0..6), listed in any::<bool>()) {
        let rows = texts.iter().map(|text| if listed { json!({"a": [text]}) } else { json!({"a": text}) });
        let block: String = rows.map(|row| format!("{row}\n")).collect();
        let decoded = decode(block.as_bytes()).texts(0).expect("texts");
        let said = decoded.places.iter().map(|place| {
            place.map(|text| {
                let bytes = if text.in_block { block.as_bytes() } else { &decoded.bytes };
                bytes[text.start as usize..][..text.len as usize].to_vec()
            })
        });
        let said: Vec<_> = said.collect();
        prop_assert_eq!(said, texts.iter().map(|text| text.clone().map(String::into_bytes)).collect::<Vec<_>>());
        prop_assert_eq!(decoded.lists.is_some(), listed && !texts.is_empty());
    }

    #[test]
    fn an_array_is_cut_the_same_whatever_its_blocks(records in records(), sizes in vec(1..50_usize, 1..9)) {
        let array = serde_json::to_string_pretty(&records).expect("values can be written");
        let (mut cutter, mut lines) = (JsonArrayCutter::default(), Vec::new());
        let (mut rest, mut sizes) = (array.as_bytes(), sizes.iter().cycle());
        while !rest.is_empty() {
            let (block, after) = rest.split_at(rest.len().min(*sizes.next().expect("a circle has no end")));
            lines.extend(cutter.feed(block).expect("an array"));
            prop_assert_eq!(cutter.finish().is_ok(), after.is_empty());
            rest = after;
        }
        prop_assert_eq!(count_json_lines(&lines), (records.len(), records.len()));
        check(&decode(&lines), &records.into_iter().map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn floats_come_back_as_they_were(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        let mut text = Vec::new();
        push_float(value, &mut text);
        let text = String::from_utf8(text).expect("ASCII");
        prop_assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(bits));
    }
}

#[test]
fn what_is_no_array_is_an_error() {
    let cut = |array: &[u8]| {
        let mut cutter = JsonArrayCutter::default();
        cutter.feed(array).and_then(|_| cutter.finish())
    };
    assert_eq!(cut(b" [] "), Ok(()));
    assert_eq!(cut(b" [1, [2], {\"a\": \"]\\\"\"}]\n"), Ok(()));
    assert_eq!(cut(b"{}"), Err(ArrayError::NotAnArray));
    assert_eq!(cut(b"  "), Err(ArrayError::NotAnArray));
    assert_eq!(cut(b"[1, 2"), Err(ArrayError::Truncated));
    assert_eq!(cut(b"[\"]"), Err(ArrayError::Truncated));
    assert_eq!(cut(b"[1,]"), Err(ArrayError::NoElement));
    assert_eq!(cut(b"[,1]"), Err(ArrayError::NoElement));
    assert_eq!(cut(b"[1]]"), Err(ArrayError::Garbage));
}

#[test]
fn a_kept_value_that_is_no_number_of_json_is_null() {
    let values = ["NaN", "-Infinity", "1e400", "null", "\"null\"", "\"\""].map(|value| Some(value.as_bytes())).to_vec();
    let (numbers, kept) = (Vec::from_iter(0..values.len() as u64), [Kept { name: "k", values }]);
    let csv = encode_csv(&numbers, b',', &[], &kept).expect("all of them are JSON");
    assert_eq!(csv, b"0,\n1,\n2,\n3,\n4,null\n5,\"\"\n");
    let lines = encode_json_lines(&numbers, &[], &[], &kept).expect("all of them are JSON");
    assert!(lines.starts_with(b"{\"row\": 0, \"k\": null}\n{\"row\": 1, \"k\": null}\n{\"row\": 2, \"k\": null}\n"));
}
