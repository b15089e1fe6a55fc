//! Starts the window, or runs a verb of the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    rubricate::cli::main(std::env::args_os().skip(1))
}
