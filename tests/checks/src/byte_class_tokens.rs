//! Tokens between cuts against the slow twin.

use textgauge_kernels::byte_class_tokens::{
    ALONE, ByteClasses, DASH, MARK, NUMBER, Planes, Rules, Scan, WHITE, WIDE, keys as cut_keys,
};
use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::naive;
use textgauge_kernels::token_key::Key;
use textgauge_text::pystr;

/// Rules with something in every class, within ASCII and beyond.
fn rules(numbers_around: bool) -> Rules {
    let mut of = [0; 256];
    for (bytes, class) in [(" \n", WHITE), ("!~\0", ALONE), (".,", MARK), ("0123456789", NUMBER), ("-", DASH)] {
        bytes.bytes().for_each(|byte| of[usize::from(byte)] = class);
    }
    of[0xC2..=0xF4].fill(WIDE);
    let wide = |bytes: &[u8]| {
        let (code_point, len) = pystr::decode(bytes);
        let class = match code_point {
            _ if pystr::is_whitespace(code_point) => WHITE,
            _ if code_point % 4 == 0 => ALONE,
            _ if code_point % 4 == 1 => MARK,
            _ if code_point % 4 == 2 => NUMBER,
            _ => 0,
        };
        (class, len)
    };
    Rules { bytes: ByteClasses::new(of), wide, numbers_around }
}

pub fn check(text: &[u8]) {
    let mut planes = Planes::default();
    for rules in [rules(false), rules(true)] {
        let found = on_every_path(|| {
            let (mut keys, mut long) = (Vec::new(), Vec::new());
            cut_keys(Scan {
                text,
                rules: &rules,
                keys: &mut keys,
                planes: &mut planes,
                long: &mut |token| {
                    long.push(token.to_vec());
                    Key::numbered(long.len() as u32 - 1)
                },
            });
            let token = |key: &Key| match key.number() {
                Some(number) => long[number as usize].clone(),
                None => key.bytes()[..key.inline_len().expect("a short token")].to_vec(),
            };
            keys.iter().map(token).collect::<Vec<_>>()
        });
        assert_eq!(found, naive::cut_tokens(text, &rules));
    }
}
