//! The one module of this crate with `unsafe`: bytes borrowed from Python strings and Arrow arrays.
//!
//! A [`TextArena`] holds the owners of bytes, and texts borrowed from them. The texts' lifetime is
//! `'static` only inside; outside they are seen through a borrow of the [`TextArena`], and a clear
//! drops texts and owners together. No function that adds texts relies on its caller: each holds the
//! owner itself.

use std::borrow::Cow;
use std::ptr;
use std::sync::Arc;

use arrow_array::builder::make_view;
use arrow_array::{Array, ArrayRef, StringViewArray};
use arrow_buffer::Buffer;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};
use textgauge_engine::Text;
use textgauge_files::Text as FileText;
use textgauge_kernels::prefetch_at;

/// Texts and what keeps their bytes alive and unchanged.
#[derive(Default)]
pub(crate) struct TextArena {
    texts: Vec<Text<'static>>,
    tuples: Vec<Py<PyTuple>>,
    strings: Vec<Py<PyAny>>,
    arrays: Vec<ArrayRef>,
    /// Bytes of our own, of many texts each. One never grows beyond the room it was made with, so it stays where it is.
    blocks: Vec<Vec<u8>>,
    /// Bytes of all texts that were added.
    bytes: usize,
    nulls: bool,
}

/// How many texts before it is looked at a text is asked for.
const VIEWS_AHEAD: usize = 16;

/// Room in a block, unless a single text needs more.
const BLOCK_BYTES: usize = 64 << 10;

