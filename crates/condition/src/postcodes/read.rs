//! From text to criteria. Read from left to right: `,` `;` and `+` add, `ohne` takes everything up
//! to the next `+` away from what stands before it.

use super::set::prefix_range;
use super::{CodeSet, POSTCODE_DIGITS_MAX, POSTCODE_RANGES_MAX};
use crate::fault::{Code, Fault};
use crate::field::Field;
use crate::tree::{Condition, Criterion, PostcodeRange, Test, values};

/// Reads a text into a condition on a postcode field of a country with that many digits. Whole codes
/// become `is_any_of`, everything else `in_range_any_of`, so that a shorter foreign code never matches.
pub fn read(text: &str, digits: u8, field: &Field) -> Result<Condition, Vec<Fault>> {
    assert!((1..=POSTCODE_DIGITS_MAX).contains(&digits), "no country has {digits} digits");
    let mut reader = Reader { digits, faults: Vec::new() };
    let tokens = reader.tokens(text);
    let steps = reader.steps(&tokens, text);
    if !reader.faults.is_empty() {
        reader.faults.sort_by_key(|fault| fault.position);
        return Err(reader.faults);
    }
    let mut whole: Option<Condition> = None;
    for step in steps {
        let codes = criteria(&step.ranges, digits, field);
        whole = Some(match (whole, step.adds) {
            (None, _) => any(vec![codes]),
            (Some(before), true) => any(vec![before, codes]),
            (Some(before), false) => Condition::All(vec![before, Condition::Not(Box::new(any(vec![codes])))]),
        });
    }
    Ok(whole.expect("a text without codes has a fault"))
}

