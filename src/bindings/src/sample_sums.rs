//! Sums of samples over parts of all rows, for statistics of rows that stand on several machines.

use std::sync::Arc;

use numpy::{IntoPyArray, PyArray2, PyArray3, PyArrayMethods, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use textgauge_engine::{
    Place, Plan, SEGMENT, SampleSums, bootstrap_sums, randomization_sums, segment_draws as engine_segment_draws,
};
use textgauge_metrics::Code;

use crate::table::{PyTable, same_plan};
use crate::{errors, gate};

/// What some rows add to the score of the corpus and to those of samples of all rows.
#[pyclass(frozen, module = "textgauge._core", name = "SampleSums")]
pub(crate) struct PySampleSums {
    plan: Arc<Plan>,
    sums: SampleSums,
}

/// Where `len` rows from number `first` on stand among `rows`.
fn place(py: Python<'_>, first: usize, len: usize, rows: usize) -> PyResult<Place> {
    match first.checked_add(len) {
        Some(end) if end <= rows => Ok(Place { first, rows }),
        _ => {
            let message = format!("there are {rows} rows, but {len} of them should begin at row {first}");
            Err(errors::input(py, Code::NoRow, None, &message))
        }
    }
}

#[pymethods]
impl PySampleSums {
    /// The share of a table, whose first row has number `first` of `rows`, of the bootstrap samples that `draws` are of:
    /// those of `segment_draws` for the segments that the table has rows of, of shape (samples, segments).
    #[staticmethod]
    fn of_bootstrap(
        py: Python<'_>,
        table: &PyTable,
        first: usize,
        rows: usize,
        draws: PyReadonlyArray2<'_, u64>,
        seed: u64,
        threads: Option<i64>,
    ) -> PyResult<Self> {
        let threads = gate::threads(py, threads)?;
        let place = place(py, first, table.len(), rows)?;
        let draws = draws.as_array();
        let (samples, segments) = draws.dim();
        let wanted = place.segments(table.len()).len();
        if segments != wanted {
            let message = format!("the draws are of {segments} segments, but the rows reach into {wanted}");
            return Err(errors::input(py, Code::UnequalLengths, None, &message));
        }
        let draws: Vec<u64> = draws.iter().copied().collect();
        let draws = (draws.as_slice(), samples as u64);
        let sums = gate::enter(py, threads, |run, cancel| {
            bootstrap_sums(table.plan(), table.values(), place, draws, seed, run, cancel)
        })?;
        Ok(Self { plan: Arc::clone(table.plan()), sums })
    }

    /// For each trial of approximate randomisation the sums of the table's rows whose coin fell heads.
    #[staticmethod]
    fn of_randomization(
        py: Python<'_>,
        table: &PyTable,
        first: usize,
        rows: usize,
        trials: u64,
        seed: u64,
        threads: Option<i64>,
    ) -> PyResult<Self> {
        let threads = gate::threads(py, threads)?;
        let place = place(py, first, table.len(), rows)?;
        let sums = gate::enter(py, threads, |run, cancel| {
            randomization_sums(table.plan(), table.values(), place, trials, seed, run, cancel)
        })?;
        Ok(Self { plan: Arc::clone(table.plan()), sums })
    }

    /// The sums of the rows of both.
    fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        self.check(py, other)?;
        let mut sums = self.sums.clone();
        gate::pass(py, || sums.merge(&other.sums))?;
        Ok(Self { plan: Arc::clone(&self.plan), sums })
    }

    /// The scores of the corpus, one a column.
    fn scores(&self, py: Python<'_>) -> PyResult<Vec<f64>> {
        gate::pass(py, || self.sums.scores(&self.plan))
    }

    /// The scores of each sample, of shape (samples, columns).
    fn scores_of_samples<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let scores = gate::pass(py, || self.sums.scores_of_samples(&self.plan))?;
        scores.into_pyarray(py).reshape([self.sums.samples(), self.plan.columns().len()])
    }

    /// The scores of the two pseudo-systems of each trial, of shape (trials, 2, columns).
    #[staticmethod]
    fn scores_of_trials<'py>(py: Python<'py>, base: &Self, system: &Self) -> PyResult<Bound<'py, PyArray3<f64>>> {
        base.check(py, system)?;
        let scores = gate::pass(py, || SampleSums::scores_of_trials(&base.plan, &base.sums, &system.sums))?;
        scores.into_pyarray(py).reshape([base.sums.samples(), 2, base.plan.columns().len()])
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.sums.to_bytes(&self.plan))
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let data = errors::expect_bytes(data)?;
        let (plan, sums) = SampleSums::from_bytes(data).map_err(|error| errors::engine(py, &error))?;
        Ok(Self { plan: Arc::new(plan), sums })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((slf.get_type().getattr("from_bytes")?, (slf.get().to_bytes(slf.py()),)))
    }
}

impl PySampleSums {
    /// Refuses sums of other metrics or of another number of samples.
    fn check(&self, py: Python<'_>, other: &Self) -> PyResult<()> {
        same_plan(py, &self.plan, &other.plan)?;
        let (left, right) = (self.sums.samples(), other.sums.samples());
        if left != right {
            let message = format!("sums of {left} samples cannot be put together with those of {right}");
            return Err(errors::input(py, Code::UnequalLengths, None, &message));
        }
        Ok(())
    }
}

/// How many draws of each bootstrap sample of `rows` rows fall into each segment, of shape (samples, segments).
#[pyfunction]
pub(crate) fn segment_draws<'py>(
    py: Python<'py>,
    rows: usize,
    samples: u64,
    seed: u64,
    threads: Option<i64>,
) -> PyResult<Bound<'py, PyArray2<u64>>> {
    let threads = gate::threads(py, threads)?;
    let draws = gate::enter(py, threads, |run, cancel| engine_segment_draws(rows, samples, seed, run, cancel))?;
    draws.into_pyarray(py).reshape([samples as usize, rows.div_ceil(SEGMENT)])
}
