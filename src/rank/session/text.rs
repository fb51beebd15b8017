//! Bytes as text that a URL can hold: base64url without padding (RFC 4648 section 5).

use super::bits::Writer;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Four characters for three bytes; what is left over at the end takes one more than its bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(length(bytes.len()));
    for chunk in bytes.chunks(3) {
        let mut three = [0; 3];
        for (to, from) in three.iter_mut().zip(chunk) {
            *to = *from;
        }
        let [a, b, c] = three;
        let digits = [a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c];
        for digit in digits.iter().take(chunk.len() + 1) {
            let digit = DIGITS.get(usize::from(digit & 63));
            text.extend(digit.map(|digit| char::from(*digit)));
        }
    }
    text
}

/// The bytes whose text this is, exactly: no two texts have the same ones.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bits = Writer::default();
    for character in text.bytes() {
        bits.put(digit(character)?, 6);
    }
    bits.into_whole_bytes()
}

/// How many characters so many bytes take.
pub(super) const fn length(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// The value of a character, if it is one of the alphabet.
pub(super) fn digit(character: u8) -> Option<u64> {
    let value = match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u64::from(value))
}
