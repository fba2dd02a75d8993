//! The plain typed loop, the baseline: every rule tried in order, on values that have been made
//! numbers before. Rules lie one behind the other in one list, and groups stop at the first
//! member that decides; nothing is looked up by text but what asks for parts of texts.

use std::collections::HashMap;

use condition::tree::PostcodeRange;
use condition::{Condition, Criterion, Facts, FieldId, Test, Value};
use memchr::memmem::Finder;

const MISSING: u32 = u32::MAX;
const UNKNOWN: u32 = u32::MAX - 1;
/// Lists up to that length are searched from one end to the other.
const LINEAR_MAX: usize = 16;

#[derive(Default)]
pub struct PlainLoop {
    starts: Vec<u32>,
    nodes: Vec<Node>,
    symbols: Vec<u32>,
    intervals: Vec<(i64, i64)>,
    texts: Vec<Box<str>>,
    finders: Vec<Finder<'static>>,
    ranges: Vec<PostcodeRange>,
    known: HashMap<(FieldId, Box<str>), u32>,
}

/// A lead whose values are numbers already.
pub struct TypedLead {
    symbols: Vec<u32>,
    numbers: Vec<Option<i64>>,
    texts: Vec<Vec<Box<str>>>,
    areas: Vec<u32>,
    /// Length and number of a postcode of digits.
    postcode: Option<(u8, u64)>,
}

/// A group is followed by its members; `end` is where the next node after it stands.
#[derive(Clone, Copy)]
struct Node {
    op: Op,
    field: u16,
    from: u32,
    to: u32,
    end: u32,
}

#[derive(Clone, Copy)]
enum Op {
    All,
    Any,
    Not,
    Is,
    OneOf,
    NoneOf,
    Within,
    StartsWith,
    EndsWith,
    Contains,
    Area,
    InRange,
}

impl PlainLoop {
    pub fn of(rules: &[Condition]) -> PlainLoop {
        let mut plain = PlainLoop::default();
        for rule in rules {
            plain.starts.push(to_u32(plain.nodes.len()));
            plain.add(rule);
        }
        plain
    }

    /// The first rule that matches.
    pub fn place(&self, lead: &TypedLead) -> Option<usize> {
        self.starts.iter().position(|&start| self.holds(start, lead))
    }

    #[inline]
    fn holds(&self, at: u32, lead: &TypedLead) -> bool {
        let node = self.nodes[at as usize];
        match node.op {
            Op::All | Op::Any | Op::Not => self.group_holds(at, node, lead),
            _ => self.test_holds(node, lead),
        }
    }

    fn group_holds(&self, at: u32, node: Node, lead: &TypedLead) -> bool {
        match node.op {
            Op::Not => !self.holds(at + 1, lead),
            op => {
                // `all` stops at the first that fails, `any` at the first that holds.
                let decides = matches!(op, Op::Any);
                let mut member = at + 1;
                while member < node.end {
                    if self.holds(member, lead) == decides {
                        return decides;
                    }
                    member = self.nodes[member as usize].end;
                }
                !decides
            }
        }
    }

    #[inline(always)]
    fn test_holds(&self, node: Node, lead: &TypedLead) -> bool {
        let (from, to) = (node.from as usize, node.to as usize);
        let field = usize::from(node.field);
        match node.op {
            Op::All | Op::Any | Op::Not => unreachable!("groups are no tests"),
            Op::Is => lead.symbols[field] == node.from,
            Op::OneOf => has(&self.symbols[from..to], lead.symbols[field]),
            Op::NoneOf => !has(&self.symbols[from..to], lead.symbols[field]),
            Op::Within => {
                let (lo, hi) = self.intervals[from];
                lead.numbers[field].is_some_and(|number| lo <= number && number < hi)
            }
            Op::StartsWith => lead.texts[field]
                .iter()
                .any(|text| self.texts[from..to].iter().any(|head| text.starts_with(&**head))),
            Op::EndsWith => lead.texts[field]
                .iter()
                .any(|text| self.texts[from..to].iter().any(|tail| text.ends_with(&**tail))),
            Op::Contains => lead.texts[field].iter().any(|text| {
                self.finders[from..to].iter().any(|finder| finder.find(text.as_bytes()).is_some())
            }),
            Op::Area => lead.areas.iter().any(|&area| has(&self.symbols[from..to], area)),
            Op::InRange => lead.postcode.is_some_and(|(digits, number)| {
                let is_in = |range: &PostcodeRange| {
                    range.digits == digits && range.first <= number && number <= range.last
                };
                self.ranges[from..to].iter().any(is_in)
            }),
        }
    }

