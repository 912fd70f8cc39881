//! The schema of a package: its tables, their columns with types and descriptions, and their keys.

use serde_json::{Value, json};

use crate::model::details::DETAILS;
use crate::record::joined;

/// The file that describes a package.
pub(crate) const DESCRIPTOR: &str = "datapackage.json";
/// The value of the key `recip`, which marks a package as written by recip.
pub(crate) const PROFILE: &str = "ledger-1";

/// A column: name, type, description. A column whose type ends in `!` is never empty.
type Column = (&'static str, &'static str, &'static str);

/// A table: name, description, columns, primary key, foreign keys.
struct Resource {
    name: &'static str,
    description: &'static str,
    columns: &'static [Column],
    key: &'static [&'static str],
    refers: &'static [(&'static str, &'static str, &'static str)],
}

const RESOURCES: [Resource; 12] = [
    Resource {
        name: "parties",
        description: "The parties to actions: states and organisations.",
        columns: &[
            ("code", "string!", "ISO 3166 alpha-3 for a state, the usual abbreviation for an organisation"),
            ("name", "string!", "The name in common use"),
            ("party_type", "string!", "state or organisation"),
            ("since", "string", "First day of existence, ISO 8601; may be a month or a year"),
            ("until", "string", "Last day of existence; empty: it still exists"),
            ("iso2", "string", "ISO 3166 alpha-2 code; several codes are separated by a space"),
            ("cow", "string", "Codes in the Correlates of War, in letters"),
            ("cow_number", "string", "The same codes as numbers"),
            ("gw", "string", "Codes in the list of Gleditsch and Ward, in letters"),
            ("gw_number", "string", "The same codes as numbers"),
        ],
        key: &["code"],
        refers: &[],
    },
    Resource {
        name: "aliases",
        description: "The names by which a party can be entered.",
        columns: &[("alias", "string!", "The name as written"), ("party", "string!", "The party that has this name")],
        key: &["alias"],
        refers: &[("party", "parties", "code")],
    },
    Resource {
        name: "memberships",
        description: "Memberships in organisations; one row per period.",
        columns: &[
            ("organisation", "string!", "The organisation"),
            ("member", "string!", "The member"),
            ("since", "string!", "First day of membership, ISO 8601; may be a month or a year"),
            ("until", "string", "Last day of membership; empty: still a member"),
        ],
        key: &["organisation", "member", "since"],
        refers: &[("organisation", "parties", "code"), ("member", "parties", "code")],
    },
    Resource {
        name: "kinds",
        description: "The kinds of act.",
        columns: &[
            ("name", "string!", "The name of the kind"),
            ("unit", "string!", "The unit of its count"),
            ("sign", "string!", "hostile, friendly or neutral"),
            ("cameo", "string", "CAMEO code of the act at the stage done"),
            ("description", "string", "What the kind covers and what is counted"),
        ],
        key: &["name"],
        refers: &[],
    },
    Resource {
        name: "scales",
        description: "Named tables of weights.",
        columns: &[
            ("name", "string!", "The name of the scale"),
            ("title", "string", "Its title"),
            ("source", "string", "Where the weights come from"),
        ],
        key: &["name"],
        refers: &[],
    },
    Resource {
        name: "weights",
        description: "The weights of acts on a scale; negative is conflict.",
        columns: &[
            ("scale", "string!", "The scale"),
            ("kind", "string!", "The kind of act"),
            ("stage", "string!", "The stage at which it has this weight"),
            ("weight", "number!", "The weight, in the scale's own points"),
            ("per", "string!", "action: the weight of the whole act; unit: the weight of each unit of its count"),
        ],
        key: &["scale", "kind", "stage"],
        refers: &[("scale", "scales", "name"), ("kind", "kinds", "name")],
    },
    Resource {
        name: "disputes",
        description: "Cases that group actions.",
        columns: &[("slug", "string!", "The short name for commands and files"), ("title", "string!", "The name in reports")],
        key: &["slug"],
        refers: &[],
    },
    Resource {
        name: "sources",
        description: "The sources of actions.",
        columns: &[
            ("cite", "string!", "The URL or line that identifies the source"),
            ("publisher", "string", "Who published it"),
            ("title", "string", "Headline or title"),
            ("author", "string", "Who wrote it; several authors are separated by '; '"),
            ("date", "string", "Date of publication, ISO 8601; may be a month or a year"),
            ("url", "string", "Web address"),
            ("accessed", "string", "Date of access, ISO 8601; may be a month or a year"),
            ("archive", "string", "Web address of an archived copy"),
            ("quote", "string", "The passage that supports the action"),
        ],
        key: &["cite"],
        refers: &[],
    },
    Resource {
        name: "actions",
        description: "Dated acts of an actor against a target; one row per act.",
        columns: &joined!(Column: &[
            ("ref", "string!", "The stable name of the action, for files and links; upper and lower case do not distinguish names"),
            ("date", "string!", "When it happened, ISO 8601, with the known precision: 2016, 2017-06, 2016-12-29"),
            ("actor", "string!", "Who acted"),
            ("target", "string!", "Against whom or towards whom"),
            ("kind", "string!", "The kind of act"),
            ("count", "integer", "How many, in the unit of the kind: the number that amounts are computed with; empty: unknown"),
            ("count_words", "string", "How the count was stated, if not as a number alone: 20-30, 50+ (at least), ~50 (about), several"),
            ("stage", "string!", "threatened, announced or done"),
        ], &detail_columns(), &[
            ("voided", "string", "Why it was voided; empty: it is not void"),
            ("logged_at", "datetime!", "When it was entered in the ledger, UTC"),
            (
                "derived_stands",
                "integer!",
                "Derived: how much of it is in force, neither reversed nor carried out by another act; 1 if the count is unknown",
            ),
            ("derived_open", "integer!", "Derived: how much of its claim is open; 1 if the count is unknown"),
        ]),
        key: &["ref"],
        refers: &[("actor", "parties", "code"), ("target", "parties", "code"), ("kind", "kinds", "name"), ("dispute", "disputes", "slug")],
    },
    Resource {
        name: "citations",
        description: "The sources cited for each action, with the date and count that a source gives if they differ.",
        columns: &[
            ("action", "string!", "The action's ref"),
            ("position", "integer!", "Position among the sources of the action, from 1"),
            ("cite", "string!", "The source"),
            ("says_date", "string", "The date that this source gives, if it differs"),
            ("says_count", "integer", "The count that this source gives, if it differs"),
            ("says_words", "string", "How this source states its count, if not as a number alone"),
            ("denies", "boolean!", "1: this source denies that the action happened; otherwise 0"),
        ],
        key: &["action", "position"],
        refers: &[("action", "actions", "ref"), ("cite", "sources", "cite")],
    },
    Resource {
        name: "quantities",
        description: "Quantities of actions that are not claims, such as the trade that a tariff covers.",
        columns: &[
            ("action", "string!", "The action's ref"),
            ("name", "string!", "What is measured"),
            ("value", "number!", "How much: an exact decimal number"),
            ("unit", "string!", "In which unit"),
        ],
        key: &["action", "name"],
        refers: &[("action", "actions", "ref")],
    },
    Resource {
        name: "links",
        description: "Links from actions to earlier actions.",
        columns: &[
            ("action", "string!", "The later action's ref"),
            ("relation", "string!", "answers, executes, reverses, waives, extends or renews"),
            ("earlier", "string!", "The earlier action's ref"),
            ("stated", "integer", "How much of the earlier act it answers or reverses, if stated"),
            ("stated_spends", "integer", "How much of the answer it uses up, if stated"),
            ("derived_covers", "integer!", "Derived: how much of the earlier claim it closes, in the unit of the earlier act"),
            ("derived_spends", "integer!", "Derived: how much of the claim of the later act it uses up, in the unit of the later act"),
            ("derived_takes", "integer!", "Derived: how much of the earlier act it undoes or carries out"),
        ],
        key: &["action", "relation", "earlier"],
        refers: &[("action", "actions", "ref"), ("earlier", "actions", "ref")],
    },
];

