//! Failpoints and mutants: where a test lets this process die, wait or be wrong on purpose.
//! In no release: without the feature `chaos` nothing of it is compiled.
//!
//! Every write passes the failpoint `<verb> <table>` (`insert lead`), and every transaction that has
//! written passes `commit with <verb> <table>` before its commit and `committed with …` after it, so no
//! write can be added that tests cannot cut off. A mutant takes a lock, a check or a bond away where its
//! name is armed; see [`crate::mutant!`].

/// True where a test has armed the mutant of this name; false, and nothing at run time, in releases.
#[cfg(not(feature = "chaos"))]
#[macro_export]
macro_rules! mutant {
    ($name:literal) => {
        false
    };
}

/// True where a test has armed the mutant of this name; false, and nothing at run time, in releases.
#[cfg(feature = "chaos")]
#[macro_export]
macro_rules! mutant {
    ($name:literal) => {
        $crate::chaos::is_armed(concat!("mutant: ", $name))
    };
}

pub(crate) use trace::Trace;

#[cfg(feature = "chaos")]
pub use trace::is_armed;

#[cfg(not(feature = "chaos"))]
mod trace {
    use sea_orm::DatabaseTransaction;

    use crate::dialect::Dialect;
    use crate::error::StoreError;

    /// What one transaction has written so far; nothing without the feature.
    #[derive(Clone)]
    pub struct Trace;

    impl Trace {
        pub fn writes() -> Trace {
            Trace
        }

        pub fn reads() -> Trace {
            Trace
        }

        pub async fn read(&self, _: &DatabaseTransaction) -> Result<(), StoreError> {
            Ok(())
        }

        pub async fn write(
            &self,
            _: &DatabaseTransaction,
            _: Dialect,
            _: &str,
            _: &str,
        ) -> Result<(), StoreError> {
            Ok(())
        }

        pub fn commit(&self) {}

        pub fn committed(&self) {}
    }
}

#[cfg(feature = "chaos")]
mod trace {
    use std::fs::File;
    use std::io::Write;
    use std::sync::{Arc, Mutex, OnceLock, PoisonError};

    use sea_orm::{ConnectionTrait, DatabaseTransaction};

    use crate::dialect::Dialect;
    use crate::error::StoreError;

    /// Names a file to which every failpoint of a write is added when it is passed.
    const PASSED_VARIABLE: &str = "REVIER_FAILPOINTS_PASSED";

    /// What one transaction has written so far.
    #[derive(Clone, Default)]
    pub struct Trace {
        writes: Arc<Mutex<Vec<String>>>,
        only_reads: bool,
    }

    impl Trace {
        pub fn writes() -> Trace {
            Trace::default()
        }

        pub fn reads() -> Trace {
            Trace { only_reads: true, ..Trace::default() }
        }

        /// Before each read.
        pub async fn read(&self, tx: &DatabaseTransaction) -> Result<(), StoreError> {
            if self.only_reads && crate::mutant!("every statement reads its own moment") {
                tx.execute_unprepared("COMMIT; BEGIN").await?;
            }
            Ok(())
        }

        /// Before each write.
        pub async fn write(
            &self,
            tx: &DatabaseTransaction,
            dialect: Dialect,
            verb: &str,
            table: &str,
        ) -> Result<(), StoreError> {
            let name = format!("{verb} {table}");
            if is_armed(&format!("mutant: commit before {name}")) {
                let begin = if dialect == Dialect::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
                tx.execute_unprepared(&format!("COMMIT; {begin}")).await?;
            }
            pass(&name);
            self.writes.lock().unwrap_or_else(PoisonError::into_inner).push(name);
            Ok(())
        }

        pub fn commit(&self) {
            self.pass_all("commit with");
        }

        pub fn committed(&self) {
            self.pass_all("committed with");
        }

        fn pass_all(&self, what: &str) {
            let writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner).clone();
            for (at, name) in writes.iter().enumerate() {
                if !writes[..at].contains(name) {
                    pass(&format!("{what} {name}"));
                }
            }
        }
    }

    /// True where the name is armed to return.
    pub fn is_armed(name: &str) -> bool {
        fail::fail_point!(name, |_| true);
        false
    }

    fn pass(name: &str) {
        static PASSED: OnceLock<Option<Mutex<File>>> = OnceLock::new();
        let passed = PASSED.get_or_init(|| {
            let path = std::env::var_os(PASSED_VARIABLE)?;
            File::options().append(true).create(true).open(path).ok().map(Mutex::new)
        });
        if let Some(file) = passed {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // A line that is missing is found by the test that counts on it.
            let _ = writeln!(file, "{name}");
        }
        fail::fail_point!(name);
    }
}
