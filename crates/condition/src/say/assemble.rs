//! From clauses to a sentence: who, and what is demanded of them, so that nesting stays clear.
//! Alternatives of demands become several phrases, demands with alternatives are set apart by
//! semicolons, and anything deeper stands in parentheses.

use super::expression::Expression;
use super::sentence::Sentence;
use super::{Language, Speaker, english, german};
use crate::tree::{Condition, Criterion};

/// One criterion as the part of a relative clause: `deren Postleitzahl` · `mit 80 bis 87` · `beginnt`.
/// Neighbours with the same lead share it, and with the same tail that too.
#[derive(Clone, Debug, Default)]
pub(super) struct Clause {
    pub(super) lead: Sentence,
    pub(super) body: Sentence,
    pub(super) tail: Sentence,
    /// How the clause is said after a semicolon, where that is shorter: `mindestens 10 Beschäftigte`.
    pub(super) short: Option<Sentence>,
}

/// The words that hold a sentence together.
struct Frame {
    companies: &'static str,
    all: &'static str,
    none: &'static str,
    /// What stands between the companies and the first clause.
    first: &'static str,
    and: &'static str,
    or: &'static str,
}

const GERMAN: Frame = Frame {
    companies: "Firmen",
    all: "Alle Firmen.",
    none: "Keine Firma.",
    first: ", ",
    and: " und ",
    or: " oder ",
};

const ENGLISH: Frame = Frame {
    companies: "Companies",
    all: "All companies.",
    none: "No company.",
    first: " ",
    and: " and ",
    or: " or ",
};

pub(super) fn sentence(speaker: &Speaker<'_>, condition: &Condition) -> Sentence {
    let assembler = Assembler {
        speaker,
        frame: match speaker.language {
            Language::German => &GERMAN,
            Language::English => &ENGLISH,
        },
    };
    match Expression::of(condition) {
        Expression::True => Sentence::text(assembler.frame.all),
        Expression::False => Sentence::text(assembler.frame.none),
        expression => assembler.phrases(&expression).and_text("."),
    }
}

struct Assembler<'a> {
    speaker: &'a Speaker<'a>,
    frame: &'static Frame,
}

