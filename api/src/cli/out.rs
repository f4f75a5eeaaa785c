//! What a command says: results on stdout, complaints on stderr. A reader who has gone away is
//! no reason to fail.

use std::io::{Write, stderr, stdout};

/// A line of the result.
pub fn say(line: &str) {
    let _reader_gone = writeln!(stdout(), "{line}");
}

/// A line about the work.
pub fn complain(line: &str) {
    let _reader_gone = writeln!(stderr(), "{line}");
}
