//! Requests that are large, slow or many.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use recip::web::{Access, Address, Job, Options, Ran};

use super::{read, serve};
use crate::support::{left_out, ok};

#[test]
fn large_slow_and_broken_requests_do_not_keep_others_out() {
    if left_out("requests that last half a minute") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let server = serve(folder.path(), &[]);
    // Large.
    let long = format!("GET /?{} HTTP/1.1\r\n{}", "x".repeat(100_000), server.host());
    assert!(matches!(server.send(&long, "").status, 414 | 431 | 0));
    let headers: String = (0..2000).map(|n| format!("X-{n}: y\r\n")).collect();
    assert!(matches!(server.send(&format!("GET / HTTP/1.1\r\n{}{headers}", server.host()), "").status, 431 | 0));
    let head = server.form_head("/do", &[]).replace("Content-Length: 0", "Content-Length: 99999999");
    assert_eq!(server.send(&format!("{head}Sec-Fetch-Site: same-origin\r\n"), "x").status, 413);
    let chunked = server.form_head("/do", &[]).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 20, "x".repeat(1 << 20)).repeat(9);
    assert!(matches!(server.send(&format!("{chunked}Sec-Fetch-Site: same-origin\r\n"), &chunk).status, 413 | 0));
    // Broken.
    for broken in ["\r\n\r\n", "GET\r\n\r\n", "\u{1}\u{2}", "GET / HTTP/9.9\r\n", "GET http://[ HTTP/1.1\r\n"] {
        assert_ne!(server.send(broken, "").status, 200, "{broken}");
    }
    let split = server.get("/unanswered?text=x%0d%0aSet-Cookie:%20a=b");
    assert!(split.status == 400 && !split.head.contains("a=b"), "{split:?}");
    // Slow, and many: 200 connections that send a part of a request. All others wait until the first of these are closed.
    let begun = Instant::now();
    let slow: Vec<_> = (0..200)
        .map(|_| {
            let mut stream = server.connect();
            let _ = write!(stream, "GET / HTTP/1.1\r\nHost: 127");
            stream
        })
        .collect();
    assert_eq!(server.get("/latest").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(55), "{:?}", begun.elapsed());
    drop(slow);
    assert_eq!(server.get("/latest").body, "1");
    // A body that never comes.
    let mut stream = server.connect();
    let head = server.form_head("/do", &[("command", "undo")]);
    write!(stream, "{head}Sec-Fetch-Site: same-origin\r\n\r\ncomm").unwrap();
    let begun = Instant::now();
    assert!(matches!(read(&mut stream).status, 408 | 0));
    assert!(begun.elapsed() < Duration::from_secs(50));
}

#[test]
fn a_long_report_ends_when_its_reader_goes() {
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let server = serve(folder.path(), &[]);
    let endless = "/sql.csv?q=WITH+RECURSIVE+n(x)+AS+(SELECT+1+UNION+ALL+SELECT+x%2B1+FROM+n)+SELECT+max(x)+FROM+n";
    // Twice as many as run at a time.
    for _ in 0..8 {
        let mut stream = server.connect();
        write!(stream, "GET {endless} HTTP/1.1\r\n{}Cookie: {}\r\n\r\n", server.host(), server.cookie).unwrap();
        std::thread::sleep(Duration::from_millis(50));
        drop(stream);
    }
    let begun = Instant::now();
    assert_eq!(server.get("/unanswered").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// A page that is open asks for news; the server ends some time after the last one.
#[test]
fn a_server_that_opened_the_browser_ends_when_it_is_idle() {
    let (send, port) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        let ran = |_: &Job| Ran { code: 0, writes: false, output: Vec::new(), messages: String::new(), change: None };
        let access = Access { run: Box::new(ran), latest: Box::new(|| None) };
        let address = Address::Net("127.0.0.1:0".parse().unwrap());
        let ends_after = Some(Duration::from_millis(1_500));
        let options = Options { address, key: "k".to_owned(), program: "recip".to_owned(), read_only: true, ends_after };
        recip::web::serve(options, access, |address| {
            if let Address::Net(address) = address {
                send.send(address.port()).unwrap();
            }
            Ok(())
        })
        .unwrap();
    });
    let port = port.recv_timeout(Duration::from_secs(10)).unwrap();
    for _ in 0..6 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        write!(stream, "GET /latest HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
        std::thread::sleep(Duration::from_millis(500));
        assert!(!server.is_finished(), "it ended while a page was open");
    }
    for _ in 0..100 {
        if server.is_finished() {
            return server.join().unwrap();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it did not end");
}
