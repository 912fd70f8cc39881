//! What the tables of a package are: their columns with types and descriptions, and how they refer to each other.

use serde_json::{Value, json};

/// The file that describes a package.
pub(crate) const DESCRIPTOR: &str = "datapackage.json";
/// What marks a package as ours, under the key `recip`.
pub(crate) const PROFILE: &str = "ledger-1";

/// A column: name, type, what it is. A type with `!` is never empty.
type Column = (&'static str, &'static str, &'static str);

/// A table: name, what it is, columns, primary key, foreign keys.
struct Resource {
    name: &'static str,
    description: &'static str,
    columns: &'static [Column],
    key: &'static [&'static str],
    refers: &'static [(&'static str, &'static str, &'static str)],
}

const RESOURCES: [Resource; 11] = [
    Resource {
        name: "parties",
        description: "Who acts and is acted upon: states and organisations.",
        columns: &[
            ("code", "string!", "ISO 3166 alpha-3 for a state, the usual abbreviation for an organisation"),
            ("name", "string!", "The everyday name"),
            ("party_type", "string!", "state or organisation"),
            ("since", "string", "First day of existence, ISO 8601, may be reduced"),
            ("until", "string", "Last day of existence"),
        ],
        key: &["code"],
        refers: &[],
    },
    Resource {
        name: "aliases",
        description: "Every name a party answers to.",
        columns: &[("alias", "string!", "The name as written"), ("party", "string!", "Whose name it is")],
        key: &["alias"],
        refers: &[("party", "parties", "code")],
    },
    Resource {
        name: "memberships",
        description: "Who belonged to which organisation; one row a spell.",
        columns: &[
            ("organisation", "string!", "The organisation"),
            ("member", "string!", "The member"),
            ("since", "string!", "First day of membership, ISO 8601, may be reduced"),
            ("until", "string", "Last day of membership; empty: a member today"),
        ],
        key: &["organisation", "member", "since"],
        refers: &[("organisation", "parties", "code"), ("member", "parties", "code")],
    },
    Resource {
        name: "kinds",
        description: "What sorts of act there are.",
        columns: &[
            ("name", "string!", "The word for it"),
            ("unit", "string!", "What its count counts"),
            ("sign", "string!", "hostile, friendly or neutral"),
            ("cameo", "string", "CAMEO code of the act when done"),
            ("description", "string", "What it covers and what is counted"),
        ],
        key: &["name"],
        refers: &[],
    },
    Resource {
        name: "scales",
        description: "Named tables of weights.",
        columns: &[
            ("name", "string!", "The word for it"),
            ("title", "string", "What it is"),
            ("source", "string", "Where the weights come from"),
        ],
        key: &["name"],
        refers: &[],
    },
    Resource {
        name: "weights",
        description: "What an act weighs on a scale; negative is conflict.",
        columns: &[
            ("scale", "string!", "The scale"),
            ("kind", "string!", "The kind of act"),
            ("stage", "string!", "The stage it has this weight at"),
            ("weight", "number!", "The weight, in the scale's own points"),
            ("per", "string!", "action: once for each act; unit: times its count"),
        ],
        key: &["scale", "kind", "stage"],
        refers: &[("scale", "scales", "name"), ("kind", "kinds", "name")],
    },
    Resource {
        name: "disputes",
        description: "Cases that group actions.",
        columns: &[("slug", "string!", "The word for it"), ("title", "string!", "Its name in reports")],
        key: &["slug"],
        refers: &[],
    },
    Resource {
        name: "sources",
        description: "Where claims come from.",
        columns: &[
            ("cite", "string!", "What names it: a URL or a line"),
            ("publisher", "string", "Who published it"),
            ("title", "string", "Its headline or title"),
            ("author", "string", "Who wrote it; several with '; ' between them"),
            ("date", "string", "When it was published, ISO 8601, may be reduced"),
            ("url", "string", "Its address"),
            ("accessed", "string", "The day it was looked at, ISO 8601, may be reduced"),
            ("archive", "string", "The address of an archived copy"),
            ("quote", "string", "The words that support the claim"),
        ],
        key: &["cite"],
        refers: &[],
    },
    Resource {
        name: "actions",
        description: "Everything that happened: one dated act of an actor against a target.",
        columns: &[
            ("ref", "string!", "A stable name for files and links"),
            ("date", "string!", "When it happened, ISO 8601, as precisely as it is known: 2016, 2017-06, 2016-12-29"),
            ("actor", "string!", "Who acted"),
            ("target", "string!", "Against whom, or towards whom"),
            ("kind", "string!", "What sort of act"),
            ("count", "integer", "How many, in the kind's unit; empty: not known"),
            ("stage", "string!", "threatened, announced or done"),
            ("by", "string", "The body that acted"),
            ("place", "string", "Where"),
            ("deadline", "string", "The day or moment it must be complied with"),
            ("dispute", "string", "The case it belongs to"),
            ("summary", "string", "What happened, in a line"),
            ("voided", "string", "Why it was voided; empty: it stands"),
            ("logged_at", "datetime!", "When the ledger learned it, UTC"),
            (
                "derived_stands",
                "integer!",
                "Derived: what of it is neither reversed nor carried out by another act; 1 for an unknown count",
            ),
            ("derived_open", "integer!", "Derived: what of its claim is open; 1 for an unknown count"),
        ],
        key: &["ref"],
        refers: &[("actor", "parties", "code"), ("target", "parties", "code"), ("kind", "kinds", "name"), ("dispute", "disputes", "slug")],
    },
    Resource {
        name: "citations",
        description: "Which source is cited for which action, and what it says otherwise.",
        columns: &[
            ("action", "string!", "The action's ref"),
            ("position", "integer!", "1 for the first source named"),
            ("cite", "string!", "The source"),
            ("says_date", "string", "The date this source gives, where it differs"),
            ("says_count", "integer", "The count this source gives, where it differs"),
        ],
        key: &["action", "position"],
        refers: &[("action", "actions", "ref"), ("cite", "sources", "cite")],
    },
    Resource {
        name: "links",
        description: "How one action bears on an earlier one.",
        columns: &[
            ("action", "string!", "The later action's ref"),
            ("relation", "string!", "answers, executes, reverses or waives"),
            ("earlier", "string!", "The earlier action's ref"),
            ("stated", "integer", "How much of the earlier act is answered or reversed, where somebody stated it"),
            ("stated_spends", "integer", "How much of the answer that uses up, where somebody stated it"),
            ("derived_covers", "integer!", "Derived: how much of the earlier claim it closes, in the earlier act's unit"),
            ("derived_spends", "integer!", "Derived: how much of the later act's claim it uses up, in the later act's unit"),
            ("derived_takes", "integer!", "Derived: how much of the earlier act it undoes or carries out"),
        ],
        key: &["action", "relation", "earlier"],
        refers: &[("action", "actions", "ref"), ("earlier", "actions", "ref")],
    },
];

/// The columns of a table.
pub(crate) fn columns(resource: &str) -> impl Iterator<Item = &'static str> {
    RESOURCES.iter().filter(move |r| r.name == resource).flat_map(|r| r.columns.iter().map(|c| c.0))
}

/// The files of a package, the description last: with it the package is there.
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
        "description": "What one party did to another, what the other did in return, and where it is told.",
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
