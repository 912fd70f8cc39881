//! Who makes a change, and by which command.

/// What the history says of who made a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The person or program: `ada@embassy`.
    pub who: String,
    /// The command as typed: `edit 7 --count 750`; empty where there was none.
    pub command: String,
}

impl Author {
    /// The user and host that the surroundings name, by no command.
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
