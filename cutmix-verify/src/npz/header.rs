//! The header of an `.npy` array: a Python dictionary of three known keys.

/// Type of an array's values, without byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// One byte, 0 or 1.
    Bool,
    /// Unsigned integer of so many bytes.
    Uint(u8),
    /// Signed integer of so many bytes.
    Int(u8),
    /// IEEE binary16, 32 or 64.
    Float(u8),
    /// Two bytes without a type, which is how `ml_dtypes` saves bfloat16.
    Raw2,
}

impl Scalar {
    /// Bytes of a value.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Bool => 1,
            Self::Uint(bytes) | Self::Int(bytes) | Self::Float(bytes) => bytes as usize,
            Self::Raw2 => 2,
        }
    }

    /// The value of little-endian bytes, of which there are [`Self::bytes`]. Integers beyond 2^53 are rounded.
    #[must_use]
    pub fn value(self, bytes: &[u8]) -> f64 {
        let mut word = [0; 8];
        if let Some(word) = word.get_mut(..bytes.len()) {
            word.copy_from_slice(bytes);
        }
        let word = u64::from_le_bytes(word);
        match self {
            Self::Bool | Self::Uint(_) => word as f64,
            Self::Int(size) => {
                let unused = 64 - 8 * u32::from(size.clamp(1, 8));
                ((word << unused) as i64 >> unused) as f64
            }
            Self::Float(2) => half::f16::from_bits(word as u16).to_f64(),
            Self::Float(4) => f64::from(f32::from_bits(word as u32)),
            Self::Float(_) => f64::from_bits(word),
            Self::Raw2 => half::bf16::from_bits(word as u16).to_f64(),
        }
    }

    /// The values of little-endian bytes; a part of a value at the end is left out.
    #[must_use]
    pub fn values(self, bytes: &[u8]) -> Vec<f64> {
        if self == Self::Float(4) {
            // The type of most labels, of which large phases have millions.
            return bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes).into()).collect();
        }
        bytes.chunks_exact(self.bytes()).map(|bytes| self.value(bytes)).collect()
    }

    /// As `numpy` names it, without byte order.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Bool => "bool".into(),
            Self::Uint(bytes) => format!("u{bytes}"),
            Self::Int(bytes) => format!("i{bytes}"),
            Self::Float(bytes) => format!("f{bytes}"),
            Self::Raw2 => "V2".into(),
        }
    }
}

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) scalar: Scalar,
    pub(super) big_endian: bool,
    pub(super) fortran: bool,
    pub(super) shape: Vec<u64>,
}

/// The longest dictionary that is read; numpy's own limit for untrusted files is 10,000.
pub(super) const LONGEST: usize = 10_000;

/// Reads the dictionary.
pub(super) fn parse(text: &[u8]) -> Result<Header, String> {
    let text = std::str::from_utf8(text).map_err(|_| "a header that is not UTF-8".to_owned())?;
    let mut parser = Parser { rest: text };
    let (mut descr, mut fortran, mut shape) = (None, None, None);
    parser.expect('{')?;
    while !parser.accept("}") {
        let key = parser.string()?;
        parser.expect(':')?;
        let fresh = match key {
            "descr" => descr.replace(parser.descr()?).is_none(),
            "fortran_order" => fortran.replace(parser.boolean()?).is_none(),
            "shape" => shape.replace(parser.shape()?).is_none(),
            _ => return Err(format!("an unknown header key {}", shorten(key))),
        };
        if !fresh {
            return Err(format!("the header key {key} twice"));
        }
        if !parser.accept(",") {
            parser.expect('}')?;
            break;
        }
    }
    parser.skip();
    if !parser.rest.is_empty() {
        return Err("text after the header".into());
    }
    let (Some((scalar, big_endian)), Some(fortran), Some(shape)) = (descr, fortran, shape) else {
        return Err("a header without descr, fortran_order or shape".into());
    };
    Ok(Header { scalar, big_endian, fortran, shape })
}

