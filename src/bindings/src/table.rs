//! Tables of integers, one row a pair, for statistics that weigh pairs anew.

use pyo3::prelude::*;

use crate::scorer::{PyAggregate, PyTable};

#[pymethods]
impl PyTable {
    fn __len__(&self) -> usize {
        self.values.len() / self.plan.lanes().max(1)
    }

    #[getter]
    fn aggregate(&self) -> PyAggregate {
        PyAggregate { plan: self.plan.clone(), sums: self.sums.clone() }
    }
}
