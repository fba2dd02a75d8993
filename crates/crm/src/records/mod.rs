//! Records: what has a territory and an owner. Leads first; contacts, accounts and deals will join them.

pub mod lead;
