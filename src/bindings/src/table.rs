//! Tables of integers, one row a pair, and statistics that weigh pairs anew.

use std::sync::Arc;

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArray3, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use textgauge_engine::{
    Plan, bootstrap as engine_bootstrap, jackknife as engine_jackknife, randomization as engine_randomization,
};
use textgauge_metrics::Code;
use textgauge_metrics::Sacrebleu;

use crate::{errors, gate};

/// The integers of each pair that add up.
#[pyclass(frozen, module = "textgauge._core", name = "Table")]
pub(crate) struct PyTable {
    plan: Arc<Plan>,
    /// [`Plan::components`] a row, row after row.
    values: Vec<i64>,
    /// How many references every row has; `None` if they differ.
    references: Option<u64>,
}

impl PyTable {
    pub(crate) fn new(plan: Arc<Plan>, values: Vec<i64>, references: Option<u64>) -> Self {
        Self { plan, values, references }
    }

    pub(crate) fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    pub(crate) fn values(&self) -> &[i64] {
        &self.values
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.plan.components()
    }

    fn sacrebleu(&self, py: Python<'_>, metric: usize) -> PyResult<&dyn Sacrebleu> {
        self.plan.sacrebleu(metric).ok_or_else(|| {
            errors::config(
                py,
                Code::BadOption,
                &format!("sacrebleu does not have metric number {metric} of the scorer"),
            )
        })
    }
}

/// The arrays of standard errors and of biases, one value a column.
type Jackknives<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);

#[pymethods]
impl PyTable {
    fn __len__(&self) -> usize {
        self.len()
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.plan.table_to_bytes(&self.values, self.references))
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let data = errors::expect_bytes(data)?;
        let (plan, values, references) = Plan::table_from_bytes(data).map_err(|error| errors::engine(py, &error))?;
        Ok(Self::new(Arc::new(plan), values, references))
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        self.plan.columns().to_vec()
    }

    #[getter]
    fn headlines(&self) -> Vec<&str> {
        self.plan.headlines()
    }

    #[getter]
    fn signatures(&self) -> Vec<(String, String)> {
        self.plan.signatures().to_vec()
    }

    #[getter]
    fn references(&self) -> Option<u64> {
        self.references
    }

    fn sacrebleu_signatures(&self, head: &str) -> Vec<(String, String)> {
        self.plan.sacrebleu_signatures(head)
    }

    fn scores(&self, py: Python<'_>) -> PyResult<Vec<f64>> {
        gate::pass(py, || self.plan.scores_of_table(&self.values))
    }

    /// For each column whether higher is better; `None` where neither is.
    #[getter]
    fn directions(&self) -> Vec<Option<bool>> {
        self.plan.outputs().map(|output| output.higher_is_better).collect()
    }

    /// The names of the metrics that sacrebleu has, each with its number and the column of its score.
    #[getter]
    fn sacrebleu_metrics(&self) -> Vec<(usize, &str)> {
        let headlines = self.plan.headlines().into_iter().enumerate();
        headlines.filter(|&(metric, _)| self.plan.sacrebleu(metric).is_some()).collect()
    }

    /// The table of these rows, which may come in any order and more than once.
    fn select(&self, py: Python<'_>, rows: PyReadonlyArray1<'_, usize>) -> PyResult<Self> {
        let components = self.plan.components();
        let mut values = Vec::with_capacity(rows.as_slice()?.len() * components);
        for &row in rows.as_slice()? {
            let Some(row) = self.values.chunks_exact(components).nth(row) else {
                let message = format!("there is no row {row}; there are {}", self.len());
                return Err(errors::input(py, Code::NoRow, Some(row), &message));
            };
            values.extend_from_slice(row);
        }
        Ok(Self { plan: Arc::clone(&self.plan), values, references: self.references })
    }

    fn jackknife<'py>(&self, py: Python<'py>, threads: Option<i64>) -> PyResult<Jackknives<'py>> {
        let threads = gate::threads(py, threads)?;
        let made = gate::enter(py, threads, |run, cancel| engine_jackknife(&self.plan, &self.values, run, cancel))?;
        let (errors, biases): (Vec<f64>, Vec<f64>) = made.iter().map(|made| (made.standard_error, made.bias)).unzip();
        Ok((errors.into_pyarray(py), biases.into_pyarray(py)))
    }

    /// The statistics that sacrebleu has of each pair for metric number `metric`, of shape (rows, statistics).
    fn sacrebleu_statistics<'py>(&self, py: Python<'py>, metric: usize) -> PyResult<Bound<'py, PyArray2<f64>>> {
        self.sacrebleu(py, metric)?;
        let statistics = self.plan.sacrebleu_statistics(metric, &self.values);
        let rows = self.len();
        let width = statistics.len().checked_div(rows).unwrap_or(0);
        statistics.into_pyarray(py).reshape([rows, width])
    }

    /// sacrebleu's scores of sums of statistics in single precision, and which of them are in single precision.
    fn sacrebleu_scores_of_singles(
        &self,
        py: Python<'_>,
        metric: usize,
        sums: PyReadonlyArray2<'_, f32>,
    ) -> PyResult<Vec<(f64, bool)>> {
        let metric = self.sacrebleu(py, metric)?;
        Ok(sums.as_array().outer_iter().map(|sums| metric.score_of_singles(&sums.to_vec())).collect())
    }

    /// sacrebleu's scores of sums of statistics in double precision.
    fn sacrebleu_scores_of_doubles(
        &self,
        py: Python<'_>,
        metric: usize,
        sums: PyReadonlyArray2<'_, f64>,
    ) -> PyResult<Vec<f64>> {
        let metric = self.sacrebleu(py, metric)?;
        Ok(sums.as_array().outer_iter().map(|sums| metric.score_of_doubles(&sums.to_vec())).collect())
    }
}

