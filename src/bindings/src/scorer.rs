//! The classes: scorers, prepared texts, aggregates.

use std::sync::{Arc, OnceLock};

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple, PyType};
use textgauge_engine::{
    Aggregate, Batch, CancelFlag, Change, Error, ErrorCounts, Fitted, Fitter, Plan, Prepared, References, RowOutputs,
    Run, Text, TokenSource, count_errors,
};
use textgauge_metrics::Code;

use crate::aligned::{AlignedRows, ChunkClass};
use crate::borrow::python_string;
use crate::column::{Column, Nulls, Role, Rows};
use crate::fitted::PyFitted;
use crate::given_source::{GivenSource, SourceParts};
use crate::given_tokens::TokenWriter;
use crate::pair::{Form, PairScorer};
use crate::table::PyTable;
use crate::{errors, explain, gate, options, pair};

/// Bytes of text held at once: with the rows, what is held besides a caller's own data. While one part is scored another
/// is read, so a part has half of it.
const BYTES_AT_ONCE: usize = 64 << 20;

/// So few rows are fitted to without tables for several threads.
const FEW_ROWS: usize = 16;

/// How many rows make a part: few on one thread, so that what was touched on the way in is still in its cache. On several
/// threads few at first, so that they soon have something to do, and then many, because at the end of each part they wait
/// for each other.
struct Sizes {
    next: usize,
    later: usize,
}

impl Sizes {
    const FEW: usize = 1 << 10;
    const MANY: usize = 1 << 14;

    fn new(threads: usize) -> Self {
        Self { next: Self::FEW, later: if threads == 1 { Self::FEW } else { Self::MANY } }
    }

    fn next(&mut self) -> usize {
        std::mem::replace(&mut self.next, self.later)
    }
}

/// What `score` returns; and what `read` does, while others are scoring if there are several threads.
fn score_and_read(
    py: Python<'_>,
    threads: usize,
    score: impl FnOnce(&mut Run<'_>, &CancelFlag) -> Result<(), Error> + Send,
    mut read: impl FnMut() -> PyResult<()>,
) -> PyResult<PyResult<()>> {
    if threads == 1 {
        gate::enter(py, threads, score)?;
        return Ok(read());
    }
    let mut outcome = Ok(());
    gate::enter_beside(py, threads, score, || outcome = read())?;
    Ok(outcome)
}

/// Metrics measured together.
#[pyclass(frozen, module = "textgauge._core", name = "Scorer")]
pub(crate) struct PyScorer {
    plan: Arc<Plan>,
    given: Vec<GivenSource>,
    /// The plan for texts that are given as their tokens, once it was asked for.
    plan_of_tokens: OnceLock<Arc<Plan>>,
    pairs: PairScorer,
}

/// Texts read once, for one scorer.
#[pyclass(frozen, module = "textgauge._core", name = "Prepared")]
pub(crate) struct PyPrepared(Prepared);

/// Exact sums of every metric over some rows.
#[pyclass(frozen, module = "textgauge._core", name = "Aggregate")]
pub(crate) struct PyAggregate {
    plan: Arc<Plan>,
    sums: Aggregate,
}

/// What became of tokens, what stood in a reference, what stands for it, and how often.
type CountedChange<'py> = (&'static str, Bound<'py, PyString>, Bound<'py, PyString>, u64);

/// The arrays of a call's columns, its aggregates, and its table, if that was wanted.
type Scored<'py> = (Vec<Bound<'py, PyArray1<f64>>>, Vec<PyAggregate>, Option<PyTable>);

