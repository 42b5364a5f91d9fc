//! Token keys.
//!
//! A [`Key`] is sixteen bytes that are equal exactly when the tokens are: a token of up to fifteen
//! bytes is its own key (its bytes, zero padding, its length in the last byte), so comparing two
//! tokens is one 128-bit comparison and never touches text. A longer token gets a number from
//! whoever owns the text (see `textgauge_text`) and is keyed by that number under its own tag.

use crate::held::hold_nothing;

/// The longest token, in bytes, that is its own key.
pub const INLINE_BYTES: usize = 15;

/// Tag in the last byte of a key that stands for a numbered long token.
const NUMBERED: u64 = 0xFF << 56;

/// Tag in the last byte of a key that stands for a code point.
const CODE_POINT: u64 = 0xFE << 56;

/// Tag in the last byte of a key that stands for a whole number.
const INTEGER: u64 = 0xFD << 56;

/// The bits of a whole number that a key has room for.
const INTEGER_BITS: u32 = 120;

/// Stands for one token: two keys are equal exactly when their tokens are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Key {
    /// Bytes 0–7 of the token, little endian.
    pub low: u64,
    /// Bytes 8–14 of the token, and its length in the highest byte.
    pub high: u64,
}

hold_nothing!(Key);

impl Key {
    /// The key of a token of at most [`INLINE_BYTES`] bytes; `None` for a longer one.
    #[inline]
    pub fn inline(token: &[u8]) -> Option<Self> {
        let len = token.len();
        if len > INLINE_BYTES {
            return None;
        }
        Some(Self::from_bits(load(token) | (len as u128) << 120))
    }

    /// The key of a long token that its owner has given this number.
    #[inline]
    pub fn numbered(number: u32) -> Self {
        Self { low: u64::from(number), high: NUMBERED }
    }

    /// The number given to [`Key::numbered`], if the key was made so.
    #[inline]
    pub fn number(self) -> Option<u32> {
        (self.high == NUMBERED).then_some(self.low as u32)
    }

    /// The key of a token that is one code point, of a text whose tokens all are. It differs from that of the
    /// same token as bytes.
    #[inline]
    pub fn of_code_point(code_point: u32) -> Self {
        Self { low: u64::from(code_point), high: CODE_POINT }
    }

    /// The code point given to [`Key::of_code_point`], if the key was made so.
    #[inline]
    pub fn code_point(self) -> Option<u32> {
        (self.high == CODE_POINT).then_some(self.low as u32)
    }

    /// The key of a whole number, of a text whose only token is one. Beyond 119 bits it is the nearest that fits.
    #[inline]
    pub fn of_integer(value: i128) -> Self {
        const MOST: i128 = (1 << (INTEGER_BITS - 1)) - 1;
        let mut key = Self::from_bits(value.clamp(-MOST, MOST) as u128);
        key.high = key.high & !(0xFF << 56) | INTEGER;
        key
    }

    /// The number given to [`Key::of_integer`], if the key was made so.
    #[inline]
    pub fn integer(self) -> Option<i128> {
        let bits = u128::from(self.low) | u128::from(self.high) << 64;
        (self.high >> 56 == INTEGER >> 56).then_some((bits << (128 - INTEGER_BITS)) as i128 >> (128 - INTEGER_BITS))
    }

    /// The key as one little-endian integer.
    #[inline]
    pub const fn from_bits(bits: u128) -> Self {
        Self { low: bits as u64, high: (bits >> 64) as u64 }
    }

    /// The token's bytes (all sixteen; see [`Key::inline_len`]), meaningless for a numbered key.
    #[inline]
    pub fn bytes(self) -> [u8; 16] {
        (u128::from(self.low) | (u128::from(self.high) << 64)).to_le_bytes()
    }

    /// The token's length in bytes if it is its own key.
    #[inline]
    pub fn inline_len(self) -> Option<usize> {
        let len = (self.high >> 56) as usize;
        (len <= INLINE_BYTES).then_some(len)
    }
}

/// Up to so many tokens are compared with each other faster than they find a place in a table.
pub(crate) const FEW: usize = 16;

/// Where among up to [`FEW`] keys a key stands: a bit for each place. Without branches, which nothing could foresee.
#[inline]
pub(crate) fn bits_of_same(keys: &[Key], key: Key) -> u32 {
    keys.iter().enumerate().fold(0, |bits, (at, &other)| bits | u32::from(other == key) << at)
}

/// The bytes of a token of up to sixteen as one little-endian integer: of its first and its last ones, which may overlap,
/// in a fraction of the time that a copy of any length takes.
#[inline]
pub fn load(token: &[u8]) -> u128 {
    let len = token.len();
    if let (Some(first), Some(last)) = (token.first_chunk(), token.last_chunk()) {
        return u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << (8 * (len - 8));
    }
    let bits = if let (Some(first), Some(last)) = (token.first_chunk(), token.last_chunk()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (len - 4))
    } else if let (Some(&first), Some(&last)) = (token.first(), token.last()) {
        u64::from(first) | u64::from(token[len / 2]) << (8 * (len / 2)) | u64::from(last) << (8 * (len - 1))
    } else {
        0
    };
    u128::from(bits)
}
