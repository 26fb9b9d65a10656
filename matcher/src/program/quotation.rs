//! Quotation marks that are never closed. The `csv` crate takes all that follows one for a single cell, without an error.

/// Where a cell begins whose quotation mark is never closed.
pub(crate) struct Unclosed {
    /// Bytes before its row.
    pub(crate) row: usize,
    /// Line, from 1; a line ends in `\n`, `\r\n` or `\r`.
    pub(crate) line: u64,
    /// Cell of the row, from 1.
    pub(crate) cell: u64,
}

#[derive(Clone, Copy)]
enum State {
    /// Before the first character of a cell: only there does a quotation mark open.
    Begin,
    Plain,
    Quoted,
    /// After a quotation mark in quotes: it closes them, unless another one follows.
    Closing,
}

/// The cell whose quotation mark is never closed, if there is one.
pub(crate) fn find_unclosed(bytes: &[u8]) -> Option<Unclosed> {
    let mark = "\u{feff}".len();
    let skipped = if bytes.starts_with("\u{feff}".as_bytes()) {
        mark
    } else {
        0
    };
    let mut state = State::Begin;
    let (mut line, mut before) = (1, 0);
    let mut cell = Unclosed {
        row: 0,
        line,
        cell: 1,
    };
    for (position, byte) in bytes.iter().copied().enumerate().skip(skipped) {
        let ends_line = byte == b'\r' || (byte == b'\n' && before != b'\r');
        line += u64::from(ends_line);
        before = byte;
        state = match (state, byte) {
            (State::Quoted, b'"') => State::Closing,
            (State::Quoted, _) | (State::Closing, b'"') => State::Quoted,
            (State::Begin, b'"') => {
                cell.line = line;
                State::Quoted
            }
            (_, b',') => {
                cell.cell += 1;
                State::Begin
            }
            (_, b'\n' | b'\r') => {
                cell.row = position + 1;
                cell.cell = 1;
                State::Begin
            }
            _ => State::Plain,
        };
    }
    matches!(state, State::Quoted).then_some(cell)
}