#[pymethods]
impl PyScorer {
    #[new]
    #[pyo3(signature = (specs, sources, fitted))]
    fn new(
        py: Python<'_>,
        specs: Vec<Bound<'_, PyDict>>,
        sources: Vec<SourceParts<'_>>,
        fitted: Vec<Bound<'_, PyFitted>>,
    ) -> PyResult<Self> {
        let specs = specs.iter().map(options::spec).collect::<PyResult<_>>()?;
        let mut plan = Plan::new(specs).map_err(|error| errors::engine(py, &error))?;
        if !fitted.is_empty() {
            let fitted: Vec<_> = fitted.iter().map(|fitted| Arc::clone(&fitted.get().0)).collect();
            plan = plan.fitted_with(&fitted).map_err(|error| errors::engine(py, &error))?;
        }
        if plan.sources() > sources.len() + 1 {
            return Err(errors::config(py, Code::BadOption, "a metric reads a source that was not given"));
        }
        let given = sources.into_iter().map(GivenSource::new).collect();
        let plan = Arc::new(plan);
        Ok(Self { pairs: PairScorer::new(py, &plan)?, plan, given, plan_of_tokens: OnceLock::new() })
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        self.plan.columns().to_vec()
    }

    #[getter]
    fn signatures(&self) -> Vec<(String, String)> {
        self.plan.signatures().to_vec()
    }

    #[getter]
    fn headlines(&self) -> Vec<&str> {
        self.plan.headlines()
    }

    /// Whether a metric has to be fitted, to the references of each call if to no others.
    #[getter]
    fn must_be_fitted(&self) -> bool {
        self.plan.must_be_fitted()
    }

