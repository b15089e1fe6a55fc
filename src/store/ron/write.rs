//! Writes values in a fraction of the time that the `ron` crate takes, to the byte what that would write.
//!
//! What our files never hold is not known here: bytes, ranges other than of whole numbers, identifiers that would have
//! to be marked as raw, more levels than a person could follow. Then the crate writes the value.

use std::fmt::Write as _;

use serde::ser::{self, Serialize};

use crate::store::ron::escape::escape_onto;
use crate::store::ron::gave_up::GaveUp;

type Result<T = ()> = std::result::Result<T, GaveUp>;

/// The crate refuses values of more than 128 levels; above this one it is asked.
const DEEPEST: usize = 100;

/// Appends a value with so many levels of lines. What was appended before giving up is no value.
pub fn append(out: &mut String, value: &(impl Serialize + ?Sized), lines: usize) -> Result {
    value.serialize(&mut Writer { out, lines, indent: 0, empty: false, somes: 0, bare: false, depth: 0 })
}

struct Writer<'a> {
    out: &'a mut String,
    /// Lists, maps and structs of this level and above have a line for each thing in them.
    lines: usize,
    indent: usize,
    /// The list that was begun last has nothing in it.
    empty: bool,
    /// How many options stand around the value; they are written only around a missing one.
    somes: usize,
    /// Only a plain number may follow.
    bare: bool,
    depth: usize,
}

impl Writer<'_> {
    #[inline]
    fn nested<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        if self.depth >= DEEPEST {
            return Err(GaveUp);
        }
        self.depth += 1;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        Ok(())
    }

    #[inline]
    fn in_lines(&self) -> bool {
        self.indent <= self.lines
    }

    #[inline]
    fn open(&mut self, bracket: char, len: Option<usize>) {
        self.somes = 0;
        self.out.push(bracket);
        if let Some(len) = len {
            self.empty = len == 0;
        }
        self.indent += 1;
        if self.in_lines() && !self.empty {
            self.out.push('\n');
        }
    }

    #[inline]
    fn close(&mut self, bracket: char) {
        if self.in_lines() && !self.empty {
            (1..self.indent).for_each(|_| self.out.push_str("  "));
        }
        self.indent -= 1;
        self.empty = false;
        self.out.push(bracket);
    }

    #[inline]
    fn variant(&mut self, name: &str, variant: &str) -> Result {
        plain_name(name)?;
        plain_name(variant)?;
        self.out.push_str(variant);
        self.somes = 0;
        Ok(())
    }

    fn digits(&mut self, mut number: u64) {
        let mut digits = [b'0'; 20];
        let mut start = digits.len();
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
            start -= 1;
            if number == 0 {
                break;
            }
        }
        let digits = digits.get(start..).and_then(|digits| std::str::from_utf8(digits).ok());
        self.out.push_str(digits.unwrap_or_default());
    }
}

/// Names that neither have to be marked as raw nor are refused.
#[inline(always)]
fn plain_name(name: &str) -> Result {
    let mut bytes = name.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let plain = first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let taken =
        matches!(name, "true" | "false" | "Some" | "None" | "inf" | "inff32" | "inff64" | "NaN" | "NaNf32" | "NaNf64");
    if plain && !taken { Ok(()) } else { Err(GaveUp) }
}

/// What stands between brackets while it is written.
struct Within<'w, 'a> {
    writer: &'w mut Writer<'a>,
    first: bool,
    range: bool,
}

impl<'w, 'a> Within<'w, 'a> {
    #[inline]
    fn new(writer: &'w mut Writer<'a>) -> Self {
        Self { writer, first: true, range: false }
    }

    /// Comma, line end and blanks before a thing of a list, map or struct.
    #[inline]
    fn next(&mut self) {
        let writer = &mut *self.writer;
        let lines = writer.in_lines();
        if !std::mem::take(&mut self.first) {
            writer.out.push_str(if lines { ",\n" } else { ", " });
        }
        if lines {
            (0..writer.indent).for_each(|_| writer.out.push_str("  "));
        }
    }

    #[inline]
    fn end_lines(self, bracket: char) {
        if !self.first && self.writer.in_lines() {
            self.writer.out.push_str(",\n");
        }
        self.writer.close(bracket);
    }

    /// Something of a tuple, which always stands in one line.
    #[inline]
    fn member<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        if !std::mem::take(&mut self.first) {
            self.writer.out.push_str(", ");
        }
        self.writer.nested(value)
    }

    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result {
        if self.range {
            return self.border(key, value);
        }
        plain_name(key)?;
        self.next();
        self.writer.out.push_str(key);
        self.writer.out.push_str(": ");
        self.writer.nested(value)
    }

    /// One end of a range, which has to be a whole number.
    fn border<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result {
        let first = std::mem::take(&mut self.first);
        if key != if first { "start" } else { "end" } {
            return Err(GaveUp);
        }
        if !first {
            self.writer.out.push_str("..");
        }
        let before = self.writer.out.len();
        self.writer.bare = true;
        self.writer.nested(value)?;
        self.writer.bare = false;
        let written = self.writer.out.get(before..).unwrap_or_default();
        if !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit()) { Ok(()) } else { Err(GaveUp) }
    }
}

macro_rules! whole_numbers {
    ($($name:ident $kind:ty)*) => {$(
        fn $name(self, number: $kind) -> Result {
            self.digits(number.into());
            Ok(())
        }
    )*};
}

