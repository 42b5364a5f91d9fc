//! Texts out of Arrow arrays, without a copy.
//!
//! However an array is laid out, each row is followed to its place in an array of plain strings. Offsets, keys and views
//! come from strangers: none is trusted, and one that points outside of its array is an error.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Int16Type, Int32Type, Int64Type, RunEndIndexType};
use arrow_array::{
    Array, ArrayRef, GenericStringArray, OffsetSizeTrait, PrimitiveArray, RunArray, StringViewArray,
    downcast_integer_array,
};
use arrow_schema::DataType;

use crate::borrow::TextArena;

const DAMAGED: &str = "a damaged Arrow array: it points outside of its own data";

/// Refuses tables, given by their type, that have not exactly one column.
pub(crate) fn check_columns(data_type: &DataType) -> Result<(), String> {
    let DataType::Struct(fields) = data_type else { return Ok(()) };
    let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
    match names.len() {
        0 => Err("a table without columns".to_owned()),
        1 => Ok(()),
        count => Err(format!("a table of {count} columns ({}); pass one of its columns", names.join(", "))),
    }
}

/// The column of texts in `array`: itself, or the only field of a table.
pub(crate) fn only_column(array: ArrayRef) -> Result<ArrayRef, String> {
    check_columns(array.data_type())?;
    let Some(table) = array.as_struct_opt() else { return Ok(array) };
    if table.null_count() > 0 {
        return Err("an Arrow array of structs, some of which are missing; pass its field".to_owned());
    }
    Ok(table.column(0).clone())
}

/// Adds the texts of `array` at `places` to `arena`, a missing text for `None`.
pub(crate) fn push_texts(
    arena: &mut TextArena,
    array: &ArrayRef,
    places: impl Iterator<Item = Option<usize>>,
) -> Result<(), String> {
    match array.data_type() {
        DataType::Utf8 => arena.push_array(array.as_string::<i32>(), places, bytes_at_offsets),
        DataType::LargeUtf8 => arena.push_array(array.as_string::<i64>(), places, bytes_at_offsets),
        DataType::Utf8View => arena.push_array(array.as_string_view(), places, bytes_of_view),
        DataType::Null => {
            places.for_each(|_| arena.push_null());
            Some(())
        }
        DataType::Dictionary(..) | DataType::RunEndEncoded(..) => {
            let (values, places) = encoded(array, places)?;
            return push_texts(arena, &values, places.into_iter());
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            return Err(format!("an Arrow array of {}, which holds bytes; decode them first", array.data_type()));
        }
        other if is_list(other) => {
            return Err(format!("an Arrow array of {other}, which holds a list where one text is wanted"));
        }
        other => return Err(format!("an Arrow array of {other}, which holds no text")),
    }
    .ok_or_else(|| DAMAGED.to_owned())
}

/// The values of a dictionary or of runs, and where `places` lead to among them.
fn encoded(
    array: &ArrayRef,
    places: impl Iterator<Item = Option<usize>>,
) -> Result<(ArrayRef, Vec<Option<usize>>), String> {
    let (values, places) = match array.data_type() {
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => places_in_runs(array.as_run::<Int16Type>(), places),
            DataType::Int32 => places_in_runs(array.as_run::<Int32Type>(), places),
            _ => places_in_runs(array.as_run::<Int64Type>(), places),
        },
        _ => {
            let dictionary = array.as_any_dictionary();
            let keys = dictionary.keys();
            let places = downcast_integer_array!(
                keys => follow(places, |row| key_at(keys, row)),
                _ => None,
            );
            (dictionary.values(), places)
        }
    };
    Ok((Arc::clone(values), places.ok_or(DAMAGED)?))
}

fn places_in_runs<R: RunEndIndexType>(
    runs: &RunArray<R>,
    places: impl Iterator<Item = Option<usize>>,
) -> (&ArrayRef, Option<Vec<Option<usize>>>) {
    let places = follow(places, |row| (row < runs.len()).then(|| Some(runs.get_physical_index(row))));
    (runs.values(), places)
}

/// Where `places` lead to by `next`, which says for each what is there, missing or not; `None` if any leads nowhere.
fn follow(
    places: impl Iterator<Item = Option<usize>>,
    next: impl Fn(usize) -> Option<Option<usize>>,
) -> Option<Vec<Option<usize>>> {
    places.map(|place| place.map_or(Some(None), &next)).collect()
}

