//! Arithmetic as Python does it where fractions meet floats.

use std::ops::{Add, Div, Mul};

use num_bigint::BigUint;

/// Python's `x ** 2` of a float: the C library's `pow`, which need not be `x * x` to the last bit.
pub(crate) fn squared(x: f64) -> f64 {
    // Where the compiler sees the 2, it multiplies.
    x.powf(std::hint::black_box(2.0))
}

/// The sum, rounded once, as Python's `math.fsum`: Shewchuk 1997, "Adaptive Precision Floating-Point Arithmetic".
pub(crate) fn fsum(terms: impl IntoIterator<Item = f64>) -> f64 {
    // Their exact sum is the terms', and none overlaps the next.
    let mut parts: Vec<f64> = Vec::new();
    for mut sum in terms {
        let mut kept = 0;
        for at in 0..parts.len() {
            let (large, small) = if sum.abs() < parts[at].abs() { (parts[at], sum) } else { (sum, parts[at]) };
            sum = large + small;
            let lost = small - (sum - large);
            if lost != 0.0 {
                parts[kept] = lost;
                kept += 1;
            }
        }
        parts.truncate(kept);
        parts.push(sum);
    }
    let Some(mut sum) = parts.pop() else { return 0.0 };
    while let Some(part) = parts.pop() {
        let before = sum;
        sum += part;
        let lost = part - (sum - before);
        if lost != 0.0 {
            // Half an ulp was rounded to even, but the parts below say that it was not half an ulp.
            let below = parts.last().copied().unwrap_or(0.0);
            let further = sum + 2.0 * lost;
            if lost * below > 0.0 && further - sum == 2.0 * lost {
                sum = further;
            }
            break;
        }
    }
    sum
}

/// A fraction of any size, not reduced and not negative.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fraction {
    above: BigUint,
    below: BigUint,
}

impl Fraction {
    fn is_zero(&self) -> bool {
        self.above == BigUint::ZERO
    }

    /// The nearest double, the even one of two.
    fn to_f64(&self) -> f64 {
        if self.is_zero() {
            return 0.0;
        }
        // As many bits before the point as a double has, and some; the rest only matters if it is not 0.
        let shift = self.below.bits() as i64 - self.above.bits() as i64 + 66;
        let (above, below) = match u64::try_from(shift) {
            Ok(shift) => (&self.above << shift, self.below.clone()),
            Err(_) => (self.above.clone(), &self.below << shift.unsigned_abs()),
        };
        let whole = &above / &below;
        let rest = u128::from(&whole * &below != above);
        let whole = u128::try_from(whole).unwrap_or(u128::MAX) | rest;
        whole as f64 * 2_f64.powi(-i32::try_from(shift).unwrap_or(i32::MAX))
    }
}

/// A fraction, or the float that it becomes where it meets one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Real {
    Exact(Fraction),
    Float(f64),
}

use Real::{Exact, Float};

impl Real {
    pub(crate) fn fraction(above: u64, below: u64) -> Self {
        Exact(Fraction { above: above.into(), below: below.into() })
    }

    pub(crate) fn to_f64(&self) -> f64 {
        match self {
            Exact(fraction) => fraction.to_f64(),
            Float(value) => *value,
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Exact(fraction) => fraction.is_zero(),
            Float(value) => *value == 0.0,
        }
    }

    pub(crate) fn squared(&self) -> Self {
        match self {
            Exact(_) => self * self,
            Float(value) => Float(squared(*value)),
        }
    }

    fn with(
        &self,
        other: &Self,
        exact: impl Fn(&Fraction, &Fraction) -> [BigUint; 2],
        float: impl Fn(f64, f64) -> f64,
    ) -> Self {
        match (self, other) {
            (Exact(a), Exact(b)) => {
                let [above, below] = exact(a, b);
                Exact(Fraction { above, below })
            }
            _ => Float(float(self.to_f64(), other.to_f64())),
        }
    }
}

impl Add for &Real {
    type Output = Real;

    fn add(self, other: Self) -> Real {
        let exact = |a: &Fraction, b: &Fraction| [&a.above * &b.below + &b.above * &a.below, &a.below * &b.below];
        self.with(other, exact, |a, b| a + b)
    }
}

impl Mul for &Real {
    type Output = Real;

    fn mul(self, other: Self) -> Real {
        self.with(other, |a, b| [&a.above * &b.above, &a.below * &b.below], |a, b| a * b)
    }
}

impl Div for &Real {
    type Output = Real;

    fn div(self, other: Self) -> Real {
        self.with(other, |a, b| [&a.above * &b.below, &a.below * &b.above], |a, b| a / b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fraction whose parts are far too long for doubles, but for their ratio.
    fn long(above: u64, below: u64) -> Fraction {
        let factor = BigUint::from(3_u32).pow(700);
        Fraction { above: above * &factor, below: below * factor }
    }

    #[test]
    fn fractions_round_once() {
        for (above, below) in [(1, 3), (2, 3), (0, 7), (7, 1), (1, 10), (u32::MAX.into(), 3), (1, u32::MAX.into())] {
            assert_eq!(long(above, below).to_f64(), above as f64 / below as f64);
        }
        // Halfway between doubles: to the even one, unless there is anything more.
        let half = (1_u64 << 53) + 1;
        assert_eq!(long(half, 1).to_f64(), (1_u64 << 53) as f64);
        let mut more = long(half, 1);
        more.above += 1_u32;
        assert_eq!(more.to_f64(), ((1_u64 << 53) + 2) as f64);
        assert_eq!(long(half + 2, 1).to_f64(), ((1_u64 << 53) + 4) as f64);
        assert_eq!(long(half, 1 << 60).to_f64(), 2_f64.powi(-7));
    }

    #[test]
    fn sums_round_once() {
        assert_eq!(fsum([]), 0.0);
        assert_eq!(fsum([0.1; 10]), 1.0);
        assert_eq!(fsum([1e16, 1.0, 1e-16, -1e16]), 1.0);
        // Halfway, and a little above or below it.
        let ulp = f64::EPSILON;
        assert_eq!(fsum([1.0, ulp / 2.0]), 1.0);
        assert_eq!(fsum([1.0, ulp / 2.0, 1e-30]), 1.0 + ulp);
        assert_eq!(fsum([1.0 + ulp, ulp / 2.0]), 1.0 + 2.0 * ulp);
        assert_eq!(fsum([1.0 + ulp, ulp / 2.0, -1e-30]), 1.0 + ulp);
    }

    #[test]
    fn fractions_stay_exact_until_they_meet_a_float() {
        let third = Real::fraction(1, 3);
        assert_eq!((&(&third + &third) + &third).to_f64(), 1.0);
        assert_eq!((&third / &third.squared()).to_f64(), 3.0);
        assert_eq!((&third * &Float(3.0)), Float(1.0 / 3.0 * 3.0));
    }
}