/// Joins alternatives, without groups in groups.
fn any(conditions: Vec<Condition>) -> Condition {
    let mut flat = Vec::new();
    for condition in conditions {
        match condition {
            Condition::Any(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { Condition::Any(flat) }
}

fn criteria(ranges: &[(u64, u64)], digits: u8, field: &Field) -> Condition {
    let set = CodeSet::of(digits, ranges.iter().copied());
    let is_code = |&&(first, last): &&(u64, u64)| first == last;
    let codes = set.ranges().iter().filter(is_code);
    let codes = values(codes.map(|&(code, _)| format!("{code:0width$}", width = usize::from(digits))));
    let ranges = set.ranges().iter().filter(|range| !is_code(range));
    let ranges = ranges.map(|&(first, last)| PostcodeRange { digits, first, last }).collect();
    let ranges = PostcodeRange::merge(ranges);
    let mut tests = Vec::new();
    if !ranges.is_empty() {
        tests.push(Criterion::new(field, Test::InRangeAnyOf(ranges)).into());
    }
    if !codes.is_empty() {
        tests.push(Criterion::new(field, Test::IsAnyOf(codes)).into());
    }
    Condition::Any(tests)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// Digits, `x` and `*`.
    Code(String),
    Range,
    Comma,
    Plus,
    Without,
}

struct Placed {
    token: Token,
    /// Characters before it.
    position: usize,
}

/// Codes that are added to what stands before, or taken away from it.
struct Step {
    adds: bool,
    ranges: Vec<(u64, u64)>,
}

struct Reader {
    digits: u8,
    faults: Vec<Fault>,
}

impl Reader {
    fn fault(&mut self, code: Code, position: usize, value: impl std::fmt::Display) {
        let fault = Fault::at("", code, value).expecting(self.digits);
        self.faults.push(Fault { position: Some(position), ..fault });
    }

    fn tokens(&mut self, text: &str) -> Vec<Placed> {
        let mut tokens: Vec<Placed> = Vec::new();
        let mut characters = text.chars().enumerate().peekable();
        let mut is_new_line = false;
        while let Some((position, character)) = characters.next() {
            let token = match character {
                '\n' => {
                    is_new_line = true;
                    continue;
                }
                character if character.is_whitespace() => continue,
                ',' | ';' => Token::Comma,
                '+' => Token::Plus,
                '-' | '–' | '—' | '‐' | '‑' | '−' => Token::Range,
                character if character.is_alphanumeric() || character == '*' => {
                    let mut run = String::from(character);
                    while let Some(&(_, next)) = characters.peek()
                        && (next.is_alphanumeric() || next == '*')
                    {
                        run.push(next);
                        characters.next();
                    }
                    let Some(token) = word(&run) else {
                        self.fault(Code::PostcodesUnknownWord, position, run);
                        continue;
                    };
                    token
                }
                other => {
                    self.fault(Code::PostcodesUnknownCharacter, position, other);
                    continue;
                }
            };
            if let (Token::Code(code), Some(Placed { token: Token::Code(before), .. })) =
                (&token, tokens.last_mut())
            {
                if is_new_line {
                    // A column pasted from a table.
                    tokens.push(Placed { token: Token::Comma, position });
                } else if before.len() + code.len() == usize::from(self.digits) {
                    // `123 45` is how some countries write a code.
                    before.push_str(code);
                    continue;
                }
            }
            is_new_line = false;
            tokens.push(Placed { token, position });
        }
        tokens
    }

    /// Reads `codes (, codes)* (ohne codes (, codes)*)* (+ …)*`.
    fn steps(&mut self, tokens: &[Placed], text: &str) -> Vec<Step> {
        let end = text.chars().count();
        if tokens.is_empty() {
            if self.faults.is_empty() {
                self.fault(Code::PostcodesEmpty, 0, text.trim());
            }
            return Vec::new();
        }
        let mut steps = vec![Step { adds: true, ranges: Vec::new() }];
        let mut rest = tokens.iter().peekable();
        loop {
            let position = rest.peek().map_or(end, |placed| placed.position);
            match rest.next_if(|placed| matches!(placed.token, Token::Code(_))) {
                Some(placed) => {
                    let to = rest.next_if(|placed| placed.token == Token::Range).map(|_| {
                        let position = rest.peek().map_or(end, |placed| placed.position);
                        (position, rest.next_if(|placed| matches!(placed.token, Token::Code(_))))
                    });
                    let ranges = self.item(placed, to);
                    steps.last_mut().expect("begins with one").ranges.extend(ranges);
                }
                None if steps.len() == 1
                    && steps[0].ranges.is_empty()
                    && rest.peek().is_some_and(|placed| placed.token == Token::Without) =>
                {
                    self.fault(Code::PostcodesNothingToTakeFrom, position, text.trim());
                }
                None => self.fault(Code::PostcodesCodeMissing, position, text.trim()),
            }
            let Some(placed) = rest.next() else { return steps };
            match &placed.token {
                Token::Comma => {}
                Token::Plus => steps.push(Step { adds: true, ranges: Vec::new() }),
                Token::Without => steps.push(Step { adds: false, ranges: Vec::new() }),
                Token::Code(code) => {
                    self.fault(Code::PostcodesSeparatorMissing, placed.position, code);
                }
                Token::Range => self.fault(Code::PostcodesCodeMissing, placed.position, text.trim()),
            }
        }
    }

    /// Reads one code, prefix or pattern, or a range from one to the other.
    fn item(&mut self, from: &Placed, to: Option<(usize, Option<&Placed>)>) -> Vec<(u64, u64)> {
        match to {
            None => self.pattern(from),
            Some((position, None)) => {
                self.fault(Code::PostcodesCodeMissing, position, code_of(from));
                Vec::new()
            }
            Some((_, Some(to))) => {
                let ends = (self.prefix(from), self.prefix(to));
                let (Some((first, _)), Some((_, last))) = ends else { return Vec::new() };
                if first > last {
                    let value = format!("{}–{}", code_of(from), code_of(to));
                    self.fault(Code::PostcodesRangeReversed, from.position, value);
                }
                vec![(first, last)]
            }
        }
    }

    /// Reads an end of a range: digits, with wildcards only at the end.
    fn prefix(&mut self, placed: &Placed) -> Option<(u64, u64)> {
        let code = code_of(placed);
        let prefix = code.trim_end_matches(['x', '*']);
        if prefix.contains(['x', '*']) {
            self.fault(Code::PostcodesWildcardInRange, placed.position, code);
            return None;
        }
        let range = prefix_range(prefix, self.digits);
        if range.is_none() || code.trim_end_matches('*').len() > usize::from(self.digits) {
            self.fault(Code::PostcodesTooLong, placed.position, code);
            return None;
        }
        range
    }

    /// Spreads a pattern into ranges: the digits after its last fixed one are open.
    fn pattern(&mut self, placed: &Placed) -> Vec<(u64, u64)> {
        let code = code_of(placed);
        let digits = usize::from(self.digits);
        let Some(places) = self.spread_star(placed) else { return Vec::new() };
        let fixed = places.trim_end_matches('x');
        if places.len() > digits {
            self.fault(Code::PostcodesTooLong, placed.position, code);
            return Vec::new();
        }
        let wildcards = u32::try_from(fixed.matches('x').count()).unwrap_or(u32::MAX);
        if 10_usize.checked_pow(wildcards).is_none_or(|count| count > POSTCODE_RANGES_MAX) {
            self.fault(Code::PostcodesTooMany, placed.position, code);
            return Vec::new();
        }
        let mut prefixes = vec![String::new()];
        for place in fixed.chars() {
            let digits = if place == 'x' { '0'..='9' } else { place..=place };
            prefixes = prefixes
                .iter()
                .flat_map(|prefix| digits.clone().map(move |digit| format!("{prefix}{digit}")))
                .collect();
        }
        prefixes.iter().filter_map(|prefix| prefix_range(prefix, self.digits)).collect()
    }

    /// Puts an `x` for every digit that stars stand for. Without a star a short number is a prefix.
    fn spread_star(&mut self, placed: &Placed) -> Option<String> {
        let code = code_of(placed);
        let digits = usize::from(self.digits);
        if code.len() == digits {
            return Some(code.replace('*', "x"));
        }
        let Some(star) = code.find('*') else { return Some(code.to_owned()) };
        let (before, after) = (&code[..star], code[star..].trim_start_matches('*'));
        if after.contains('*') {
            self.fault(Code::PostcodesTwoStars, placed.position, code);
            return None;
        }
        let open = digits.saturating_sub(before.len() + after.len());
        Some(format!("{before}{}{after}", "x".repeat(open)))
    }
}

fn code_of(placed: &Placed) -> &str {
    match &placed.token {
        Token::Code(code) => code,
        _ => unreachable!("only codes are read as codes"),
    }
}

fn word(run: &str) -> Option<Token> {
    let run = run.to_lowercase();
    if run.chars().all(|character| character.is_ascii_digit() || matches!(character, 'x' | '*')) {
        return Some(Token::Code(run));
    }
    match run.as_str() {
        "bis" | "to" => Some(Token::Range),
        "und" | "and" => Some(Token::Comma),
        "plus" => Some(Token::Plus),
        "ohne" | "außer" | "ausser" | "without" | "except" => Some(Token::Without),
        _ => None,
    }
}
