//! Values of a vector file: floats with their bits, bytes as hexadecimal text, one way to read the fields of an input and one
//! to write all of it down.

use std::fmt::{self, Write as _};

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value, json};

/// A binary64 number: `{"value": 0.5, "bits": "0x3fe0000000000000"}`. What JSON has no number for is a text: `NaN`,
/// `Infinity`, `-Infinity`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Real(pub(crate) f64);

/// The same of a binary32 number: eight digits of bits, the value as binary64.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Real32(pub(crate) f32);

/// A 64-bit word as text, since many languages read JSON numbers as binary64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word64(pub(crate) u64);

/// Bytes as hexadecimal text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hex(pub(crate) Vec<u8>);

macro_rules! as_value {
    ($($type:ident, $expected:literal: $write:expr, $read:expr;)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
                let write: fn(&Self) -> Value = $write;
                write(self).serialize(into)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let read: fn(&Value) -> Option<Self> = $read;
                let wrong = || de::Error::custom(concat!($expected, " is expected"));
                read(&Value::deserialize(from)?).ok_or_else(wrong)
            }
        }
    )*};
}

as_value! {
    Real, "a number, or {\"bits\": \"0x...\"}":
        |x| json!({ "value": plain(x.0), "bits": format!("{:#018x}", x.0.to_bits()) }), |value| number(value).map(Self);
    Real32, "a number, or {\"bits\": \"0x...\"}":
        |x| json!({ "value": plain(x.0.into()), "bits": format!("{:#010x}", x.0.to_bits()) }),
        |value| number(value).map(|x| Self(x as f32));
    Word64, "0x and hexadecimal digits":
        |word| format!("{:#018x}", word.0).into(),
        |value| u64::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok().map(Self);
    Hex, "hexadecimal digits": |bytes| hex(&bytes.0).into(), |value| unhex(value.as_str()?).map(Self);
}

/// Numbers with their bits.
pub(super) fn reals(values: &[f64]) -> Vec<Real> {
    values.iter().copied().map(Real).collect()
}

/// A number, or the name of what JSON has no number for.
pub(super) fn plain(x: f64) -> Value {
    Number::from_f64(x).map_or_else(
        || match x {
            f64::INFINITY => "Infinity".into(),
            f64::NEG_INFINITY => "-Infinity".into(),
            _ => "NaN".into(),
        },
        Value::Number,
    )
}

fn hex(bytes: &[u8]) -> String {
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

/// A number: JSON's own, or an object with bits.
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

/// What is wrong with a field: that it is not there, or what is expected of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

impl From<Malformed> for String {
    fn from(error: Malformed) -> Self {
        error.0
    }
}

impl de::Error for Malformed {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self(format!("no field {field}"))
    }
}

/// The fields of an object, whose errors name them.
struct Fields<'a> {
    rest: serde_json::map::Iter<'a>,
    next: Option<(&'a String, &'a Value)>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Malformed;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Malformed> {
        self.next = self.rest.next();
        self.next.map(|(name, _)| seed.deserialize(name.as_str().into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Malformed> {
        let (name, value) = self.next.ok_or_else(|| Malformed("a value without a name".into()))?;
        seed.deserialize(value).map_err(|error| Malformed(format!("field {name}: {error}")))
    }
}

/// Reads some of an object's fields; others are left alone. Of what is no object, none is there.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Malformed> {
    let none = Map::new();
    let rest = value.as_object().unwrap_or(&none).iter();
    T::deserialize(MapAccessDeserializer::new(Fields { rest, next: None }))
}

/// Puts the fields of one object into another.
pub(crate) fn join(into: &mut Value, other: Value) {
    if let (Value::Object(into), Value::Object(other)) = (into, other) {
        into.extend(other);
    }
}

/// JSON on one line; serde's map has the names of an object in alphabetical order.
#[must_use]
pub(super) fn line(value: &Value) -> String {
    let member = |(name, value): (&String, &Value)| format!("{}: {}", Value::from(name.as_str()), line(value));
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(line).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => format!("{{{}}}", object.iter().map(member).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
