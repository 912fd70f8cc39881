//! The server: connections, limits and headers. Everything that reads or writes the ledger runs on a thread of a small pool.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response as HttpResponse, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};

use super::Access;
use super::guard::{Guard, Sent};
use super::pages::{Asked, Site};
use super::response::Response;
use crate::error::{Error, Result};
use crate::ledger::Stop;

/// The maximum number of connections at a time. Further ones wait.
const MAX_CONNECTIONS: usize = 64;
/// The maximum number of reports at a time.
const MAX_REPORTS: usize = 4;
/// The maximum size of a body, in bytes.
const MAX_BODY: usize = 8 << 20;
/// The maximum size of the headers, in bytes.
const MAX_HEADERS: usize = 32 << 10;
/// The time in which the headers of a request must arrive. A connection that is idle for as long is closed.
const HEADER_TIME: Duration = Duration::from_secs(5);
/// The time in which a body must arrive.
const BODY_TIME: Duration = Duration::from_secs(20);
/// The time that a report may take.
const REPORT_TIME: Duration = Duration::from_secs(60);
/// The time after which a connection is closed, whatever it does.
const CONNECTION_TIME: Duration = Duration::from_secs(300);
/// The maximum interval between idle checks of a server that shuts down by itself.
const IDLE_LOOK: Duration = Duration::from_secs(10);

/// What is allowed on a page, and where it may come from.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same for a file that brings its own style, such as a picture. It has no script.
const FILE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'; sandbox";

/// Where a server listens.
#[derive(Debug, Clone)]
pub enum Address {
    /// An address of the network.
    Net(SocketAddr),
    /// A socket in the file system, for the owner of its file.
    Socket(PathBuf),
}

/// How to serve.
#[derive(Debug)]
pub struct Options {
    /// Where to listen.
    pub address: Address,
    /// The key that lets a browser in.
    pub key: String,
    /// How commands on this ledger begin: `recip -f l.db`.
    pub program: String,
    /// True if nothing may be changed.
    pub read_only: bool,
    /// The time without a request after which the server ends; `None`: it does not end by itself.
    pub ends_after: Option<Duration>,
}

struct State {
    site: Site,
    guard: Guard,
    started: Instant,
    /// Milliseconds from the start to the latest request.
    last_request: AtomicI64,
}

/// Serves until Ctrl-C or SIGTERM. `ready` is called with the address once connections are accepted.
///
/// # Errors
/// The address cannot be listened on.
pub fn serve(options: Options, access: Access, ready: impl FnOnce(&Address) -> Result<()>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(MAX_REPORTS).build();
    let runtime = runtime.map_err(Error::Output)?;
    let served = runtime.block_on(listen(options, access, ready));
    // A write that has begun is completed.
    runtime.shutdown_timeout(Duration::from_secs(5));
    served
}

async fn listen(options: Options, access: Access, ready: impl FnOnce(&Address) -> Result<()>) -> Result<()> {
    let (ended, mut ends) = mpsc::channel(1);
    watch_signals(&ended)?;
    let site = Site::new(access, options.program.clone(), options.read_only);
    let state = |address: Option<SocketAddr>| {
        Arc::new(State { site, guard: Guard::new(address, options.key.clone()), started: Instant::now(), last_request: AtomicI64::new(0) })
    };
    match &options.address {
        Address::Net(address) => {
            let listener = TcpListener::bind(address).await.map_err(|e| cannot_listen(&address.to_string(), &e))?;
            let address = listener.local_addr().map_err(Error::Output)?;
            let state = state(Some(address));
            end_when_idle(&options, &state, &ended);
            ready(&Address::Net(address))?;
            tokio::select! {
                _ = ends.recv() => (),
                () = accept(&state, async || Ok(listener.accept().await?.0)) => (),
            }
        }
        #[cfg(unix)]
        Address::Socket(path) => {
            let listener = bind_socket(path)?;
            let state = state(None);
            end_when_idle(&options, &state, &ended);
            ready(&options.address)?;
            tokio::select! {
                _ = ends.recv() => (),
                () = accept(&state, async || Ok(listener.accept().await?.0)) => (),
            }
            let _ = std::fs::remove_file(path);
        }
        #[cfg(not(unix))]
        Address::Socket(_) => return Err(Error::refused("cannot serve on a socket", "this system has none", "leave out --socket")),
    }
    Ok(())
}