/// The columns of the details of an action.
const fn detail_columns() -> [Column; DETAILS.len()] {
    let mut columns = [("", "string", ""); DETAILS.len()];
    let mut n = 0;
    while n < DETAILS.len() {
        (columns[n].0, columns[n].2) = (DETAILS[n].name, DETAILS[n].description);
        n += 1;
    }
    columns
}

/// The columns of a table.
pub(crate) fn columns(resource: &str) -> impl Iterator<Item = &'static str> {
    RESOURCES.iter().filter(move |r| r.name == resource).flat_map(|r| r.columns.iter().map(|c| c.0))
}

/// The files of a package. `datapackage.json` comes last, because it completes the package.
pub(crate) fn files() -> impl Iterator<Item = String> {
    RESOURCES.iter().map(|r| format!("{}.csv", r.name)).chain([DESCRIPTOR.to_owned()])
}

/// The text of `datapackage.json`.
pub(crate) fn descriptor() -> Value {
    let resources: Vec<Value> = RESOURCES.iter().map(resource).collect();
    json!({
        "profile": "tabular-data-package",
        "name": "recip-ledger",
        "title": "A ledger of diplomatic tit-for-tat",
        "description": "What one party did to another, what the other did in return, and the sources.",
        "recip": PROFILE,
        "resources": resources,
    })
}

fn resource(r: &Resource) -> Value {
    let fields: Vec<Value> = r
        .columns
        .iter()
        .map(|(name, sort, description)| {
            let mut field = json!({ "name": name, "type": sort.trim_end_matches('!'), "description": description });
            if sort.ends_with('!') {
                field["constraints"] = json!({ "required": true });
            }
            field
        })
        .collect();
    let foreign: Vec<Value> = r
        .refers
        .iter()
        .map(|(column, table, key)| json!({ "fields": column, "reference": { "resource": table, "fields": key } }))
        .collect();
    let mut schema = json!({ "fields": fields, "primaryKey": r.key });
    if !foreign.is_empty() {
        schema["foreignKeys"] = foreign.into();
    }
    json!({
        "profile": "tabular-data-resource",
        "name": r.name,
        "path": format!("{}.csv", r.name),
        "description": r.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::load::catalogue_table::TABLES;

    #[test]
    fn the_catalogue_is_described_as_it_is_written() {
        for table in &TABLES {
            assert_eq!(columns(table.resource).collect::<Vec<_>>(), table.columns, "{}", table.resource);
        }
    }
}
