//! JSON as the contract means it: an object is written as an object, never as a list of its members, and
//! names each member once. Serde's derived types would take both.

use std::collections::HashSet;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

/// Reads a document, and nothing behind it.
///
/// # Errors
/// What serde_json says of the text, and where a list stands for an object or a member comes twice.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = T::deserialize(Shaped(&mut json))?;
    json.end()?;
    Ok(value)
}

/// Whatever takes part in reading, with everything below it wrapped too.
struct Shaped<T>(T);

macro_rules! pass_on {
    ($($method:ident($($argument:ident: $kind:ty),*))+) => {
        $(
            fn $method<V: Visitor<'de>>(self, $($argument: $kind,)* visitor: V) -> Result<V::Value, D::Error> {
                self.0.$method($($argument,)* Shaped(visitor))
            }
        )+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Shaped<D> {
    type Error = D::Error;

    pass_on! {
        deserialize_any() deserialize_bool() deserialize_char() deserialize_str() deserialize_string()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_bytes() deserialize_byte_buf()
        deserialize_option() deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str) deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(length: usize) deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        // A map begins with a brace; a struct might also be a list.
        self.0.deserialize_map(Shaped(visitor))
    }
}

macro_rules! visited {
    ($($method:ident: $kind:ty)+) => {
        $(
            fn $method<E: Error>(self, value: $kind) -> Result<V::Value, E> {
                self.0.$method(value)
            }
        )+
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Shaped<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(formatter)
    }

    visited! {
        visit_bool: bool visit_i64: i64 visit_i128: i128 visit_u64: u64 visit_u128: u128 visit_f64: f64
        visit_char: char visit_str: &str visit_borrowed_str: &'de str visit_string: String
        visit_bytes: &[u8] visit_borrowed_bytes: &'de [u8] visit_byte_buf: Vec<u8>
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Shaped(value))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Shaped(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Shaped(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Members { members, seen: HashSet::new() })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Shaped(variant))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Shaped<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Shaped(value))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Shaped<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Shaped(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

/// The members of an object, and the names of those that came before.
struct Members<A> {
    members: A,
    seen: HashSet<String>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let Some(name) = self.members.next_key::<String>()? else { return Ok(None) };
        if !self.seen.insert(name.clone()) {
            return Err(A::Error::custom(format!("the member {name:?} comes twice")));
        }
        seed.deserialize(StringDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.members.next_value_seed(Shaped(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.members.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Shaped<A> {
    type Error = A::Error;
    type Variant = Shaped<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (name, variant) = self.0.variant_seed(seed)?;
        Ok((name, Shaped(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Shaped<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Shaped(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(length, Shaped(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, Shaped(visitor))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::read;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        name: String,
        #[serde(default)]
        inner: Option<Inner>,
        #[serde(default)]
        list: Vec<Inner>,
        #[serde(default)]
        map: BTreeMap<String, Inner>,
        #[serde(default)]
        any: Value,
        #[serde(default)]
        kind: Option<Kind>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        a: i64,
        b: bool,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        Wrapped(Inner),
        Named { inner: Inner },
    }

    #[test]
    fn what_is_written_as_the_contract_says_is_read_as_serde_reads_it() {
        for json in [
            json!({ "name": "x" }),
            json!({ "name": "x", "inner": { "a": 1, "b": true }, "list": [{ "a": -2, "b": false }] }),
            json!({ "name": "x", "map": { "k": { "a": 1, "b": true } }, "any": [1, 2.5e3, { "a": [null] }] }),
            json!({ "name": "x", "kind": "plain", "any": 18_446_744_073_709_551_615_u64 }),
            json!({ "name": "x", "kind": { "wrapped": { "a": 1, "b": true } } }),
            json!({ "name": "x", "kind": { "named": { "inner": { "a": 1, "b": true } } } }),
        ] {
            let text = json.to_string();
            let plain: Outer = serde_json::from_str(&text).expect("serde reads it");
            assert_eq!(read::<Outer>(text.as_bytes()).expect("so do we"), plain, "{text}");
            assert_eq!(read::<Value>(text.as_bytes()).expect("anything"), json);
        }
    }

    #[test]
    fn a_list_in_place_of_an_object_is_refused_at_every_depth() {
        for text in [
            r#"["x", null, [], {}, null, null]"#,
            r#"{"name": "x", "inner": [1, true]}"#,
            r#"{"name": "x", "list": [[1, true]]}"#,
            r#"{"name": "x", "map": {"k": [1, true]}}"#,
            r#"{"name": "x", "kind": {"wrapped": [1, true]}}"#,
            r#"{"name": "x", "kind": {"named": {"inner": [1, true]}}}"#,
        ] {
            serde_json::from_str::<Outer>(text).expect("serde alone takes it, else nothing is proved");
            let error = read::<Outer>(text.as_bytes()).expect_err(text);
            assert!(error.is_data(), "{text}: {error}");
        }
    }

    #[test]
    fn a_member_that_comes_twice_is_refused_at_every_depth() {
        for text in [
            r#"{"name": "x", "name": "y"}"#,
            r#"{"name": "x", "any": {"a": 1, "a": 2}}"#,
            r#"{"name": "x", "any": [{"b": {"a": 1, "\u0061": 2}}]}"#,
            r#"{"name": "x", "map": {"k": {"a": 1, "b": true}, "k": {"a": 1, "b": true}}}"#,
        ] {
            let error = read::<Outer>(text.as_bytes()).expect_err(text);
            assert!(error.is_data(), "{text}: {error}");
        }
        read::<Value>(br#"{"a": 1} {"a": 1}"#).expect_err("one document");
    }
}