/// Accepts connections without end, a limited number at a time.
async fn accept<S>(state: &Arc<State>, next: impl AsyncFn() -> std::io::Result<S>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { return };
        match next().await {
            Ok(stream) => {
                let state = Arc::clone(state);
                tokio::spawn(async move {
                    connection(state, stream).await;
                    drop(permit);
                });
            }
            // Such as too many open files: a pause instead of a busy loop.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Listens on a socket that only its owner may use. It is made in a folder of its own, so it never exists with other permissions.
#[cfg(unix)]
fn bind_socket(path: &std::path::Path) -> Result<tokio::net::UnixListener> {
    use std::os::unix::fs::PermissionsExt;
    let name = path.display().to_string();
    let taken = match () {
        () if std::os::unix::net::UnixStream::connect(path).is_ok() => Some("another program listens on it"),
        () if path.exists() && !is_socket(path) => Some("there is a file with this name"),
        () => None,
    };
    if let Some(why) = taken {
        return Err(Error::refused(format!("cannot listen on {name}"), why, "name another path"));
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    if !parent.is_dir() {
        let why = format!("there is no folder {}", parent.display());
        return Err(Error::refused(format!("cannot listen on {name}"), why, "create the folder, or name another path"));
    }
    let folder = tempfile::Builder::new().prefix(".recip").tempdir_in(parent).map_err(Error::io("create", path))?;
    let made = folder.path().join("s");
    let listener = tokio::net::UnixListener::bind(&made).map_err(|e| cannot_listen(&name, &e))?;
    std::fs::set_permissions(&made, std::fs::Permissions::from_mode(0o600)).map_err(Error::io("create", path))?;
    std::fs::rename(&made, path).map_err(Error::io("create", path))?;
    Ok(listener)
}

#[cfg(unix)]
fn is_socket(path: &std::path::Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::symlink_metadata(path).is_ok_and(|about| about.file_type().is_socket())
}

fn cannot_listen(address: &str, e: &std::io::Error) -> Error {
    let way_out = match e.kind() {
        std::io::ErrorKind::AddrNotAvailable => "name an address of this machine with --listen",
        std::io::ErrorKind::PermissionDenied => "name a port above 1023 with --port, or 0 for any that is free",
        _ => "name another port with --port, or 0 for any that is free",
    };
    Error::refused(format!("cannot listen on {address}"), e.to_string(), way_out)
}

/// Ends the server on Ctrl-C and SIGTERM.
fn watch_signals(ended: &mpsc::Sender<()>) -> Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
            let (mut signals, ended) = (signal(kind).map_err(Error::Output)?, ended.clone());
            tokio::spawn(async move {
                signals.recv().await;
                let _ = ended.send(()).await;
            });
        }
    }
    #[cfg(not(unix))]
    {
        let ended = ended.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                let _ = ended.send(()).await;
            }
        });
    }
    Ok(())
}

fn end_when_idle(options: &Options, state: &Arc<State>, ended: &mpsc::Sender<()>) {
    let Some(idle) = options.ends_after else { return };
    let (state, ended) = (Arc::clone(state), ended.clone());
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(IDLE_LOOK.min(idle)).await;
            let last = Duration::from_millis(state.last_request.load(Ordering::Relaxed).unsigned_abs());
            if state.started.elapsed() > last + idle {
                let _ = ended.send(()).await;
            }
        }
    });
}