impl TextArena {
    /// The texts.
    pub(crate) fn texts(&self) -> &[Text<'_>] {
        &self.texts
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// How many bytes the texts have that were added since it was clear.
    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn clear(&mut self) {
        self.texts.clear();
        self.tuples.clear();
        self.strings.clear();
        self.arrays.clear();
        self.blocks.clear();
        self.bytes = 0;
        self.nulls = false;
    }

    /// Adds a text. The caller sees to it that its bytes live as long as what is held here.
    #[inline]
    fn push(&mut self, text: &'static [u8]) {
        self.bytes += text.len();
        self.texts.push(Some(text));
    }

    /// Whether any text may be missing.
    pub(crate) fn nulls(&self) -> bool {
        self.nulls
    }

    /// Adds a missing text.
    pub(crate) fn push_null(&mut self) {
        self.nulls = true;
        self.texts.push(None);
    }

    /// Adds a copy of bytes.
    pub(crate) fn push_copy(&mut self, bytes: &[u8]) {
        if self.blocks.last().is_none_or(|block| block.capacity() - block.len() < bytes.len()) {
            self.blocks.push(Vec::with_capacity(bytes.len().max(BLOCK_BYTES)));
        }
        let last = self.blocks.len() - 1;
        let block = &mut self.blocks[last];
        let start = block.len();
        block.extend_from_slice(bytes);
        // SAFETY: the block had room for the bytes. So it was not moved, nor will it ever be, and what is written stays
        // unchanged, while `blocks` holds it; `clear` drops the texts with it.
        let copy = unsafe { extend(&block[start..]) };
        self.push(copy);
    }

    /// Adds the texts of an Arrow array at `places`, a missing one for `None`. `bytes_at` finds those that are there.
    ///
    /// `None` if a place is outside of the array, or `bytes_at` finds nothing.
    pub(crate) fn push_array<A: Array + Clone + 'static>(
        &mut self,
        array: &A,
        places: impl Iterator<Item = Option<usize>>,
        bytes_at: impl for<'a> Fn(&'a A, usize) -> Option<&'a [u8]>,
    ) -> Option<()> {
        let array = Arc::new(array.clone());
        // First of all, so that it is there whatever stops the loop.
        self.arrays.push(Arc::clone(&array) as ArrayRef);
        self.texts.reserve(places.size_hint().0);
        for place in places {
            match place {
                Some(row) if row >= array.len() => return None,
                Some(row) if array.is_valid(row) => {
                    let bytes = bytes_at(&array, row)?;
                    // SAFETY: for any lifetime of the array, `bytes_at` finds bytes of the same lifetime: those of the
                    // array, which never change, and which `arrays` holds as long as the texts are there.
                    self.push(unsafe { extend(bytes) });
                }
                _ => self.push_null(),
            }
        }
        Some(())
    }

    /// Adds the string at `index` of a tuple; `false`, with nothing added, if that is not a string.
    #[inline]
    pub(crate) fn push_item(&mut self, items: &Bound<'_, PyTuple>, index: usize) -> PyResult<bool> {
        let py = items.py();
        // SAFETY: `items` is a tuple, and the call checks `index`: it returns NULL with an exception set if there is no
        // such item.
        let item = unsafe { ffi::PyTuple_GetItem(items.as_ptr(), index as ffi::Py_ssize_t) };
        if item.is_null() {
            return Err(PyErr::fetch(py));
        }
        // SAFETY: `item` is a valid object: the tuple holds it, and `items` the tuple.
        if !unsafe { is_str(item) } {
            return Ok(false);
        }
        // SAFETY: `item` is a valid str. `tuples` holds the tuple, and with it the str, as long as the texts are there.
        if let Some(text) = unsafe { bytes_of(item) } {
            self.hold(items);
            self.push(text);
            return Ok(true);
        }
        // A lone surrogate, which UTF-8 proper has no place for.
        drop(PyErr::take(py));
        let string = items.get_item(index)?;
        self.push_copy(&generalised_utf8(string.cast::<PyString>()?)?);
        Ok(true)
    }

    /// Adds the strings at the start of a list, up to the first item that is none, or has a lone surrogate. Returns how
    /// many there were.
    #[inline]
    pub(crate) fn push_strings(&mut self, list: &Bound<'_, PyList>) -> usize {
        let count = list.len();
        for index in 0..count {
            // Where threads run free, another may have made the list shorter.
            let Ok(item) = list.get_item(index) else { return index };
            // SAFETY: `item` is a valid object.
            if !unsafe { is_str(item.as_ptr()) } {
                return index;
            }
            // SAFETY: `item` is a valid str, which `strings` holds from the next line on.
            let Some(text) = (unsafe { bytes_of(item.as_ptr()) }) else {
                drop(PyErr::take(list.py()));
                return index;
            };
            self.strings.push(item.unbind());
            self.push(text);
        }
        count
    }

    /// Adds a string; gives back, with nothing added, what is something else.
    #[inline]
    pub(crate) fn push_object<'py>(&mut self, object: Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let string = match object.cast_into::<PyString>() {
            Ok(string) => string,
            Err(other) => return Ok(Some(other.into_inner())),
        };
        match string.to_str() {
            Ok(text) => {
                // SAFETY: the bytes belong to the str, never change, and live as long as it does; `strings` holds it as
                // long as the texts are there.
                let bytes = unsafe { extend(text.as_bytes()) };
                self.strings.push(string.into_any().unbind());
                self.push(bytes);
            }
            // A lone surrogate, which UTF-8 proper has no place for.
            Err(_) => self.push_copy(&generalised_utf8(&string)?),
        }
        Ok(None)
    }

    /// Holds a tuple as long as the texts are there. Its strings come one after the other, so a look at the last
    /// tuple tells whether it is held already.
    #[inline]
    fn hold(&mut self, items: &Bound<'_, PyTuple>) {
        if self.tuples.last().is_none_or(|last| !last.is(items)) {
            self.tuples.push(items.clone().unbind());
        }
    }

    /// Makes every missing text from number `first` on an empty one.
    pub(crate) fn fill_nulls(&mut self, first: usize) {
        for text in &mut self.texts[first..] {
            text.get_or_insert(&[]);
        }
    }

    /// Gives each row without texts an empty one. The first row begins at text number `first`, and `ends` is where rows
    /// end.
    pub(crate) fn fill_empty_rows(&mut self, first: usize, ends: &mut [usize]) {
        let texts = self.texts.split_off(first);
        let mut start = 0;
        for end in ends {
            let row = &texts[start..*end - first];
            start = *end - first;
            self.texts.extend_from_slice(if row.is_empty() { &[Some(&[])] } else { row });
            *end = self.texts.len();
        }
    }

    /// Leaves out every missing text from number `first` on.
    pub(crate) fn drop_nulls(&mut self, first: usize) {
        let mut number = 0;
        self.texts.retain(|text| {
            number += 1;
            number <= first || text.is_some()
        });
    }
}

