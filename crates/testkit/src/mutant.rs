//! A proof that notices nothing proves nothing: each has to fail where something is wrong on purpose.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a proof under which something is wrong, and expects that it fails with these words.
///
/// # Panics
/// Where the proof holds, or fails of something else.
pub fn is_noticed(says: &str, proof: impl FnOnce()) {
    let Err(panic) = catch_unwind(AssertUnwindSafe(proof)) else {
        panic!("the proof holds though something is wrong; it should have said: {says}");
    };
    let text = text_of(panic);
    assert!(text.contains(says), "the proof failed, but not of what is wrong ({says}): {text}");
    eprintln!("noticed: {text}");
}

fn text_of(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).unwrap_or_default(),
    }
}