/// The key at `row`. Whatever stands where it is missing means nothing.
fn key_at<K: ArrowPrimitiveType>(keys: &PrimitiveArray<K>, row: usize) -> Option<Option<usize>>
where
    usize: TryFrom<K::Native>,
{
    let &key = keys.values().get(row)?;
    if keys.is_null(row) { Some(None) } else { Some(Some(key.try_into().ok()?)) }
}

fn bytes_at_offsets<O: OffsetSizeTrait>(array: &GenericStringArray<O>, row: usize) -> Option<&[u8]> {
    let offsets = array.value_offsets();
    array.value_data().get(offsets[row].to_usize()?..offsets[row + 1].to_usize()?)
}

fn bytes_of_view(array: &StringViewArray, row: usize) -> Option<&[u8]> {
    /// Up to so many bytes stand in the view itself, after four for their number.
    const INLINE: usize = 12;
    let views = array.views();
    let view = views[row];
    let len = view as u32 as usize;
    if len <= INLINE {
        let start = row * size_of::<u128>() + size_of::<u32>();
        return views.inner().get(start..start + len);
    }
    // Then a prefix, the number of a buffer, and where the text begins in it.
    let (buffer, start) = ((view >> 64) as u32 as usize, (view >> 96) as u32 as usize);
    array.data_buffers().get(buffer)?.get(start..start + len)
}

/// Whether arrays of this type hold a list in each row.
pub(crate) fn is_list(data_type: &DataType) -> bool {
    match data_type {
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(..)
        | DataType::ListView(_)
        | DataType::LargeListView(_) => true,
        DataType::Dictionary(_, values) => is_list(values),
        DataType::RunEndEncoded(_, values) => is_list(values.data_type()),
        _ => false,
    }
}

/// Adds the texts of the lists at `places` of `array` to `arena`, and where each list ends to `ends`.
/// A missing list is one missing text.
pub(crate) fn push_lists(
    arena: &mut TextArena,
    ends: &mut Vec<usize>,
    array: &ArrayRef,
    places: impl Iterator<Item = Option<usize>>,
) -> Result<(), String> {
    match array.data_type() {
        DataType::Dictionary(..) | DataType::RunEndEncoded(..) => {
            let (values, places) = encoded(array, places)?;
            push_lists(arena, ends, &values, places.into_iter())
        }
        DataType::LargeList(_) => {
            let lists = array.as_list::<i64>();
            push_spans(arena, ends, array, lists.values(), places, |row| between(lists.value_offsets(), row))
        }
        DataType::FixedSizeList(_, size) => {
            let size = usize::try_from(*size).map_err(|_| DAMAGED)?;
            push_spans(arena, ends, array, array.as_fixed_size_list().values(), places, |row| {
                Some(row * size..(row + 1) * size)
            })
        }
        DataType::ListView(_) => {
            let lists = array.as_list_view::<i32>();
            push_spans(arena, ends, array, lists.values(), places, |row| span(lists.offsets()[row], lists.sizes()[row]))
        }
        DataType::LargeListView(_) => {
            let lists = array.as_list_view::<i64>();
            push_spans(arena, ends, array, lists.values(), places, |row| span(lists.offsets()[row], lists.sizes()[row]))
        }
        _ => {
            let lists = array.as_list::<i32>();
            push_spans(arena, ends, array, lists.values(), places, |row| between(lists.value_offsets(), row))
        }
    }
}

fn between<O: OffsetSizeTrait>(offsets: &[O], row: usize) -> Option<Range<usize>> {
    Some(offsets[row].to_usize()?..offsets[row + 1].to_usize()?)
}

fn span<O: OffsetSizeTrait>(start: O, len: O) -> Option<Range<usize>> {
    let start = start.to_usize()?;
    Some(start..start.checked_add(len.to_usize()?)?)
}

/// Adds the texts of the lists at `places`, each of which is a span of `values`.
fn push_spans(
    arena: &mut TextArena,
    ends: &mut Vec<usize>,
    lists: &ArrayRef,
    values: &ArrayRef,
    places: impl Iterator<Item = Option<usize>>,
    span_of: impl Fn(usize) -> Option<Range<usize>>,
) -> Result<(), String> {
    let first = arena.len();
    let mut texts = Vec::new();
    for place in places {
        match place {
            Some(row) if row >= lists.len() => return Err(DAMAGED.to_owned()),
            Some(row) if lists.is_valid(row) => {
                let span = span_of(row).filter(|span| span.start <= span.end && span.end <= values.len());
                texts.extend(span.ok_or(DAMAGED)?.map(Some));
            }
            _ => texts.push(None),
        }
        ends.push(first + texts.len());
    }
    push_texts(arena, values, texts.into_iter())
}