/// Asks for the object at `index` of a tuple to be brought near, for a row that is read later: strings are all over the
/// memory. With `inside`, if it is a list, for the first object in it, which the list must be near for.
#[inline]
pub(crate) fn prefetch_item(items: &Bound<'_, PyTuple>, index: usize, inside: bool) {
    let Ok(item) = items.get_borrowed_item(index) else { return };
    let mut object = item.as_ptr();
    if inside && item.is_exact_instance_of::<PyList>() {
        // SAFETY: `object` is a list, which the tuple holds, and which no other thread changes between the two calls.
        with_critical_section(&item, || unsafe {
            if ffi::PyList_Size(object) > 0 {
                object = ffi::PyList_GetItem(object, 0);
            }
        });
    }
    prefetch_at(object);
}

/// How many strings of a list ahead one is fetched from memory.
const STRINGS_AHEAD: usize = 8;

/// Calls `take` with the bytes of each string of a list, as long as it returns `true`. Returns whether it always did, and
/// all items were strings without a lone surrogate. `take` runs no code of Python's.
#[inline]
pub(crate) fn each_string(list: &Bound<'_, PyList>, mut take: impl FnMut(&[u8]) -> bool) -> bool {
    // Then no other thread changes the list, which holds the strings.
    with_critical_section(list, || {
        let len = list.len();
        let fetched = |index: usize| {
            // SAFETY: `list` is a list, and has an item there.
            let item = unsafe { ffi::PyList_GetItem(list.as_ptr(), index as ffi::Py_ssize_t) };
            prefetch_at(item);
            item
        };
        let mut ahead = [ptr::null_mut(); STRINGS_AHEAD];
        (0..len.min(STRINGS_AHEAD)).for_each(|index| ahead[index] = fetched(index));
        (0..len).all(|index| {
            let place = index % STRINGS_AHEAD;
            let item = ahead[place];
            if index + STRINGS_AHEAD < len {
                ahead[place] = fetched(index + STRINGS_AHEAD);
            }
            // SAFETY: the list holds the item, a valid object, while its bytes are used.
            let bytes = unsafe { if is_str(item) { bytes_of(item) } else { return false } };
            if bytes.is_none() {
                drop(PyErr::take(list.py()));
            }
            bytes.is_some_and(&mut take)
        })
    })
}

/// Whether an object is a string. Of nearly all the type itself tells, without a call.
///
/// # Safety
/// `object` is a valid object.
#[inline]
unsafe fn is_str(object: *mut ffi::PyObject) -> bool {
    // SAFETY: as the caller promises.
    unsafe { ffi::PyUnicode_CheckExact(object) != 0 || ffi::PyUnicode_Check(object) != 0 }
}

/// The bytes of a string in UTF-8; `None`, with an exception set, if it has a lone surrogate.
///
/// # Safety
/// `string` is a valid str, and the caller holds it as long as the bytes are used.
#[inline]
unsafe fn bytes_of(string: *mut ffi::PyObject) -> Option<&'static [u8]> {
    let mut len = 0;
    // SAFETY: `string` is a str, and `len` is room for the result.
    let data = unsafe { ffi::PyUnicode_AsUTF8AndSize(string, &raw mut len) };
    // SAFETY: CPython returned that many bytes. They belong to the str, never change, and live as long as it does.
    (!data.is_null()).then(|| unsafe { std::slice::from_raw_parts(data.cast(), len as usize) })
}

/// # Safety
/// The caller makes sure that the bytes outlive every use of the result.
unsafe fn extend(bytes: &[u8]) -> &'static [u8] {
    // SAFETY: as the caller promises.
    unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) }
}

