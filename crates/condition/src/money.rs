//! Money criteria: a bound in one currency, worked out for every currency that has a rate.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use num_bigint::BigInt;

use crate::value::{Currency, Interval};

/// ISO 4217, without precious metals, funds of banks and test codes.
const CODES: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV \
    BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE \
    CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD \
    HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD \
    KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN \
    MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD \
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS \
    TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST \
    XAF XCD XOF XPF YER ZAR ZMW ZWL";
/// Currencies whose minor unit is not a hundredth.
const WITHOUT_MINOR: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";
const TEN_THOUSANDTHS: &str = "CLF UYW";

impl Currency {
    pub const EUR: Currency = Currency(*b"EUR");

    /// Reads an ISO 4217 code in any case.
    pub fn parse(text: &str) -> Option<Currency> {
        let code: [u8; 3] = text.trim().to_ascii_uppercase().into_bytes().try_into().ok()?;
        let currency = Currency(code);
        currency.is_in(CODES).then_some(currency)
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("currencies are parsed from letters")
    }

    /// Digits after the point of an amount: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn minor_digits(self) -> u32 {
        match () {
            () if self.is_in(WITHOUT_MINOR) => 0,
            () if self.is_in(THOUSANDTHS) => 3,
            () if self.is_in(TEN_THOUSANDTHS) => 4,
            () => 2,
        }
    }

    /// Tells whether the code stands in a list of codes with one space between them.
    fn is_in(self, codes: &str) -> bool {
        codes.as_bytes().chunks(4).any(|known| known[..3] == self.0)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.code())
    }
}

/// The rates of the day: what one unit of each currency is worth in the workspace's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    workspace: Currency,
    worth: BTreeMap<Currency, Rate>,
}

/// An exact decimal: `digits / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rate {
    digits: u128,
    scale: u32,
}

impl Rates {
    /// Starts with the workspace's own currency, which is worth exactly one.
    pub fn new(workspace: Currency) -> Rates {
        Rates { workspace, worth: BTreeMap::from([(workspace, Rate { digits: 1, scale: 0 })]) }
    }

    /// The workspace's currency: what an amount without currency means.
    pub fn workspace(&self) -> Currency {
        self.workspace
    }

    /// Sets what one unit is worth in the workspace's currency, as a positive decimal like `0.9234`.
    /// Tells whether the text was such a decimal (at most 18 digits on either side of the point).
    pub fn set(&mut self, currency: Currency, worth: &str) -> bool {
        let rate = Rate::parse(worth);
        if let Some(rate) = rate
            && currency != self.workspace
        {
            self.worth.insert(currency, rate);
        }
        rate.is_some()
    }

    pub fn has(&self, currency: Currency) -> bool {
        self.worth.contains_key(&currency)
    }
}

impl Rate {
    fn parse(text: &str) -> Option<Rate> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_short = |part: &str| part.len() <= 18 && part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_short(whole) || !is_short(fraction) {
            return None;
        }
        let digits: u128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = u32::try_from(fraction.len()).ok()?;
        (digits > 0).then_some(Rate { digits, scale })
    }
}

/// One end of a money criterion, in minor units of the criterion's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MoneyBound {
    pub minor: i64,
    pub is_included: bool,
}

/// A money criterion: its ends as written, and the interval of whole minor units that satisfies it
/// in each currency with a rate. Reads as a slice of `(Currency, Interval)`, sorted by currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyBounds {
    pub currency: Currency,
    pub lower: Option<MoneyBound>,
    pub upper: Option<MoneyBound>,
    by_currency: Arc<[(Currency, Interval)]>,
}

impl MoneyBounds {
    /// Works the ends out in every currency that has a rate. The criterion's own currency needs
    /// none; if it has none, no other currency compares with it.
    pub fn new(
        currency: Currency,
        lower: Option<MoneyBound>,
        upper: Option<MoneyBound>,
        rates: &Rates,
    ) -> MoneyBounds {
        let own = Factor { over: BigInt::from(1), under: BigInt::from(1) };
        let mut by_currency = BTreeMap::from([(currency, own.interval(lower, upper))]);
        if let Some(&own_rate) = rates.worth.get(&currency) {
            for (&other, &rate) in rates.worth.iter().filter(|(other, _)| **other != currency) {
                let factor = Factor::between((currency, own_rate), (other, rate));
                by_currency.insert(other, factor.interval(lower, upper));
            }
        }
        MoneyBounds { currency, lower, upper, by_currency: by_currency.into_iter().collect() }
    }

    /// The interval in that currency; `None` where a rate is missing.
    pub fn interval(&self, currency: Currency) -> Option<Interval> {
        let found = self.by_currency.binary_search_by_key(&currency, |&(known, _)| known).ok()?;
        Some(self.by_currency[found].1)
    }
}

impl Deref for MoneyBounds {
    type Target = [(Currency, Interval)];

    fn deref(&self) -> &[(Currency, Interval)] {
        &self.by_currency
    }
}

/// What minor units of the one currency are multiplied by to become minor units of the other.
struct Factor {
    over: BigInt,
    under: BigInt,
}

