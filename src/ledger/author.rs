//! Who makes a change, and with which command.

/// The author of a change, as the history records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The user or program: `desk@embassy`.
    pub who: String,
    /// The command as typed: `edit 7 --count 750`; empty if the change was not made by a command.
    pub command: String,
}

impl Author {
    /// The current user and host according to the environment, without a command.
    pub fn here() -> Author {
        Author { who: format!("{}@{}", user(), host()), command: String::new() }
    }
}

fn user() -> String {
    ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable).unwrap_or_else(|| "unknown".to_owned())
}

fn host() -> String {
    let file = || std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    variable("HOSTNAME").or_else(file).or_else(|| variable("COMPUTERNAME")).unwrap_or_else(|| "localhost".to_owned())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
