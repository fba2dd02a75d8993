//! Crashes, frozen servers and lost answers, against the built binary on both databases. Each acknowledged
//! lead is there with one owner, and turns have neither gap nor double. Each proof takes a stage, on which
//! the servers are sound or wrong in one way; see `mutants`.

mod batches;
mod changes;
mod crash;
mod history;
mod live;
mod mutants;
mod oracle;
mod retry;
mod rights;
mod servers;
mod stage;
mod town;
