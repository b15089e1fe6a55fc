//! Starts the window, or runs a verb of the command line.

use std::process::ExitCode;

/// Very many small things come on one thread and go on another; see docs/decisions/0012-allocator.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rubricate::cli::main(std::env::args_os().skip(1))
}
