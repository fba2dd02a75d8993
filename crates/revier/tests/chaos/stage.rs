//! Where a proof is played: a fresh database, and what is wrong with the servers on it.

use testkit::{Base, Kind};

pub struct Stage {
    pub base: Base,
    /// Failpoints with which every server on this stage runs; empty where all is sound.
    pub mutant: &'static str,
}

/// Plays a proof on one database, if it is there.
pub fn on(kind: Kind, proof: impl AsyncFn(Stage)) {
    play(kind, "", proof);
}

/// Plays a proof with servers that are wrong on purpose: it has to fail and to say why.
pub fn mutant(kind: Kind, mutant: &'static str, says: &str, proof: impl AsyncFn(Stage)) {
    if testkit::base::available(kind).is_some() {
        testkit::mutant::is_noticed(says, || play(kind, mutant, proof));
    }
}

fn play(kind: Kind, mutant: &'static str, proof: impl AsyncFn(Stage)) {
    if testkit::base::available(kind).is_some() {
        let runtime = testkit::both::runtime();
        runtime.block_on(async {
            let base = Base::empty(kind).await;
            proof(Stage { base, mutant }).await;
        });
        // The proof is done; connections that were dropped with their work need not be waited for.
        runtime.shutdown_background();
    }
}

/// So many, and fifty times that with `REVIER_SOAK=1`, but no more than `most`.
pub fn rounds(small: usize, most: usize) -> usize {
    if std::env::var_os("REVIER_SOAK").is_some() { (small * 50).min(most) } else { small }
}
