//! Whether a ledger is on a local disk, or in a folder shared over a network or by a synchronisation service.

use std::path::{Path, PathBuf};

/// Types of file system that are on another machine.
const NETWORK: [&str; 16] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "beegfs",
    "ncpfs",
    "virtiofs",
    "davfs",
    "fuse.sshfs",
    "fuse.rclone",
];
/// Names of the folders of services that copy files between machines.
const SERVICES: [&str; 10] = [
    "Dropbox",
    "OneDrive",
    "Google Drive",
    "GoogleDrive",
    "My Drive",
    "iCloud Drive",
    "com~apple~CloudDocs",
    "Nextcloud",
    "ownCloud",
    "Syncthing",
];

/// Why other machines may write to `path` without respecting SQLite's locks, in words; `None` if it seems to be on a local disk.
pub(super) fn shared(path: &Path) -> Option<String> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    shared_by(&path, &mounts)
}

fn shared_by(path: &Path, mounts: &str) -> Option<String> {
    if let Some(kind) = mounted_as(path, mounts).filter(|kind| NETWORK.iter().any(|n| kind == n)) {
        return Some(format!("on a network file system ({kind})"));
    }
    let service = SERVICES.iter().find(|service| {
        path.parent().is_some_and(|folder| folder.components().any(|part| named_after(&part.as_os_str().to_string_lossy(), service)))
    });
    service.map(|service| format!("in a folder that is copied between machines ({service})"))
}

/// True for `OneDrive` and for `OneDrive - Ministry`.
fn named_after(part: &str, service: &str) -> bool {
    part.strip_prefix(service).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '-', '(']))
}

/// The type of the file system that holds `path`: that of the longest mount point above it.
fn mounted_as(path: &Path, mounts: &str) -> Option<String> {
    let mut nearest: Option<(PathBuf, String)> = None;
    for line in mounts.lines() {
        let mut fields = line.split(' ').skip(1);
        let (Some(point), Some(kind)) = (fields.next(), fields.next()) else { continue };
        let point = PathBuf::from(point.replace("\\040", " "));
        // If two file systems have the same mount point, the later hides the earlier.
        if path.starts_with(&point) && nearest.as_ref().is_none_or(|(n, _)| point.components().count() >= n.components().count()) {
            nearest = Some((point, kind.to_owned()));
        }
    }
    nearest.map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_and_copied_folders_are_known() {
        let mounts = "/dev/vda / ext4 rw 0 0\nserver:/desk /mnt/desk\\040one nfs4 rw 0 0\n/dev/vdb /mnt/desk\\040one/local xfs rw 0 0\n";
        let shared = |path: &str| shared_by(Path::new(path), mounts);
        assert_eq!(shared("/mnt/desk one/l.db").unwrap(), "on a network file system (nfs4)");
        assert_eq!(shared("/mnt/desk one/local/l.db"), None);
        assert_eq!(shared("/home/me/l.db"), None);
        assert_eq!(shared("/home/me/Dropbox"), None);
        assert_eq!(shared("/home/me/OneDrive - Ministry/x/l.db").unwrap(), "in a folder that is copied between machines (OneDrive)");
        assert_eq!(shared("/home/me/Dropboxes/l.db"), None);
    }
}
