//! The engine's random numbers of NumPy, over arrays of NumPy.

use numpy::{IntoPyArray, PyArray2, PyArrayMethods, PyReadonlyArray2};
use pyo3::prelude::*;
use textgauge_engine::{CancelFlag, Error, Pcg64};

use crate::gate;

/// The state of a generator as Python has it: state, increment, and the half of a number that was not asked for yet.
type State = (u128, u128, Option<u32>);

/// Sums, of shape (samples, width), and the state of the generator after them.
type Drawn<'py, T> = (Bound<'py, PyArray2<T>>, State);

/// The sums of bootstrap samples of a table's rows in single precision.
#[pyfunction]
pub(crate) fn single_bootstrap_sums<'py>(
    py: Python<'py>,
    state: State,
    table: PyReadonlyArray2<'py, f32>,
    samples: usize,
) -> PyResult<Drawn<'py, f32>> {
    drawn(py, state, table, samples, textgauge_engine::single_bootstrap_sums)
}

/// For each trial the sum of the rows of a table that the toss of a coin chooses.
#[pyfunction]
pub(crate) fn sums_of_chosen<'py>(
    py: Python<'py>,
    state: State,
    table: PyReadonlyArray2<'py, i64>,
    trials: usize,
) -> PyResult<Drawn<'py, i64>> {
    drawn(py, state, table, trials, textgauge_engine::sums_of_chosen)
}

fn drawn<'py, T: numpy::Element + Send + Sync>(
    py: Python<'py>,
    (state, increment, half): State,
    table: PyReadonlyArray2<'py, T>,
    samples: usize,
    draw: impl FnOnce(&mut Pcg64, &[T], usize, usize, &CancelFlag) -> Result<Vec<T>, Error> + Send,
) -> PyResult<Drawn<'py, T>> {
    let mut generator = Pcg64 { state, increment, half };
    let width = table.as_array().ncols();
    let rows = table.as_slice()?;
    let sums = gate::enter(py, 1, |_, cancel| draw(&mut generator, rows, width, samples, cancel))?;
    let sums = sums.into_pyarray(py).reshape([samples, width])?;
    Ok((sums, (generator.state, generator.increment, generator.half)))
}