impl Assembler<'_> {
    fn phrases(&self, expression: &Expression<'_>) -> Sentence {
        match expression {
            Expression::And(parts) => self.phrase(parts, true),
            Expression::Or(parts) if parts.iter().any(|part| matches!(part, Expression::And(_))) => {
                let phrases = parts.iter().map(|part| match part {
                    Expression::And(inner) => self.phrase(inner, false),
                    other => self.phrase(std::slice::from_ref(other), false),
                });
                let last = format!(";{}", self.frame.or);
                let phrases = phrases.enumerate().map(|(index, phrase)| match index {
                    0 => phrase,
                    // Inside the sentence, English begins its nouns in small letters.
                    _ => self.lower_noun(phrase),
                });
                Sentence::list(phrases.collect(), &last, &last)
            }
            other => self.phrase(std::slice::from_ref(other), true),
        }
    }

    fn lower_noun(&self, phrase: Sentence) -> Sentence {
        match self.speaker.language {
            Language::German => phrase,
            Language::English => phrase.with_beginning(str::to_lowercase),
        }
    }

    /// The companies of some demands.
    fn phrase(&self, parts: &[Expression<'_>], may_use_semicolons: bool) -> Sentence {
        let mut parts: Vec<&Expression<'_>> = parts.iter().collect();
        let origin = parts.iter().position(|part| self.origin(part).is_some());
        let mut phrase = Sentence::text(self.frame.companies);
        if let Some(index) = origin {
            phrase = phrase.then(self.origin(parts.remove(index)).expect("found above"));
        }
        if parts.is_empty() {
            return phrase;
        }
        phrase = phrase.and_text(self.frame.first);
        let has_alternatives = parts.len() > 1 && parts.iter().any(|part| matches!(part, Expression::Or(_)));
        if has_alternatives && may_use_semicolons {
            return phrase.and(self.apart_by_semicolons(&parts));
        }
        match parts[..] {
            [Expression::Or(alternatives)] => phrase.and(self.list(alternatives.iter(), self.frame.or)),
            _ => phrase.and(self.list(parts.into_iter(), self.frame.and)),
        }
    }

    /// `aus Deutschland`, where a demand says just that.
    fn origin(&self, part: &Expression<'_>) -> Option<Sentence> {
        match part {
            Expression::Is { criterion, negated: false } => match self.speaker.language {
                Language::German => german::origin(self.speaker, criterion),
                Language::English => english::origin(self.speaker, criterion),
            },
            _ => None,
        }
    }

    fn apart_by_semicolons(&self, parts: &[&Expression<'_>]) -> Sentence {
        let mut said = Vec::new();
        let mut rest = parts;
        while let Some((&first, after)) = rest.split_first() {
            if let Expression::Or(alternatives) = first {
                said.push(self.list(alternatives.iter(), self.frame.or));
                rest = after;
                continue;
            }
            // Demands of one thing stay together: `mindestens 10 und weniger als 50 Beschäftigte`.
            let mut clauses: Vec<Clause> = Vec::new();
            while let Some((Expression::Is { criterion, negated }, after)) =
                rest.split_first().map(|(part, after)| (*part, after))
            {
                let clause = self.clause(criterion, *negated);
                if clauses.last().is_some_and(|before| before.lead != clause.lead) {
                    break;
                }
                clauses.push(clause);
                rest = after;
            }
            let short = match &clauses[..] {
                [clause] if !said.is_empty() => clause.short.clone(),
                _ => None,
            };
            said.push(short.unwrap_or_else(|| share(clauses, self.frame.and)));
        }
        Sentence::list(said, "; ", "; ")
    }

    /// Parts joined by one word; groups among them stand in parentheses.
    fn list<'a>(&self, parts: impl Iterator<Item = &'a Expression<'a>>, word: &str) -> Sentence {
        let mut said: Vec<Sentence> = Vec::new();
        let mut together: Vec<Clause> = Vec::new();
        for part in parts {
            match part {
                Expression::Is { criterion, negated } => {
                    let clause = self.clause(criterion, *negated);
                    if together.last().is_some_and(|before| before.lead != clause.lead) {
                        said.push(share(std::mem::take(&mut together), word));
                    }
                    together.push(clause);
                }
                group => {
                    if !together.is_empty() {
                        said.push(share(std::mem::take(&mut together), word));
                    }
                    said.push(match group {
                        Expression::And(inner) => self.list(inner.iter(), self.frame.and),
                        Expression::Or(inner) => self.list(inner.iter(), self.frame.or),
                        _ => unreachable!("constants are folded away"),
                    });
                    let last = said.pop().expect("pushed above");
                    said.push(last.in_parentheses());
                }
            }
        }
        if !together.is_empty() {
            said.push(share(together, word));
        }
        Sentence::list(said, ", ", word)
    }

    fn clause(&self, criterion: &Criterion, negated: bool) -> Clause {
        match self.speaker.language {
            Language::German => german::clause(self.speaker, criterion, negated),
            Language::English => english::clause(self.speaker, criterion, negated),
        }
    }
}

/// Joins clauses of one lead: `deren Postleitzahl mit 80 beginnt oder 88131 ist`.
fn share(clauses: Vec<Clause>, word: &str) -> Sentence {
    let lead = clauses[0].lead.clone();
    let mut predicates: Vec<Sentence> = Vec::new();
    let mut rest = clauses.as_slice();
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|clause| clause.tail == first.tail).count();
        let (together, after) = rest.split_at(same);
        let bodies = together.iter().map(|clause| clause.body.clone()).collect();
        predicates.push(Sentence::list(bodies, ", ", word).then(first.tail.clone()));
        rest = after;
    }
    lead.then(Sentence::list(predicates, ", ", word))
}