fn shorten(text: &str) -> String {
    format!("{:?}", text.chars().take(40).collect::<String>())
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\t', '\r']);
    }

    fn accept(&mut self, word: &str) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        let found = self.accept(c.encode_utf8(&mut [0; 4]));
        if found { Ok(()) } else { Err(format!("{} in the header where {c:?} belongs", shorten(self.rest))) }
    }

    fn string(&mut self) -> Result<&'a str, String> {
        let quote = if self.accept("\"") { '"' } else { '\'' };
        if quote == '\'' {
            self.expect(quote)?;
        }
        let (text, rest) = self.rest.split_once(quote).ok_or("an open string in the header")?;
        self.rest = rest;
        Ok(text)
    }

    fn boolean(&mut self) -> Result<bool, String> {
        let wrong = self.accept("False");
        if wrong || self.accept("True") {
            return Ok(!wrong);
        }
        Err(format!("{} in the header where False or True belongs", shorten(self.rest)))
    }

    fn descr(&mut self) -> Result<(Scalar, bool), String> {
        if self.accept("[") {
            return Err("an array of records".into());
        }
        let descr = self.string()?;
        let (order, kind) = match descr.split_at_checked(1) {
            Some((order @ ("<" | ">" | "|" | "="), kind)) => (order, kind),
            _ => ("|", descr),
        };
        let scalar = match kind.as_bytes() {
            b"b1" => Scalar::Bool,
            [b'u', size @ (b'1' | b'2' | b'4' | b'8')] => Scalar::Uint(size - b'0'),
            [b'i', size @ (b'1' | b'2' | b'4' | b'8')] => Scalar::Int(size - b'0'),
            [b'f', size @ (b'2' | b'4' | b'8')] => Scalar::Float(size - b'0'),
            b"V2" => Scalar::Raw2,
            [b'O', ..] => return Err("Python objects, which are never unpickled".into()),
            _ => return Err(format!("values of type {}", shorten(descr))),
        };
        if scalar.bytes() > 1 && scalar != Scalar::Raw2 && order != "<" && order != ">" {
            return Err(format!("values of type {} without byte order", shorten(descr)));
        }
        Ok((scalar, order == ">"))
    }

    fn shape(&mut self) -> Result<Vec<u64>, String> {
        self.expect('(')?;
        let mut shape = Vec::new();
        while !self.accept(")") {
            let digits = self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, rest) = self.rest.split_at(digits);
            shape.push(number.parse().map_err(|_| format!("{} in the header's shape", shorten(self.rest)))?);
            // Python 2 wrote long integers so.
            self.rest = rest.strip_prefix('L').unwrap_or(rest);
            if shape.len() > 32 {
                return Err("more than 32 dimensions".into());
            }
            if !self.accept(",") {
                self.expect(')')?;
                break;
            }
        }
        Ok(shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_numpy_writes_them() {
        let cases: [(&str, Scalar, bool, bool, &[u64]); 3] = [
            (
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }    \n",
                Scalar::Float(4),
                false,
                false,
                &[3, 4],
            ),
            ("{'descr': '>i8', 'fortran_order': True, 'shape': (7,), }\n", Scalar::Int(8), true, true, &[7]),
            (r#"{"descr": "|b1", "fortran_order": False, "shape": ()}"#, Scalar::Bool, false, false, &[]),
        ];
        for (text, scalar, big_endian, fortran, shape) in cases {
            let expected = Header { scalar, big_endian, fortran, shape: shape.to_vec() };
            assert_eq!(parse(text.as_bytes()), Ok(expected));
        }
    }

    #[test]
    fn other_headers_are_refused() {
        let with = |descr: &str, shape: &str| {
            parse(format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}").as_bytes())
        };
        for (descr, shape, expected) in [
            ("'|O'", "(3,)", "never unpickled"),
            ("'|O8'", "(3,)", "never unpickled"),
            ("[('a', '<f4')]", "(3,)", "records"),
            ("'<c8'", "(3,)", "type"),
            ("'|f4'", "(3,)", "byte order"),
            ("'<f4'", "(-3,)", "shape"),
            ("'<f4'", "(99999999999999999999,)", "shape"),
            ("'<f4'", "(3", "shape"),
            ("'<f4'", &format!("({})", "1,".repeat(40)), "dimensions"),
            ("'<f4", "(3,)", "type"),
        ] {
            let error = with(descr, shape).unwrap_err();
            assert!(error.contains(expected), "{descr} {shape}: {error}");
        }
        for text in ["", "{", "}", "{}", "{'shape': (1,)}", "{'a': 1}", "(((((", "\u{1F980}{"] {
            assert!(parse(text.as_bytes()).is_err(), "{text:?}");
        }
        assert!(parse(b"{'descr': '<f4', 'descr': '<f4'}").unwrap_err().contains("twice"));
        assert!(parse(b"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} os.system()").is_err());
        assert!(parse(b"\xff\xfe").is_err());
    }

    #[test]
    fn values() {
        assert_eq!(Scalar::Int(1).value(&[0xff]), -1.0);
        assert_eq!(Scalar::Int(8).value(&(-7_i64).to_le_bytes()), -7.0);
        assert_eq!(Scalar::Uint(2).value(&[1, 2]), 513.0);
        assert_eq!((Scalar::Float(2).value(&[0, 0x3c]), Scalar::Float(2).name()), (1.0, "f2".into()));
        assert_eq!(Scalar::Raw2.value(&[0x80, 0x3f]), 1.0);
        assert_eq!(Scalar::Float(8).value(&0.1_f64.to_le_bytes()), 0.1);
        assert_eq!(Scalar::Float(4).values(&[0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc1]), [1.0, -10.0]);
        assert_eq!(Scalar::Int(1).values(&[1, 0xfe]), [1.0, -2.0]);
    }
}