/// A string's bytes in UTF-8, a lone surrogate as its three bytes.
pub(crate) fn generalised_utf8(string: &Bound<'_, PyString>) -> PyResult<Vec<u8>> {
    let bytes = string.call_method1("encode", ("utf-8", "surrogatepass"))?;
    Ok(bytes.cast::<PyBytes>()?.as_bytes().to_vec())
}

/// A string's bytes as [`generalised_utf8`] makes them, borrowed from the string where it has them.
#[inline]
pub(crate) fn utf8_of<'a>(string: &'a Bound<'_, PyString>) -> PyResult<Cow<'a, [u8]>> {
    match string.to_str() {
        Ok(text) => Ok(Cow::Borrowed(text.as_bytes())),
        Err(_) => Ok(Cow::Owned(generalised_utf8(string)?)),
    }
}

/// The string that [`generalised_utf8`] made `bytes` of.
pub(crate) fn python_string<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyString>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(PyString::new(py, text)),
        Err(_) => {
            let bytes = PyBytes::new(py, bytes);
            Ok(bytes.call_method1("decode", ("utf-8", "surrogatepass"))?.cast_into()?)
        }
    }
}

/// The texts of a column of records as an array of views.
pub(crate) fn string_views(texts: &[Option<FileText>], block: Buffer, own: Buffer) -> StringViewArray {
    let bytes = |text: &FileText| {
        let buffer = if text.in_block { &block } else { &own };
        &buffer[text.start as usize..][..text.len as usize]
    };
    let view = |(row, text): (usize, &Option<FileText>)| {
        // A view repeats the first bytes of its text, which may have gone far away since they were decoded.
        if let Some(Some(ahead)) = texts.get(row + VIEWS_AHEAD) {
            prefetch_at(bytes(ahead).as_ptr());
        }
        let Some(text) = text else { return 0 };
        let bytes = bytes(text);
        debug_assert!(std::str::from_utf8(bytes).is_ok(), "a text of a file that is not UTF-8");
        make_view(bytes, u32::from(!text.in_block), text.start)
    };
    let views: Vec<u128> = texts.iter().enumerate().map(view).collect();
    let missing = texts.iter().any(Option::is_none);
    let present = missing.then(|| texts.iter().map(Option::is_some).collect::<Vec<_>>().into());
    // SAFETY: there are as many views as there are texts. Each was made of bytes inside of its buffer, and those are
    // UTF-8: the crate of files gives no other texts. That of a missing text is an empty one.
    unsafe { StringViewArray::new_unchecked(views.into(), Arc::new([block, own]), present) }
}

/// Arrow's C stream interface, read through its own functions: arrow-rs's reader takes record
/// batches alone, and a column is a stream of arrays.
pub(crate) mod stream {
    use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
    use arrow_array::ffi_stream::FFI_ArrowArrayStream;
    use arrow_array::{ArrayRef, make_array};
    use arrow_schema::{ArrowError, DataType};
    use pyo3::prelude::*;
    use pyo3::sync::critical_section::with_critical_section;
    use pyo3::types::PyCapsule;
    use std::ffi::CStr;
    use std::ptr::NonNull;

    const STREAM: &CStr = c"arrow_array_stream";
    const SCHEMA: &CStr = c"arrow_schema";
    const ARRAY: &CStr = c"arrow_array";

    const NO_CAPSULE: &str = "an object whose Arrow export is not made of Arrow's capsules";
    const READ_ARRAY: &str = "an Arrow array that something else has read already; make it anew";
    const READ_STREAM: &str = "an Arrow stream that something else has read already; make it anew";

    /// What the capsule called `name` points to.
    fn pointer<T>(object: &Bound<'_, PyAny>, name: &CStr) -> Result<NonNull<T>, String> {
        let capsule = object.cast::<PyCapsule>().map_err(|_| NO_CAPSULE)?;
        Ok(capsule.pointer_checked(Some(name)).map_err(|_| NO_CAPSULE)?.cast())
    }

