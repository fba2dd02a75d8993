//! Postcodes as text, as German field sales write them: `60–65, 67–69 + 76726–76891`,
//! `7xxxx ohne 76726–76891 + 88–89`, `80* außer 80331`. For countries whose postcodes have a fixed
//! number of digits. Text becomes criteria and criteria become text; the round trip keeps the set.
//! Uses: tree, fault.

mod read;
mod set;
mod write;

pub use read::read;
pub use set::CodeSet;
pub use write::write;

/// Codes that a wildcard in the middle may spread into, like `xx331`.
pub const POSTCODE_RANGES_MAX: usize = 100_000;

/// The longest fixed-length postcodes of the world have ten digits.
pub const POSTCODE_DIGITS_MAX: u8 = 10;
