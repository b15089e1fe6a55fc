//! Reads RON as our writer leaves it, in a fraction of the time that the `ron` crate takes.
//!
//! Every value that is given here the crate would give too. Whatever else stands in a file, be it right or wrong, is left
//! to the crate: comments, raw strings, numbers other than plain ones, names of structs, values of which only the text
//! says what they are, and anything that the value itself refuses.

use std::borrow::Cow;

use serde::de::value::{BorrowedStrDeserializer, U64Deserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

use crate::store::ron::gave_up::GaveUp;
use crate::store::ron::tokens::Reader;

type Result<T = ()> = std::result::Result<T, GaveUp>;

/// Each level takes the crate up to two of the 128 that it allows.
const DEEPEST: usize = 40;

/// Reads a value, or gives up.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut reader = Reader::new(text);
    reader.blanks();
    if reader.rest().starts_with("#!") {
        reader.exactly("#![enable(implicit_some)]")?;
        reader.blanks();
    }
    let value = T::deserialize(&mut reader)?;
    reader.blanks();
    if reader.peek().is_none() { Ok(value) } else { Err(GaveUp) }
}

impl<'de> Reader<'de> {
    /// Goes one level down and up again. Results are handed on as they are here and below, since they may be large and
    /// after an error nothing else counts.
    #[inline]
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= DEEPEST {
            return Err(GaveUp);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// One value between round brackets, with or without a comma behind it.
    #[inline]
    fn wrapped<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.expect(b'(')?;
        self.blanks();
        let mut result = self.nested(read);
        self.blanks();
        if self.skip(b',') {
            self.blanks();
        }
        if !self.skip(b')') {
            result = Err(GaveUp);
        }
        result
    }

    #[inline]
    fn within<T>(&mut self, open: u8, close: u8, read: impl FnOnce(Within<'_, 'de>) -> Result<T>) -> Result<T> {
        self.expect(open)?;
        let mut result = self.nested(|reader| read(Within { reader, close, comma: true }));
        self.blanks();
        if !self.skip(close) {
            result = Err(GaveUp);
        }
        result
    }

    #[inline]
    fn fields<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        self.within(b'(', b')', |within| visitor.visit_map(Fields(within)))
    }

    #[inline]
    fn members<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        self.within(b'(', b')', |within| visitor.visit_seq(within))
    }
}

macro_rules! numbers {
    ($($name:ident $visit:ident $read:ident)*) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            visitor.$visit(self.$read()?.try_into().map_err(|_| GaveUp)?)
        }
    )*};
}