    /// The array that the two capsules of `__arrow_c_array__` hold.
    pub(crate) fn import_array(capsules: &Bound<'_, PyAny>) -> Result<ArrayRef, String> {
        let (schema, capsule): (Bound<'_, PyAny>, Bound<'_, PyAny>) = capsules.extract().map_err(|_| NO_CAPSULE)?;
        let schema = pointer::<FFI_ArrowSchema>(&schema, SCHEMA)?;
        let array = pointer::<FFI_ArrowArray>(&capsule, ARRAY)?;
        // SAFETY: a capsule of this name holds this structure, by Arrow's PyCapsule interface, and `capsules` holds
        // the capsule.
        let schema = unsafe { schema.as_ref() };
        // SAFETY: as above. `from_raw` moves the array out and leaves a released structure behind, as it asks; threads
        // that are given the same capsule do so one after the other.
        let array = with_critical_section(&capsule, || unsafe { FFI_ArrowArray::from_raw(array.as_ptr()) });
        if array.is_released() || schema.release().is_none() {
            return Err(READ_ARRAY.to_owned());
        }
        // SAFETY: neither is released, and both came together, so the schema is the array's own.
        unsafe { from_ffi(array, schema) }.map(make_array).map_err(|error| unreadable(&error))
    }

    /// A stream of arrays.
    pub(crate) struct Stream {
        stream: FFI_ArrowArrayStream,
        schema: FFI_ArrowSchema,
    }

    impl Stream {
        /// The stream that the capsule of `__arrow_c_stream__` holds.
        pub(crate) fn import(capsule: &Bound<'_, PyAny>) -> Result<Self, String> {
            let stream = pointer::<FFI_ArrowArrayStream>(capsule, STREAM)?;
            // SAFETY: a capsule of this name holds this structure, by Arrow's PyCapsule interface, and `capsule` holds
            // the capsule. `from_raw` moves the stream out and leaves a released structure behind, as it asks;
            // threads that are given the same capsule do so one after the other.
            let mut stream =
                with_critical_section(capsule, || unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) });
            let mut schema = FFI_ArrowSchema::empty();
            let Some(get_schema) = stream.get_schema() else { return Err(READ_STREAM.to_owned()) };
            // SAFETY: the stream is not released, and `schema` is room for the result.
            let status = unsafe { get_schema(&raw mut stream, &raw mut schema) };
            if status != 0 {
                return Err(failed(&mut stream));
            }
            Ok(Self { stream, schema })
        }

        /// What its arrays are of.
        pub(crate) fn data_type(&self) -> Result<DataType, String> {
            DataType::try_from(&self.schema).map_err(|error| unreadable(&error))
        }

        /// The next array, `None` at the end.
        pub(crate) fn next(&mut self) -> Result<Option<ArrayRef>, String> {
            let Some(get_next) = self.stream.get_next() else { return Err(READ_STREAM.to_owned()) };
            let mut array = FFI_ArrowArray::empty();
            // SAFETY: the stream is not released, and `array` is room for the result.
            let status = unsafe { get_next(&raw mut self.stream, &raw mut array) };
            if status != 0 {
                return Err(failed(&mut self.stream));
            }
            if array.is_released() {
                return Ok(None);
            }
            // SAFETY: the array is not released, and the stream's arrays have the stream's schema.
            let data = unsafe { from_ffi(array, &self.schema) };
            data.map(|data| Some(make_array(data))).map_err(|error| unreadable(&error))
        }
    }

    fn unreadable(error: &ArrowError) -> String {
        format!("Arrow data that cannot be read: {error}")
    }

    fn failed(stream: &mut FFI_ArrowArrayStream) -> String {
        format!("an Arrow stream that failed: {}", last_error(stream))
    }

    fn last_error(stream: &mut FFI_ArrowArrayStream) -> String {
        let unknown = "it gave no error message".to_owned();
        let Some(get_last_error) = stream.get_last_error() else { return unknown };
        // SAFETY: the stream is not released.
        let text = unsafe { get_last_error(stream) };
        if text.is_null() {
            return unknown;
        }
        // SAFETY: what is not NULL is a C string, which lives until the next call on the stream.
        unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
    }
}
