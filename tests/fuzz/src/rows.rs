//! Mutations that keep the format of a table, because random changes of bytes seldom give a valid file.

/// Removes, swaps or duplicates rows, copies a cell to another row, or empties a cell. `None` if this changes nothing, is not possible, or
/// makes the text longer than `most`.
pub fn mutate(data: &[u8], most: usize, seed: u32) -> Option<Vec<u8>> {
    let mut rows: Vec<Vec<&[u8]>> = data.split(|b| *b == b'\n').map(|row| row.split(|b| *b == b',').collect()).collect();
    // The choices divide the seed by different primes, so that they are independent of each other.
    let choose = |prime: u32, of: usize| (seed / prime) as usize % of;
    let (from, to) = (choose(7, rows.len()), choose(1009, rows.len()));
    match seed % 7 {
        0 => drop(rows.remove(from)),
        1 => rows.swap(from, to),
        2 => rows.insert(to, rows[from].clone()),
        3..=5 => {
            let column = choose(101, rows[from].len());
            let cell = rows[from][column];
            *rows[to].get_mut(column)? = cell;
        }
        _ => {
            let column = choose(101, rows[to].len());
            rows[to][column] = b"";
        }
    }
    let text = rows.iter().map(|row| row.join(&b',')).collect::<Vec<_>>().join(&b'\n');
    (text.len() <= most && text != data).then_some(text)
}
