//! A response to a request.

/// A response to a browser.
#[derive(Debug)]
pub(super) struct Response {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    pub headers: Vec<(&'static str, String)>,
    /// True for a file that brings its own style.
    pub has_own_style: bool,
}

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const TEXT: &str = "text/plain; charset=utf-8";

impl Response {
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Response {
        Response { status, content_type, body: body.into(), headers: Vec::new(), has_own_style: false }
    }

    /// Why a request is refused, as text.
    pub fn refusal(status: u16, why: &str) -> Response {
        Response::new(status, TEXT, format!("{why}\n"))
    }

    /// The page that a browser with the key gets. It gives the cookie and goes on to the start page: the browser sends the cookie with a
    /// request from this page, but not with one from the program that opened it.
    pub fn welcome(cookie: Option<String>) -> Response {
        let page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0; url=/\">\
                    <title>recip</title></head><body><p><a href=\"/\">Go to the ledger</a></p></body></html>\n";
        let mut response = Response::new(200, HTML, page);
        response.headers.extend(cookie.map(|cookie| ("set-cookie", cookie)));
        response
    }

    /// The script, the style sheet and the icon.
    pub fn asset(path: &str) -> Option<Response> {
        Some(match path {
            "/style.css" => Response::new(200, "text/css; charset=utf-8", STYLE),
            "/script.js" => Response::new(200, "text/javascript; charset=utf-8", include_str!("assets/script.js")),
            "/icon.svg" | "/favicon.ico" => {
                Response { has_own_style: true, ..Response::new(200, "image/svg+xml", include_str!("assets/icon.svg")) }
            }
            _ => return None,
        })
    }

    /// Sends the browser to another page.
    pub fn see(path: &str) -> Response {
        let mut response = Response::new(303, TEXT, "");
        response.headers.push(("location", path.to_owned()));
        response
    }
}

/// The style of briefs, and what pages add to it.
const STYLE: &str = concat!(
    include_str!("../render/templates/brief.css"),
    include_str!("../render/templates/picture.css"),
    include_str!("assets/style.css")
);
