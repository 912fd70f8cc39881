//! The values that a template gets. `report brief --format json` prints them.

use serde::Serialize;

use crate::render::brief::About;
use crate::render::brief::chains::{self, Branch};
use crate::render::brief::notes::{Note, Notes};
use crate::render::brief::rows::{self, ActRow, BalanceRow, ClaimRow, PendingRow};
use crate::render::brief::words;
use crate::render::reciprocity::{MeasureLine, side_by_side};
use crate::render::text::visible;
use crate::report::brief::Brief;
use crate::report::reciprocity::LEAST;
use crate::report::unanswered::Unanswered;

/// All that a page says. Texts are as the ledger has them, but for control characters: escaping is the template's.
#[derive(Debug, Clone, Serialize)]
pub struct Values {
    /// `Russia and United States`.
    pub title: String,
    /// The day it speaks of.
    pub as_of: String,
    /// The moment at which it was known so: `on 2017-07-12`; `None`: now.
    pub as_known: Option<String>,
    /// When it was made, UTC.
    pub made: String,
    /// What it is limited to beside the pair and the day; empty: nothing.
    pub scope: String,
    /// The scale of its weights.
    pub scale: String,
    /// The ledger's file.
    pub ledger: String,
    /// SHA-256 of what `command` prints.
    pub digest: String,
    /// The command whose output the digest is of.
    pub command: String,
    /// The beginning of the commands that show all: `recip -f x.db`.
    pub program: String,
    /// The arguments that select the same: `RUS USA --as-of 2017-07-13`.
    pub selection: String,
    /// The balance in a sentence, then what is pending, then the weights.
    pub sentences: Vec<String>,
    /// The two parties in the order asked, each with what stands open against it.
    pub sides: Vec<PartyValues>,
    /// Pending threats and announcements, the nearest deadline first.
    pub pending: Vec<PendingRow>,
    /// How many more are pending.
    pub pending_more: usize,
    /// The acts, the latest of them, by date.
    pub acts: Vec<ActRow>,
    /// How many earlier ones there are.
    pub acts_more: usize,
    /// How the two stand to each other, kind by kind.
    pub balance: Vec<BalanceRow>,
    /// The weights of both added up, and the first's less the second's.
    pub weights: [String; 3],
    /// What answers what: trees, each a list of lines with their depth.
    pub chains: Vec<Vec<Branch>>,
    /// How many more trees there are.
    pub chains_more: usize,
    /// How each answers the other: a measure a line, of both directions.
    pub measures: Vec<MeasureLine>,
    /// The window of the measures, in days.
    pub within_days: i64,
    /// The fewest cases that a share, a median or a chance is told on.
    pub least_cases: i64,
    /// The sources, numbered.
    pub notes: Vec<Note>,
}

/// One of the two.
#[derive(Debug, Clone, Serialize)]
pub struct PartyValues {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The other's name.
    pub other: String,
    /// All that stands open against it: `35 persons and 2 properties`; `nothing`.
    pub open: String,
    /// Its hostile acts that stand open, the oldest first.
    pub claims: Vec<ClaimRow>,
    /// How many more there are.
    pub claims_more: usize,
    /// Its gestures that were not returned.
    pub gestures: Vec<ClaimRow>,
    /// How many more there are.
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
        let (trees, chains_more) = chains::trees(&brief.acts, &brief.links, rows::of_act);
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
            sentences: words::sentences(brief).iter().map(|s| visible(s).into_owned()).collect(),
            sides,
            pending,
            pending_more: brief.pending.len() - brief.listed_pending().len(),
            acts_more: brief.acts.len() - acts.len(),
            acts,
            balance: rows::balance(brief),
            weights: words::weights_of(brief),
            chains: trees,
            chains_more,
            measures: side_by_side(&brief.measures, [&brief.a.code, &brief.b.code], &brief.terms),
            within_days: brief.terms.within,
            least_cases: LEAST,
            notes: notes.finish(),
        }
    }
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
        open: words::listed(&words::totals(&brief.claims, code)),
        claims,
        claims_more,
        gestures,
        gestures_more,
    }
}
