//! Reads a file of any content line by line, in bounded memory.

use std::io::{self, Read};

/// Maximum length of a line, in bytes. A row of a feed has a few hundred.
pub(super) const MAX_LINE: usize = 1 << 20;

/// A line without its line end.
pub(super) enum Line<'l> {
    Bytes(&'l [u8]),
    /// The line is longer than [`MAX_LINE`] and was skipped.
    TooLong,
}

/// Reads lines.
pub(super) struct Lines {
    input: Box<dyn Read>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// The error that ended reading. It is returned after the lines read before it.
    failed: Option<io::Error>,
    line: u64,
}

impl Lines {
    pub fn new(input: Box<dyn Read>) -> Lines {
        Lines { input, buffer: vec![0; 2 * MAX_LINE], start: 0, end: 0, ended: false, failed: None, line: 0 }
    }

    /// Up to `max` of the next bytes, without consuming them.
    pub fn peek(&mut self, max: usize) -> &[u8] {
        while self.end - self.start < max && !self.ended && self.failed.is_none() {
            self.failed = self.fill().err();
        }
        &self.buffer[self.start..self.end.min(self.start + max)]
    }

    /// Skips bytes that were peeked at.
    pub fn skip(&mut self, bytes: usize) {
        self.start += bytes;
    }

    /// The next line and its number. A line cut short by a read error is not returned.
    pub fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        let mut searched = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[self.start + searched..self.end]) {
                let (from, to) = (self.start, self.start + searched + at);
                self.start = to + 1;
                self.line += 1;
                return Ok(Some((self.line, Line::Bytes(without_return(&self.buffer[from..to])))));
            }
            searched = self.end - self.start;
            if self.ended {
                let from = self.start;
                self.start = self.end;
                self.line += u64::from(searched > 0);
                return Ok((searched > 0).then(|| (self.line, Line::Bytes(without_return(&self.buffer[from..self.end])))));
            }
            if let Some(e) = self.failed.take() {
                return Err(e);
            }
            if searched > MAX_LINE {
                self.skip_line()?;
                self.line += 1;
                return Ok(Some((self.line, Line::TooLong)));
            }
            self.fill()?;
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            (self.start, self.end) = (0, 0);
            self.fill()?;
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[..self.end]) {
                self.start = at + 1;
                return Ok(());
            }
            if self.ended {
                self.start = self.end;
                return Ok(());
            }
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(n) => {
                    self.end += n;
                    self.ended = n == 0;
                    return Ok(());
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => (),
                Err(e) => return Err(e),
            }
        }
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns one byte at a time.
    struct Slow(std::vec::IntoIter<u8>);

    impl Read for Slow {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let Some(byte) = self.0.next() else { return Ok(0) };
            buf[0] = byte;
            Ok(1)
        }
    }

    fn all(input: Box<dyn Read>) -> Vec<(u64, Option<String>)> {
        let mut lines = Lines::new(input);
        let mut read = Vec::new();
        while let Some((n, line)) = lines.next().unwrap() {
            read.push((
                n,
                match line {
                    Line::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
                    Line::TooLong => None,
                },
            ));
        }
        read
    }

    #[test]
    fn lines_end_in_either_way_and_the_last_in_none() {
        let text = "a\r\n\nb\nc";
        let expected: Vec<(u64, Option<String>)> = (1..).zip(["a", "", "b", "c"].map(|t| Some(t.to_owned()))).collect();
        assert_eq!(all(Box::new(text.as_bytes())), expected);
        assert_eq!(all(Box::new(Slow(text.as_bytes().to_vec().into_iter()))), expected);
    }

    #[test]
    fn a_line_without_end_is_passed_over() {
        let mut text = b"a\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', 5 * MAX_LINE));
        text.extend(b"\nb\n");
        let read = all(Box::new(io::Cursor::new(text)));
        assert_eq!(read, [(1, Some("a".to_owned())), (2, None), (3, Some("b".to_owned()))]);
    }
}
