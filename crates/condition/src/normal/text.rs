//! Texts, e-mail addresses and addresses on the web.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::fault::{Code, Problem};
use super::{EMAIL_CHARACTERS_MAX, URL_CHARACTERS_MAX};

/// Returns a line of text trimmed and in NFC. Line breaks and tabs, as spreadsheet cells have them, become
/// spaces; other control characters are refused.
pub fn line(text: &str, characters_max: usize) -> Result<Cow<'_, str>, Problem> {
    let trimmed = text.trim();
    if trimmed.len() <= characters_max && is_plain(trimmed) {
        return Ok(Cow::Borrowed(trimmed));
    }
    let text = normal(text, characters_max)?;
    if !text.contains(is_break) {
        return Ok(text);
    }
    let words: Vec<&str> = text.split(is_break).map(str::trim).filter(|part| !part.is_empty()).collect();
    Ok(Cow::Owned(words.join(" ")))
}

/// Returns a text of several lines trimmed, in NFC and with plain line ends.
pub fn lines(text: &str, characters_max: usize) -> Result<Cow<'_, str>, Problem> {
    let text = normal(text, characters_max)?;
    if !text.contains('\r') {
        return Ok(text);
    }
    Ok(Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")))
}

/// Returns an e-mail address with its domain in small letters.
pub fn email(text: &str) -> Result<String, Problem> {
    let text = line(text, EMAIL_CHARACTERS_MAX)?;
    // `Anna Huber <anna@example.com>` and `mailto:anna@example.com` mean the address in them.
    let address = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((_, inside)) => inside,
        None => text.strip_prefix("mailto:").unwrap_or(&text),
    };
    let parts =
        address.trim().rsplit_once('@').filter(|(local, domain)| is_local(local) && is_domain(domain));
    let Some((local, domain)) = parts else { return Err(Problem::new(Code::NotAnEmail, &text)) };
    Ok([local, "@", &small(domain)].concat())
}

/// Returns an address on the web with scheme and with its host in small letters.
pub fn url(text: &str) -> Result<String, Problem> {
    let text = line(text, URL_CHARACTERS_MAX)?;
    let fault = || Problem::new(Code::NotAUrl, &text);
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https", rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http", rest),
        // Only what a browser opens as a page; `javascript:` is nobody's website.
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => return Err(fault()),
        _ => ("https", text.trim_start_matches('/')),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let port_is_number = port.is_none_or(|port| port.parse::<u16>().is_ok());
    if !is_domain(host) || !port_is_number || path.contains(char::is_whitespace) {
        return Err(fault());
    }
    let path = if path == "/" { "" } else { path };
    let (colon, port) = port.map_or(("", ""), |port| (":", port));
    Ok([scheme, "://", &small(host), colon, port, path].concat())
}

/// Returns a domain in small letters.
fn small(domain: &str) -> Cow<'_, str> {
    match domain.is_ascii() {
        true if domain.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            Cow::Owned(domain.to_ascii_lowercase())
        }
        true => Cow::Borrowed(domain),
        false => Cow::Owned(domain.to_lowercase().nfc().collect()),
    }
}

/// True for texts of characters that are neither control characters nor ever composed with others, as
/// nearly all European ones are: the first that composes is U+0300.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        || text.chars().all(|letter| matches!(letter, ' '..='~' | '\u{a0}'..='\u{2ff}'))
}

/// Returns a text trimmed and in NFC, without control characters but line breaks and tabs.
fn normal(text: &str, characters_max: usize) -> Result<Cow<'_, str>, Problem> {
    let text = text.trim();
    // Bytes are never fewer than characters, so most texts are not counted.
    if text.len() > characters_max && text.chars().count() > characters_max {
        return Err(Problem::new(Code::TooLong, text).expecting(characters_max));
    }
    if text.is_ascii() {
        if let Some(control) =
            text.bytes().find(|byte| byte.is_ascii_control() && !is_break(char::from(*byte)))
        {
            return Err(control_character(char::from(control)));
        }
        return Ok(Cow::Borrowed(text));
    }
    if let Some(control) = text.chars().find(|letter| letter.is_control() && !is_break(*letter)) {
        return Err(control_character(control));
    }
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Ok(Cow::Borrowed(text)),
        // Composing may leave a blank at an end where there was none.
        _ => Ok(Cow::Owned(text.nfc().collect::<String>().trim().to_owned())),
    }
}

fn control_character(control: char) -> Problem {
    Problem::new(Code::ControlCharacter, format!("U+{:04X}", u32::from(control)))
}

/// Line breaks and tabs of every kind.
fn is_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_local(local: &str) -> bool {
    let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let is_plain = |letter: char| !letter.is_whitespace() && !"()<>[]:;,@\\\"".contains(letter);
    let dots_part_words = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    !local.is_empty() && local.len() <= 64 && (is_quoted || local.chars().all(is_plain) && dots_part_words)
}

/// True for labels of letters, digits and hyphens, at least two of them, the last not all digits unless the
/// whole is four numbers.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        let is_plain =
            |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_' || is_mark(letter);
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(is_plain)
    };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let has_labels = domain.contains('.');
    let last_is_number =
        domain.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    let is_address = || domain.parse::<std::net::Ipv4Addr>().is_ok();
    domain.len() <= 253 && has_labels && domain.split('.').all(is_label) && (!last_is_number || is_address())
}

fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::normal::TEXT_CHARACTERS_MAX;

    #[test]
    fn a_line_is_trimmed_composed_and_free_of_control_characters() {
        let cases = [
            ("  Bäckerei Huber ", Ok("Bäckerei Huber")),
            ("Ba\u{308}ckerei", Ok("Bäckerei")),
            ("Huber\r\n GmbH", Ok("Huber GmbH")),
            ("Huber\tGmbH", Ok("Huber GmbH")),
            ("\u{a0}Köln\u{a0}", Ok("Köln")),
            ("a\0b", Err((Code::ControlCharacter, "U+0000"))),
            ("a\u{1b}[31mb", Err((Code::ControlCharacter, "U+001B"))),
            ("ä\u{9b}", Err((Code::ControlCharacter, "U+009B"))),
            ("", Ok("")),
        ];
        for (text, expected) in cases {
            let found = line(text, TEXT_CHARACTERS_MAX);
            let found = found.as_deref().map_err(|problem| (problem.code, problem.value.as_str()));
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn plain_characters_are_what_the_long_way_leaves_as_they_are() {
        for letter in '\0'..='\u{400}' {
            let text = format!("a{letter}b{letter}");
            if is_plain(&text) {
                assert_eq!(normal(&text, 10).as_deref(), Ok(text.trim()), "{letter:?}");
                assert!(!text.contains(is_break), "{letter:?}");
            }
        }
    }

    #[test]
    fn a_line_has_an_edge() {
        assert!(line(&"ü".repeat(TEXT_CHARACTERS_MAX), TEXT_CHARACTERS_MAX).is_ok());
        let problem = line(&"ü".repeat(TEXT_CHARACTERS_MAX + 1), TEXT_CHARACTERS_MAX).expect_err("too long");
        assert_eq!((problem.code, problem.expected.as_str()), (Code::TooLong, "500"));
    }

    #[test]
    fn notes_keep_their_lines() {
        assert_eq!(lines(" a\r\nb\rc\n\td ", 100).as_deref(), Ok("a\nb\nc\n\td"));
    }

    #[test]
    fn an_email_has_its_domain_in_small_letters() {
        for (text, expected) in [
            (" Anna.Huber@EXAMPLE.com ", "Anna.Huber@example.com"),
            ("mailto:anna@example.com", "anna@example.com"),
            ("Anna Huber <anna@example.com>", "anna@example.com"),
            ("anna+rules@büro.Example", "anna+rules@büro.example"),
            ("o'neil@sub.example.co.uk", "o'neil@sub.example.co.uk"),
            ("\"a b\"@example.com", "\"a b\"@example.com"),
        ] {
            assert_eq!(email(text).as_deref(), Ok(expected), "{text}");
            assert_eq!(email(expected).as_deref(), Ok(expected), "{expected} twice");
        }
        for text in [
            "anna",
            "anna@",
            "@example.com",
            "anna@example",
            "a b@example.com",
            "anna@-x.com",
            "a@b@example.com",
            "anna@example..com",
            ".a@example.com",
            "a..b@example.com",
            "anna@1.2",
            "a,b@example.com",
        ] {
            assert_eq!(email(text).map_err(|problem| problem.code), Err(Code::NotAnEmail), "{text}");
        }
    }

    #[test]
    fn a_url_gets_its_scheme_and_a_host_in_small_letters() {
        for (text, expected) in [
            ("example.com", "https://example.com"),
            ("WWW.Example.COM/Über-uns?A=B#C", "https://www.example.com/Über-uns?A=B#C"),
            ("http://Example.com/", "http://example.com"),
            ("HTTPS://example.com:8443/x", "https://example.com:8443/x"),
            ("//example.com/x", "https://example.com/x"),
            ("https://Bäckerei.example", "https://bäckerei.example"),
            ("example.com?u=http://other.example", "https://example.com?u=http://other.example"),
        ] {
            assert_eq!(url(text).as_deref(), Ok(expected), "{text}");
            assert_eq!(url(expected).as_deref(), Ok(expected), "{expected} twice");
        }
        for text in [
            "example",
            "ftp://example.com",
            "javascript:alert(1)",
            "javascript://example.com",
            "https://",
            "a b.com",
            "example.com/a b",
            "https://user:secret@example.com",
            "example.com:port",
            "n/a",
        ] {
            assert_eq!(url(text).map_err(|problem| problem.code), Err(Code::NotAUrl), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_line_twice_is_the_line_once(text in "\\PC{0,20}[ \t\n]{0,2}\\PC{0,20}") {
            let once = line(&text, 500).unwrap().into_owned();
            prop_assert_eq!(line(&once, 500).unwrap(), once.clone());
        }

        #[test]
        fn lines_twice_are_the_lines_once(text in "(\\PC|\n|\r){0,40}") {
            let once = lines(&text, 500).unwrap().into_owned();
            prop_assert_eq!(lines(&once, 500).unwrap(), once.clone());
        }

        #[test]
        fn an_email_twice_is_the_email_once(text in "[a-zA-Zü.+]{1,8}@[a-zA-ZÄİẞ.-]{1,8}\\.[a-zA-Z]{2,3}") {
            if let Ok(once) = email(&text) {
                prop_assert_eq!(email(&once), Ok(once.clone()));
            }
        }

        #[test]
        fn a_url_twice_is_the_url_once(text in "(https?://)?[a-zA-ZÄİ.]{1,8}\\.[a-zA-Z]{2,3}(:80)?(/[a-zA-Z/?#.]{0,8})?") {
            if let Ok(once) = url(&text) {
                prop_assert_eq!(url(&once), Ok(once.clone()));
            }
        }
    }
}
