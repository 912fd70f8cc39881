//! Scales: named tables of weights.

use rusqlite::{Connection, params};

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::{Stage, name};
use crate::record::{record, select};

use super::{check_word, collect, find_kind, refuse_existing};

record! {
    /// A named table of weights.
    #[derive(Eq)]
    pub struct Scale {
        /// Its name.
        name: String,
        /// Its title in reports.
        title: Option<String>,
        /// The publication that its weights come from.
        source: Option<String>,
    }
}

record! {
    /// The weight of acts of one kind and stage on a scale.
    pub struct Weight {
        /// The scale.
        scale: String,
        /// The kind of act.
        kind: String,
        /// The stage of the act.
        stage: Stage,
        /// The weight in points; negative for conflict, positive for cooperation.
        weight: f64,
        /// `action` or `unit`: whether the weight applies to each action or to each unit of its count.
        per: String,
    }
}

/// How the weights of a file changed a scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScaleChange {
    /// True if the scale is new.
    pub made: bool,
    /// The number of weights that were added.
    pub added: usize,
    /// The number of weights that were changed.
    pub changed: usize,
    /// The number of weights that were removed.
    pub removed: usize,
    /// The number of weights of the scale that stayed as they were.
    pub unchanged: usize,
}

/// What happens to the weights of a scale that a file does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherWeights {
    /// They are kept: the file only adds and changes weights.
    Kept,
    /// They are removed: the scale becomes what the file says.
    Removed,
}

/// Finds a scale by its name.
///
/// # Errors
/// There is no such scale. The error suggests similar names.
pub fn find_scale(conn: &Connection, given: &str) -> Result<Scale> {
    let scales = list_scales(conn)?;
    let exact = scales.iter().find(|s| s.name == given);
    exact.or_else(|| scales.iter().find(|s| s.name.eq_ignore_ascii_case(given))).cloned().ok_or_else(|| Error::Unknown {
        what: "scale",
        given: given.to_owned(),
        nearest: name::nearest(given, scales.iter().map(|s| s.name.as_str())),
        way_out: "'recip scale list' shows the scales; 'recip scale add' adds one".to_owned(),
    })
}

/// All scales, ordered by name.
pub fn list_scales(conn: &Connection) -> Result<Vec<Scale>> {
    collect(conn, &select::<Scale>("FROM scale ORDER BY name"), Scale::from_row)
}

/// All weights, ordered by scale, kind and stage.
pub fn list_weights(conn: &Connection) -> Result<Vec<Weight>> {
    collect(conn, &select::<Weight>("FROM weight ORDER BY scale, kind, stage"), Weight::from_row)
}

impl Ledger {
    /// Adds a scale.
    ///
    /// # Errors
    /// The name is taken, or a field is invalid.
    pub fn add_scale(&mut self, scale: &Scale) -> Result<()> {
        self.change(|conn, _| {
            refuse_existing(conn, "SELECT EXISTS (SELECT 1 FROM scale WHERE name = ?)", "scale", &scale.name)?;
            put_scale(conn, scale)
        })
    }

    /// Adds a scale, or changes the one with its name.
    ///
    /// # Errors
    /// The name is invalid.
    pub fn put_scale(&mut self, scale: &Scale) -> Result<()> {
        self.change(|conn, _| put_scale(conn, scale))
    }

    /// Adds and changes weights of a scale, which is added if it does not exist; `others` says what happens to its other weights. The
    /// title and the source of an existing scale are changed only if they are given.
    ///
    /// # Errors
    /// The name is invalid, or the kind of a weight is unknown.
    pub fn put_weights(&mut self, scale: &Scale, weights: &[Weight], others: OtherWeights) -> Result<(Scale, ScaleChange)> {
        self.change(|conn, _| {
            let old = list_scales(conn)?.into_iter().find(|s| s.name == scale.name);
            let mut change = ScaleChange { made: old.is_none(), ..ScaleChange::default() };
            let (title, source) = old.map_or((None, None), |old| (old.title, old.source));
            let scale = Scale { name: scale.name.clone(), title: scale.title.clone().or(title), source: scale.source.clone().or(source) };
            put_scale(conn, &scale)?;
            let mut stored = list_weights(conn)?;
            stored.retain(|w| w.scale == scale.name);
            for weight in weights {
                match stored.iter().position(|h| (&h.kind, h.stage) == (&weight.kind, weight.stage)).map(|at| stored.swap_remove(at)) {
                    Some(same) if same == *weight => {
                        change.unchanged += 1;
                        continue;
                    }
                    Some(_) => change.changed += 1,
                    None => change.added += 1,
                }
                put_weight(conn, weight)?;
            }
            match others {
                OtherWeights::Kept => change.unchanged += stored.len(),
                OtherWeights::Removed => {
                    change.removed = stored.len();
                    stored.iter().try_for_each(|weight| remove_weight(conn, weight))?;
                }
            }
            Ok((scale, change))
        })
    }

    /// Adds or changes a weight.
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

fn remove_weight(conn: &Connection, weight: &Weight) -> Result<()> {
    conn.prepare_cached("DELETE FROM weight WHERE scale = ? AND kind = ? AND stage = ?")?.execute(params![
        weight.scale,
        weight.kind,
        weight.stage
    ])?;
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
