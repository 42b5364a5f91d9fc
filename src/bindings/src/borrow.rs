//! The one module of this crate with `unsafe`: bytes borrowed from Python strings and Arrow arrays.
//!
//! A [`Keep`] holds the owners of bytes, and texts borrowed from them. The texts' lifetime is
//! `'static` only inside; outside they are seen through a borrow of the [`Keep`], and a clear
//! drops texts and owners together.

use std::borrow::Cow;

use arrow_array::ArrayRef;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use textgauge_engine::Text;

/// Texts and what keeps their bytes alive and unchanged.
#[derive(Default)]
pub(crate) struct Keep {
    texts: Vec<Text<'static>>,
    objects: Vec<Py<PyAny>>,
    arrays: Vec<ArrayRef>,
    owned: Vec<Vec<u8>>,
    nulls: bool,
}

impl Keep {
    /// The texts.
    pub(crate) fn texts(&self) -> &[Text<'_>] {
        &self.texts
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(crate) fn clear(&mut self) {
        self.texts.clear();
        self.objects.clear();
        self.arrays.clear();
        self.owned.clear();
        self.nulls = false;
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

    /// Adds bytes of our own.
    pub(crate) fn push_owned(&mut self, bytes: Vec<u8>) {
        // SAFETY: the heap block of `bytes` stays where it is, unchanged, while `owned` holds it,
        // and `clear` drops the texts with it.
        let text = unsafe { extend(&bytes) };
        self.owned.push(bytes);
        self.texts.push(Some(text));
    }

    /// Adds texts of an Arrow array, whose buffers never change.
    pub(crate) fn push_array<'a>(&mut self, array: &'a ArrayRef, texts: impl Iterator<Item = Text<'a>>) {
        // SAFETY: `array` is reference counted and its buffers are immutable; `arrays` holds it as
        // long as the texts are there.
        self.texts.extend(texts.map(|text| text.map(|bytes| unsafe { extend(bytes) })));
        self.nulls = true;
        self.arrays.push(array.clone());
    }

    /// Adds the string at `index` of a tuple that the caller keeps alive as long as the texts are
    /// there; `false`, with nothing added, if that is not a string.
    #[inline]
    pub(crate) fn push_item(&mut self, items: &Bound<'_, PyTuple>, index: usize) -> PyResult<bool> {
        let py = items.py();
        // SAFETY: `index` is below the tuple's length (checked by the call, which returns NULL
        // otherwise); the reference is borrowed from the tuple, which the caller keeps.
        let item = unsafe { ffi::PyTuple_GetItem(items.as_ptr(), index as ffi::Py_ssize_t) };
        if item.is_null() {
            return Err(PyErr::fetch(py));
        }
        // SAFETY: `item` is a valid object.
        if unsafe { ffi::PyUnicode_Check(item) } == 0 {
            return Ok(false);
        }
        let mut len = 0;
        // SAFETY: `item` is a str. The bytes belong to it and live as long as it does; strings never
        // change.
        let data = unsafe { ffi::PyUnicode_AsUTF8AndSize(item, &raw mut len) };
        if !data.is_null() {
            // SAFETY: CPython returned that many bytes.
            self.texts.push(Some(unsafe { std::slice::from_raw_parts(data.cast(), len as usize) }));
            return Ok(true);
        }
        // A lone surrogate, which UTF-8 proper has no place for.
        drop(PyErr::fetch(py));
        // SAFETY: `item` is a valid object, borrowed from the tuple.
        let string = unsafe { Bound::from_borrowed_ptr(py, item) };
        self.push_owned(generalised_utf8(string.cast::<PyString>()?)?);
        Ok(true)
    }

    /// Makes every missing text from number `first` on an empty one.
    pub(crate) fn fill_nulls(&mut self, first: usize) {
        for text in &mut self.texts[first..] {
            text.get_or_insert(&[]);
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

    /// Keeps an object whose bytes texts borrow.
    pub(crate) fn keep(&mut self, object: Py<PyAny>) {
        self.objects.push(object);
    }
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

/// Arrow's C stream interface, read through its own functions: arrow-rs's reader takes record
/// batches alone, and a column is a stream of arrays.
pub(crate) mod stream {
    use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
    use arrow_array::ffi_stream::FFI_ArrowArrayStream;
    use arrow_array::{ArrayRef, make_array};
    use pyo3::prelude::*;
    use pyo3::types::{PyCapsule, PyTuple};
    use std::ffi::CStr;

    const STREAM: &CStr = c"arrow_array_stream";
    const SCHEMA: &CStr = c"arrow_schema";
    const ARRAY: &CStr = c"arrow_array";

    const RELEASED: &str = "an Arrow stream that something else has read already; make it anew";

    /// The array that the two capsules of `__arrow_c_array__` hold.
    pub(crate) fn import_array(capsules: &Bound<'_, PyTuple>) -> PyResult<Result<ArrayRef, String>> {
        let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = capsules.extract()?;
        let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
        let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: capsules of these names hold these structures, by Arrow's PyCapsule interface.
        // `from_raw` moves the array out and leaves a released structure behind, as it asks.
        let array = unsafe { FFI_ArrowArray::from_raw(array.as_ptr()) };
        if array.is_released() {
            return Ok(Err("an Arrow array that something else has read already; make it anew".to_owned()));
        }
        // SAFETY: both came together, so the schema is the array's own.
        let imported = unsafe { from_ffi(array, schema.as_ref()) };
        Ok(imported.map(make_array).map_err(|error| error.to_string()))
    }

    /// A stream of arrays.
    pub(crate) struct Stream {
        stream: FFI_ArrowArrayStream,
        schema: FFI_ArrowSchema,
    }

    impl Stream {
        /// The stream that the capsule of `__arrow_c_stream__` holds.
        pub(crate) fn import(capsule: &Bound<'_, PyCapsule>) -> PyResult<Result<Self, String>> {
            let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
            // SAFETY: a capsule of this name holds this structure; `from_raw` moves it out.
            let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
            let mut schema = FFI_ArrowSchema::empty();
            let Some(get_schema) = stream.get_schema() else { return Ok(Err(RELEASED.to_owned())) };
            // SAFETY: the stream is not released, and `schema` is room for the result.
            let status = unsafe { get_schema(&raw mut stream, &raw mut schema) };
            if status != 0 {
                return Ok(Err(last_error(&mut stream)));
            }
            Ok(Ok(Self { stream, schema }))
        }

        /// The next array, `None` at the end.
        pub(crate) fn next(&mut self) -> Result<Option<ArrayRef>, String> {
            let Some(get_next) = self.stream.get_next() else { return Err(RELEASED.to_owned()) };
            let mut array = FFI_ArrowArray::empty();
            // SAFETY: the stream is not released, and `array` is room for the result.
            let status = unsafe { get_next(&raw mut self.stream, &raw mut array) };
            if status != 0 {
                return Err(last_error(&mut self.stream));
            }
            if array.is_released() {
                return Ok(None);
            }
            // SAFETY: the stream's arrays have the stream's schema.
            let data = unsafe { from_ffi(array, &self.schema) };
            data.map(|data| Some(make_array(data))).map_err(|error| error.to_string())
        }
    }

    fn last_error(stream: &mut FFI_ArrowArrayStream) -> String {
        let unknown = "the Arrow stream failed without an error message".to_owned();
        let Some(get_last_error) = stream.get_last_error() else { return unknown };
        // SAFETY: the stream is not released; the text, if any, lives until the next call on it.
        unsafe {
            let text = get_last_error(stream);
            if text.is_null() { unknown } else { CStr::from_ptr(text).to_string_lossy().into_owned() }
        }
    }
}
