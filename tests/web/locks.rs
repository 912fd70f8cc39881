//! Who is let in, and what only a page of the server may do.

use super::serve;
use crate::support::ok;

fn ledger() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    folder
}

#[test]
fn a_request_needs_the_cookie() {
    let folder = ledger();
    let server = serve(folder.path(), &[]);
    assert_eq!(server.get("/unanswered").status, 200);
    let host = server.host();
    let with = |cookie: &str| server.send(&format!("GET /unanswered HTTP/1.1\r\n{host}{cookie}"), "");
    let name = server.cookie.split('=').next().unwrap();
    let wrong = format!("Cookie: {name}={}\r\n", "0".repeat(64));
    for cookie in ["", "Cookie: recip=x\r\n", &wrong, &format!("Cookie: {name}=\r\n")] {
        let refused = with(cookie);
        assert_eq!(refused.status, 403, "{cookie}");
        assert!(!refused.body.contains("expulsion") && refused.header("set-cookie").is_none());
    }
    assert_eq!(with(&format!("Cookie: other=1; {}; x=y\r\n", server.cookie)).status, 200);
    for key in ["/?key=", "/?key=0", &format!("/?key={}", "0".repeat(64)), &server.entrance[..server.entrance.len() - 1]] {
        let refused = server.send(&format!("GET {key} HTTP/1.1\r\n{host}"), "");
        assert_eq!((refused.status, refused.header("set-cookie")), (403, None), "{key}");
    }
}

#[test]
fn the_key_is_kept_for_its_owner_and_the_cookie_survives_a_restart() {
    use std::os::unix::fs::PermissionsExt;
    let folder = ledger();
    let first = serve(folder.path(), &[]);
    let value = first.cookie.split_once('=').unwrap().1.to_owned();
    drop(first);
    let again = serve(folder.path(), &[]);
    assert_eq!(again.cookie.split_once('=').unwrap().1, value);
    let keys = folder.path().join("state/recip");
    let files: Vec<_> = std::fs::read_dir(&keys).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    drop(again);
    std::fs::set_permissions(&files[0], std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut command = crate::support::recip(folder.path());
    let output = command.args(["-f", "l.db", "serve", "--port", "0"]).env("XDG_STATE_HOME", folder.path().join("state")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("other users may have read this key") && said.contains("the next 'recip serve' makes a new key"), "{said}");
}

#[test]
fn a_request_must_name_this_server() {
    let folder = ledger();
    let server = serve(folder.path(), &[]);
    let of = |host: &str| server.send(&format!("GET /unanswered HTTP/1.1\r\n{host}Cookie: {}\r\n", server.cookie), "").status;
    let port = server.port;
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        assert_eq!(of(&format!("Host: {host}:{port}\r\n")), 200, "{host}");
    }
    for host in [
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("127.0.0.1.evil.example:{port}"),
    ] {
        assert_eq!(of(&format!("Host: {host}\r\n")), 421, "{host}");
    }
    assert_ne!(of(""), 200);
    assert_ne!(of(&format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n")), 200);
}

#[test]
fn only_a_page_of_the_server_changes_the_ledger() {
    let folder = ledger();
    let server = serve(folder.path(), &[]);
    let nonce = server.post("/do", &[("command", "void 1 --reason x")]).hidden("nonce");
    let fields = [("command", "void 1 --reason x"), ("step", "write"), ("nonce", nonce.as_str())];
    let body = super::form(&fields);
    let port = server.port;
    for from in [
        String::new(),
        "Origin: null\r\n".to_owned(),
        "Origin: https://evil.example\r\n".to_owned(),
        format!("Origin: http://127.0.0.1:{}\r\n", port ^ 1),
        format!("Origin: http://localhost:{port}\r\n"),
        "Sec-Fetch-Site: same-site\r\n".to_owned(),
        "Sec-Fetch-Site: cross-site\r\n".to_owned(),
        "Sec-Fetch-Site: none\r\n".to_owned(),
        format!("Origin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: cross-site\r\n"),
        format!("Origin: https://evil.example\r\nOrigin: http://127.0.0.1:{port}\r\n"),
    ] {
        assert_eq!(server.send(&format!("{}{from}", server.form_head("/do", &fields)), &body).status, 403, "{from}");
    }
    let json = server.form_head("/do", &fields).replace("application/x-www-form-urlencoded", "text/plain");
    assert_eq!(server.send(&format!("{json}Sec-Fetch-Site: same-origin\r\n"), &body).status, 415);
    for path in ["/do?command=void+1+--reason+x&step=write", "/do", "/do/void", "/void/1?reason=x"] {
        server.get(path);
    }
    for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
        let head = format!("{method} /do HTTP/1.1\r\n{}Cookie: {}\r\n", server.host(), server.cookie);
        assert_eq!(server.send(&head, "").status, 405, "{method}");
    }
    assert_eq!(ok(folder.path(), &["-f", "l.db", "history"]).lines().filter(|l| !l.starts_with(' ')).count(), 1);
    let written = server.send(&format!("{}Sec-Fetch-Site: same-origin\r\n", server.form_head("/do", &fields)), &body);
    assert!(written.status == 200 && written.text().contains("voided #1"), "{}", written.text());
}

#[test]
fn no_file_and_no_other_command_is_reached() {
    let folder = ledger();
    std::fs::write(folder.path().join("secret.sql"), "SELECT 'secret'").unwrap();
    let server = serve(folder.path(), &[]);
    for path in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/style.css/../l.db",
        "/l.db",
        "/assets/",
        "//etc/passwd",
        "/action/..%2f..%2fl.db",
        "/%00",
        "/sql.csv/@secret.sql",
        "/backup",
    ] {
        let response = server.get(path);
        assert!(matches!(response.status, 400 | 404), "{path}: {}", response.status);
    }
    for query in ["/sql?q=@secret.sql", "/sql?q=-", "/unanswered?output=x", "/pair/USA/RUS?template=/etc/passwd", "/unanswered?file=x.db"] {
        assert_eq!(server.get(query).status, 400, "{query}");
    }
    for command in [
        "list -o x.csv",
        "list --output=x.csv",
        "backup x.db",
        "restore x.db",
        "-f other.db list",
        "sql @secret.sql",
        "sql -",
        "sql",
        "check --repair x.db",
        "import /etc/passwd",
        "export csv -o x",
        "man pages",
        "report brief USA RUS --template /etc/passwd",
        "--as nobody void 1 --reason x",
        "candidates review",
        "serve",
        "completions bash",
        "sql 'SELECT 1' --time-limit 86400",
        "list -ox.csv",
    ] {
        let response = server.post("/do", &[("command", command)]);
        assert!(response.status >= 400 && response.text().contains("error: "), "{command}: {} {}", response.status, response.text());
    }
    let mut files: Vec<String> = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    files.retain(|file| !file.starts_with("l.db"));
    files.sort();
    assert_eq!(files, ["secret.sql", "state"]);
}

