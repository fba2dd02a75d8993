//! A sentence as spans: plain text, and values to emphasise.

use std::fmt;

use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Span {
    Text(String),
    /// A value of the condition, which a page sets in bold.
    Value(String),
}

/// Text with marked values. Two spans of one kind never stand together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sentence {
    spans: Vec<Span>,
}

impl Sentence {
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    pub(super) fn text(text: impl Into<String>) -> Sentence {
        Sentence::default().and_text(text)
    }

    pub(super) fn value(value: impl Into<String>) -> Sentence {
        Sentence::default().and_value(value)
    }

    pub(super) fn and_text(mut self, text: impl Into<String>) -> Sentence {
        self.push(Span::Text(text.into()));
        self
    }

    pub(super) fn and_value(mut self, value: impl Into<String>) -> Sentence {
        self.push(Span::Value(value.into()));
        self
    }

    pub(super) fn and(mut self, more: Sentence) -> Sentence {
        for span in more.spans {
            self.push(span);
        }
        self
    }

    /// Joins with a space between, where both sides say something.
    pub(super) fn then(self, more: Sentence) -> Sentence {
        match (self.is_empty(), more.is_empty()) {
            (true, _) => more,
            (_, true) => self,
            _ => self.and_text(" ").and(more),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    pub(super) fn in_parentheses(self) -> Sentence {
        Sentence::text("(").and(self).and_text(")")
    }

    /// Says the beginning, where it is plain text, in another way.
    pub(super) fn with_beginning(mut self, other: impl FnOnce(&str) -> String) -> Sentence {
        if let Some(Span::Text(text)) = self.spans.first_mut() {
            *text = other(text);
        }
        self
    }

    /// Joins parts like `A, B or C`.
    pub(super) fn list(parts: Vec<Sentence>, between: &str, last: &str) -> Sentence {
        let count = parts.len();
        let mut whole = Sentence::default();
        for (index, part) in parts.into_iter().enumerate() {
            whole = match index {
                0 => part,
                _ if index + 1 == count => whole.and_text(last).and(part),
                _ => whole.and_text(between).and(part),
            };
        }
        whole
    }

    fn push(&mut self, span: Span) {
        match (self.spans.last_mut(), span) {
            (_, Span::Text(text) | Span::Value(text)) if text.is_empty() => {}
            (Some(Span::Text(before)), Span::Text(text)) => before.push_str(&text),
            (Some(Span::Value(before)), Span::Value(text)) => before.push_str(&text),
            (_, span) => self.spans.push(span),
        }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for span in &self.spans {
            let (Span::Text(text) | Span::Value(text)) = span;
            to.write_str(text)?;
        }
        Ok(())
    }
}
