//! Scales of weights.

use rusqlite::{Connection, params};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::{Stage, name};

use super::{check_word, collect, find_kind, refuse_taken};

/// A named table of weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scale {
    /// The word for it.
    pub name: String,
    /// What it is.
    pub title: Option<String>,
    /// Where its weights come from.
    pub source: Option<String>,
}

/// What an act weighs on a scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weight {
    /// The scale.
    pub scale: String,
    /// The kind of act.
    pub kind: String,
    /// The stage it has this weight at.
    pub stage: Stage,
    /// Points; negative is conflict.
    pub weight: f64,
    /// `action` or `unit`: what it counts per.
    pub per: String,
}

/// What the weights of a whole file made of a scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScaleChange {
    /// The scale is new.
    pub made: bool,
    /// Weights it did not have.
    pub added: usize,
    /// Weights it had otherwise.
    pub changed: usize,
    /// Weights it has no more.
    pub removed: usize,
}

/// The scale with this name.
///
/// # Errors
/// There is none; the nearest are offered.
pub fn find_scale(conn: &Connection, given: &str) -> Result<Scale> {
    let scales = list_scales(conn)?;
    scales.iter().find(|s| s.name == given).cloned().ok_or_else(|| Error::Unknown {
        what: "scale",
        given: given.to_owned(),
        nearest: name::nearest(given, scales.iter().map(|s| s.name.as_str())),
        way_out: "'recip scale list' shows them, 'recip scale add' makes a new one".to_owned(),
    })
}

/// Every scale, by name.
pub fn list_scales(conn: &Connection) -> Result<Vec<Scale>> {
    collect(conn, "SELECT * FROM scale ORDER BY name", |r| {
        Ok(Scale { name: r.get("name")?, title: r.get("title")?, source: r.get("source")? })
    })
}

/// Every weight, by scale, kind and stage.
pub fn list_weights(conn: &Connection) -> Result<Vec<Weight>> {
    collect(conn, "SELECT * FROM weight ORDER BY scale, kind, stage", |r| {
        Ok(Weight { scale: r.get("scale")?, kind: r.get("kind")?, stage: r.get("stage")?, weight: r.get("weight")?, per: r.get("per")? })
    })
}

impl Ledger {
    /// Adds a scale.
    ///
    /// # Errors
    /// There is one of that name, or something of it is not allowed.
    pub fn add_scale(&mut self, scale: &Scale) -> Result<()> {
        self.change(|conn, _| {
            refuse_taken(conn, "SELECT EXISTS (SELECT 1 FROM scale WHERE name = ?)", "scale", &scale.name)?;
            put_scale(conn, scale)
        })
    }

    /// Adds a scale, or amends the one that has its name.
    ///
    /// # Errors
    /// The name is none.
    pub fn put_scale(&mut self, scale: &Scale) -> Result<()> {
        self.change(|conn, _| put_scale(conn, scale))
    }

    /// Gives a scale these weights and no others, and makes it where there is none. Of a scale that is there, a
    /// title and a source are amended where they are given.
    ///
    /// # Errors
    /// The name is none, or a weight is of a kind that is unknown.
    pub fn replace_scale(&mut self, scale: &Scale, weights: &[Weight]) -> Result<(Scale, ScaleChange)> {
        self.change(|conn, _| {
            let old = list_scales(conn)?.into_iter().find(|s| s.name == scale.name);
            let mut done = ScaleChange { made: old.is_none(), ..ScaleChange::default() };
            let (title, source) = old.map_or((None, None), |old| (old.title, old.source));
            let scale = Scale { name: scale.name.clone(), title: scale.title.clone().or(title), source: scale.source.clone().or(source) };
            put_scale(conn, &scale)?;
            let mut held = list_weights(conn)?;
            held.retain(|w| w.scale == scale.name);
            for weight in weights {
                match held.iter().position(|h| (&h.kind, h.stage) == (&weight.kind, weight.stage)).map(|at| held.swap_remove(at)) {
                    Some(same) if same == *weight => continue,
                    Some(_) => done.changed += 1,
                    None => done.added += 1,
                }
                put_weight(conn, weight)?;
            }
            for gone in &held {
                conn.prepare_cached("DELETE FROM weight WHERE scale = ? AND kind = ? AND stage = ?")?
                    .execute(params![gone.scale, gone.kind, gone.stage])?;
            }
            done.removed = held.len();
            Ok((scale, done))
        })
    }

    /// Sets a weight.
    ///
    /// # Errors
    /// The scale or the kind is unknown.
    pub fn put_weight(&mut self, weight: &Weight) -> Result<()> {
        self.change(|conn, _| put_weight(conn, weight))
    }
}

/// See [`Ledger::put_scale`].
pub(crate) fn put_scale(conn: &Connection, scale: &Scale) -> Result<()> {
    check_word("scale", &scale.name)?;
    conn.prepare_cached(
        "INSERT INTO scale (name, title, source) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET title = excluded.title, source = excluded.source",
    )?
    .execute(params![scale.name, scale.title, scale.source])?;
    Ok(())
}

/// See [`Ledger::put_weight`].
pub(crate) fn put_weight(conn: &Connection, weight: &Weight) -> Result<()> {
    find_scale(conn, &weight.scale)?;
    let kind = find_kind(conn, &weight.kind)?;
    if !weight.weight.is_finite() {
        return Err(Error::invalid("weight", &weight.weight.to_string(), "a weight is a number", "write it like -4.0"));
    }
    conn.prepare_cached(
        "INSERT INTO weight (scale, kind, stage, weight, per) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (scale, kind, stage) DO UPDATE SET weight = excluded.weight, per = excluded.per",
    )?
    .execute(params![weight.scale, kind.name, weight.stage, weight.weight, weight.per])?;
    Ok(())
}
