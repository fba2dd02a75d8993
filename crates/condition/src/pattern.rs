//! Patterns over whole texts: `*` stands for any run of characters, `?` for one character.

/// Tells whether the pattern covers the whole text; both are folded.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    // Where the last star stood, and the text from which it is tried next.
    let mut retry: Option<(&str, &str)> = None;
    loop {
        let mut rest = pattern.chars();
        let matched = match rest.next() {
            Some('*') => {
                retry = Some((rest.as_str(), text));
                pattern = rest.as_str();
                continue;
            }
            Some('?') => after_first(text),
            Some(character) => text.strip_prefix(character),
            None if text.is_empty() => return true,
            None => None,
        };
        if let Some(after) = matched {
            (pattern, text) = (rest.as_str(), after);
        } else {
            // The last star takes one more character; an earlier one never needs to.
            let Some((after_star, tried)) = retry else { return false };
            let Some(next) = after_first(tried) else { return false };
            retry = Some((after_star, next));
            (pattern, text) = (after_star, next);
        }
    }
}

fn after_first(text: &str) -> Option<&str> {
    let mut characters = text.chars();
    characters.next().map(|_| characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pattern_covers_the_whole_text() {
        let cases = [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("?", "", false),
            ("?", "ü", true),
            ("m?ller*", "müller gmbh", true),
            ("*gmbh", "müller gmbh & co. kg", false),
            ("*gmbh*", "müller gmbh & co. kg", true),
            ("a*b*c", "abbbc", true),
            ("a*b*c", "acb", false),
            ("*aab", "aaaaab", true),
            ("a**b", "ab", true),
            ("ab", "abc", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    /// The obvious version: try every length for every star.
    fn slow(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|taken| slow(rest, &text[taken..])),
            Some((&one, rest)) => text
                .split_first()
                .is_some_and(|(&first, after)| (one == '?' || one == first) && slow(rest, after)),
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_trying_every_length(pattern in "[abü*?]{0,8}", text in "[abü]{0,10}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(matches(&pattern, &text), slow(&chars(&pattern), &chars(&text)));
        }
    }
}
