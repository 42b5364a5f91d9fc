//! The engine's random numbers of NumPy, over arrays of NumPy.

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use textgauge_engine::{CancelFlag, Error, Mersenne, Pcg64, Run};
use textgauge_metrics::Code;

use crate::{errors, gate};

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
    draw: impl FnOnce(&mut Pcg64, &[T], usize, usize, &mut Run<'_>, &CancelFlag) -> Result<Vec<T>, Error> + Send,
) -> PyResult<Drawn<'py, T>> {
    let mut generator = Pcg64 { state, increment, half };
    let width = table.as_array().ncols();
    let rows = table.as_slice()?;
    let sums = gate::enter(py, 1, |run, cancel| draw(&mut generator, rows, width, samples, run, cancel))?;
    let sums = sums.into_pyarray(py).reshape([samples, width])?;
    Ok((sums, (generator.state, generator.increment, generator.half)))
}

/// Means of samples, and the state of the generator after them: its words, and how many of them have been given.
type DrawnMeans<'py> = (Bound<'py, PyArray2<f64>>, Bound<'py, PyArray1<u32>>, usize);

/// The means of bootstrap samples of rows of three numbers, drawn by NumPy's older generator from this state of it.
#[pyfunction]
pub(crate) fn drawn_means<'py>(
    py: Python<'py>,
    rows: PyReadonlyArray2<'py, f64>,
    samples: usize,
    words: PyReadonlyArray1<'py, u32>,
    given: usize,
) -> PyResult<DrawnMeans<'py>> {
    let refuse = |message: &str| errors::input(py, Code::WrongType, None, message);
    let state = words.as_slice()?.try_into().ok().and_then(|words| Mersenne::from_state(words, given));
    let mut generator = state.ok_or_else(|| refuse("this is no state of NumPy's generator MT19937"))?;
    if rows.as_array().ncols() != 3 {
        return Err(refuse("the rows do not have three numbers each"));
    }
    let (rows, _) = rows.as_slice()?.as_chunks();
    let means =
        gate::enter(py, 1, |run, cancel| textgauge_engine::drawn_means(rows, samples, &mut generator, run, cancel))?;
    let (words, given) = generator.state();
    let means = means.as_flattened().to_vec().into_pyarray(py).reshape([means.len(), 3])?;
    Ok((means, words.to_vec().into_pyarray(py), given))
}