    #[pyo3(signature = (
        predictions, references, *, nulls, tokens, threads, groups, n_groups, columns, table, progress
    ))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Python method, all named by its caller")]
    fn score<'py>(
        &self,
        py: Python<'py>,
        predictions: &Bound<'py, PyAny>,
        references: &Bound<'py, PyAny>,
        nulls: &Bound<'py, PyAny>,
        tokens: bool,
        threads: Option<i64>,
        groups: Option<PyReadonlyArray1<'py, u32>>,
        n_groups: usize,
        columns: bool,
        table: bool,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Scored<'py>> {
        let threads = gate::threads(py, threads)?;
        let nulls = Nulls::parse(nulls)?;
        if let Some(progress) = progress.as_ref().filter(|progress| !progress.is_callable()) {
            let message =
                format!("progress is {}; it must be a function of the number of rows done, or None", progress.repr()?);
            return Err(errors::config(py, Code::BadOption, &message));
        }
        let groups = groups.as_ref().map(|groups| groups.as_slice()).transpose()?;
        let writer = tokens.then(|| TokenWriter::new(py));
        let group_keys = groups.map(<[u32]>::len);
        let mut texts = TextsOfBoth::new(&self.plan, predictions, references, nulls, writer.as_ref(), group_keys)?;

        let mut plan = self.plan_of(py, tokens)?;
        if plan.must_be_fitted() {
            let fitted = self.fit_to_what_is_scored(py, &plan, references, nulls, writer.as_ref(), threads)?;
            plan = Arc::new(plan.fitted_with(&fitted).map_err(|error| errors::engine(py, &error))?);
        }
        // What functions make of texts is not asked for where there are none.
        let given: &[GivenSource] = if tokens { &[] } else { &self.given };

        let n_columns = if columns { plan.columns().len() } else { 0 };
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); n_columns];
        let components = if table { plan.components() } else { 0 };
        let mut integers: Vec<i64> = Vec::new();
        reserve(py, texts.predictions.len().unwrap_or(0), &mut values, (&mut integers, components))?;
        let mut sums = vec![Aggregate::new(&plan); n_groups];
        let mut sizes = Sizes::new(threads);
        let (mut part, mut next) = (Part::default(), Part::default());
        texts.read(py, given, sizes.next(), &mut part)?;
        while part.rows > 0 {
            let done = part.first + part.rows;
            reserve(py, done, &mut values, (&mut integers, components))?;
            integers.resize(done * components, 0);
            let table = table.then(|| &mut integers[part.first * components..]);
            let columns: Vec<&mut [f64]> = values
                .iter_mut()
                .map(|column| {
                    column.resize(done, 0.0);
                    &mut column[part.first..]
                })
                .collect();
            let prepared = texts.prepared.clone();
            let groups = groups.map(|groups| &groups[part.first..done]);
            let outputs = RowOutputs { columns, table };
            let read = part.with_batch(prepared.as_ref().map(|prepared| &prepared.get().0), |batch| {
                let batch = batch.in_groups(groups);
                let score = |run: &mut Run<'_>, cancel: &CancelFlag| {
                    textgauge_engine::score(&plan, &batch, outputs, &mut sums, run, cancel)
                };
                let read_next = || texts.read(py, given, sizes.next(), &mut next);
                score_and_read(py, threads, score, read_next)
            })?;
            py.check_signals()?;
            if let Some(progress) = &progress {
                progress.call1((done,))?;
            }
            read?;
            std::mem::swap(&mut part, &mut next);
        }
        let arrays = values.into_iter().map(|column| column.into_pyarray(py)).collect();
        let table = table.then(|| PyTable::new(Arc::clone(&plan), integers, sums[0].references()));
        let sums = sums.into_iter().map(|sums| PyAggregate { plan: Arc::clone(&plan), sums }).collect();
        Ok((arrays, sums, table))
    }

    /// The scores of one pair, by column.
    #[pyo3(signature = (prediction, reference, /, *, tokens=false))]
    fn score_pair<'py>(
        &self,
        prediction: &Bound<'py, PyAny>,
        reference: &Bound<'py, PyAny>,
        tokens: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        self.pair_in(PairScorer::named, prediction, reference, tokens)
    }

    /// As `score_pair`, without the names of the columns.
    #[pyo3(signature = (prediction, reference, /, *, tokens=false))]
    fn pair_values<'py>(
        &self,
        prediction: &Bound<'py, PyAny>,
        reference: &Bound<'py, PyAny>,
        tokens: bool,
    ) -> PyResult<Bound<'py, PyTuple>> {
        self.pair_in(PairScorer::in_order, prediction, reference, tokens)
    }

    /// What the scores of one pair come from, as JSON: the scores, and for each metric its sums and its best reference;
    /// then what each reading sees, as `explain_layout` lays it out. `brief` has the columns whose scores are told; then
    /// n-grams are not marked.
    #[pyo3(signature = (prediction, reference, /, *, brief=None))]
    fn explain_pair<'py>(
        &self,
        prediction: &Bound<'py, PyAny>,
        reference: &Bound<'py, PyAny>,
        brief: Option<Vec<usize>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let py = prediction.py();
        let explain = |sources: &[TokenSource<'_>]| explain::explain(py, &self.plan, sources, brief.as_deref());
        pair::with_texts(&self.plan, &self.given, prediction, reference, explain)
    }

    /// What is the same in every explanation: readings and metrics.
    fn explain_layout<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        explain::layout(py, &self.plan)
    }

    /// What stood in references and what stands for it, with how often: each change as the first metric reads texts.
    #[pyo3(signature = (predictions, references, *, nulls, threads, separator))]
    fn error_counts<'py>(
        &self,
        py: Python<'py>,
        predictions: &Bound<'py, PyAny>,
        references: &Bound<'py, PyAny>,
        nulls: &Bound<'py, PyAny>,
        threads: Option<i64>,
        separator: &str,
    ) -> PyResult<Vec<CountedChange<'py>>> {
        let threads = gate::threads(py, threads)?;
        let mut counts = ErrorCounts::default();
        self.each_part(py, predictions, references, Nulls::parse(nulls)?, threads, |batch| {
            gate::enter(py, threads, |run, cancel| {
                count_errors(&self.plan, &batch, separator.as_bytes(), &mut counts, run, cancel)
            })
        })?;
        let text = |bytes: &[u8]| python_string(py, bytes);
        let change = |(change, count): (Change, u64)| {
            PyResult::Ok((change.kind, text(change.reference())?, text(change.hypothesis())?, count))
        };
        counts.sorted().into_iter().map(change).collect()
    }

    /// The tokens of references and predictions, as the first metric reads them, and the edits of each pair. A chunk of
    /// edits is an object of `chunk`, whose `fields` are the kind of edit and its places in both texts; `__init__` is not
    /// called.
    #[pyo3(signature = (predictions, references, *, chunk, fields))]
    fn align<'py>(
        &self,
        py: Python<'py>,
        predictions: &Bound<'py, PyAny>,
        references: &Bound<'py, PyAny>,
        chunk: Bound<'py, PyType>,
        fields: [Bound<'py, PyString>; 5],
    ) -> PyResult<AlignedRows<'py>> {
        let threads = gate::threads(py, None)?;
        let chunks = ChunkClass::new(chunk, fields)?;
        let aligned = AlignedRows::new(py);
        self.each_part(py, predictions, references, Nulls::Error, threads, |batch| {
            let rows =
                gate::enter(py, threads, |run, cancel| textgauge_engine::align(&self.plan, &batch, run, cancel))?;
            rows.iter().try_for_each(|row| aligned.append(py, row, &chunks))
        })?;
        Ok(aligned)
    }

    #[pyo3(signature = (texts, *, role, nulls))]
    fn prepare<'py>(
        &self,
        py: Python<'py>,
        texts: &Bound<'py, PyAny>,
        role: &str,
        nulls: &Bound<'py, PyAny>,
    ) -> PyResult<PyPrepared> {
        let role = if role == "predictions" { Role::Predictions } else { Role::References };
        let mut prepared = Prepared::new(&self.plan);
        let column = Column::new(texts, role, Nulls::parse(nulls)?)?;
        let column = column.taking_no_reference(self.plan.takes_no_reference());
        self.read_all(py, column, &self.given, 1, |batch, run, cancel| {
            prepared.append(&self.plan, batch, run, cancel)
        })?;
        Ok(PyPrepared(prepared))
    }

    /// What the metrics are to be fitted with, for each reading of the texts that asks for it.
    #[pyo3(signature = (references, *, nulls, threads))]
    fn fit(
        &self,
        py: Python<'_>,
        references: &Bound<'_, PyAny>,
        nulls: &Bound<'_, PyAny>,
        threads: Option<i64>,
    ) -> PyResult<Vec<PyFitted>> {
        let threads = gate::threads(py, threads)?;
        let column = Column::new(references, Role::References, Nulls::parse(nulls)?)?;
        let fitter = Fitter::new(&self.plan);
        Ok(self.fit_column(py, fitter, column, &self.given, threads)?.into_iter().map(PyFitted).collect())
    }

    #[pyo3(signature = (predictions, references, *, threads))]
    fn pairwise<'py>(
        &self,
        py: Python<'py>,
        predictions: &PyPrepared,
        references: &PyPrepared,
        threads: Option<i64>,
    ) -> PyResult<Vec<Bound<'py, PyArray2<f64>>>> {
        let threads = gate::threads(py, threads)?;
        for (role, PyPrepared(prepared)) in [("predictions", predictions), ("references", references)] {
            if !prepared.is_single() {
                let message = format!("pairwise compares single texts, but a row of {role} has several");
                return Err(errors::input(py, Code::SeveralReferences, None, &message));
            }
        }
        let shape = [predictions.0.rows(), references.0.rows()];
        let matrices = textgauge_engine::matrices(&self.plan, &predictions.0, &references.0);
        let mut matrices = matrices.map_err(|error| errors::engine(py, &error))?;
        let slices = matrices.iter_mut().map(Vec::as_mut_slice).collect();
        gate::enter(py, threads, |run, cancel| {
            textgauge_engine::pairwise(&self.plan, &predictions.0, &references.0, slices, run, cancel)
        })?;
        matrices.into_iter().map(|matrix| matrix.into_pyarray(py).reshape(shape)).collect()
    }
}

