//! The program `matcher`. What it does is `matcher::program`.

use std::process::ExitCode;

fn main() -> ExitCode {
    matcher::program::main()
}
