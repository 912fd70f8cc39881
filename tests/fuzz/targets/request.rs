//! Reads any text as the path and the query of a URL, and as a command as typed. No URL leads out of the table of commands, and no value
//! becomes an option.
#![no_main]

use libfuzzer_sys::fuzz_target;
use recip::model::words;
use recip::web::request::{Target, pairs};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(split) = words::split(text) {
        assert_eq!(words::split(&words::join(split.iter().map(String::as_str))), Some(split));
    }
    let _ = pairs(text);
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let Ok(target) = Target::read(path, query) else { return };
    let arguments = target.arguments(target.format.unwrap_or("txt"));
    assert!(target.route.command.iter().zip(&arguments).all(|(word, argument)| word == argument));
    let options = arguments.iter().take_while(|word| *word != "--").filter(|word| word.starts_with('-'));
    for option in options {
        let name = option.strip_prefix("--").unwrap().split('=').next().unwrap();
        assert!(target.route.takes(name) || name == "format" || name == "json", "{option}");
    }
    let again = Target::read(&target.path(target.format), target.query().trim_start_matches('?')).unwrap();
    assert_eq!(again.arguments("txt"), target.arguments("txt"));
});
