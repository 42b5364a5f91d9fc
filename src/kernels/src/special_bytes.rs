//! Which bytes of a block mean something where most stand for themselves.

/// Which of 64 bytes are a control character of ASCII below the blank, or one of `marks`; the first in the lowest bit.
#[inline]
pub fn special_bytes(bytes: &[u8; 64], marks: [u8; 2]) -> u64 {
    let (pieces, _) = bytes.as_chunks::<16>();
    pieces.iter().rev().fold(0, |set, piece| set << 16 | u64::from(special_of_sixteen(piece, marks)))
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn special_of_sixteen(bytes: &[u8; 16], marks: [u8; 2]) -> u16 {
    use std::arch::x86_64::*;

    // SAFETY: every processor of this kind has SSE2, and there are sixteen bytes to read.
    unsafe {
        let bytes = _mm_loadu_si128(bytes.as_ptr().cast());
        let control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
        let found = marks
            .into_iter()
            .fold(control, |found, mark| _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(mark as i8))));
        _mm_movemask_epi8(found) as u16
    }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn special_of_sixteen(bytes: &[u8; 16], marks: [u8; 2]) -> u16 {
    let is_special = |byte: u8| byte < b' ' || marks.contains(&byte);
    bytes.iter().rev().fold(0, |set, &byte| set << 1 | u16::from(is_special(byte)))
}

#[cfg(test)]
mod tests {
    use super::special_bytes;

    #[test]
    fn every_byte_in_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..64 {
                let mut bytes = [b' '; 64];
                bytes[place] = byte;
                let is_special = byte < b' ' || byte == b'"' || byte == b'\\';
                assert_eq!(special_bytes(&bytes, *b"\"\\"), u64::from(is_special) << place, "{byte} at {place}");
            }
        }
    }
}
