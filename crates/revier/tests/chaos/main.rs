//! Crashes, frozen servers and lost answers, against the built binary on both databases. Each acknowledged
//! lead is there with one owner, and turns have neither gap nor double.

mod crash;
mod oracle;
mod retry;
mod servers;
mod town;