/// Makes room for `rows` rows in all: a value in each column, and `components` integers.
fn reserve(
    py: Python<'_>,
    rows: usize,
    columns: &mut [Vec<f64>],
    (integers, components): (&mut Vec<i64>, usize),
) -> PyResult<()> {
    let of_columns = |column: &mut Vec<f64>| column.try_reserve(rows - column.len()).is_ok();
    let of_integers = |len: usize| integers.try_reserve(len - integers.len()).is_ok();
    if columns.iter_mut().all(of_columns) && rows.checked_mul(components).is_some_and(of_integers) {
        return Ok(());
    }
    Err(errors::engine(py, &Error::NoMemory { rows: rows as u128, what: "rows" }))
}

/// What a source other than the first sees: what the caller's functions made of each text.
#[derive(Default)]
struct GivenTexts {
    predictions: Vec<Option<Vec<u8>>>,
    references: Vec<Option<Vec<u8>>>,
}

impl PyScorer {
    /// The scores of one pair, in a form.
    fn pair_in<'py, T>(
        &self,
        form: Form<'py, T>,
        prediction: &Bound<'py, PyAny>,
        reference: &Bound<'py, PyAny>,
        tokens: bool,
    ) -> PyResult<Bound<'py, T>> {
        if tokens {
            let plan = self.plan_of(prediction.py(), true)?;
            return pair::score_tokens(&self.pairs, &plan, prediction, reference, form);
        }
        pair::score(&self.pairs, &self.given, prediction, reference, form)
    }

    /// Hands all texts to `take`, batch by batch.
    fn each_part<'py>(
        &self,
        py: Python<'py>,
        predictions: &Bound<'py, PyAny>,
        references: &Bound<'py, PyAny>,
        nulls: Nulls,
        threads: usize,
        mut take: impl FnMut(Batch<'_>) -> PyResult<()>,
    ) -> PyResult<()> {
        let mut texts = TextsOfBoth::new(&self.plan, predictions, references, nulls, None, None)?;
        let mut sizes = Sizes::new(threads);
        let mut part = Part::default();
        loop {
            texts.read(py, &self.given, sizes.next(), &mut part)?;
            if part.rows == 0 {
                return Ok(());
            }
            part.with_batch(None, &mut take)?;
            py.check_signals()?;
        }
    }

    /// Hands the texts of a column to `take`, as the references of batches.
    fn read_all<'py>(
        &self,
        py: Python<'py>,
        mut column: Column<'py>,
        given: &[GivenSource],
        threads: usize,
        mut take: impl FnMut(&Batch<'_>, &mut Run<'_>, &CancelFlag) -> Result<(), Error> + Send,
    ) -> PyResult<()> {
        let (nothing, mut chunk) = (Rows::default(), Rows::default());
        let mut sizes = Sizes::new(threads);
        let mut done = 0;
        loop {
            column.read(py, sizes.next(), BYTES_AT_ONCE, &mut chunk)?;
            let rows = chunk.len();
            if rows == 0 {
                return Ok(());
            }
            let given = read_given(py, given, &nothing, &chunk, done)?;
            let given: Vec<_> = given.iter().map(GivenTexts::texts).collect();
            let sources = sources(&nothing, &chunk, &given);
            let references = chunk.ends().map_or(References::Single, References::Ragged);
            let batch = Batch::new(&sources, references, rows, chunk.nulls());
            let take = &mut take;
            gate::enter(py, threads, |run, cancel| take(&batch, run, cancel))?;
            done += rows;
            py.check_signals()?;
        }
    }

    /// The plan for texts, or for their tokens.
    fn plan_of(&self, py: Python<'_>, tokens: bool) -> PyResult<Arc<Plan>> {
        if !tokens {
            return Ok(Arc::clone(&self.plan));
        }
        if let Some(plan) = self.plan_of_tokens.get() {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(self.plan.of_tokens().map_err(|error| errors::engine(py, &error))?);
        Ok(Arc::clone(self.plan_of_tokens.get_or_init(|| plan)))
    }

    fn fit_column<'py>(
        &self,
        py: Python<'py>,
        mut fitter: Fitter,
        column: Column<'py>,
        given: &[GivenSource],
        threads: usize,
    ) -> PyResult<Vec<Arc<Fitted>>> {
        self.read_all(py, column, given, threads, |batch, run, cancel| fitter.read(batch, run, cancel))?;
        gate::enter(py, threads, |run, cancel| fitter.finish(run, cancel))
    }

    /// Fits to the references that are to be scored against, and so are read once more.
    fn fit_to_what_is_scored<'py>(
        &self,
        py: Python<'py>,
        plan: &Plan,
        references: &Bound<'py, PyAny>,
        nulls: Nulls,
        tokens: Option<&TokenWriter<'py>>,
        threads: usize,
    ) -> PyResult<Vec<Arc<Fitted>>> {
        let once = references.is_instance_of::<PyPrepared>()
            || references.hasattr("__next__")?
            // A stream, and not a column that can be had as one.
            || (references.hasattr("__arrow_c_stream__")? && !references.hasattr("__len__")?);
        if once {
            return Err(errors::engine(py, &self.plan.not_fitted()));
        }
        let column = Column::new(references, Role::References, nulls)?;
        let given: &[GivenSource] = if tokens.is_some() { &[] } else { &self.given };
        let few = column.len().is_some_and(|rows| rows <= FEW_ROWS);
        let fitter = if few { Fitter::of_few(plan) } else { Fitter::new(plan) };
        self.fit_column(py, fitter, column.of_tokens(tokens.map(TokenWriter::of_other_side)), given, threads)
    }
}

