//! What a value comes as: a text, or JSON of the right type.

use std::borrow::Cow;

use place::Point;
use serde_json::Value as Json;

use super::fault::{Code, Problem};
use super::{Stored, number};
use crate::field::Field;

/// Where a value comes from.
#[derive(Clone, Copy)]
pub(super) enum Input<'a> {
    Text(&'a str),
    Json(&'a Json),
}

pub(super) type Read<T> = Result<T, Problem>;

/// Returns the catalogue's key of a JSON pointer's part.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

pub(super) fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(elements) => elements.is_empty(),
        _ => false,
    }
}

/// Says nothing within a list of values; null is no text and says so.
pub(super) fn is_blank(json: &Json) -> bool {
    json.as_str().is_some_and(|text| text.trim().is_empty())
}

pub(super) fn string(input: Input<'_>) -> Read<&str> {
    match input {
        Input::Text(text) => Ok(text.trim()),
        Input::Json(Json::String(text)) => Ok(text.trim()),
        Input::Json(json) => Err(Problem::new(Code::NotAText, json)),
    }
}

pub(super) fn string_of_phone(input: Input<'_>) -> Read<&str> {
    string(input).map_err(|problem| Problem { code: Code::NotAPhone, ..problem })
}

pub(super) fn some_text(text: &str) -> Option<Stored> {
    (!text.is_empty()).then(|| Stored::Text(text.into()))
}

pub(super) fn shown(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// Reads a whole number; standard ones count something and are never below zero.
pub(super) fn whole(field: &Field, input: Input<'_>) -> Read<i64> {
    let (number, text) = match input {
        Input::Text(text) => (number::whole(text)?, Cow::Borrowed(text)),
        Input::Json(Json::String(text)) => (number::whole(text)?, Cow::Borrowed(text.as_str())),
        Input::Json(json) => {
            let fault = || Problem::new(Code::NotAWholeNumber, json);
            let text = number_text(json, Code::NotAWholeNumber)?;
            let number = number::decimal_of_json(&text, 0).map_err(|problem| match problem.code {
                Code::NumberTooLarge => problem,
                _ => fault(),
            })?;
            (number, Cow::Owned(text))
        }
    };
    if number < 0 && !field.key.starts_with("custom.") {
        return Err(Problem::new(Code::NumberNegative, text));
    }
    Ok(number)
}

/// Returns a JSON number or text as decimal digits.
pub(super) fn number_text(json: &Json, code: Code) -> Read<String> {
    match json {
        Json::String(text) => Ok(text.trim().to_owned()),
        Json::Number(number) => match number.as_f64() {
            // `1e3` is a number of JSON like another.
            Some(float) if number.to_string().contains(['e', 'E']) => Ok(format!("{float}")),
            _ => Ok(number.to_string()),
        },
        json => Err(Problem::new(code, json)),
    }
}

pub(super) fn yes_no(input: Input<'_>) -> Read<bool> {
    const YES: [&str; 9] = ["true", "yes", "y", "1", "ja", "j", "wahr", "x", "on"];
    const NO: [&str; 8] = ["false", "no", "n", "0", "nein", "falsch", "-", "off"];
    let text = match input {
        Input::Json(Json::Bool(is)) => return Ok(*is),
        Input::Json(Json::String(text)) => text,
        Input::Json(json) => return Err(Problem::new(Code::NotYesNo, json)),
        Input::Text(text) => text,
    };
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
    match (is_one_of(&YES), is_one_of(&NO)) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(Problem::new(Code::NotYesNo, text)),
    }
}

/// Reads `{"lat": 48.13, "lon": 11.57}`, as a text `48.13, 11.57`.
pub(super) fn point(input: Input<'_>) -> Read<Point> {
    let degrees = match input {
        Input::Json(Json::Object(object)) if object.len() == 2 => {
            object.get("lat").and_then(Json::as_f64).zip(object.get("lon").and_then(Json::as_f64))
        }
        Input::Json(_) => None,
        Input::Text(text) => text.split_once([',', ';', ' ']).and_then(|(lat, lon)| {
            let part = |text: &str| text.trim().parse::<f64>().ok();
            part(lat).zip(part(lon))
        }),
    };
    let shown = match input {
        Input::Text(text) => text.to_owned(),
        Input::Json(json) => json.to_string(),
    };
    let point = degrees.and_then(|(lat, lon)| Point::from_lat_lon(lat, lon));
    point.ok_or_else(|| Problem::new(Code::NotAPoint, shown))
}