async fn connection(state: Arc<State>, stream: impl AsyncRead + AsyncWrite + Unpin) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { Ok::<_, std::convert::Infallible>(respond(&state, request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    // What goes wrong on a connection is the browser's to notice.
    let _ = tokio::time::timeout(CONNECTION_TIME, connection).await;
}

async fn respond(state: &Arc<State>, request: Request<Incoming>) -> HttpResponse<Full<Bytes>> {
    let since_start = i64::try_from(state.started.elapsed().as_millis()).unwrap_or(i64::MAX);
    state.last_request.store(since_start, Ordering::Relaxed);
    let is_head = request.method() == Method::HEAD;
    let response = response(state, request).await;
    let mut answer = HttpResponse::new(Full::new(if is_head { Bytes::new() } else { Bytes::from(response.body) }));
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let policy = if response.has_own_style { FILE_POLICY } else { POLICY };
    let headers = answer.headers_mut();
    for (name, value) in [
        ("content-type", response.content_type),
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", state.guard.referrer_policy()),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    for (name, value) in response.headers {
        // A value that is no header, such as one with a line break, is left out.
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    answer
}

async fn response(state: &Arc<State>, request: Request<Incoming>) -> Response {
    let sent = sent(request.headers());
    if !state.guard.knows_host(&sent) {
        return Response::refusal(421, "This server does not have that name. Open the address that 'recip serve' printed.");
    }
    let (path, query) = (request.uri().path().to_owned(), request.uri().query().unwrap_or("").to_owned());
    let is_post = match *request.method() {
        Method::GET | Method::HEAD => false,
        Method::POST => true,
        _ => return Response::refusal(405, "Only GET and POST are known here."),
    };
    if let Some(key) = query.strip_prefix("key=").filter(|_| path == "/" && !is_post) {
        return match (state.guard.is_key(key), state.guard.set_cookie()) {
            (true, cookie) => Response::welcome(cookie),
            (false, _) => Response::refusal(403, "This is not the key. Open the address that 'recip serve' printed."),
        };
    }
    if let Some(asset) = Response::asset(&path).filter(|_| !is_post) {
        return asset;
    }
    if !state.guard.has_cookie(&sent) {
        return Response::refusal(403, "This browser has not been let in. Open the address that 'recip serve' printed; it has the key.");
    }
    if !is_post {
        return run(state, Asked { path, query, form: None }).await;
    }
    if !state.guard.is_own(&sent) {
        return Response::refusal(403, "Only a page of this server may change the ledger.");
    }
    let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("");
    if kind != "application/x-www-form-urlencoded" {
        return Response::refusal(415, "A form is sent as application/x-www-form-urlencoded.");
    }
    if request.headers().get("content-length").and_then(|n| n.to_str().ok()?.parse::<usize>().ok()).is_some_and(|n| n > MAX_BODY) {
        return Response::refusal(413, "The form is larger than 8 MB, which is the maximum. Use 'recip import' for large files.");
    }
    match tokio::time::timeout(BODY_TIME, Limited::new(request.into_body(), MAX_BODY).collect()).await {
        Err(_) => Response::refusal(408, "The form did not arrive in time."),
        Ok(Err(_)) => Response::refusal(413, "The form is larger than 8 MB, which is the maximum, or it did not arrive whole."),
        Ok(Ok(body)) => match String::from_utf8(body.to_bytes().to_vec()) {
            Ok(form) => run(state, Asked { path, query, form: Some(form) }).await,
            Err(_) => Response::refusal(400, "The form is not UTF-8."),
        },
    }
}

/// Answers on a thread of the pool. If the browser goes away, this future is dropped, which ends the report.
async fn run(state: &Arc<State>, asked: Asked) -> Response {
    let (ending, is_form) = (Ending(Arc::default()), asked.form.is_some());
    let (stop, of_site) = (Arc::clone(&ending.0), Arc::clone(state));
    let answer = tokio::task::spawn_blocking(move || of_site.site.answer(&asked, &stop));
    // A change is not ended half-way.
    let time = if is_form { CONNECTION_TIME } else { REPORT_TIME };
    match tokio::time::timeout(time, answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Response::refusal(500, "The page could not be made: recip has a fault here."),
        Err(_) => {
            Response::refusal(503, "The report takes longer than a minute and was ended. Select less of it, or use the command line.")
        }
    }
}

/// Ends a report that nobody waits for.
struct Ending(Arc<Stop>);

impl Drop for Ending {
    fn drop(&mut self) {
        let stop = Arc::clone(&self.0);
        if Arc::strong_count(&stop) <= 2 {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            // The thread holds the request as long as it works.
            while Arc::strong_count(&stop) > 1 {
                stop.make();
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    }
}

fn sent(headers: &HeaderMap) -> Sent {
    let value = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?.to_owned();
        // A header that is there twice is not trusted.
        values.next().is_none().then_some(value)
    };
    Sent { host: value("host"), origin: value("origin"), site: value("sec-fetch-site"), cookies: value("cookie") }
}
