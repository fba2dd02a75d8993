//! The cargo that runs this task, for what it builds and runs in turn.

use std::path::Path;
use std::process::Command;

/// Makes a command of cargo in the repository.
pub fn cargo(repository: &Path) -> Command {
    // Asked for at run time: the path of the toolchain that built the task may be another one's, which builds
    // everything anew.
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repository);
    command
}