/// Some tables of the same metrics, one after the other.
#[pyfunction]
pub(crate) fn concatenate(py: Python<'_>, tables: Vec<PyRef<'_, PyTable>>) -> PyResult<PyTable> {
    let Some(first) = tables.first() else {
        return Err(errors::input(py, Code::UnequalLengths, None, "there is no table to begin with"));
    };
    let mut references = first.references;
    for table in &tables {
        same_plan(py, &first.plan, &table.plan)?;
        references = references.filter(|_| references == table.references);
    }
    let values = tables.iter().flat_map(|table| &table.values).copied().collect();
    Ok(PyTable { plan: Arc::clone(&first.plan), values, references })
}

/// Refuses what was measured by other metrics.
pub(crate) fn same_plan(py: Python<'_>, left: &Plan, right: &Plan) -> PyResult<()> {
    if left.signature() == right.signature() {
        return Ok(());
    }
    let error = textgauge_engine::Error::SignatureMismatch {
        what: "systems can be compared only by the same metrics",
        left: left.signature(),
        right: right.signature(),
    };
    Err(errors::engine(py, &error))
}

/// Refuses tables that don't belong together.
fn check(py: Python<'_>, tables: &[PyRef<'_, PyTable>]) -> PyResult<()> {
    let first = &tables[0];
    for table in &tables[1..] {
        same_plan(py, &first.plan, &table.plan)?;
        if first.values.len() != table.values.len() {
            let (left, right) = (first.len(), table.len());
            let message =
                format!("systems can be compared only on the same pairs, but one has {left}, another {right}");
            return Err(errors::input(py, Code::UnequalLengths, None, &message));
        }
    }
    Ok(())
}

/// The scores of bootstrap samples, of shape (samples, tables, columns).
#[pyfunction]
pub(crate) fn bootstrap<'py>(
    py: Python<'py>,
    tables: Vec<PyRef<'py, PyTable>>,
    samples: u64,
    seed: u64,
    threads: Option<i64>,
) -> PyResult<Bound<'py, PyArray3<f64>>> {
    let threads = gate::threads(py, threads)?;
    check(py, &tables)?;
    let plan = &tables[0].plan;
    let values: Vec<&[i64]> = tables.iter().map(|table| table.values.as_slice()).collect();
    let scores = gate::enter(py, threads, |run, cancel| engine_bootstrap(plan, &values, samples, seed, run, cancel))?;
    scores.into_pyarray(py).reshape([samples as usize, tables.len(), plan.columns().len()])
}

/// The scores of the two pseudo-systems of each trial of approximate randomisation, of shape (trials, 2, columns).
#[pyfunction]
pub(crate) fn randomization<'py>(
    py: Python<'py>,
    base: PyRef<'py, PyTable>,
    system: PyRef<'py, PyTable>,
    trials: u64,
    seed: u64,
    threads: Option<i64>,
) -> PyResult<Bound<'py, PyArray3<f64>>> {
    let threads = gate::threads(py, threads)?;
    let tables = [base, system];
    check(py, &tables)?;
    let [base, system] = &tables;
    let plan = &base.plan;
    let values = [base.values.as_slice(), system.values.as_slice()];
    let scores = gate::enter(py, threads, |run, cancel| engine_randomization(plan, values, trials, seed, run, cancel))?;
    scores.into_pyarray(py).reshape([trials as usize, 2, plan.columns().len()])
}
