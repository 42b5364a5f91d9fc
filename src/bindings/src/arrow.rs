//! Texts out of Arrow arrays, without a copy.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BinaryArray, GenericListArray, LargeBinaryArray, OffsetSizeTrait};
use arrow_schema::DataType;
use textgauge_engine::Text;

use crate::borrow::Keep;

/// The column of texts in `array`: itself, or the only field of a table.
pub(crate) fn only_column(array: ArrayRef) -> Result<ArrayRef, String> {
    let DataType::Struct(fields) = array.data_type() else { return Ok(array) };
    if fields.len() == 1 {
        return Ok(array.as_struct().column(0).clone());
    }
    let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
    Err(format!("a table of {} columns ({}); pass one of its columns", names.len(), names.join(", ")))
}

/// Adds the texts `rows` of `array` to `keep`.
pub(crate) fn push_texts(keep: &mut Keep, array: &ArrayRef, rows: Range<usize>) -> Result<(), String> {
    let array = array.slice(rows.start, rows.len());
    match array.data_type() {
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let values = as_binary(dictionary.values())?;
            // A dictionary may be empty where every text is missing, which `normalized_keys` does not take.
            let keys = if values.is_empty() { Vec::new() } else { dictionary.normalized_keys() };
            let valid = |row| !values.is_empty() && dictionary.keys().is_valid(row);
            keep.push_array(
                &values,
                (0..rows.len()).map(|row| if valid(row) { value(&values, keys[row]) } else { None }),
            );
        }
        DataType::Null => rows.for_each(|_| keep.push_null()),
        _ => {
            let values = as_binary(&array)?;
            keep.push_array(&values, (0..rows.len()).map(|row| value(&values, row)));
        }
    }
    Ok(())
}

/// The same buffers seen as binary: values come out as bytes, and nothing relies on the producer's
/// UTF-8 being valid.
fn as_binary(array: &ArrayRef) -> Result<ArrayRef, String> {
    Ok(match array.data_type() {
        DataType::Utf8 => Arc::new(BinaryArray::from(array.as_string::<i32>().clone())),
        DataType::LargeUtf8 => Arc::new(LargeBinaryArray::from(array.as_string::<i64>().clone())),
        DataType::Utf8View => Arc::new(array.as_string_view().clone().to_binary_view()),
        other => return Err(format!("an Arrow array of {other}, which holds no text")),
    })
}

/// The value at `row` of an array that [`as_binary`] made.
fn value(array: &ArrayRef, row: usize) -> Text<'_> {
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Binary => array.as_binary::<i32>().value(row),
        DataType::LargeBinary => array.as_binary::<i64>().value(row),
        _ => array.as_binary_view().value(row),
    })
}

/// Whether `array` holds a list in each row.
pub(crate) fn is_list(array: &ArrayRef) -> bool {
    matches!(array.data_type(), DataType::List(_) | DataType::LargeList(_))
}

/// Adds the texts of the lists `rows` of a list array to `keep`, and where each list ends to `ends`.
/// A missing list is one missing text.
pub(crate) fn push_lists(
    keep: &mut Keep,
    ends: &mut Vec<usize>,
    array: &ArrayRef,
    rows: Range<usize>,
) -> Result<(), String> {
    match array.data_type() {
        DataType::LargeList(_) => push_offsets(keep, ends, array.as_list::<i64>(), rows),
        _ => push_offsets(keep, ends, array.as_list::<i32>(), rows),
    }
}

fn push_offsets<O: OffsetSizeTrait>(
    keep: &mut Keep,
    ends: &mut Vec<usize>,
    lists: &GenericListArray<O>,
    rows: Range<usize>,
) -> Result<(), String> {
    let offset = |row: usize| lists.value_offsets()[row].as_usize();
    if lists.null_count() == 0 {
        let before = keep.len();
        let first = offset(rows.start);
        push_texts(keep, lists.values(), first..offset(rows.end))?;
        ends.extend(rows.map(|row| before + offset(row + 1) - first));
        return Ok(());
    }
    for row in rows {
        if lists.is_valid(row) {
            push_texts(keep, lists.values(), offset(row)..offset(row + 1))?;
        } else {
            keep.push_null();
        }
        ends.push(keep.len());
    }
    Ok(())
}
