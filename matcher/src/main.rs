//! The program `matcher`: files in, pairings (and mail) out, for groups that keep their people in a spreadsheet.
//!
//! It reads everything, lists every error, and writes only when there is none. It is the only place of the crate that
//! looks at the clock, and only for the default of `--as-of` and the date of a mail.

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    program::main()
}
