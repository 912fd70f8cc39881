//! The tests of what a user sees, in one binary.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]

mod arithmetic;
mod bad_input;
mod brief;
mod browser;
mod check;
mod coalitions;
mod faults;
mod feeds;
mod files;
#[path = "../benches/generate.rs"]
#[allow(dead_code)]
mod generate;
#[path = "../benches/feed.rs"]
#[allow(dead_code)]
mod generate_feed;
mod generated_exchanges;
mod help;
mod history;
mod kept_views;
mod lake;
mod measures;
mod merge;
mod narrow;
mod other_client;
mod pages;
mod panel;
mod parquet;
mod plain_measures;
mod plain_rows;
mod plain_settlement;
mod pooled;
mod prompt;
mod python;
mod renewals;
mod schema;
mod settlement;
mod suggest;
mod support;
mod texts;
mod unprinted;
#[cfg(feature = "serve")]
mod web;
