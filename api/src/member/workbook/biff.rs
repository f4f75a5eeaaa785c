//! The records of an .xls stream (MS-XLS, BIFF8) and the strings in them.

use zhibu_domain::member::roster::MAX_CELL_CHARS;

use super::compound::u16_at;

const CONTINUE: u16 = 0x003C;

/// One record with the parts that continue it.
pub struct Record<'a> {
    /// What it is.
    pub kind: u16,
    /// Its own bytes.
    pub data: &'a [u8],
    /// Its own bytes and its continuations.
    pub parts: Vec<&'a [u8]>,
}

/// The records of a stream, up to its end or to where it's broken.
pub struct Records<'a>(pub &'a [u8]);

impl<'a> Records<'a> {
    fn take(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = u16_at(self.0, 0)?;
        let len = usize::from(u16_at(self.0, 2)?);
        let (data, rest) = self.0.get(4..)?.split_at_checked(len)?;
        self.0 = rest;
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.take()?;
        let mut parts = vec![data];
        while u16_at(self.0, 0) == Some(CONTINUE) {
            parts.push(self.take()?.1);
        }
        Some(Record { kind, data, parts })
    }
}

/// Reads strings that may run on in the next part.
pub struct Strings<'a> {
    parts: std::vec::IntoIter<&'a [u8]>,
    part: &'a [u8],
}

impl<'a> Strings<'a> {
    /// Starts `skip` bytes into the first part.
    pub fn new(parts: Vec<&'a [u8]>, skip: usize) -> Option<Self> {
        let mut parts = parts.into_iter();
        let part = parts.next()?.get(skip..)?;
        Some(Self { parts, part })
    }

    /// Whether something is left.
    pub fn has_more(&mut self) -> bool {
        self.refill().is_some()
    }

    fn refill(&mut self) -> Option<()> {
        while self.part.is_empty() {
            self.part = self.parts.next()?;
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.refill()?;
        let (byte, rest) = self.part.split_first()?;
        self.part = rest;
        Some(*byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut len: usize) -> Option<()> {
        while len > 0 {
            self.refill()?;
            let step = len.min(self.part.len());
            self.part = self.part.get(step..)?;
            len -= step;
        }
        Some(())
    }

    /// A string with a two-byte length, with its formatting and phonetic marks left out.
    pub fn rich(&mut self) -> Option<String> {
        let len = usize::from(self.u16()?);
        let flags = self.byte()?;
        let runs = if flags & 0x08 != 0 { usize::from(self.u16()?) } else { 0 };
        let mut marks = 0;
        if flags & 0x04 != 0 {
            let (low, high) = (self.u16()?, self.u16()?);
            marks = usize::from(low) | usize::from(high) << 16;
        }
        let text = self.characters(len, flags & 0x01 != 0)?;
        self.skip(runs * 4)?;
        self.skip(marks)?;
        Some(text)
    }

    /// A string with a one-byte length, as sheets' names have.
    pub fn short(&mut self) -> Option<String> {
        let len = usize::from(self.byte()?);
        let wide = self.byte()? & 0x01 != 0;
        self.characters(len, wide)
    }

    /// Where a part ends inside a string, the next begins with the width anew.
    fn characters(&mut self, len: usize, mut wide: bool) -> Option<String> {
        let mut units = Vec::new();
        for _ in 0..len {
            if self.part.is_empty() {
                wide = self.byte()? & 0x01 != 0;
            }
            let unit = if wide { self.u16()? } else { u16::from(self.byte()?) };
            if units.len() < 2 * (MAX_CELL_CHARS + 1) {
                units.push(unit);
            }
        }
        Some(String::from_utf16_lossy(&units))
    }
}
