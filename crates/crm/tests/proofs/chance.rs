//! Random input that is the same in every run, and fifty times as much of it in a soak.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Where random values come from.
pub struct Chance(TestRunner);

impl Chance {
    /// A source of its own for each seed.
    pub fn new(seed: u64) -> Chance {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Chance(TestRunner::new_with_rng(Config::default(), rng))
    }

    pub fn draw<S: Strategy>(&mut self, strategy: &S) -> S::Value {
        strategy.new_tree(&mut self.0).expect("strategies of these tests reject nothing").current()
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.draw(&(0..end))
    }

    pub fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

/// How many rounds a test runs: so many, and fifty times that with `REVIER_SOAK=1`.
pub fn rounds(small: usize) -> usize {
    if std::env::var_os("REVIER_SOAK").is_some() { small * 50 } else { small }
}
