//! The objects of a JSON file, one by one: JSON Lines, objects over several lines, or one array of objects.

use std::io::{BufRead, BufReader};
use std::rc::Rc;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::decode::{Meter, Text, TextError, newlines};
use crate::error::Result;

/// Reads the objects of a file.
pub(super) struct Objects {
    file: String,
    text: BufReader<Text>,
    meter: Rc<Meter>,
    line: u64,
    object: Vec<u8>,
}

impl Objects {
    pub fn new(text: Text, file: &str) -> Objects {
        let meter = text.meter();
        Objects { file: file.to_owned(), text: BufReader::with_capacity(64 << 10, text), meter, line: 1, object: Vec::new() }
    }

    /// The next object and its line, or what stands in its place: the rest of the line. `None` at the end.
    pub fn next(&mut self) -> Result<Option<(u64, &str)>> {
        self.meter.unread.set(0);
        self.object.clear();
        let mut depth = Depth::default();
        let mut began = self.line;
        loop {
            let block = self.text.fill_buf().map_err(|e| TextError::explain(e, &self.file, began))?;
            if block.is_empty() {
                break;
            }
            let skipped = if self.object.is_empty() { block.iter().position(|b| !is_between(*b)).unwrap_or(block.len()) } else { 0 };
            self.line += newlines(&block[..skipped]);
            if self.object.is_empty() {
                began = self.line;
            }
            let end = block[skipped..].iter().position(|byte| depth.ends(*byte)).map(|at| skipped + at + 1);
            let taken = end.unwrap_or(block.len());
            self.object.extend_from_slice(&block[skipped..taken]);
            self.line += newlines(&block[skipped..taken]);
            self.text.consume(taken);
            if end.is_some() {
                break;
            }
        }
        let object = std::str::from_utf8(&self.object).unwrap_or_default().trim();
        Ok((!object.is_empty()).then_some((began, object)))
    }
}

/// True for what may stand between objects: white space, and the brackets and commas of an array.
fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'[' | b',' | b']')
}

/// Where in an object the reader is.
#[derive(Default)]
struct Depth {
    braces: usize,
    in_text: bool,
    escaped: bool,
}

impl Depth {
    /// Moves past a byte. True if it ends the object, or the line if there is no object.
    fn ends(&mut self, byte: u8) -> bool {
        if self.in_text {
            self.in_text = byte != b'"' || self.escaped;
            self.escaped = byte == b'\\' && !self.escaped;
            return false;
        }
        match byte {
            b'"' if self.braces > 0 => self.in_text = true,
            b'{' => self.braces += 1,
            b'}' => self.braces = self.braces.saturating_sub(1),
            _ => return self.braces == 0 && byte == b'\n',
        }
        byte == b'}' && self.braces == 0
    }
}

/// A value in whose objects each key occurs once. `serde_json` alone keeps the last of several.
pub(super) struct Distinct(pub Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Distinct, D::Error> {
        deserializer.deserialize_any(Values).map(Distinct)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> std::result::Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E>(self, number: i64) -> std::result::Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> std::result::Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> std::result::Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> std::result::Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Distinct(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Distinct(value))) = entries.next_entry::<String, Distinct>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("the field '{key}' occurs twice")));
            }
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(text: &'static str) -> Vec<(u64, String)> {
        let mut objects = Objects::new(Text::new(Box::new(text.as_bytes()), None, false).unwrap(), "a.json");
        let mut found = Vec::new();
        while let Some((line, object)) = objects.next().unwrap() {
            found.push((line, object.to_owned()));
        }
        found
    }

    #[test]
    fn objects_are_found_in_every_form_with_their_lines() {
        let expected = [(1, r#"{"a":"}\\\"{"}"#.to_owned()), (2, r#"{"b":{}}"#.to_owned())];
        assert_eq!(objects("{\"a\":\"}\\\\\\\"{\"}\n{\"b\":{}}\n"), expected);
        assert_eq!(objects("[{\"a\":\"}\\\\\\\"{\"},\n {\"b\":{}}]"), expected);
        assert_eq!(objects("\n\n{\n \"a\": 1\n}\n{\"b\":\n 2}"), [(3, "{\n \"a\": 1\n}".to_owned()), (6, "{\"b\":\n 2}".to_owned())]);
        assert_eq!(
            objects("no object\n{\"b\":2}\n{\"c\":"),
            [(1, "no object".to_owned()), (2, "{\"b\":2}".to_owned()), (3, "{\"c\":".to_owned())]
        );
    }
}
