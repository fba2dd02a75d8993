//! What must not break, each test named as the sentence it proves, each with a mutant that fails it.

mod chance;
mod company;
mod content;
mod leads;
mod lists;
mod odd;
mod readings;
mod sight;
mod strangers;
