//! Who may ask, and from where.

use std::net::{IpAddr, SocketAddr};

use sha2::{Digest, Sha256};

/// What a request says about where it comes from.
#[derive(Debug, Default, Clone)]
pub struct Sent {
    /// The header `Host`.
    pub host: Option<String>,
    /// The header `Origin`.
    pub origin: Option<String>,
    /// The header `Sec-Fetch-Site`.
    pub site: Option<String>,
    /// The header `Cookie`.
    pub cookies: Option<String>,
}

/// The rules by which requests are let in.
#[derive(Debug)]
pub struct Guard {
    /// The address that is served; `None`: a socket, which the permissions of its file protect.
    address: Option<SocketAddr>,
    key: String,
}

impl Guard {
    /// The rules for this address and key.
    pub fn new(address: Option<SocketAddr>, key: String) -> Guard {
        Guard { address, key }
    }

    /// True if the request names this server. The page of another site whose name was rebound to this address by
    /// DNS sends that name.
    pub fn knows_host(&self, sent: &Sent) -> bool {
        let Some(host) = sent.host.as_deref() else { return false };
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !port.is_empty() => (name, port.parse().ok()),
            _ => (host, Some(80_u16)),
        };
        let literal = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name).parse::<IpAddr>().ok();
        let is_loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&name);
        match self.address {
            None => is_loopback,
            // A host that is an address cannot have been rebound by DNS.
            Some(address) => port == Some(address.port()) && (is_loopback || !address.ip().is_loopback() && literal.is_some()),
        }
    }

    /// True if the request comes from a page of this server, by what the browser says. A page that sends no referrer has the origin
    /// `null` in its forms; then `Sec-Fetch-Site` must tell.
    pub fn is_own(&self, sent: &Sent) -> bool {
        let ours = sent.host.as_deref().map(|host| format!("http://{host}"));
        match (sent.site.as_deref(), sent.origin.as_deref()) {
            (Some(site), None | Some("null")) => site == "same-origin",
            (Some(site), origin) => site == "same-origin" && origin == ours.as_deref(),
            (None, Some(origin)) => Some(origin) == ours.as_deref(),
            (None, None) => false,
        }
    }

    /// The referrer policy. Browsers must not send our addresses to other servers. Only browsers on this machine send `Sec-Fetch-Site`; the
    /// others must send the origin to our own server.
    pub fn referrer_policy(&self) -> &'static str {
        if self.address.is_none_or(|address| address.ip().is_loopback()) { "no-referrer" } else { "same-origin" }
    }

    /// True if the request has the cookie, or needs none.
    pub fn has_cookie(&self, sent: &Sent) -> bool {
        let Some(name) = self.cookie_name() else { return true };
        let cookies = sent.cookies.as_deref().unwrap_or("");
        let mut values = cookies.split(';').filter_map(|pair| pair.trim().split_once('=')).filter(|(of, _)| *of == name);
        values.any(|(_, value)| is_same(value, &self.cookie_value()))
    }

    /// True if this is the key.
    pub fn is_key(&self, given: &str) -> bool {
        is_same(given, &self.key)
    }

    /// The name of the cookie. It contains the port, because browsers send a cookie to every port of a host. `None`: there is no cookie.
    fn cookie_name(&self) -> Option<String> {
        self.address.map(|address| format!("recip-{}", address.port()))
    }

    /// The cookie is derived from the key, so it stays valid after a restart.
    fn cookie_value(&self) -> String {
        hex(&Sha256::digest(format!("cookie of recip serve {}", self.key)))
    }

    /// The header that sets the cookie.
    pub fn set_cookie(&self) -> Option<String> {
        Some(format!("{}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000", self.cookie_name()?, self.cookie_value()))
    }
}

/// True if two texts are the same. The time it takes says nothing about where they differ.
fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (Sha256::digest(a), Sha256::digest(b));
    a.iter().zip(b.iter()).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

/// The bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(address: &str) -> Guard {
        Guard::new(Some(address.parse().unwrap()), "k".to_owned())
    }

    #[test]
    fn a_request_must_name_this_server() {
        let of = |guard: &Guard, host: &str| guard.knows_host(&Sent { host: Some(host.to_owned()), ..Sent::default() });
        let local = guard("127.0.0.1:8716");
        for host in ["localhost:8716", "127.0.0.1:8716", "[::1]:8716"] {
            assert!(of(&local, host), "{host}");
        }
        for host in [
            "",
            "localhost",
            "127.0.0.1",
            "evil.example:8716",
            "localhost:80",
            "127.0.0.1:8716.evil.example",
            "10.0.0.1:8716",
            "x@localhost:8716",
            "localhost:8716:8716",
            "localhost.:8716",
        ] {
            assert!(!of(&local, host), "{host}");
        }
        assert!(!local.knows_host(&Sent::default()));
        let open = guard("0.0.0.0:8716");
        assert!(of(&open, "10.0.0.1:8716") && of(&open, "[fe80::1]:8716") && !of(&open, "evil.example:8716"));
    }

    #[test]
    fn a_change_must_come_from_a_page_of_this_server() {
        let own = |origin: Option<&str>, site: Option<&str>| {
            let text = |text: Option<&str>| text.map(str::to_owned);
            guard("127.0.0.1:1").is_own(&Sent { host: text(Some("127.0.0.1:1")), origin: text(origin), site: text(site), cookies: None })
        };
        let ours = Some("http://127.0.0.1:1");
        assert!(
            own(Some("null"), Some("same-origin")) && own(ours, None) && own(None, Some("same-origin")) && own(ours, Some("same-origin"))
        );
        for (origin, site) in [
            (None, None),
            (Some("null"), None),
            (Some("http://127.0.0.1:2"), None),
            (Some("http://localhost:1"), Some("same-origin")),
            (ours, Some("same-site")),
            (None, Some("none")),
            (None, Some("cross-site")),
        ] {
            assert!(!own(origin, site), "{origin:?} {site:?}");
        }
    }
}
