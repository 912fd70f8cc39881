//! The key of a ledger, with which a browser is let in.

use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::guard::hex;
use crate::error::{Error, Result};

/// The key for the ledger at `path`, from the folder `keys`. The first use makes it.
///
/// The key is kept in a folder of the user, because others may read the ledger's folder. Each user has a key of their own for a ledger.
///
/// # Errors
/// The key cannot be read or written, or other users can read it.
pub fn key(path: &Path, keys: &Path) -> Result<String> {
    let ledger = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = &hex(&Sha256::digest(ledger.as_os_str().as_encoded_bytes()))[..24];
    let file = keys.join(format!("serve-{name}.key"));
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            refuse_shared(&file)?;
            let key = text.trim();
            if key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Ok(key.to_owned());
            }
            let way_out = format!("remove {}; the next 'recip serve' makes a new key", file.display());
            Err(Error::File { file: file.display().to_string(), why: "it is not a key".to_owned(), way_out })
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => make(&file, keys),
        Err(e) => Err(Error::io("read", &file)(e)),
    }
}

fn make(file: &Path, keys: &Path) -> Result<String> {
    let key = hex(&random()?);
    std::fs::create_dir_all(keys).map_err(Error::io("create", keys))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file).map_err(Error::io("create", file))?;
    writeln!(opened, "{key}").map_err(Error::io("write", file))?;
    Ok(key)
}

/// Random bytes of the operating system.
pub(super) fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| Error::Output(std::io::Error::other(e.to_string())))?;
    Ok(bytes)
}

/// Refuses a key that other users can read.
#[cfg(unix)]
fn refuse_shared(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).map_err(Error::io("read", file))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let way_out = format!("remove {}; the next 'recip serve' makes a new key", file.display());
    Err(Error::File { file: file.display().to_string(), why: "other users may have read this key".to_owned(), way_out })
}

#[cfg(not(unix))]
fn refuse_shared(_: &Path) -> Result<()> {
    Ok(())
}
