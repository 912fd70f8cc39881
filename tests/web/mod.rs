//! `recip serve` over loopback: its pages, its forms and its locks. Every wait is bounded.

mod limits;
mod locks;
mod pages;
mod story;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::recip;

/// A server, which ends with this value.
pub struct Server {
    child: Child,
    pub port: u16,
    /// The address with the key: `/?key=...`.
    pub entrance: String,
    /// The cookie: `recip-8716=...`.
    pub cookie: String,
}

/// A response.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server for the ledger `l.db` in this folder.
pub fn serve(folder: &Path, arguments: &[&str]) -> Server {
    let mut command = recip(folder);
    command.args(["-f", "l.db", "serve", "--port", "0"]).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.env("XDG_STATE_HOME", folder.join("state")).env("HOME", folder).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = lines.next().unwrap().unwrap();
    assert!(said.starts_with("serving l.db"), "{said}");
    let url = lines.next().unwrap().unwrap();
    let (port, entrance) = url.strip_prefix("http://127.0.0.1:").or(url.strip_prefix("http://0.0.0.0:")).unwrap().split_once('/').unwrap();
    let mut server = Server { child, port: port.parse().unwrap(), entrance: format!("/{entrance}"), cookie: String::new() };
    let welcome = server.send(&format!("GET {} HTTP/1.1\r\n{}", server.entrance, server.host()), "");
    assert_eq!(welcome.status, 200, "{welcome:?}");
    let set = welcome.header("set-cookie").unwrap();
    assert!(set.ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000"), "{set}");
    server.cookie = set.split(';').next().unwrap().to_owned();
    server
}

impl Server {
    /// The header that names this server.
    pub fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.port)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends a request as it stands, and reads the response until the connection ends.
    pub fn send(&self, head: &str, body: &str) -> Response {
        let mut stream = self.connect();
        let _ = write!(stream, "{head}Connection: close\r\n\r\n{body}");
        read(&mut stream)
    }

    pub fn get(&self, path: &str) -> Response {
        self.send(&format!("GET {path} HTTP/1.1\r\n{}Cookie: {}\r\n", self.host(), self.cookie), "")
    }

    /// Sends a form, as a browser does.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(&format!("{}Origin: http://127.0.0.1:{}\r\n", self.form_head(path, fields), self.port), &form(fields))
    }

    /// The head of a form, without what says where it comes from.
    pub fn form_head(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let (host, cookie, length) = (self.host(), &self.cookie, form(fields).len());
        format!(
            "POST {path} HTTP/1.1\r\n{host}Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
        )
    }
}

/// Reads a response until the connection ends.
pub fn read(stream: &mut TcpStream) -> Response {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Response { status, head: head.to_owned(), body: body.to_owned() }
}

impl Response {
    pub fn header(&self, name: &str) -> Option<String> {
        self.head.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
    }

    /// The first value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let begin = self.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {}", self.body)).1;
        plain(begin.split_once('"').unwrap().0)
    }

    /// The text of the page that a reader sees, without its markup.
    pub fn text(&self) -> String {
        let main = self.body.split_once("<main").map_or(self.body.as_str(), |(_, main)| main.split_once("</main>").unwrap().0);
        let mut text = String::new();
        for part in main.split('<') {
            text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        plain(&text)
    }
}

fn plain(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
