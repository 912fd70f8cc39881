//! Draws the matrix as heat maps, one for each sign and unit. The larger the amount of a cell, the darker it is.

use crate::model::Sign;
use crate::render::Head;
use crate::render::matrix::{TITLE, others, title, without_weight};
use crate::render::picture::WIDE;
use crate::render::picture::area::{fitted, width as wide};
use crate::render::picture::svg::{Place, Svg, rounded};
use crate::render::xml;
use crate::report::Names;
use crate::report::matrix::{Amount, Block, Crossed, Matrix, blocks};

/// The font size.
const WRITING: f64 = 11.0;
/// The maximum number of parties in the rows, and in the columns.
const MAX_PARTIES: usize = 12;
/// The width of the names of the rows.
const LABELS: f64 = 150.0;
/// The size of a cell.
const CELL: (f64, f64) = (40.0, 20.0);
/// The height of the title of a map, of its column headings and of its note.
const LINE: f64 = 20.0;
/// The height of the heading of the picture, with the line that explains it.
const HEADING: f64 = 46.0;
/// The gap between maps.
const BETWEEN: f64 = 16.0;
/// The opacity of the least and of the largest amount. Text stays legible on both.
const SHADES: (f64, f64) = (0.08, 0.6);

/// Draws the picture in its own file. `named` are the parties that the selection names.
pub fn draw(rows: &[Matrix], named: &[&str], head: &Head, names: &Names) -> String {
    let maps: Vec<(Block<'_>, Crossed<'_>)> =
        blocks(rows).into_iter().map(|block| (block.clone(), block.crossed(MAX_PARTIES, MAX_PARTIES, named))).collect();
    let note = without_weight(rows, head);
    let height = HEADING + maps.iter().map(|(_, crossed)| high(crossed) + BETWEEN).sum::<f64>() + note.as_ref().map_or(0.0, |_| LINE);
    let title = head.line(TITLE);
    let mut svg = Svg::begin(Place::File, WIDE, height, &title, &description(&maps, names));
    svg.text(0.0, 10.0, "heading", &fitted(&title, WRITING * 1.1, WIDE));
    let key = "Row: the party whose acts are open. Column: the party that has to answer them. The darker, the more is open.";
    svg.group("scale", |svg| svg.text(0.0, 28.0, "", if maps.is_empty() { "Nothing is open." } else { key }));
    let mut top = HEADING;
    for (block, crossed) in &maps {
        map(block, crossed, names, top, &mut svg);
        top += high(crossed) + BETWEEN;
    }
    if let Some(note) = note {
        svg.group("scale", |svg| svg.text(0.0, top + 8.0, "", &fitted(&note, WRITING, WIDE)));
    }
    svg.end()
}

fn high(crossed: &Crossed<'_>) -> f64 {
    2.0 * LINE + crossed.cells.len() as f64 * CELL.1 + if others(crossed).is_some() { LINE } else { 0.0 }
}

/// The description for readers who cannot see the picture: the largest cell and the total of each map.
fn description(maps: &[(Block<'_>, Crossed<'_>)], names: &Names) -> String {
    let sentences = maps.iter().filter_map(|(block, crossed)| {
        let total = crossed.cells.last()?.last()?;
        let parties = crossed
            .actors
            .iter()
            .enumerate()
            .flat_map(|(r, actor)| crossed.targets.iter().enumerate().map(move |(c, target)| (r, c, *actor, *target)));
        let largest = parties.max_by(|a, b| crossed.cells[a.0][a.1].size().total_cmp(&crossed.cells[b.0][b.1].size()));
        let most = largest.map_or(String::new(), |(r, c, actor, target)| {
            format!("; the largest amount is {}, row {}, column {}", crossed.cells[r][c], names.of(actor), names.of(target))
        });
        Some(format!("{}: {total} in total{most}.", title(block)))
    });
    let text = sentences.collect::<Vec<_>>().join(" ");
    if text.is_empty() { "Nothing is open.".to_owned() } else { text }
}

fn map(block: &Block<'_>, crossed: &Crossed<'_>, names: &Names, top: f64, svg: &mut Svg) {
    svg.text(0.0, top + 8.0, "heading", &title(block));
    let first = top + 2.0 * LINE;
    svg.group("axis", |svg| {
        for (c, label) in crossed.columns().into_iter().enumerate() {
            svg.text(LABELS + (c as f64 + 0.5) * CELL.0, first - 9.0, "", &fitted(label, WRITING, CELL.0 - 2.0));
        }
    });
    let most = crossed.actors.iter().enumerate().flat_map(|(r, _)| crossed.cells[r].iter().take(crossed.targets.len()));
    let most = most.map(Amount::size).fold(0.0, f64::max);
    svg.group(if block.sign == Sign::Friendly { "a" } else { "b" }, |svg| {
        for (r, (actor, cells)) in crossed.rows().into_iter().zip(&crossed.cells).enumerate() {
            let y = first + r as f64 * CELL.1;
            svg.text(LABELS - 6.0, y + CELL.1 / 2.0, "left", &fitted(names.of(actor), WRITING, LABELS - 6.0));
            for (c, (target, amount)) in crossed.columns().into_iter().zip(cells).enumerate() {
                let is_party = r < crossed.actors.len() && c < crossed.targets.len();
                let hint = format!("{} -> {}: {amount}", names.of(actor), names.of(target));
                cell(amount, is_party.then_some(most), &hint, (LABELS + c as f64 * CELL.0, y), svg);
            }
        }
    });
    if let Some(note) = others(crossed) {
        svg.group("scale", |svg| svg.text(0.0, first + crossed.cells.len() as f64 * CELL.1 + 12.0, "", &note));
    }
}

/// Draws a cell. It is shaded by its part of the largest amount, `most`; sums have no shade.
fn cell(amount: &Amount, most: Option<f64>, hint: &str, (x, y): (f64, f64), svg: &mut Svg) {
    if amount.size() == 0.0 {
        return;
    }
    svg.line(&format!("<g><title>{}</title>", xml::text(hint)));
    if let Some(most) = most.filter(|most| *most > 0.0) {
        // The square root keeps small amounts distinguishable beside a large one.
        let shade = SHADES.0 + (SHADES.1 - SHADES.0) * (amount.size() / most).sqrt();
        svg.line(&format!(
            "<rect class=\"dot\" opacity=\"{shade:.2}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            rounded(x + 0.5),
            rounded(y + 0.5),
            CELL.0 - 1.0,
            CELL.1 - 1.0
        ));
    }
    let text = amount.to_string();
    // A text that is too wide is left to the tooltip, except for its beginning.
    let class = if most.is_none() { "middle end" } else { "middle" };
    svg.text(
        x + CELL.0 / 2.0,
        y + CELL.1 / 2.0,
        class,
        &if wide(&text, WRITING) <= CELL.0 { text } else { fitted(&text, WRITING, CELL.0) },
    );
    svg.line("</g>");
}