    fn add(&mut self, condition: &Condition) {
        let at = self.nodes.len();
        match condition {
            Condition::All(members) | Condition::Any(members) => {
                let op = if matches!(condition, Condition::All(_)) { Op::All } else { Op::Any };
                self.nodes.push(Node { op, field: 0, from: 0, to: 0, end: 0 });
                members.iter().for_each(|member| self.add(member));
            }
            Condition::Not(member) => {
                self.nodes.push(Node { op: Op::Not, field: 0, from: 0, to: 0, end: 0 });
                self.add(member);
            }
            Condition::Is(criterion) => {
                let node = self.node(criterion);
                self.nodes.push(node);
            }
        }
        self.nodes[at].end = to_u32(self.nodes.len());
    }

    fn node(&mut self, criterion: &Criterion) -> Node {
        let field = criterion.field;
        let (op, from, to) = match &criterion.test {
            Test::IsAnyOf(texts) if texts.len() == 1 => {
                return Node {
                    op: Op::Is,
                    field: field.0,
                    from: self.symbol(field, &texts[0]),
                    to: 0,
                    end: 0,
                };
            }
            Test::IsAnyOf(texts) => self.list(Op::OneOf, field, texts),
            Test::IsNoneOf(texts) => self.list(Op::NoneOf, field, texts),
            Test::PhoneAreaIsAnyOf(texts) => self.list(Op::Area, field, texts),
            Test::Within(interval) => {
                self.intervals.push((interval.lo.unwrap_or(i64::MIN), interval.hi.unwrap_or(i64::MAX)));
                (Op::Within, self.intervals.len() - 1, 0)
            }
            Test::StartsWithAnyOf(texts) => self.texts(Op::StartsWith, texts),
            Test::EndsWithAnyOf(texts) => self.texts(Op::EndsWith, texts),
            Test::ContainsAnyOf(texts) => {
                let from = self.finders.len();
                self.finders.extend(texts.iter().map(|text| Finder::new(text.as_bytes()).into_owned()));
                (Op::Contains, from, self.finders.len())
            }
            Test::InRangeAnyOf(ranges) => {
                let from = self.ranges.len();
                self.ranges.extend(ranges.iter());
                (Op::InRange, from, self.ranges.len())
            }
            other => unreachable!("no workload asks {other:?}"),
        };
        Node { op, field: field.0, from: to_u32(from), to: to_u32(to), end: 0 }
    }

    fn list(&mut self, op: Op, field: FieldId, texts: &[Box<str>]) -> (Op, usize, usize) {
        let from = self.symbols.len();
        let mut symbols: Vec<u32> = texts.iter().map(|text| self.symbol(field, text)).collect();
        symbols.sort_unstable();
        self.symbols.extend(symbols);
        (op, from, self.symbols.len())
    }

    fn texts(&mut self, op: Op, texts: &[Box<str>]) -> (Op, usize, usize) {
        let from = self.texts.len();
        self.texts.extend(texts.iter().cloned());
        (op, from, self.texts.len())
    }

    fn symbol(&mut self, field: FieldId, text: &str) -> u32 {
        let next = to_u32(self.known.len());
        *self.known.entry((field, text.into())).or_insert(next)
    }

    /// Makes a lead's values numbers; this is not part of the measured time.
    pub fn lead(&self, facts: &Facts, fields: u16) -> TypedLead {
        let mut lead = TypedLead {
            symbols: Vec::new(),
            numbers: Vec::new(),
            texts: Vec::new(),
            areas: Vec::new(),
            postcode: None,
        };
        for field in (0..fields).map(FieldId) {
            let symbol = |text: &str| self.known.get(&(field, text.into())).copied().unwrap_or(UNKNOWN);
            let (mut as_symbol, mut as_number, mut as_texts) = (MISSING, None, Vec::new());
            match facts.get(field) {
                Some(Value::Key(text)) => {
                    as_symbol = symbol(text);
                    if field == condition::standard::POSTCODE
                        && text.bytes().all(|byte| byte.is_ascii_digit())
                    {
                        lead.postcode =
                            Some((u8::try_from(text.len()).expect("short"), text.parse().expect("digits")));
                    }
                }
                Some(Value::Text(text)) => {
                    as_symbol = symbol(text);
                    as_texts.push(text.clone());
                }
                Some(Value::Texts(texts)) => as_texts.extend(texts.iter().cloned()),
                Some(Value::Phones(phones)) => {
                    lead.areas.extend(phones.iter().filter_map(|phone| phone.area.as_deref().map(symbol)));
                }
                Some(Value::Integer(number)) => as_number = Some(*number),
                _ => {}
            }
            lead.symbols.push(as_symbol);
            lead.numbers.push(as_number);
            lead.texts.push(as_texts);
        }
        lead
    }
}

fn has(list: &[u32], symbol: u32) -> bool {
    if list.len() <= LINEAR_MAX { list.contains(&symbol) } else { list.binary_search(&symbol).is_ok() }
}

fn to_u32(at: usize) -> u32 {
    u32::try_from(at).expect("fewer than 2³² nodes")
}
