//! placeholder until merged
#![allow(missing_docs, unused_variables)]
use crate::{Ledger, Result, report::Lens};
use std::io::Write;
use std::path::{Path, PathBuf};
#[derive(Debug, Default)]
pub struct ReadOptions {
    pub encoding: Option<String>,
    pub format: Option<Format>,
}
#[derive(Debug)]
pub enum Format {
    Csv,
}
impl Format {
    pub fn of(p: &Path) -> Option<Format> {
        p.extension().filter(|e| *e == "csv").map(|_| Format::Csv)
    }
}
#[derive(Debug, Default)]
pub struct Imported {
    pub added: u64,
    pub present: u64,
    pub links: u64,
    pub disputes_made: Vec<String>,
}
#[derive(Debug, Default)]
pub struct Exported {
    pub actions: u64,
    pub links_left_out: u64,
}
pub fn import(l: &mut Ledger, f: &[PathBuf], o: &ReadOptions, p: &mut dyn FnMut(u64, Option<u64>)) -> Result<Imported> {
    Ok(Imported::default())
}
pub fn open_file(p: &Path, o: &ReadOptions) -> Result<Ledger> {
    Ledger::in_memory()
}
pub fn export_csv(l: &Lens, o: &mut dyn Write, e: bool) -> Result<Exported> {
    Ok(Exported::default())
}
pub fn export_jsonl(l: &Lens, o: &mut dyn Write) -> Result<Exported> {
    Ok(Exported::default())
}
pub fn export_package(l: &Lens, d: &Path) -> Result<Exported> {
    Ok(Exported::default())
}
