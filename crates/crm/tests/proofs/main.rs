//! What must not break, each test named as the sentence it proves, each with a mutant that fails it.

mod chance;
mod collaborators;
mod company;
mod content;
mod ears;
mod interference;
mod leads;
mod lists;
mod live;
#[cfg(feature = "chaos")]
mod mutants;
mod odd;
mod plans;
mod queue;
mod odd_requests;
mod readings;
mod sight;
mod strangers;
mod wrong_index;