impl Factor {
    fn between(from: (Currency, Rate), to: (Currency, Rate)) -> Factor {
        let ten = |exponent: u32| BigInt::from(10).pow(exponent);
        Factor {
            over: BigInt::from(from.1.digits) * ten(to.1.scale + to.0.minor_digits()),
            under: BigInt::from(to.1.digits) * ten(from.1.scale + from.0.minor_digits()),
        }
    }

    fn interval(&self, lower: Option<MoneyBound>, upper: Option<MoneyBound>) -> Interval {
        // The smallest whole number that is not below the bound, or above it.
        let first = |bound: MoneyBound, may_equal: bool| {
            let over = BigInt::from(bound.minor) * &self.over;
            let floor = floor_div(&over, &self.under);
            let is_whole = &floor * &self.under == over;
            if is_whole && may_equal { floor } else { floor + 1 }
        };
        let lo = lower.map(|bound| first(bound, bound.is_included));
        let hi = upper.map(|bound| first(bound, !bound.is_included));
        let (least, greatest) = (BigInt::from(i64::MIN), BigInt::from(i64::MAX));
        if lo.as_ref().is_some_and(|lo| *lo > greatest) || hi.as_ref().is_some_and(|hi| *hi <= least) {
            return Interval::EMPTY;
        }
        // A bound beyond what can be stored binds nothing.
        Interval {
            lo: lo.and_then(|lo| i64::try_from(lo).ok()),
            hi: hi.and_then(|hi| i64::try_from(hi).ok()),
        }
    }
}

fn floor_div(over: &BigInt, under: &BigInt) -> BigInt {
    let quotient = over / under;
    if over.sign() == num_bigint::Sign::Minus && &quotient * under != *over { quotient - 1 } else { quotient }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USD: Currency = Currency(*b"USD");
    const JPY: Currency = Currency(*b"JPY");

    fn bound(minor: i64, is_included: bool) -> Option<MoneyBound> {
        Some(MoneyBound { minor, is_included })
    }

    #[test]
    fn amounts_are_worked_out_exactly_in_every_currency_with_a_rate() {
        let mut rates = Rates::new(Currency::EUR);
        assert!(rates.set(USD, "0.8"));
        assert!(rates.set(JPY, "0.006"));
        let bounds = MoneyBounds::new(Currency::EUR, bound(100_000, true), bound(200_000, false), &rates);
        assert_eq!(bounds.interval(Currency::EUR), Some(Interval { lo: Some(100_000), hi: Some(200_000) }));
        // 1,000 EUR are exactly 1,250 USD, and 166,666.67 JPY: 166,667 is the first that reaches it.
        assert_eq!(bounds.interval(USD), Some(Interval { lo: Some(125_000), hi: Some(250_000) }));
        assert_eq!(bounds.interval(JPY), Some(Interval { lo: Some(166_667), hi: Some(333_334) }));
        assert_eq!(bounds.interval(Currency(*b"CHF")), None);
    }

    #[test]
    fn an_open_end_excludes_the_exact_amount_only() {
        let mut rates = Rates::new(Currency::EUR);
        rates.set(USD, "0.8");
        let bounds = MoneyBounds::new(USD, bound(125_000, false), bound(125_001, true), &rates);
        assert_eq!(bounds.interval(USD), Some(Interval { lo: Some(125_001), hi: Some(125_002) }));
        assert_eq!(bounds.interval(Currency::EUR), Some(Interval { lo: Some(100_001), hi: Some(100_001) }));
    }

    #[test]
    fn a_currency_without_rate_compares_with_itself_only() {
        let bounds = MoneyBounds::new(USD, bound(1, true), None, &Rates::new(Currency::EUR));
        assert_eq!(bounds.to_vec(), [(USD, Interval { lo: Some(1), hi: None })]);
    }

    #[test]
    fn bounds_beyond_what_can_be_stored_bind_nothing_or_everything() {
        let mut rates = Rates::new(Currency::EUR);
        rates.set(JPY, "0.000000000000000001");
        let least = MoneyBounds::new(Currency::EUR, bound(i64::MAX, true), None, &rates);
        assert_eq!(least.interval(JPY), Some(Interval::EMPTY));
        let most = MoneyBounds::new(Currency::EUR, None, bound(i64::MAX, false), &rates);
        assert_eq!(most.interval(JPY), Some(Interval { lo: None, hi: None }));
    }

    #[test]
    fn rates_are_positive_decimals() {
        let mut rates = Rates::new(Currency::EUR);
        for wrong in ["0", "-1", "1,2", "", ".", "1e3", "1.2.3", "0.0000"] {
            assert!(!rates.set(USD, wrong), "{wrong}");
        }
        assert!(!rates.has(USD));
    }

    #[test]
    fn currencies_know_their_minor_unit() {
        let digits = |code| Currency::parse(code).map(Currency::minor_digits);
        assert_eq!(
            [digits("eur"), digits("JPY"), digits("KWD"), digits("CLF"), digits("XXX"), digits("EURO")],
            [Some(2), Some(0), Some(3), Some(4), None, None]
        );
    }
}
