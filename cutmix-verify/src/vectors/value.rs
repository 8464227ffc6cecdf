//! Values of a vector file: floats with their bits, bytes as hexadecimal text, and one way to write them down.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value, json};

/// A binary64 number: `{"value": 0.5, "bits": "0x3fe0000000000000"}`. What JSON has no number for is a text: `NaN`,
/// `Infinity`, `-Infinity`.
#[must_use]
pub(super) fn float(x: f64) -> Value {
    json!({ "value": plain(x), "bits": format!("{:#018x}", x.to_bits()) })
}

/// The same of a binary32 number: eight digits of bits, the value as binary64.
#[must_use]
pub(super) fn float32(x: f32) -> Value {
    json!({ "value": plain(f64::from(x)), "bits": format!("{:#010x}", x.to_bits()) })
}

fn plain(x: f64) -> Value {
    Number::from_f64(x).map_or_else(
        || match x {
            f64::INFINITY => "Infinity".into(),
            f64::NEG_INFINITY => "-Infinity".into(),
            _ => "NaN".into(),
        },
        Value::Number,
    )
}

/// A 64-bit word as text, since many languages read JSON numbers as binary64.
#[must_use]
pub(super) fn word(x: u64) -> Value {
    format!("{x:#018x}").into()
}

/// Bytes as hexadecimal text.
#[must_use]
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of hexadecimal text, capital letters or small ones.
#[must_use]
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// A number of whatever form: JSON's own, or an object with bits.
#[must_use]
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::Object(object) => {
            let bits = object.get("bits")?.as_str()?.strip_prefix("0x")?;
            match bits.len() {
                8 => u32::from_str_radix(bits, 16).ok().map(|bits| f64::from(f32::from_bits(bits))),
                16 => u64::from_str_radix(bits, 16).ok().map(f64::from_bits),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The fields of an input, each with an error that names it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub(super) &'a Value);

/// A field that is not there, or not what it should be.
pub(super) type Malformed = String;

impl<'a> Fields<'a> {
    /// The field as it is.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn any(self, name: &str) -> Result<&'a Value, Malformed> {
        self.0.get(name).ok_or_else(|| format!("no field {name}"))
    }

    fn of<T>(self, name: &str, expected: &str, read: impl Fn(&'a Value) -> Option<T>) -> Result<T, Malformed> {
        read(self.any(name)?).ok_or_else(|| format!("field {name}: {expected} is expected"))
    }

    /// A whole number.
    ///
    /// # Errors
    /// If it is something else.
    pub(super) fn u64(self, name: &str) -> Result<u64, Malformed> {
        self.of(name, "a whole number", Value::as_u64)
    }

    /// A whole number of 32 bits.
    ///
    /// # Errors
    /// If it is something else.
    pub(super) fn u32(self, name: &str) -> Result<u32, Malformed> {
        self.of(name, "a whole number of 32 bits", |value| value.as_u64()?.try_into().ok())
    }

    /// A real number.
    ///
    /// # Errors
    /// If it is something else.
    pub(super) fn f64(self, name: &str) -> Result<f64, Malformed> {
        self.of(name, "a number, or {\"bits\": \"0x...\"}", number)
    }

    /// Text.
    ///
    /// # Errors
    /// If it is something else.
    pub(super) fn text(self, name: &str) -> Result<&'a str, Malformed> {
        self.of(name, "text", Value::as_str)
    }

    /// A 64-bit word.
    ///
    /// # Errors
    /// If it is something else.
    pub(super) fn word(self, name: &str) -> Result<u64, Malformed> {
        self.of(name, "0x and hexadecimal digits", as_word)
    }

    /// Bytes.
    ///
    /// # Errors
    /// If it is something else.
    pub(super) fn bytes(self, name: &str) -> Result<Vec<u8>, Malformed> {
        self.of(name, "hexadecimal digits", |value| unhex(value.as_str()?))
    }

    /// A list, each entry read in the same way.
    ///
    /// # Errors
    /// If it, or an entry, is something else.
    pub(super) fn list<T>(self, name: &str, read: impl Fn(&'a Value) -> Option<T>) -> Result<Vec<T>, Malformed> {
        self.of(name, "a list", |value| value.as_array()?.iter().map(&read).collect())
    }

    /// The four edges of a box, in the order x0, y0, x1, y1.
    ///
    /// # Errors
    /// If one is missing.
    pub(super) fn edges(self) -> Result<[u32; 4], Malformed> {
        Ok([self.u32("x0")?, self.u32("y0")?, self.u32("x1")?, self.u32("y1")?])
    }
}

/// A 64-bit word written by [`word`].
#[must_use]
pub(super) fn as_word(value: &Value) -> Option<u64> {
    u64::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok()
}

/// Puts the fields of one object into another.
pub(super) fn join(into: &mut Value, other: Value) {
    if let (Value::Object(into), Value::Object(other)) = (into, other) {
        into.extend(other);
    }
}

/// JSON on one line, the names of an object in alphabetical order, whatever order its map has.
#[must_use]
pub(super) fn line(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(line).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => format!("{{{}}}", members(object).join(", ")),
        other => other.to_string(),
    }
}

fn members(object: &Map<String, Value>) -> Vec<String> {
    let mut names: Vec<&String> = object.keys().collect();
    names.sort();
    names.iter().map(|name| format!("{}: {}", Value::from(name.as_str()), line(&object[name.as_str()]))).collect()
}