macro_rules! signed_numbers {
    ($($name:ident $kind:ty)*) => {$(
        fn $name(self, number: $kind) -> Result {
            if number < 0 {
                self.out.push('-');
            }
            self.digits(i64::from(number).unsigned_abs());
            Ok(())
        }
    )*};
}

impl<'w, 'a> ser::Serializer for &'w mut Writer<'a> {
    type Ok = ();
    type Error = GaveUp;
    type SerializeSeq = Within<'w, 'a>;
    type SerializeTuple = Within<'w, 'a>;
    type SerializeTupleStruct = Within<'w, 'a>;
    type SerializeTupleVariant = Within<'w, 'a>;
    type SerializeMap = Within<'w, 'a>;
    type SerializeStruct = Within<'w, 'a>;
    type SerializeStructVariant = Within<'w, 'a>;

    whole_numbers! { serialize_u8 u8 serialize_u16 u16 serialize_u32 u32 serialize_u64 u64 }
    signed_numbers! { serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64 }

    fn serialize_bool(self, yes: bool) -> Result {
        self.out.push_str(if yes { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result {
        if !number.is_finite() {
            return Err(GaveUp);
        }
        write!(self.out, "{number:?}").map_err(|_| GaveUp)
    }

    fn serialize_f64(self, number: f64) -> Result {
        if !number.is_finite() {
            return Err(GaveUp);
        }
        write!(self.out, "{number:?}").map_err(|_| GaveUp)
    }

    fn serialize_char(self, c: char) -> Result {
        self.out.push_str(if matches!(c, '\\' | '\'') { "'\\" } else { "'" });
        self.out.push(c);
        self.out.push('\'');
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result {
        self.out.push('"');
        escape_onto(self.out, text);
        self.out.push('"');
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result {
        Err(GaveUp)
    }

    fn serialize_none(self) -> Result {
        let somes = std::mem::take(&mut self.somes);
        (0..somes).for_each(|_| self.out.push_str("Some("));
        self.out.push_str("None");
        (0..somes).for_each(|_| self.out.push(')'));
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        if self.bare {
            return Err(GaveUp);
        }
        self.somes += 1;
        self.nested(value)?;
        self.somes = 0;
        Ok(())
    }

    fn serialize_unit(self) -> Result {
        self.out.push_str("()");
        Ok(())
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result {
        if name == "RangeFull" {
            return Err(GaveUp);
        }
        plain_name(name)?;
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, name: &'static str, _: u32, variant: &'static str) -> Result {
        plain_name(name)?;
        plain_name(variant)?;
        self.out.push_str(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result {
        plain_name(name)?;
        self.somes = 0;
        self.out.push('(');
        self.nested(value)?;
        self.out.push(')');
        Ok(())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        self.variant(name, variant)?;
        self.out.push('(');
        self.nested(value)?;
        self.out.push(')');
        Ok(())
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Within<'w, 'a>> {
        self.open('[', len);
        Ok(Within::new(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<Within<'w, 'a>> {
        self.somes = 0;
        self.out.push('(');
        Ok(Within::new(self))
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Within<'w, 'a>> {
        plain_name(name)?;
        self.serialize_tuple(len)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Within<'w, 'a>> {
        self.variant(name, variant)?;
        self.serialize_tuple(len)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Within<'w, 'a>> {
        self.open('{', len);
        Ok(Within::new(self))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Within<'w, 'a>> {
        plain_name(name)?;
        if name.starts_with("Range") {
            match (name, len) {
                ("Range", 2) => {
                    self.somes = 0;
                    return Ok(Within { writer: self, first: true, range: true });
                }
                ("Range" | "RangeInclusive" | "RangeFrom" | "RangeTo" | "RangeToInclusive", _) => return Err(GaveUp),
                _ => {}
            }
        }
        self.open('(', Some(len));
        Ok(Within::new(self))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Within<'w, 'a>> {
        self.variant(name, variant)?;
        self.open('(', Some(len));
        Ok(Within::new(self))
    }
}

impl ser::SerializeSeq for Within<'_, '_> {
    type Ok = ();
    type Error = GaveUp;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.next();
        self.writer.nested(value)
    }

    fn end(self) -> Result {
        self.end_lines(']');
        Ok(())
    }
}

/// What is written as members in round brackets.
macro_rules! members {
    ($($kind:ident $method:ident),*) => {$(
        impl ser::$kind for Within<'_, '_> {
            type Ok = ();
            type Error = GaveUp;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
                self.member(value)
            }

            fn end(self) -> Result {
                self.writer.out.push(')');
                Ok(())
            }
        }
    )*};
}

members!(SerializeTuple serialize_element, SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

impl ser::SerializeMap for Within<'_, '_> {
    type Ok = ();
    type Error = GaveUp;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result {
        self.next();
        self.writer.nested(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.writer.out.push_str(": ");
        self.writer.nested(value)
    }

    fn end(self) -> Result {
        self.end_lines('}');
        Ok(())
    }
}

/// What is written as fields with names; only a struct may be a range.
macro_rules! fields {
    ($($kind:ident),*) => {$(
        impl ser::$kind for Within<'_, '_> {
            type Ok = ();
            type Error = GaveUp;

            #[inline(always)]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result {
                self.field(key, value)
            }

            fn end(self) -> Result {
                if !self.range {
                    self.end_lines(')');
                }
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);
