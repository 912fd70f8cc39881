//! Mutations that keep the form of a table: bytes changed at random seldom give a file that is taken.

/// Moves rows and cells about: one row or cell is put over, before or in the place of another of its column.
/// Gives nothing where there is nothing to move, or no room for it.
pub fn mutate(data: &[u8], most: usize, seed: u32) -> Option<Vec<u8>> {
    let mut rows: Vec<Vec<&[u8]>> = data.split(|b| *b == b'\n').map(|row| row.split(|b| *b == b',').collect()).collect();
    // Primes apart, so that one seed gives choices that have nothing to do with each other.
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
