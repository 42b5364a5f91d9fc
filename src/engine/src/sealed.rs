//! Bytes that are stored or sent: a mark that names the kind and its version, what is stored, and a checksum of both.
//!
//! The checksum is XXH3 with 128 bits: damage is noticed, whatever it is. It is no protection against forgery.

use xxhash_rust::xxh3::xxh3_128;

const CHECKSUM_BYTES: usize = size_of::<u128>();

/// The bytes to store `content` under `mark`.
pub(crate) fn seal(mark: &[u8], content: Vec<u8>) -> Vec<u8> {
    let mut bytes = [mark, &content].concat();
    bytes.extend(xxh3_128(&bytes).to_le_bytes());
    bytes
}

/// What [`seal`] was given, or what is wrong with the bytes.
pub(crate) fn open<'b>(mark: &[u8], bytes: &'b [u8]) -> Result<&'b [u8], &'static str> {
    if !bytes.starts_with(mark) {
        return Err("they don't begin with its mark");
    }
    let (sealed, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or("they end too early")?;
    if xxh3_128(sealed).to_le_bytes() != *checksum {
        return Err("they are damaged: the checksum differs");
    }
    sealed.strip_prefix(mark).ok_or("they end too early")
}

/// The first `N` bytes of `content`, which goes on behind them.
pub(crate) fn take<const N: usize>(content: &mut &[u8]) -> Result<[u8; N], &'static str> {
    let (first, rest) = content.split_first_chunk::<N>().ok_or("they end too early")?;
    *content = rest;
    Ok(*first)
}

/// The number at the start of `content`, which goes on behind it.
pub(crate) fn take_number(content: &mut &[u8]) -> Result<u64, &'static str> {
    take(content).map(u64::from_le_bytes)
}

/// The bytes at the start of `content` that stand there after their number; `content` goes on behind them.
pub(crate) fn take_bytes<'b>(content: &mut &'b [u8]) -> Result<&'b [u8], &'static str> {
    let len = usize::try_from(take_number(content)?).unwrap_or(usize::MAX);
    let (bytes, rest) = content.split_at_checked(len).ok_or("they end too early")?;
    *content = rest;
    Ok(bytes)
}

/// The text that [`take_bytes`] takes.
pub(crate) fn take_text<'b>(content: &mut &'b [u8]) -> Result<&'b str, &'static str> {
    std::str::from_utf8(take_bytes(content)?).map_err(|_| "their header is not UTF-8")
}
