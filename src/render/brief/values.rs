//! The values that a template gets. `report brief --format json` prints them.

use serde::Serialize;

use crate::render::brief::About;
use crate::render::brief::chains::{self, Branch};
use crate::render::brief::notes::{Note, Notes};
use crate::render::brief::rows::{self, ActRow, BalanceRow, ClaimRow, PendingRow};
use crate::render::brief::sentences;
use crate::render::organisation_acts;
use crate::render::reciprocity::{MeasureLine, side_by_side};
use crate::render::text::visible;
use crate::report::brief::Brief;
use crate::report::reciprocity::LEAST;
use crate::report::unanswered::Unanswered;

/// Everything on a page. Texts are as in the ledger, except that control characters are made visible; the template escapes them.
#[derive(Debug, Clone, Serialize)]
pub struct Values {
    /// `Russia and United States`.
    pub title: String,
    /// The day that the page describes, ISO 8601.
    pub as_of: String,
    /// The moment whose knowledge the page uses: `on 2017-07-12`; `None`: now.
    pub as_known: Option<String>,
    /// The time at which it was made, UTC.
    pub made: String,
    /// The selection in words, without the pair and the day; empty: no other limit.
    pub scope: String,
    /// The scale of the weights.
    pub scale: String,
    /// The ledger's file.
    pub ledger: String,
    /// The SHA-256 of the output of `command`.
    pub digest: String,
    /// The command whose output has this digest.
    pub command: String,
    /// The start of commands on the same ledger: `recip -f x.db`.
    pub program: String,
    /// The arguments for the same selection: `RUS USA --as-of 2017-07-13`.
    pub selection: String,
    /// The summary: the open amounts, the pending acts and the weights, one sentence each.
    pub sentences: Vec<String>,
    /// What the brief does not count: acts of organisations to which a party belonged, or of members of an organisation.
    pub not_counted: Vec<organisation_acts::Note>,
    /// The two parties in the order of the arguments, each with what is open against it.
    pub sides: Vec<PartyValues>,
    /// Pending threats and announcements, the nearest deadline first.
    pub pending: Vec<PendingRow>,
    /// The number of pending acts that are not listed.
    pub pending_more: usize,
    /// The latest acts, by date.
    pub acts: Vec<ActRow>,
    /// The number of earlier acts that are not listed.
    pub acts_more: usize,
    /// The balance between the two, by kind.
    pub balance: Vec<BalanceRow>,
    /// The total weight of each, and the first minus the second.
    pub weights: [String; 3],
    /// What the counts and the weights leave out, one sentence each.
    pub balance_notes: Vec<String>,
    /// Chains of actions and answers: trees, each a list of lines with their depth.
    pub chains: Vec<Vec<Branch>>,
    /// The number of trees that are not shown.
    pub chains_more: usize,
    /// How each side responds: one measure per line, in both directions.
    pub measures: Vec<MeasureLine>,
    /// The window of the measures, in days.
    pub within_days: i64,
    /// The minimum number of cases for a share, a median or a chance.
    pub least_cases: i64,
    /// The numbered sources.
    pub notes: Vec<Note>,
}

/// One of the two parties.
#[derive(Debug, Clone, Serialize)]
pub struct PartyValues {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The other's name.
    pub other: String,
    /// Everything that is open against it: `35 persons and 2 properties`; `nothing`.
    pub open: String,
    /// Its open hostile acts, the oldest first.
    pub claims: Vec<ClaimRow>,
    /// The number of open claims that are not listed.
    pub claims_more: usize,
    /// Its gestures that were not returned, the oldest first.
    pub gestures: Vec<ClaimRow>,
    /// The number of gestures that are not listed.
    pub gestures_more: usize,
}

impl Values {
    /// The values of a brief.
    pub fn new(brief: &Brief, about: &About) -> Values {
        let mut notes = Notes::new(&brief.sources);
        let sides = [(&brief.a, &brief.b), (&brief.b, &brief.a)];
        let sides = sides.map(|(party, other)| side(brief, &party.code, &party.name, &other.name, &mut notes)).into();
        let pending = brief.listed_pending().iter().map(|p| rows::pending(p, brief, &mut notes)).collect();
        let mut acts: Vec<ActRow> = rows::acts(brief, &mut notes);
        for link in acts.iter_mut().flat_map(|a| &mut a.links) {
            link.listed = notes.lists(link.id);
        }
        let (trees, chains_more) = chains::trees(&brief.acts, &brief.links, |act| rows::of_act(act, &brief.names));
        Values {
            title: format!("{} and {}", visible(&brief.a.name), visible(&brief.b.name)),
            as_of: brief.as_of.to_string(),
            as_known: brief.as_known.as_ref().map(ToString::to_string),
            made: about.made.clone(),
            scope: visible(&about.scope).into_owned(),
            scale: brief.scale.clone(),
            ledger: visible(&about.ledger).into_owned(),
            digest: about.digest.clone(),
            command: visible(&format!("{} export jsonl {}", about.program, about.selection)).into_owned(),
            program: visible(&about.program).into_owned(),
            selection: visible(&about.selection).into_owned(),
            sentences: sentences::sentences(brief, &about.scope).iter().map(|s| visible(s).into_owned()).collect(),
            not_counted: not_counted(brief, about),
            sides,
            pending,
            pending_more: brief.pending.len() - brief.listed_pending().len(),
            acts_more: brief.acts.len() - acts.len(),
            acts,
            balance: rows::balance(brief),
            weights: sentences::weights_of(brief),
            balance_notes: sentences::balance_notes(brief),
            chains: trees,
            chains_more,
            measures: side_by_side(&brief.measures, [&brief.a.code, &brief.b.code], &brief.terms),
            within_days: brief.terms.within,
            least_cases: LEAST,
            notes: notes.finish(),
        }
    }
}

/// The notes on what is not counted, each with its whole command.
fn not_counted(brief: &Brief, about: &About) -> Vec<organisation_acts::Note> {
    let notes = organisation_acts::notes(&brief.not_counted, &about.options).into_iter();
    let shown = |note: organisation_acts::Note| organisation_acts::Note {
        says: visible(&note.says).into_owned(),
        command: visible(&format!("{} {}", about.program, note.command)).into_owned(),
    };
    notes.map(shown).collect()
}

fn side(brief: &Brief, code: &str, name: &str, other: &str, notes: &mut Notes<'_>) -> PartyValues {
    let mut listed_of = |of: &[Unanswered]| {
        let (listed, more) = Brief::listed(of, code);
        (listed.into_iter().map(|row| rows::claim(row, notes)).collect(), more)
    };
    let (claims, claims_more) = listed_of(&brief.claims);
    let (gestures, gestures_more) = listed_of(&brief.gestures);
    PartyValues {
        code: code.to_owned(),
        name: visible(name).into_owned(),
        other: visible(other).into_owned(),
        open: sentences::listed(&sentences::totals(&brief.claims, code)),
        claims,
        claims_more,
        gestures,
        gestures_more,
    }
}
