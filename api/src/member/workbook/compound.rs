//! The container of .xls files and of encrypted .xlsx files (MS-CFB): a little file system.
//! Every chain of sectors is followed for no more steps than there are sectors.

/// The first bytes of each.
pub const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

const LAST_SECTOR: u32 = 0xFFFF_FFFA;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const MINI_SECTOR: usize = 64;
const HEADER_FATS: usize = 109;

/// Little-endian numbers at an offset.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// As [`u16_at`].
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

struct Entry {
    name: String,
    start: u32,
    len: usize,
}

/// An opened container.
pub struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    entries: Vec<Entry>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
}

impl<'a> Compound<'a> {
    /// Opens it; `None` if it's damaged.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            sector,
            fat: Vec::new(),
            entries: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
        };
        file.fat = file.read_fat()?;
        let directory = file.stream(u32_at(bytes, 48)?, usize::MAX)?;
        file.entries = directory.chunks_exact(128).filter_map(entry).collect();
        let root = file.entries.first()?;
        let (root_start, root_len) = (root.start, root.len);
        if u32_at(bytes, 64)? > 0 {
            let mini_fat = file.stream(u32_at(bytes, 60)?, usize::MAX)?;
            file.mini_fat = numbers(&mini_fat);
            file.mini_stream = file.stream(root_start, root_len)?;
        }
        Some(file)
    }

    /// Whether there's a stream of this name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        if entry.len >= 4096 {
            return self.stream(entry.start, entry.len);
        }
        let mut bytes = Vec::new();
        for id in chain(entry.start, &self.mini_fat)? {
            let start = usize::try_from(id).ok()?.checked_mul(MINI_SECTOR)?;
            let rest = self.mini_stream.get(start..)?;
            bytes.extend_from_slice(rest.get(..MINI_SECTOR).unwrap_or(rest));
        }
        bytes.truncate(entry.len);
        Some(bytes)
    }

    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = usize::try_from(id).ok()?.checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        // The last sector of a file may be cut short.
        Some(rest.get(..self.sector).unwrap_or(rest))
    }

    fn read_fat(&self) -> Option<Vec<u32>> {
        let mut ids: Vec<u32> = numbers(self.bytes.get(76..512)?).into_iter().take(HEADER_FATS).collect();
        let mut more = u32_at(self.bytes, 68)?;
        let sectors = self.bytes.len() / self.sector;
        for _ in 0..=sectors {
            if more >= LAST_SECTOR {
                break;
            }
            let mut list = numbers(self.sector(more)?);
            more = list.pop()?;
            ids.extend(list);
        }
        ids.retain(|id| *id < LAST_SECTOR);
        if ids.len() > sectors {
            return None;
        }
        let mut fat = Vec::new();
        for id in ids {
            fat.extend(numbers(self.sector(id)?));
        }
        Some(fat)
    }

    fn stream(&self, start: u32, len: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for id in chain(start, &self.fat)? {
            bytes.extend_from_slice(self.sector(id)?);
            if bytes.len() >= len {
                break;
            }
        }
        bytes.truncate(len);
        Some(bytes)
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect()
}

/// The sectors from `start` on; `None` if they lead outside or in a circle.
fn chain(start: u32, fat: &[u32]) -> Option<Vec<u32>> {
    let mut ids = Vec::new();
    let mut id = start;
    while id != END_OF_CHAIN {
        if ids.len() >= fat.len() {
            return None;
        }
        ids.push(id);
        id = *fat.get(usize::try_from(id).ok()?)?;
    }
    Some(ids)
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let units = bytes.get(..64)?.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit));
    let name = String::from_utf16_lossy(&units.take_while(|unit| *unit != 0).collect::<Vec<_>>());
    Some(Entry { name, start: u32_at(bytes, 116)?, len: usize::try_from(u32_at(bytes, 120)?).ok()? })
}
