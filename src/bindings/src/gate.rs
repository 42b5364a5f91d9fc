//! The one way into the engine: releases the interpreter, watches for signals, catches panics.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use textgauge_engine::{Beside, CancelFlag, Error, Run};
use textgauge_metrics::Code;

use crate::errors;

/// Runs `work` without the interpreter, on up to `threads` threads. Ctrl-C cancels it and raises what
/// Python's signal handler raises, usually `KeyboardInterrupt`; a panic becomes `InternalError`.
pub(crate) fn enter<T: Send>(
    py: Python<'_>,
    threads: usize,
    work: impl FnOnce(&mut Run<'_>, &CancelFlag) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let mut interrupt = None;
    let outcome = py.detach(|| {
        let mut watch = watch(&mut interrupt);
        let mut run = Run::new(threads, &mut watch);
        catch_unwind(AssertUnwindSafe(|| work(&mut run, &CancelFlag::new(false))))
    });
    interrupt.map_or_else(|| open(py, outcome), Err)
}

/// As [`enter`]; and when other threads have begun, this one does something else first, with the interpreter.
pub(crate) fn enter_beside<T: Send>(
    py: Python<'_>,
    threads: usize,
    work: impl FnOnce(&mut Run<'_>, &CancelFlag) -> Result<T, Error>,
    mut beside: impl FnMut(),
) -> PyResult<T> {
    let mut interrupt = None;
    let mut watch = watch(&mut interrupt);
    let mut join = |share: &mut (dyn FnMut() + Send)| py.detach(share);
    let beside = Beside { work: Some(&mut beside), join: &mut join };
    let mut run = Run { threads, watch: &mut watch, beside: Some(beside) };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let value = work(&mut run, &CancelFlag::new(false))?;
        run.beside.iter_mut().for_each(Beside::work);
        Ok(value)
    }));
    drop(watch);
    interrupt.map_or_else(|| open(py, outcome), Err)
}

/// Looks whether a signal came; what its handler raised goes to `interrupt`.
fn watch(interrupt: &mut Option<PyErr>) -> impl FnMut() -> bool + Send {
    || match Python::attach(|py| py.check_signals()) {
        Ok(()) => interrupt.is_some(),
        Err(error) => {
            *interrupt = Some(error);
            true
        }
    }
}

/// As [`enter`], for work that is too short to be worth the way: it keeps the interpreter, and cannot be interrupted.
#[inline]
pub(crate) fn pass<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    open(py, catch_unwind(AssertUnwindSafe(work)))
}

/// What came of the work, its errors and panics as exceptions.
fn open<T>(py: Python<'_>, outcome: std::thread::Result<Result<T, Error>>) -> PyResult<T> {
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(errors::engine(py, &error)),
        Err(panic) => Err(defect(py, panic.as_ref())),
    }
}

/// Runs `work` with the interpreter; a panic, also one of other crates, becomes `InternalError`.
pub(crate) fn guarded<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(defect(py, panic.as_ref())))
}

fn defect(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    let what = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    errors::internal(py, &format!("a defect in textgauge, please report it: {}", what.unwrap_or("panic")))
}

/// The number of threads for a call: as asked, else the default.
pub(crate) fn threads(py: Python<'_>, asked: Option<i64>) -> PyResult<usize> {
    let wrong =
        |what: String| errors::config(py, Code::BadThreads, &format!("{what}; it must be a whole number above 0"));
    match asked {
        Some(threads) => match usize::try_from(threads) {
            Ok(threads) if threads > 0 => Ok(threads),
            _ => Err(wrong(format!("threads is {threads}"))),
        },
        None => textgauge_engine::default_threads()
            .map_err(|value| wrong(format!("the environment variable TEXTGAUGE_NUM_THREADS is {value:?}"))),
    }
}