#[test]
fn a_read_only_server_and_one_for_other_machines_change_nothing() {
    let folder = ledger();
    for arguments in [&["--read-only"][..], &["--listen", "0.0.0.0"]] {
        let server = serve(folder.path(), arguments);
        assert_eq!(server.post("/do", &[("command", "void 1 --reason x")]).status, 403);
        assert!(!server.get("/action/1").body.contains("<form method=\"post\""));
        assert_eq!(server.get("/log").status, 403);
    }
    let server = serve(folder.path(), &["--listen", "0.0.0.0", "--allow-write"]);
    assert_eq!(server.post("/do", &[("command", "void 1 --reason x")]).status, 200);
}

#[test]
fn a_socket_is_for_its_owner() {
    use std::io::{Read, Write};
    use std::os::unix::fs::PermissionsExt;
    let folder = ledger();
    let path = folder.path().join("s");
    let mut command = crate::support::recip(folder.path());
    let mut child = command.args(["-f", "l.db", "serve", "--socket", "s"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    assert_eq!(line, "serving l.db on the socket s\n");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let mut stream = std::os::unix::net::UnixStream::connect(&path).unwrap();
    write!(stream, "GET /unanswered.csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(
        text.starts_with("HTTP/1.1 200") && text.ends_with(&ok(folder.path(), &["-f", "l.db", "report", "unanswered", "--format", "csv"])),
        "{text}"
    );
    let ended = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(ended.success() && child.wait().unwrap().success() && !path.exists());
}

/// Another user of the machine can reach the port, but neither the key nor the socket.
#[test]
fn another_user_of_the_machine_is_kept_out() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;
    let folder = ledger();
    let folder = folder.path();
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let other = |program: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).args(program).current_dir(folder).output()
    };
    if !other(&["true"]).is_ok_and(|output| output.status.success()) || !crate::support::installed("bash") {
        println!("skipped: only an administrator with 'setpriv' and bash can act as another user");
        return;
    }
    let server = serve(folder, &[]);
    let key = std::fs::read_dir(folder.join("state/recip")).unwrap().next().unwrap().unwrap().path();
    assert!(!other(&["cat", key.to_str().unwrap()]).unwrap().status.success());
    let asked = format!(
        r"exec 3<>/dev/tcp/127.0.0.1/{0}; printf 'GET /unanswered HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nConnection: close\r\n\r\n' >&3; head -1 <&3",
        server.port
    );
    assert_eq!(String::from_utf8_lossy(&other(&["bash", "-c", &asked]).unwrap().stdout), "HTTP/1.1 403 Forbidden\r\n");
    let mut command = crate::support::recip(folder);
    let mut child = command.args(["-f", "l.db", "serve", "--socket", "s"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut String::new()).unwrap();
    assert!(folder.join("s").exists() && !other(&["test", "-w", "s"]).unwrap().status.success());
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The browser gets the address in a file that only the user can read, and that goes when the server ends.
#[test]
fn the_browser_is_opened_with_the_key_out_of_sight() {
    use std::os::unix::fs::PermissionsExt;
    let folder = ledger();
    let folder = folder.path();
    let browser = "#!/bin/sh\n{ stat -c %a \"$1\"; echo \"$1\"; cat \"$1\"; } > part && mv part opened\n";
    std::fs::create_dir(folder.join("bin")).unwrap();
    std::fs::write(folder.join("bin/xdg-open"), browser).unwrap();
    std::fs::set_permissions(folder.join("bin/xdg-open"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap());
    let mut command = crate::support::recip(folder);
    command.args(["-f", "l.db", "serve", "--port", "0", "--open"]).env("PATH", path).env("XDG_STATE_HOME", folder.join("state"));
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let url = lines.nth(1).unwrap().unwrap();
    let opened = (0..200).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        std::fs::read_to_string(folder.join("opened")).ok()
    });
    let opened = opened.expect("no browser was opened");
    let (mode, rest) = opened.split_once('\n').unwrap();
    let (page, html) = rest.split_once('\n').unwrap();
    assert_eq!(mode, "600");
    assert!(url.contains("/?key=") && html.contains(&format!("url={url}")), "{html}");
    assert!(!page.contains("key="), "{page}");
    let ended = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(ended.success() && child.wait().unwrap().success());
    assert!(!std::path::Path::new(page).exists());
}
