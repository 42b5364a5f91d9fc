//! Floats as Python writes them.

/// Adds `repr` of a finite float.
///
/// Both Python and zmij write the shortest digits that stand for the float alone, and of those the nearest. Python
/// writes an exponent from 1e-5 on down instead of from 1e-6, and with two digits at least.
pub fn push_float(value: f64, text: &mut Vec<u8>) {
    let mut buffer = zmij::Buffer::new();
    let written = buffer.format_finite(value);
    if value == 0.0 || value.abs() >= 1e-4 {
        text.extend_from_slice(written.as_bytes());
        return;
    }
    let (sign, written) = written.split_at(usize::from(value < 0.0));
    text.extend_from_slice(sign.as_bytes());
    if let Some(digits) = written.strip_prefix("0.0000") {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        [first, point, rest, "e-05"].iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
        return;
    }
    match written.split_once("e-") {
        Some((digits, exponent @ ("6" | "7" | "8" | "9"))) => {
            [digits, "e-0", exponent].iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
        }
        _ => text.extend_from_slice(written.as_bytes()),
    }
}

/// The text of no float is longer.
const LONGEST: usize = "-2.2250738585072014e-308".len();

/// Writes floats, and remembers those of late: scores are ratios of small counts, of which few are new.
pub(crate) struct FloatWriter {
    /// The bits of floats.
    bits: Vec<u64>,
    /// How each is written, and how many bytes that takes.
    texts: Vec<([u8; LONGEST], u8)>,
}

impl FloatWriter {
    const PLACES: usize = 1 << 10;

    pub(crate) fn new() -> Self {
        // NaN is written nowhere.
        Self { bits: vec![f64::NAN.to_bits(); Self::PLACES], texts: vec![([0; LONGEST], 0); Self::PLACES] }
    }

    /// Adds `repr` of a finite float.
    #[inline]
    pub(crate) fn push(&mut self, value: f64, out: &mut Vec<u8>) {
        let bits = value.to_bits();
        // The upper bits of a product depend on all of the factor's (Knuth's multiplicative hashing).
        let place = (bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize;
        let start = out.len();
        if self.bits[place] == bits {
            let (text, len) = &self.texts[place];
            out.extend_from_slice(text);
            out.truncate(start + usize::from(*len));
            return;
        }
        push_float(value, out);
        let (text, len) = &mut self.texts[place];
        let written = &out[start..];
        text[..written.len()].copy_from_slice(written);
        *len = written.len() as u8;
        self.bits[place] = bits;
    }
}

#[cfg(test)]
mod tests {
    use super::{FloatWriter, push_float};

    fn written(value: f64) -> String {
        let mut text = Vec::new();
        push_float(value, &mut text);
        String::from_utf8(text).expect("ASCII")
    }

    #[test]
    fn floats_are_written_as_python_writes_them() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (-1.5e16, "-1.5e+16"),
            (1e100, "1e+100"),
            (0.0001, "0.0001"),
            (0.00099, "0.00099"),
            (1e-5, "1e-05"),
            (9.999e-5, "9.999e-05"),
            (-1.234e-5, "-1.234e-05"),
            (1e-6, "1e-06"),
            (1.5e-9, "1.5e-09"),
            (1e-10, "1e-10"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
        ];
        let mut writer = FloatWriter::new();
        for (value, wanted) in cases.into_iter().chain(cases) {
            assert_eq!(written(value), wanted);
            let mut text = Vec::new();
            writer.push(value, &mut text);
            assert_eq!(String::from_utf8(text).as_deref(), Ok(wanted));
        }
    }
}
