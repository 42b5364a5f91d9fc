//! Arithmetic as NumPy 2 does it in single precision, so that scores of re-sampled statistics come out as
//! sacrebleu publishes them.

use std::ops::{Add, Div, Mul};

/// A number that scores are computed with.
pub(crate) trait Number:
    Copy + From<f64> + Into<f64> + PartialOrd + Add<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
}

impl Number for f64 {}

/// A Python float, or a NumPy single: as NumPy 2 has it, the float is weak, and whatever meets a single
/// becomes one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Promoted {
    Python(f64),
    Single(f32),
}

use Promoted::{Python, Single};

impl Promoted {
    pub(crate) fn is_single(self) -> bool {
        matches!(self, Single(_))
    }

    fn with(self, other: Self, double: impl Fn(f64, f64) -> f64, single: impl Fn(f32, f32) -> f32) -> Self {
        match (self, other) {
            (Python(a), Python(b)) => Python(double(a, b)),
            (Python(a), Single(b)) => Single(single(a as f32, b)),
            (Single(a), Python(b)) => Single(single(a, b as f32)),
            (Single(a), Single(b)) => Single(single(a, b)),
        }
    }
}

impl Number for Promoted {}

impl From<f64> for Promoted {
    fn from(value: f64) -> Self {
        Python(value)
    }
}

impl From<Promoted> for f64 {
    fn from(value: Promoted) -> Self {
        match value {
            Python(value) => value,
            Single(value) => value.into(),
        }
    }
}

impl PartialEq for Promoted {
    fn eq(&self, other: &Self) -> bool {
        f64::from(*self) == f64::from(*other)
    }
}

impl PartialOrd for Promoted {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        f64::from(*self).partial_cmp(&f64::from(*other))
    }
}

impl Add for Promoted {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, |a, b| a + b, |a, b| a + b)
    }
}

impl Mul for Promoted {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        self.with(other, |a, b| a * b, |a, b| a * b)
    }
}

impl Div for Promoted {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        self.with(other, |a, b| a / b, |a, b| a / b)
    }
}