macro_rules! unknown {
    ($($name:ident)*) => {$(
        fn $name<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
            Err(GaveUp)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = GaveUp;

    unknown! { deserialize_any deserialize_ignored_any deserialize_bytes deserialize_byte_buf deserialize_identifier }

    numbers! {
        deserialize_u8 visit_u8 unsigned deserialize_u16 visit_u16 unsigned
        deserialize_u32 visit_u32 unsigned deserialize_u64 visit_u64 unsigned
        deserialize_i8 visit_i8 signed deserialize_i16 visit_i16 signed
        deserialize_i32 visit_i32 signed deserialize_i64 visit_i64 signed
    }

    #[inline]
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_f32(self.fraction()?.parse().map_err(|_| GaveUp)?)
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_f64(self.fraction()?.parse().map_err(|_| GaveUp)?)
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.word()? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(GaveUp),
        }
    }

    #[inline]
    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.expect(b'\'')?;
        let c = match self.rest().chars().next().ok_or(GaveUp)? {
            '\\' => {
                self.at += 1;
                self.escaped()?
            }
            c => {
                self.at += c.len_utf8();
                c
            }
        };
        self.expect(b'\'')?;
        visitor.visit_char(c)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.string()? {
            Cow::Borrowed(string) => visitor.visit_borrowed_str(string),
            Cow::Owned(string) => visitor.visit_string(string),
        }
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if let Some(b'N' | b'S') = self.peek() {
            let start = self.at;
            match self.word()? {
                "None" => return visitor.visit_none(),
                "Some" => {
                    self.blanks();
                    return self.wrapped(|reader| visitor.visit_some(reader));
                }
                _ => self.at = start,
            }
        }
        self.nested(|reader| visitor.visit_some(reader))
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.exactly("()")?;
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        // Such names are signs by which formats know values of their own.
        if name.starts_with('$') {
            return Err(GaveUp);
        }
        self.wrapped(|reader| visitor.visit_newtype_struct(reader))
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.within(b'[', b']', |within| visitor.visit_seq(within))
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.members(visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value> {
        self.members(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.within(b'{', b'}', |within| visitor.visit_map(Pairs(within)))
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if name.starts_with("Range") {
            if name != "Range" || fields != ["start", "end"] {
                return Err(GaveUp);
            }
            let start = self.digits()?;
            self.exactly("..")?;
            let end = self.unsigned()?;
            let borders = [("start", start), ("end", end)];
            return visitor.visit_map(Borders { borders: borders.into_iter(), now: 0 });
        }
        self.fields(visitor)
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.nested(|reader| visitor.visit_enum(Variant(reader)))
    }
}

/// What stands between brackets, one after the other.
struct Within<'r, 'de> {
    reader: &'r mut Reader<'de>,
    close: u8,
    comma: bool,
}

impl<'de> Within<'_, 'de> {
    #[inline]
    fn has_more(&mut self) -> Result<bool> {
        self.reader.blanks();
        match self.reader.peek() {
            Some(byte) if byte == self.close => Ok(false),
            Some(_) if self.comma => Ok(true),
            _ => Err(GaveUp),
        }
    }

    #[inline]
    fn value<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        let result = seed.deserialize(&mut *self.reader);
        self.reader.blanks();
        self.comma = self.reader.skip(b',');
        result
    }

    #[inline]
    fn value_behind_colon<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        self.reader.blanks();
        self.reader.expect(b':')?;
        self.reader.blanks();
        self.value(seed)
    }
}

impl<'de> de::SeqAccess<'de> for Within<'_, 'de> {
    type Error = GaveUp;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.has_more()? { self.value(seed).map(Some) } else { Ok(None) }
    }
}

/// Keys and values of a map.
struct Pairs<'r, 'de>(Within<'r, 'de>);

impl<'de> de::MapAccess<'de> for Pairs<'_, 'de> {
    type Error = GaveUp;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.0.has_more()? { seed.deserialize(&mut *self.0.reader).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        self.0.value_behind_colon(seed)
    }
}

/// Fields of a struct.
struct Fields<'r, 'de>(Within<'r, 'de>);

impl<'de> de::MapAccess<'de> for Fields<'_, 'de> {
    type Error = GaveUp;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.0.has_more()? { seed.deserialize(Word(self.0.reader.word()?)).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        self.0.value_behind_colon(seed)
    }
}

/// The two ends of a range, which is written shorter than other structs.
struct Borders {
    borders: std::array::IntoIter<(&'static str, u64), 2>,
    now: u64,
}

impl<'de> de::MapAccess<'de> for Borders {
    type Error = GaveUp;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some((name, border)) = self.borders.next() else { return Ok(None) };
        self.now = border;
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        let border: U64Deserializer<GaveUp> = self.now.into_deserializer();
        seed.deserialize(border)
    }
}

/// The name of a field or a variant.
struct Word<'de>(&'de str);

impl<'de> de::Deserializer<'de> for Word<'de> {
    type Error = GaveUp;

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(self.0)
    }

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(GaveUp)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum ignored_any
    }
}

struct Variant<'r, 'de>(&'r mut Reader<'de>);

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = GaveUp;
    type Variant = Self;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self)> {
        let word = self.0.word()?;
        Ok((seed.deserialize(Word(word))?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = GaveUp;

    fn unit_variant(self) -> Result {
        Ok(())
    }

    #[inline]
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value> {
        self.0.blanks();
        self.0.wrapped(|reader| seed.deserialize(reader))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.0.blanks();
        self.0.members(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.0.blanks();
        self.0.fields(visitor)
    }
}