/// What each source that the caller's functions make holds of the texts; row numbers count from `first`.
fn read_given(
    py: Python<'_>,
    sources: &[GivenSource],
    predictions: &Rows,
    references: &Rows,
    first: usize,
) -> PyResult<Vec<GivenTexts>> {
    sources
        .iter()
        .map(|source| {
            Ok(GivenTexts {
                predictions: source.read_all(py, predictions, first)?,
                references: source.read_all(py, references, first)?,
            })
        })
        .collect()
}

impl GivenTexts {
    fn texts(&self) -> [Vec<Text<'_>>; 2] {
        [&self.predictions, &self.references].map(|texts| texts.iter().map(Option::as_deref).collect())
    }
}

/// What each source sees: the texts themselves, then what the caller's functions made of them.
fn sources<'a>(predictions: &'a Rows, references: &'a Rows, given: &'a [[Vec<Text<'a>>; 2]]) -> Vec<TokenSource<'a>> {
    let texts = TokenSource::new(predictions.texts(), references.texts());
    let given = given.iter().map(|[predictions, references]| TokenSource::new(predictions, references));
    std::iter::once(texts).chain(given).collect()
}

/// Some consecutive rows, with what functions of the caller's made of theirs.
#[derive(Default)]
struct Part {
    predictions: Rows,
    /// Empty if references are prepared.
    references: Rows,
    given: Vec<GivenTexts>,
    first: usize,
    rows: usize,
}

impl Part {
    /// What `take` makes of the rows as a batch; references may be prepared.
    fn with_batch<T>(&self, prepared: Option<&Prepared>, take: impl FnOnce(Batch<'_>) -> T) -> T {
        let given: Vec<_> = self.given.iter().map(GivenTexts::texts).collect();
        let sources = sources(&self.predictions, &self.references, &given);
        let layout = match prepared {
            Some(prepared) => References::Prepared { prepared, first: self.first },
            None => self.references.ends().map_or(References::Single, References::Ragged),
        };
        let nulls = self.predictions.nulls() || self.references.nulls() || prepared.is_some();
        take(Batch::new(&sources, layout, self.rows, nulls).numbered_from(self.first))
    }
}

/// The predictions and references of a call, read part by part.
struct TextsOfBoth<'py> {
    predictions: Column<'py>,
    /// Unless they are prepared.
    references: Option<Column<'py>>,
    prepared: Option<Bound<'py, PyPrepared>>,
    /// How many group keys there are, if any.
    group_keys: Option<usize>,
    /// Rows read so far.
    done: usize,
}

impl<'py> TextsOfBoth<'py> {
    fn new(
        plan: &Plan,
        predictions: &Bound<'py, PyAny>,
        references: &Bound<'py, PyAny>,
        nulls: Nulls,
        tokens: Option<&TokenWriter<'py>>,
        group_keys: Option<usize>,
    ) -> PyResult<Self> {
        let py = predictions.py();
        let writer = || tokens.map(TokenWriter::of_other_side);
        let predictions = Column::new(predictions, Role::Predictions, nulls)?.of_tokens(writer());
        let prepared = references.cast::<PyPrepared>().ok().cloned();
        let references = match &prepared {
            Some(_) => None,
            None => {
                let column = Column::new(references, Role::References, nulls)?;
                Some(column.taking_no_reference(plan.takes_no_reference()).of_tokens(writer()))
            }
        };
        check_lengths(py, &predictions, references.as_ref(), prepared.as_ref())?;
        if let (Some(keys), Some(rows)) = (group_keys, predictions.len())
            && keys != rows
        {
            return Err(unequal(py, "predictions", rows, "group keys", keys));
        }
        Ok(Self { predictions, references, prepared, group_keys, done: 0 })
    }

    /// Replaces `part` by the next rows, up to `most`; by none at the end.
    fn read(&mut self, py: Python<'py>, sources: &[GivenSource], most: usize, part: &mut Part) -> PyResult<()> {
        let Part { predictions, references, given, first, rows } = part;
        match &mut self.references {
            Some(column) => {
                let both = [(&mut self.predictions, &mut *predictions), (column, &mut *references)];
                read_both(py, both, most, self.done)?;
            }
            None => self.predictions.read(py, most, BYTES_AT_ONCE / 2, predictions)?,
        }
        *first = self.done;
        *rows = predictions.len();
        self.done += *rows;
        if let Some(prepared) = &self.prepared {
            let total = prepared.get().0.rows();
            // Of an iterator it is only seen here.
            if self.done > total || (*rows == 0 && self.done < total) {
                return Err(unequal(py, "predictions", self.done, "references", total));
            }
        }
        if let Some(keys) = self.group_keys
            && (keys < self.done || (*rows == 0 && keys != self.done))
        {
            return Err(unequal(py, "predictions", self.done, "group keys", keys));
        }
        *given = read_given(py, sources, predictions, references, *first)?;
        Ok(())
    }
}

/// Replaces the rows of both sides, predictions and references, by the next ones: up to `most`, or fewer if their texts
/// have so many bytes before that no more may be held. `done` rows were read before.
///
/// What an iterator makes is held only here. So an iterator is read first, to where the bytes suffice, and the other side
/// as far; two iterators are read row by row in turn.
fn read_both<'py>(
    py: Python<'py>,
    [predictions, references]: [(&mut Column<'py>, &mut Rows); 2],
    most: usize,
    done: usize,
) -> PyResult<()> {
    let in_turn = if predictions.0.is_iterator() && references.0.is_iterator() { 1 } else { most };
    let references_first = references.0.is_iterator() && !predictions.0.is_iterator();
    let sides = if references_first { [references, predictions] } else { [predictions, references] };
    let [(first, first_rows), (second, second_rows)] = sides;
    first_rows.clear();
    second_rows.clear();
    let mut bytes = 0;
    loop {
        let before = first_rows.len();
        bytes += first.read_more(py, most.min(before + in_turn), BYTES_AT_ONCE / 2, first_rows)?;
        let rows = first_rows.len();
        // One more at the end: a text too many must not go unnoticed.
        bytes += second.read_more(py, rows.max(1), usize::MAX, second_rows)?;
        if second_rows.len() != rows {
            let first_ended = rows == 0;
            return Err(ended_early(py, done + rows.min(second_rows.len()), first_ended != references_first));
        }
        if rows < before + in_turn || rows == most || bytes >= BYTES_AT_ONCE / 2 {
            return Ok(());
        }
    }
}

fn unequal(py: Python<'_>, left: &str, left_len: usize, right: &str, right_len: usize) -> PyErr {
    let message = format!("{left_len} {left}, but {right_len} {right}; there must be one of each a row");
    errors::input(py, Code::UnequalLengths, None, &message)
}

fn ended_early(py: Python<'_>, rows: usize, predictions: bool) -> PyErr {
    let (ended, other) = if predictions { ("predictions", "references") } else { ("references", "predictions") };
    let message = format!("{ended} end after {rows} rows, but there are more {other}");
    errors::input(py, Code::UnequalLengths, Some(rows), &message)
}

/// Refuses unequal lengths, where both are known, and says so if it looks like a transposed layout.
fn check_lengths(
    py: Python<'_>,
    predictions: &Column<'_>,
    references: Option<&Column<'_>>,
    prepared: Option<&Bound<'_, PyPrepared>>,
) -> PyResult<()> {
    let len = references.map_or_else(|| prepared.map(|prepared| prepared.get().0.rows()), Column::len);
    let (Some(rows), Some(len)) = (predictions.len(), len) else { return Ok(()) };
    if rows == len {
        return Ok(());
    }
    if references.is_some_and(|column| column.common_list_len() == Some(rows)) {
        let message = format!(
            "{rows} predictions, but {len} lists of {rows} references each: they look like one list for each set of \
             references; pass one list for each row, list(zip(*references))"
        );
        return Err(errors::input(py, Code::Transposed, None, &message));
    }
    Err(unequal(py, "predictions", rows, "references", len))
}

#[pymethods]
impl PyPrepared {
    fn __len__(&self) -> usize {
        self.0.rows()
    }
}

#[pymethods]
impl PyAggregate {
    #[getter]
    fn rows(&self) -> u64 {
        self.sums.rows()
    }

    #[getter]
    fn nulls(&self) -> u64 {
        self.sums.nulls()
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        self.plan.columns().to_vec()
    }

    #[getter]
    fn signatures(&self) -> Vec<(String, String)> {
        self.plan.signatures().to_vec()
    }

    /// How many references every row has; `None` if they differ.
    #[getter]
    fn references(&self) -> Option<u64> {
        self.sums.references()
    }

    #[getter]
    fn headlines(&self) -> Vec<&str> {
        self.plan.headlines()
    }

    fn sacrebleu_signatures(&self, head: &str) -> Vec<(String, String)> {
        self.plan.sacrebleu_signatures(head)
    }

    fn scores(&self, py: Python<'_>) -> PyResult<Vec<f64>> {
        gate::pass(py, || self.sums.finalise(&self.plan))
    }

    /// For each column what it counts in.
    #[getter]
    fn units(&self) -> Vec<&'static str> {
        self.plan.outputs().map(|output| output.unit.name()).collect()
    }

    fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        if self.plan.signature() != other.plan.signature() {
            let error = Error::SignatureMismatch {
                what: "aggregates of different metrics don't add up",
                left: self.plan.signature(),
                right: other.plan.signature(),
            };
            return Err(errors::engine(py, &error));
        }
        let mut sums = self.sums.clone();
        sums.merge(&other.sums).map_err(|error| errors::engine(py, &error))?;
        Ok(Self { plan: Arc::clone(&self.plan), sums })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.sums.to_bytes(&self.plan))
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (plan, sums) =
            Aggregate::from_bytes(errors::expect_bytes(data)?).map_err(|error| errors::engine(py, &error))?;
        Ok(Self { plan: Arc::new(plan), sums })
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| self.sums == other.get().sums && self.plan.signature() == other.get().plan.signature())
    }
}
